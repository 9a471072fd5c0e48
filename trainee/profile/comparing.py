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

# The error that is allowed. The bands are a little wide, so that about one in a hundred equals is named, and never more than one in twenty.
CHANCE: Final = 0.10
# Fewer colleagues are no team to be compared with.
COLLEAGUES: Final = 3


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
        others = [one[skill].figure for one in colleagues if skill in one and one[skill].figure.reliable]
        if level.figure.reliable and len(others) >= COLLEAGUES:
            found.append(_compared(skill, level.figure, others))
    clear = [one for one in found if one.chance <= CHANCE / len(found)]
    return sorted(clear, key=lambda one: (one.chance, one.skill))


def _compared(skill: str, mine: Figure, others: Sequence[Figure]) -> Behind:
    many = len(others)
    by = sum(_undrawn(one) for one in others) / many - _undrawn(mine)
    doubt = mine.var / mine.reliability + sum(one.var / one.reliability for one in others) / many**2
    return Behind(skill, by, 0.5 * (1.0 - erf(by / sqrt(2.0 * doubt))), many)


def _undrawn(figure: Figure) -> float:
    # The difficulty of the skill was taken off after the drawing, so it is put back before.
    return (figure.mean + figure.hard) / figure.reliability
