"""The person record: everything HR must hold for one person, one thing after the other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from trainee import plans, profile, skills
from trainee.coaching import Observation
from trainee.coaching.calibration import ObserverLicence
from trainee.coaching.scorecards.forms import CHANNEL_NAMES
from trainee.coaching.sessions import CoachingSession
from trainee.expectations import Expectation, ExpectationAnswer
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _l, language
from trainee.modules import library
from trainee.modules.library import ModuleVersion
from trainee.modules.quizzes.models import QuizAttempt
from trainee.modules.roleplays.models import RUN
from trainee.people import Person, ReportingLine, RoleHeld, Stay, Team
from trainee.people.forms import ROLE_NAMES
from trainee.plans.models import ASSIGNMENT, CERTIFICATE
from trainee.reports.column import MEAN, Cell, Column, Row
from trainee.reports.columns import CERTAINTY, WHO, who
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.population import Member, chunks
from trainee.reports.report import Report

SECTIONS: Final = {
    "account": _l("Account"),
    "role": _l("Role"),
    "place": _l("Team"),
    "line": _l("Supervisor"),
    "assignment": _l("Assignment"),
    "quiz": _l("Quiz"),
    "roleplay": _l("Role-play"),
    "certificate": _l("Certificate"),
    "expectation": _l("Expectation"),
    "observation": _l("Observation"),
    "coaching": _l("Coaching session"),
    "licence": _l("Observer’s licence"),
    "skill": _l("Skill today"),
}
_ORDER: Final = {key: place for place, key in enumerate(SECTIONS)}
_RESULTS: Final = {
    "open": _l("open"),
    "closed": _l("closed"),
    "direct": _l("direct line"),
    "dotted": _l("dotted line"),
    "done": _l("done"),
    "overdue": _l("overdue"),
    "left": _l("left the company"),
    "excused": _l("excused"),
    "withdrawn": _l("withdrawn"),
    "passed": _l("Passed"),
    "not_passed": _l("Not passed"),
    "valid": _l("valid"),
    "expired": _l("expired"),
    "acknowledged": _l("acknowledged"),
    "objected": _l("objected to"),
    "not_read": _l("not acknowledged"),
    "held": _l("held"),
    "cancelled": _l("cancelled"),
    "agreed": _l("agreed"),
    "ended": _l("ended"),
    **CERTAINTY,
}


class Fact(NamedTuple):
    """One thing on somebody's record: what it is, from when to when, how it stands, and who else it was."""

    section: str
    what: str
    since: datetime | date | None = None
    until: datetime | date | None = None
    result: str | None = None
    score: float | None = None
    level: int | None = None
    by: str | None = None


