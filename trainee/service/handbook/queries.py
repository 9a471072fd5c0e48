"""What stands in the service handbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, select

from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.service.handbook.kinds import Kind, kinds
from trainee.service.handbook.models import ServiceEntry

_ENTRY = cast(Table, ServiceEntry.__table__)
_OTHER = _ENTRY.alias("other")
_NEWEST = select(func.max(_OTHER.c.number)).where(_OTHER.c.kind == _ENTRY.c.kind, _OTHER.c.key == _ENTRY.c.key).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it stands."""

    kind: Kind
    key: str
    number: int
    values: Mapping[str, Any]
    retired: bool
    saved_at: datetime
    by_id: int | None

    def title(self, lang: str) -> str:
        """What it is called."""
        return self.kind.title_of(self.values, lang)

    def told(self, field: str, lang: str) -> str:
        """One of its fields in words."""
        return self.kind.field(field).told(self.values.get(field), lang)


def _entry(row: Any) -> Entry:
    return Entry(kinds[row.kind], row.key, row.number, row.words, row.retired, row.saved_at, row.by_id)


def standing(*wanted: str) -> dict[str, list[Entry]]:
    """The entries in use of these kinds, in order of their keys. One statement."""
    found: dict[str, list[Entry]] = {kind: [] for kind in wanted}
    statement = select(_ENTRY).where(_ENTRY.c.kind.in_(wanted), _ENTRY.c.number == _NEWEST, _ENTRY.c.retired.is_(False))
    for row in db.session.execute(statement.order_by(_ENTRY.c.kind, _ENTRY.c.key)):
        found[row.kind].append(_entry(row))
    return found


def entries(kind: str) -> list[Entry]:
    """The entries in use of one kind."""
    return standing(kind)[kind]


def ordered(found: list[Entry], lang: str) -> list[Entry]:
    """Entries as a reader looks for them: by what is chosen in their first column where that has an order, then by name."""

    def place(one: Entry) -> tuple[int, str]:
        field = one.kind.field(one.kind.columns[0])
        keys = [key for key, _label in field.options()] if field.options is not None else []
        value = one.values.get(field.key)
        return (keys.index(value) if value in keys else 0, trtext.sort_key(one.title(lang)))

    return sorted(found, key=place)


def counts() -> dict[str, int]:
    """How many entries of each kind are in use. One statement."""
    statement = select(_ENTRY.c.kind, func.count()).where(_ENTRY.c.number == _NEWEST, _ENTRY.c.retired.is_(False)).group_by(_ENTRY.c.kind)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def newest(kind: str, key: str) -> Entry | None:
    """The last version of an entry, also of one that is out of use."""
    statement = select(_ENTRY).where(_ENTRY.c.kind == kind, _ENTRY.c.key == key).order_by(_ENTRY.c.number.desc()).limit(1)
    row = db.session.execute(statement).first()
    return _entry(row) if row is not None else None


def nearest(kind: str, keys: Sequence[str]) -> Entry | None:
    """The first of these entries that is in use. One statement."""
    statement = select(_ENTRY).where(_ENTRY.c.kind == kind, _ENTRY.c.key.in_(keys), _ENTRY.c.number == _NEWEST, _ENTRY.c.retired.is_(False))
    found = {row.key: row for row in db.session.execute(statement)}
    return next((_entry(found[key]) for key in keys if key in found), None)


def entry_or_404(kind: str, key: str) -> Entry:
    """An entry in use."""
    found = newest(kind, key) if kind in kinds else None
    if found is None or found.retired:
        raise NotFound
    return found


def kind_or_404(key: str) -> Kind:
    """A kind by its key."""
    found = kinds.get(key)
    if found is None:
        raise NotFound
    return found


def in_order() -> list[Kind]:
    """The kinds in the order in which they are shown."""
    return sorted(kinds, key=lambda one: one.place)
