"""A company in which so much happened that every figure of every report has something to count."""

import random
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.reports.test_kinds import a_try, rated
from tests.reports.test_progress import fill
from trainee import expectations, plans, profile
from trainee.coaching.suggestions.actions import answer, suggest
from trainee.expectations import Scope, Terms
from trainee.kit.db import db, insert_once
from trainee.modules.roleplays import actions as roleplays
from trainee.people.actions import add_person
from trainee.plans.models import Certificate
from trainee.profile import Showing
from trainee.voice import take_ratings


@pytest.fixture
def busy(cast: SimpleNamespace, at: datetime) -> random.Random:
    """Everything that reports tell of, some of it done, late, missed or never begun; the draw that made it."""
    draw = random.Random(6)
    fill(cast, draw, at)
    people = list(vars(cast).values())
    _assigned(cast, people, draw, at)
    _certified(cast, at)
    _expected(cast, at)
    for place, who in enumerate((cast.amir, cast.beth, cast.amir)):
        made = suggest(author_id=who, title=f"A bell {place}", problem="Queue.", idea="Bell.", at=at - timedelta(days=20), receipt=f"s{place}")
        if place == 0:
            answer(made, by_id=cast.chloe, decision="adopted", reply="Yes.", at=at - timedelta(days=18))
    story = plans.training().modules["greeting"].stories[0]
    for place, who in enumerate((cast.dev, cast.hana, cast.iris)):
        roleplays.begin(who, story.id, "k", at - timedelta(days=8 + place))
    _examined(at)
    _asked(cast, draw, at)
    db.session.commit()
    return draw


def _assigned(cast: SimpleNamespace, people: list[int], draw: random.Random, at: datetime) -> None:
    for place, who in enumerate(people):
        for module in ("greeting", "listening", "empathy"):
            due = draw.choice((None, at.date() - timedelta(days=3), at.date() + timedelta(days=9)))
            given_at = at - timedelta(days=60, seconds=place)
            plans.assign(who, module, at=given_at, given_by_id=cast.ela, why="Begin.", due_on=due)


def _certified(cast: SimpleNamespace, at: datetime) -> None:
    about = plans.Task("module", "greeting")
    made = plans.make_certification("Greeting", about, months=12, window_days=60, short=True, by_id=cast.ela, receipt="c", at=at)
    for place, (who, days) in enumerate(((cast.hana, 300), (cast.iris, 20), (cast.dev, -9), (cast.ferit, -90), (cast.chloe, 200))):
        cycle = plans.assign(who, "", kind="reviews", number=3, at=at, given_by_id=cast.ela, why="Once a year.")
        held = {"number": f"2025-{place:06}", "person_id": who, "certification_id": made.id, "assignment_id": cycle, "name": "Somebody"}
        held |= {"title": "Greeting", "organisation": "Mavikapı", "parts": [["greeting", 1, "d"]], "way": "full", "digest": "d", "issued_at": at}
        held |= {"completed_on": at.date() - timedelta(days=365 - days), "valid_until": at.date() + timedelta(days=days), "code": f"2345-{place}"}
        insert_once(Certificate, held | dict.fromkeys(("withdrawn_at", "withdrawn_why", "withdrawn_by_id")), ["number"])


def _expected(cast: SimpleNamespace, at: datetime) -> None:
    """Dev, Hana and Iris are to reach level 3 of empathy soon: Hana does, Iris is far from it, and of Dev nothing is known."""
    for who, score in ((cast.hana, 1.0), (cast.iris, 0.1)):
        for number in range(12):
            when = at - timedelta(days=2 * number + 1)
            for source in ("quiz_answer", "observation_line"):
                about = {"person_id": who, "skill": "empathy", "source": source, "item": f"{source}/{number}"}
                profile.record([Showing(score=score, occurred_at=when, receipt=f"{source}/{who}/{number}", **about)], at)
    whole = {"why": "Customers say so.", "ways": ("observation",), "rhythm": "fortnightly", "audience": "nobody"}
    terms = Terms(skill="empathy", level=3, starts_on=at.date(), ends_on=at.date() + timedelta(days=10), **whole)
    for who in (cast.dev, cast.hana, cast.iris):
        expectations.issue(Scope("person", who), terms, by_id=cast.chloe, at=at)


def _examined(at: datetime) -> None:
    """Thirty newcomers try one quiz: one of its questions separates, another one is answered by chance, a third one by all but one."""
    singles = [one.id for one in plans.training().modules["greeting"].quiz.questions if one.type == "single"][:4]
    for number in range(30):
        new = add_person(username=f"new{number}", name=f"New {number}", job="adviser", at=at)
        given = {singles[0]: float(number < 15), singles[1]: float(number < 12), singles[2]: float(number % 2), singles[3]: float(number != 1)}
        a_try(new.id, at, given, number=1)


def _asked(cast: SimpleNamespace, draw: random.Random, at: datetime) -> None:
    said = []
    for who in (cast.amir, cast.beth, cast.gus):
        for question, low, high in (("satisfied", 1, 5), ("easy", 1, 7), ("recommend", 0, 10)):
            for month in range(3):
                many = draw.randrange(3, 40)
                values = [draw.randint(low, high) for _answer in range(many)]
                said += rated(who, question, values, at - timedelta(days=31 * month), 100 * month)
    take_ratings(said, at)
