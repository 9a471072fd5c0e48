"""Which level is expected of somebody, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, select

from trainee.expectations.models import Expectation
from trainee.kit.db import db
from trainee.kit.straight import Straight
from trainee.people.models import Person, RoleHeld
from trainee.skills import framework

NEW_FOR = timedelta(days=90)
_PERSON, _HELD, _EXPECTATION = (cast(Table, model.__table__) for model in (Person, RoleHeld, Expectation))


@dataclass(frozen=True, slots=True)
class Target:
    """The level (1..4) expected of one person in one skill, where it comes from and since when."""

    level: int
    # 'person', 'team', or the job group of the framework: new_starter, experienced, team_leader.
    origin: str
    since: datetime | None
    why: str = ""


def _wanted(whose: Any) -> Any:
    """One row for each person and each expectation that stands for her or her team; one with nothing in it where there is none."""
    leads = select(_HELD.c.person_id).where(_HELD.c.person_id == _PERSON.c.id, _HELD.c.role == "supervisor").exists().label("leads")
    row, at = _EXPECTATION.c, cast(Any, bindparam("at"))
    stands = (row.since <= at) & (row.until.is_(None) | (row.until > at))
    hers = (row.person_id == _PERSON.c.id) | (row.team_id == _PERSON.c.team_id)
    return (
        select(_PERSON.c.id, _PERSON.c.hired_on, leads, row.person_id, row.skill, row.level, row.since, row.why)
        .select_from(_PERSON.outerjoin(_EXPECTATION, stands & hers))
        .where(whose)
        # A team's come before a person's own, and older ones before newer: the later overrides.
        .order_by(_PERSON.c.id, row.person_id.is_not(None), row.since)
    )


# Built once, of plain columns; the one for a single person is sent with every Today.
_WANTED = _wanted(_PERSON.c.id.in_(bindparam("people", expanding=True)))
_WANTED_OF_ONE = Straight(_wanted(_PERSON.c.id == bindparam("person")))


def targets_of(person_ids: Sequence[int], at: datetime) -> dict[int, dict[str, Target]]:
    """What is expected of each of these people at `at`, by skill. A person's own overrides the team's, which overrides the job's. One statement."""
    found: dict[int, dict[str, Target]] = {}
    rows: Sequence[Any]
    if len(person_ids) == 1:
        rows = _WANTED_OF_ONE({"person": person_ids[0], "at": at})
    else:
        rows = db.session.execute(_WANTED, {"people": list(person_ids), "at": at}).all()
    for person_id, hired_on, leads, own, skill, level, since, why in rows:
        mine = found.get(person_id)
        if mine is None:
            mine = found[person_id] = _of_the_job(bool(leads), _is_new(hired_on, at))
        if skill is not None:
            mine[skill] = Target(level, "team" if own is None else "person", since, why)
    return found


def _is_new(hired_on: object, at: datetime) -> bool:
    return hired_on is not None and at.date() - hired_on < NEW_FOR  # type: ignore[operator]


def _of_the_job(leads: bool, new: bool) -> dict[str, Target]:
    group = "team_leader" if leads else ("new_starter" if new else "experienced")
    book = framework()
    wanted = {skill.key: book.target(group, skill.key) for skill in book.skills if leads or skill.family != "lead"}
    return {skill: Target(level, group, None) for skill, level in wanted.items() if level is not None}
