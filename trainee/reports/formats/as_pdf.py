"""PDF: A4 pages for a board, with the figures, their meaning and the pictures before the table, whose head stands on every page."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from trainee.kit import trtext
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _l, language, moment_words, number
from trainee.kit.typesetting import typeset
from trainee.reports.column import Cell, Column
from trainee.reports.figures import Measured
from trainee.reports.formats import formats
from trainee.reports.formats.format import Format
from trainee.reports.picture import HEIGHT, WIDTH, Drawn
from trainee.reports.sheet import Sheet

_LAYOUT = Path(__file__).with_name("report.typ")
# Setting a page takes some 18 KB of memory for each cell of the table, and seventy pages are more than a board reads.
_CELLS = 25_000
# Sizes in points, how many letters stand beside each other in it, and whether the page lies on its side. The first that holds all columns is taken;
# what is wider than the last is continued in a further part.
_PAGES: Final = ((10.5, 101, False), (9.0, 118, False), (9.0, 170, True), (7.5, 205, True))
_NARROWEST, _WIDEST = 4, 26
_BOLD = 1.15
# So many rows are looked at to find out how wide a column has to be.
_LOOKED_AT = 300


@formats.register
class Pdf(Format):
    """A document with page numbers and tags that a screen reader follows. It is set as a whole, so its rows are limited."""

    key = "pdf"
    place = 15
    title = _l("PDF")
    says = _l("A4 pages to print or to hand round: the figures with their meaning, the pictures, then the table as it stands on the page.")
    extension = "pdf"
    mime = "application/pdf"
    endless = False
    passes = 2
    cells: ClassVar[int] = _CELLS

    def pieces(self, sheet: Sheet) -> Iterator[bytes]:
        """The finished document; Refusal, that names other formats, when there are more rows than a document holds."""
        shown = [(place, column) for place, column in enumerate(sheet.columns) if column.on_page]
        most = self.cells // len(shown)
        found = list(islice(sheet.rows(), most + 1))
        if len(found) > most:
            raise Refusal(_too_many(most), 422)
        zone = ZoneInfo(sheet.time_zone)
        rows = [[_read(column, row[place], zone) for place, column in shown] for row in found]
        told = _told(sheet, [column for _place, column in shown], rows)
        return iter([typeset(_LAYOUT, told)])


def _too_many(most: int) -> str:
    return _(
        "A PDF holds %(most)s rows of this table, and these are more. Please narrow the filters, or take Excel or CSV: they hold them all.",
        most=number(most),
    )


def _read(column: Column, cell: Cell, zone: ZoneInfo) -> str:
    return moment_words(cell, zone=zone) if isinstance(cell, datetime) else column.read(cell)


def _told(sheet: Sheet, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Everything the layout says, as plain values."""
    needs = [_need(str(column.title), [row[place] for row in rows[:_LOOKED_AT]]) for place, column in enumerate(columns)]
    size, room, landscape = next((one for one in _PAGES if sum(needs) <= one[1]), _PAGES[-1])
    figures, pictures = sheet.drawn() if sheet.drawn is not None else (sheet.measured(), ())
    logo = sheet.logo()
    groups = _groups(needs, _name(columns), room)
    return {
        "lang": language(),
        "title": sheet.title,
        "says": sheet.says,
        "organisation": sheet.organisation,
        "logo": list(logo) if logo is not None else None,
        "about": [
            *_period(columns, rows),
            (_("Asked for"), "; ".join(sheet.about) or _("everything you may see")),
            (_("As of"), sheet.as_of),
            (_("Rows"), number(len(rows))),
        ],
        "as_of": _("As of %(moment)s.", moment=sheet.as_of),
        "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        "figures_title": _("Figures"),
        "figures": [_figure(one) for one in figures],
        "pictures_title": _("Pictures"),
        "pictures": [_picture(one) for one in pictures],
        "landscape": landscape,
        "size": size,
        "nothing": _("Nobody you may see fits these filters, or nothing has happened yet."),
        "parts": [_part(columns, rows, needs, group, place, len(groups)) for place, group in enumerate(groups, start=1)] if rows else [],
    }


def _period(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """From which month to which it tells, where its rows are months, which stand in their order."""
    place = next((place for place, column in enumerate(columns) if column.kind == "month"), None)
    if place is None or not rows:
        return []
    first, last = rows[0][place], rows[-1][place]
    return [(_("Period"), first if first == last else f"{first} – {last}")]


def _need(title: str, cells: Sequence[str]) -> int:
    """How many letters wide a column has to be: its longest words, or its cells where they are short, and the room between."""
    # Heads are bold, and their words stay whole.
    longest = max((ceil(_BOLD * len(word)) for word in title.split()), default=0)
    return max(_NARROWEST, longest, min(max(map(len, cells), default=0), _WIDEST)) + 3


def _name(columns: Sequence[Column]) -> int:
    """The column that says whose or what a row is: the name where there is one, else the first."""
    return next((place for place, column in enumerate(columns) if column.key == "full_name"), 0)


def _groups(needs: Sequence[int], name: int, room: int) -> list[list[int]]:
    """The columns in as many parts as they need beside each other; the one with the name stands in each."""
    if sum(needs) <= room:
        return [list(range(len(needs)))]
    groups, free = [[name]], room - needs[name]
    for place, need in enumerate(needs):
        if place == name:
            continue
        if need > free and len(groups[-1]) > 1:
            groups.append([name])
            free = room - needs[name]
        groups[-1].append(place)
        free -= need
    return groups


def _part(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], needs: Sequence[int], group: Sequence[int], place: int, parts: int
) -> dict[str, Any]:
    title = _("Rows")
    if parts > 1:
        told = _("Rows, part %(part)s of %(parts)s: further columns of the same rows", part=place, parts=parts)
        title = _("Rows, part %(part)s of %(parts)s", part=place, parts=parts) if place == 1 else told
    return {
        "title": title,
        "heads": [str(columns[one].title) for one in group],
        "widths": [needs[one] for one in group],
        "numbers": [columns[one].is_number for one in group],
        "rows": [[row[one] for one in group] for row in rows],
    }


def _figure(one: Measured) -> dict[str, str]:
    says = str(one.figure.says)
    if one.figure.least > 1:
        says += " " + _("It is told from %(least)s on.", least=number(one.figure.least))
    between = trtext.upper(one.between[:1], language()) + one.between[1:]
    return {"title": str(one.figure.title), "value": one.words, "between": ". ".join(filter(None, [between, one.counted])), "says": says}


def _picture(one: Drawn) -> dict[str, Any]:
    """A picture as plain values. Places are shares of the drawing's own width and height, 0..1; whoever hears it gets its rows as words."""
    told = {"kind": one.kind, "title": one.title, "note": one.note, "heads": list(one.heads), "rows": [list(row) for row in one.rows]}
    if one.kind != "trend":
        return told | {"zero": one.more.get("zero")}
    if "marks" not in one.more:
        return told | {"kind": "table"}
    marks = [None if mark is None else (mark[0] / WIDTH, *(down / HEIGHT for down in mark[1:])) for mark in one.more["marks"]]
    good = one.more["good"]
    return told | {
        "alt": f"{one.title}: " + "; ".join(f"{row[0]} {row[1]}" for row in one.rows),
        "marks": marks,
        "runs": one.more["running"] is not None,
        "axis": one.more["axis"],
        "ends": one.more["ends"],
        "good": None if good is None else good / HEIGHT,
    }
