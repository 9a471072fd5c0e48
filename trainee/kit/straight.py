"""Statements that go straight to the driver: for the few that are sent with every answer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Integer, Numeric, Select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from trainee.kit.db import db

Process = Callable[[Any], Any] | None


class _Made(NamedTuple):
    words: str
    # The parameters in their order, with what makes the driver's value of ours; `by_name` when the driver wants them by name.
    order: tuple[tuple[str, Process], ...]
    by_name: bool
    # The values that stand in the statement itself.
    fixed: Mapping[str, Any]
    readers: tuple[Process, ...]


class Straight:
    """A statement that is compiled once for each database; for a small one SQLAlchemy takes five times as long as the database itself.

    Values go in by name, as their parameters' types say. Rows come out as tuples, read as the types of a SELECT's columns say, or those in
    `returning` (None: as the driver reads them). It runs in the session's transaction and breaks with SQLAlchemy's errors, as every statement does.
    """

    def __init__(self, statement: Any, *returning: TypeEngine[Any] | None) -> None:
        self._statement = statement
        self._returning = tuple(column.type for column in statement.selected_columns) if isinstance(statement, Select) else returning
        self._made: dict[str, _Made] = {}

    def __call__(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Send it once; its rows, if it has any."""
        connection = db.session.connection()
        made = self._for(connection.dialect)
        rows = send(connection, made.words, _sent(made, values))
        if not any(made.readers):
            return rows
        return [tuple(read(value) if read else value for read, value in zip(made.readers, row, strict=True)) for row in rows]

    def _for(self, dialect: Dialect) -> _Made:
        found = self._made.get(dialect.name)
        if found is None:
            compiled: Any = self._statement.compile(dialect=dialect)
            names: Iterable[str] = compiled.positiontup if compiled.positional else compiled.binds
            order = tuple((name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names)
            readers = tuple(_reader(kind, dialect) for kind in self._returning)
            fixed = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
            found = self._made[dialect.name] = _Made(str(compiled), order, not compiled.positional, fixed, readers)
        return found


def _reader(kind: TypeEngine[Any] | None, dialect: Dialect) -> Process:
    # The drivers read numbers by themselves; SQLAlchemy's processor for them would first ask which kind of number the column was.
    if kind is None or isinstance(kind, Numeric | Integer):
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _sent(made: _Made, values: Mapping[str, Any]) -> Any:
    values = {**made.fixed, **values}
    pairs = ((name, make(values[name]) if make else values[name]) for name, make in made.order)
    return dict(pairs) if made.by_name else tuple(value for _name, value in pairs)


def send(connection: Connection, words: str, values: Any) -> list[tuple[Any, ...]]:
    """Words and values of the driver's own; its rows, if there are any. A list of tuples is sent row by row and brings none."""
    if connection.engine.dispatch.before_cursor_execute:
        # Somebody counts statements: these are to be counted too.
        result = connection.exec_driver_sql(words, values)
        return [tuple(row) for row in result] if result.returns_rows else []
    cursor = connection.connection.cursor()
    dbapi: Any = connection.dialect.dbapi
    try:
        if isinstance(values, list):
            cursor.executemany(words, values)
            return []
        cursor.execute(words, values)
        return list(cursor.fetchall()) if cursor.description else []
    except dbapi.Error as error:
        raise DBAPIError.instance(words, None, error, dbapi.Error, hide_parameters=True, dialect=connection.dialect) from error
    finally:
        cursor.close()
