"""What every kind of scene shares: the situation it is played in, the conditions that look at it, and what an answer does."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from trainee.kit.words import Text
from trainee.modules.roleplays.matching import Phrases

if TYPE_CHECKING:
    from trainee.modules.roleplays.reading import Cursor

Mix = Callable[[Sequence[Any]], list[Any]]
"""Puts things into the order of one run: the same whenever that run is opened."""

ASKS = ("say", "write", "do", "note")
"""To say something, to write it to the customer, to do something, or to write something down for oneself or colleagues."""

Answer = Mapping[str, Any]
"""What a learner did in a scene, as it is stored: `{"choice": "a"}`, `{"cues": ["a", "c"]}` ..."""


@dataclass(frozen=True, slots=True)
class Situation:
    """How things stand between the two people: all that a condition may look at."""

    mood: int
    flags: frozenset[str] = frozenset()
    criticals: tuple[str, ...] = ()

    def after(self, outcome: "Outcome", low: int, high: int) -> "Situation":
        """The situation once `outcome` has happened; the mood stays within the story's bounds."""
        mood = max(low, min(high, self.mood + outcome.mood))
        criticals = (*self.criticals, outcome.critical) if outcome.critical else self.criticals
        return Situation(mood, self.flags | frozenset(outcome.flags), criticals)


@dataclass(frozen=True, slots=True)
class Condition:
    """When something holds. An empty condition always does."""

    mood_gte: int | None = None
    mood_lte: int | None = None
    flags_all: frozenset[str] = frozenset()
    flags_any: frozenset[str] = frozenset()
    flags_none: frozenset[str] = frozenset()
    any_critical: bool = False
    critical: str | None = None

    @property
    def always(self) -> bool:
        """Whether it holds whatever the situation is."""
        return self == Condition()

    @property
    def flags(self) -> frozenset[str]:
        """Every flag it looks at."""
        return self.flags_all | self.flags_any | self.flags_none

    def fits(self, situation: Situation) -> bool:
        """Whether it holds in this situation."""
        return (
            (self.mood_gte is None or situation.mood >= self.mood_gte)
            and (self.mood_lte is None or situation.mood <= self.mood_lte)
            and self.flags_all <= situation.flags
            and (not self.flags_any or bool(self.flags_any & situation.flags))
            and not self.flags_none & situation.flags
            and (not self.any_critical or bool(situation.criticals))
            and (self.critical is None or self.critical in situation.criticals)
        )


@dataclass(frozen=True, slots=True)
class Branch:
    """One way on: to the scene or ending `to`, when the condition fits."""

    when: Condition
    to: str


Route = tuple[Branch, ...]
"""Branches in order; the first that fits wins and the last one always fits."""


def follow(route: Route, situation: Situation) -> str:
    """Where a route leads from here."""
    return next(branch.to for branch in route if branch.when.fits(situation))


@dataclass(frozen=True, slots=True)
class Points:
    """What was earned for one skill in one scene, and the most that could be had there."""

    earned: float
    best: float

    @property
    def share(self) -> float:
        """0..1; the scene must have had something to earn."""
        return max(0.0, min(1.0, self.earned / self.best))


@dataclass(frozen=True, slots=True)
class Draft:
    """A typed reply that waits for the learner's own check: what she wrote, and the criteria the machine believes it meets."""

    text: str
    language: str
    suggested: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer does. With a `draft` nothing has happened yet: the scene stays open until the draft is confirmed."""

    said: tuple[Text | str, ...] = ()
    route: Route = ()
    mood: int = 0
    flags: tuple[str, ...] = ()
    critical: str | None = None
    points: Mapping[str, Points] = field(default_factory=dict)
    reply: Text | None = None
    feedback: Text | None = None
    draft: Draft | None = None

    @property
    def lost(self) -> float:
        """How many points of those that could be had were left, over all skills."""
        return sum(points.best - points.earned for points in self.points.values())


@dataclass(frozen=True, slots=True)
class Try:
    """One way through a scene that differs from the others in what it does: the answers to give, and what they do."""

    answers: tuple[Answer, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be picked in a scene: whether it is the best of them, and whether it is a critical error."""

    id: str
    words: Text
    best: bool
    critical: bool


