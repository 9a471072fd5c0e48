"""A place: where one stands, and what there is to see or hear."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trainee.kit.words import Text
from trainee.modules.roleplays.reading import Cursor
from trainee.modules.roleplays.show import Show, ShowKind
from trainee.modules.roleplays.shows import kinds


@dataclass(frozen=True, kw_only=True)
class Place(Show):
    """One look around, or one moment of listening: each thing by itself."""

    kind = "place"
    where: Text
    at: Text | None
    sees: tuple[Text, ...]
    hears: tuple[Text, ...]

    def texts(self) -> Iterator[Text]:
        yield self.where
        yield from (*self.sees, *self.hears)

    def page(self, lang: str, customer: str, agent: str) -> dict[str, Any]:
        return {
            "where": self.where.of(lang),
            "at": self.at.of(lang) if self.at else "",
            "sees": [text.of(lang) for text in self.sees],
            "hears": [text.of(lang) for text in self.hears],
        }


@kinds.register
class PlaceKind(ShowKind):
    """`kind: place`, with `where`, and `sees`, `hears` or both, and `at` where the hour matters."""

    key = "place"

    def read(self, at: Cursor) -> Show:
        at.knows("where", "at", "sees", "hears")
        if "sees" not in at and "hears" not in at:
            at.error(None, "nothing is seen or heard here", "Add `sees:` or `hears:`, each thing in a line of its own.")
        return Place(
            where=at.text("where"),
            at=at.text("at") if "at" in at else None,
            sees=at.lines("sees") if "sees" in at else (),
            hears=at.lines("hears") if "hears" in at else (),
        )
