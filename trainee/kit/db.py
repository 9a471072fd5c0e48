"""The database: one declarative base, a few column types, and how SQLite and PostgreSQL are made to behave alike."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, Insert, LargeBinary, MetaData, String, Table, Text, event, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, declared_attr, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _read_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def stored_moment(value: Any) -> datetime:
    """A moment as a driver hands it over, read: SQLite keeps its UTC reading as text."""
    return datetime.fromisoformat(value + "+00:00") if isinstance(value, str) else value


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive datetime is refused: nobody could say what it meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        # SQLite keeps no time zone, so the UTC reading is stored and given its zone back when read.
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """How a value that comes from the database is read; on SQLite in one step, for a page reads some hundred moments."""
        return _read_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


Key = Annotated[int, mapped_column(primary_key=True)]
Moment = Annotated[datetime, mapped_column(UtcDateTime())]
Name = Annotated[str, mapped_column(String(120))]
Words = Annotated[str, mapped_column(Text())]
Blob = Annotated[bytes, mapped_column(LargeBinary())]
Json = Annotated[Any, mapped_column(JSON())]


class Base(DeclarativeBase):
    """What every model inherits; its table is called like the class, in snake case."""

    metadata = MetaData(naming_convention=NAMES)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

# A page that only reads begins a deferred transaction and never waits for a writer. Everything else takes the write lock at
# once: a deferred transaction that turns into a writing one fails with "database is locked", whatever the time-out.
_reading: ContextVar[bool] = ContextVar("reading", default=False)


def only_reads(value: bool) -> None:
    """Say whether the transactions that begin from here on, in this request, only read."""
    _reading.set(value)


@contextmanager
def writing() -> Iterator[None]:
    """Inside, a transaction may write even in a request that otherwise only reads."""
    before = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(before)


@contextmanager
def reading() -> Iterator[None]:
    """Inside, a transaction that begins only reads, in a program that otherwise writes."""
    before = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(before)


def is_full(error: BaseException | None) -> bool:
    """Whether the database says that there is no room left to write, or that the disk does not let it."""
    # SQLITE_FULL and SQLITE_IOERR with its kinds, by their lowest byte; a quota shows as the second. PostgreSQL: disk_full.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {10, 13} or getattr(error, "sqlstate", None) == "53100"


@event.listens_for(Engine, "connect")
def _tune_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # We send BEGIN ourselves; the driver's own idea of when to begin is too late.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "cache_size=-32000",
        "temp_store=MEMORY",
        # What is deleted is overwritten, whichever way this SQLite was built: somebody may have asked for it.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    statement = "BEGIN" if _reading.get() else "BEGIN IMMEDIATE"
    driver: Any = connection.connection.driver_connection
    try:
        # Straight to the driver: every request begins with it, and there is nothing in it to prepare.
        driver.execute(statement)
    except sqlite3.OperationalError as busy:
        raise OperationalError(statement, None, busy) from busy


def _insert(table: Table) -> Any:
    return postgresql.insert(table) if db.engine.dialect.name == "postgresql" else sqlite.insert(table)


def inserting(table: Table, conflict: Sequence[str], update: Sequence[str] = ()) -> Insert:
    """INSERT that overwrites the `update` columns of the row with the same `conflict` columns (a unique key), or does nothing where it stands.

    Without `conflict` it does nothing where any unique key stands in the way.
    Both databases write it the same way. The dialects' own form is not used because SQLAlchemy cannot cache it: it would be compiled anew at
    every call, which takes longer than the database does.
    """
    where = f" ({', '.join(map(_quoted, conflict))})" if conflict else ""
    what = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in update)
    statement = insert(table)
    statement._post_values_clause = text(f"ON CONFLICT{where} DO {'UPDATE SET ' + what if what else 'NOTHING'}")
    return statement


def _quoted(name: str) -> str:
    return f'"{name}"'


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def insert_once(model: type[Base], values: Mapping[str, Any], conflict: Sequence[str]) -> int | None:
    """Insert a row unless one with the same `conflict` columns (a unique key) stands there; its first primary-key value, or None."""
    found: int | None = db.session.execute(_once(_table(model), tuple(conflict)), dict(values)).scalar()
    return found


# The same statement again is known to SQLAlchemy by what it worked out of it the first time; one built anew is worked out anew.
@lru_cache(maxsize=256)
def _once(table: Table, conflict: tuple[str, ...]) -> ReturningInsert[Any]:
    return inserting(table, conflict).returning(next(iter(table.primary_key)))


@lru_cache(maxsize=256)
def _over(table: Table, conflict: tuple[str, ...], update: tuple[str, ...]) -> Insert:
    return inserting(table, conflict, update)


def insert_many_once(model: type[Base], rows: Sequence[Mapping[str, Any]], conflict: Sequence[str]) -> None:
    """Insert many rows in one statement, passing over those whose `conflict` columns stand there already."""
    if rows:
        db.session.execute(_over(_table(model), tuple(conflict), ()), [dict(row) for row in rows])


def upsert(model: type[Base], values: Mapping[str, Any], conflict: Sequence[str], update: Sequence[str]) -> None:
    """Insert a row, or overwrite the `update` columns of the one that has the same `conflict` columns."""
    db.session.execute(_over(_table(model), tuple(conflict), tuple(update)), dict(values))
