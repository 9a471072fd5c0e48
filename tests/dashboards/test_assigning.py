"""Assigning to many, the lists of what is assigned, and what one finds of one's own."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from trainee import plans
from trainee.dashboards import person as one_person
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.modules.library import module_or_404
from trainee.modules.progress import part_done, required_parts
from trainee.people import actions as people
from trainee.plans import Assignment


def page(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


@pytest.fixture
def filled():
    """A well-filled form: the greeting module for Chloe's team in a week."""
    due = local_date(now(), "Europe/Istanbul") + timedelta(days=7)
    return {"what": "module/greeting", "due_on": due.isoformat(), "why": "For the festival weeks.", "asked_at": now().isoformat(), "whom": "all"}


def having() -> list[int]:
    return sorted(db.session.scalars(select(Assignment.person_id)))


def test_whom_one_may_ask_are_ones_own_people_by_team_and_by_job(as_, cast, person, filled):
    html = page(as_(cast.chloe), "/assigned/new")
    team = person(cast.amir).team_id
    assert f'value="team/{team}">Team: Ours (2 people)' in html
    assert 'value="job/adviser">Job: adviser (2 people)' in html
    assert "Theirs" not in html
    assert "Theirs" in page(as_(cast.ela), "/assigned/new")


@pytest.mark.parametrize(("who", "whom"), [("chloe", "team/{}"), ("chloe", "job/adviser"), ("chloe", "all"), ("ela", "team/{}")])
def test_each_of_them_finds_it_with_the_reason(as_, cast, person, filled, who, whom):
    wanted = filled | {"whom": whom.format(person(cast.amir).team_id)}
    assert as_(getattr(cast, who)).post("/assigned/new", data=wanted).status_code == 303
    # Chloe is of the team as well, and for HR one of those to ask.
    assert having() == sorted([cast.amir, cast.beth] + ([cast.chloe] if who == "ela" else []))
    assert "For the festival weeks." in page(as_(cast.amir), "/")


@pytest.mark.parametrize(("before", "after"), [("/team", "/team"), ("/team?q=amir", "/team"), ("/", "/people/{}"), (None, "/people/{}")])
def test_who_came_from_the_teams_list_goes_on_there(as_, cast, filled, before, after):
    chloe, address = as_(cast.chloe), f"/people/{cast.amir}/assignments/new"
    html = chloe.get(address, headers={"Referer": f"http://localhost{before}"} if before else {}).text
    came = re.search(r'name="came_from" value="(\w*)"', html)[1]
    after = after.format(cast.amir)
    assert f'href="{after}"' in html
    asked = filled | {"came_from": came}
    assert chloe.post(address, data=asked).location == after


def test_pressing_twice_asks_once(as_, cast, filled):
    browser = as_(cast.chloe)
    for _press in range(2):
        assert browser.post("/assigned/new", data=filled).status_code == 303
    assert having() == [cast.amir, cast.beth]


def test_another_teams_people_cannot_be_asked(as_, cast, person, filled):
    answer = as_(cast.dev).post("/assigned/new", data=filled | {"whom": f"team/{person(cast.amir).team_id}"})
    assert answer.status_code == 422
    assert having() == []


def test_who_supervises_amir_no_more_reaches_nobody(as_, cast, filled):
    assert "Nobody reports to you yet" in page(as_(cast.kai), "/assigned/new")
    assert as_(cast.kai).post("/assigned/new", data=filled).status_code == 422
    assert having() == []


def test_a_dotted_supervisor_reaches_those_of_her_line_alone(as_, cast, filled):
    assert as_(cast.iris).post("/assigned/new", data=filled).status_code == 303
    assert having() == [cast.amir]


def test_the_list_shows_ones_own_line_by_state(as_, cast):
    late = local_date(now(), "Europe/Istanbul") - timedelta(days=2)
    for who, key in ((cast.amir, "greeting"), (cast.beth, "empathy"), (cast.gus, "trust")):
        plans.assign(who, key, at=now() - timedelta(days=9), given_by_id=cast.ela, why="HR asks.", due_on=late if who == cast.amir else None)
    db.session.commit()
    html = page(as_(cast.chloe), "/assigned")
    assert html.index("Amir Kaya:") < html.index("Beth Öğüt:")
    assert "Gus" not in html
    html = page(as_(cast.chloe), "/assigned?show=overdue")
    assert "2 days late" in html and "Beth" not in html
    assert "Beth" in page(as_(cast.chloe), "/assigned?q=ogut")
    assert "Gus" in page(as_(cast.ela), "/assigned")


