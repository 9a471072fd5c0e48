"""What a column of a report holds, and how its cells are read by people."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from trainee.kit.i18n import _, _n, date_words, moment_words, number, percent, signed

# What stands in a cell: a plain value. Words for people are made of it by its column, so that every format says the same.
Cell = str | int | float | date | datetime | None
Row = tuple[Cell, ...]
_THOUSAND: Final = 1000
# text: as it is · choice: a key that the column has words for · whole, number · share: 0..1 ·
# difference: of two shares, -1..1, told in points · date · month: its first day · moment: aware, in UTC
Kind = Literal["text", "choice", "whole", "number", "share", "difference", "date", "month", "moment"]


# Whose something is, and which of hers: rows with the same first stand together.
Grain = Callable[[Any], tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Adds:
    """How the cells of a column are put together where rows are, so that the outcome means something: their sum, their mean, or the share they make.

    `weigh` says of a fact what it adds above and below the line, and None where it does not belong there; without it the cell stands above and one
    below. `ends` makes an interval of what stands above, below and on either side, as in a figure. `about` says whom a fact is about, None for nobody
    alone: what is about one person only is told from `least_of_one` on.
    """

    sums: bool = True
    weigh: Callable[[Any], tuple[float, ...] | None] | None = None
    # A value that is repeated on several rows counts once for each of these.
    once: Grain | None = None
    # Of several rows of one of these only the first stands below the line.
    each: Grain | None = None
    # Below so many no mean is told.
    least: int = 1
    ends: Callable[[float, float, float], tuple[float, float]] | None = None
    about: Callable[[Any], Iterable[int | None]] | None = None
    least_of_one: int = 1


MEAN: Final = Adds(sums=False)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` for programs, `title` for people, and what kind of value stands in it. `words` are those of a choice's keys."""

    key: str
    title: Any
    kind: Kind = "text"
    words: Mapping[str, Any] | None = None
    # Whether it stands on the page too; what only files need would crowd it.
    on_page: bool = True
    # The key of the column whose cell it stands below on the page, in small words; files and paper keep it beside.
    below: str | None = None
    # A moment whose day is enough for who reads it on a page; files keep the time.
    by_day: bool = False
    # How it is put together; a number without it is no amount, and neither a sum nor a mean of it says anything.
    adds: Adds | None = None
    # Of a month: the last day that is told of the month that still runs.
    so_far: date | None = None

    @property
    def is_number(self) -> bool:
        """Whether its cells stand in line on the right."""
        return self.kind in ("whole", "number", "share", "difference")

    def told(self, cell: Cell) -> Cell:
        """The cell with its words in the reader's language; everything but a choice is as it was."""
        if self.kind != "choice" or self.words is None or not isinstance(cell, str):
            return cell
        return str(self.words.get(cell, cell))

    @property
    def titled(self) -> str:
        """Its title where its cells are numbers to reckon with, without a unit: that of a difference says that it is in points."""
        return str(_("%(title)s (points)", title=self.title) if self.kind == "difference" else self.title)

    def read(self, cell: Cell) -> str:
        """The cell as a page shows it; nothing is a dash, unless its column has words for that."""
        if cell is None:
            return "—"
        if isinstance(cell, str):
            return str(self.told(cell)) or "—"
        if isinstance(cell, datetime):
            return date_words(cell) if self.by_day else moment_words(cell)
        if isinstance(cell, date):
            return month_words(cell, self.so_far) if self.kind == "month" else date_words(cell)
        if self.kind == "share":
            return percent(cell)
        if self.kind == "difference":
            return in_points(cell)
        return number(cell, 0 if self.kind == "whole" else 1)


def month_words(month: date, so_far: date | None = None) -> str:
    """A month as people read it; one that still runs is told as that, up to the day `so_far`."""
    words = date_words(month, "MMM y")
    if so_far is None or month.replace(day=1) != so_far.replace(day=1):
        return words
    return str(_("%(month)s so far (up to %(day)s)", month=words, day=date_words(so_far, "d MMMM")))


def in_points(value: float, until: float | None = None) -> str:
    """A difference of shares (-1..1), or what lies between two: percentage points are no shares, and are written as what they are."""
    written = signed(100 * value, 0)
    if until is not None:
        return str(_("%(low)s to %(high)s points", low=written, high=signed(100 * until, 0)))
    return str(_("%(many)s points", many=written))


def many_rows(many: int) -> str:
    """How many rows, in words."""
    return str(_n("%(num)d row", "%(num)d rows", many) if many < _THOUSAND else _("%(many)s rows", many=number(many)))
