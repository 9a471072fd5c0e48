"""XLSX: numbers are numbers, dates are dates, the head stays in sight, and a second sheet says what it is."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from trainee.kit.i18n import _, _l
from trainee.reports.column import Cell, Column, month_words
from trainee.reports.formats import formats
from trainee.reports.formats.format import Format
from trainee.reports.sheet import Sheet

_NARROWEST, _WIDEST = 8, 50
_PIECE = 64 * 1024
# Excel's own limit; what is longer goes on on a further sheet.
_LAST_ROW = 1_048_575
_FORMATS = {
    "share": "0%",
    "difference": "+0;-0;0",
    "number": "0.00",
    "whole": "0",
    "date": "dd.mm.yyyy",
    "month": "mmm yyyy",
    "moment": "dd.mm.yyyy hh:mm",
    "text": "@",
    "choice": "@",
}
# How the value of a figure is shown, by its unit.
_UNITS = {"share": "0%", "count": "#,##0", "money": "#,##0", "hours": "0.0", "mean": "0.0", "points": "+0;-0;0"}


@formats.register
class Xlsx(Format):
    """A workbook: rows are kept on disk while it is written, not in memory."""

    key = "xlsx"
    place = 10
    title = _l("Excel")
    says = _l("An Excel workbook with filters; numbers and days can be sorted and reckoned with.")
    extension = "xlsx"
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    passes = 2

    def pieces(self, sheet: Sheet) -> Iterator[bytes]:
        """The finished workbook, piece by piece."""
        with tempfile.TemporaryFile() as out:
            options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
            with xlsxwriter.Workbook(out, options | {"remove_timezone": True}) as book:
                book.set_properties({"title": sheet.title, "author": sheet.organisation})
                _write(book, sheet)
                _tell(book, sheet)
            out.seek(0)
            while piece := out.read(_PIECE):
                yield piece


def _write(book: Any, sheet: Sheet) -> None:
    zone = ZoneInfo(sheet.time_zone)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    forms = [book.add_format({"num_format": _FORMATS[column.kind]}) for column in sheet.columns]
    widths = [_NARROWEST] * len(sheet.columns)
    rows, part, more = sheet.rows(), 1, True
    while more:
        page = book.add_worksheet(_name(sheet.title, part))
        page.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            page.write_string(0, place, column.titled, bold)
            widths[place] = max(widths[place], min(len(column.titled) + 3, 22))
        last, more = 0, False
        for row in rows:
            last += 1
            for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
                widths[place] = max(widths[place], _put(page, last, place, column, value, forms[place], zone))
            if last == _LAST_ROW:
                more = True
                break
        page.autofilter(0, 0, max(last, 1), len(sheet.columns) - 1)
        for place, width in enumerate(widths):
            page.set_column(place, place, min(width + 2, _WIDEST))
        part += 1


def _put(page: Any, row: int, place: int, column: Column, value: Cell, form: Any, zone: ZoneInfo) -> int:
    """Write one cell, and say how wide it is."""
    if value is None:
        return 0
    if isinstance(value, datetime):
        page.write_datetime(row, place, value.astimezone(zone).replace(tzinfo=None), form)
        return 16
    if isinstance(value, date):
        page.write_datetime(row, place, datetime(value.year, value.month, value.day), form)  # noqa: DTZ001  # A date has no zone.
        return 10
    if isinstance(value, str):
        words = str(column.told(value))
        page.write_string(row, place, words, form)
        return len(words)
    page.write_number(row, place, round(100 * value, 6) if column.kind == "difference" else value, form)
    return 6


def _tell(book: Any, sheet: Sheet) -> None:
    """What the table is, what was asked for, when, and its figures, as numbers, with how sure they are and their meaning."""
    page = book.add_worksheet(_name(str(_("About this table")), 1))
    bold, wrap = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate((28, 14, 36, 90)):
        page.set_column(place, place, width)
    told = [
        (sheet.title, sheet.says),
        (str(_("Asked for")), "; ".join(sheet.about) or str(_("everything you may see"))),
        (str(_("As of")), sheet.as_of),
        (str(_("Organisation")), sheet.organisation),
    ]
    told += [(str(one.title), month_words(one.so_far, one.so_far)) for one in sheet.columns if one.so_far is not None]
    for row, (name, words) in enumerate(told):
        page.write_string(row, 0, name, bold)
        page.write_string(row, 1, words)
    figures = sheet.measured()
    heads = (_("Figure"), _("Value"), _("How sure"), _("What is this?")) if figures else ()
    for place, head in enumerate(heads):
        page.write_string(len(told) + 1, place, str(head), bold)
    for row, one in enumerate(figures, start=len(told) + 2):
        page.write_string(row, 0, str(one.figure.title), bold)
        if one.value is None:
            page.write_string(row, 1, one.words, wrap)
        else:
            page.write_number(row, 1, one.value, book.add_format({"num_format": _UNITS[one.figure.unit], "valign": "top"}))
        page.write_string(row, 2, ". ".join(filter(None, [one.between, one.counted])), wrap)
        page.write_string(row, 3, str(one.figure.says), wrap)


def _name(title: str, part: int) -> str:
    """A name that Excel takes for a sheet: 31 characters, none of []:*?/\\."""
    words = "".join(" " if sign in "[]:*?/\\" else sign for sign in title)
    return words[:31] if part == 1 else f"{words[:26]} ({part})"
