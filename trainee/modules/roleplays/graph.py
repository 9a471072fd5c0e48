"""All that can happen in a story: the points somebody comes to, the ways between them, and the best line from each.

A point is a scene in a situation, packed into one whole number: scene, critical errors made, flags, mood. What no condition ahead can tell
apart is one point.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from trainee.modules.roleplays.eyes import Eyes
from trainee.modules.roleplays.packing import CRITICALS, MOODS, Cost, Memo, Packing, Test, fits, packed, unpacked
from trainee.modules.roleplays.plot import Ending, Story
from trainee.modules.roleplays.scene import Branch, Scene, Situation, Try


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
    place: int
    """Which branch of the way's route is taken, from 0."""


_Leads = tuple[int, int, int, int]
"""Where a way leads from one mood: number of the branch, scene (or ~ending), the bits of the point there that are known, flags that count."""


class _Way:
    """One way out in numbers: what it sets, which critical error it is (-1: none), and by mood where it leads, found out once for the same flags."""

    __slots__ = ("branches", "critical", "leads", "looks_at", "moods", "sets", "tells_errors")

    def __init__(self, sets: int, critical: int, moods: tuple[int, ...], branches: tuple[tuple[Test, int], ...]) -> None:
        self.sets, self.critical, self.moods, self.branches = sets, critical, moods, branches
        self.leads: dict[int, list[_Leads]] = {}
        # What its branches look at, flags and critical errors: situations that differ in nothing else lead to one place.
        self.looks_at = reduce(or_, (test[2] | test[3] | test[4] for test, _number in branches), 0)
        self.tells_errors = any(test[5] for test, _number in branches)


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done in a scene while the same answers are open, and what each costs."""

    tries: tuple[Try, ...]
    costs: tuple[int, ...]
    ways: tuple[_Way, ...]


class Graph(Packing):
    """All points that can be reached, with the ways out, and the best way from each. `exact` is false when plays were drawn instead."""

    def __init__(self, story: Story) -> None:
        super().__init__(story)
        self.exact = True
        self.plays = 0
        # Per point where its ways lead: to a point, or to ~number of an end.
        self.edges: dict[int, tuple[int, ...]] = {}
        # Endings reached, each with its variant.
        self.ends: list[tuple[str, str | None]] = []
        self.passages: dict[int, Passage] = {}
        # The branches somebody can take, by identity: a route with a name is one object in many scenes.
        self.taken: set[int] = set()
        # Per point from which an ending is reached what the best line costs, and the number of its first way.
        self.costs: dict[int, int] = {}
        self.best: dict[int, int] = {}
        self.branches: list[tuple[int, int, Branch, Try]] = []
        self._branch_numbers: dict[tuple[int, str, int], int] = {}
        self._endings = list(story.endings.values())
        self._end_numbers: dict[tuple[str, str | None], int] = {}
        self.eyes = Eyes(self)
        self._needs = [tuple(self.test(when) for when in scene.needs()) for scene in self.scenes]
        self._needs_masks = [self.mask(scene.needs()) for scene in self.scenes]
        self._offers: list[dict[int, Offer]] = [{} for _scene in self.scenes]
        self._open: dict[int, Offer] = {}
        self._add = Memo[tuple[int, int], int](lambda pair: self.made_number((*self.made[pair[0]], self.names[pair[1]])))
        self._end = Memo[tuple[int, int], int](self._end_of)
        self._lead = Memo[tuple[int, int], _Leads](self._lead_of)
        self._most = story.mood_max - story.mood_min

    @property
    def start(self) -> int:
        """The point where it begins."""
        return self.point(self.story.start, Situation(self.story.mood_start))

    def point(self, scene: str, situation: Situation) -> int:
        """The point a scene in that situation is."""
        number, eyes = self.number[scene], self.eyes
        flags = sum(self.bit[flag] for flag in situation.flags if flag in self.bit) & eyes.flags[number]
        made = eyes.made[number, self.made_number(situation.criticals)]
        return ((number << CRITICALS | made) << len(self.flags) | flags) << MOODS | eyes.moods[number][situation.mood - self.story.mood_min]

    def scene_of(self, point: int) -> Scene:
        """The scene of a point."""
        return self.scenes[point >> self.at_scene]

    def situation(self, point: int) -> Situation:
        """A situation that stands for all those this point stands for."""
        mood, flags, made = self._parts(point)
        return Situation(mood + self.story.mood_min, frozenset(flag for flag in self.flags if flags & self.bit[flag]), self.made[made])

    def _parts(self, point: int) -> tuple[int, int, int]:
        """The mood from the lowest up, the flags as bits, and the number of the critical errors made."""
        return point & 63, point >> MOODS & (1 << len(self.flags)) - 1, point >> self.at_criticals & (1 << CRITICALS) - 1

    def _end_of(self, key: tuple[int, int]) -> int:
        ending = self._endings[key[0]]
        name = (ending.id, ending.variant(self.made[key[1]]))
        if name not in self._end_numbers:
            self._end_numbers[name] = len(self.ends)
            self.ends.append(name)
        return self._end_numbers[name]

    def offer(self, point: int) -> Offer:
        """What can be done at a point: the same wherever the conditions on its answers come out the same."""
        key = point & self._needs_masks[point >> self.at_scene]
        found = self._open.get(key)
        if found is None:
            found = self._open[key] = self._offer_at(point)
        return found

    def opened(self, scene: int) -> Callable[[int], Offer]:
        """The same for points of one scene that were come to, many times: where each has its answers."""
        mask, known = self._needs_masks[scene], self._open
        return lambda point: known[point & mask]

    def _offer_at(self, point: int) -> Offer:
        scene, (mood, flags, made) = point >> self.at_scene, self._parts(point)
        open_now = sum(fits(test, mood, flags, self.made_bits[made]) << number for number, test in enumerate(self._needs[scene]))
        found = self._offers[scene].get(open_now)
        if found is None:
            tries = tuple(self.scenes[scene].tries(self.situation(point)))
            costs = tuple(packed(0, bool(each.outcome.critical), each.outcome.lost, 1) for each in tries)
            found = self._offers[scene][open_now] = Offer(tries, costs, tuple(self._way(scene, each) for each in tries))
        return found

    def expand(self, point: int, used: set[int]) -> tuple[int, ...]:
        """Where the ways out of a point lead; the branches taken go into `used`."""
        self.expand_all([point], used)
        return self.edges[point]

    def expand_all(self, points: Sequence[int], used: set[int]) -> list[list[int]]:
        """Find where the ways out of points lead that differ in their mood only and have the same answers open: each way from all of them."""
        first = points[0]
        flags, made = first >> MOODS & (1 << len(self.flags)) - 1, first >> self.at_criticals & (1 << CRITICALS) - 1
        moods = [point & 63 for point in points]
        rows = [
            self._targets(way, flags | way.sets, made if way.critical < 0 else self._add[made, way.critical], moods, used)
            for way in self.offer(first).ways
        ]
        self.edges.update(zip(points, zip(*rows, strict=True) if rows else [()] * len(points), strict=True))
        return rows

    def _targets(self, way: _Way, held: int, errors: int, moods: list[int], used: set[int]) -> list[int]:
        """Where one way leads from each of some moods, with these flags and errors after it."""
        key = held & way.looks_at
        if way.tells_errors:
            key |= errors << len(self.flags)
        leads = way.leads.get(key)
        if leads is None:
            leads = way.leads[key] = self._leads(way, held, errors)
        seen, made_at, end = self.eyes.made, self.at_criticals, self._end
        found = []
        for mood in moods:
            number, to, base, counting = leads[mood]
            used.add(number)
            if to < 0:
                found.append(~end[~to, errors])
            else:
                base |= (held & counting) << MOODS
                found.append(base | seen[to, errors] << made_at if errors else base)
        return found

    def _way(self, scene: int, each: Try) -> _Way:
        outcome = each.outcome
        critical = self.names.index(outcome.critical) if outcome.critical else -1
        branches = tuple((self.test(branch.when), self._branch_number(scene, each, place)) for place, branch in enumerate(outcome.route))
        moods = tuple(max(0, min(self._most, mood + outcome.mood)) for mood in range(self._most + 1))
        return _Way(sum(self.bit[flag] for flag in outcome.flags), critical, moods, branches)

    def _leads(self, way: _Way, held: int, errors: int) -> list[_Leads]:
        """By the mood before, where a way leads with these flags and errors."""
        bits = self.made_bits[errors]
        open_now = [(test[0], test[1], number) for test, number in way.branches if fits((0, 0, *test[2:]), 0, held, bits)]
        if open_now[0][0] <= 0 and open_now[0][1] >= self._most:
            return [self._lead[open_now[0][2], after] for after in way.moods]
        return [self._lead[next(number for low, high, number in open_now if low <= after <= high), after] for after in way.moods]

    def _lead_of(self, key: tuple[int, int]) -> _Leads:
        number, mood = key
        to = self.branches[number][2].to
        if to in self.story.endings:
            return number, ~list(self.story.endings).index(to), 0, 0
        place = self.number[to]
        return number, place, place << self.at_scene | self.eyes.moods[place][mood], self.eyes.flags[place]

    def _branch_number(self, scene: int, each: Try, place: int) -> int:
        key = (scene, repr(each.answers[-1]), place)
        if key not in self._branch_numbers:
            self._branch_numbers[key] = len(self.branches)
            self.branches.append((scene, place, each.outcome.route[place], each))
        return self._branch_numbers[key]

    def best_line_from(self, scene: str, situation: Situation) -> Line | None:
        """The best way on from there, or None when no ending can be reached (or none was met, when plays were drawn)."""
        point = self.point(scene, situation)
        if point not in self.costs:
            return None
        cost = self.costs[point]
        ways: list[tuple[Scene, Try]] = []
        while point >= 0:
            number = self.best[point]
            ways.append((self.scene_of(point), self.offer(point).tries[number]))
            point = self.edges[point][number]
        return Line(tuple(ways), self.story.endings[self.ends[~point][0]], unpacked(cost))

    def cost(self, point: int) -> Cost | None:
        """What the best line from a point costs; None when no ending is reached from it."""
        return unpacked(self.costs[point]) if point in self.costs else None

    def missing_from(self, to: int) -> int | None:
        """How much of the best rank is missing in the best ending that a point, or an end, leads to; None when it leads to none."""
        cost = self.end_cost(~to) if to < 0 else self.costs.get(to)
        return None if cost is None else unpacked(cost)[0]

    def end_cost(self, end: int) -> int:
        """The packed cost of an end: the rank it lacks."""
        return packed(self.story.best_rank - self.story.endings[self.ends[end][0]].rank, False, 0, 0)

    def by_scene(self) -> list[list[int]]:
        """The points of each scene."""
        found: list[list[int]] = [[] for _scene in self.scenes]
        for point in self.edges:
            found[point >> self.at_scene].append(point)
        return found

    @cached_property
    def reached(self) -> frozenset[str]:
        """The scenes somebody comes to."""
        return frozenset(self.scenes[number].id for number in {point >> self.at_scene for point in self.edges})

    def stuck(self) -> dict[str, bool]:
        """Scenes that can be come to so that no ending follows; true where no answer is open at all."""
        lost = [point for point in self.edges if point not in self.costs]
        silent = {self.scene_of(point).id for point in lost if not self.edges[point]}
        return {scene: scene in silent for scene in sorted({self.scene_of(point).id for point in lost})}

    def never_offered(self) -> Iterator[tuple[str, str]]:
        """Answers that the conditions never open, each with its scene."""
        for number, scene in enumerate(self.scenes):
            ever = {str(answer) for offer in self._offers[number].values() for each in offer.tries for answer in each.answers[-1].values()}
            yield from ((scene.id, answer) for answer in scene.offers_at_most() if self._offers[number] and answer not in ever)

    def always_open(self, scene: int) -> set[int]:
        """Which of a scene's `needs`, by their place, held in every situation in which somebody came there; none where nobody came."""
        met = list(self._offers[scene])
        return {place for place in range(len(self._needs[scene])) if met and all(key >> place & 1 for key in met)}
