"""How wide a band has to be to mean what it says: learned from the bands' own hits and misses, at night, and only from what is past.

A band says where the mean of a person's next twenty answers on one skill lies, four times in five. Its reach comes of doubt about the person,
which is the filter's, and of chance, which is that of right and wrong answers and cannot be argued with. Once the twenty have come, each band
says by how much the doubt should have been wider or narrower for its end to lie exactly where they came to lie; the four fifths' quantile of
these is the factor for the bands to come (split conformal prediction: Vovk, Gammerman and Shafer 2005; Lei et al. 2018), as near to 1 as its
standard error allows. It multiplies the standard deviation of the belief. Nothing the filter learns depends on it, and no answer waits for it.

Choices in a role-play and marks of an observer have more steps than right and wrong, and vary less around what was to be expected: by how much is
learned from how those of one band lie around their own mean, which the person's level does not enter. What they have in common besides her level,
the form of one run or the inclination of one observer, does not even out by their number and is counted as chance.

This module is arithmetic on values: it knows no database and no clock.
"""

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, pi, sqrt
from statistics import NormalDist, fmean, pvariance
from typing import Final, NamedTuple

from trainee.profile.filter import PRODUCT, Constants, Memory, Normal, Outlook, Task, sigmoid

# A band foretells so many answers, holds so large a share of them, and is judged from so many pieces on the skill on. Of what comes less often it
# foretells fewer.
NEXT: Final = 20
NEXT_OF: Final = {"knowledge": NEXT, "practice": 8, "observed": 5}
HELD: Final = 0.8
KNOWN: Final = 3
REACH: Final = NormalDist().inv_cdf((1.0 + HELD) / 2.0)
# Until so many bands have been judged they are as wide as the filter says; no factor goes beyond these.
ENOUGH: Final = 100
NARROWEST: Final = 0.5
WIDEST: Final = 2.0
# The middles of so many slices of a Gaussian, each as likely as the others.
_SLICES: Final = [NormalDist().inv_cdf((number + 0.5) / 21) for number in range(21)]


class Promise(NamedTuple):
    """What was foretold of the mean of some answers to come: its middle, the variance that is doubt about the person, and that which is chance."""

    middle: float
    doubt: float
    chance: float
    # Chance that the answers share, so that it does not even out among them.
    shared: float = 0.0

    def band(self, width: float = 1.0) -> tuple[float, float]:
        """Between which means they lie four times in five, the doubt being so many times as wide."""
        reach = REACH * sqrt(width * width * self.doubt + self.chance + self.shared)
        return self.middle - reach, self.middle + reach

    def needed(self, came: float) -> float:
        """The square of the width at which the band would have ended where they came to lie; below 0 where chance alone reaches as far."""
        return (((came - self.middle) / REACH) ** 2 - self.chance - self.shared) / max(self.doubt, 1e-9)


@dataclass(slots=True)
class Marks:
    """Bands of what has more steps than right and wrong, and how widely that lies around its own mean beside what right and wrong would."""

    bands: list[tuple[Promise, float]] = field(default_factory=list)
    lie: float = 0.0
    would: float = 0.0

    def add(self, told: Promise, came: float, lie: float, would: float) -> None:
        """One more band: what was promised as of right and wrong, what came, and how widely."""
        self.bands.append((told, came))
        self.lie += lie
        self.would += would

    @property
    def dispersion(self) -> float:
        """The variance of one mark as a share of that of a right or wrong answer."""
        return min(max(self.lie / self.would, 0.05), 1.0) if self.would else 1.0

    def judged(self) -> "Judged":
        """What these bands would have needed."""
        share = self.dispersion
        return Judged(sorted(told._replace(chance=share * told.chance).needed(came) for told, came in self.bands))


@dataclass(slots=True)
class Judged:
    """What the bands judged so far would have needed, smallest first."""

    needed: list[float] = field(default_factory=list)

    @classmethod
    def together(cls, some: "Iterable[Judged]") -> "Judged":
        """The bands of all of these."""
        return cls(sorted(needed for one in some for needed in one.needed))

    def add(self, needed: float) -> None:
        """One more band has been judged."""
        insort(self.needed, needed)

    @property
    def n(self) -> int:
        """How many bands were judged."""
        return len(self.needed)

    @property
    def width(self) -> float:
        """The factor for the doubt of the bands to come; 1 while there are too few, and as near to it as one standard error allows."""
        if self.n < ENOUGH:
            return 1.0
        error = sqrt(HELD * (1.0 - HELD) / self.n)
        narrow, wide = self._quantile(HELD - error), self._quantile(HELD + error)
        return min(max(1.0, narrow, NARROWEST), max(wide, NARROWEST), WIDEST)

    def _quantile(self, share: float) -> float:
        place = min(ceil(share * (self.n + 1)), self.n) - 1
        return sqrt(max(self.needed[place], 0.0))


class Asked(NamedTuple):
    """One answer to come as it was seen when the twenty began: its task, and what was believed of its item and of the memory of it."""

    task: Task
    hard: float
    doubt: float
    # The item, or whoever marks it, and the sitting it came from: what answers may share.
    item: str = ""
    sitting: str = ""


