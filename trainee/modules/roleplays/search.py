"""Every way a story can go, searched exactly: what can be reached, and the best line from each point.

A point is a scene in a situation, packed into one whole number: scene, critical errors made, flags, mood. What no condition ahead can tell
apart is one point, and that makes most stories small: flags that nothing looks at any more are dropped, and moods that lead to the same
answers, the same ways and the same endings count as one.
"""

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from trainee.modules.roleplays.plot import Ending, Story
from trainee.modules.roleplays.scene import Answer, Branch, Condition, Scene, Situation, Try

MOST = 60_000
"""A story is looked through exactly up to so many points that differ. Beyond, `PLAYS` plays are drawn instead."""

PLAYS = 3_000
"""How many plays are drawn of a story that is too large to be looked through."""

_LONGEST = 200
_MOODS = 6
_CRITICALS = 8
_NEVER = 1 << 60

Cost = tuple[int, int, float, int]
"""What is wrong with a line, worst first: rank missing in its ending, critical errors still made, points left lying, scenes it takes."""

K = TypeVar("K")
V = TypeVar("V")


class _Memo(dict[K, V], Generic[K, V]):
    """Works out what it is asked for the first time, and remembers it."""

    def __init__(self, work: Callable[[K], V]) -> None:
        super().__init__()
        self.work = work

    def __missing__(self, key: K) -> V:
        self[key] = value = self.work(key)
        return value


_Test = tuple[int, int, int, int, int, int]
"""A condition in numbers: mood at least, at most, flags all, any, none, critical errors any."""

_Ways = tuple[tuple[tuple[int, ...], int, int, tuple[tuple[_Test, int, int], ...]], ...]
"""Per way out: the mood after by the mood before, flags set, critical error (-1: none), and branches: test, branch number, target."""


@dataclass(frozen=True, slots=True)
class Line:
    """A way to an ending: the scenes with what is done in each."""

    ways: tuple[tuple[Scene, Try], ...]
    ending: Ending
    cost: Cost


@dataclass(frozen=True, slots=True)
class Passage:
    """One way from a scene to a scene or an ending that somebody can take."""

    scene: Scene
    way: Try
    to: str


@dataclass(frozen=True, slots=True)
class _Offer:
    """What can be done in a scene while the same answers are open."""

    tries: tuple[Try, ...]
    ways: _Ways
    costs: tuple[int, ...]


