"""What a kind of entry in the service handbook is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from trainee.kit import trtext
from trainee.service.fields import Field


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that ought to have an entry: in words, and what its form begins with, by input."""

    words: str
    begins: Mapping[str, Any]


class Kind:
    """One kind of entry: its fields, and which of them name it and stand in its list. A new kind is a new file in `kinds`."""

    key: ClassVar[str]
    # The heading of its list, one of them ("Add a channel"), and what it is for.
    title: ClassVar[Any]
    add: ClassVar[Any]
    lead: ClassVar[Any]
    icon: ClassVar[str]
    # Its place among the kinds.
    place: ClassVar[int]
    fields: ClassVar[tuple[Field, ...]]
    name: ClassVar[str] = "name"
    columns: ClassVar[tuple[str, ...]] = ()
    # The entry that stands for whatever has none of its own: once written it is changed and never taken out of use.
    last: ClassVar[str] = ""
    # A page on which more is done with an entry: its endpoint, which takes the entry's key as `job_key`, and its name.
    further: ClassVar[tuple[str, Any] | None] = None

    def key_of(self, values: Mapping[str, Any]) -> str:
        """What a new entry is called in addresses: its English name, folded."""
        return trtext.slug(values[self.name]["en"])[:60] or "entry"

    def title_of(self, values: Mapping[str, Any], lang: str) -> str:
        """What an entry is called."""
        return self.field(self.name).told(values[self.name], lang)

    def field(self, key: str) -> Field:
        """One of its fields."""
        return next(one for one in self.fields if one.key == key)

    def wrong(self, values: Mapping[str, Any]) -> dict[str, str]:
        """What fields cannot say alone, by input."""
        return {}

    def lacks(self, found: Sequence[Mapping[str, Any]], lang: str) -> Sequence[Lack]:
        """What ought to have an entry and has none, the values of those in use given. One statement at most."""
        return ()

    def lacking(self, many: int) -> tuple[str, str]:
        """How that is told: a heading with how many there are, and a sentence."""
        return "", ""
