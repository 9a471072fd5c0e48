"""Tables to which rows are only added: the database's own refusal to change them, on SQLite and PostgreSQL. Migrations run the same words.

What is sanctioned goes through one door, whose single row is open only inside a transaction of the package of privacy: words may be blanked, and what
was kept long enough may go. On PostgreSQL other transactions do not see an uncommitted open door; SQLite has one writer at a time.

A migration that alters such a table on SQLite copies it and loses its triggers: it must run them again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, cast

from sqlalchemy import DDL, CheckConstraint, Table, event, update
from sqlalchemy.orm import Mapped

from trainee.kit.db import Base, Key, db

_OPEN: Final = "EXISTS (SELECT 1 FROM record_door WHERE is_open)"
# The door's one row, shut; run once, after its table is made.
SHUT: Final = "INSERT INTO record_door (id, is_open) VALUES (1, false)"


class RecordDoor(Base):
    """The one sanctioned door to what is only added to."""

    id: Mapped[Key]
    is_open: Mapped[bool]

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


DOOR = cast(Table, RecordDoor.__table__)
event.listen(DOOR, "after_create", DDL(SHUT))  # type: ignore[no-untyped-call]


@contextmanager
def open_door() -> Iterator[None]:
    """Inside, and in this transaction alone, words of such tables may be blanked and rows that were kept long enough deleted."""
    db.session.execute(update(DOOR).values(is_open=True))
    yield
    db.session.execute(update(DOOR).values(is_open=False))


def refusals(table: str, columns: Sequence[str], blank: Mapping[str, str], goes: bool) -> dict[str, tuple[str, ...]]:
    """What guards a table, by database. `blank`: what a column may be set to while the door is open; `goes`: rows may be deleted then."""
    return {"sqlite": _sqlite(table, columns, blank, goes), "postgresql": _postgresql(table, columns, blank, goes)}


def _sqlite(table: str, columns: Sequence[str], blank: Mapping[str, str], goes: bool) -> tuple[str, ...]:
    same = [f"(NEW.{name} IS OLD.{name}{f' OR NEW.{name} = {blank[name]!r}' if name in blank else ''})" for name in columns]
    passes = f" WHEN NOT ({' AND '.join(same)} AND {_OPEN})" if blank else ""
    # The words are put together from the names of our own tables and columns only.
    return (
        f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE ON {table}{passes} BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END",
        f"CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table}{f' WHEN NOT {_OPEN}' if goes else ''}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END",
    )


def _postgresql(table: str, columns: Sequence[str], blank: Mapping[str, str], goes: bool) -> tuple[str, ...]:
    # JSON has no equality of its own there, so that is compared as text.
    same = [
        f"(NEW.{name}::text IS NOT DISTINCT FROM OLD.{name}::text{f' OR NEW.{name}::text = {blank[name]!r}' if name in blank else ''})"
        for name in columns
    ]
    changed = f" IF TG_OP = 'UPDATE' AND {' AND '.join(same)} AND {_OPEN} THEN RETURN NEW; END IF;" if blank else ""
    deleted = f" IF TG_OP = 'DELETE' AND {_OPEN} THEN RETURN OLD; END IF;" if goes else ""
    return (
        f"CREATE FUNCTION {table}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN{changed}{deleted}"
        f" RAISE EXCEPTION '{table} is only added to'; END $$",
        f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_is_kept()",
    )


def removals(table: str) -> dict[str, tuple[str, ...]]:
    """The statements that take the guards away again, by database."""
    return {
        "sqlite": (f"DROP TRIGGER IF EXISTS {table}_is_never_changed", f"DROP TRIGGER IF EXISTS {table}_is_never_deleted"),
        "postgresql": (f"DROP TRIGGER IF EXISTS {table}_is_kept ON {table}", f"DROP FUNCTION IF EXISTS {table}_is_kept()"),
    }


def guard(model: type[Base], *, blank: Mapping[str, str] | None = None, goes: bool = False) -> None:
    """Wherever the table is made from the model, its guards come with it; the migration runs the same words."""
    table = cast(Table, model.__table__)
    columns = [column.name for column in table.columns]
    for dialect, statements in refusals(table.name, columns, blank or {}, goes).items():
        for words in statements:
            event.listen(table, "after_create", DDL(words).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