@dataclass(eq=False)
class Graph:
    """All points that can be reached, with the ways out, and the best way from each. `exact` is false when plays were drawn instead."""

    story: Story
    exact: bool = True
    plays: int = 0
    edges: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Per point where its ways lead: to a point, or to ~number of an end."""
    ends: list[tuple[str, str | None]] = field(default_factory=list)
    """Endings reached, each with its variant."""
    passages: dict[int, Passage] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    """The branches somebody can take, by identity: a route with a name is one object in many scenes."""
    costs: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scenes = list(self.story.scenes.values())
        self.number = {scene.id: number for number, scene in enumerate(self.scenes)}
        self.flags = sorted(
            {flag for scene in self.scenes for flag in (*scene.sets(), *(flag for when in scene.conditions() for flag in when.flags))}
        )
        self.bit = {flag: 1 << number for number, flag in enumerate(self.flags)}
        self.at_criticals = _MOODS + len(self.flags)
        self.at_scene = self.at_criticals + _CRITICALS
        self.made: list[tuple[str, ...]] = [()]
        self.made_bits = [0]
        self._made_numbers: dict[tuple[str, ...], int] = {(): 0}
        self.names = sorted({name for scene in self.scenes for name in scene.criticals()})
        self._end_numbers: dict[tuple[str, str | None], int] = {}
        self.eyes = _Eyes(self)
        self.offers: list[dict[int, _Offer]] = [{} for _scene in self.scenes]
        self.needs = [tuple(self.test(when) for when in scene.needs()) for scene in self.scenes]
        self.masks = [self.mask(scene.needs()) for scene in self.scenes]
        self.open: dict[int, _Offer] = {}
        self.branches: list[tuple[int, int, Branch, Try]] = []
        self._branch_numbers: dict[tuple[int, str, int], int] = {}
        self.add = _Memo[tuple[int, int], int](lambda pair: self.made_number((*self.made[pair[0]], self.names[pair[1]])))
        self.end = _Memo[tuple[int, int], int](self._end)

    @property
    def start(self) -> int:
        """The point where it begins."""
        return self.point(self.story.start, Situation(self.story.mood_start))

    def point(self, scene: str, situation: Situation) -> int:
        """The point a scene in that situation is."""
        flags = sum(self.bit[flag] for flag in situation.flags if flag in self.bit)
        return self.enter(self.number[scene], situation.mood - self.story.mood_min, flags, self.made_number(situation.criticals))

    def enter(self, scene: int, mood: int, flags: int, made: int) -> int:
        """The point where somebody stands who comes into a scene like that."""
        eyes = self.eyes
        flags, made = flags & eyes.flags[scene], eyes.made[scene, made]
        return ((scene << _CRITICALS | made) << len(self.flags) | flags) << _MOODS | eyes.moods[scene][mood]

    def scene_of(self, point: int) -> Scene:
        """The scene of a point."""
        return self.scenes[point >> self.at_scene]

    def situation(self, point: int) -> Situation:
        """A situation that stands for all those this point stands for."""
        flags = point >> _MOODS & (1 << len(self.flags)) - 1
        made = self.made[point >> self.at_criticals & (1 << _CRITICALS) - 1]
        return Situation((point & 63) + self.story.mood_min, frozenset(flag for flag in self.flags if flags & self.bit[flag]), made)

    def made_number(self, made: tuple[str, ...]) -> int:
        """The number of a list of critical errors made."""
        # Which were made matters, and in what order each was made first: making one twice changes nothing.
        made = tuple(dict.fromkeys(made))
        if made not in self._made_numbers:
            self._made_numbers[made] = len(self.made)
            self.made.append(made)
            self.made_bits.append(sum(1 << self.names.index(name) for name in made if name in self.names))
        return self._made_numbers[made]

    def _end(self, key: tuple[int, int]) -> int:
        ending = list(self.story.endings.values())[key[0]]
        name = (ending.id, ending.variant(self.made[key[1]]))
        if name not in self._end_numbers:
            self._end_numbers[name] = len(self.ends)
            self.ends.append(name)
        return self._end_numbers[name]

    def test(self, when: Condition) -> _Test:
        """A condition in numbers."""
        low, high = self.story.mood_min, self.story.mood_max
        least = low if when.mood_gte is None else when.mood_gte
        most = high if when.mood_lte is None else when.mood_lte
        every, some, none = (sum(self.bit[flag] for flag in flags) for flags in (when.flags_all, when.flags_any, when.flags_none))
        one = 1 << self.names.index(when.critical) if when.critical in self.names else 1 << _CRITICALS if when.critical else 0
        return (least - low, most - low, every, some, none, one or (-1 if when.any_critical else 0))

    def mask(self, conditions: Iterable[Condition]) -> int:
        """The bits of a point that some conditions of its scene look at, and those that name the scene."""
        conditions = tuple(conditions)
        bits = -1 << self.at_scene
        if any(when.mood_gte is not None or when.mood_lte is not None for when in conditions):
            bits |= (1 << _MOODS) - 1
        if any(when.any_critical or when.critical for when in conditions):
            bits |= (1 << _CRITICALS) - 1 << self.at_criticals
        return bits | sum(self.bit[flag] for flag in _looked_at(conditions)) << _MOODS

    def offer(self, point: int) -> _Offer:
        """What can be done at a point: the same wherever the conditions on its answers come out the same."""
        mask = self.masks[point >> self.at_scene]
        found = self.open.get(point & mask)
        if found is None:
            found = self.open[point & mask] = self._offer_at(point)
        return found

    def _offer_at(self, point: int) -> _Offer:
        scene = point >> self.at_scene
        open_now = 0
        if self.needs[scene]:
            mood, flags = point & 63, point >> _MOODS & (1 << len(self.flags)) - 1
            made = self.made_bits[point >> self.at_criticals & (1 << _CRITICALS) - 1]
            open_now = sum(_fits(test, mood, flags, made) << number for number, test in enumerate(self.needs[scene]))
        found = self.offers[scene].get(open_now)
        if found is None:
            found = self.offers[scene][open_now] = self._offer(scene, point)
        return found

    def _offer(self, scene: int, point: int) -> _Offer:
        tries = tuple(self.scenes[scene].tries(self.situation(point)))
        return _Offer(
            tries,
            tuple(self._way(scene, each) for each in tries),
            tuple(_packed(0, bool(each.outcome.critical), each.outcome.lost, 1) for each in tries),
        )

    def _way(self, scene: int, each: Try) -> tuple[tuple[int, ...], int, int, tuple[tuple[_Test, int, int], ...]]:
        outcome, most = each.outcome, self.story.mood_max - self.story.mood_min
        moods = tuple(max(0, min(most, mood + outcome.mood)) for mood in range(most + 1))
        critical = self.names.index(outcome.critical) if outcome.critical else -1
        endings = list(self.story.endings)
        branches = []
        for place, branch in enumerate(outcome.route):
            target = ~endings.index(branch.to) if branch.to in self.story.endings else self.number[branch.to]
            branches.append((self.test(branch.when), self._branch_number(scene, each, place), target))
        return moods, sum(self.bit[flag] for flag in outcome.flags), critical, tuple(branches)

    def _branch_number(self, scene: int, each: Try, place: int) -> int:
        key = (scene, repr(each.answers[-1]), place)
        if key not in self._branch_numbers:
            self._branch_numbers[key] = len(self.branches)
            self.branches.append((scene, place, each.outcome.route[place], each))
        return self._branch_numbers[key]

    def expand(self, point: int, used: set[int]) -> tuple[int, ...]:
        """Where the ways out of a point lead; the branches taken go into `used`."""
        mood, flags = point & 63, point >> _MOODS & (1 << len(self.flags)) - 1
        made = point >> self.at_criticals & (1 << _CRITICALS) - 1
        eyes, scene_at, made_at = self.eyes, self.at_scene, self.at_criticals
        out = []
        for moods, sets, critical, branches in self.offer(point).ways:
            after, held = moods[mood], flags | sets
            errors = made if critical < 0 else self.add[made, critical]
            bits = self.made_bits[errors]
            for (low, high, every, some, none, one), number, to in branches:
                if low <= after <= high and held & every == every and not held & none and (not some or held & some) and (not one or bits & one):
                    used.add(number)
                    if to < 0:
                        out.append(~self.end[~to, errors])
                    else:
                        seen = (held & eyes.flags[to]) << _MOODS | eyes.moods[to][after]
                        out.append(to << scene_at | eyes.made[to, errors] << made_at | seen)
                    break
        return tuple(out)

    def best_line_from(self, scene: str, situation: Situation) -> Line | None:
        """The best way on from there, or None when no ending can be reached (or none was met, when plays were drawn)."""
        point = self.point(scene, situation)
        if point not in self.costs:
            return None
        cost = self.costs[point]
        ways: list[tuple[Scene, Try]] = []
        while point >= 0:
            number, to = self.best_way(point)
            ways.append((self.scene_of(point), self.offer(point).tries[number]))
            point = to
        return Line(tuple(ways), self.story.endings[self.ends[~point][0]], _unpacked(cost))

    def best_way(self, point: int) -> tuple[int, int]:
        """The number of the best way out of a point from which an ending can be reached, and where it leads."""
        cost, after = self.costs[point], self.costs
        for number, (own, to) in enumerate(zip(self.offer(point).costs, self.edges[point], strict=True)):
            if own + (after.get(to, _NEVER) if to >= 0 else self.cost_after(to)) == cost:
                return number, to
        raise LookupError(point)

    def cost_after(self, to: int) -> int:
        """The packed cost from where a way leads."""
        if to < 0:
            return (self.story.best_rank - self.story.endings[self.ends[~to][0]].rank) << 54
        return self.costs.get(to, _NEVER)

    def cost(self, point: int) -> Cost | None:
        """What the best line from a point costs; None when no ending is reached from it."""
        return _unpacked(self.costs[point]) if point in self.costs else None

    @cached_property
    def reached(self) -> frozenset[str]:
        """The scenes somebody comes to."""
        return frozenset(self.scene_of(point).id for point in self.edges)

    def stuck(self) -> dict[str, bool]:
        """Scenes that can be come to so that no ending follows; true where no answer is open at all."""
        silent = {self.scene_of(point).id for point, ways in self.edges.items() if not ways}
        lost = {self.scene_of(point).id for point in self.edges if point not in self.costs}
        return {scene: scene in silent for scene in sorted(lost)}

    def never_offered(self) -> Iterator[tuple[str, str]]:
        """Answers that the conditions never open, each with its scene."""
        for number, scene in enumerate(self.scenes):
            ever = {str(answer) for offer in self.offers[number].values() for each in offer.tries for answer in each.answers[-1].values()}
            yield from ((scene.id, answer) for answer in scene.offers_at_most() if self.offers[number] and answer not in ever)


def _looked_at(conditions: Iterable[Condition]) -> set[str]:
    return {flag for when in conditions for flag in when.flags}


def _fits(test: _Test, mood: int, flags: int, made: int) -> bool:
    low, high, every, some, none, one = test
    return bool(
        low <= mood <= high and flags & every == every and not flags & none and (not some or flags & some) and (not one or made & one),
    )


def _packed(missing: int, critical: bool, lost: float, scenes: int) -> int:
    """A cost as one number that compares as the four figures do: adding costs is adding numbers."""
    return ((missing << 12 | int(critical)) << 26 | round(lost * 1000)) << 16 | scenes


def _unpacked(cost: int) -> Cost:
    return cost >> 54, cost >> 42 & 4095, (cost >> 16 & (1 << 26) - 1) / 1000, cost & 65535


class _Eyes:
    """What can still make a difference from a scene on: which flags, which moods are alike, which critical errors."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        story = graph.story
        self.steps = {scene.id: [branch for route in scene.routes() for branch in route] for scene in graph.scenes}
        self.order, self.circular = _order(story, {key: [branch.to for branch in branches] for key, branches in self.steps.items()})
        self.flags = self._flags()
        self.moods = self._moods()
        self.made = _Memo[tuple[int, int], int](self._made)

    def _flags(self) -> list[int]:
        """Per scene the flags that are looked at before they are set on every way."""
        graph, bit = self.graph, self.graph.bit
        live = [0] * len(graph.scenes)
        here = [sum({bit[flag] for when in scene.entry() for flag in when.flags}) for scene in graph.scenes]
        settled = False
        while not settled:
            settled = True
            for number in self.order:
                seen = here[number]
                for effect in graph.scenes[number].effects():
                    ahead = sum({bit[flag] for branch in effect.route for flag in branch.when.flags})
                    for branch in effect.route:
                        if branch.to in graph.number:
                            ahead |= live[graph.number[branch.to]]
                    seen |= ahead & ~sum(bit[flag] for flag in set(effect.flags))
                if seen != live[number]:
                    live[number], settled = seen, False
        return live

    def _moods(self) -> list[list[int]]:
        """Per scene and mood the lowest mood that nobody can tell from it: all tests on the mood come out the same, here and ever after."""
        most = self.graph.story.mood_max - self.graph.story.mood_min
        alike = [[0] * (most + 1) for _scene in self.graph.scenes]
        tests = [self._mood_tests(scene) for scene in self.graph.scenes]
        settled = False
        while not settled:
            settled = True
            for number in self.order:
                first: dict[tuple[int | bool, ...], int] = {}
                new = [first.setdefault(_mood_shown(tests[number], mood, most, alike), mood) for mood in range(most + 1)]
                if new != alike[number]:
                    alike[number], settled = new, False
        return alike

    def _mood_tests(self, scene: Scene) -> list[tuple[int, int, int, int]]:
        """What a mood goes through in a scene: how it moves, between which bounds it is asked for then, and into which scene (-1: none)."""
        graph = self.graph
        tests = {(0, *graph.test(when)[:2], -1) for when in scene.entry()}
        for moved, route in {(effect.mood, effect.route) for effect in scene.effects()}:
            tests |= {(moved, *graph.test(branch.when)[:2], graph.number.get(branch.to, -1)) for branch in route}
        return sorted(tests)

    @cached_property
    def _ahead(self) -> list[tuple[frozenset[str], bool, tuple[Ending, ...]]]:
        """Per scene: critical errors a condition ahead names, whether one asks for any, and the endings that may come."""
        graph, story = self.graph, self.graph.story
        found = []
        for scene in graph.scenes:
            ahead = story.ahead[scene.id]
            endings = tuple(story.endings[key] for key in story.endings if key in story.endings_ahead[scene.id])
            found.append((frozenset(when.critical for when in ahead if when.critical), any(when.any_critical for when in ahead), endings))
        return found

    def _made(self, key: tuple[int, int]) -> int:
        """Of the critical errors made those that are told apart later; of the others one stands for all, where having made any matters."""
        scene, number = key
        made = self.graph.made[number]
        named, any_matters, endings = self._ahead[scene]
        told = {ending.variant(made) for ending in endings}
        kept = tuple(name for name in made if name in told or name in named)
        if not kept and made and any_matters:
            kept = (min(made),)
        return self.graph.made_number(kept)


