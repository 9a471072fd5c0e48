"""The demonstration company, built once for all its tests, in a database of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from trainee import demo, migrate
from trainee.app import create_app
from trainee.config import Config
from trainee.kit.db import db
from trainee.modules.library.actions import load_content
from trainee.people import Person

AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
CONTENT = Path(__file__).resolve().parents[2] / "content"


@contextmanager
def empty_installation(folder: Path) -> Iterator[Flask]:
    """The schema and the shipped content, and nobody."""
    app = create_app(Config(environment="test", data_dir=str(folder), secret_key="t" * 40, default_language="en"))
    with app.app_context():
        migrate.upgrade()
        load_content(CONTENT, AT)
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], object]:
    """Opens an installation in which nobody is yet."""
    return lambda: empty_installation(tmp_path_factory.mktemp("nobody"))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The company after its half year: what was built, what was told meanwhile, and everybody's id by user name."""
    with empty_installation(tmp_path_factory.mktemp("demo")) as app:
        told: list[str] = []
        built = demo.build(AT, progress=told.append)
        ids = {row.username: row.id for row in db.session.execute(select(Person.id, Person.username))}
        yield SimpleNamespace(app=app, built=built, told=told, ids=ids)
