"""What can still make a difference from a scene on: what no condition ahead can tell apart is one point, and that makes most stories small."""

from functools import cached_property

from trainee.modules.roleplays.packing import Memo, Packing
from trainee.modules.roleplays.plot import Ending, Story
from trainee.modules.roleplays.scene import Scene


class Eyes:
    """Per scene the flags that are still looked at, the moods that are alike, and the critical errors that are told apart."""

    def __init__(self, of: Packing) -> None:
        self.of = of
        self.steps = {scene.id: [branch for route in scene.routes() for branch in route] for scene in of.scenes}
        self.order, self.circular = _order(of.story, {key: [branch.to for branch in branches] for key, branches in self.steps.items()})
        self.flags = self._flags()
        self.moods = self._moods()
        self.made = Memo[tuple[int, int], int](self._made)

    def _flags(self) -> list[int]:
        """Per scene the flags that are looked at before they are set on every way."""
        of, bit = self.of, self.of.bit
        live = [0] * len(of.scenes)
        here = [sum({bit[flag] for when in scene.entry() for flag in when.flags}) for scene in of.scenes]
        effects = [list(scene.effects()) for scene in of.scenes]
        settled = False
        while not settled:
            settled = True
            for number in self.order:
                seen = here[number]
                for effect in effects[number]:
                    ahead = sum({bit[flag] for branch in effect.route for flag in branch.when.flags})
                    for branch in effect.route:
                        if branch.to in of.number:
                            ahead |= live[of.number[branch.to]]
                    seen |= ahead & ~sum(bit[flag] for flag in set(effect.flags))
                if seen != live[number]:
                    live[number], settled = seen, False
        return live

    def _moods(self) -> list[list[int]]:
        """Per scene and mood the lowest mood that nobody can tell from it: all tests on the mood come out the same, here and ever after."""
        most = self.of.story.mood_max - self.of.story.mood_min
        alike = [[0] * (most + 1) for _scene in self.of.scenes]
        tests = [self._mood_tests(scene) for scene in self.of.scenes]
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
        of = self.of
        tests = {(0, *of.test(when)[:2], -1) for when in scene.entry()}
        for moved, route in {(effect.mood, effect.route) for effect in scene.effects()}:
            tests |= {(moved, *of.test(branch.when)[:2], of.number.get(branch.to, -1)) for branch in route}
        return sorted(tests)

    @cached_property
    def _ahead(self) -> list[tuple[frozenset[str], bool, tuple[Ending, ...]]]:
        """Per scene: critical errors a condition ahead names, whether one asks for any, and the endings that may come."""
        story = self.of.story
        found = []
        for scene in self.of.scenes:
            ahead = story.ahead[scene.id]
            endings = tuple(story.endings[key] for key in story.endings if key in story.endings_ahead[scene.id])
            found.append((frozenset(when.critical for when in ahead if when.critical), any(when.any_critical for when in ahead), endings))
        return found

    def _made(self, key: tuple[int, int]) -> int:
        """Of the critical errors made those that are told apart later; of the others one stands for all, where having made any matters."""
        scene, number = key
        made = self.of.made[number]
        named, any_matters, endings = self._ahead[scene]
        told = {ending.variant(made) for ending in endings}
        kept = tuple(name for name in made if name in told or name in named)
        if not kept and made and any_matters:
            kept = (min(made),)
        return self.of.made_number(kept)


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
