"""Who may what of whom when lines change: a loop in old data, somebody who moved yesterday, a supervisor who left with open items."""

from datetime import timedelta

import pytest

from trainee import expectations, plans
from trainee.expectations import Scope, Terms
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.people import actions as people
from trainee.people.models import ReportingLine
from trainee.plans import Assignment, AssignmentRule, Task


def page(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.get_data(as_text=True)


@pytest.fixture
def open_items(cast, person, at) -> dict[str, int]:
    """What Chloe has open with Amir: an assignment, a path, an expectation he objects to; and a rule for her team."""
    yesterday = now() - timedelta(days=2)
    day = local_date(now(), "Europe/Istanbul")
    found = {
        "assignment": plans.assign(cast.amir, "trust", at=yesterday, given_by_id=cast.chloe, why="Chloe asked for it."),
        "path": plans.assign(cast.amir, "back-office", kind="path", at=yesterday, given_by_id=cast.chloe, why="To know the house."),
    }
    terms = Terms("empathy", 3, day, why="Customers ask for it.", ways=("observation",), rhythm="monthly", audience="nobody")
    found["expectation"] = expectations.issue(Scope("person", cast.amir), terms, by_id=cast.chloe, at=now())
    expectations.object_to(found["expectation"], cast.amir, "Two weeks are too few.", "once", now())
    said = plans.Terms("New with us", Task("module", "greeting"), "To begin with.", team_id=person(cast.amir).team_id)
    found["rule"] = plans.make_rule(said, author_id=cast.chloe, receipt="once", at=yesterday)
    plans.begin_rule(db.session.get_one(AssignmentRule, found["rule"]), "leave", yesterday, cast.chloe)
    db.session.commit()
    return found


def deeds(amir: int, items: dict[str, int]) -> dict[str, str]:
    """Where each of them is dealt with."""
    return {
        "page": f"/people/{amir}",
        "expectations": f"/people/{amir}/expectations",
        "observe": f"/people/{amir}/observations/new",
        "assign": f"/people/{amir}/assignments/new",
        "excuse": f"/people/{amir}/assignments/{items['assignment']}/excuse",
        "withdraw": f"/people/{amir}/assignments/{items['assignment']}/withdrawal",
        "open early": f"/people/{amir}/paths/{items['path']}/openings/empathy",
        "change": f"/expectations/{items['expectation']}/end",
    }


def test_who_moved_yesterday_is_the_new_supervisors_with_everything_that_is_open(as_, cast, person, open_items):
    people.supervise(person(cast.amir), person(cast.dev), now() - timedelta(days=1))
    db.session.commit()
    for name, url in deeds(cast.amir, open_items).items():
        assert as_(cast.chloe).get(url).status_code == 404, name
        assert as_(cast.dev).get(url).status_code == 200, name
    for url in ("/team", "/team/skills", "/team/coverage", "/assigned", "/expectations/people", "/certifications"):
        assert "Amir Kaya" not in page(as_(cast.chloe), url), url
    assert "Amir Kaya" in page(as_(cast.dev), "/team")
    assert "Chloe asked for it." in page(as_(cast.dev), "/assigned")
    assert "Two weeks are too few." in page(as_(cast.dev), "/expectations/people")
    assert as_(cast.dev).post(deeds(cast.amir, open_items)["open early"], data={"reason": "He knows it."}).status_code == 303
    # He himself has lost nothing by it.
    assert "Chloe asked for it." in page(as_(cast.amir), "/assignments")


def test_a_supervisor_who_left_leaves_her_open_items_to_her_own(as_, cast, person, open_items):
    people.disable(person(cast.chloe), now(), cast.ela)
    db.session.commit()
    assert "Amir Kaya" in page(as_(cast.hana), "/team")
    assert "Chloe asked for it." in page(as_(cast.hana), "/assigned")
    assert "Two weeks are too few." in page(as_(cast.hana), "/expectations/people")
    assert "New with us" in page(as_(cast.hana), "/rules")
    for name, url in deeds(cast.amir, open_items).items():
        assert as_(cast.hana).get(url).status_code == 200, name
    assert as_(cast.hana).post(deeds(cast.amir, open_items)["excuse"], data={"reason": "Chloe is gone."}).status_code == 303
    assert as_(cast.hana).post(f"/rules/{open_items['rule']}/end", data={}).status_code == 303
    assert db.session.get_one(Assignment, open_items["assignment"]).ended_by_id == cast.hana
    assert as_(cast.dev).get(deeds(cast.amir, open_items)["excuse"]).status_code == 404


@pytest.fixture
def loop(cast, at) -> None:
    """Amir supervises Hana, who supervises Chloe, who supervises Amir: lines like these are refused today, and may stand in what was imported."""
    line = {"person_id": cast.hana, "supervisor_id": cast.amir, "kind": "direct", "since": at, "until": None}
    db.session.add(ReportingLine(**line))
    db.session.commit()


def test_who_is_her_supervisors_supervisor_decides_nothing_of_her_own(as_, cast, loop):
    """Chloe leads Amir, who leads Hana, who leads her."""
    browser = as_(cast.chloe)
    made = plans.assign(cast.chloe, "back-office", kind="path", at=now(), given_by_id=cast.hana, why="Hana asked for it.")
    db.session.commit()
    own = f"/people/{cast.chloe}"
    for url in (
        f"{own}/assignments/new",
        f"{own}/assignments/{made}/excuse",
        f"{own}/assignments/{made}/withdrawal",
        f"{own}/paths/{made}/openings/empathy",
    ):
        assert browser.get(url).status_code == 403, url
        assert browser.post(url, data={"reason": "Mine.", "what": "module/trust", "why": "Mine."}).status_code == 403, url
    # A list that ends, and without herself.
    for url in ("/team", "/team/skills", "/team/coverage", "/assigned", "/expectations/people"):
        html = page(browser, url)
        assert f'href="/people/{cast.chloe}"' not in html, url
    whom = page(browser, "/expectations/new")
    assert f'value="person/{cast.chloe}"' not in whom and f'value="person/{cast.amir}"' in whom
    assert plans.assign_many([cast.amir], Task("module", "trust"), at=now(), given_by_id=cast.chloe, why="Hers.") == (1, 0)
