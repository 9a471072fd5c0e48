"""CSV, once as Turkish Excel opens it and once as programs expect it."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from trainee.kit.db import stored_moment
from trainee.kit.i18n import _l
from trainee.reports.column import Cell, Column
from trainee.reports.formats import formats
from trainee.reports.formats.format import Format
from trainee.reports.sheet import Sheet

# So many rows are written before they are sent on.
_BATCH = 500
_REMEMBERED = 5000
# Hours of three years.
_HOURS = 27_000
# A cell that begins so would be worked out as a formula by the program that opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def defused(words: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection): an apostrophe stands before one that would be."""
    return f"'{words}" if words.startswith(_FORMULA) else words


class _Csv(Format):
    """Rows of words: a title a column, then a line a row."""

    extension = "csv"
    mime = "text/csv; charset=utf-8"
    separator: ClassVar[str]
    start: ClassVar[str] = ""

    def pieces(self, sheet: Sheet) -> Iterator[bytes]:
        """Some hundred rows a piece. Cells are told a column at a time, and what a column has told before is not worked out again."""
        out = io.StringIO()
        out.write(self.start)
        writer = csv.writer(out, delimiter=self.separator)
        writer.writerow(self.heads(sheet))
        zone = ZoneInfo(sheet.time_zone)
        tellers = [self.moments(zone) if column.kind == "moment" else _column(self.cell(column)) for column in sheet.columns]
        for batch in sheet.batches():
            for begin in range(0, len(batch), _BATCH):
                cells = zip(*batch[begin : begin + _BATCH], strict=True)
                writer.writerows(zip(*(tell(column) for tell, column in zip(tellers, cells, strict=True)), strict=True))
                yield _taken(out)
        yield _taken(out)

    def heads(self, sheet: Sheet) -> Sequence[str]:
        """The first line."""
        return [defused(str(column.title)) for column in sheet.columns]

    def cell(self, column: Column) -> Callable[[Any], object] | None:
        """How the cells of a column are written; None for as they are."""
        raise NotImplementedError

    def moments(self, zone: ZoneInfo) -> Callable[[Sequence[Any]], Iterable[object]]:
        """How a column of moments is written; they may be as the database keeps them."""
        raise NotImplementedError


class _Told(dict[Cell, object]):
    """What was made of the cells of one column so far: the same names, days and modules come again and again."""

    def __init__(self, tell: Callable[[Any], object]) -> None:
        super().__init__({None: None})
        self._tell = tell

    def __missing__(self, cell: Cell) -> object:
        found = self[cell] = self._tell(cell)
        return found

    def __call__(self, cells: Iterable[Cell]) -> Iterable[object]:
        """What is written of these."""
        if len(self) > _REMEMBERED:
            self.clear()
            self[None] = None
        return map(self.__getitem__, cells)


def _column(tell: Callable[[Any], object] | None) -> Callable[[Sequence[Cell]], Iterable[object]]:
    """How a whole column is written."""
    return _Told(tell) if tell is not None else lambda cells: cells


def _taken(out: io.StringIO) -> bytes:
    written = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return written


@formats.register
class ForExcel(_Csv):
    """As Turkish Excel opens it with a double click: with a mark of its encoding, semicolons, and commas in numbers."""

    key = "csv"
    place = 20
    title = _l("CSV for Excel")
    says = _l("Opens right in Turkish Excel: semicolons between the cells, commas in the numbers.")
    separator = ";"
    start = "\ufeff"

    def cell(self, column: Column) -> Callable[[Any], object] | None:
        """Days and numbers as they are written in Turkey; a share as a percentage without its sign, a difference of shares as points."""
        told: dict[str, Callable[[Any], object] | None] = {
            "text": _text,
            "choice": lambda value: defused(str(column.told(value))),
            "share": lambda value: _comma(round(value * 100, 1)),
            "difference": lambda value: _comma(round(value * 100, 1)),
            "number": lambda value: _comma(round(value, 2)),
            "whole": None,
            "date": lambda value: value.strftime("%d.%m.%Y"),
            "month": lambda value: value.strftime("%m.%Y"),
        }
        return told[column.kind]

    def moments(self, zone: ZoneInfo) -> Callable[[Sequence[Any]], Iterable[object]]:
        """As a clock there shows them."""
        return _clock(zone)

    def heads(self, sheet: Sheet) -> Sequence[str]:
        """The titles; that of a share says that it is a percentage, and that of a difference of shares that it is in points."""
        return [defused(f"{column.title} (%)" if column.kind == "share" else column.titled) for column in sheet.columns]


