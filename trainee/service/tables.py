"""Tables that are taken in and given out: rows by their headings, with whatever cannot be read told by row."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Response, request

from trainee.kit import trtext
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _l
from trainee.kit.tables import Record, UnreadableError, Workbook, candidates, decoded, delimited_records, is_workbook, separator_of

LARGEST_KB = 4096
_UNREADABLE = {
    "old_excel": _l("This is a workbook of an old Excel (.xls). Please open it in Excel, save it as .xlsx and choose that file."),
    "open_document": _l("This is a table of LibreOffice (.ods). Please save it as .xlsx or CSV and choose that file."),
}
_BROKEN = frozenset({"open_quote", "stray_quote"})
# Excel reads these at the beginning of a cell as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True)
class Taken:
    """What came of a file: how many rows are new, how many were known, `changed` and `closed` of these, and what was wrong: (row, sentence)."""

    new: int = 0
    known: int = 0
    changed: int = 0
    closed: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)


def uploaded() -> bytes:
    """The file of the form; Refusal (422) where none was chosen."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refusal(_("Please choose a file first."), 422, "file")
    body: bytes = upload.read()
    return body


def rows(data: bytes, wanted: Sequence[str], called: Mapping[str, str] | None = None) -> Iterator[tuple[int, Mapping[str, str] | None]]:
    """Each row with its number, as cells by folded heading; None for one that is broken. Refusal (422) for a file that is no such table.

    `called`: what else a column may be called, by folded heading.
    """
    records = _records(data)
    head = next(records, Record(1, [])).cells
    places = {trtext.fold(name.strip()): place for place, name in enumerate(head) if name.strip()}
    places = {(called or {}).get(name, name): place for name, place in places.items()} | {name: places[name] for name in wanted if name in places}
    lacking = [name for name in wanted if name not in places]
    if lacking:
        words = _("The first line has no column %(names)s. It has to name the columns: %(all)s", names=", ".join(lacking), all=", ".join(wanted))
        raise Refusal(words, 422, "file")
    for record in records:
        if record.empty:
            continue
        if any(code in _BROKEN for code, _place in record.wrong):
            yield record.number, None
        else:
            yield record.number, {name: _bare(record.cells[place].strip()) if place < len(record.cells) else "" for name, place in places.items()}


def _records(data: bytes) -> Iterator[Record]:
    try:
        if is_workbook(data):
            book = Workbook(data)
            return iter(list(book.records(book.sheets[0])) if book.sheets else [])
        text = decoded(data, candidates(data)[0].encoding)
        return delimited_records(text, separator_of(text.split("\n", 1)[0]))
    except UnreadableError as unreadable:
        words = _UNREADABLE.get(unreadable.code, _l("This file cannot be opened: it is damaged, or no CSV and no Excel workbook."))
        raise Refusal(str(words), 422, "file") from None


def broken_row() -> str:
    """What is said of a row whose cells cannot be told apart."""
    return _("There is a quotation mark that is never closed, or stands inside a cell without being doubled.")


def download(name: str, head: Sequence[str], lines: Iterable[Sequence[object]]) -> Response:
    """A CSV file as Excel in Turkey opens it: a mark for UTF-8, semicolons, and nothing that it would take for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    for line in lines:
        writer.writerow([_safe(cell) for cell in line])
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return response


def _bare(cell: str) -> str:
    """A cell as it was before `_safe` kept it from being a formula, so that a file taken out and put back changes nothing."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else "" if cell is None else cell
