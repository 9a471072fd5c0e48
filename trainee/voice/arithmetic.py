"""The figures made of customers' answers: plain arithmetic on numbers, each with how many answers it rests on and how sure it is.

Nothing here asks a database or a clock.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from trainee.kit.intervals import Z, wilson

# From how many answers on the recommendation may be shown of one person: below it is noise (n 25: 33 points either way).
PERSON_NPS = 100
# Below this many answers on either side nothing is said of a change.
TREND = 30
# How far apart two figures of looks that are repeated every month have to be, in standard errors, before the page speaks: the three of Shewhart's
# charts (1931). Twelve looks a year are wrong more often than one (Armitage, McPherson and Rowe 1969, JRSS A 132:235), and by how much was simulated:
# on answers that do not change both rules speak in at most 4.3 years of a hundred, all twelve looks together (docs/measurements.md).
SPEAKS = 3.0
# So many months are one figure, and so many figures in a row, a month apart, have to be lower than the one before.
WINDOW, FALLS = 3, 3

Counts = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the `n` answers it rests on, and between what and what it lies with 95 % confidence. None where nobody answered."""

    value: float | None
    n: int
    low: float
    high: float


def nps(counts: Counts) -> Figure:
    """Promoters (9, 10) minus detractors (0 to 6) in hundredths of all answers, -100 to +100 (Reichheld 2003); passives (7, 8) are among all.

    The interval is the adjusted Wald of Rocks (2016, The American Statistician 70:365): with three answers more, of which 3/4 promote, 3/4
    detract and 3/2 are passive.
    """
    promoters, passives, detractors = classes(counts)
    n = promoters + passives + detractors
    value = 100 * (promoters - detractors) / n if n else None
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = Z * sqrt((p + d - (p - d) ** 2) / (n + 3))
    return Figure(value, n, max(100 * (p - d - half), -100.0), min(100 * (p - d + half), 100.0))


def classes(counts: Counts) -> tuple[int, int, int]:
    """How many promoters, passives and detractors there are among answers from 0 to 10."""
    promoters = sum(many for value, many in counts.items() if value >= 9)
    detractors = sum(many for value, many in counts.items() if value <= 6)
    return promoters, sum(counts.values()) - promoters - detractors, detractors


def top_two(counts: Counts, highest: int = 5) -> Figure:
    """The share of the two best answers of a scale in hundredths, as CSAT counts them of five; the interval is Wilson's (1927)."""
    return at_least(counts, highest - 1)


def at_least(counts: Counts, good_answer: int) -> Figure:
    """The share of answers of `good_answer` and more in hundredths (who found it easy: 5 to 7 of 7); the interval is Wilson's (1927)."""
    n = sum(counts.values())
    good = sum(many for value, many in counts.items() if value >= good_answer)
    low, high = wilson(good / n if n else 0.0, n)
    return Figure(100 * good / n if n else None, n, 100 * low, 100 * high)


def mean(values: Counts | Sequence[float]) -> Figure:
    """The mean of answers (CES: 1 to 7; a gap: -6 to +6) with Student's interval; from one answer on, and sure of nothing below two."""
    pairs: Sequence[tuple[float, int]] = list(values.items()) if isinstance(values, Mapping) else list(Counter(values).items())
    n = sum(many for _value, many in pairs)
    if not n:
        return Figure(None, 0, float("-inf"), float("inf"))
    middle = sum(value * many for value, many in pairs) / n
    if n < 2:
        return Figure(middle, n, float("-inf"), float("inf"))
    spread = sqrt(sum(many * (value - middle) ** 2 for value, many in pairs) / (n - 1))
    half = student(n - 1) * spread / sqrt(n)
    return Figure(middle, n, middle - half, middle + half)


def student(df: int) -> float:
    """Between minus and plus so many standard errors lie 95 in 100 with `df` degrees of freedom.

    From the normal distribution by Cornish and Fisher's expansion (Abramowitz and Stegun 1964, 26.7.5), right to 0.003 from 4 on; below, a table.
    """
    if df in _SMALL:
        return _SMALL[df]
    z = Z
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + first / df + second / df**2 + third / df**3 + fourth / df**4


_SMALL = {1: 12.706, 2: 4.303, 3: 3.182}


