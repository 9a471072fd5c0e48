"""Of whom a report tells: people in chunks, in the alphabet's order, as their viewer may see them and the filters select them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, true, tuple_

from trainee import people
from trainee.kit import trtext
from trainee.kit.clock import end_of_day, local_date, start_of_day
from trainee.kit.db import UtcDateTime, db
from trainee.people import Person, Stay, Team, Unit
from trainee.reports.filters import Asked, teams_of

# So many people at a time: what is asked of them is a handful of statements, however many there are in all.
CHUNK: Final = 250
# Where no more than a page of rows is read, so many people are enough to begin with; each time twice as many.
_FEW: Final = 25


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a report, with where she works now."""

    id: int
    employee_no: str
    name: str
    job: str
    team_id: int | None
    team: str
    unit: str
    hired_on: date | None
    language: str
    time_zone: str


def chunks(asked: Asked, *, once: bool = False) -> Iterator[list[Member]]:
    """Everybody a report tells of, some hundred at a time; with `once` also those who were in a selected team at another time."""
    last: tuple[str, int] | None = None
    many = _FEW if asked.one_page else CHUNK
    while True:
        rows = db.session.execute(_next(asked, once, last, many)).all()
        if rows:
            yield [_member(row) for row in rows]
            if asked.passed is not None:
                asked.passed(len(rows))
        if len(rows) < many:
            return
        many = min(2 * many, CHUNK)
        last = rows[-1].name_sort, rows[-1].id


def how_many(asked: Asked, *, once: bool = False) -> int:
    """How many people the filters select. One statement."""
    return db.session.scalar(select(func.count()).select_from(Person).where(selected(asked, once))) or 0


def _next(asked: Asked, once: bool, last: tuple[str, int] | None, many: int) -> Any:
    columns = (Person.id, Person.employee_no, Person.name, Person.name_sort, Person.job, Person.team_id, Person.hired_on, Person.language)
    statement = (
        select(*columns, Person.time_zone, Team.name.label("team"), Unit.name.label("unit"))
        .outerjoin(Team, Team.id == Person.team_id)
        .outerjoin(Unit, Unit.id == Team.unit_id)
        .where(selected(asked, once))
        .order_by(Person.name_sort, Person.id)
        .limit(many)
    )
    return statement if last is None else statement.where(tuple_(Person.name_sort, Person.id) > last)


def selected(asked: Asked, once: bool) -> ColumnElement[bool]:
    """The condition on `Person` that leaves those of whom a report tells; with `once` also those who were in a selected team at another time."""
    seen: list[ColumnElement[bool]] = [] if _of_everybody(asked) else [Person.id.in_(people.visible_to(asked.who))]
    if not asked.filters.left:
        seen.append(Person.disabled_at.is_(None))
    if asked.filters.person is not None:
        key = trtext.fold(asked.filters.person)
        seen.append(or_(Person.username_key == key, Person.email_key == key, Person.employee_no == asked.filters.person))
    teams = teams_of(asked.filters)
    if teams is not None:
        now = Person.team_id.in_(teams)
        seen.append(or_(now, Person.id.in_(select(Stay.person_id).where(Stay.team_id.in_(teams)))) if once else now)
    return and_(true(), *seen)


def the_one(asked: Asked) -> int | None:
    """The id of the one person who was asked for, where she is in sight; None where a report tells of more. One statement at most."""
    if asked.filters.person is None:
        return None
    return db.session.scalar(select(Person.id).where(selected(asked, True)).limit(1))


def _of_everybody(asked: Asked) -> bool:
    return asked.whole or asked.who.holds("hr", "admin")


def narrowed(asked: Asked) -> bool:
    """Whether it is about some people only, and not about everybody who is here."""
    return not _of_everybody(asked) or asked.filters.person is not None or teams_of(asked.filters) is not None


def theirs(asked: Asked, person_id: Any) -> ColumnElement[bool]:
    """The condition that leaves the rows of those of whom a report tells, at whatever time they were in a selected team."""
    if narrowed(asked):
        return cast(ColumnElement[bool], person_id.in_(select(Person.id).where(selected(asked, once=True))))
    # Of everybody those who left are the few: a database reads its table from end to end and does not look each person up.
    return true() if asked.filters.left else cast(ColumnElement[bool], person_id.not_in(select(Person.id).where(Person.disabled_at.is_not(None))))


