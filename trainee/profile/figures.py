"""What a page shows of a skill: a level with a band, how sure we are, where it is going, and the four lines beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import erf, sqrt
from typing import Final, Literal

from trainee.profile import policy
from trainee.profile.falls import Fall
from trainee.profile.filter import PRODUCT, Outlook, sigmoid

Certainty = Literal["unknown", "first", "sure"]
Trend = Literal["rising", "steady", "falling"]

# One in ten figures that stand still would be said to move, either way.
_Z_TREND: Final = 1.28
# The figure a trend compares with is the closing of the month before the month before last: sixty to ninety days ago.
EARLIER_MONTHS: Final = 3
# A movement of the expected score smaller than this is not worth a word.
_WORTH: Final = 0.05


@dataclass(frozen=True, slots=True)
class Figure:
    """One skill on one line: `n` pieces of evidence, and the belief on the logit scale, the skill's difficulty taken off."""

    n: int
    mean: float
    var: float
    last_at: datetime | None
    # The same belief two to three months before, and the evidence it rested on then.
    earlier: tuple[float, float, int] | None = None
    # The difficulty that was taken off.
    hard: float = 0.0
    # By how much its bands have to be wider than the filter's own doubt to hold what they promise, as their misses taught.
    width: float = 1.0
    # The belief as it stood right after the last piece of evidence, before any waiting: mean, variance, and of the mean what is this very skill's
    # and not the general level's. None where it was not asked for: then it is taken as it stands.
    seen: tuple[float, float, float] | None = None

    @property
    def settled(self) -> "Figure":
        """The figure as its last piece of evidence left it: what waiting does not change."""
        if self.seen is None:
            return self
        return replace(self, mean=self.seen[0], var=self.seen[1], seen=None)

    @property
    def expected(self) -> float:
        """The score to expect on a typical task, 0 to 1."""
        return Outlook(self.mean, self.var).expected

    @property
    def doubt(self) -> float:
        """The variance by which bands and probabilities are told: the filter's, as wide as it has to be."""
        return self.var * self.width * self.width

    @property
    def low(self) -> float:
        """The lower end of the band that holds the true score four times in five."""
        return Outlook(self.mean, self.doubt).band()[0]

    @property
    def high(self) -> float:
        """The upper end of that band."""
        return Outlook(self.mean, self.doubt).band()[1]

    @property
    def reliability(self) -> float:
        """How much of the first doubt is gone, 0 to 1."""
        return Outlook(self.mean, self.var).reliability()

    @property
    def reliable(self) -> bool:
        """Whether the place itself is known well enough on the logit scale."""
        return self.n >= policy.ENOUGH_PIECES and self.reliability >= policy.ENOUGH_RELIABILITY

    @property
    def enough(self) -> bool:
        """Whether the evidence is enough to show a level: it is reliable, or its band says a level of itself.

        The band is laid where the last piece of evidence left the figure, as wide as the doubt is now: waiting only widens it, so that no level
        comes to be told because nobody looked.
        """
        if self.reliable or self.n < policy.ENOUGH_PIECES:
            return self.reliable
        return policy.told_by_band(*self._told_band())

    def _told_band(self) -> tuple[float, float]:
        return Outlook(self.mean if self.seen is None else self.seen[0], self.doubt).band()

    @property
    def well_at_work(self) -> bool:
        """Of a line at work: whether it says by itself that the level below the highest is reached, nine times in ten.

        The first marks on a skill count only where they were no worse than what else is known of her: else one bad mark would speak for her,
        as there was none before.
        """
        stood = self.settled
        own = 0.0 if self.seen is None else self.seen[2]
        return stood.n > 0 and (own >= 0.0 or stood.n >= policy.ENOUGH_PIECES) and stood.low >= policy.CUTS[-2]

    @property
    def at_least(self) -> bool:
        """Whether no more is known than that the level is reached or passed: told by the band alone, and the band holds more than one."""
        if self.reliable or not self.enough:
            return False
        low, high = self._told_band()
        return policy.level_of(low) != policy.level_of(high)

    @property
    def level(self) -> int:
        """The level, 1 to 4, where there is enough to tell one: the likeliest, or, where only the band tells it, the lowest it holds."""
        return policy.level_of(self.expected if self.reliable else self._told_band()[0])

    @property
    def certainty(self) -> Certainty:
        """'unknown' (not enough evidence yet), 'first' (a first guess) or 'sure'."""
        if not self.enough:
            return "unknown"
        return "sure" if self.reliability >= policy.PLAIN_RELIABILITY else "first"

    @property
    def trend(self) -> Trend | None:
        """Where it is going; None while there is too little to say.

        A figure moves by itself while evidence comes in: by the doubt it lost plus the drift the filter allows for. Only
        what goes beyond that is called a movement.
        """
        if self.earlier is None or not self.enough:
            return None
        mean, var, n = self.earlier
        if n < policy.ENOUGH_PIECES or self.n == n:
            return None
        ordinary = sqrt(max(var - self.var, 0.0) + (self.n - n) * (PRODUCT.qg + PRODUCT.qu))
        moved = self.mean - mean
        if abs(moved) <= _Z_TREND * ordinary or abs(self.expected - Outlook(mean, var).expected) < _WORTH:
            return "steady"
        return "rising" if moved > 0 else "falling"

    @property
    def began_since(self) -> bool:
        """Whether two to three months ago there was too little on it to be compared with."""
        return self.earlier is None or self.earlier[2] < policy.ENOUGH_PIECES

    @property
    def below(self) -> int | None:
        """Where no level can be told: the lowest of those that are surely not reached, which is all there is to say; None where nothing is."""
        if self.n < policy.ENOUGH_PIECES:
            return None
        left = self.settled
        return next((level for level in range(2, len(policy.CUTS) + 2) if left.reaches(level) < policy.SURELY_NOT), None)

    def reaches(self, level: int) -> float:
        """The probability that the level is reached or passed."""
        return _reaches(self.mean, self.doubt, level)

    def short_of(self, level: int) -> float:
        """The probability that the level is not reached, from where the last piece of evidence left the figure: waiting never raises it."""
        return 1.0 - max(self.settled.reaches(level), self._held.reaches(level))

    def surely_at(self, level: int) -> float:
        """The probability that the level is reached or passed, from where the last piece of evidence left the figure: waiting never raises it."""
        return min(self.settled.reaches(level), self._held.reaches(level))

    @property
    def _held(self) -> "Figure":
        # Where the last piece left it, with the doubt there is now.
        return self if self.seen is None else replace(self, mean=self.seen[0])


