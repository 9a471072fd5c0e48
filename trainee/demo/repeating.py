"""What comes back in the demonstration: a third of the company answers a set of reviews now and then, and some contacts are watched by two."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from werkzeug.datastructures import MultiDict

from trainee.demo.company import Member
from trainee.demo.doing import LOOKED_AT
from trainee.demo.life import DAYS, MORNING, Life
from trainee.modules import library
from trainee.modules.questions import kind_of
from trainee.modules.questions.kind import as_multi
from trainee.modules.reviews import actions as reviews
from trainee.modules.reviews import queries

_ZONE = "Europe/Istanbul"
# So many people, beside Kerem, on so many mornings before work; enough of both for the scheduler to be fitted to them.
_PEOPLE, _FROM, _EVERY = 31, DAYS - 72, 16
# What was learned once and is asked again is known a little better.
_AGAIN = 0.1
_DOUBLES, _TEAMS, _LINES = 12, ("phone-3", "written", "social"), 3


# Whether somebody answers a question right, where a story tells it: by the question, the person and the moment.
Told = Mapping[str, Callable[[Member, datetime], bool]]


def plant(life: Life, stories: Told) -> None:
    """Plan both. What is drawn comes from a source of its own, and before work begins, so that nothing else of the half year changes."""
    lot = Random(20260317)
    able = [who for who in life.company.members if who.serves and not who.new and not who.leads and who.username != "kerem"]
    for who in [life.company["kerem"], *lot.sample(able, _PEOPLE)]:
        day = _FROM + lot.randrange(_EVERY)
        while day < DAYS:
            life.diary.plan(day, MORNING - 180 + lot.randint(0, 60), who, partial(_set, life, lot, who, stories))
            day += lot.randint(_EVERY - 5, _EVERY + 5)
    for number in range(_DOUBLES):
        team = _TEAMS[number % len(_TEAMS)]
        people = [who for who in life.company.of(team) if not who.leads and not who.new]
        seen = partial(_double, life, lot, people[number % len(people)], team, f"ÇM-{52_300 + 17 * number}")
        life.diary.plan(DAYS - 88 + 7 * number, MORNING - 60, None, seen)


def _set(life: Life, lot: Random, who: Member, stories: Told, at: datetime) -> datetime:
    """The reviews of a day, to their end."""
    reviews.begin(who.id, who.roles, _ZONE, at)
    found = queries.set_on(who.id, at.date())
    for place, (item, version) in enumerate(found.items if found is not None else (), 1):
        assert found is not None
        at += timedelta(seconds=lot.randint(10, 40))
        question = queries.question_of(library.module(version), item)
        assert question is not None
        kind, chance = kind_of(question), who.mind.chance("knowing", question.skill, life.doer.week(at)) + _AGAIN
        right = stories[item](who, at) if item in stories else lot.random() < chance
        answer = kind.right(question)
        while not right and kind.mark(question, answer).right:
            answer = kind.guess(question, lot)
        sure = "sure" if chance > 0.8 else "fairly"
        form = kind.form(question, answer, queries.seed_of(found, place)) | {"confidence": [sure]}
        reviews.answer(found.id, who.id, place, MultiDict(as_multi(form)), who.language, _ZONE, at)
        life.doer.done["reviews"] += 1
    return at


def _double(life: Life, lot: Random, who: Member, team: str, contact: str, at: datetime) -> None:
    """Her leader and somebody of quality score the same contact, each without knowing the other's marks."""
    watching = (life.company.leader(team), lot.choice([one for one in life.company.of("quality") if not one.leads]))
    for observer in watching:
        told = {skill: _mark(life, lot, observer, who, skill, at) for skill in LOOKED_AT[who.kind][:_LINES]}
        life.doer.write_down(observer, who, at, told, contact=contact)


def _mark(life: Life, lot: Random, observer: Member, who: Member, skill: str, at: datetime) -> int:
    true = who.mind.level("working", skill, life.doer.week(at)) + life.doer.leniency.get(observer.id, 0.0)
    return min(max(round(true + lot.gauss(0.0, 0.35)), 1), 4)