def gap(pairs: Sequence[tuple[float, float]]) -> Figure:
    """What customers found minus what they expect of an excellent team, each pair one customer's own means; below 0 it falls short."""
    return mean([found - expected for expected, found in pairs])


def response_rate(answered: int, asked: int) -> Figure:
    """The share in hundredths of those asked who answered, with Wilson's interval."""
    share = answered / asked if asked else 0.0
    low, high = wilson(share, asked)
    return Figure(100 * share if asked else None, asked, 100 * low, 100 * high)


# A trend ----------------------------------------------------------------------------------------------------------------------------------------


def scored(measure: str, counts: Counts) -> tuple[int, float, float]:
    """How many answers, their mean and its variance, each answer as the measure counts it: -1, 0, 1 for NPS, itself for CES, else 0 or 1."""
    n, middle, spread = _moments(measure, counts)
    return n, middle, _variance(measure, n, spread) / n if n else 0.0


def _moments(measure: str, counts: Counts) -> tuple[int, float, float]:
    """How many answers, their mean, and the sum of their squared distances from it."""
    n = sum(counts.values())
    if not n:
        return 0, 0.0, 0.0
    as_counted: Counter[float] = Counter()
    for value, many in counts.items():
        as_counted[_one(measure, value)] += many
    middle = sum(value * many for value, many in as_counted.items()) / n
    return n, middle, sum(many * (value - middle) ** 2 for value, many in as_counted.items())


def _variance(measure: str, n: int, spread: float) -> float:
    # A little is added, as the adjusted interval does, so that a month without any variety does not claim to be sure.
    wide = {"nps": 0.5, "ces": 2.25}.get(measure, 0.25)
    return (spread + 3 * wide) / (n + 3)


def _one(measure: str, value: int) -> float:
    if measure == "nps":
        return 1.0 if value >= 9 else (-1.0 if value <= 6 else 0.0)
    return float(value) if measure == "ces" else float(value >= 4)


def apart(measure: str, before: Counts, after: Counts) -> float:
    """How many standard errors `after` lies above (below 0: under) `before`; 0 where one of them has fewer answers than `TREND`.

    The standard error is the larger of two: the one of two groups that vary each in its own way (Welch 1938, Biometrika 29:350), and the one of
    answers that did not change (the score test's, Wilson 1927). With few and mostly good answers either alone is often too small.
    """
    (n1, mean1, spread1), (n2, mean2, spread2) = _moments(measure, before), _moments(measure, after)
    if min(n1, n2) < TREND:
        return 0.0
    own = _variance(measure, n1, spread1) / n1 + _variance(measure, n2, spread2) / n2
    all_of = spread1 + spread2 + n1 * n2 / (n1 + n2) * (mean1 - mean2) ** 2
    return (mean2 - mean1) / sqrt(max(own, _variance(measure, n1 + n2, all_of) * (1 / n1 + 1 / n2)))


def together(months: Sequence[Counts]) -> Counter[int]:
    """The answers of several months in one."""
    found: Counter[int] = Counter()
    for one in months:
        found.update(one)
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """What a look at the months says: 'falls' (three in a row, and not by chance), 'lower' or 'higher' than the past, 'steady', or 'too_few'."""

    kind: str
    before: Figure | None = None
    after: Figure | None = None


def figure(measure: str, counts: Counts) -> Figure:
    """The figure of a measure: NPS, the mean for CES, and for all that is asked from 1 to 5 the share of the two best answers."""
    return {"nps": nps, "ces": mean}.get(measure, top_two)(counts)


def look(measure: str, months: Sequence[Counts]) -> Change:
    """What months of answers say, the last one newest: falls of the figure in a row, and the last three months against the up to twelve before.

    The figure is that of three months. It falls in a row where three times running it is lower than a month earlier; what is told of that is the
    newest beside the one three months before, which shares no answer with it. In both cases it is told only from `SPEAKS` standard errors on.
    """
    recent, past = together(months[-WINDOW:]), together(months[-12 - WINDOW : -WINDOW])
    if min(sum(recent.values()), sum(past.values())) < TREND:
        return Change("too_few")
    running = [together(months[end - WINDOW : end]) for end in range(len(months) - FALLS, len(months) + 1) if end >= WINDOW]
    told = [value for one in running if (value := figure(measure, one).value) is not None]
    falling = len(told) == FALLS + 1 and all(later < sooner for sooner, later in pairwise(told))
    if falling and apart(measure, running[0], running[-1]) <= -SPEAKS:
        return Change("falls", figure(measure, running[0]), figure(measure, running[-1]))
    distance = apart(measure, past, recent)
    kind = "steady" if abs(distance) < SPEAKS else ("higher" if distance > 0 else "lower")
    return Change(kind, figure(measure, past), figure(measure, recent))


