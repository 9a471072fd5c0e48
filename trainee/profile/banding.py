"""Do the bands hold? For every twenty answers to come, whether their mean lies where it was expected four times in five.

Difficulties are learned on the other folds' people and frozen. What comes next is drawn many times from what is believed
when the twenty begin: of the person, of her skills, of what she remembers of items, of their difficulties, and of chance.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from operator import attrgetter
from typing import Final

from trainee.profile.evaluation import Answer, Log, Replay, split
from trainee.profile.filter import PRODUCT, Ability, Constants, Facet, Memory, Normal, sigmoid, step

NEXT: Final = 20
# How many answers must be known before anything is foretold: of a person, and of one skill.
_KNOWN: Final = 10
_KNOWN_OF_SKILL: Final = 3
_DRAWS: Final = 200


@dataclass(frozen=True, slots=True)
class Held:
    """How many twenties there were, and the share of them inside the 80 % band; of any skills, and of one skill."""

    mixed: int
    mixed_inside: float
    single: int
    single_inside: float


def bands(found: Log, folds: int, seed: int = 1, constants: Constants = PRODUCT) -> Held:
    """Foretell every twenty answers of everybody, and count; deterministic for a seed."""
    told: dict[bool, list[bool]] = {True: [], False: []}
    draw = random.Random(seed)
    for before, answers in split(found, folds, seed):
        known = Replay(constants)
        known.run(before, learning=True)
        for _person, mine in groupby(sorted(answers, key=attrgetter("person", "day", "order")), key=attrgetter("person")):
            for single, inside in _held(list(mine), known, constants, draw):
                told[single].append(inside)
    return Held(len(told[False]), _share(told[False]), len(told[True]), _share(told[True]))


def _share(told: Sequence[bool]) -> float:
    return sum(told) / len(told) if told else float("nan")


def as_text(held: Held) -> str:
    """The figures, one a line."""
    return "\n".join(
        [
            f"next {NEXT} answers inside the 80 % band, any skill {held.mixed_inside:.3f} of {held.mixed}",
            f"next {NEXT} answers inside the 80 % band, one skill {held.single_inside:.3f} of {held.single}",
        ]
    )


def _held(mine: Sequence[Answer], known: Replay, k: Constants, draw: random.Random) -> Iterator[tuple[bool, bool]]:
    """One person's twenties, as they come: whether of one skill, and whether the band held."""
    state = _State(known, k)
    begin: dict[int, list[tuple[bool, list[Answer]]]] = {}
    for single, places in _twenties(mine):
        begin.setdefault(places[0], []).append((single, [mine[place] for place in places]))
    for place, answer in enumerate(mine):
        for single, coming in begin.get(place, ()):
            low, high = state.band(coming, draw)
            yield single, low <= sum(one.score for one in coming) / NEXT <= high
        state.take(answer)


def _twenties(mine: Sequence[Answer]) -> Iterator[tuple[bool, list[int]]]:
    of_skill: dict[str, list[int]] = {}
    for place, answer in enumerate(mine):
        of_skill.setdefault(answer.skills[0], []).append(place)
    for single, places, known in [(False, list(range(len(mine))), _KNOWN), *((True, one, _KNOWN_OF_SKILL) for one in of_skill.values())]:
        for start in range(known, len(places) - NEXT + 1, NEXT):
            yield single, places[start : start + NEXT]


class _State:
    """What is believed of one person, under difficulties that are only read."""

    def __init__(self, known: Replay, k: Constants) -> None:
        self.known, self.k = known, k
        self.who = Ability(0.0, k.vg)
        self.facets: dict[str, Facet] = {}
        self.memories: dict[str, Memory] = {}

    def take(self, answer: Answer) -> None:
        """Learn from an answer as the filter does."""
        k = self.k
        facets = [self.facets.setdefault(tag, Facet(0.0, 0.0, k.vu, 0, answer.day)) for tag in answer.skills]
        hard = [self._hard(tag) for tag in answer.skills]
        memory = self.memories.setdefault(answer.item, Memory(0.0, k.vr, 0, answer.day)) if answer.rule.source.remembered else None
        step(self.who, facets, hard, memory, self._item(answer.item), answer.score, answer.day, answer.rule.task, k, False)

    def _hard(self, tag: str) -> Normal:
        return self.known.skills.get(tag) or Normal(0.0, self.k.vb)

    def _item(self, item: str) -> Normal:
        return self.known.items.get(item) or Normal(0.0, self.k.vd)

    def band(self, coming: Sequence[Answer], draw: random.Random) -> tuple[float, float]:
        """Between which means the next answers lie four times in five."""
        means = sorted(self._once(coming, draw) for _ in range(_DRAWS))
        return means[_DRAWS // 10], means[_DRAWS - _DRAWS // 10 - 1]

    def _once(self, coming: Sequence[Answer], draw: random.Random) -> float:
        """One way in which they may go."""
        g = draw.gauss(self.who.m, sqrt(self.who.v))
        tags: dict[str, tuple[float, float]] = {}
        items: dict[str, tuple[float, float]] = {}
        right = 0
        for answer in coming:
            a, _w, c, _teaches, _recalls = answer.rule.task
            for tag in answer.skills:
                if tag not in tags:
                    tags[tag] = self._skill(tag, g, answer.day, draw)
            if answer.item not in items:
                items[answer.item] = self._memory(answer, draw)
            remembered, d = items[answer.item]
            skill = sum(tags[tag][0] for tag in answer.skills) / len(answer.skills)
            hard = sum(tags[tag][1] for tag in answer.skills) / len(answer.skills)
            right += draw.random() < c + (1.0 - c) * sigmoid(a * (g + skill + remembered) - hard - d)
        return right / len(coming)

    def _skill(self, tag: str, g: float, day: float, draw: random.Random) -> tuple[float, float]:
        b = self._hard(tag)
        facet = self.facets.get(tag)
        if facet is None:
            return draw.gauss(0.0, sqrt(self.k.vu)), draw.gauss(b.m, sqrt(b.v))
        phi = (1.0 + max(day - facet.at, 0.0) / self.k.tau) ** -self.k.beta
        var = self.k.vu + (facet.c - self.k.vu) * phi * phi
        return draw.gauss(phi * (facet.al + facet.be * g), sqrt(var)), draw.gauss(b.m, sqrt(b.v))

    def _memory(self, answer: Answer, draw: random.Random) -> tuple[float, float]:
        d = self._item(answer.item)
        hard = draw.gauss(d.m, sqrt(d.v))
        if not answer.rule.source.remembered:
            return 0.0, hard
        memory = self.memories.get(answer.item)
        if memory is None:
            return draw.gauss(0.0, sqrt(self.k.vr)), hard
        phi = (1.0 + max(answer.day - memory.at, 0.0) / self.k.tau_item) ** -self.k.beta_item
        return draw.gauss(phi * memory.m, sqrt(memory.v)), hard