@formats.register
class ForPrograms(_Csv):
    """As programs expect it: commas, points in numbers, days as 2026-03-31, the keys of the columns as their titles."""

    key = "csv_plain"
    place = 30
    title = _l("CSV for programs")
    says = _l("For another program to read: commas between the cells, fixed column names, days as 2026-03-31.")
    separator = ","

    def cell(self, column: Column) -> Callable[[Any], object] | None:
        """Plain values: keys of choices, shares from 0 to 1 and their differences from -1 to 1, moments in UTC."""
        told: dict[str, Callable[[Any], object] | None] = {
            "text": _text,
            "choice": None,
            "share": lambda value: round(float(value), 4),
            "difference": lambda value: round(float(value), 4),
            "number": lambda value: round(float(value), 4),
            "whole": None,
            "date": date.isoformat,
            "month": date.isoformat,
        }
        return told[column.kind]

    def moments(self, zone: ZoneInfo) -> Callable[[Sequence[Any]], Iterable[object]]:
        """In UTC, whatever the reader's clock says."""
        return _in_utc

    def heads(self, sheet: Sheet) -> Sequence[str]:
        """The keys."""
        return [column.key for column in sheet.columns]


def _text(value: Cell) -> str:
    return defused(str(value))


def _comma(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _in_utc(cells: Sequence[Any]) -> Iterable[object]:
    try:
        # As the database keeps it: 2026-03-11 09:00:00.000000, in UTC.
        return [None if cell is None else f"{cell[:10]}T{cell[11:19]}+00:00" for cell in cells]
    except TypeError:
        return [None if cell is None else _iso(cell) for cell in cells]


def _iso(value: datetime | str) -> str:
    return f"{value[:10]}T{value[11:19]}+00:00" if isinstance(value, str) else value.isoformat(timespec="seconds")


class _Hours(dict[str, str]):
    """What the clock there shows in each hour of UTC, by the text that the database keeps of it: `2026-03-11 09`. Asked once an hour."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, hour: str) -> str:
        if len(self) > _HOURS:
            self.clear()
        there = stored_moment(f"{hour}:00").astimezone(self._zone)
        if there.minute:
            # Where clocks are half an hour off, the hour alone does not say what they show.
            raise _Uneven
        found = self[hour] = there.strftime("%d.%m.%Y %H:")
        return found


class _Uneven(Exception):
    """This hour has no minute nought there."""


def _clock(zone: ZoneInfo) -> Callable[[Sequence[Any]], Iterable[object]]:
    """Writes a column of moments as the clock shows them there."""
    hours = _Hours(zone)

    def told(cells: Sequence[Any]) -> Iterable[object]:
        try:
            # Mostly they are as the database keeps them; to ask each of a million would take longer than to find out.
            return [None if cell is None else hours[cell[:13]] + cell[14:16] for cell in cells]
        except TypeError:
            return told([cell if cell is None or isinstance(cell, str) else cell.astimezone(UTC).strftime("%Y-%m-%d %H:%M") for cell in cells])
        except _Uneven:
            return [None if cell is None else stored_moment(cell[:16]).astimezone(zone).strftime("%d.%m.%Y %H:%M") for cell in cells]

    return told
