"""The pages of rules: written, looked at, switched on and ended in the browser; and what joining brings at once."""

import re

import pytest
from sqlalchemy import select

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.plans import Assignment, AssignmentRule
from trainee.timetable import apply_rules


def page(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def given() -> list[int]:
    return sorted(db.session.scalars(select(Assignment.person_id).where(Assignment.ended_at.is_(None))))


@pytest.fixture
def filled(person, cast):
    """A well-filled form: whoever joins Chloe's team does the greeting module within two weeks."""
    team = str(person(cast.amir).team_id)
    return {"title": "New in the team", "what": "module/greeting", "team_id": team, "due_days": "14", "why": "To begin with.", "receipt": "once"}


def write(client, filled) -> str:
    response = client.post("/rules/new", data=filled)
    assert response.status_code == 303
    return response.location


def test_a_rule_is_looked_at_before_it_is_switched_on(as_, cast, filled):
    browser = as_(cast.chloe)
    url = write(browser, filled)
    html = page(browser, url)
    assert "0 people would get it now." in html and "2 are here already and are left out." in html
    html = page(browser, f"{url}?existing=today")
    assert "2 people would get it now." in html and "Beth Öğüt" in html
    assert given() == []
    response = browser.post(f"{url}/beginning", data={"existing": "today"})
    assert response.status_code == 303
    assert given() == [cast.amir, cast.beth]
    html = page(browser, url)
    assert "2 people got it." in html and "End this rule" in html
    assert "To begin with." in page(as_(cast.amir), "/")


def test_joining_brings_it_at_once_and_moving_on_ends_it(as_, cast, filled, person):
    browser, hr = as_(cast.chloe), as_(cast.ela)
    browser.post(write(browser, filled) + "/beginning", data={"existing": "leave"})
    form = {"username": "nur", "name": "Nur Ak", "job": "adviser", "language": "en", "team_id": filled["team_id"], "roles": ["employee"]}
    form |= {"supervisor_id": cast.chloe, "dotted_id": 0}
    response = hr.post("/people/new", data=form)
    assert response.status_code == 303
    new = int(re.findall(r"/people/(\d+)/", response.location)[0])
    assert given() == [new]
    form |= {"team_id": person(cast.gus).team_id, "supervisor_id": cast.dev}
    assert hr.post(f"/people/{new}/edit", data=form).status_code == 303
    assert given() == []
    assert db.session.scalars(select(Assignment.ended_how)).all() == ["left"]


def test_closing_an_account_ends_what_a_rule_asks(as_, cast, filled):
    browser = as_(cast.chloe)
    browser.post(write(browser, filled) + "/beginning", data={"existing": "today"})
    as_(cast.ela).post(f"/people/{cast.amir}/disabling")
    assert given() == [cast.beth]


def test_the_timetable_gives_it_to_whoever_came_by_another_door(as_, cast, filled, person):
    browser = as_(cast.chloe)
    browser.post(write(browser, filled) + "/beginning", data={"existing": "leave"})
    assert apply_rules(now()).done == 0
    rule = db.session.scalars(select(AssignmentRule)).one()
    rule.existing = "today"
    db.session.commit()
    assert apply_rules(now()).done == 2
    assert apply_rules(now()).done == 0


@pytest.mark.parametrize("take_back", [None, "1"])
def test_ending_a_rule(as_, cast, filled, take_back):
    browser = as_(cast.chloe)
    url = write(browser, filled)
    browser.post(f"{url}/beginning", data={"existing": "today"})
    assert "Take back what is still to be done" in page(browser, f"{url}/end")
    assert browser.post(f"{url}/end", data={"take_back": take_back} if take_back else {}).status_code == 303
    assert given() == ([] if take_back else [cast.amir, cast.beth])
    assert browser.get(f"{url}/end").status_code == 409
    assert "ended" in page(browser, "/rules")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", " ", "Please give the rule a name."),
        ("what", "", "Please choose what is to be done."),
        ("team_id", "", "Please choose a team."),
        ("team_id", "²", "Not a valid choice"),
        ("due_days", "900", "up to 730"),
        ("due_on", "2030-01-01", "not both"),
        ("why", "", "Please say in a sentence why"),
    ],
)
def test_a_bad_form_says_what_is_missing(as_, cast, filled, field, value, sentence):
    response = as_(cast.chloe).post("/rules/new", data=filled | {field: value})
    assert response.status_code == 422
    assert sentence in response.get_data(as_text=True)
    assert db.session.scalars(select(AssignmentRule)).all() == []


def test_another_teams_rule_is_not_there_and_cannot_be_written(as_, cast, filled):
    url = write(as_(cast.chloe), filled)
    for who in (cast.dev, cast.iris, cast.kai):
        assert as_(who).get(url).status_code == 404
        assert as_(who).post(f"{url}/beginning", data={"existing": "today"}).status_code == 404
        assert as_(who).post("/rules/new", data=filled | {"receipt": "another"}).status_code == 422
    assert given() == []


def test_hr_writes_one_for_a_unit_and_a_supervisor_finds_who_got_it_on_her_list(as_, cast, filled):
    hr = as_(cast.ela)
    url = write(hr, filled | {"team_id": "", "unit_id": "1", "job": "adviser"})
    hr.post(f"{url}/beginning", data={"existing": "today"})
    assert len(given()) == 13
    assert "by the rule “New in the team”" in page(as_(cast.chloe), "/assigned")
    told = page(as_(cast.chloe), "/rules").partition('id="others"')
    # She reads it with what it gives and to how many of hers, and neither changes nor ends it.
    assert "New in the team" not in told[0]
    assert all(words in told[2] for words in ("New in the team", "Greeting", "Ela", "To begin with.", "for 2 of your people"))
    assert url not in told[2]
    hr.post(f"{url}/end", data={})
    assert "New in the team" not in page(as_(cast.chloe), "/rules")


def test_the_pages_of_rules_take_the_same_statements_however_many_there_are(as_, cast, filled, counting):
    hr = as_(cast.ela)
    url = write(hr, filled | {"team_id": ""})
    counts = {}
    for many in (0, 12):
        for number in range(many):
            write(hr, filled | {"receipt": f"number {number}", "title": f"Rule {number}"})
        for address in ("/rules", f"{url}?existing=today", "/rules/new"):
            page(hr, address)
            counting.clear()
            page(hr, address)
            counts.setdefault(address, []).append(len(counting))
    assert all(few == many <= 16 for few, many in counts.values()), counts


def test_a_browser_lets_a_rule_be_for_any_unit_any_job_and_any_ending(as_, cast):
    for who, must in ((cast.ela, {"what"}), (cast.chloe, {"what", "team_id"})):
        selects = dict(re.findall(r'<select [^>]*?name="(\w+)"([^>]*)>', page(as_(who), "/rules/new")))
        # A browser sends no form in which a required select says nothing.
        assert {name for name, rest in selects.items() if "required" in rest} == must
        assert set(selects) >= {"what", "team_id", "job", "ending"}