def promise(theta: Outlook, hard: float, asked: Sequence[Asked]) -> Promise:
    """What a skill's outlook (`hard`: the variance of its difficulty) says of the mean of the answers that are asked."""
    spread = sqrt(theta.var + hard)
    means, chances = [], []
    damped = [(one.task.a, one.task.c, one.hard, 1.0 / sqrt(1.0 + pi / 8 * one.doubt)) for one in asked]
    for z in _SLICES:
        here = theta.mean + z * spread
        right = [c + (1.0 - c) * sigmoid(damp * (a * here - item)) for a, c, item, damp in damped]
        means.append(fmean(right))
        chances.append(sum(p * (1.0 - p) for p in right) / len(right) ** 2)
    return Promise(fmean(means), pvariance(means), fmean(chances))


def _in_common(asked: Sequence[Asked], slope: float) -> float:
    """The variance of their mean that comes of what some of them share: an item or an observer met more than once, and the form of a sitting."""
    n = len(asked)
    items = Counter(one.item for one in asked)
    doubts = {one.item: one.doubt for one in asked}
    sittings = Counter(one.sitting for one in asked if one.sitting)
    again = sum((times * times - times) / n**2 * doubts[item] for item, times in items.items())
    return slope * slope * (again + PRODUCT.vf * sum(times * times for times in sittings.values()) / n**2)


def _remembered(memory: Memory | None, day: float, k: Constants = PRODUCT) -> tuple[float, float]:
    if memory is None:
        return 0.0, 0.0
    waited = day - memory.at
    faded = (1.0 + waited / k.tau_item) ** -k.beta_item if waited > 0.0 and memory.n else 1.0
    return memory.m * faded, memory.v


@dataclass(slots=True)
class _Open:
    """Twenty answers that are on their way."""

    theta: Outlook
    hard: float
    asked: list[Asked] = field(default_factory=list)
    seen: dict[str, Asked] = field(default_factory=dict)
    scores: list[float] = field(default_factory=list)

    @property
    def came(self) -> float:
        return fmean(self.scores)

    def of_marks(self, into: Marks) -> None:
        """Judge a band of what is neither right nor wrong."""
        told = promise(self.theta, self.hard, self.asked)
        n = len(self.asked)
        expected = [self._expected(one) for one in self.asked]
        would = fmean(p * (1.0 - p) for p in expected)
        beside = [score - p for score, p in zip(self.scores, expected, strict=True)]
        lie = sum((one - fmean(beside)) ** 2 for one in beside) / (n - 1)
        sittings = Counter(one.sitting for one in self.asked if one.sitting)
        # Two sittings differ by their forms as well, which is no matter of one mark.
        formed = PRODUCT.vf * (sum(sittings.values()) / n - sum(times * times for times in sittings.values()) / n**2) * n / (n - 1)
        into.add(told._replace(shared=_in_common(self.asked, would)), self.came, lie - would * would * formed, would)

    def _expected(self, one: Asked) -> float:
        damp = 1.0 / sqrt(1.0 + pi / 8 * (one.doubt + self.theta.var + self.hard))
        return one.task.c + (1.0 - one.task.c) * sigmoid(damp * (one.task.a * self.theta.mean - one.hard))


@dataclass(slots=True)
class Watch:
    """Judges every twenty answers of everybody on each skill, as they come; what one is judged by was known when it began.

    Of a line whose scores are more than right and wrong it is so many as `NEXT_OF` says, and they are `marks`.
    """

    line: str = "knowledge"
    answers: Judged = field(default_factory=Judged)
    marks: Marks = field(default_factory=Marks)
    _open: dict[tuple[int, str], _Open] = field(default_factory=dict)

    def awaits(self, place: tuple[int, str]) -> bool:
        """Whether twenty answers of that person on that skill are on their way."""
        return place in self._open

    def begin(self, place: tuple[int, str], theta: Outlook, hard: Normal) -> None:
        """Foretell the next twenty."""
        self._open[place] = _Open(theta, hard.v)

    @property
    def judged(self) -> Judged:
        """What the bands judged so far would have needed."""
        return self.answers if self.line == "knowledge" else self.marks.judged()

    def answer(
        self, place: tuple[int, str], item: str, task: Task, hard: Normal, memory: Memory | None, day: float, score: float, sitting: str = ""
    ) -> None:
        """One of the twenty has come, and nothing has been learned from it yet."""
        one = self._open[place]
        asked = one.seen.get(item)
        if asked is None:
            m, v = _remembered(memory, day)
            asked = one.seen[item] = Asked(task, hard.m - task.a * m, hard.v + task.a * task.a * v, item)
        one.asked.append(asked._replace(sitting=sitting) if sitting else asked)
        one.scores.append(score)
        if len(one.asked) == NEXT_OF[self.line]:
            del self._open[place]
            if self.line == "knowledge":
                self.answers.add(promise(one.theta, one.hard, one.asked).needed(one.came))
            else:
                one.of_marks(self.marks)
