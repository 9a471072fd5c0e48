"""What a person of the demonstration company can really do: the truth behind the history, which no page ever sees."""

from dataclasses import dataclass, field
from random import Random

from trainee import skills

LINES = ("knowing", "playing", "working")
# How far answering and practising run ahead of doing it at work, in levels.
_AHEAD = {"knowing": 0.75, "playing": 0.35, "working": 0.0}
_MEAN, _SPREAD, _SKILL_SPREAD = 2.25, 0.5, 0.2
_PER_WEEK, _PLATEAUS, _DECLINES = 0.02, 0.15, 0.05


@dataclass
class Mind:
    """Levels 1 to 4 per skill, which grow week by week; `fixed` holds what a planted story says instead, by line and skill."""

    start: dict[str, float]
    per_week: float
    fixed: dict[tuple[str, str], float] = field(default_factory=dict)

    def level(self, line: str, skill: str, week: float) -> float:
        """The true level on one line in a week counted from the beginning of the history."""
        level = self.fixed.get((line, skill))
        if level is None:
            level = self.start.get(skill, _MEAN) + self.per_week * week + _AHEAD[line]
        return min(max(level, 1.0), 4.0)

    def chance(self, line: str, skill: str, week: float) -> float:
        """The probability of doing it as one should: about .4 at level 1, .6 at level 2, .8 at level 3 and .95 at level 4."""
        level = self.level(line, skill, week)
        return min(0.4 + 0.2 * (level - 1.0), 0.95) if level < 4.0 else 0.95


def new_mind(rng: Random, new: bool = False) -> Mind:
    """Somebody's levels: each family has its own mean; most grow, some stand still, a few decline. New ones start lower and learn faster."""
    start = {}
    for family in skills.framework().families:
        mean = rng.gauss(_MEAN - (0.3 if new else 0.0), _SPREAD)
        for skill in skills.framework().of_family(family.key):
            start[skill.key] = rng.gauss(mean, _SKILL_SPREAD)
    luck = rng.random()
    per_week = _PER_WEEK * (2.0 if new else 1.0) * rng.uniform(0.5, 1.5)
    if luck < _DECLINES:
        per_week = -_PER_WEEK
    elif luck < _DECLINES + _PLATEAUS:
        per_week = 0.0
    return Mind(start, per_week)
