"""Many at once, and somebody who keeps the database busy."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from trainee.kit.db import db, only_reads

AtOnce = Callable[[Callable[[], Any], int], list[Any]]


@pytest.fixture
def at_once(app: Flask) -> AtOnce:
    """`at_once(work, 8)`: the answers of eight threads that begin together, each with a session of its own."""

    def run(work: Callable[[], Any], many: int) -> list[Any]:
        gate = threading.Barrier(many)

        def one(_number: int) -> Any:
            with app.app_context():
                gate.wait()
                return work()

        with ThreadPoolExecutor(many) as pool:
            return list(pool.map(one, range(many)))

    return run


@pytest.fixture(autouse=True)
def _writing_as_programs_do() -> None:
    # A page that only read would otherwise leave its mark on the test that comes after it.
    only_reads(False)


@pytest.fixture
def impatient(app: Flask) -> Iterator[None]:
    """Whoever waits for a lock gives up after a twentieth of a second."""
    on_sqlite = db.engine.dialect.name == "sqlite"

    def hurry(connection: Any, *_rest: Any) -> None:
        with_cursor = connection.cursor()
        with_cursor.execute("PRAGMA busy_timeout=50" if on_sqlite else "SET lock_timeout = '50ms'")
        with_cursor.close()

    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "checkout", hurry)
    yield
    event.remove(db.engine, "checkout", hurry)
    db.session.remove()
    db.engine.dispose()


@pytest.fixture
def lock(app: Flask) -> Callable[[str], Any]:
    """`with lock("job_run"):` somebody else writes, and nobody can write to that table meanwhile."""

    def locked(table: str) -> Any:
        connection = db.engine.connect()
        if db.engine.dialect.name == "postgresql":
            connection.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        else:
            connection.execute(text("SELECT 1"))
        return connection

    return locked
