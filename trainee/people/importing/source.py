"""A file as a table: in what encoding and with what separator it is written, where its headings stand, and the rows below them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from trainee.kit.tables import (
    ENCODINGS,
    SEPARATORS,
    Candidate,
    Merged,
    Record,
    UnreadableError,
    Workbook,
    candidates,
    decoded,
    delimited_records,
    is_workbook,
    letters,
    separator_of,
    sure,
)
from trainee.people.importing.fields import holds_national, is_known, key_of

# So many rows are looked at for the headings, and so many are shown below them.
_AHEAD, _SHOWN = 25, 5
_WIDEST = 200
# How files begin that are chosen by mistake and would be read as one long text: PDF, pictures, RTF, archives of other kinds.
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


@dataclass(slots=True)
class Source:
    """A file that was looked at: how it is read, its headings, the first rows below them, and what is to be said of it."""

    reading: dict[str, Any]
    headings: list[str]
    samples: list[list[str]]
    findings: list[dict[str, Any]] = field(default_factory=list)
    encodings: list[Candidate] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    # The first rows as they stand, for whoever says which of them holds the headings: (number, cells).
    first: list[tuple[int, list[str]]] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether the encoding cannot be told from the bytes alone."""
        return bool(self.encodings) and not sure(self.encodings)


def look(body: bytes, wished: Mapping[str, Any] | None = None) -> Source:
    """Find out how a file is read; what is `wished` (encoding, separator, sheet, head) goes before what was found.

    UnreadableError where it cannot be read.
    """
    wished = wished or {}
    if body.startswith(_OTHERS):
        raise UnreadableError("broken")
    if is_workbook(body):
        book = Workbook(body)
        sheet: str = wished["sheet"] if wished.get("sheet") in book.sheets else _fullest(book)
        rows, merged = list(islice(book.records(sheet), _AHEAD)), book.merged(sheet)
        reading: dict[str, Any] = {"kind": "xlsx", "sheet": sheet} | ({"since_1904": True} if book.since_1904 else {})
        source = Source(reading, [], [], sheets=book.sheets)
    else:
        found = candidates(body)
        encoding: str = wished["encoding"] if wished.get("encoding") in ENCODINGS else found[0].encoding
        text = decoded(body, encoding)
        separator: str = wished["separator"] if wished.get("separator") in SEPARATORS else separator_of(text)
        rows, merged = list(islice(delimited_records(text, separator), _AHEAD)), []
        source = Source({"kind": "csv", "encoding": encoding, "separator": separator}, [], [], encodings=found)
        if "\ufffd" in text:
            source.findings.append({"code": "unreadable_signs", "count": text.count("\ufffd")})
    _find_headings(source, rows, merged, wished.get("head"))
    return source


def _fullest(book: Workbook) -> str:
    """The first sheet that holds a table; most workbooks have one, and some begin with a page of words."""
    for sheet in book.sheets:
        if sum(len([cell for cell in row.cells if cell]) > 1 for row in islice(book.records(sheet), _AHEAD)) > 1:
            return sheet
    return book.sheets[0]


def _find_headings(source: Source, rows: Sequence[Record], merged: Sequence[Merged], wished: Any) -> None:
    filled = [row for row in rows if not row.empty]
    if not filled:
        raise UnreadableError("no_rows")
    source.first = [(row.number, [cell[:200] for cell in row.cells[:12]]) for row in filled[:12]]
    head = next((row for row in filled if str(row.number) == str(wished)), None) or _likeliest(filled)
    # Headings that are joined with the cells below them stand in several rows; the last of these is the one above the data.
    joined = [one for one in merged if one.first_row <= head.number <= one.last_row and one.last_row > one.first_row]
    deepest = max((one.last_row for one in joined), default=head.number)
    head = next((row for row in filled if row.number == deepest), head) if not wished else head
    source.reading["head"] = head.number
    below = [row for row in filled if row.number > head.number]
    width = max((len(row.cells) for row in (head, *(below if source.reading["kind"] == "xlsx" else ()))), default=0)
    source.headings = _headings(source, head, min(width, _WIDEST), merged, rows)
    source.samples = [[cell[:200] for cell in row.cells] for row in below[:_SHOWN]]
    for column, heading in enumerate(source.headings):
        if holds_national(heading, [row[column] for row in source.samples if column < len(row)]):
            source.findings.append({"code": "national", "row": head.number, "column": column, "heading": heading})
    above = [row.number for row in filled if row.number < min([head.number, *(one.first_row for one in joined)])]
    if above:
        source.findings.append({"code": "rows_above", "rows": above})


def _likeliest(rows: Sequence[Record]) -> Record:
    """The row with the most cells that are headings we know; else the first with more than one cell."""
    known = [(sum(is_known(cell) for cell in row.cells), row) for row in rows]
    most = max(count for count, _row in known)
    if most >= 2 or (most and len(rows[0].cells) == 1):
        return next(row for count, row in known if count == most)
    return next((row for row in rows if sum(bool(cell) for cell in row.cells) > 1), rows[0])


def _headings(source: Source, head: Record, width: int, merged: Sequence[Merged], rows: Sequence[Record]) -> list[str]:
    """The heading of every column; what merged cells leave empty is filled from them and told."""
    over = {
        (row, column): one
        for one in merged
        if one.first_row <= head.number <= one.last_row or one.last_row < head.number
        for row in range(one.first_row, min(one.last_row, head.number) + 1)
        for column in range(one.first_column, min(one.last_column, width - 1) + 1)
    }
    first = {row.number: row.cells for row in rows}
    found: list[str] = []
    for column in range(width):
        heading = head.cells[column] if column < len(head.cells) else ""
        joined = over.get((head.number, column))
        if joined is not None:
            top = first.get(joined.first_row, [])
            said = top[joined.first_column] if joined.first_column < len(top) else ""
            heading = heading or (said if column == joined.first_column else f"{said} ({column - joined.first_column + 1})")
            if column == joined.first_column and joined.last_column > column:
                source.findings.append({"code": "merged", "row": head.number, "column": column, "last": joined.last_column, "heading": said})
        elif not heading and column < len(head.cells):
            before = next((words for words in reversed(found) if words), "")
            source.findings.append({"code": "no_heading", "row": head.number, "column": column, "heading": before})
        found.append(heading)
    _tell_doubled(source, head, found)
    return found


def _tell_doubled(source: Source, head: Record, headings: list[str]) -> None:
    seen: dict[str, int] = {}
    for column, heading in enumerate(headings):
        key = key_of(heading)
        if key and key in seen:
            source.findings.append({"code": "doubled_heading", "row": head.number, "column": column, "other": letters(seen[key]), "heading": heading})
        seen.setdefault(key, column)


def rows_below(body: bytes, reading: Mapping[str, Any]) -> Iterator[Record]:
    """Every row below the headings, the empty ones as well, read as was settled."""
    if reading["kind"] == "xlsx":
        found = Workbook(body).records(reading["sheet"])
    else:
        found = delimited_records(decoded(body, reading["encoding"]), reading["separator"])
    return (row for row in found if row.number > reading["head"])
