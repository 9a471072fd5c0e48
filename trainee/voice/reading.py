"""Reading a file of ratings from another system: what can be read is read, and what cannot is told with its line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from trainee.kit import trtext
from trainee.kit.clock import written_moment
from trainee.kit.i18n import _
from trainee.kit.tables import Record, candidates, decoded, delimited_records, separator_of
from trainee.voice.actions import Answer
from trainee.voice.survey import INSTRUMENTS, QUESTIONS

COLUMNS = ("external_id", "employee", "given_at", "instrument", "question", "value")


@dataclass(slots=True)
class ReadFile:
    """The answers of a file, and what could not be read: (line, sentence)."""

    answers: list[Answer] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


class Wrong(Exception):
    """One row that cannot be read, and why."""


def read(data: bytes, system: str, people: Mapping[str, int], time_zone: str, now: datetime) -> ReadFile:
    """Read a CSV file (in any encoding `kit/tables` finds out, `,` `;` or tab) of the columns external_id, employee (number or user name),
    given_at (ISO, or dd.mm.yyyy hh:mm in `time_zone`), instrument, question, value and, if there is one, comment.
    """
    found = ReadFile()
    rows = rows_of(data)
    head = next(rows, Record(1, [])).cells
    columns = {trtext.fold(name.strip()): place for place, name in enumerate(head)}
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        found.refused.append((1, missing_words(missing, (*COLUMNS, "comment"))))
        return found
    for record in rows:
        if record.empty:
            continue
        row = {name: record.cells[place] if place < len(record.cells) else "" for name, place in columns.items()}
        try:
            if broken(record):
                raise Wrong(quote_words())
            found.answers.append(_answer(row, system, people, time_zone, now))
        except Wrong as wrong:
            found.refused.append((record.number, str(wrong)))
    return found


def missing_words(missing: Iterable[str], columns: Iterable[str]) -> str:
    """That the first line lacks columns."""
    words = {"missing": ", ".join(missing), "columns": ",".join(columns)}
    return str(_("The first line has no column %(missing)s. It names the columns: %(columns)s", **words))


def quote_words() -> str:
    """That a row's quotation marks do not close."""
    return str(_("There is a quotation mark that is never closed, or stands inside a cell without being doubled."))


def broken(record: Record) -> bool:
    """Whether a row's quotation marks do not close."""
    return any(code in ("open_quote", "stray_quote") for code, _place in record.wrong)


def rows_of(data: bytes) -> Iterator[Record]:
    """Each row with the number of the line it begins on; a comment may go over several lines."""
    text = decoded(data, candidates(data)[0].encoding)
    return delimited_records(text, separator_of(text.split("\n", 1)[0]))


def _answer(row: Mapping[str, str], system: str, people: Mapping[str, int], time_zone: str, now: datetime) -> Answer:
    if not row["external_id"] or len(row["external_id"]) > 120:
        raise Wrong(_("external_id is empty or longer than 120 characters; without it the answer could be counted twice."))
    person_id = people.get(trtext.fold(row["employee"]))
    if person_id is None:
        raise Wrong(_("Nobody here has the number or user name '%(name)s'.", name=row["employee"][:60]))
    if row["instrument"] not in INSTRUMENTS:
        raise Wrong(_("There is no instrument '%(key)s'. Known: %(all)s.", key=row["instrument"][:20], all=", ".join(INSTRUMENTS)))
    question = QUESTIONS.get(row["question"])
    if question is None:
        raise Wrong(_("There is no question '%(key)s'. Known: %(all)s.", key=row["question"][:60], all=", ".join(QUESTIONS)))
    if row["instrument"] != question.instrument:
        words = {"key": question.key, "right": question.instrument, "wrong": row["instrument"][:20]}
        raise Wrong(_("'%(key)s' is a question of %(right)s, not of '%(wrong)s'.", **words))
    return Answer(
        person_id=person_id,
        given_at=moment_of(row["given_at"], time_zone, now),
        question=question.key,
        value=value_of(row["value"], question.lowest, question.highest),
        system=system,
        external_id=row["external_id"],
        comment=row.get("comment", ""),
    )


def value_of(written: str, lowest: int, highest: int) -> int:
    # int() would also take other scripts' digits, signs and underscores.
    if not (written.isascii() and written.isdigit()) or not lowest <= int(written[:4]) <= highest:
        raise Wrong(_("value '%(value)s' is not a whole number from %(low)s to %(high)s.", value=written[:20], low=lowest, high=highest))
    return int(written)


def moment_of(written: str, time_zone: str, now: datetime) -> datetime:
    moment = written_moment(written, time_zone)
    if moment is None:
        raise Wrong(_("given_at '%(value)s' is no date we know; write 2026-03-11T14:30 or 11.03.2026 14:30.", value=written[:40]))
    if moment > now:
        raise Wrong(_("given_at '%(value)s' lies ahead.", value=written[:40]))
    return moment
