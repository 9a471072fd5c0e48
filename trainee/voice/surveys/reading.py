"""Reading sheets that were answered elsewhere: one row a customer, one column a statement; what cannot be read is told with its line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trainee.kit import trtext
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.tables import Record
from trainee.voice.reading import Wrong, broken, missing_words, moment_of, quote_words, rows_of, value_of
from trainee.voice.surveys.sheet import Item

NEEDED = ("external_id", "given_at")
# More is a matter for several files.
MOST_ROWS = 5000
WORDS_MOST = 600


@dataclass(frozen=True, slots=True)
class Given:
    """One sheet of a file."""

    external_id: str
    given_at: datetime
    language: str
    values: Sequence[tuple[Item, int | str]]


@dataclass(slots=True)
class ReadSheets:
    """The sheets of a file, and what could not be read: (line, sentence)."""

    sheets: list[Given] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def columns_of(asked: Sequence[Item]) -> list[str]:
    """The columns a file of these statements may have."""
    return [*NEEDED, "language", *(one.field for one in asked)]


def read_sheets(data: bytes, asked: Sequence[Item], time_zone: str, now: datetime) -> ReadSheets:
    """Read a CSV file: external_id and given_at as in a file of ratings, language (tr or en), a column for each statement; empty is no answer.

    A row with one cell that is none of its marks is refused whole: no half sheet is compared with whole ones. Refusal (422) for too many rows.
    """
    found = ReadSheets()
    rows = rows_of(data)
    head = next(rows, Record(1, [])).cells
    columns = {trtext.fold(name.strip()): place for place, name in enumerate(head)}
    items = [one for one in asked if trtext.fold(one.field) in columns]
    missing = [name for name in NEEDED if name not in columns] or ([] if any(one.scale for one in items) else [one.field for one in asked][:3])
    if missing:
        found.refused.append((1, missing_words(missing, columns_of(asked))))
        return found
    for record in rows:
        if record.empty:
            continue
        if len(found.sheets) + len(found.refused) >= MOST_ROWS:
            raise Refusal(_("Please send at most %(most)s rows at a time.", most=MOST_ROWS), 422, "file")
        row = {name: record.cells[place].strip() if place < len(record.cells) else "" for name, place in columns.items()}
        try:
            if broken(record):
                raise Wrong(quote_words())
            found.sheets.append(_sheet(row, items, time_zone, now))
        except Wrong as wrong:
            found.refused.append((record.number, str(wrong)))
    return found


def _sheet(row: Mapping[str, str], items: Sequence[Item], time_zone: str, now: datetime) -> Given:
    if not row["external_id"] or len(row["external_id"]) > 60:
        raise Wrong(_("external_id is empty or longer than 60 characters; without it the sheet could be counted twice."))
    values: list[tuple[Item, int | str]] = []
    for one in items:
        said = row[trtext.fold(one.field)]
        if said and one.scale is not None:
            values.append((one, _mark(one, said, one.scale)))
        elif said:
            values.append((one, said[:WORDS_MOST]))
    if not any(isinstance(value, int) for _item, value in values):
        raise Wrong(_("Not one statement is answered with a mark."))
    language = row.get("language", "")
    return Given(row["external_id"], moment_of(row["given_at"], time_zone, now), language if language in ("tr", "en") else "tr", values)


def _mark(one: Item, said: str, scale: tuple[int, int]) -> int:
    try:
        return value_of(said, *scale)
    except Wrong as wrong:
        raise Wrong(f"{one.field}: {wrong}") from wrong
