"""Who is to be called, and when nobody is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from trainee.kit.db import db
from trainee.people import Person
from trainee.service.roster.models import BACKUP, CALL, PRIMARY, DutyShift

# Opening hours, local time; the second is midnight at the end of the day.
OPENS, CLOSES = time(8), time(0)
# An area belongs to the roster as long as it had a shift within this time.
KNOWN_FOR = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time inside opening hours in which an area has nobody of a rank: 1 nobody to call first, 2 no backup.

    `answered`: whether the other of the two stands by; without it there is nobody to call at all.
    """

    area: str
    rank: int
    starts_at: datetime
    ends_at: datetime
    answered: bool = True


def shifts(since: datetime, until: datetime, duty: str = CALL) -> list[Any]:
    """The shifts of a duty that touch this time, with the person's name, in order of area, start and rank."""
    columns = (DutyShift.id, DutyShift.person_id, DutyShift.area, DutyShift.rank, DutyShift.phone, DutyShift.starts_at, DutyShift.ends_at)
    statement = (
        select(*columns, Person.name.label("name"))
        .join(Person, Person.id == DutyShift.person_id)
        .where(DutyShift.duty == duty, DutyShift.starts_at < until, DutyShift.ends_at > since, Person.disabled_at.is_(None))
        .order_by(DutyShift.area, DutyShift.starts_at, DutyShift.rank)
    )
    return list(db.session.execute(statement))


def who_now(at: datetime) -> list[Any]:
    """Whom to call at `at`: the shifts that are on, by area, the primary before the backup."""
    found = [row for row in shifts(at, at + timedelta(microseconds=1)) if row.starts_at <= at < row.ends_at]
    return sorted(found, key=lambda row: (row.area, row.rank))


def areas(at: datetime) -> list[str]:
    """The areas that had a shift in the last four weeks or have one ahead."""
    statement = select(DutyShift.area).where(DutyShift.duty == CALL, DutyShift.ends_at > at - KNOWN_FOR).distinct().order_by(DutyShift.area)
    return list(db.session.execute(statement).scalars())


def gaps(since: datetime, until: datetime, time_zone: str = "Europe/Istanbul", area: str | None = None) -> list[Gap]:
    """When inside opening hours (08 to 24, local) somebody is missing, in order of time. Two statements.

    A time without anybody to call first is told as such and not a second time as one without a backup; it is cut where a backup comes or goes.
    """
    rows = shifts(since, until)
    wanted = areas(since) if area is None else [area]
    found: list[Gap] = []
    for opens, closes in _open_hours(since, until, time_zone):
        for one in wanted:
            mine = [row for row in rows if row.area == one]
            alone = _missing(opens, closes, [row for row in mine if row.rank == PRIMARY])
            covered = [row for row in mine if row.rank == BACKUP]
            for start, end in alone:
                nobody = _missing(start, end, covered)
                found += [Gap(one, PRIMARY, *span, answered=False) for span in nobody]
                found += [Gap(one, PRIMARY, *span) for span in _between(start, end, nobody)]
            for start, end in _between(opens, closes, alone):
                found += [Gap(one, BACKUP, *span) for span in _missing(start, end, covered)]
    return sorted(found, key=lambda gap: (gap.starts_at, gap.area, gap.rank))


def _open_hours(since: datetime, until: datetime, time_zone: str) -> list[tuple[datetime, datetime]]:
    """The opening hours of each local day, cut to the time asked for."""
    zone = ZoneInfo(time_zone)
    day: date = since.astimezone(zone).date()
    found = []
    while (opens := datetime.combine(day, OPENS, zone)) < until:
        closes = datetime.combine(day + timedelta(days=1), CLOSES, zone)
        if max(opens, since) < min(closes, until):
            found.append((max(opens, since), min(closes, until)))
        day += timedelta(days=1)
    return found


def _missing(start: datetime, end: datetime, rows: Sequence[Any]) -> list[tuple[datetime, datetime]]:
    """What of start..end no row covers."""
    return _between(start, end, [(row.starts_at, row.ends_at) for row in rows])


def _between(start: datetime, end: datetime, taken: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """What of start..end is left when `taken` is cut out of it."""
    left = []
    here = start
    for begins, ends in sorted(taken):
        if begins > here:
            left.append((here, min(begins, end)))
        here = max(here, ends)
        if here >= end:
            return left
    return [*left, (here, end)]


def everybody() -> list[Any]:
    """Everybody with an open account as (id, name), by name: whoever makes the roster chooses among all."""
    return list(db.session.execute(select(Person.id, Person.name).where(Person.disabled_at.is_(None)).order_by(Person.name_sort)))
