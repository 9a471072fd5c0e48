"""How far apart two plays of a story can come out, per skill: the play that leaves most lying, and the one that leaves least."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from trainee.modules.roleplays.graph import Graph
from trainee.modules.roleplays.scene import Points

K = TypeVar("K", bound=Hashable)

Ways = Callable[[K], Iterable[tuple[Mapping[str, Points], K | None]]]
"""The ways out of somewhere: the points of each, and where it leads (None: to an ending)."""

_NONE = Points(0, 0)


@dataclass(frozen=True, slots=True)
class Range:
    """The points of one skill on the play that leaves most of them lying and on the one that leaves least."""

    worst: Points
    best: Points

    @property
    def spread(self) -> float:
        """How far the two are apart, 0..1; 0 where nothing is to be had."""
        return (self.best.share if self.best.best else 0.0) - (self.worst.share if self.worst.best else 0.0)


def over_scenes(whole: Graph) -> dict[str, Range]:
    """Per skill, looking at scenes only: quick, and no narrower than what can be played."""
    ways: dict[str, list[tuple[Mapping[str, Points], str | None]]] = {}
    for passage in whole.passages.values():
        ways.setdefault(passage.scene.id, []).append((passage.way.outcome.points, passage.to if passage.to in whole.number else None))
    order = [whole.scenes[number].id for number in whole.eyes.order]
    return {
        skill: found[whole.story.start]
        for skill in whole.story.skills
        if whole.story.start in (found := _of(skill, order, lambda at: ways.get(at, ())))
    }


def over_endings(whole: Graph) -> dict[str, dict[str, Range]]:
    """Per ending and skill, over every play there is that comes to it."""
    order = sorted(whole.edges, key=lambda point: whole.eyes.order.index(point >> whole.at_scene))
    found: dict[str, dict[str, Range]] = {}
    for ending in whole.story.endings:
        allowed = {number for number, (name, _variant) in enumerate(whole.ends) if name == ending}
        ways = {point: tuple(_ways(whole, point, allowed)) for point in order}
        ranges = {skill: _of(skill, order, ways.__getitem__) for skill in whole.story.skills}
        found[ending] = {skill: of[whole.start] for skill, of in ranges.items() if whole.start in of}
    return found


def _ways(whole: Graph, point: int, allowed: Collection[int]) -> Iterable[tuple[Mapping[str, Points], int | None]]:
    for each, to in zip(whole.offer(point).tries, whole.edges[point], strict=True):
        if to >= 0:
            yield each.outcome.points, to
        elif ~to in allowed:
            yield each.outcome.points, None


def _of(skill: str, order: Iterable[K], ways: Ways[K]) -> dict[K, Range]:
    """From each place the range of one skill to an ending; `order` has late places first, and a way back counts for nothing."""
    found: dict[K, Range] = {}
    for place in order:
        ranges = []
        for points, to in ways(place):
            here = points.get(skill, _NONE)
            if to is None:
                ranges.append(Range(here, here))
            elif to in found:
                ranges.append(Range(_sum(here, found[to].worst), _sum(here, found[to].best)))
        if ranges:
            worst = max((each.worst for each in ranges), key=lambda points: points.best - points.earned)
            found[place] = Range(worst, min((each.best for each in ranges), key=lambda points: (points.best - points.earned, -points.best)))
    return found


def _sum(one: Points, other: Points) -> Points:
    return Points(one.earned + other.earned, one.best + other.best)
