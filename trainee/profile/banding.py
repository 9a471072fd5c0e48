"""Do the bands hold? For every twenty answers to come, whether their mean lies where it was expected four times in five.

Difficulties are learned on the other folds' people and frozen. What comes next is drawn many times from what is believed
when the twenty begin: of the person, of her skills, of what she remembers of items, of their difficulties, and of chance.
How wide the bands have to be is learned as in the product: from those that were judged before one begins (`profile/widths.py`).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from operator import attrgetter
from statistics import fmean, pvariance
from typing import Final, NamedTuple

from trainee.profile.evaluation import Answer, Log, Replay, split
from trainee.profile.filter import PRODUCT, Ability, Constants, Facet, Memory, Normal, sigmoid, step
from trainee.profile.widths import HELD, KNOWN, NEXT, Judged, Promise

# How many answers of a person must be known before anything is foretold of answers of any skill.
_KNOWN: Final = 10
_DRAWS: Final = 200
_TAIL: Final = (1.0 - HELD) / 2.0


@dataclass(frozen=True, slots=True)
class Held:
    """Of so many twenties, the share inside the 80 % band.

    `inside` are bands as wide as those judged before say; `width` is the factor they came to in the end. `filter` are bands as wide as the filter
    says. `whole` and `fair` are the same ones drawn in whole answers: with both ends in, and with the ends' probability shared out so that exactly
    80 % are promised. What lies between those two is no doubt but grain: twenty answers have twenty-one means.
    """

    n: int
    inside: float
    width: float
    filter: float
    whole: float
    fair: float


def bands(found: Log, folds: int, seed: int = 1, constants: Constants = PRODUCT) -> dict[str, Held]:
    """Foretell every twenty answers of everybody, of any skill and of one, and count; deterministic for a seed."""
    told: dict[bool, list[_Told]] = {False: [], True: []}
    draw = random.Random(seed)
    for before, answers in split(found, folds, seed):
        known = Replay(constants)
        known.run(before, learning=True)
        for _person, mine in groupby(sorted(answers, key=attrgetter("person", "day", "order")), key=attrgetter("person")):
            for single, one in _foretold(list(mine), known, constants, draw):
                told[single].append(one)
    return {"any": _held(told[False]), "one": _held(told[True])}


class _Told(NamedTuple):
    """One twenty: when it began and ended, what was promised, what came, and what the drawn whole answers say of that."""

    began: tuple[float, int]
    ended: tuple[float, int]
    promise: Promise
    came: float
    whole: bool
    fair: float


def _held(told: Sequence[_Told]) -> Held:
    if not told:
        nothing = float("nan")
        return Held(0, nothing, 1.0, nothing, nothing, nothing)
    inside, judged = _learning(told)
    return Held(
        len(told),
        inside / len(told),
        judged.width,
        fmean(_within(one, 1.0) for one in told),
        fmean(one.whole for one in told),
        fmean(one.fair for one in told),
    )


def _learning(told: Sequence[_Told]) -> tuple[int, Judged]:
    """How many bands held that were as wide as all those say that had ended before they began; and all of them."""
    judged, inside = Judged(), 0
    ended = sorted(told, key=attrgetter("ended"))
    known = 0
    for one in sorted(told, key=attrgetter("began")):
        while ended[known].ended < one.began:
            judged.add(ended[known].promise.needed(ended[known].came))
            known += 1
        inside += _within(one, judged.width)
    for one in ended[known:]:
        judged.add(one.promise.needed(one.came))
    return inside, judged


def _within(one: _Told, width: float) -> bool:
    low, high = one.promise.band(width)
    return low <= one.came <= high


_WORDS: Final = {"any": "any skill", "one": "one skill"}


def as_text(told: dict[str, Held]) -> str:
    """The figures, one a line."""
    lines = []
    for kind, held in told.items():
        words = f"next {NEXT} answers inside the 80 % band, {_WORDS[kind]}"
        lines += [
            f"{words} {held.inside:.3f} of {held.n}",
            f"{words}, width learned in the end {held.width:.2f}",
            f"{words}, as wide as the filter says {held.filter:.3f}",
            f"{words}, the same in whole answers {held.whole:.3f}",
            f"{words}, the same with its ends shared out {held.fair:.3f}",
        ]
    return "\n".join(lines)


def _foretold(mine: Sequence[Answer], known: Replay, k: Constants, draw: random.Random) -> Iterator[tuple[bool, _Told]]:
    """One person's twenties, as they come; whether each is of one skill."""
    state = _State(known, k)
    begin: dict[int, list[tuple[bool, list[Answer]]]] = {}
    for single, places in _twenties(mine):
        begin.setdefault(places[0], []).append((single, [mine[place] for place in places]))
    for place, answer in enumerate(mine):
        for single, coming in begin.get(place, ()):
            yield single, state.tell(coming, draw)
        state.take(answer)


def _twenties(mine: Sequence[Answer]) -> Iterator[tuple[bool, list[int]]]:
    of_skill: dict[str, list[int]] = {}
    for place, answer in enumerate(mine):
        of_skill.setdefault(answer.skills[0], []).append(place)
    for single, places, known in [(False, list(range(len(mine))), _KNOWN), *((True, one, KNOWN) for one in of_skill.values())]:
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

    def tell(self, coming: Sequence[Answer], draw: random.Random) -> _Told:
        """Draw what may come, and hold it against what came."""
        drawn = [self._once(coming, draw) for _ in range(_DRAWS)]
        means = [mean for mean, _chance, _right in drawn]
        promise = Promise(fmean(means), pvariance(means), fmean(chance for _mean, chance, _right in drawn))
        came = sum(one.score for one in coming)
        rights = sorted(right for _mean, _chance, right in drawn)
        whole = rights[int(_DRAWS * _TAIL)] <= came <= rights[-int(_DRAWS * _TAIL) - 1]
        below, at = sum(right < came for right in rights) / _DRAWS, sum(right == came for right in rights) / _DRAWS
        fair = max(min(below + at, 1.0 - _TAIL) - max(below, _TAIL), 0.0) / at if at else float(_TAIL <= below <= 1.0 - _TAIL)
        began, ended = coming[0], coming[-1]
        return _Told((began.day, began.order), (ended.day, ended.order), promise, came / NEXT, whole, fair)

    def _once(self, coming: Sequence[Answer], draw: random.Random) -> tuple[float, float, int]:
        """One way in which they may go: the mean to expect, the variance of chance around it, and how many are right by it."""
        g = draw.gauss(self.who.m, sqrt(self.who.v))
        tags: dict[str, tuple[float, float]] = {}
        items: dict[str, tuple[float, float]] = {}
        expected = []
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
            expected.append(c + (1.0 - c) * sigmoid(a * (g + skill + remembered) - hard - d))
        right = sum(draw.random() < p for p in expected)
        return fmean(expected), sum(p * (1.0 - p) for p in expected) / len(expected) ** 2, right

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
