"""Which level is expected of somebody, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from trainee.expectations.models import Expectation
from trainee.kit.db import db
from trainee.people.models import Person, RoleHeld
from trainee.skills import framework

NEW_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Target:
    """The level (1..4) expected of one person in one skill, where it comes from and since when."""

    level: int
    # 'person', 'team', or the job group of the framework: new_starter, experienced, team_leader.
    origin: str
    since: datetime | None
    why: str = ""


def targets_of(person_ids: Sequence[int], at: datetime) -> dict[int, dict[str, Target]]:
    """What is expected of each of these people at `at`, by skill. A person's own overrides the team's, which overrides the job's. Two statements."""
    leads = select(RoleHeld.person_id).where(RoleHeld.person_id == Person.id, RoleHeld.role == "supervisor").exists().label("leads")
    people = list(db.session.execute(select(Person.id, Person.team_id, Person.hired_on, leads).where(Person.id.in_(person_ids))))
    found = {row.id: _of_the_job(row.leads, _is_new(row.hired_on, at)) for row in people}
    teams = {row.team_id for row in people if row.team_id is not None}
    rows = db.session.execute(
        select(Expectation)
        .where(
            Expectation.since <= at,
            (Expectation.until.is_(None)) | (Expectation.until > at),
            Expectation.person_id.in_(person_ids) | Expectation.team_id.in_(teams),
        )
        .order_by(Expectation.since)
    ).scalars()
    standing = list(rows)
    for one in (row for row in standing if row.team_id is not None):
        for person in people:
            if person.team_id == one.team_id:
                found[person.id][one.skill] = Target(one.level, "team", one.since, one.why)
    for one in (row for row in standing if row.person_id is not None):
        found[one.person_id][one.skill] = Target(one.level, "person", one.since, one.why)
    return found


def _is_new(hired_on: object, at: datetime) -> bool:
    return hired_on is not None and at.date() - hired_on < NEW_FOR  # type: ignore[operator]


def _of_the_job(leads: bool, new: bool) -> dict[str, Target]:
    group = "team_leader" if leads else ("new_starter" if new else "experienced")
    book = framework()
    wanted = {skill.key: book.target(group, skill.key) for skill in book.skills if leads or skill.family != "lead"}
    return {skill: Target(level, group, None) for skill, level in wanted.items() if level is not None}
