"""Who was trained, seen and rated lately, at which times of the week nobody is seen, and whether the first thirty seconds set the rest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import atanh, sqrt, tanh
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select

from trainee.coaching import Observation, ObservationLine
from trainee.kit.db import db
from trainee.kit.i18n import _l
from trainee.kit.intervals import Z
from trainee.modules.progress import PartDone
from trainee.people import Person, Team
from trainee.voice import Rating

LATELY: Final = timedelta(days=30)
# Fewer contacts than these say nothing about whether the beginning sets the rest.
FEWEST: Final = 30
DAYS: Final = {"week": _l("Monday to Friday"), "weekend": _l("at the weekend")}
# From which hour to which, on the clock of the company.
HOURS: Final = {
    "morning": (6, 12, _l("Morning")),
    "afternoon": (12, 18, _l("Afternoon")),
    "evening": (18, 24, _l("Evening")),
    "night": (0, 6, _l("Night")),
}


@dataclass(frozen=True, slots=True)
class Covered:
    """One person, and when she last finished something, was observed and was rated by a customer; None for never."""

    id: int
    name: str
    team: str
    trained_at: datetime | None
    seen_at: datetime | None
    rated_at: datetime | None


def people_covered(whose: Any) -> list[Covered]:
    """Everybody the condition on `Person.id` is about and whose account is open; who was not observed longest stands first. One statement."""
    last = [
        select(func.max(moment)).where(owner == Person.id).correlate(Person).scalar_subquery()
        for moment, owner in (
            (PartDone.last_at, PartDone.person_id),
            (Observation.seen_at, Observation.person_id),
            (Rating.given_at, Rating.person_id),
        )
    ]
    statement = (
        select(Person.id, Person.name, Team.name.label("team"), *last)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(whose, Person.disabled_at.is_(None))
        .order_by(Person.name_sort)
    )
    found = [Covered(row[0], row[1], row[2] or "", *row[3:]) for row in db.session.execute(statement)]
    return sorted(found, key=lambda one: (one.seen_at is not None, one.seen_at))


def lately(moment: datetime | None, at: datetime) -> bool:
    """Whether that was within the last thirty days."""
    return moment is not None and at - moment <= LATELY


@dataclass(frozen=True, slots=True)
class Shift:
    """A time of the week: how many contacts were observed in it lately, and how many customers said something about one."""

    days: str
    hours: str
    observed: int
    rated: int

    @property
    def missed(self) -> bool:
        """Whether customers were there and nobody looked."""
        return self.rated > 0 and self.observed == 0


def shifts(whose: Any, at: datetime, time_zone: str) -> list[Shift]:
    """The times of the week in the last thirty days, those nobody looked at first. Two statements."""
    observed, rated = (
        _by_shift(db.session.scalars(select(moment).where(owner.in_(select(Person.id).where(whose)), moment > at - LATELY, moment <= at)), time_zone)
        for moment, owner in ((Observation.seen_at, Observation.person_id), (Rating.given_at, Rating.person_id))
    )
    found = [Shift(*place, observed[place], rated[place]) for place in ((days, hours) for days in DAYS for hours in HOURS)]
    return sorted(found, key=lambda one: (not one.missed, not one.observed + one.rated))


def _by_shift(moments: Any, time_zone: str) -> Counter[tuple[str, str]]:
    zone, found = ZoneInfo(time_zone), Counter[tuple[str, str]]()
    for moment in moments:
        here = moment.astimezone(zone)
        hours = next(name for name, (begin, end, _words) in HOURS.items() if begin <= here.hour < end)
        found["week" if here.weekday() < 5 else "weekend", hours] += 1
    return found


def channels(whose: Any, at: datetime) -> list[tuple[str, int]]:
    """The channels in which any of these people were ever observed, with how often lately, those nobody looked at lately first. One statement."""
    new = func.count().filter((Observation.seen_at > at - LATELY) & (Observation.seen_at <= at))
    statement = select(Observation.channel, new.label("new")).where(Observation.person_id.in_(select(Person.id).where(whose)))
    return sorted(((row[0], row[1]) for row in db.session.execute(statement.group_by(Observation.channel))), key=lambda one: one[1])


def openings(whose: Any) -> list[tuple[int, float]]:
    """Of every contact of these people: the first thirty seconds and the mean level of its lines, where both are there. One statement."""
    # A critical error makes a line the lowest, whatever mark it has.
    level = case((ObservationLine.critical.is_not(None), 1), else_=ObservationLine.level)
    statement = (
        select(Observation.opening, func.avg(level))
        .join(ObservationLine, ObservationLine.observation_id == Observation.id)
        .where(Observation.person_id.in_(select(Person.id).where(whose)), Observation.opening.is_not(None))
        .group_by(Observation.id, Observation.opening)
        .having(func.count(level) > 0)
    )
    return [(row[0], float(row[1])) for row in db.session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Beginning:
    """How the first thirty seconds go with the rest of a contact, over `n` of them.

    `r` is Pearson's correlation with its 95 % interval; None below `FEWEST` contacts, or where the one or the other is always the same. `rest` is the
    mean level of the other lines for each level of the beginning, with how many contacts had it.
    """

    n: int
    r: tuple[float, float, float] | None
    rest: list[tuple[int, float, int]]


def beginning(pairs: Sequence[tuple[int, float]]) -> Beginning:
    """What pairs of (level of the first thirty seconds, mean level of the lines) say. The interval is Fisher's, by his z (1921)."""
    found = correlation(pairs) if len(pairs) >= FEWEST else None
    if found is None:
        return Beginning(len(pairs), None, [])
    by_level = {level: [rest for first, rest in pairs if first == level] for level in sorted({first for first, _rest in pairs})}
    half = Z / sqrt(len(pairs) - 3)
    middle = atanh(max(min(found, 0.999999), -0.999999))
    rest = [(level, sum(values) / len(values), len(values)) for level, values in by_level.items()]
    return Beginning(len(pairs), (found, tanh(middle - half), tanh(middle + half)), rest)


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's correlation, -1..1; None where the one or the other is always the same."""
    n = len(pairs)
    if n == 0:
        return None
    mean_x, mean_y = (sum(pair[place] for pair in pairs) / n for place in (0, 1))
    xx, yy = sum((x - mean_x) ** 2 for x, _y in pairs), sum((y - mean_y) ** 2 for _x, y in pairs)
    if xx <= 0 or yy <= 0:
        return None
    return sum((x - mean_x) * (y - mean_y) for x, y in pairs) / sqrt(xx * yy)
