"""Tests whose data is thrown away need not wait for the disk."""

from sqlalchemy import event

from trainee.kit.db import db


def hurry() -> None:
    """From here on the engine of this application does not wait until the disk has what is written; PostgreSQL's is told so in `tests.postgres`.

    That the program itself waits is held by tests/kit/test_db.py and by the server that is killed in tests/server/test_killed.py.
    """
    if db.engine.dialect.name == "sqlite":
        event.listen(db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