def _reaches(mean: float, var: float, level: int) -> float:
    if level <= 1:
        return 1.0
    return 0.5 * (1.0 + erf((mean - policy.threshold(level)) / sqrt(2.0 * var)))


NOTHING: Final = Figure(0, 0.0, PRODUCT.vg + PRODUCT.vu, None)


@dataclass(frozen=True, slots=True)
class Level:
    """What a person's evidence on one skill adds up to: over all, and on each of the four lines."""

    skill: str
    figure: Figure
    lines: Mapping[str, Figure]
    at: datetime
    # What many came down in at once, by the calibration it was folded under.
    falls: tuple[Fall, ...] = ()

    @property
    def certainty(self) -> Certainty:
        """'unknown' (not enough evidence yet), 'first' (a first guess) or 'sure'."""
        return self.figure.certainty

    @property
    def seen_at_work(self) -> bool:
        """Whether real work speaks for the highest level: one of its lines is well by itself."""
        return any(self.lines[line].well_at_work for line in policy.lines_at_work() if line in self.lines)

    @property
    def level(self) -> int | None:
        """1 to 4, or None while the evidence is not enough; 4 only where real work speaks for it."""
        if not self.figure.enough:
            return None
        return self.figure.level if self.seen_at_work else min(self.figure.level, policy.HIGHEST_WITHOUT_WORK)

    @property
    def held_back(self) -> bool:
        """Whether the level would be 4 if it had been seen at work."""
        return self.figure.enough and not self.seen_at_work and policy.level_of(self.figure.expected) > policy.HIGHEST_WITHOUT_WORK

    @property
    def settled(self) -> "Level":
        """The same as the last pieces of evidence left it."""
        return replace(self, figure=self.figure.settled)

    @property
    def lowest(self) -> int:
        """The level at the lower end of the band."""
        return self._bounded(self.figure.low)

    @property
    def highest(self) -> int:
        """The level at the upper end of the band."""
        return self._bounded(self.figure.high)

    @property
    def stale(self) -> bool:
        """Whether there has been no evidence for so long that the figure should be looked at again."""
        return self.figure.last_at is not None and self.at - self.figure.last_at > policy.STALE_AFTER

    @property
    def trend(self) -> Trend | None:
        """Where it is going; None while there is too little to say.

        A skill is not said to move where only the general level did, by what came on other skills: one of its own lines has to move that way, or
        to have begun since on that side of where the skill stood.
        """
        moved = self.figure.trend
        if moved is None or moved == "steady" or any(figure.trend == moved for figure in self.lines.values()):
            return moved
        before = Outlook(*self.figure.earlier[:2]).expected if self.figure.earlier is not None else self.figure.expected
        begun = [figure.settled.expected for figure in self.lines.values() if figure.began_since and figure.n >= policy.ENOUGH_PIECES]
        return moved if any((expected < before) == (moved == "falling") for expected in begun) else None

    def _bounded(self, expected: float) -> int:
        found = policy.level_of(expected)
        return found if self.seen_at_work else min(found, policy.HIGHEST_WITHOUT_WORK)


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """How a skill stood when a month ended; `month` is its first day's year and month."""

    year: int
    month: int
    expected: float
    low: float
    high: float
    n: int
    enough: bool
    # The belief on the logit scale.
    mean: float
    var: float
    width: float = 1.0

    @property
    def level(self) -> int:
        """The level that was told then, where there was enough to tell one."""
        return Figure(self.n, self.mean, self.var, None, width=self.width).level

    def reaches(self, level: int) -> float:
        """The probability that the level was reached or passed then."""
        return _reaches(self.mean, self.var * self.width * self.width, level)


# A mean of fewer people would say what one of them can do.
TEAM_OF: Final = 3


@dataclass(frozen=True, slots=True)
class TeamMonth:
    """How a team stood in a skill when a month ended: the mean expected score of the `people` of whom a level could be told."""

    year: int
    month: int
    expected: float
    people: int


def month_figure(month: int, mean: float, var: float, n: int, width: float = 1.0) -> MonthFigure:
    """A month's closing figure from its belief."""
    figure = Figure(n, mean, var, None, width=width)
    return MonthFigure(month // 12, month % 12 + 1, figure.expected, figure.low, figure.high, n, figure.enough, mean, var, width)


def as_score(mean: float) -> float:
    """A place on the logit scale as a score on a typical task."""
    return sigmoid(mean)
