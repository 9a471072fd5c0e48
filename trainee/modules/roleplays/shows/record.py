"""A record: what stands on the screen or on the table, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trainee.kit.words import Text
from trainee.modules.roleplays.reading import Cursor
from trainee.modules.roleplays.show import Show, ShowKind
from trainee.modules.roleplays.shows import kinds


@dataclass(frozen=True, kw_only=True)
class Record(Show):
    """One screen or sheet of paper with its lines."""

    kind = "record"
    title: Text
    lines: tuple[Text, ...]

    def texts(self) -> Iterator[Text]:
        yield self.title
        yield from self.lines

    def page(self, lang: str, customer: str, agent: str) -> dict[str, Any]:
        return {"title": self.title.of(lang), "lines": [text.of(lang) for text in self.lines]}


@kinds.register
class RecordKind(ShowKind):
    """`kind: record`, with `title` and `lines`."""

    key = "record"

    def read(self, at: Cursor) -> Show:
        at.knows("title", "lines")
        return Record(title=at.text("title"), lines=at.lines("lines"))
