"""A role-play as it was written: scenes, endings and the ways between them; never changed once read."""

from dataclasses import dataclass
from functools import cached_property

from trainee.kit.words import Text
from trainee.modules.roleplays.scene import Condition, Scene

CHANNELS = ("phone", "chat", "email", "social", "shop", "meeting")
STEPS = ("greet", "discover", "meet", "follow-up", "leave-door-open", "lead")


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom the learner talks with."""

    name: str
    age: int | None
    about: Text


@dataclass(frozen=True, slots=True)
class Agent:
    """Whom the learner plays."""

    name: str
    role: Text


@dataclass(frozen=True, slots=True)
class Ending:
    """How it can end. `rank` 3 is the best and 1 the worst; a variant tells it by the first critical error made, and so may the next step."""

    id: str
    rank: int
    title: Text
    text: Text
    variants: dict[str, Text]
    next_step: Text
    next_step_for: dict[str, Text]

    def variant(self, criticals: tuple[str, ...]) -> str | None:
        """The first critical error made that this ending tells of."""
        return next((critical for critical in criticals if critical in self.variants), None)

    def onward(self, criticals: tuple[str, ...]) -> Text:
        """What to do next."""
        return next((self.next_step_for[critical] for critical in criticals if critical in self.next_step_for), self.next_step)

    def words(self, variant: str | None) -> Text:
        """What is told at the end."""
        return self.variants[variant] if variant else self.text


@dataclass(frozen=True, eq=False)
class Story:
    """One role-play. Every `next` in it leads somewhere and every scene can be left: `read_story` saw to that.

    Two stories are equal only when they are the same object, so that what is computed for one can be kept beside it.
    """

    id: str
    channel: str
    minutes: int
    difficulty: int
    clock: bool
    skills: tuple[str, ...]
    title: Text
    brief: Text
    customer: Customer
    agent: Agent | None
    card: tuple[Text, ...]
    mood_start: int
    mood_min: int
    mood_max: int
    start: str
    scenes: dict[str, Scene]
    endings: dict[str, Ending]

    @cached_property
    def ahead(self) -> dict[str, tuple[Condition, ...]]:
        """Per scene, every condition that can still be looked at from there on."""
        return {key: tuple({when for here in reach for when in self.scenes[here].conditions()}) for key, reach in self._reach.items()}

    @cached_property
    def endings_ahead(self) -> dict[str, frozenset[str]]:
        """Per scene, every ending its ways may lead to."""
        ends = {key: {branch.to for route in scene.routes() for branch in route} & set(self.endings) for key, scene in self.scenes.items()}
        return {key: frozenset().union(*(ends[here] for here in reach)) for key, reach in self._reach.items()}

    @cached_property
    def _reach(self) -> dict[str, set[str]]:
        steps = {key: {branch.to for route in scene.routes() for branch in route} & set(self.scenes) for key, scene in self.scenes.items()}
        return {key: _reach(key, steps) for key in steps}

    @cached_property
    def best_rank(self) -> int:
        """The rank of the best ending."""
        return max(ending.rank for ending in self.endings.values())


def _reach(start: str, steps: dict[str, set[str]]) -> set[str]:
    """Every scene that the ways out of `start` can lead to, itself included."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(steps[here])
    return found