@dataclass(frozen=True, kw_only=True)
class Scene(ABC):
    """One moment of a role-play: what the customer says, and what can be answered. Knows nothing of the run it is played in."""

    kind: ClassVar[str]
    source: ClassVar[str]
    """The evidence source its points are recorded under."""
    watched: ClassVar[bool] = False
    """Whether `customer` tells what can be seen, and not what is said."""

    typed: ClassVar[bool] = False
    """Whether a reply is written in it."""

    id: str
    step: str
    customer: Text
    customer_when: tuple[tuple[Condition, Text], ...] = ()
    inner: Text | None = None
    speaker: Text | None = None
    """Who says these words, where it is not the customer of the story: somebody in the queue, a colleague who is called."""
    channel: str | None = None
    """On what one talks here, where it is not what the story began on: a chat that goes on by phone."""
    asks: str | None = None
    """What is asked of the learner, one of `ASKS`, where it cannot be told from the words."""

    def words(self, situation: Situation) -> Text:
        """What the customer says in this situation."""
        return next((say for when, say in self.customer_when if when.fits(situation)), self.customer)

    @abstractmethod
    def answer(self, given: Mapping[str, Sequence[str]], language: str, draft: Draft | None) -> Answer:
        """The answer in a posted form, ready to be stored; a Refusal with a sentence when something is missing."""

    @abstractmethod
    def outcome(self, answer: Answer, situation: Situation, draft: Draft | None) -> Outcome:
        """What this answer does here; a Refusal when it is not open."""

    @abstractmethod
    def tries(self, situation: Situation) -> Iterator[Try]:
        """Every way through the scene that can make a difference, for searching."""

    @abstractmethod
    def effects(self) -> Iterator[Outcome]:
        """All it may do, whatever came before: outcomes without their points."""

    def needs(self) -> tuple[Condition, ...]:
        """The conditions that open and close its answers."""
        return ()

    def needed_for(self, answer: Answer) -> Condition:
        """The condition that opens one of its answers."""
        return Condition()

    def offers_at_most(self) -> tuple[str, ...]:
        """The answers there are, whatever the conditions say."""
        return ()

    def offers(self) -> Iterator[Offer]:
        """Everything that can be picked in it, whatever the conditions say; nothing where a reply is written."""
        return iter(())

    def picked(self, answer: Answer) -> Sequence[str]:
        """The ids of what an answer picked of these."""
        return ()

    def matters(self) -> bool:
        """Whether it makes any difference what is answered."""
        return True

    def best_place(self) -> int | None:
        """At which place, from 0, the best answer is written; None when there is nothing to choose from."""
        return None

    def to_read(self) -> Iterator[Text]:
        """What is read in it beside the customer's words, the longest feedback included."""
        return iter(())

    def lengths(self, language: str) -> tuple[int, tuple[int, ...]] | None:
        """How long its best answer is, and how long the others are, in signs; None when there is nothing to choose from."""
        return None

    def weakest(self) -> Text | None:
        """The reply that earns least; None when there is nothing to choose from."""
        return None

    def looked_for(self) -> Iterator[tuple[str, Phrases]]:
        """What is looked for in a written reply: each criterion with its phrases."""
        return iter(())

    @abstractmethod
    def page(self, situation: Situation, draft: Draft | None, language: str, mix: Mix) -> dict[str, Any]:
        """What its template needs, as plain values in one language: nothing that tells what an answer will do."""

    def back(self, language: str) -> dict[str, Any]:
        """What its look back shows beside what every scene shows."""
        return {}

    def routes(self) -> Iterator[Route]:
        """Every route that leads out of it."""
        return (effect.route for effect in self.effects())

    def entry(self) -> Iterator[Condition]:
        """The conditions looked at when somebody comes into it."""
        yield from (when for when, _say in self.customer_when)
        yield from self.needs()

    def conditions(self) -> Iterator[Condition]:
        """Every condition it holds, those on its routes too."""
        yield from self.entry()
        yield from (branch.when for route in self.routes() for branch in route)

    def sets(self) -> frozenset[str]:
        """Every flag it may set."""
        return frozenset(flag for effect in self.effects() for flag in effect.flags)

    def criticals(self) -> frozenset[str]:
        """The critical errors that can be made in it."""
        return frozenset(effect.critical for effect in self.effects() if effect.critical)

    @abstractmethod
    def skills(self) -> frozenset[str]:
        """Every skill it may give points for."""


class Kind(ABC):
    """Reads one kind of scene from a story file."""

    key: ClassVar[str]

    @abstractmethod
    def read(self, at: "Cursor", common: Mapping[str, Any]) -> Scene:
        """The scene written there; what is wrong is noted on the cursor and a usable scene is returned all the same."""
