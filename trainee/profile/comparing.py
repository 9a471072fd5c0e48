"""Whether somebody is behind the rest of the team in a skill: said to those who lead the team, seldom, and only when it is clear.

A mean of the filter is drawn towards the average person by what is not known, by the factor R (reliability). Undrawn, the
estimate is mean / R with variance var / R, and the difference to the mean of the colleagues' estimates is Gaussian with the
sum of their variances. One-sided, divided by the number of skills compared (Bonferroni): whoever is as good as her team in
everything is named, in any skill, with at most the probability `CHANCE`. What it came to is in docs/measurements.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erf, sqrt
from typing import Final

from trainee.profile.figures import Figure, Level
from trainee.profile.filter import PRODUCT

# The error that is allowed. The bands are a little wide, so that about one in a hundred equals is named, and never more than one in twenty.
CHANCE: Final = 0.10
# Fewer colleagues are no team to be compared with.
COLLEAGUES: Final = 3
# Who sees one of them may see no other, and observers differ: by such a variance on the logit scale, and so many of them see a team.
_OBSERVERS: Final = 0.8
_WATCHING: Final = 3


@dataclass(frozen=True, slots=True)
class Behind:
    """A skill in which somebody is behind her colleagues: by how much on the logit scale, and how likely chance alone would show as much."""

    skill: str
    by: float
    chance: float
    colleagues: int


def behind_team(levels: Mapping[str, Level], colleagues: Sequence[Mapping[str, Level]]) -> list[Behind]:
    """The skills in which a person is clearly behind the mean of her colleagues, the clearest first. Only what is reliable is compared."""
    found = []
    for skill, level in levels.items():
        others = [one[skill] for one in colleagues if skill in one and one[skill].figure.reliable]
        if level.figure.reliable and len(others) >= COLLEAGUES:
            found.append(_compared(skill, level, others))
    clear = [one for one in found if one.chance <= CHANCE / len(found)]
    return sorted(clear, key=lambda one: (one.chance, one.skill))


def _compared(skill: str, mine: Level, others: Sequence[Level]) -> Behind:
    many = len(others)
    by = sum(_undrawn(one.figure) for one in others) / many - _undrawn(mine.figure)
    doubt = _doubt(mine.figure) + sum(_doubt(one.figure) for one in others) / many**2
    # What one observer's leniency does to all whom she sees does not even out among them.
    seen = sum(map(_by_observers, others)) / many
    doubt += _OBSERVERS * (_by_observers(mine) ** 2 + seen**2 / min(many, _WATCHING))
    return Behind(skill, by, 0.5 * (1.0 - erf(by / sqrt(2.0 * doubt))), many)


def _doubt(figure: Figure) -> float:
    return figure.var / figure.reliability


def _by_observers(level: Level) -> float:
    """How much of what is known of a skill was told by observers, as a share of what each line by itself took of the first doubt."""
    told = {line: 1.0 / figure.var - 1.0 / (PRODUCT.vg + PRODUCT.vu) for line, figure in level.lines.items() if figure.n}
    total = sum(max(one, 0.0) for one in told.values())
    return max(told.get("observed", 0.0), 0.0) / total if total else 0.0


def _undrawn(figure: Figure) -> float:
    # The difficulty of the skill was taken off after the drawing, so it is put back before.
    return (figure.mean + figure.hard) / figure.reliability
