"""Who changed or saw what: the log of deeds and that of looks, searched and in order, for a page and for files alike."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select

from trainee.kit import trtext
from trainee.kit.audit import AuditEntry
from trainee.kit.db import db
from trainee.kit.deeds import people_in
from trainee.people.models import Person, RecordLook
from trainee.people.queries import names

PAGE: Final = 50
_AT_ONCE: Final = 1000
# So many people at most are meant by one name that is searched for.
_NAMESAKES: Final = 200


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `who` did it, `about` is whom it was done to: each a name, a user name or a number; days as in the zone of the reader."""

    who: str = ""
    about: str = ""
    deed: str = ""
    since: date | None = None
    until: date | None = None

    def address(self) -> dict[str, str]:
        """As it stands in an address."""
        return {one.name: str(getattr(self, one.name)) for one in fields(self) if getattr(self, one.name)}


def people_called(words: str) -> list[int]:
    """Whom a name, part of one, a user name or an employee number means."""
    wanted = trtext.fold(words.strip())
    rows = db.session.execute(select(Person.id, Person.name, Person.username_key, Person.employee_no))
    found = [
        row.id for row in rows if wanted == row.username_key or wanted == trtext.folded(row.employee_no or "") or wanted in trtext.folded(row.name)
    ]
    return found[:_NAMESAKES]


def _between(column: Any, search: Search, zone: str) -> list[Any]:
    first = [column >= datetime.combine(search.since, time(), ZoneInfo(zone))] if search.since is not None else []
    return first + ([column < datetime.combine(search.until + timedelta(days=1), time(), ZoneInfo(zone))] if search.until is not None else [])


def _deeds(search: Search, zone: str) -> Select[Any]:
    entry = AuditEntry
    statement = select(entry.id, entry.at, entry.actor_id, entry.deed, entry.subject, entry.detail).where(*_between(entry.at, search, zone))
    if search.who:
        statement = statement.where(entry.actor_id.in_(people_called(search.who)))
    if search.deed:
        statement = statement.where(entry.deed == search.deed)
    if search.about:
        kind, _slash, number = search.about.partition("/")
        told = [search.about] if number else [f"person/{one}" for one in people_called(search.about)]
        statement = statement.where(or_(entry.subject.in_(told), entry.subject == search.about) if kind else entry.subject.in_(told))
    return statement.order_by(entry.id.desc())


def _looks(search: Search, zone: str) -> Select[Any]:
    look = RecordLook
    statement = select(look.id, look.at, look.by_id, look.person_id, look.page, look.capacity, look.reason).where(*_between(look.at, search, zone))
    if search.who:
        statement = statement.where(look.by_id.in_(people_called(search.who)))
    if search.about:
        statement = statement.where(look.person_id.in_(people_called(search.about)))
    return statement.order_by(look.id.desc())


def deeds(search: Search, zone: str, before: int | None = None, many: int = PAGE + 1) -> list[Any]:
    """Deeds, the newest first, below that number."""
    statement = _deeds(search, zone)
    return list(db.session.execute((statement if before is None else statement.where(AuditEntry.id < before)).limit(many)))


def looks(search: Search, zone: str, before: int | None = None, many: int = PAGE + 1) -> list[Any]:
    """Looks, the newest first, below that number."""
    statement = _looks(search, zone)
    return list(db.session.execute((statement if before is None else statement.where(RecordLook.id < before)).limit(many)))


def each(page: Any, search: Search, zone: str) -> Iterator[tuple[Any, dict[int, str]]]:
    """Every row of `deeds` or `looks`, some hundred at a time, each with the names of everybody that hundred is about."""
    before = None
    while rows := page(search, zone, before, _AT_ONCE):
        called = names_in(rows)
        yield from ((row, called) for row in rows)
        before = rows[-1].id


def names_in(rows: list[Any]) -> dict[int, str]:
    """The names of everybody these rows are about, in one statement."""
    ids: set[int] = set()
    for row in rows:
        told = row._mapping
        ids |= {value for key in ("actor_id", "by_id", "person_id") if (value := told.get(key)) is not None}
        ids |= people_in(told.get("detail"))
        kind, _slash, number = str(told.get("subject", "")).partition("/")
        if kind == "person" and number.isdigit():
            ids.add(int(number))
    return names(ids)


def looks_at(person_id: int, before: int | None = None) -> list[Any]:
    """Who looked at somebody's pages, the newest first: rows with the name of who it was."""
    look = RecordLook
    statement = select(look.id, look.at, look.page, look.capacity, look.reason, Person.name).join(Person, Person.id == look.by_id)
    statement = statement.where(look.person_id == person_id, look.by_id != person_id)
    if before is not None:
        statement = statement.where(look.id < before)
    return list(db.session.execute(statement.order_by(look.id.desc()).limit(PAGE + 1)))


def known_deeds() -> list[str]:
    """The deeds that were ever written down."""
    return sorted(db.session.scalars(select(AuditEntry.deed).group_by(AuditEntry.deed).having(func.count() > 0)))