@kinds.register
class PersonRecord(Report):
    """One row for each thing on each person's record."""

    key = "person_record"
    place = 12
    title = _l("Person record")
    says = _l("Everything that is to be held of a person: account, teams, supervisors, training, certificates, expectations, observations, coaching.")
    roles = ("hr", "admin", "supervisor")
    takes = ("person", "unit", "team", "left")
    _own: ClassVar[tuple[Column, ...]] = (
        Column("hire_date", _l("Hired on"), "date", on_page=False),
        Column("section", _l("What it is"), "choice", SECTIONS),
        Column("what", _l("What")),
        Column("since", _l("First day"), "date"),
        Column("until", _l("Last day"), "date"),
        Column("result", _l("How it stands"), "choice", _RESULTS),
        Column("score", _l("Result"), "share", adds=MEAN),
        Column("level", _l("Level"), "whole"),
        Column("by", _l("With whom")),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who, and what stands on the record."""
        return (*WHO, *self._own)

    def facts(self, asked: Asked) -> Iterator[tuple[Member, Fact]]:
        """Each person's record in the order of its parts, each part by its days."""
        for members in chunks(asked):
            known = _records(members, asked)
            for member in members:
                found = sorted(known[member.id], key=lambda one: (_ORDER[one.section], str(one.since or ""), one.what))
                yield from ((member, one) for one in found)

    def row(self, fact: tuple[Member, Fact], asked: Asked) -> Row:
        """Its cells."""
        member, one = fact
        days = (_day(one.since, member), _day(one.until, member))
        return (*who(member), member.hired_on, one.section, one.what, *days, one.result, one.score, one.level, one.by)


def _day(moment: datetime | date | None, member: Member) -> Cell:
    return local_date(moment, member.time_zone) if isinstance(moment, datetime) else moment


_Found = defaultdict[int, list[Fact]]


def _records(members: Sequence[Member], asked: Asked) -> _Found:
    """What is on the record of some hundred people, in a constant number of statements."""
    ids, found = [one.id for one in members], defaultdict[int, list[Fact]](list)
    for part in (_accounts, _places, _lines, _quizzes, _roleplays, _certificates, _expectations, _observations, _coaching):
        for person_id, fact in part(ids, asked):
            found[person_id].append(fact)
    day = local_date(asked.at, asked.who.time_zone)
    for one in plans.listed(ASSIGNMENT.c.person_id.in_(ids), day, most=None):
        found[one.open.person_id].append(Fact("assignment", one.open.name, one.open.given_at, one.open.due_on, one.state))
    names = {skill.key: skill.name.of(language()) for skill in skills.framework().skills}
    for person_id, levels in profile.levels_of(ids, asked.at).items():
        for skill, level in levels.items():
            if level.figure.n:
                found[person_id].append(Fact("skill", names.get(skill, skill), result=level.certainty, level=level.level))
    return found


def _accounts(ids: Sequence[int], _asked: Asked) -> Iterator[tuple[int, Fact]]:
    for row in db.session.execute(select(Person.id, Person.username, Person.created_at, Person.disabled_at).where(Person.id.in_(ids))):
        yield row.id, Fact("account", row.username, row.created_at, row.disabled_at, "closed" if row.disabled_at else "open")
    for person_id, role in db.session.execute(select(RoleHeld.person_id, RoleHeld.role).where(RoleHeld.person_id.in_(ids))):
        yield person_id, Fact("role", str(ROLE_NAMES.get(role, role)))


def _places(ids: Sequence[int], _asked: Asked) -> Iterator[tuple[int, Fact]]:
    statement = select(Stay.person_id, Team.name, Stay.since, Stay.until).join(Team, Team.id == Stay.team_id).where(Stay.person_id.in_(ids))
    for row in db.session.execute(statement):
        yield row.person_id, Fact("place", row.name, row.since, row.until)


def _lines(ids: Sequence[int], _asked: Asked) -> Iterator[tuple[int, Fact]]:
    line = ReportingLine
    statement = select(line.person_id, Person.name, line.kind, line.since, line.until).join(Person, Person.id == line.supervisor_id)
    for row in db.session.execute(statement.where(line.person_id.in_(ids))):
        yield row.person_id, Fact("line", row.name, row.since, row.until, row.kind)


def _quizzes(ids: Sequence[int], _asked: Asked) -> Iterator[tuple[int, Fact]]:
    tried = QuizAttempt
    columns = (tried.person_id, ModuleVersion.code, ModuleVersion.number, tried.number.label("turn"), tried.handed_in_at, tried.score, tried.passed)
    statement = select(*columns).join(ModuleVersion, ModuleVersion.id == tried.version_id)
    for row in db.session.execute(statement.where(tried.person_id.in_(ids), tried.handed_in_at.is_not(None))):
        result = "passed" if row.passed else "not_passed"
        yield row.person_id, Fact("quiz", f"{row.code} v{row.number} #{row.turn}", row.handed_in_at, None, result, row.score)


def _roleplays(ids: Sequence[int], _asked: Asked) -> Iterator[tuple[int, Fact]]:
    statement = select(RUN.c.person_id, RUN.c.version_id, ModuleVersion.code, ModuleVersion.number, RUN.c.story, RUN.c.ending, RUN.c.finished_at)
    statement = statement.join(ModuleVersion, ModuleVersion.id == RUN.c.version_id).where(RUN.c.person_id.in_(ids), RUN.c.finished_at.is_not(None))
    for row in db.session.execute(statement):
        yield row.person_id, Fact("roleplay", f"{row.code} v{row.number} {_played(row)}", row.finished_at, None, "done")


def _played(row: Any) -> str:
    """The talk and its ending, as whoever played them read their titles."""
    story = library.module(row.version_id).story(row.story)
    ending = story.endings.get(row.ending) if story is not None else None
    titles = (story.title.of(language()) if story is not None else row.story, ending.title.of(language()) if ending is not None else row.ending)
    return ": ".join(filter(None, titles))


def _certificates(ids: Sequence[int], asked: Asked) -> Iterator[tuple[int, Fact]]:
    held, day = CERTIFICATE.c, local_date(asked.at, asked.who.time_zone)
    columns = (held.person_id, held.number, held.title, held.completed_on, held.valid_until, held.withdrawn_at)
    for row in db.session.execute(select(*columns).where(held.person_id.in_(ids))):
        state = "withdrawn" if row.withdrawn_at is not None else ("expired" if row.valid_until < day else "valid")
        yield row.person_id, Fact("certificate", f"{row.number} {row.title}", row.completed_on, row.valid_until, state)
    licence = ObserverLicence
    for one in db.session.execute(select(licence.person_id, licence.granted_at, licence.ended_at).where(licence.person_id.in_(ids))):
        yield one.person_id, Fact("licence", str(SECTIONS["licence"]), one.granted_at, one.ended_at, "ended" if one.ended_at else "valid")


def _expectations(ids: Sequence[int], _asked: Asked) -> Iterator[tuple[int, Fact]]:
    said, setter, one = ExpectationAnswer, aliased(Person), Expectation
    names = {skill.key: skill.name.of(language()) for skill in skills.framework().skills}
    newest = (
        select(said.kind).where(said.expectation_id == one.id, said.person_id == one.person_id).order_by(said.id.desc()).limit(1).scalar_subquery()
    )
    columns = (one.person_id, one.skill, one.level, one.starts_on, one.ends_on, one.closed_on, setter.name, newest.label("answer"))
    for row in db.session.execute(select(*columns).join(setter, setter.id == one.set_by_id).where(one.person_id.in_(ids))):
        until = row.closed_on or row.ends_on
        yield (
            row.person_id,
            Fact("expectation", names.get(row.skill, row.skill), row.starts_on, until, row.answer or "not_read", None, row.level, row.name),
        )


def _observations(ids: Sequence[int], _asked: Asked) -> Iterator[tuple[int, Fact]]:
    seen = Observation
    statement = select(seen.person_id, seen.channel, seen.seen_at, seen.acknowledged_at, Person.name).join(Person, Person.id == seen.observer_id)
    for row in db.session.execute(statement.where(seen.person_id.in_(ids), seen.released_at.is_not(None))):
        result = "acknowledged" if row.acknowledged_at is not None else "not_read"
        yield row.person_id, Fact("observation", str(CHANNEL_NAMES.get(row.channel, row.channel)), row.seen_at, None, result, None, None, row.name)


def _coaching(ids: Sequence[int], _asked: Asked) -> Iterator[tuple[int, Fact]]:
    held = CoachingSession
    names = {skill.key: skill.name.of(language()) for skill in skills.framework().skills}
    columns = (held.person_id, held.skill_key, held.promised_at, held.held_at, held.cancelled_at, held.follow_up_on, Person.name)
    for row in db.session.execute(select(*columns).join(Person, Person.id == held.coach_id).where(held.person_id.in_(ids))):
        state = "held" if row.held_at is not None else ("cancelled" if row.cancelled_at is not None else "open")
        what = names.get(row.skill_key, row.skill_key)
        yield row.person_id, Fact("coaching", what, row.held_at or row.promised_at, row.follow_up_on, state, None, None, row.name)
