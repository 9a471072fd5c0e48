"""Keeping public voices, by hand or from a file: a month, source and theme that stand there already are replaced."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, select

from trainee.kit import audit, trtext
from trainee.kit.db import db, upsert
from trainee.kit.errors import NotFound
from trainee.kit.i18n import _, _l
from trainee.people import Person
from trainee.service.tables import Taken, broken_row, rows
from trainee.voice.masking import MASK, masked
from trainee.voice.public.models import PublicVoice
from trainee.voice.themes import THEMES

SOURCES: Final = {
    "reviews": _l("Maps and review sites"),
    "complaints": _l("Complaint sites"),
    "marketplace": _l("Marketplaces"),
    "social": _l("Social media"),
    "apps": _l("App stores"),
    "other": _l("Forums and other sites"),
}
COLUMNS = ("month", "source", "theme", "count", "mean")
MOST, LONGEST, MOST_ROWS, FIRST = 1_000_000, 600, 5000, date(2000, 1, 1)
_MONTHS = (re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-\d{1,2})?"), re.compile(r"(?:\d{1,2}\.)?(?P<month>\d{1,2})\.(?P<year>\d{4})"))
_STARS = re.compile(r"[1-5](?:[.,]\d{1,3})?")
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.]*")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


class WrongError(Exception):
    """What cannot be taken: the field it is about, and why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class Line:
    """One month of one source and theme."""

    month: date
    source: str
    theme: str
    n: int
    stars: float | None
    example: str = ""


def line_of(given: Mapping[str, str], today: date) -> Line:
    """A line as it was typed: month (2026-03 or 03.2026), source, theme, count, mean, comment. WrongError names the field."""
    month = month_of(given.get("month", ""), today)
    return Line(
        month,
        _among(given.get("source", ""), "source", SOURCES),
        _among(given.get("theme", ""), "theme", THEMES),
        _count(given.get("count", "")),
        _mean(given.get("mean", "")),
        _example(given.get("comment", "")),
    )


def month_of(written: str, today: date) -> date:
    """The first day of a month; WrongError for what is none, and for one that lies ahead."""
    found = next((match for form in _MONTHS if (match := form.fullmatch(written.strip()))), None)
    if found is None or not written.isascii() or not 1 <= int(found["month"]) <= 12 or not FIRST.year <= int(found["year"]) <= 9999:
        raise WrongError("month", _("“%(words)s” is no month we know; write 2026-03 or 03.2026.", words=written[:40]))
    month = date(int(found["year"]), int(found["month"]), 1)
    if month > today:
        raise WrongError("month", _("“%(words)s” lies ahead.", words=written[:40]))
    return month


def _among(written: str, field: str, known: Mapping[str, object]) -> str:
    if written.strip() not in known:
        words = {"words": written[:40], "column": field, "all": ", ".join(known)}
        raise WrongError(field, _("“%(words)s” is no %(column)s we know. Known: %(all)s", **words))
    return written.strip()


def _count(written: str) -> int:
    typed = written.strip()
    # int() would also take other scripts' digits, signs and underscores.
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= MOST):
        raise WrongError("count", _("“%(words)s” is no count from 1 to %(most)s.", words=typed[:40], most=MOST))
    return int(typed)


def _mean(written: str) -> float | None:
    typed = written.strip()
    if not typed:
        return None
    if not (typed.isascii() and _STARS.fullmatch(typed)) or not 1 <= float(typed.replace(",", ".")) <= 5:
        raise WrongError("mean", _("“%(words)s” is no mean of stars from 1 to 5; leave it empty where the site gives none.", words=typed[:40]))
    return float(typed.replace(",", "."))


def _example(written: str) -> str:
    if len(written.strip()) > LONGEST:
        raise WrongError("comment", _("The comment has more than %(most)s characters. Please shorten it.", most=LONGEST))
    return written.strip()


def keep(line: Line, *, at: datetime, by_id: int | None) -> None:
    """Keep one line, in the place of what stood there."""
    _keep([line], at, by_id)
    audit.note(by_id, "count public voices", "public_voice", at, month=line.month.isoformat(), source=line.source)


def _keep(lines: Sequence[Line], at: datetime, by_id: int | None) -> None:
    names = _names() if any(line.example for line in lines) else frozenset()
    for line in lines:
        values = {"month": line.month, "source": line.source, "theme": line.theme, "n": line.n, "stars": line.stars}
        values |= {"example": nameless(line.example, names), "saved_at": at, "by_id": by_id}
        upsert(PublicVoice, values, ["month", "source", "theme"], ["n", "stars", "example", "saved_at", "by_id"])


def _names() -> frozenset[str]:
    """The names of everybody here, folded as words are compared."""
    return frozenset(trtext.fold(name) for name in db.session.execute(select(Person.name)).scalars())


def nameless(comment: str, names: frozenset[str]) -> str:
    """A comment without addresses, numbers, names of accounts, and the full names of people who work here."""
    text = _HANDLE.sub(MASK, masked(comment))
    words = list(_WORD.finditer(text))
    for size in (4, 3, 2):
        for place in range(len(words) - size, -1, -1):
            start, end = words[place].start(), words[place + size - 1].end()
            if trtext.fold(text[start:end]) in names:
                text = text[:start] + MASK + text[end:]
                words = list(_WORD.finditer(text))
    return text


def take(data: bytes, today: date, *, at: datetime, by_id: int | None) -> Taken:
    """Take a file: one line for each month, source and theme; what stood there already is replaced, and what cannot be read is told by row.

    Refusal (422) for a file that is no such table.
    """
    taken = Taken()
    lines: dict[tuple[date, str, str], Line] = {}
    stand = _standing()
    for number, row in rows(data, COLUMNS):
        try:
            if row is None:
                raise WrongError("row", broken_row())
            if len(lines) >= MOST_ROWS:
                raise WrongError("row", _("Please send at most %(most)s rows at a time.", most=MOST_ROWS))
            line = line_of(row, today)
            key = (line.month, line.source, line.theme)
            if key in lines:
                raise WrongError("row", _("This month, source and theme stand in the file twice."))
        except WrongError as wrong:
            taken.wrong.append((number, str(wrong)))
            continue
        lines[key] = line
    _keep(list(lines.values()), at, by_id)
    taken.known = len(stand.keys() & lines.keys())
    taken.new = len(lines) - taken.known
    taken.changed = sum(stand[key] != kept for key, kept in _standing().items() if key in stand)
    audit.note(by_id, "count public voices", "public_voice", at, count=len(lines))
    return taken


def _standing() -> dict[tuple[date, str, str], tuple[int, float | None, str]]:
    """What stands of each month, source and theme. One statement."""
    columns = (PublicVoice.month, PublicVoice.source, PublicVoice.theme, PublicVoice.n, PublicVoice.stars, PublicVoice.example)
    return {(month, source, theme): (n, stars, example) for month, source, theme, n, stars, example in db.session.execute(select(*columns)).tuples()}


def drop(line_id: int, by_id: int, at: datetime) -> None:
    """Take a line out again; NotFound where there is none."""
    if db.session.execute(delete(PublicVoice).where(PublicVoice.id == line_id).returning(PublicVoice.id)).scalar() is None:
        raise NotFound
    audit.note(by_id, "remove public voices", f"public_voice/{line_id}", at)
