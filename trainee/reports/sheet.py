"""A report on its way into a file: everything a format needs, and nothing of where it comes from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trainee.kit.i18n import moment_words
from trainee.reports.column import Column, Row
from trainee.reports.figures import Measured
from trainee.reports.picture import Drawn


@dataclass(frozen=True)
class Sheet:
    """One report as somebody asked for it. `rows` and `batches` begin anew at every call; `measured` counts its figures when they are wanted.

    `time_zone` is that of the reader: moments are written as her clock shows them, but for programs.
    """

    key: str
    title: str
    says: str
    about: Sequence[str]
    organisation: str
    at: datetime
    time_zone: str
    columns: Sequence[Column]
    rows: Callable[[], Iterator[Row]]
    # The same rows, some hundred at a time; moments may be as the database keeps them.
    batches: Callable[[], Iterator[list[Row]]]
    measured: Callable[[], Sequence[Measured]]
    # The figures with the pictures, of one pass; without it there are none of these.
    drawn: Callable[[], tuple[Sequence[Measured], Sequence[Drawn]]] | None = None
    # The organisation's logo as PNG, where it has one.
    logo: Callable[[], bytes | None] = lambda: None

    @property
    def as_of(self) -> str:
        """When it was true, in words, by the reader's clock."""
        return moment_words(self.at, zone=ZoneInfo(self.time_zone))
