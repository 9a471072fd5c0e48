"""Every way a story can go, searched exactly: what can be reached, and the best line from each point."""

import heapq
from collections import deque
from dataclasses import dataclass
from functools import lru_cache

from trainee.modules.roleplays.plot import Ending, Story
from trainee.modules.roleplays.scene import Answer, Scene, Situation, Try, follow

MOST = 60_000
"""More situations than this and a story is refused: nobody can check what it does, and searching takes seconds."""

Cost = tuple[int, int, float, int]
"""What is wrong with a line, worst first: rank missing in its ending, critical errors still made, points left lying, scenes it takes."""


class TooLarge(Exception):
    """A story has more than `MOST` situations that differ."""


@dataclass(frozen=True, slots=True)
class Node:
    """A scene in a situation, less all that makes no difference any more."""

    scene: str
    situation: Situation


@dataclass(frozen=True, slots=True)
class Edge:
    """One way out of a node: to another node, or to an ending."""

    way: Try
    after: Situation
    to: Node | None
    ending: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A way to an ending: the scenes with what is done in each."""

    ways: tuple[tuple[Scene, Try], ...]
    ending: Ending
    cost: Cost


class _Eyes:
    """Reduces a situation to what can still make a difference from a scene on; situations that no condition can tell apart are one."""

    def __init__(self, story: Story) -> None:
        self.flags = {key: frozenset(flag for when in ahead for flag in when.flags) for key, ahead in story.ahead.items()}
        self.moods = {key: any(when.mood_gte is not None or when.mood_lte is not None for when in ahead) for key, ahead in story.ahead.items()}
        self.criticals = {key: frozenset(when.critical for when in ahead if when.critical) for key, ahead in story.ahead.items()}
        self.endings = tuple(story.endings.values())

    def see(self, scene: str, situation: Situation) -> Situation:
        """What is left of it for somebody who comes into `scene`."""
        mood = situation.mood if self.moods[scene] else 0
        return Situation(mood, situation.flags & self.flags[scene], self._criticals(scene, situation.criticals))

    def _criticals(self, scene: str, made: tuple[str, ...]) -> tuple[str, ...]:
        if not made:
            return ()
        told = {ending.variant(made) for ending in self.endings}
        kept = tuple(dict.fromkeys(critical for critical in made if critical in told or critical in self.criticals[scene]))
        return kept or made[:1]


@dataclass(frozen=True, eq=False)
class Graph:
    """All nodes that can be reached, with the ways out, and the best way from each."""

    story: Story
    start: Node
    edges: dict[Node, tuple[Edge, ...]]
    best: dict[Node, tuple[Cost, Edge]]
    eyes: _Eyes

    def node(self, scene: str, situation: Situation) -> Node:
        """The node a scene in that situation falls into."""
        return Node(scene, self.eyes.see(scene, situation))

    def best_line_from(self, scene: str, situation: Situation) -> Line | None:
        """The best way on from there, or None when no ending can be reached."""
        node = self.node(scene, situation)
        if node not in self.best:
            return None
        cost = self.best[node][0]
        ways: list[tuple[Scene, Try]] = []
        while True:
            edge = self.best[node][1]
            ways.append((self.story.scenes[node.scene], edge.way))
            if edge.ending is not None:
                return Line(tuple(ways), self.story.endings[edge.ending], cost)
            assert edge.to is not None
            node = edge.to


@lru_cache(maxsize=32)
def graph(story: Story) -> Graph:
    """The graph of a story, searched once per story; TooLarge when there is no end to it."""
    eyes = _Eyes(story)
    start = Node(story.start, eyes.see(story.start, Situation(story.mood_start)))
    edges: dict[Node, tuple[Edge, ...]] = {}
    waiting = deque([start])
    offered: dict[tuple[str, tuple[str, ...]], tuple[Try, ...]] = {}
    while waiting:
        node = waiting.popleft()
        if node in edges:
            continue
        if len(edges) >= MOST:
            raise TooLarge
        edges[node] = tuple(_edge(story, eyes, node, way) for way in _tries(story.scenes[node.scene], node.situation, offered))
        waiting.extend(edge.to for edge in edges[node] if edge.to is not None and edge.to not in edges)
    return Graph(story, start, edges, _best(story, edges), eyes)


def _tries(scene: Scene, situation: Situation, offered: dict[tuple[str, tuple[str, ...]], tuple[Try, ...]]) -> tuple[Try, ...]:
    # What can be tried depends on the situation only through what it opens; a rubric's many combinations are tried once.
    key = (scene.id, scene.offers(situation))
    if key not in offered:
        offered[key] = tuple(scene.tries(situation))
    return offered[key]


def _edge(story: Story, eyes: _Eyes, node: Node, way: Try) -> Edge:
    after = node.situation.after(way.outcome, story.mood_min, story.mood_max)
    target = follow(way.outcome.route, after)
    if target in story.endings:
        return Edge(way, after, None, target)
    return Edge(way, after, Node(target, eyes.see(target, after)), None)


def _best(story: Story, edges: dict[Node, tuple[Edge, ...]]) -> dict[Node, tuple[Cost, Edge]]:
    """Dijkstra's search from the endings back: every step only adds to the cost, so the first time is the best, loops or not."""
    before: dict[Node, list[tuple[Node, Edge]]] = {}
    heap: list[tuple[Cost, int, Node, Edge]] = []
    ticket = 0
    for node, ways in edges.items():
        for edge in ways:
            if edge.to is not None:
                before.setdefault(edge.to, []).append((node, edge))
                continue
            assert edge.ending is not None
            missing = story.best_rank - story.endings[edge.ending].rank
            heap.append(((missing, _critical(edge), _lost(edge), 1), ticket, node, edge))
            ticket += 1
    heapq.heapify(heap)
    best: dict[Node, tuple[Cost, Edge]] = {}
    while heap:
        cost, _ticket, node, edge = heapq.heappop(heap)
        if node in best:
            continue
        best[node] = (cost, edge)
        for earlier, way in before.get(node, ()):
            if earlier not in best:
                missing, criticals, lost, scenes = cost
                heapq.heappush(heap, ((missing, criticals + _critical(way), round(lost + _lost(way), 6), scenes + 1), ticket, earlier, way))
                ticket += 1
    return best


def _lost(edge: Edge) -> float:
    return round(edge.way.outcome.lost, 6)


def _critical(edge: Edge) -> int:
    return int(edge.way.outcome.critical is not None)


def explore(story: Story) -> dict[tuple[str, str | None], tuple[Answer, ...]]:
    """A shortest play, as answers, to every ending and variant that can be reached."""
    found: dict[tuple[str, str | None], tuple[Answer, ...]] = {}
    whole = graph(story)
    waiting: deque[tuple[Node, tuple[Answer, ...]]] = deque([(whole.start, ())])
    seen = {whole.start}
    while waiting:
        node, answers = waiting.popleft()
        for edge in whole.edges[node]:
            played = (*answers, *edge.way.answers)
            if edge.ending is not None:
                found.setdefault((edge.ending, story.endings[edge.ending].variant(edge.after.criticals)), played)
            elif edge.to is not None and edge.to not in seen:
                seen.add(edge.to)
                waiting.append((edge.to, played))
    return found
