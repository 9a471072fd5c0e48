"""The schema: bringing a database up to date, one process at a time, on SQLite and PostgreSQL."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from trainee.config import ConfigError
from trainee.kit.db import db, writing

_LOCK = 7_315_001


def alembic_config() -> Config:
    """Alembic's configuration, without a file: the scripts lie in this package and the connection is ours."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def state() -> str:
    """'current', 'empty', 'behind' or 'ahead' of this program."""
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(alembic_config())
    if found == script.get_current_head():
        return "current"
    if found is None:
        return "empty"
    return "behind" if found in {revision.revision for revision in script.walk_revisions()} else "ahead"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Only one process at a time goes on from here: a file lock beside a SQLite database, an advisory lock on PostgreSQL."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        return
    path = f"{db.engine.url.database}.lock"
    try:
        lock = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigError(f"{path} cannot be opened ({error.strerror}); check DATABASE_URL or the rights of DATA_DIR.") from None
    with os.fdopen(lock, "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def upgrade(target: str = "head") -> None:
    """Bring the schema to `target`; in one transaction."""
    _with_connection(lambda config: command.upgrade(config, target))


def downgrade(target: str) -> None:
    """Take the schema back to `target` ('base' for nothing at all)."""
    _with_connection(lambda config: command.downgrade(config, target))


def _with_connection(work: Callable[[Config], None]) -> None:
    with changing() as connection:
        work(_config_on(connection))


def _config_on(connection: Connection) -> Config:
    config = alembic_config()
    config.attributes["connection"] = connection
    return config


def remake(connection: Connection, target: str) -> None:
    """Throw every table away, with what is in it, and make the schema of `target`; inside `changing`."""
    command.downgrade(_config_on(connection), "base")
    command.upgrade(_config_on(connection), target)


def finish(connection: Connection) -> None:
    """Bring the schema up to date; inside `changing`."""
    command.upgrade(_config_on(connection), "head")


def known(revision: str) -> bool:
    """Whether this program knows that state of the schema."""
    return revision in {one.revision for one in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def head() -> str:
    """The state of the schema this program needs."""
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


@contextmanager
def changing() -> Iterator[Connection]:
    """One transaction in which the schema may be changed; on SQLite what it leaves must fit together."""
    with writing(), db.engine.connect() as connection, _keys_set_aside(connection), connection.begin():
        yield connection
        if connection.dialect.name == "sqlite" and (broken := connection.execute(text("PRAGMA foreign_key_check")).first()):
            raise RuntimeError(f"After this migration a row of {broken[0]} would point at a row of {broken[2]} that is not there.")


@contextmanager
def _keys_set_aside(connection: Connection) -> Iterator[None]:
    """On SQLite a table is altered by copying it and dropping the old one, which foreign keys would not allow while rows point at it.

    They can only be set aside outside of a transaction; what the migration leaves is checked at its end.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
