"""How far observers agree who scored the same contacts: exactly, within one level, and beyond chance; each with its interval.

A unit is what several people scored at once: one line of one contact. Everything here is arithmetic on levels 1 to 4.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import mean

from trainee.kit.intervals import Z, wilson

LEVELS = (1, 2, 3, 4)
# Under so many units an agreement beyond chance says nothing: one contact more may turn it round.
FEWEST_UNITS = 5

Unit = Mapping[int, int]
Weights = Callable[[int, int], float]


def quadratic(one: int, other: int) -> float:
    """How far two levels lie apart, squared, so that two levels weigh four times as much as one (Fleiss and Cohen 1973)."""
    return float((one - other) ** 2)


@dataclass(frozen=True, slots=True)
class Measure:
    """A share or a kappa with its 95 % interval; `low` and `high` are None when there is too little to say."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far several observers agree over some units. `kappa` is None when too few units were scored, or everybody always gave one level."""

    exact: Measure
    within: Measure
    kappa: Measure | None
    units: int
    observers: int


def agreement(units: Sequence[Unit]) -> Agreement | None:
    """How far the observers of these units agree; None when no unit was scored by two.

    Shares are over all pairs of observers of a unit. A unit with k observers has k(k-1)/2 pairs and only k-1 independent comparisons, and the
    interval is as wide as the latter allow.
    """
    scored = [unit for unit in units if len(unit) > 1]
    if not scored:
        return None
    pairs = [pair for unit in scored for pair in combinations(unit.values(), 2)]
    independent = sum(len(unit) - 1 for unit in scored)
    exact = sum(one == other for one, other in pairs) / len(pairs)
    within = sum(abs(one - other) <= 1 for one, other in pairs) / len(pairs)
    return Agreement(
        share(exact, independent), share(within, independent), kappa_of(scored), len(scored), len({who for unit in scored for who in unit})
    )


def share(p: float, n: int) -> Measure:
    """A share of n comparisons with its Wilson score interval (Wilson 1927), which stays inside 0 and 1 also for a share of 0 or 1."""
    return Measure(p, *wilson(p, n))


def kappa(units: Sequence[Unit], apart: Weights = quadratic) -> float | None:
    """Weighted kappa: 1 - observed / expected disagreement; None when no disagreement could be expected.

    For two observers it is Cohen's (Cohen 1968, Psychological Bulletin 70:213). For more, the disagreements observed and expected of every pair of
    observers are added up over the units both scored, each pair with its own two distributions of levels, so that a lenient observer is told
    apart from an erratic one (the weighted form of Conger 1980, Psychological Bulletin 88:322).
    """
    observed = expected = 0.0
    for marks in _by_pair(units):
        size = len(marks)
        observed += sum(apart(one, other) for one, other in marks)
        first, second = ([levels[place] for levels in marks] for place in (0, 1))
        expected += sum(first.count(one) * second.count(other) * apart(one, other) for one in LEVELS for other in LEVELS) / size
    return None if expected == 0 else 1 - observed / expected


def _by_pair(units: Sequence[Unit]) -> Iterator[list[tuple[int, int]]]:
    """For every two observers, what both gave to the units that both scored."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for unit in units:
        for one, other in combinations(sorted(unit), 2):
            found.setdefault((one, other), []).append((unit[one], unit[other]))
    yield from found.values()


def kappa_of(units: Sequence[Unit], apart: Weights = quadratic) -> Measure | None:
    """Weighted kappa with a jackknife interval over the units (Fleiss and Davies 1982, Applied Psychological Measurement 6:289)."""
    whole = kappa(units, apart)
    if whole is None or len(units) < FEWEST_UNITS:
        return None
    size = len(units)
    without = [kappa([*units[:place], *units[place + 1 :]], apart) for place in range(size)]
    if any(one is None for one in without):
        return Measure(whole, None, None)
    pseudo = [size * whole - (size - 1) * one for one in without if one is not None]
    centre = mean(pseudo)
    error = sqrt(sum((one - centre) ** 2 for one in pseudo) / (size - 1) / size)
    half = student(size - 1) * error
    return Measure(whole, max(whole - half, -1.0), min(whole + half, 1.0))


def student(freedom: int) -> float:
    """Student's t that 95 % of values lie within, for four degrees of freedom or more (Abramowitz and Stegun 1964, 26.7.5, to three terms)."""
    z = Z
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def leans(differences: Sequence[float]) -> Measure | None:
    """By how many levels somebody marks above (+) or below (-) the measure, with a t interval; None without any."""
    if not differences:
        return None
    size, centre = len(differences), mean(differences)
    if size < FEWEST_UNITS:
        return Measure(centre, None, None)
    error = sqrt(sum((one - centre) ** 2 for one in differences) / (size - 1) / size)
    half = student(size - 1) * error
    return Measure(centre, centre - half, centre + half)
