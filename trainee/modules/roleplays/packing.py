"""What stands in a story as whole numbers: scenes, flags, critical errors, conditions and costs, so that many points are searched quickly."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from trainee.modules.roleplays.plot import Story
from trainee.modules.roleplays.scene import Condition

MOODS = 6
"""So many bits of a point are the mood, from the story's lowest up."""

CRITICALS = 8
"""And so many the critical errors made, as the number of a list of them."""

NEVER = 1 << 60
"""A cost no line has: from there no ending is reached."""

Cost = tuple[int, int, float, int]
"""What is wrong with a line, worst first: rank missing in its ending, critical errors still made, points left lying, scenes it takes."""

Test = tuple[int, int, int, int, int, int]
"""A condition in numbers: mood at least, at most, flags all, any, none, critical errors any."""

K = TypeVar("K")
V = TypeVar("V")


class Memo(dict[K, V], Generic[K, V]):
    """Works out what it is asked for the first time, and remembers it."""

    def __init__(self, work: Callable[[K], V]) -> None:
        super().__init__()
        self.work = work

    def __missing__(self, key: K) -> V:
        self[key] = value = self.work(key)
        return value


class Packing:
    """The numbers of a story: which scene, which flag, which list of critical errors has which, and where each lies in a point."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.scenes = list(story.scenes.values())
        self.number = {scene.id: number for number, scene in enumerate(self.scenes)}
        self.flags = sorted(
            {flag for scene in self.scenes for flag in (*scene.sets(), *(flag for when in scene.conditions() for flag in when.flags))}
        )
        self.bit = {flag: 1 << number for number, flag in enumerate(self.flags)}
        self.names = sorted({name for scene in self.scenes for name in scene.criticals()})
        self.at_criticals = MOODS + len(self.flags)
        self.at_scene = self.at_criticals + CRITICALS
        self.made: list[tuple[str, ...]] = [()]
        self.made_bits = [0]
        self._made_numbers: dict[tuple[str, ...], int] = {(): 0}

    def made_number(self, made: tuple[str, ...]) -> int:
        """The number of a list of critical errors made."""
        # Which were made matters, and in what order each was made first: making one twice changes nothing.
        made = tuple(dict.fromkeys(made))
        if made not in self._made_numbers:
            self._made_numbers[made] = len(self.made)
            self.made.append(made)
            self.made_bits.append(sum(1 << self.names.index(name) for name in made if name in self.names))
        return self._made_numbers[made]

    def test(self, when: Condition) -> Test:
        """A condition in numbers."""
        low, high = self.story.mood_min, self.story.mood_max
        least = low if when.mood_gte is None else when.mood_gte
        most = high if when.mood_lte is None else when.mood_lte
        every, some, none = (sum(self.bit[flag] for flag in flags) for flags in (when.flags_all, when.flags_any, when.flags_none))
        one = 1 << self.names.index(when.critical) if when.critical in self.names else 1 << CRITICALS if when.critical else 0
        return (least - low, most - low, every, some, none, one or (-1 if when.any_critical else 0))

    def mask(self, conditions: Iterable[Condition]) -> int:
        """The bits of a point that some conditions of its scene look at, and those that name the scene."""
        conditions = tuple(conditions)
        bits = -1 << self.at_scene
        if any(when.mood_gte is not None or when.mood_lte is not None for when in conditions):
            bits |= (1 << MOODS) - 1
        if any(when.any_critical or when.critical for when in conditions):
            bits |= (1 << CRITICALS) - 1 << self.at_criticals
        return bits | sum(self.bit[flag] for flag in {flag for when in conditions for flag in when.flags}) << MOODS


def fits(test: Test, mood: int, flags: int, made: int) -> bool:
    """Whether a condition holds."""
    low, high, every, some, none, one = test
    return bool(
        low <= mood <= high and flags & every == every and not flags & none and (not some or flags & some) and (not one or made & one),
    )


def packed(missing: int, critical: bool, lost: float, scenes: int) -> int:
    """A cost as one number that compares as the four figures do: adding costs is adding numbers."""
    return ((missing << 12 | int(critical)) << 26 | round(lost * 1000)) << 16 | scenes


def unpacked(cost: int) -> Cost:
    """The four figures of a packed cost."""
    return cost >> 54, cost >> 42 & 4095, (cost >> 16 & (1 << 26) - 1) / 1000, cost & 65535
