"""A whole installation in one file that either database reads: written from one moment's state, looked through before anything is put back.

The file is gzipped text. The first line says what it is and of which state of the schema; then, table by table, a line with the columns and their
kinds, a line for each row, and a line with their number; the last line has the sum of everything before it. It names kinds and not the types of
one database, and needs nothing of today's models, so that an older file is put back into the schema it was made of and brought up to date there.
"""

import base64
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from psycopg import sql
from sqlalchemy import JSON, Boolean, Connection, Date, Float, Integer, LargeBinary, String, Table, Text, cast, inspect, select, text, type_coerce
from sqlalchemy.types import TypeEngine

from trainee import migrate
from trainee.config import ConfigError
from trainee.kit.db import Base, UtcDateTime, db, reading
from trainee.kit.errors import Refusal
from trainee.privacy import again
from trainee.privacy.again import Forgotten

FORMAT = 1
_KIND: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Boolean, "yes or no"),
    (Integer, "whole"),
    (Float, "number"),
    (UtcDateTime, "moment"),
    (Date, "day"),
    (JSON, "json"),
    (LargeBinary, "bytes"),
    (String, "text"),
)
_AT_ONCE = 500
_HOW = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Told:
    """What a backup holds: of which state of the schema it is, when it was made, and how many rows of how many tables."""

    schema: str
    made_at: str
    tables: int
    rows: int


# Writing ------------------------------------------------------------------------------------------------------------------


def write(path: Path, at: datetime) -> Told:
    """Write everything there is into that file, as it stands at one moment, while others go on working. Refusal when it is there or cannot be."""
    part = path.with_name(path.name + ".part")
    if path.exists():
        raise Refusal(f"There is a file {path} already; give the backup another name.")
    try:
        # Everything that is known about people lies in it.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed:
                told = _write_all(_Summed(packed), at)
            raw.flush()
            os.fsync(raw.fileno())
        part.rename(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise Refusal(f"{path} cannot be written ({error.strerror}); choose another place.") from None
    return told


class _Summed:
    """Writes lines and sums them up."""

    def __init__(self, file: Any) -> None:
        self._file, self._sum = file, hashlib.sha256()

    def line(self, value: Any) -> None:
        """One line."""
        words = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._sum.update(words)
        self._file.write(words)

    def digest(self) -> str:
        """The sum of every line so far."""
        return self._sum.hexdigest()


def _write_all(out: _Summed, at: datetime) -> Told:
    tables = [Base.metadata.tables[name] for name in sorted(Base.metadata.tables)]
    rows = 0
    with _one_moment() as connection:
        schema = migrate.head()
        out.line({"trainee": "backup", "format": FORMAT, "schema": schema, "made_at": at.isoformat(), "from": connection.dialect.name})
        for table in tables:
            rows += _write_table(out, connection, table)
    out.line({"end": "backup", "tables": len(tables), "rows": rows, "sha256": out.digest()})
    return Told(schema, at.isoformat(), len(tables), rows)


@contextmanager
def _one_moment() -> Iterator[Connection]:
    """A connection that sees one state of the database from beginning to end, and keeps nobody from writing."""
    with reading(), db.engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ") if plain.dialect.name == "postgresql" else plain
        with connection.begin():
            yield connection


def _write_table(out: _Summed, connection: Connection, table: Table) -> int:
    kinds = [kind_of(column.type) for column in table.columns]
    columns = [[column.name, kind] for column, kind in zip(table.columns, kinds, strict=True)]
    out.line({"table": table.name, "columns": columns, **_last(connection, table)})
    # The words of a JSON value go through untouched: read and written anew, a number might come out another.
    wanted = [_as_text(connection, column) if kind == "json" else column for column, kind in zip(table.columns, kinds, strict=True)]
    ways = [(place, _TO_FILE[kind]) for place, kind in enumerate(kinds) if kind in _TO_FILE]
    many = 0
    for row in connection.execute(select(*wanted).order_by(*table.primary_key), execution_options={"yield_per": _AT_ONCE}):
        values = list(row)
        for place, way in ways:
            if values[place] is not None:
                values[place] = way(values[place])
        out.line(values)
        many += 1
    out.line({"rows": many})
    return many


def kind_of(column: TypeEngine[Any]) -> str:
    """What a column holds, in the file's words."""
    for type_, kind in _KIND:
        if isinstance(column, type_):
            return kind
    raise RuntimeError(f"A column of the type {column!r} has no kind in a backup.")


def _as_text(connection: Connection, column: Any) -> Any:
    return cast(column, Text) if connection.dialect.name == "postgresql" else type_coerce(column, Text)


def _last(connection: Connection, table: Table) -> dict[str, int]:
    """The last number that was given out, where the database keeps it: a number of something deleted is not to be given again."""
    [first, *more] = table.primary_key
    if connection.dialect.name != "postgresql" or more or not isinstance(first.type, Integer):
        return {}
    name = _sequence(connection, table.name, first.name)
    found = connection.execute(text(f"SELECT last_value FROM {name} WHERE is_called")).scalar() if name else None  # noqa: S608  # The database's own.
    return {"last": found} if found is not None else {}


def _sequence(connection: Connection, table: str, column: str) -> str | None:
    found: str | None = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": f'"{table}"', "column": column}).scalar()
    return found


_TO_FILE: dict[str, Callable[[Any], Any]] = {
    "moment": lambda value: value.astimezone(UTC).isoformat(),
    "day": lambda value: value.isoformat(),
    "bytes": lambda value: base64.b64encode(value).decode(),
    "json": str,
}


# Reading ------------------------------------------------------------------------------------------------------------------


class _Damaged(Exception):
    pass


def look_through(path: Path) -> Told:
    """Read the whole file and compare its sum; what it holds. Refusal, in a sentence, when it is no backup, damaged, or of a newer version."""
    with _refusing(path), gzip.open(path, "rb") as file:
        head, summed, rows, tables, table_rows = _head(path, file), hashlib.sha256(), 0, 0, -1
        summed.update(head[0])
        for words in file:
            value = json.loads(words)
            if isinstance(value, dict) and "end" in value:
                if (value["sha256"], value["tables"], value["rows"]) != (summed.hexdigest(), tables, rows) or table_rows != -1 or file.read(1):
                    raise _Damaged
                return Told(head[1]["schema"], head[1]["made_at"], tables, rows)
            summed.update(words)
            if isinstance(value, list):
                rows, table_rows = rows + 1, table_rows + 1
            elif "table" in value:
                tables, table_rows = tables + 1, 0
            elif value["rows"] == table_rows:
                table_rows = -1
            else:
                raise _Damaged
        raise _Damaged


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except gzip.BadGzipFile as error:
        if "Not a gzipped file" in str(error):
            raise Refusal(f"{path} is no backup of Trainee. {_HOW}") from None
        raise Refusal(_damaged(path)) from None
    except (EOFError, zlib.error, UnicodeDecodeError, KeyError, TypeError, json.JSONDecodeError, _Damaged):
        raise Refusal(_damaged(path)) from None
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}). {_HOW}") from None