def _member(row: Any) -> Member:
    return Member(
        row.id,
        row.employee_no or "",
        row.name,
        row.job,
        row.team_id,
        row.team or "",
        row.unit or "",
        row.hired_on,
        row.language,
        row.time_zone,
    )


class TeamsThen:
    """In which team and unit each of these people was at a moment: figures are by the team people were in then. One statement."""

    def __init__(self, members: Sequence[Member], asked: Asked) -> None:
        wanted = teams_of(asked.filters)
        self._wanted = None if wanted is None else set(db.session.scalars(wanted))
        self._members = {one.id: one for one in members}
        self._stays: dict[int, list[tuple[datetime, datetime | None, int, str, str]]] = {}
        statement = (
            select(Stay.person_id, Stay.since, Stay.until, Stay.team_id, Team.name, Unit.name)
            .join(Team, Team.id == Stay.team_id)
            .join(Unit, Unit.id == Team.unit_id)
            .where(Stay.person_id.in_(list(self._members)))
            .order_by(Stay.person_id, Stay.since, Stay.id)
        )
        for person_id, since, until, team_id, team, unit in db.session.execute(statement):
            self._stays.setdefault(person_id, []).append((since, until, team_id, team, unit))

    def always(self, person_id: int) -> tuple[str, str] | None:
        """The names of the team and the unit of somebody who was in no other yet, if the filters leave it in; None for everybody else."""
        stays = self._stays.get(person_id, [])
        if len(stays) != 1 or stays[0][1] is not None or (self._wanted is not None and stays[0][2] not in self._wanted):
            return None
        return stays[0][3], stays[0][4]

    def at(self, person_id: int, moment: datetime) -> tuple[str, str] | None:
        """The names of the team and the unit she was in; ('', '') where she was in none, and None where the filters leave that team out.

        What lies before her first stay counts for that one: an installation that begins with a file knows no earlier one.
        """
        stays = self._stays.get(person_id, [])
        if not stays:
            return ("", "") if self._wanted is None else None
        place = max(bisect_right(stays, moment, key=lambda stay: stay[0]) - 1, 0)
        _since, until, team_id, team, unit = stays[place]
        if until is not None and until <= moment:
            return ("", "") if self._wanted is None else None
        return (team, unit) if self._wanted is None or team_id in self._wanted else None


def stood_then(asked: Asked, person_id: Any, moment: Any) -> tuple[Any, ColumnElement[bool]] | None:
    """The same in SQL: stays, and the condition that joins the one in which somebody was at a moment, in a team that the filters leave.

    None where they leave all. What is joined never doubles a row.
    """
    teams = teams_of(asked.filters)
    if teams is None:
        return None
    order = (Stay.since, Stay.id)
    stay = select(
        *(Stay.person_id, Stay.team_id, Stay.since, Stay.until),
        func.lag(Stay.id).over(partition_by=Stay.person_id, order_by=order).label("earlier"),
        func.lead(Stay.since, type_=UtcDateTime()).over(partition_by=Stay.person_id, order_by=order).label("later"),
    ).subquery("stood")
    one = stay.c
    begun = or_(one.earlier.is_(None), one.since <= moment)
    lasts = and_(or_(one.until.is_(None), one.until > moment), or_(one.later.is_(None), one.later > moment))
    return stay, and_(one.person_id == person_id, one.team_id.in_(teams), begun, lasts)


def days_asked(asked: Asked, moment: Any) -> ColumnElement[bool]:
    """The condition that leaves the moments of the days that are asked for, on the viewer's calendar: `within` in SQL."""
    first, last, zone = asked.filters.since, asked.filters.until, asked.who.time_zone
    since = true() if first is None else moment >= literal(start_of_day(first, zone), UtcDateTime())
    return since if last is None else and_(since, moment <= literal(end_of_day(last, zone), UtcDateTime()))


def within(asked: Asked, moment: datetime) -> bool:
    """Whether a moment lies in the days that are asked for, on the viewer's calendar."""
    first, last = asked.filters.since, asked.filters.until
    if first is None and last is None:
        return True
    day = local_date(moment, asked.who.time_zone)
    return (first is None or day >= first) and (last is None or day <= last)