@dataclass(frozen=True, slots=True)
class Noticed:
    """What looks at the end of each month said alike, from the month at place `first` until the one at `last`; its figures are those of the first."""

    first: int
    last: int
    change: Change

    @property
    def up(self) -> bool:
        """Whether it was higher than before."""
        return self.change.kind == "higher"


def noticed(measure: str, months: Sequence[Counts]) -> list[Noticed]:
    """What was to be noticed at the end of each of these months, oldest first: each look knows only what had been answered by then."""
    found: list[Noticed] = []
    for place in range(FALLS, len(months)):
        change = look(measure, months[: place + 1])
        if change.kind not in ("falls", "lower", "higher"):
            continue
        last = found[-1] if found else None
        if last is not None and last.last == place - 1 and last.up == (change.kind == "higher"):
            found[-1] = Noticed(last.first, place, last.change)
        else:
            found.append(Noticed(place, place, change))
    return found


@dataclass(frozen=True, slots=True)
class Risen:
    """That a figure lies above the low after a noticed fall again: the place of the first month since that low, and both figures."""

    since: int
    low: Figure
    now: Figure


def risen(measure: str, months: Sequence[Counts]) -> Risen | None:
    """Whether the last three months lie above the lowest three since the newest noticed fall began; None where chance may have brought that about.

    The low shares no answer with the last three. The two intervals must not overlap, and `SPEAKS` standard errors are asked for. None, too, where
    nothing was noticed, where the newest that was is no fall, and while it falls.
    """
    seen = noticed(measure, months)
    if not seen or seen[-1].up or look(measure, months).kind == "falls":
        return None
    windows = [(end, together(months[end - WINDOW : end])) for end in range(seen[-1].first + 1, len(months) - WINDOW + 1)]
    told = [(value, end, one) for end, one in windows if one.total() >= TREND and (value := figure(measure, one).value) is not None]
    if not told:
        return None
    _value, end, then = min(told, key=lambda one: one[:2])
    last = together(months[-WINDOW:])
    low, now = figure(measure, then), figure(measure, last)
    return Risen(end, low, now) if low.high < now.low and apart(measure, then, last) >= SPEAKS else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How far groups lie from each other: the standard deviation of their figures, and the one that chance alone would bring; `n` groups."""

    n: int
    between: float
    chance: float


def spread(measure: str, groups: Sequence[Counts]) -> Spread | None:
    """The spread of a measure among groups in its own unit; None below three groups of enough answers. Two means alike may spread differently."""
    told = [(mean, var) for n, mean, var in (scored(measure, one) for one in groups) if n >= TREND]
    if len(told) < 3:
        return None
    unit = 1 if measure == "ces" else 100
    middle = sum(mean for mean, _var in told) / len(told)
    between = sqrt(sum((mean - middle) ** 2 for mean, _var in told) / (len(told) - 1))
    return Spread(len(told), unit * between, unit * sqrt(sum(var for _mean, var in told) / len(told)))


def deviation(values: Sequence[float]) -> float | None:
    """The standard deviation of these values; None below two."""
    if len(values) < 2:
        return None
    middle = sum(values) / len(values)
    return sqrt(sum((value - middle) ** 2 for value in values) / (len(values) - 1))


def difference(before: Figure, after: Figure) -> Figure | None:
    """What `after` is more than `before`, two means of different people, with 95 % confidence; None without one. Margins add by their squares."""
    if before.value is None or after.value is None or min(before.n, after.n) < 2:
        return None
    half = sqrt(((before.high - before.low) / 2) ** 2 + ((after.high - after.low) / 2) ** 2)
    moved = after.value - before.value
    return Figure(moved, before.n + after.n, moved - half, moved + half)
