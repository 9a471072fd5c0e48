"""Excel workbooks, read row by row with what Python itself brings: a workbook is XML in a ZIP archive.

Nothing of it is run: of a formula the value that was last worked out is read. What would unpack to more than a large table has is refused.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import ParseError, XMLPullParser  # Declarations of entities are refused before it reads.
from xml.parsers.expat import ExpatError

from trainee.kit.tables.cells import Cell, Cells
from trainee.kit.tables.record import Merged, Record, UnreadableError

# Unpacked; a sheet of 50,000 people has some forty megabytes.
_MOST = 600 * 1024 * 1024
_PIECE = 256 * 1024
_ROWS, _COLUMNS = 1_048_576, 200
# Number formats that Excel has built in and that show a day, by their numbers.
_DAYS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_JOINED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"')
_OLD, _PACKED = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


def is_workbook(data: bytes) -> bool:
    """Whether these bytes are a workbook we read; UnreadableError for the old kind and for OpenDocument, which we do not."""
    if data.startswith(_OLD):
        raise UnreadableError("old_excel")
    return data.startswith(_PACKED)


class Workbook:
    """A workbook whose sheets can be read; UnreadableError when it is broken, too large or something else in a ZIP archive."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile:
            raise UnreadableError("broken") from None
        names = set(self._zip.namelist())
        if "content.xml" in names and "mimetype" in names:
            raise UnreadableError("open_document")
        if "xl/workbook.xml" not in names:
            raise UnreadableError("broken")
        if sum(one.file_size for one in self._zip.infolist()) > _MOST:
            raise UnreadableError("too_large")
        self._sheets: dict[str, str] = {}
        # Whether its days are counted from 1904 and not from 1900.
        self.since_1904 = False
        self._read_book()
        self._words = list(self._read_words()) if "xl/sharedStrings.xml" in names else []
        self._forms = self._read_forms() if "xl/styles.xml" in names else []

    @property
    def sheets(self) -> list[str]:
        """The names of its sheets that are shown, in their order."""
        return list(self._sheets)

    def _pieces(self, part: str) -> Iterator[bytes]:
        """A part piece by piece; UnreadableError where it is broken or declares entities."""
        try:
            with self._zip.open(part) as file:
                first = True
                while piece := file.read(_PIECE):
                    if first and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
                        raise UnreadableError("entities")
                    first = False
                    yield piece
        except (ParseError, ExpatError, KeyError, zipfile.BadZipFile, OSError, RuntimeError, ValueError):
            raise UnreadableError("broken") from None

    def _elements(self, part: str) -> Iterator[tuple[str, Any]]:
        """Every element of a part when it is read to its end, by its bare name."""
        parser: Any = XMLPullParser(("end",))
        try:
            for piece in self._pieces(part):
                parser.feed(piece)
                for _event, element in parser.read_events():
                    yield element.tag.rpartition("}")[2], element
        except (ParseError, ValueError):
            raise UnreadableError("broken") from None

    def _read_book(self) -> None:
        targets = {
            element.get("Id"): element.get("Target", "") for name, element in self._elements("xl/_rels/workbook.xml.rels") if name == "Relationship"
        }
        for name, element in self._elements("xl/workbook.xml"):
            if name == "workbookPr":
                self.since_1904 = element.get("date1904") in ("1", "true")
            elif name == "sheet" and element.get("state", "visible") == "visible":
                number = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
                target = targets.get(number, "").removeprefix("/")
                if target:
                    self._sheets[element.get("name", "?")] = target if target.startswith("xl/") else f"xl/{target}"
        if not self._sheets:
            raise UnreadableError("no_rows")

    def _read_words(self) -> Iterator[str]:
        for name, element in self._elements("xl/sharedStrings.xml"):
            if name == "si":
                yield _words_of(element)
                element.clear()

    def _read_forms(self) -> list[str]:
        """For each style what it makes of a number: "day", "" or how many digits it shows at least."""
        codes: dict[int, str] = {}
        for name, element in self._elements("xl/styles.xml"):
            if name == "numFmt":
                codes[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
            elif name == "cellXfs":
                return [_form(int(one.get("numFmtId", 0)), codes) for one in element]
        return []

    def merged(self, sheet: str) -> list[Merged]:
        """The joined cells of a sheet, looked for without reading its rows: they stand behind them."""
        found, rest = [], b""
        with self._zip.open(self._sheets[sheet]) as file:
            while piece := file.read(_PIECE):
                for first, last in _JOINED.findall(rest + piece):
                    (row, column), (last_row, last_column) = _place(first.decode()), _place(last.decode())
                    found.append(Merged(row, last_row, column, last_column))
                rest = piece[-60:] if b">" not in piece[-60:] else piece[piece.rfind(b">") + 1 :]
        return found

    def records(self, sheet: str) -> Iterator[Record]:
        """Every row that the sheet holds; codes: error (a formula that came out wrong)."""
        number, cells = 0, Cells()
        try:
            for piece in self._pieces(self._sheets[sheet]):
                for written, row in cells.feed(piece):
                    number = min(int(written or number + 1), _ROWS)
                    yield self._record(number, row)
                if cells.over:
                    return
        except (ExpatError, ValueError):
            raise UnreadableError("broken") from None

    def _record(self, number: int, row: list[Cell]) -> Record:
        record = Record(number, [])
        place, cells = -1, record.cells
        for where, kind, style, written in row:
            place = _column(where.rstrip("0123456789")) if where else place + 1
            if not 0 <= place < _COLUMNS:
                continue
            value = self._value(kind, style, written)
            if not value:
                continue
            if len(cells) <= place:
                cells.extend([""] * (place + 1 - len(cells)))
            cells[place] = value
            if kind == "e":
                record.wrong.append(("error", place))
        return record

    def _value(self, kind: str, style: str, written: str) -> str:
        if kind == "s":
            return self._words[int(written)].strip() if written.isdigit() and int(written) < len(self._words) else ""
        if kind == "n" and written:
            form = int(style or 0)
            return _number(written, self._forms[form] if form < len(self._forms) else "", self.since_1904)
        return written.strip()


def _words_of(element: Any) -> str:
    """All text of an element, without how it is to be pronounced."""
    words = []
    for one in element:
        name = one.tag.rpartition("}")[2]
        if name == "t":
            words.append(one.text or "")
        elif name in ("r", "is"):
            words.append(_words_of(one))
    return "".join(words)


def _form(number: int, codes: dict[int, str]) -> str:
    code = codes.get(number)
    if code is None:
        return "day" if number in _DAYS else ""
    shown = _NOT_SHOWN.sub("", code.split(";")[0])
    if re.search(r"[dDyYgG]|(?<![0#?.])[mM](?![0#?])", shown):
        return "day"
    return str(len(shown)) if re.fullmatch("0{2,}", shown) else ""


@lru_cache(maxsize=4096)
def _number(written: str, form: str, since_1904: bool) -> str:
    """A number as the sheet shows it: a day as 2025-12-31, a personnel number with its noughts in front."""
    try:
        value = float(written)
    except ValueError:
        return written.strip()
    if form == "day":
        return _day(value, since_1904) or written
    if value == int(value) and abs(value) < 1e15:
        return str(int(value)).zfill(int(form or 0))
    return written


def _day(value: float, since_1904: bool) -> str | None:
    # Excel believes that 1900 was a leap year, so its days count from the 30th before it.
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001  # Days of a calendar have no zone.
    if not 1 <= value < 2_958_466:
        return None
    return (first + timedelta(days=int(value))).date().isoformat()


def _place(name: str) -> tuple[int, int]:
    column = name.rstrip("0123456789")
    return int(name[len(column) :] or 0), _column(column)


@lru_cache(maxsize=1024)
def _column(name: str) -> int:
    place = 0
    for sign in name.replace("$", ""):
        if not "A" <= sign <= "Z":
            return -1
        place = place * 26 + ord(sign) - 64
    return place - 1