def _damaged(path: Path) -> str:
    return f"{path} is damaged or not whole: take another copy of it. {_HOW}"


def _head(path: Path, file: gzip.GzipFile) -> tuple[bytes, dict[str, Any]]:
    words = file.readline(1_000_000)
    try:
        head = json.loads(words)
        ours = head["trainee"] == "backup"
    except (ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        raise Refusal(f"{path} is no backup of Trainee. {_HOW}")
    if head["format"] != FORMAT or not migrate.known(head["schema"]):
        raise Refusal(f"{path} was made by a newer version of Trainee; install that version and try again. {_HOW}")
    return words, head


# Putting back -------------------------------------------------------------------------------------------------------------


def restore(path: Path, replace: bool, forgotten: Sequence[Forgotten] = ()) -> tuple[Told, again.Told]:
    """Put everything back in one transaction: as it was, or, when anything goes wrong, nothing at all. Refusal where somebody is already, without
    `replace`.

    Whoever was made anonymous since, by what the database knew that is replaced or by the list in `forgotten`, is asked for once more.
    """
    told = look_through(path)
    state = migrate.state()
    if state == "ahead":
        raise ConfigError("This database was made by a newer version of Trainee; install that version, or give an empty database.")
    with migrate.changing() as connection:
        if state != "empty" and not replace and connection.execute(text("SELECT id FROM person LIMIT 1")).first() is not None:
            raise Refusal("There are people in this database already; --replace throws away all that is in it and puts the backup in its place.")
        target = _TARGETS[connection.dialect.name](connection)
        gone = [*forgotten]
        if state != "empty":
            gone += again.known(connection)
            target.empty()
        migrate.remake(connection, told.schema)
        _put_back(path, target, connection)
        migrate.finish(connection)
        asked = again.ask(connection, gone)
    return told, asked


def _put_back(path: Path, target: "_Target", connection: Connection) -> None:
    expected = {name for name in inspect(connection).get_table_names() if name != "alembic_version"}
    with gzip.open(path, "rb") as file, target.open():
        next(file)
        # Some tables have rows of their own from the migrations.
        target.clear(expected)
        for words in file:
            head = json.loads(words)
            if "end" in head:
                break
            expected.remove(head["table"])
            target.fill(head["table"], [(str(name), str(kind)) for name, kind in head["columns"]], _rows(file))
            target.go_on_from(head["table"], head["columns"][0][0], head.get("last"))
    if expected:
        raise RuntimeError(f"The backup has no rows of {', '.join(sorted(expected))}.")


def _rows(file: Iterable[bytes]) -> Iterator[list[Any]]:
    """The rows of one table, up to the line with their number."""
    for words in file:
        value = json.loads(words)
        if not isinstance(value, list):
            return
        yield value


def _read_with(rows: Iterator[list[Any]], ways: Sequence[tuple[int, Callable[[Any], Any]]]) -> Iterator[list[Any]]:
    for row in rows:
        for place, way in ways:
            if row[place] is not None:
                row[place] = way(row[place])
        yield row


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class _Target:
    """A database that is filled, with what keeps rows together and unchanged set aside meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def run(self, statement: str) -> None:
        """One statement of the driver's own."""
        self.connection.exec_driver_sql(statement)

    def empty(self) -> None:
        """Throw every row away, quickly: taking the schema down with rows in it would carry them through every migration."""
        raise NotImplementedError

    def open(self) -> Any:
        """Inside, rows may be put in in any order."""
        raise NotImplementedError

    def clear(self, tables: Iterable[str]) -> None:
        """Empty these tables."""
        for table in tables:
            self.run(f"DELETE FROM {_quoted(table)}")  # noqa: S608  # Names of our own tables.

    def fill(self, table: str, columns: Sequence[tuple[str, str]], rows: Iterator[list[Any]]) -> None:
        """Put these rows in."""
        raise NotImplementedError

    def go_on_from(self, table: str, column: str, last: int | None) -> None:
        """Give out numbers after the highest there is, or was."""


class _Sqlite(_Target):
    def empty(self) -> None:
        with self.open():
            self.clear(name for name in inspect(self.connection).get_table_names() if name != "alembic_version")

    @contextmanager
    def open(self) -> Iterator[None]:
        triggers = self.connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _words in triggers:
            self.run(f"DROP TRIGGER {_quoted(name)}")
        yield
        for _name, words in triggers:
            self.run(words)

    def fill(self, table: str, columns: Sequence[tuple[str, str]], rows: Iterator[list[Any]]) -> None:
        names, places = ", ".join(_quoted(name) for name, _kind in columns), ", ".join("?" * len(columns))
        driver: Any = self.connection.connection.driver_connection
        read = _read_with(rows, [(place, _TO_SQLITE[kind]) for place, (_name, kind) in enumerate(columns) if kind in _TO_SQLITE])
        while some := list(islice(read, _AT_ONCE)):
            driver.executemany(f"INSERT INTO {_quoted(table)} ({names}) VALUES ({places})", some)  # noqa: S608  # Names of our own tables.


class _Postgresql(_Target):
    def empty(self) -> None:
        names = [_quoted(name) for name in inspect(self.connection).get_table_names() if name != "alembic_version"]
        self.run(f"TRUNCATE {', '.join(names)}")

    @contextmanager
    def open(self) -> Iterator[None]:
        # Whoever owns the tables may do this; setting keys aside for one session is for the server's own administrator only.
        keys = self.connection.exec_driver_sql(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        ).all()
        guarded = self.connection.exec_driver_sql(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
        ).scalars()
        tables = list(guarded)
        for table, name, _words in keys:
            self.run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for table in tables:
            self.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            self.run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for table, name, words in keys:
            self.run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}")

    def fill(self, table: str, columns: Sequence[tuple[str, str]], rows: Iterator[list[Any]]) -> None:
        names = sql.SQL(", ").join(sql.Identifier(name) for name, _kind in columns)
        ways = [(place, base64.b64decode) for place, (_name, kind) in enumerate(columns) if kind == "bytes"]
        driver: Any = self.connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)) as copy:
            for row in _read_with(rows, ways):
                copy.write_row(row)

    def go_on_from(self, table: str, column: str, last: int | None) -> None:
        name = _sequence(self.connection, table, column)
        if name:
            highest = f"GREATEST((SELECT max({_quoted(column)}) FROM {_quoted(table)}), {int(last) if last is not None else 'NULL'})"  # noqa: S608
            self.run(f"SELECT setval('{name}', COALESCE({highest}, 1), {highest} IS NOT NULL)")


_TO_SQLITE: dict[str, Callable[[Any], Any]] = {
    "moment": lambda value: datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
    "day": lambda value: date.fromisoformat(value).isoformat(),
    "bytes": base64.b64decode,
}
_TARGETS: dict[str, Callable[[Connection], _Target]] = {"sqlite": _Sqlite, "postgresql": _Postgresql}
