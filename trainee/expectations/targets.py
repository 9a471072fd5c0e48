"""Which level is expected of somebody, which of several expectations applies, and which of them wait for her answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, case, select

from trainee.expectations.models import Expectation, ExpectationAnswer
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.straight import Straight
from trainee.people.models import Person, RoleHeld, Team
from trainee.skills import framework

NEW_FOR = timedelta(days=90)
# The nearer somebody an expectation is, the more it counts: her own, her team's, her job's; below them the framework's for her kind of work.
RANK: Final = {"person": 3, "team": 2, "job": 1}
_PERSON, _HELD, _EXPECTATION, _ANSWER, _TEAM = (cast(Table, model.__table__) for model in (Person, RoleHeld, Expectation, ExpectationAnswer, Team))


@dataclass(frozen=True, slots=True)
class Target:
    """The level (1..4) expected of one person in one skill, where it comes from and since when."""

    level: int
    # 'person', 'team', 'job', or the group of the framework: new_starter, experienced, team_leader.
    origin: str
    since: datetime | None
    why: str = ""
    # Of one that somebody issued: its id, through when it holds, and what the person answered.
    id: int | None = None
    until: date | None = None
    # '' (nothing yet), 'acknowledged', 'objected', or 'answered' (an objection that was replied to, so that she is asked again).
    answer: str = ""
    issued_at: datetime | None = None

    @property
    def asks(self) -> bool:
        """Whether the person is asked to read it and to say so."""
        return self.id is not None and self.answer in {"", "answered"}


@dataclass(slots=True)
class Expected:
    """Everything expected of one person on one day: by skill what applies first and what it overrides after it; and what is still to come."""

    day: date
    layers: dict[str, list[Target]] = field(default_factory=dict)
    coming: dict[str, list[Target]] = field(default_factory=dict)

    @property
    def targets(self) -> dict[str, Target]:
        """What applies."""
        return {skill: found[0] for skill, found in self.layers.items()}

    @property
    def asking(self) -> list[tuple[str, Target]]:
        """What she is asked to read, the oldest first: what applies or is to come, and not what is overridden."""
        found = [(skill, mine[0]) for skill, mine in self.layers.items()] + [(skill, one) for skill, mine in self.coming.items() for one in mine]
        return sorted((pair for pair in found if pair[1].asks), key=lambda pair: pair[1].id or 0)


def _newest_answer() -> Any:
    said = _ANSWER.c
    kind = case(((said.kind == "objected") & said.replied_at.is_not(None), "answered"), else_=said.kind)
    mine = (said.expectation_id == _EXPECTATION.c.id) & (said.person_id == _PERSON.c.id)
    return select(kind).where(mine).order_by(said.id.desc()).limit(1).correlate(_EXPECTATION, _PERSON).scalar_subquery()


def _wanted(whose: Any) -> Any:
    """A row for each person and each expectation for her, her team or her job that has not ended, in any order; an empty one where there is none."""
    leads = select(_HELD.c.person_id).where(_HELD.c.person_id == _PERSON.c.id, _HELD.c.role == "supervisor").exists().label("leads")
    row, early = _EXPECTATION.c, cast(Any, bindparam("early"))
    stands = (row.closed_on.is_(None) | (row.closed_on > early)) & (row.ends_on.is_(None) | (row.ends_on >= early))
    # What is expected of a team is expected of those who work in it, and not of who leads it.
    team = (row.team_id == _PERSON.c.team_id) & (_TEAM.c.supervisor_id.is_(None) | (_TEAM.c.supervisor_id != _PERSON.c.id))
    hers = (row.person_id == _PERSON.c.id) | team | (row.job == _PERSON.c.job)
    columns = (row.id, row.person_id, row.team_id, row.skill, row.level, row.starts_on, row.ends_on, row.closed_on, row.why, row.issued_at)
    return (
        select(_PERSON.c.id.label("whose"), _PERSON.c.hired_on, _PERSON.c.time_zone, leads, *columns, _newest_answer().label("answer"))
        .select_from(_PERSON.outerjoin(_TEAM, _TEAM.c.id == _PERSON.c.team_id).outerjoin(_EXPECTATION, stands & hers))
        .where(whose)
    )


# Built once, of plain columns; the one for a single person is sent with every Today.
_WANTED = _wanted(_PERSON.c.id.in_(bindparam("people", expanding=True)))
_WANTED_OF_ONE = Straight(_wanted(_PERSON.c.id == bindparam("person")))


def expected_of(person_ids: Sequence[int], at: datetime) -> dict[int, Expected]:
    """What is expected of each of these people at `at`, on the day it is where she lives. One statement."""
    # The earliest day it is anywhere; which day it is for each of them is looked at below.
    early = at.astimezone(UTC).date() - timedelta(days=1)
    rows: Sequence[Any]
    if len(person_ids) == 1:
        rows = _WANTED_OF_ONE({"person": person_ids[0], "early": early})
    else:
        rows = db.session.execute(_WANTED, {"people": list(person_ids), "early": early}).all()
    found: dict[int, Expected] = {}
    days: dict[str, date] = {}
    groups: dict[tuple[bool, bool], dict[str, Target]] = {}
    for whose, hired_on, zone, leads, number, person_id, team_id, skill, level, starts_on, ends_on, closed_on, why, issued_at, answer in rows:
        mine = found.get(whose)
        if mine is None:
            day = days.get(zone) or days.setdefault(zone, local_date(at, zone))
            kind = (bool(leads), hired_on is not None and day - hired_on < NEW_FOR)
            usual = groups.get(kind) or groups.setdefault(kind, _of_the_group(*kind))
            mine = found[whose] = Expected(day, {key: [target] for key, target in usual.items()})
        if number is None or (ends_on is not None and ends_on < mine.day) or (closed_on is not None and closed_on <= max(mine.day, starts_on)):
            continue
        origin = "person" if person_id is not None else ("team" if team_id is not None else "job")
        since = datetime.combine(starts_on, time(0), ZoneInfo(zone)).astimezone(UTC)
        target = Target(level, origin, since, why, number, ends_on, answer or "", issued_at)
        (mine.coming if starts_on > mine.day else mine.layers).setdefault(skill, []).append(target)
    for mine in found.values():
        for layers in mine.layers.values():
            if len(layers) > 1:
                layers.sort(key=lambda one: (RANK.get(one.origin, 0), one.id or 0), reverse=True)
    return found


def targets_of(person_ids: Sequence[int], at: datetime) -> dict[int, dict[str, Target]]:
    """What applies to each of these people at `at`, by skill: her own before her team's before her job's. One statement."""
    return {person_id: found.targets for person_id, found in expected_of(person_ids, at).items()}


def _of_the_group(leads: bool, new: bool) -> dict[str, Target]:
    group = "team_leader" if leads else ("new_starter" if new else "experienced")
    book = framework()
    wanted = {skill.key: book.target(group, skill.key) for skill in book.skills if leads or skill.family != "lead"}
    return {skill: Target(level, group, None) for skill, level in wanted.items() if level is not None}
