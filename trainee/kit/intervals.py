"""How sure a share is, and the difference of two."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

# Of the standard normal distribution: 95 in 100 lie within.
Z = NormalDist().inv_cdf(0.975)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Between what and what a share of `n` lies with 95 % confidence: the score interval of Wilson (1927), which stays inside 0 and 1."""
    if not n:
        return 0.0, 1.0
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def adjusted_wald(up: int, down: int, n: int) -> tuple[float, float]:
    """Between what and what the share of those `up` minus the share of those `down` among `n` lies with 95 % confidence; -1..1.

    The adjusted Wald interval of a net promoter score (Rocks 2016, The American Statistician 70:365): three answers are added, three quarters of
    one at each side and one and a half between.
    """
    if not n:
        return -1.0, 1.0
    size = n + 3
    middle, sides = (up - down) / size, (up + down + 1.5) / size
    half = Z * sqrt((sides - middle * middle) / size)
    return max(middle - half, -1.0), min(middle + half, 1.0)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of `n` were good."""

    good: int
    n: int

    @property
    def share(self) -> float:
        """The good ones among all, 0..1; 0 where there is none."""
        return self.good / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between what and what the share lies with 95 % confidence, after Wilson. All of it where there is none."""
        return wilson(self.share, self.n)


def change(before: Share, after: Share) -> tuple[float, float, float]:
    """What `after` is more than `before`, and between what and what with 95 % confidence; -1..1.

    Two shares that are independent: Newcombe's hybrid of two Wilson intervals (1998, Statistics in Medicine 17:873, method 10).
    """
    (low1, high1), (low2, high2) = before.interval, after.interval
    moved = after.share - before.share
    down = sqrt((after.share - low2) ** 2 + (high1 - before.share) ** 2)
    up = sqrt((high2 - after.share) ** 2 + (before.share - low1) ** 2)
    return moved, moved - down, moved + up