def test_whoever_comes_after_her_supervisor_finds_her_assignments_and_the_old_one_none(as_, cast, person):
    plans.assign(cast.amir, "greeting", at=now(), given_by_id=cast.chloe, why="Chloe asked.")
    people.supervise(person(cast.amir), person(cast.dev), now())
    db.session.commit()
    assert "Chloe asked." in page(as_(cast.dev), "/assigned")
    assert "Chloe asked." not in page(as_(cast.chloe), "/assigned")
    one = db.session.scalars(select(Assignment)).one()
    url = f"/people/{cast.amir}/assignments/{one.id}/withdrawal"
    assert as_(cast.chloe).post(url, data={"reason": "Mine."}).status_code == 404
    assert as_(cast.dev).post(url, data={"reason": "No longer needed."}).status_code == 303
    db.session.refresh(one)
    assert (one.ended_how, one.ended_why) == ("withdrawn", "No longer needed.")
    assert "No longer needed." in page(as_(cast.amir), "/assignments")


def test_taking_back_takes_a_reason(as_, cast):
    made = plans.assign(cast.amir, "greeting", at=now(), given_by_id=cast.chloe, why="Please.")
    db.session.commit()
    url = f"/people/{cast.amir}/assignments/{made}/withdrawal"
    assert "Take back" in page(as_(cast.chloe), url)
    assert as_(cast.chloe).post(url, data={"reason": " "}).status_code == 422
    assert as_(cast.chloe).post(url, data={"reason": "A slip."}).status_code == 303
    assert as_(cast.chloe).get(url).status_code == 409
    assert as_(cast.chloe).get(f"/people/{cast.beth}/assignments/{made}/withdrawal").status_code == 404


def test_mine_shows_reason_date_and_the_steps_of_a_path(as_, cast):
    day = local_date(now(), "Europe/Istanbul") + timedelta(days=5)
    plans.assign(cast.amir, "back-office", kind="path", at=now(), given_by_id=cast.chloe, why="To know the house.", due_on=day)
    plans.assign(cast.amir, "", kind="reviews", number=3, at=now(), given_by_id=cast.chloe, why="Little and often.")
    db.session.commit()
    html = page(as_(cast.amir), "/assignments")
    for words in ("To know the house.", "due in 5 days", "Asked by Chloe Irmak.", "All steps", "Opens after:", "3 review sets"):
        assert words in html, words


@pytest.fixture
def path(cast) -> int:
    """Amir follows the path of the back office; greeting comes before empathy."""
    made = plans.assign(cast.amir, "back-office", kind="path", at=now(), given_by_id=cast.chloe, why="To know the house.")
    db.session.commit()
    return made


def first_parts(module_key: str) -> list[str]:
    _version, module = module_or_404(module_key)
    return [f"/learn/{module_key}/{module.lessons[0].key}", f"/quizzes/{module_key}/", *(f"/roleplays/{story.id}/" for story in module.stories)]


def test_a_locked_module_says_what_opens_it_and_none_of_its_doors_opens(as_, cast, path):
    browser = as_(cast.amir)
    html = page(browser, "/learn/empathy")
    assert "On your path “Head office and back office” this opens after “" in html
    assert "Your supervisor or HR can open it earlier." in html
    for url in first_parts("empathy"):
        answer = browser.get(url)
        assert (answer.status_code, "this opens after" in answer.text) == (403, True), url
        assert f'href="{url}"' not in html
        assert as_(cast.beth).get(url).status_code == 200
    assert as_(cast.amir).post("/quizzes/empathy/attempts").status_code == 403
    assert browser.get("/learn/listening").status_code == 200
    for part in required_parts(module_or_404("greeting")[1]):
        part_done(cast.amir, "greeting", part, now())
    db.session.commit()
    assert "this opens after" not in page(browser, "/learn/empathy")
    assert [browser.get(url).status_code for url in first_parts("empathy")] == [200] * len(first_parts("empathy"))


def test_her_supervisor_or_hr_opens_it_early_with_a_reason(as_, cast, path):
    url = f"/people/{cast.amir}/paths/{path}/openings/empathy"
    assert url in page(as_(cast.chloe), f"/people/{cast.amir}")
    assert "Opens after: " in page(as_(cast.chloe), url)
    assert as_(cast.amir).post(url, data={"reason": "I know it."}).status_code == 403
    assert as_(cast.dev).post(url, data={"reason": "Why not."}).status_code == 404
    assert as_(cast.chloe).post(url, data={"reason": " "}).status_code == 422
    assert as_(cast.amir).get(first_parts("empathy")[0]).status_code == 403
    for _press in range(2):
        assert as_(cast.chloe).post(url, data={"reason": "She answers complaints from Monday on."}).status_code == 303
    assert as_(cast.amir).get(first_parts("empathy")[0]).status_code == 200
    assert url not in page(as_(cast.chloe), f"/people/{cast.amir}")
    assert as_(cast.ela).post(f"/people/{cast.amir}/paths/{path}/openings/channels", data={"reason": "HR too."}).status_code == 303
    assert as_(cast.chloe).get(f"/people/{cast.amir}/paths/{path}/openings/juggling").status_code == 404


