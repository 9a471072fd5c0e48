"""A role-play as it was written: scenes, endings and the ways between them; never changed once read."""

from dataclasses import dataclass
from functools import cached_property

from trainee.kit.words import Text
from trainee.modules.roleplays.scene import Scene

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
    """How it can end. `rank` 3 is the best and 1 the worst; a variant tells it by the first critical error made."""

    id: str
    rank: int
    title: Text
    text: Text
    variants: dict[str, Text]
    next_step: Text

    def variant(self, criticals: tuple[str, ...]) -> str | None:
        """The first critical error made that this ending tells of."""
        return next((critical for critical in criticals if critical in self.variants), None)

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
    def flags_looked_at(self) -> frozenset[str]:
        """The flags any condition looks at: the only ones that can make a difference."""
        return frozenset(flag for scene in self.scenes.values() for when in scene.conditions() for flag in when.flags)

    @cached_property
    def best_rank(self) -> int:
        """The rank of the best ending."""
        return max(ending.rank for ending in self.endings.values())
