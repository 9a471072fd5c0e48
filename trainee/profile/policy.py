"""What we make of the log: which sources say how much, when an estimate may be shown, and where the levels lie.

All of it is policy and none of it is stored with the evidence. `key()` names the whole of it; figures folded under
another key are folded anew by `rebuild`.
"""

import hashlib
from bisect import bisect_right
from datetime import timedelta
from functools import cache
from operator import attrgetter
from typing import Final, NamedTuple

from trainee.evidence import LINES, Miller, Source, sources
from trainee.profile.filter import PRODUCT, Task, logit

# The line that all counted sources feed, beside the one line each source belongs to.
ALL: Final = "all"
EVERY_LINE: Final = (ALL, *LINES)

# Expected scores at which levels 2, 3 and 4 begin.
CUTS: Final = (0.45, 0.65, 0.85)
# A level of 4 needs evidence from real work.
HIGHEST_WITHOUT_WORK: Final = 3
ENOUGH_RELIABILITY: Final = 0.5
ENOUGH_PIECES: Final = 3
PLAIN_RELIABILITY: Final = 0.7
# A level that is reached with less than this probability is surely not.
SURELY_NOT: Final = 0.25
STALE_AFTER: Final = timedelta(days=90)
# What is older than this says nothing about today's gap.
RECENT: Final = timedelta(days=365)


class Rule(NamedTuple):
    """How one source's evidence enters the filter."""

    source: Source
    line: str
    task: Task

    @property
    def prior(self) -> tuple[float, float]:
        """How hard an item of the source is before anything was learned of it: mean and variance."""
        return self.source.anchor or (0.0, PRODUCT.vd)


def level_of(expected: float) -> int:
    """The level, 1 to 4, of an expected score on a typical task."""
    return 1 + bisect_right(CUTS, expected)


def told_by_band(low: float, high: float) -> bool:
    """Whether a band says a level of itself: it lies within one level, or wholly at or above the level that is expected most.

    Near the top hardly any answer is a surprise, so that doubt on the logit scale stays large however many there are, while
    on the scale of scores, which is the one that is shown, there is little left to doubt (docs/measurements.md).
    """
    return level_of(low) == level_of(high) or low >= CUTS[-2]


def highest(line: str) -> int:
    """The highest level that the evidence of one line can show by itself: the fourth has to be seen at work."""
    return len(CUTS) + 1 if line in lines_at_work() else HIGHEST_WITHOUT_WORK


def threshold(level: int) -> float:
    """Where a level begins, on the logit scale; level 1 begins nowhere, so it answers minus infinity."""
    return logit(CUTS[level - 2]) if level > 1 else float("-inf")


@cache
def rule(source: str, choices: int) -> Rule | None:
    """How evidence of that source, chosen among that many options, enters the filter; None when it does not count."""
    kind = sources.get(source)
    if kind is None or not kind.counts:
        return None
    # What is remembered of an observer is an inclination, and an inclination is not learned by being watched.
    recalls = kind.line != "observed"
    return Rule(kind, kind.line, Task(kind.loading, kind.weight, kind.chance(choices), kind.teaches, recalls))


@cache
def lines_at_work() -> tuple[str, ...]:
    """The lines whose evidence comes from real work."""
    return tuple(line for line in LINES if any(kind.line == line and kind.miller == Miller.DOES for kind in sources))


@cache
def key() -> str:
    """The name of this policy: it changes with any constant of the filter and any figure of a source."""
    parts = [repr(PRODUCT)]
    figures = attrgetter("key", "line", "loading", "weight", "guessing", "teaches", "remembered", "sits", "anchor")
    parts += [" ".join(str(one) for one in figures(kind)) for kind in sources]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
