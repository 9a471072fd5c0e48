"""Statements that go straight to the driver: for the few that are sent with every answer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Integer, Numeric, SelectBase
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from trainee.kit.db import db

Process = Callable[[Any], Any] | None
_PLACE = "trainee.straight"


class _Made(NamedTuple):
    words: str
    # The parameters in their order, with what makes the driver's value of ours; `by_name` when the driver wants them by name.
    order: tuple[tuple[str, Process], ...]
    by_name: bool
    # The values that stand in the statement itself.
    fixed: Mapping[str, Any]
    # What makes our value of the driver's, by the column's place.
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]


class Straight:
    """A statement that is compiled once for each database; for a small one SQLAlchemy takes five times as long as the database itself.

    Values go in by name, as their parameters' types say. Rows come out as tuples, read as the types of a SELECT's columns say, or those in
    `returning` (None: as the driver reads them). It runs in the session's transaction and breaks with SQLAlchemy's errors, as every statement does.
    """

    def __init__(self, statement: Any, *returning: TypeEngine[Any] | None) -> None:
        self._statement = statement
        self._returning = tuple(column.type for column in statement.selected_columns) if isinstance(statement, SelectBase) else returning
        self._made: dict[str, _Made] = {}

    def __call__(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Send it once; its rows, if it has any."""
        connection = _connection()
        made = self._for(connection.dialect)
        rows = send(connection, made.words, _sent(made, values))
        return _read(rows, made.readers) if made.readers else rows

    def _for(self, dialect: Dialect) -> _Made:
        found = self._made.get(dialect.name)
        if found is None:
            compiled: Any = self._statement.compile(dialect=dialect)
            names: Iterable[str] = compiled.positiontup if compiled.positional else compiled.binds
            order = tuple((name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names)
            readers = tuple((place, read) for place, kind in enumerate(self._returning) if (read := _reader(kind, dialect)) is not None)
            fixed = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
            found = self._made[dialect.name] = _Made(str(compiled), order, not compiled.positional, fixed, readers)
        return found


def _connection() -> Connection:
    # Asking the session for its connection takes longer than a small statement; while the transaction lasts it stays the same one.
    session = db.session()
    found: Connection | None = session.info.get(_PLACE)
    if found is None or found.closed or not found.in_transaction():
        found = session.info[_PLACE] = session.connection()
    return found


def _reader(kind: TypeEngine[Any] | None, dialect: Dialect) -> Process:
    # The drivers read numbers by themselves; SQLAlchemy's processor for them would first ask which kind of number the column was.
    if kind is None or isinstance(kind, Numeric | Integer):
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _read(rows: list[tuple[Any, ...]], readers: tuple[tuple[int, Callable[[Any], Any]], ...]) -> list[tuple[Any, ...]]:
    found = []
    for row in rows:
        values = list(row)
        for place, read in readers:
            # Every type of ours reads nothing as nothing.
            if values[place] is not None:
                values[place] = read(values[place])
        found.append(tuple(values))
    return found


def _sent(made: _Made, values: Mapping[str, Any]) -> Any:
    if made.fixed:
        values = {**made.fixed, **values}
    if made.by_name:
        return {name: make(values[name]) if make else values[name] for name, make in made.order}
    return tuple([make(values[name]) if make else values[name] for name, make in made.order])


def as_stored(statement: SelectBase) -> list[tuple[Any, ...]]:
    """The rows of a SELECT as the driver reads them, in the session's transaction: for tables so long that reading each value counts.

    Moments come as the database keeps them (`kit.db.stored_moment`).
    """
    connection = _connection()
    compiled: Any = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    values = tuple(compiled.params[name] for name in compiled.positiontup) if compiled.positional else dict(compiled.params)
    return send(connection, str(compiled), values)


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
