"""Two workers that look at the rules in the same moment give everybody what is due once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from trainee import plans
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.people import actions as people
from trainee.people.models import Person
from trainee.plans import Assignment, AssignmentRule, Task, Terms

WORKERS = 3


@pytest.fixture
def joined(cast, at) -> list[int]:
    """A rule for whoever joins Amir's team, in force; and twenty who have joined and whom no worker has seen yet."""
    team = db.session.get_one(Person, cast.amir).team_id
    terms = Terms("Who joins greets", Task("module", "greeting"), "Everybody begins with it.", team_id=team, due_days=14)
    rule = db.session.get_one(AssignmentRule, plans.make_rule(terms, author_id=cast.ela, receipt="once", at=at))
    plans.begin_rule(rule, "leave", at + timedelta(hours=1), cast.ela)
    later = at + timedelta(days=1)
    new = [people.add_person(username=f"n{number}", name=f"New {number}", job="adviser", at=later, team_id=team) for number in range(20)]
    found = [one.id for one in new]
    db.session.commit()
    db.session.remove()
    return found


def at_once(app, job) -> list[int]:
    """Every worker in a thread, an application context and a connection of its own; all begin when the last one is ready."""
    ready = Barrier(WORKERS)

    def work() -> int:
        with app.app_context(), force_locale("en"):
            try:
                db.session.execute(select(Person.id).limit(1))
                db.session.rollback()
                ready.wait(30)
                made: int = job()
                db.session.commit()
                return made
            finally:
                db.session.remove()

    with ThreadPoolExecutor(WORKERS) as pool:
        return [done.result() for done in [pool.submit(work) for _worker in range(WORKERS)]]


def given() -> Counter[int]:
    return Counter(db.session.scalars(select(Assignment.person_id)))


def test_one_joining_gives_one_assignment_however_many_workers_look(app, joined, at):
    made = at_once(app, lambda: plans.apply_rules(at + timedelta(days=1, hours=1)).given)
    assert given() == Counter(joined)
    assert sum(made) == len(joined)


def test_two_who_assign_by_hand_at_the_same_moment_assign_once(app, joined, cast, at):
    asked = {"at": at + timedelta(days=2), "given_by_id": cast.chloe, "why": "All of us."}
    made = at_once(app, lambda: plans.assign_many(joined, Task("module", "empathy"), **asked)[0])
    assert given() == Counter(joined)
    assert sum(made) == len(joined)