def test_my_skills_says_what_opens_the_module_it_advises_where_that_is_locked(app, cast, path):
    """Of some skills the back office learns nothing that is open yet."""
    with app.test_request_context(), force_locale("en"):
        seen = one_person.picture(cast.amir, {"employee"}, now(), "Europe/Istanbul")
        assert {"empathy", "channels"} <= set(seen.locked)
        lock = seen.locked["empathy"]
        part = next(part for part in seen.offered.by_skill["empathy"] if part.module.key == "empathy")
        advice = plans.Advice("read_lesson", "empathy", "Read it", "So.", 8, 0.3, False, part)
        shown = one_person.step_shown(advice, seen.locked)
        assert lock.words in shown.sentence
        assert shown.url == f"/learn/{lock.before[0].key}"
        assert shown.opens_with == lock.before[0].title.of("en")
        assert one_person.step_shown(advice, {}).url != shown.url


def test_who_follows_no_path_pays_one_small_statement_for_the_lock(as_, cast, path, counting):
    costs = []
    for who in (cast.beth, cast.amir):
        browser = as_(who)
        page(browser, first_parts("our-service")[0])
        counting.clear()
        page(browser, first_parts("our-service")[0])
        costs.append(len(counting))
    assert costs[1] - costs[0] <= 3


def test_today_shows_the_next_step_of_a_path_and_no_other(as_, cast):
    plans.assign(cast.amir, "back-office", kind="path", at=now(), given_by_id=cast.chloe, why="To know the house.")
    db.session.commit()
    html = page(as_(cast.amir), "/")
    assert html.count("To know the house.") == 1
    assert "step 1 of 7" in html
    part_done(cast.amir, "our-service", "quiz", now())
    db.session.commit()
    assert "step 1 of 7" in page(as_(cast.amir), "/")


def test_a_role_play_and_review_sets_are_found_on_today(as_, cast):
    plans.assign(cast.amir, "late-washing-machine", kind="roleplay", at=now(), given_by_id=cast.chloe, why="Practise.")
    plans.assign(cast.amir, "", kind="reviews", number=3, at=now(), given_by_id=cast.chloe, why="Little and often.")
    db.session.commit()
    html = page(as_(cast.amir), "/")
    assert "Role-play: " in html and "/roleplays/late-washing-machine" in html
    assert "3 review sets" in html


def test_today_takes_as_many_statements_whatever_is_assigned(as_, cast, counting):
    browser = as_(cast.amir)
    page(browser, "/")
    counting.clear()
    page(browser, "/")
    few = len(counting)
    for days, (kind, what) in enumerate((("path", "back-office"), ("roleplay", "late-washing-machine"), ("reviews", ""), ("module", "trust"))):
        plans.assign(cast.amir, what, kind=kind, number=2, at=now() - timedelta(days=days), given_by_id=cast.chloe, why="Because.")
    db.session.commit()
    counting.clear()
    page(browser, "/")
    # With nothing assigned the advice asks once more, what it brought about before.
    assert len(counting) == 5 <= few <= 6


@pytest.mark.parametrize(("url", "most"), [("/assigned?show=all", 5), ("/assignments", 7), ("/assigned/new", 5)])
def test_the_pages_take_the_same_statements_however_many_there_are(as_, cast, person, counting, url, most):
    browser = as_(cast.chloe)
    for who in (cast.amir, cast.chloe):
        plans.assign(who, "greeting", at=now() - timedelta(days=1), given_by_id=cast.hana, why="Please.")
    db.session.commit()
    page(browser, url)
    counting.clear()
    page(browser, url)
    few = len(counting)
    for number in range(30):
        new = people.add_person(username=f"more{number}", name=f"Person {number}", job="adviser", at=now(), roles=("employee",))
        people.supervise(new, person(cast.chloe), now())
        for who in (new.id, cast.chloe):
            plans.assign(who, "empathy", at=now() - timedelta(minutes=number), given_by_id=cast.hana, why="Welcome.")
    db.session.commit()
    counting.clear()
    page(browser, url)
    assert len(counting) == few <= most


# Half past one in the night in Istanbul, where it is the eleventh already.
NIGHT = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)


def test_what_was_done_or_excused_in_the_night_has_the_readers_date(as_, cast):
    plans.assign(cast.amir, "greeting", at=NIGHT - timedelta(days=30), given_by_id=cast.chloe, why="Please.")
    plans.excuse(plans.assign(cast.amir, "empathy", at=NIGHT, given_by_id=cast.chloe, why="Please."), "On leave.", NIGHT, cast.chloe)
    plans.assign(cast.beth, "empathy", at=NIGHT, given_by_id=cast.chloe, why="Please.")
    for part in required_parts(module_or_404("greeting")[1]):
        part_done(cast.amir, "greeting", part, NIGHT)
    db.session.commit()
    mine = page(as_(cast.amir), "/assignments")
    assert "Done on 11 Mar 2026." in mine and "Since 11 Mar 2026." in mine
    assert "Since 11 Mar 2026." in page(as_(cast.chloe), "/assigned?q=beth")
    assert "11 Mar 2026</span>" in page(as_(cast.chloe), f"/people/{cast.amir}")
