"""Where a level is going, and whether what is expected will be reached in time; worked out when it is asked for and never stored.

The belief of today is carried on by its movement since the closing of two to three months before. A movement D over t months, of beliefs that
would move by themselves with variance w (the doubt that was lost and the drift the filter allows for, as `Figure.trend` counts it), says of a pace
drawn from N(0, PACE^2) that it is N(s, u) with s = PACE^2 t D / (PACE^2 t^2 + w) and u = PACE^2 w / (PACE^2 t^2 + w): the linear Gaussian update,
which shrinks a pace towards standing still the more, the less is known of it. After h months the level is N(mean + s h, var + u h^2 + DRIFT h).
Drawing the line through two figures on, without shrinking, foretells worse than saying that nothing changes; docs/measurements.md has the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import erf, sqrt
from typing import Final, Literal

from trainee.profile import policy
from trainee.profile.figures import EARLIER_MONTHS, Figure, Level, MonthFigure
from trainee.profile.filter import PRODUCT, Outlook
from trainee.profile.fold import end_of_month, month_of

Status = Literal["unknown", "reached", "on_track", "at_risk", "missed"]

# Chosen in the simulated company (`profile.simulation`), once as it is and once with people who go up or down steadily: logits a month, and their
# square a month by which a skill moves of itself.
PACE: Final = 0.10
DRIFT: Final = 0.06
_MONTH: Final = timedelta(days=30)
# A pace is not trusted for longer than this, and what has no date is looked at so far ahead.
_TRUSTED: Final = 6.0
AHEAD: Final = timedelta(days=90)
_LIKELY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where one skill will be at a moment: the outlook, and the probability that the level expected is reached by then."""

    at: datetime
    outlook: Outlook
    chance: float

    @property
    def levels(self) -> tuple[int, int, int]:
        """The lowest, the likeliest and the highest level: the true one lies between the outer two four times in five."""
        low, high = self.outlook.band()
        return policy.level_of(low), policy.level_of(self.outlook.expected), policy.level_of(high)


def forecast(level: Level, target: int, until: datetime | None) -> Forecast | None:
    """Where a level will be at `until` (None: in three months) and how likely the target is reached by then; None while nothing can be said of it."""
    figure = level.figure
    until = level.at + AHEAD if until is None else until
    if not figure.enough or until <= level.at:
        return None
    months = (until - level.at) / _MONTH
    pace, doubt = _pace(figure, level.at)
    reach = min(months, _TRUSTED)
    outlook = Outlook(figure.mean + pace * reach, figure.doubt + doubt * reach**2 + DRIFT * months)
    return Forecast(until, outlook, _chance(outlook, target))


def _pace(figure: Figure, at: datetime) -> tuple[float, float]:
    """Logits a month, and the variance of that."""
    if figure.earlier is None or figure.earlier[2] < policy.ENOUGH_PIECES:
        return 0.0, PACE**2
    mean, var, n = figure.earlier
    months = (at - end_of_month(month_of(at) - EARLIER_MONTHS)) / _MONTH
    noise = max(var - figure.var, 0.0) + (figure.n - n) * (PRODUCT.qg + PRODUCT.qu)
    known = PACE**2 * months**2 + noise
    return PACE**2 * months * (figure.mean - mean) / known, PACE**2 * noise / known


def _chance(outlook: Outlook, target: int) -> float:
    if target <= 1:
        return 1.0
    return 0.5 * (1.0 + erf((outlook.mean - policy.threshold(target)) / sqrt(2.0 * outlook.var)))


def status(level: Level, target: int, until: datetime | None = None, then: int | None = None) -> Status:
    """How it stands with a target at `level.at`; of one whose time is over (`until` has passed), by the level `then` (`level_then`).

    Reached is what the shown level says: a level of 4 needs evidence from work. On track is what is reached by its date at least as likely as not.
    """
    over = until is not None and until <= level.at
    judged = then if over else level.level
    if judged is None:
        return "unknown"
    if judged >= target:
        return "reached"
    if over:
        return "missed"
    told = forecast(level, target, until)
    return "on_track" if told is not None and told.chance >= _LIKELY else "at_risk"


def level_then(months: Sequence[MonthFigure], day: date) -> int | None:
    """The level when the month of that day ended, or as it stands while it has not; None while too little was known. `months` as of `histories`."""
    told = [month for month in months if (month.year, month.month) <= (day.year, day.month)]
    return told[-1].level if told and told[-1].enough else None
