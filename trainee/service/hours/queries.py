"""Reading hours with customers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from trainee.kit.clock import months_after
from trainee.kit.db import db
from trainee.people import Person, Team
from trainee.service.hours.models import CustomerHours, HoursTarget

MONTHS = 6
# Of fewer who lead nothing is told to others.
FEWEST = 5
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its first day, and the minutes of it."""

    first: date
    minutes: int


def target() -> int:
    """The hours a month that are wished for; 0 where nobody has said. One statement."""
    return db.session.scalar(select(HoursTarget.hours).order_by(HoursTarget.id.desc()).limit(1)) or 0


def months_of(person_id: int, day: date) -> list[Month]:
    """Her last months, this one last. One statement."""
    firsts = [months_after(day.replace(day=1), -back) for back in range(MONTHS - 1, -1, -1)]
    rows = select(CustomerHours.day, CustomerHours.minutes).where(CustomerHours.person_id == person_id, CustomerHours.day >= firsts[0])
    found = dict.fromkeys(firsts, 0)
    for when, minutes in db.session.execute(rows):
        first = when.replace(day=1)
        if first in found:
            found[first] += minutes
    return [Month(first, minutes) for first, minutes in found.items()]


def latest(person_id: int) -> list[CustomerHours]:
    """What she wrote down last, the newest day first. One statement."""
    statement = select(CustomerHours).where(CustomerHours.person_id == person_id).order_by(CustomerHours.day.desc(), CustomerHours.id.desc())
    return list(db.session.scalars(statement.limit(_SHOWN)))


def reached(day: date, hours: int) -> tuple[int, int, int] | None:
    """Of all who lead a team: how many reached so many hours this month, how many lead, and the minutes of all. None below five. One statement."""
    first = day.replace(day=1)
    inside = (CustomerHours.day >= first, CustomerHours.day < months_after(first, 1))
    mine: Any = select(func.coalesce(func.sum(CustomerHours.minutes), 0)).where(CustomerHours.person_id == Person.id, *inside).scalar_subquery()
    leads = select(Team.supervisor_id).where(Team.supervisor_id.is_not(None))
    rows = db.session.scalars(select(mine).where(Person.id.in_(leads), Person.disabled_at.is_(None))).all()
    if len(rows) < FEWEST:
        return None
    return sum(minutes >= 60 * hours for minutes in rows), len(rows), sum(rows)
