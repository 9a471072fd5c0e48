"""Reading a file of ratings from another system: what can be read is read, and what cannot is told with its line."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from trainee.kit import trtext
from trainee.voice.actions import Answer
from trainee.voice.survey import QUESTIONS

COLUMNS = ("external_id", "employee", "given_at", "instrument", "question", "value")
_MOMENTS = ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y")


@dataclass(slots=True)
class ReadFile:
    """The answers of a file, and what could not be read: (line, sentence)."""

    answers: list[Answer] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


class _Wrong(Exception):
    """One row that cannot be read, and why."""


def read(data: bytes, system: str, people: Mapping[str, int], time_zone: str, now: datetime) -> ReadFile:
    """Read a CSV file (UTF-8 with or without BOM, else Windows-1254; `,` `;` or tab) of the columns external_id, employee (number or user name),
    given_at (ISO, or dd.mm.yyyy hh:mm in `time_zone`), instrument, question, value and, if there is one, comment.
    """
    found = ReadFile()
    rows = _rows(_decoded(data))
    head = next(rows, (1, []))[1]
    columns = {trtext.fold(name.strip()): place for place, name in enumerate(head)}
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        found.refused.append((1, f"The first line has no column {', '.join(missing)}. It names the columns: {','.join(COLUMNS)},comment"))
        return found
    try:
        for line, cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            row = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
            try:
                found.answers.append(_answer(row, system, people, time_zone, now))
            except _Wrong as wrong:
                found.refused.append((line, str(wrong)))
    except csv.Error as error:
        found.refused.append((1, f"The file cannot be read further as CSV: {error}."))
    return found


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("windows-1254", errors="replace")
    return text.replace("\x00", "")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line it begins on; a comment may go over several lines."""
    head = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _answer(row: Mapping[str, str], system: str, people: Mapping[str, int], time_zone: str, now: datetime) -> Answer:
    if not row["external_id"] or len(row["external_id"]) > 120:
        raise _Wrong("external_id is empty or longer than 120 characters; without it the answer could be counted twice.")
    person_id = people.get(trtext.fold(row["employee"]))
    if person_id is None:
        raise _Wrong(f"Nobody here has the number or user name '{row['employee'][:60]}'.")
    question = QUESTIONS.get(row["question"])
    if question is None:
        raise _Wrong(f"There is no question '{row['question'][:60]}'. Known: {', '.join(QUESTIONS)}.")
    if row["instrument"] != question.instrument:
        raise _Wrong(f"'{question.key}' is a question of {question.instrument}, not of '{row['instrument'][:20]}'.")
    return Answer(
        person_id=person_id,
        given_at=_moment(row["given_at"], time_zone, now),
        question=question.key,
        value=_value(row["value"], question.highest),
        system=system,
        external_id=row["external_id"],
        comment=row.get("comment", ""),
    )


def _value(written: str, highest: int) -> int:
    # int() would also take other scripts' digits, signs and underscores.
    if not (written.isascii() and written.isdigit()) or not 1 <= int(written[:4]) <= highest:
        raise _Wrong(f"value '{written[:20]}' is not a whole number from 1 to {highest}.")
    return int(written)


def _moment(written: str, time_zone: str, now: datetime) -> datetime:
    moment = _parsed(written)
    if moment is None:
        raise _Wrong(f"given_at '{written[:40]}' is no date we know; write 2026-03-11T14:30 or 11.03.2026 14:30.")
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(time_zone))
    if moment > now:
        raise _Wrong(f"given_at '{written[:40]}' lies ahead.")
    return moment


def _parsed(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        pass
    for form in _MOMENTS:
        try:
            return datetime.strptime(written, form)  # noqa: DTZ007 - the zone is put on by the caller
        except ValueError:
            continue
    return None
