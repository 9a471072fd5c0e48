"""What customers' answers tell of one person to whoever neither is she nor leads her, while too few answered."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from trainee import profile
from trainee.evidence.sources import sources
from trainee.profile import Level
from trainee.voice.queries import LEAST


def from_customer(source: str) -> bool:
    """Whether evidence of this source is a customer's answer."""
    return source in sources and sources[source].line == "customers"


def held_in(levels: Mapping[str, Level]) -> frozenset[str]:
    """The skills of which fewer customers answered than a figure takes: to others no more is told than how many."""
    return frozenset(skill for skill, level in levels.items() if 0 < level.lines["customers"].n < LEAST)


def without_customers(levels: Mapping[str, Level], skills: Collection[str]) -> dict[str, Level]:
    """These skills as they are told without customers' line, in which a gap is looked for then."""
    return {skill: replace(levels[skill], lines={**levels[skill].lines, "customers": profile.NOTHING}) for skill in skills}
