"""Every way a story can go, searched exactly: what can be reached, and the best line from each point."""

import random
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import add

from trainee.modules.roleplays.graph import Graph, Passage
from trainee.modules.roleplays.packing import MOODS, NEVER
from trainee.modules.roleplays.plot import Story
from trainee.modules.roleplays.scene import Answer

MOST = 60_000
"""A story is looked through exactly up to so many points that differ. Beyond, `PLAYS` plays are drawn instead."""

PLAYS = 3_000
"""How many plays are drawn of a story that is too large to be looked through."""

_LONGEST = 200


@lru_cache(maxsize=64)
def graph(story: Story) -> Graph:
    """The graph of a story, searched once per story."""
    whole = Graph(story)
    used: set[int] = set()
    _walk(whole, used)
    if not whole.exact:
        _draw(whole, used)
    for number in used:
        scene, place, branch, way = whole.branches[number]
        whole.passages[number] = Passage(whole.scenes[scene], way, branch.to, place)
        whole.taken.add(id(branch))
    _find_best(whole)
    return whole


def _walk(whole: Graph, used: set[int]) -> None:
    """Go through all points, scene by scene from the first on: by then most that lead to a scene are known, and its moods go together."""
    waiting: list[set[int]] = [set() for _scene in whole.scenes]
    waiting[whole.start >> whole.at_scene].add(whole.start)
    while any(waiting):
        for scene in reversed(whole.eyes.order):
            points, waiting[scene] = sorted(waiting[scene]), set()
            if len(whole.edges) + len(points) > MOST:
                whole.exact = False
                return
            found: set[int] = set()
            for together in _together(whole, scene, points):
                found.update(*whole.expand_all(together, used))
            for to in found:
                if to >= 0 and to not in whole.edges:
                    waiting[to >> whole.at_scene].add(to)


def _together(whole: Graph, scene: int, points: list[int]) -> Iterator[list[int]]:
    """Points of a scene in groups of which only the mood differs, one by one where an answer waits for a mood."""
    if any(when.mood_gte is not None or when.mood_lte is not None for when in whole.scenes[scene].needs()):
        yield from ([point] for point in points)
    else:
        yield from (list(group) for _rest, group in groupby(points, lambda point: point >> MOODS))


def _draw(whole: Graph, used: set[int]) -> None:
    """Play a story that cannot be looked through, again and again: at random, and with a will to do well, for both ends of it."""
    drawn = random.Random(whole.story.id)
    for number in range(PLAYS):
        will = (0.0, 0.5, 0.9)[number % 3]
        point = whole.start
        for _scene in range(_LONGEST):
            if point not in whole.edges:
                whole.expand(point, used)
            ways = whole.edges[point]
            if not ways:
                break
            costs = whole.offer(point).costs
            point = ways[costs.index(min(costs))] if drawn.random() < will else drawn.choice(ways)
            if point < 0:
                break
    whole.plays = PLAYS


def _find_best(whole: Graph) -> None:
    """From the endings back: one pass over the points when no way leads back, and else until nothing gets better any more.

    Every scene adds to the cost, so that going in a circle is never better and the passes come to an end.
    """
    groups = whole.by_scene()
    # Ends and points together: a way leads to either, and a point that was only drawn past costs as much as one without an ending.
    costs = {~number: whole.end_cost(number) for number in range(len(whole.ends))}
    edges, cost_of = whole.edges, costs.get
    settled = False
    while not settled:
        settled = True
        for scene in whole.eyes.order:
            open_at = whole.opened(scene)
            for point in groups[scene]:
                ways = edges[point]
                if not ways:
                    continue
                sums = list(map(add, open_at(point).costs, [cost_of(to, NEVER) for to in ways]))
                least = min(sums)
                if least < costs.get(point, NEVER):
                    costs[point] = least
                    whole.best[point] = sums.index(least)
                    settled = settled and not whole.eyes.circular
    whole.costs = {point: cost for point, cost in costs.items() if point >= 0}


def explore(story: Story) -> dict[tuple[str, str | None], tuple[Answer, ...]]:
    """A shortest play, as answers, to every ending and variant that can be reached."""
    found: dict[tuple[str, str | None], tuple[Answer, ...]] = {}
    whole = graph(story)
    waiting: deque[tuple[int, tuple[Answer, ...]]] = deque([(whole.start, ())])
    seen = {whole.start}
    while waiting:
        point, answers = waiting.popleft()
        for each, to in zip(whole.offer(point).tries, whole.edges.get(point, ()), strict=False):
            played = (*answers, *each.answers)
            if to < 0:
                found.setdefault(whole.ends[~to], played)
            elif to not in seen:
                seen.add(to)
                waiting.append((to, played))
    return found
