"""Who is here when a file of people is looked at: everything a plan is made from, read once."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from trainee.kit import trtext
from trainee.kit.db import db
from trainee.people.models import Person, ReportingLine, RoleHeld, Team, Unit


@dataclass(slots=True)
class Somebody:
    """A person as she is now."""

    id: int
    username: str
    name: str
    email: str | None
    employee_no: str | None
    job: str
    language: str
    team_id: int | None
    hired_on: date | None
    closed: bool
    roles: frozenset[str] = frozenset()
    supervisor_id: int | None = None


@dataclass(slots=True)
class Present:
    """Everybody, every team and unit, and every line that stands."""

    people: dict[int, Somebody] = field(default_factory=dict)
    # By their folded names: (id, name, unit).
    teams: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    units: dict[str, tuple[int, str]] = field(default_factory=dict)
    dotted: list[tuple[int, int]] = field(default_factory=list)
    # The same by person: the ids of those who supervise her beside the direct line.
    beside: dict[int, list[int]] = field(default_factory=dict)

    team_names: dict[int, str] = field(default_factory=dict)


def present() -> Present:
    """Read it. Five statements."""
    person = Person.__table__.c
    columns = (person.username, person.name, person.email, person.employee_no, person.job, person.language, person.team_id, person.hired_on)
    found = Present()
    people: Any = db.session.execute(select(person.id, *columns, person.disabled_at.is_not(None)))
    for row in people:
        found.people[row[0]] = Somebody(*row)
    held: dict[int, set[str]] = {}
    for person_id, role in db.session.execute(select(RoleHeld.person_id, RoleHeld.role)):
        held.setdefault(person_id, set()).add(role)
    for person_id, roles in held.items():
        found.people[person_id].roles = frozenset(roles)
    lines: Any = (
        select(ReportingLine.person_id, ReportingLine.supervisor_id, ReportingLine.kind)
        .where(ReportingLine.until.is_(None))
        .order_by(ReportingLine.id)
    )
    for person_id, supervisor_id, kind in db.session.execute(lines):
        if kind == "direct":
            found.people[person_id].supervisor_id = supervisor_id
        else:
            found.dotted.append((person_id, supervisor_id))
            found.beside.setdefault(person_id, []).append(supervisor_id)
    found.teams = {trtext.fold(name): (number, name, unit) for number, name, unit in db.session.execute(select(Team.id, Team.name, Team.unit_id))}
    found.team_names = {number: name for number, name, _unit in found.teams.values()}
    found.units = {trtext.fold(name): (number, name) for number, name in db.session.execute(select(Unit.id, Unit.name))}
    return found
