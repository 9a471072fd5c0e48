"""What the handbook says of a job becomes what is expected of whoever has it, and each level of the company is told in the coverage."""

from trainee.dashboards import jobs
from trainee.expectations import Expectation
from trainee.kit.db import db
from trainee.people import Person
from trainee.service import handbook

BOTH = {"tr": "Depo görevlisi", "en": "Stock keeper"}
SERVICE = {"tr": "Bekleyene yer gösterir.", "en": "Shows who waits a seat."}
ENTRY = {
    "name": BOTH,
    "level": "office",
    "duties": SERVICE,
    "service": SERVICE,
    "greeting": "2",
    "needs": "2",
    "channel": "3",
    "skills": {"tr": "", "en": ""},
}


def test_a_job_behind_the_counter_has_targets_for_the_three_skills_too(as_, cast, at):
    handbook.add("position", ENTRY, at=at, by_id=None)
    db.session.get_one(Person, cast.zoe).job = "DEPO GÖREVLİSİ"
    db.session.commit()
    page = "/service/jobs/stock-keeper"
    assert "Targets of this job" in as_(cast.amir).get("/service/book/position/stock-keeper").text
    assert as_(cast.chloe).post(f"{page}/targets").status_code == 403
    assert "DEPO GÖREVLİSİ (1)" in as_(cast.ela).get(page).text
    for _twice in range(2):
        assert as_(cast.ela).post(f"{page}/targets").status_code == 303
    found = {(row.skill, row.level, row.job) for row in db.session.query(Expectation)}
    assert found == {(skill, level, "DEPO GÖREVLİSİ") for skill, level in (("greeting", 2), ("needs-discovery", 2), ("channel-communication", 3))}
    assert "Expect this of everybody" not in as_(cast.ela).get(page).text


def test_a_page_in_english_calls_a_job_what_it_is_called_in_english(app, as_, cast, at, monkeypatch):
    monkeypatch.setitem(app.extensions, "in_english", {"Depo görevlisi": "Stock keeper"})
    handbook.add("position", ENTRY, at=at, by_id=None)
    db.session.get_one(Person, cast.zoe).job = "Depo görevlisi"
    db.session.commit()
    page = as_(cast.ela).get("/service/jobs/stock-keeper").text
    assert "Stock keeper (1)" in page and "Depo görevlisi" not in page


def test_nobody_sets_targets_of_a_job_that_nobody_has(as_, cast, at):
    handbook.add("position", ENTRY, at=at, by_id=None)
    db.session.commit()
    assert "Nobody has this job" in as_(cast.ela).post("/service/jobs/stock-keeper/targets").text


def test_a_level_is_that_of_the_job_or_of_who_leads_whom(as_, cast, at):
    handbook.add("position", ENTRY, at=at, by_id=None)
    db.session.get_one(Person, cast.zoe).job = "Stock keeper"
    db.session.commit()
    found = jobs.levels([cast.amir, cast.chloe, cast.hana, cast.zoe])
    assert found == {cast.amir: "front", cast.chloe: "leader", cast.hana: "manager", cast.zoe: "office"}
    tiers = jobs.tiers({cast.amir: (True, False, False), cast.chloe: (True, True, True)})
    told = [(one.key, one.people, one.trained, one.seen) for one in tiers]
    assert told == [
        ("front", 1, 1, 0),
        ("leader", 1, 1, 1),
        ("manager", 0, 0, 0),
        ("office", 0, 0, 0),
    ]
    page = as_(cast.ela).get("/team/coverage").text
    assert all(name in page for name in ("Front line", "Team leaders", "Managers", "Head office"))
