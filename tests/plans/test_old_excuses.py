"""Excuses that were given before assignments could end in other ways keep their words, forwards and back."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import text

from trainee import migrate
from trainee.app import create_app
from trainee.config import Config
from trainee.kit.db import db, only_reads

_numbers = count(1)
BEFORE, AFTER = "0007", "0008"
PERSON = (
    "INSERT INTO person (id, username, username_key, name, name_sort, job, language, time_zone, created_at) "
    "VALUES (:id, :name, :name, :name, :name, 'adviser', 'tr', 'Europe/Istanbul', '2026-01-01 00:00:00')"
)
OLD = (
    "INSERT INTO assignment (person_id, module_key, given_by_id, given_at, due_on, why, accepts_earlier, excused_at, excuse) "
    "VALUES (:person, :module, 2, :given, NULL, 'To begin with.', false, :excused, :excuse)"
)


@pytest.fixture
def fresh(installation: SimpleNamespace, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of the version before, in which one person has something to do and was excused from two things."""
    name, url = f"excuses_{next(_numbers)}", f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    if installation.server is not None:
        installation.server.create(name)
        url = installation.server.url(name)
    app = create_app(Config(environment="test", data_dir=str(tmp_path), database_url=url, secret_key="t" * 40, default_language="en"))
    only_reads(False)
    with app.app_context():
        migrate.upgrade(BEFORE)
        _fill()
        yield app
        db.session.remove()
        db.engine.dispose()
    if installation.server is not None:
        installation.server.drop(name)


def _fill() -> None:
    for number in (1, 2):
        db.session.execute(text(PERSON), {"id": number, "name": f"p{number}"})
    # On PostgreSQL, what is written without a zone is taken in the session's, so it is said.
    zone = "+00" if db.engine.dialect.name == "postgresql" else ""
    for module, excused, excuse in (("greeting", None, None), ("empathy", "2026-02-01 08:00:00", "On leave."), ("trust", "2026-02-02 08:00:00", "")):
        values = {"person": 1, "module": module, "given": "2026-01-05 09:00:00" + zone, "excuse": excuse}
        db.session.execute(text(OLD), values | {"excused": excused + zone if excused else None})
    db.session.commit()


def rows(columns: str) -> list[tuple[str, ...]]:
    found = [tuple(str(value)[:16] for value in row) for row in db.session.execute(text(f"SELECT {columns} FROM assignment ORDER BY id"))]
    db.session.remove()
    return found


def test_an_old_excuse_becomes_the_reason_for_which_it_ended_and_comes_back(fresh):
    before = rows("person_id, module_key, excused_at, excuse")
    assert [row[1:] for row in before] == [
        ("greeting", "None", "None"),
        ("empathy", "2026-02-01 08:00", "On leave."),
        ("trust", "2026-02-02 08:00", ""),
    ]
    migrate.upgrade(AFTER)
    assert rows("kind, what, ended_at, ended_how, ended_why, ended_by_id") == [
        ("module", "greeting", "None", "None", "None", "None"),
        ("module", "empathy", "2026-02-01 08:00", "excused", "On leave.", "None"),
        ("module", "trust", "2026-02-02 08:00", "excused", "", "None"),
    ]
    migrate.downgrade(BEFORE)
    assert rows("person_id, module_key, excused_at, excuse") == before
    migrate.upgrade()
    assert migrate.state() == "current"
    assert rows("ended_how, ended_why")[1] == ("excused", "On leave.")