def _mood_shown(tests: list[tuple[int, int, int, int]], mood: int, most: int, alike: list[list[int]]) -> tuple[int | bool, ...]:
    shown: list[int | bool] = []
    for moved, low, high, to in tests:
        after = max(0, min(most, mood + moved))
        shown.append(low <= after <= high)
        if to >= 0 and shown[-1]:
            shown.append(alike[to][after])
    return tuple(shown)


def _order(story: Story, steps: dict[str, list[str]]) -> tuple[list[int], bool]:
    """The scenes, those that come late first, and whether one can come back to a scene."""
    numbers = {key: number for number, key in enumerate(story.scenes)}
    order: list[int] = []
    state: dict[str, bool] = {}
    circular = False
    for root in (story.start, *story.scenes):
        stack = [(root, iter(steps[root]))] if root not in state else []
        state.setdefault(root, False)
        while stack:
            key, ahead = stack[-1]
            step = next((to for to in ahead if to in numbers), None)
            if step is None:
                stack.pop()
                state[key] = True
                order.append(numbers[key])
            elif step not in state:
                state[step] = False
                stack.append((step, iter(steps[step])))
            elif not state[step]:
                circular = True
    return order, circular


@lru_cache(maxsize=64)
def graph(story: Story) -> Graph:
    """The graph of a story, searched once per story."""
    whole = Graph(story)
    used: set[int] = set()
    waiting = [whole.start]
    edges = whole.edges
    while waiting:
        point = waiting.pop()
        if point in edges:
            continue
        if len(edges) >= MOST:
            whole.exact = False
            break
        edges[point] = ways = whole.expand(point, used)
        waiting.extend(to for to in ways if to >= 0 and to not in edges)
    if not whole.exact:
        _draw(whole, used)
    for number in used:
        scene, _place, branch, way = whole.branches[number]
        whole.passages[number] = Passage(whole.scenes[scene], way, branch.to)
        whole.taken.add(id(branch))
    _find_best(whole)
    return whole


def _draw(whole: Graph, used: set[int]) -> None:
    """Play a story that cannot be looked through, again and again: at random, and with a will to do well, for both ends of it."""
    drawn = random.Random(whole.story.id)
    for number in range(PLAYS):
        will = (0.0, 0.5, 0.9)[number % 3]
        point = whole.start
        for _scene in range(_LONGEST):
            if point not in whole.edges:
                whole.edges[point] = whole.expand(point, used)
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
    groups: list[list[int]] = [[] for _scene in whole.scenes]
    for point in whole.edges:
        groups[point >> whole.at_scene].append(point)
    finals = [whole.cost_after(~number) for number in range(len(whole.ends))]
    costs, settled = whole.costs, False
    while not settled:
        settled = True
        for scene in whole.eyes.order:
            for point in groups[scene]:
                least = before = costs.get(point, _NEVER)
                for own, to in zip(whole.offer(point).costs, whole.edges[point], strict=True):
                    cost = own + (finals[~to] if to < 0 else costs.get(to, _NEVER))
                    if cost < least:
                        least = cost
                if least < before:
                    costs[point] = least
                    settled = settled and not whole.eyes.circular


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
