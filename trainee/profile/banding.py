"""Do the bands hold? For every twenty answers to come, whether their mean lies where it was expected four times in five.

Difficulties are learned on the other folds' people and frozen. What comes next is drawn many times from what is believed
when the twenty begin: of the person, of her skills, of what she remembers of items, of their difficulties, and of chance.
How wide the bands have to be is learned as in the product: from those that were judged before one begins (`profile/widths.py`).
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, groupby
from math import exp, sqrt
from operator import attrgetter
from statistics import fmean, pvariance
from typing import Final, NamedTuple

from trainee.profile.evaluation import Answer, Log, Replay, split
from trainee.profile.filter import PRODUCT, Ability, Constants, Facet, Memory, Normal, step
from trainee.profile.widths import HELD, KNOWN, NEXT, Judged, Promise

# How many answers of a person must be known before anything is foretold of answers of any skill.
_KNOWN: Final = 10
_DRAWS: Final = 200
_TAIL: Final = (1.0 - HELD) / 2.0
_NORMALS: Final = 100_003


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


def bands(
    found: Log, folds: int, seed: int = 1, constants: Constants = PRODUCT, progress: Callable[[int, int], None] | None = None
) -> dict[str, Held]:
    """Foretell every twenty answers of everybody, of any skill and of one, and count; deterministic for a seed."""
    told: dict[bool, list[_Told]] = {False: [], True: []}
    draw = Chance(seed)
    for number, (before, answers) in enumerate(split(found, folds, seed), 1):
        known = Replay(constants)
        known.run(before, learning=True)
        for _person, mine in groupby(sorted(answers, key=attrgetter("person", "day", "order")), key=attrgetter("person")):
            for single, one in _foretold(list(mine), known, constants, draw):
                told[single].append(one)
        if progress is not None:
            progress(number, folds)
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
        if not held.n:
            lines.append(f"{words}: not enough answers; of some person there must be {(_KNOWN if kind == 'any' else KNOWN) + NEXT} or more")
            continue
        lines += [
            f"{words} {held.inside:.3f} of {held.n}",
            f"{words}, width learned in the end {held.width:.2f}",
            f"{words}, as wide as the filter says {held.filter:.3f}",
            f"{words}, the same in whole answers {held.whole:.3f}",
            f"{words}, the same with its ends shared out {held.fair:.3f}",
        ]
    return "\n".join(lines)


def _foretold(mine: Sequence[Answer], known: Replay, k: Constants, draw: "Chance") -> Iterator[tuple[bool, _Told]]:
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
        step(self.who, facets, hard, memory, self._item(answer), answer.score, answer.day, answer.rule.task, k, False)

    def _hard(self, tag: str) -> Normal:
        return self.known.skills.get(tag) or Normal(0.0, self.k.vb)

    def _item(self, answer: Answer) -> Normal:
        return self.known.items.get(answer.item) or Normal(*(answer.rule.source.anchor or (0.0, self.k.vd)))

    def tell(self, coming: Sequence[Answer], draw: "Chance") -> _Told:
        """Draw what may come, and hold it against what came."""
        means, chances, rights = self._drawn(coming, draw)
        promise = Promise(fmean(means), pvariance(means), fmean(chances))
        came = sum(one.score for one in coming)
        rights.sort()
        whole = rights[int(_DRAWS * _TAIL)] <= came <= rights[-int(_DRAWS * _TAIL) - 1]
        below, at = sum(right < came for right in rights) / _DRAWS, sum(right == came for right in rights) / _DRAWS
        fair = max(min(below + at, 1.0 - _TAIL) - max(below, _TAIL), 0.0) / at if at else float(_TAIL <= below <= 1.0 - _TAIL)
        began, ended = coming[0], coming[-1]
        return _Told((began.day, began.order), (ended.day, ended.order), promise, came / NEXT, whole, fair)

    def _drawn(self, coming: Sequence[Answer], draw: "Chance") -> tuple[list[float], list[float], list[int]]:
        """Ways in which they may go: of each the mean to expect, the variance of chance around it, and how many are right by it.

        What does not change from one way to the next is worked out before: this runs two hundred times for every twenty answers of a log.
        """
        days: dict[str, float] = {}
        first: dict[str, Answer] = {}
        for answer in coming:
            first.setdefault(answer.item, answer)
            for tag in answer.skills:
                days.setdefault(tag, answer.day)
        tags = {tag: number for number, tag in enumerate(days)}
        items = {item: number for number, item in enumerate(first)}
        skills = [self._skill(tag, day) for tag, day in days.items()]
        hard = [self._memory(answer) for answer in first.values()]
        asked = [
            (answer.rule.task.a, answer.rule.task.c, [tags[tag] for tag in answer.skills], 1.0 / len(answer.skills), items[answer.item])
            for answer in coming
        ]
        normal, uniform = draw.normal, draw.uniform
        m, sd, n = self.who.m, sqrt(self.who.v), len(coming)
        means, chances, rights = [], [], []
        for _ in range(_DRAWS):
            g = m + sd * normal()
            drawn = [(g + al + be * g + su * normal(), bm + sb * normal()) for al, be, su, bm, sb in skills]
            met = [(rm + sr * normal(), dm + sd_item * normal()) for rm, sr, dm, sd_item in hard]
            total = chance = 0.0
            right = 0
            for a, c, places, share, item in asked:
                remembered, d = met[item]
                if share == 1.0:
                    level, b = drawn[places[0]]
                else:
                    level = share * sum(drawn[place][0] for place in places)
                    b = share * sum(drawn[place][1] for place in places)
                p = c + (1.0 - c) / (1.0 + exp(b + d - a * (level + remembered)))
                total += p
                chance += p * (1.0 - p)
                right += uniform() < p
            means.append(total / n)
            chances.append(chance / (n * n))
            rights.append(right)
        return means, chances, rights

    def _skill(self, tag: str, day: float) -> tuple[float, float, float, float, float]:
        """What is believed of one skill on that day: the deviation's two numbers and its spread, and the difficulty's mean and spread."""
        b = self._hard(tag)
        facet = self.facets.get(tag)
        if facet is None:
            return 0.0, 0.0, sqrt(self.k.vu), b.m, sqrt(b.v)
        phi = (1.0 + max(day - facet.at, 0.0) / self.k.tau) ** -self.k.beta
        var = self.k.vu + (facet.c - self.k.vu) * phi * phi
        return phi * facet.al, phi * facet.be, sqrt(var), b.m, sqrt(b.v)

    def _memory(self, answer: Answer) -> tuple[float, float, float, float]:
        """What is believed of one item: mean and spread of what she remembers of it, and of its difficulty."""
        d = self._item(answer)
        if not answer.rule.source.remembered:
            return 0.0, 0.0, d.m, sqrt(d.v)
        memory = self.memories.get(answer.item)
        if memory is None:
            return 0.0, sqrt(self.k.vr), d.m, sqrt(d.v)
        phi = (1.0 + max(answer.day - memory.at, 0.0) / self.k.tau_item) ** -self.k.beta_item
        return phi * memory.m, sqrt(memory.v), d.m, sqrt(d.v)


class Chance:
    """Draws of chance, the same for the same seed. Normal ones come round and round from a long list, as drawing them takes the longest."""

    def __init__(self, seed: int) -> None:
        found = random.Random(seed)
        self.uniform = found.random
        self.normal = cycle([found.gauss(0.0, 1.0) for _ in range(_NORMALS)]).__next__
