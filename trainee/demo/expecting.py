"""What is expected in the demonstration company, and what people answer to it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from trainee import expectations
from trainee.demo.company import Member
from trainee.demo.life import DAYS, MORNING, Life
from trainee.expectations import ExpectationAnswer, Scope, Terms
from trainee.kit.clock import local_date
from trainee.kit.db import db

_HERE = "Europe/Istanbul"
# Everybody has read what is new within so many days, except for those the stories are about.
_WITHIN = 8
CHANGE_DAY, ROLE_DAY, OWN_DAY = DAYS - 10, DAYS - 95, DAYS - 2
COMPLAINT_DESK = "Şikâyet uzmanı"


def plan(life: Life, coaching_day: int) -> None:
    """Plan what every leader expects of her team from the first day, a change of it, what HR expects of a job, and what Aylin expects of Kerem."""
    life.diary.plan(0, MORNING - 30, None, partial(_every_team, life))
    for member in life.company.members:
        if member.new and member.serves and member.team is not None:
            day = (member.hired_on - life.diary.start.date()).days
            life.diary.plan(day + 1, MORNING + 25, None, partial(_read_all, member))
    life.diary.plan(ROLE_DAY, MORNING - 20, None, partial(_for_a_job, life))
    kerem = life.company["kerem"]
    life.diary.plan(coaching_day, MORNING + 5, None, partial(_own, life, "coaching", 88, True))
    life.diary.plan(CHANGE_DAY, MORNING - 20, None, partial(_changed, life, kerem))
    # The one that waits on Kerem's Today.
    life.diary.plan(OWN_DAY, MORNING - 20, None, partial(_own, life, "coming", 56, False))


def _terms(wanted: dict[str, Any], at: datetime, days: int | None = None) -> Terms:
    first = local_date(at, _HERE)
    last = first + timedelta(days=days) if days is not None else None
    return Terms(**{**wanted, "ways": tuple(wanted["ways"])}, starts_on=first, ends_on=last)


def _every_team(life: Life, at: datetime) -> None:
    texts = life.book.texts["expectations"]
    for team, row in life.company.teams.items():
        leader = life.company.leader(team)
        made = [expectations.issue(Scope("team", row.id), _terms(wanted, at), by_id=leader.id, at=at) for wanted in texts] if leader.serves else []
        people = [one for one in life.company.of(team) if not one.leads and not one.new]
        if team == "phone-2" and made:
            _objects(life, people.pop(), leader, made[-1])
        _read_by(life, people, made, 1)


def _read_by(life: Life, people: Iterable[Member], made: Iterable[int], day: int) -> None:
    ids = list(made)
    for number, member in enumerate(people):
        life.diary.plan(day + number % _WITHIN, MORNING + 7 * number % 180, None, partial(_acknowledge, member, ids))


def _acknowledge(member: Member, made: Iterable[int], at: datetime) -> None:
    for expectation_id in made:
        expectations.acknowledge(expectation_id, member.id, at)


def _read_all(member: Member, at: datetime) -> None:
    """Who is hired reads on her second day what is expected of her team and her job."""
    for _skill, target in expectations.expected_of([member.id], at)[member.id].asking:
        if target.id is not None:
            expectations.acknowledge(target.id, member.id, at)


def _objects(life: Life, member: Member, leader: Member, expectation_id: int) -> None:
    """Somebody objects, is answered two days later and agrees."""
    words = life.book.texts["stories"]["objection"]
    life.diary.plan(2, MORNING + 40, None, partial(_object, life, member, expectation_id, words["note"]))
    life.diary.plan(4, MORNING + 40, None, partial(_reply, member, leader, expectation_id, words["reply"]))
    life.diary.plan(5, MORNING + 90, None, partial(_acknowledge, member, [expectation_id]))


def _object(life: Life, member: Member, expectation_id: int, note: str, at: datetime) -> None:
    expectations.object_to(expectation_id, member.id, note, f"demo/objection/{expectation_id}/{member.id}", at)
    life.doer.done["objections"] += 1


def _reply(member: Member, leader: Member, expectation_id: int, words: str, at: datetime) -> None:
    said = ExpectationAnswer
    mine = (said.expectation_id == expectation_id) & (said.person_id == member.id) & (said.kind == "objected")
    answer_id = db.session.scalar(select(said.id).where(mine))
    assert answer_id is not None
    expectations.reply_to(answer_id, words=words, by_id=leader.id, at=at)


def _for_a_job(life: Life, at: datetime) -> None:
    """HR expects something of everybody at the complaint desk."""
    wanted = life.book.texts["stories"]["expected_of_a_job"]
    made = expectations.issue(Scope("job", COMPLAINT_DESK), _terms(wanted, at), by_id=life.company["hatice"].id, at=at)
    _read_by(life, [one for one in life.company.members if one.job == COMPLAINT_DESK], [made], ROLE_DAY + 1)


def _changed(life: Life, kerem: Member, at: datetime) -> None:
    """Aylin's team is asked anew: most have read it, one objects and waits for her answer, one has not read it yet."""
    aylin = life.company["aylin"]
    wanted = life.book.texts["stories"]["expected_anew"]
    made = expectations.issue(Scope("team", life.company.teams["phone-1"].id), _terms(wanted, at), by_id=aylin.id, at=at)
    people = [one for one in life.company.of("phone-1") if not one.leads and one.id and one is not kerem]
    objector, _silent = people.pop(), people.pop()
    _read_by(life, [kerem, *people], [made], CHANGE_DAY + 1)
    note = life.book.texts["stories"]["open_objection"]
    life.diary.plan(DAYS - 3, MORNING + 60, None, partial(_object, life, objector, made, note))


def _own(life: Life, which: str, days: int, reads: bool, at: datetime) -> None:
    """Aylin expects something of Kerem himself, which goes before what she expects of the team."""
    kerem, aylin = life.company["kerem"], life.company["aylin"]
    wanted = life.book.texts["stories"]["expected_of_kerem"][which]
    made = expectations.issue(Scope("person", kerem.id), _terms(wanted, at, days), by_id=aylin.id, at=at)
    if reads:
        day = (at.date() - life.diary.start.date()).days
        life.diary.plan(day + 1, MORNING + 35, None, partial(_acknowledge, kerem, [made]))
