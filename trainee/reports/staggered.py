"""What a roll-out changed where teams got it at different times: those that have it against those that still wait for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from trainee.coaching.calibration.agreement import student
from trainee.reports.effect import chance_of

LEAST_TEAMS: Final = 8
"""Below so many teams their number decides what comes out and not what they do."""
EACH_DATE: Final = 2
"""So many teams have to begin together, and so many still to wait, for a month to be compared."""
LATER: Final = 3
"""So many months from the one of the roll-out on are looked at."""


@dataclass(frozen=True, slots=True)
class Course:
    """One team: in which month it got the programme (None: not yet), and its mean scores by month."""

    start: int | None
    months: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Rollout:
    """What a staggered roll-out changed, in scores; `why` names what is in the way where nothing can be told. `effect` lies between low and high."""

    teams: int
    waiting: int
    dates: int
    why: str = ""
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class _Cell:
    """One month after one date of the roll-out: which teams have it, which wait, and by how much each moved since the month before that date."""

    having: Mapping[int, float]
    waiting: Mapping[int, float]

    @property
    def effect(self) -> float:
        return _mean(self.having) - _mean(self.waiting)


def rollout(courses: Sequence[Course]) -> Rollout:
    """Group-time effects averaged by the teams in them (Callaway and Sant'Anna 2021, Journal of Econometrics 225:200), not-yet-treated as comparison.

    A plain difference in differences with two-way fixed effects sets late teams beside early ones that have the programme already, and is wrong
    where the effect grows (Goodman-Bacon 2021, Journal of Econometrics 225:254). Here a team is compared only with teams that still wait, each by
    how far it moved since the month before the roll-out. The interval is cluster-robust: each team counts as one, with the small-sample correction
    of HC2 and Student's t; teams that move together over months do not make it surer. It assumes that without the programme all teams would have
    moved alike.
    """
    dates = sorted({one.start for one in courses if one.start is not None})
    cells = [cell for date in dates for month in range(date, date + LATER) if (cell := _cell(courses, date, month)) is not None]
    used = {place for cell in cells for place in (*cell.having, *cell.waiting)}
    having = {place for cell in cells for place in cell.having}
    counted = sorted({courses[place].start or 0 for place in having})
    found = Rollout(len(having), len(used - having), len(counted))
    if len(dates) < 2:
        return Rollout(len(having), len(used - having), len(dates), "not_staggered")
    if len(counted) < 2 or len(used) < LEAST_TEAMS:
        return Rollout(found.teams, found.waiting, found.dates, "few_teams")
    all_of = sum(len(cell.having) for cell in cells)
    effect = sum(len(cell.having) * cell.effect for cell in cells) / all_of
    pull = dict.fromkeys(used, 0.0)
    for cell in cells:
        share = len(cell.having) / all_of
        for side, sign in ((cell.having, 1), (cell.waiting, -1)):
            middle, n = _mean(side), len(side)
            for place, moved in side.items():
                pull[place] += sign * share * (moved - middle) / n * sqrt(n / (n - 1))
    error = sqrt(sum(one * one for one in pull.values()))
    freedom = max(len(used) - len(counted) - 1, 1)
    half = student(freedom) * error
    return Rollout(found.teams, found.waiting, found.dates, "", effect, effect - half, effect + half, chance_of(effect, error, freedom))


def _cell(courses: Sequence[Course], date: int, month: int) -> _Cell | None:
    def moved(wanted: Mapping[int, Course]) -> dict[int, float]:
        both = {place: one.months for place, one in wanted.items() if date - 1 in one.months and month in one.months}
        return {place: months[month] - months[date - 1] for place, months in both.items()}

    having = moved({place: one for place, one in enumerate(courses) if one.start == date})
    waiting = moved({place: one for place, one in enumerate(courses) if one.start is None or one.start > month})
    return _Cell(having, waiting) if min(len(having), len(waiting)) >= EACH_DATE else None


def _mean(values: Mapping[int, float]) -> float:
    return sum(values.values()) / len(values)
