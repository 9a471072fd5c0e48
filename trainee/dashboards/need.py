"""What a kind of need says about itself, and what it may look at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from trainee.expectations import Target
from trainee.plans import Open
from trainee.profile import Level


@dataclass(frozen=True, slots=True)
class Said:
    """Why somebody needs her supervisor, in a sentence, and the next thing to do. The larger `weight`, the sooner among those of its kind."""

    words: str
    deed: str
    url: str
    weight: float = 0.0
    # A word of its own in the place of its kind's.
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of the people of a line, read once for all kinds: levels and targets by skill, and assignments that are not done.

    `day` is the reader's.
    """

    people: Sequence[int]
    levels: Mapping[int, Mapping[str, Level]]
    targets: Mapping[int, Mapping[str, Target]]
    todo: Mapping[int, Sequence[Open]]
    at: datetime
    day: date
    # The skills in which many came down at once beside each of them.
    shared: Mapping[int, frozenset[str]] = field(default_factory=dict)
    # What is issued already and applies only from a later day on, by skill.
    coming: Mapping[int, Mapping[str, Sequence[Target]]] = field(default_factory=dict)

    def issued(self, who: int) -> Iterator[tuple[str, Target]]:
        """What somebody issued for her, by skill: what applies, and what is to come."""
        yield from ((skill, target) for skill, target in self.targets[who].items() if target.id is not None)
        yield from ((skill, target) for skill, those in self.coming.get(who, {}).items() for target in those)


class Need:
    """A kind of need. Those with the smallest `order` speak first; `badge` names it in a word or two and `tone` colours that.

    `stamp` is for kinds that ask the database for more than `Seen` holds: an expression over `Person.id`, and the parameters `at` and `day`, that
    changes whenever their answer might.
    """

    key: ClassVar[str]
    order: ClassVar[int]
    tone: ClassVar[str] = "accent"
    stamp: ClassVar[Any] = None

    @property
    def badge(self) -> str:
        """The word for it, in the reader's language."""
        raise NotImplementedError

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Who of these people needs her for this reason. At most one statement, however many they are."""
        raise NotImplementedError
