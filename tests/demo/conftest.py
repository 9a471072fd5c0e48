"""The demonstration company, built once for all its tests, in a database of its own."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from tests.disk import hurry
from trainee import demo, migrate
from trainee.app import create_app
from trainee.config import Config
from trainee.kit.db import db
from trainee.modules.library.actions import load_content
from trainee.people import Person

AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
CONTENT = Path(__file__).resolve().parents[2] / "content"


@contextmanager
def installation_in(folder: Path) -> Iterator[Flask]:
    """An application on the SQLite database in that folder."""
    app = create_app(Config(environment="test", data_dir=str(folder), secret_key="t" * 40, default_language="en"))
    with app.app_context():
        hurry()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AbstractContextManager[Flask]]:
    """Opens an installation with the schema and the shipped content, in which nobody is yet."""
    template = tmp_path_factory.mktemp("nobody")
    with installation_in(template):
        migrate.upgrade()
        load_content(CONTENT, AT)
        db.session.commit()

    def opened() -> AbstractContextManager[Flask]:
        folder = tmp_path_factory.mktemp("nobody")
        shutil.copy(template / "trainee.sqlite3", folder)
        return installation_in(folder)

    return opened


@pytest.fixture(scope="session")
def built_once(nobody: Callable[[], AbstractContextManager[Flask]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the company's database and what was told; the first of parallel workers builds it and the others wait."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not (folder / "told.json").exists():
            told: list[str] = []
            with nobody():
                built = demo.build(AT, progress=told.append)
                database = Path(str(db.engine.url.database))
            shutil.copy(database, folder)
            (folder / "told.json").write_text(json.dumps({"people": built.people, "done": dict(built.done), "told": told}))
    return folder


@pytest.fixture(scope="module")
def company(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The company after its half year: what was built, what was told meanwhile, and everybody's id by user name."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(built_once / "trainee.sqlite3", folder)
    with installation_in(folder) as app:
        ids = {row.username: row.id for row in db.session.execute(select(Person.id, Person.username))}
        yield SimpleNamespace(app=app, ids=ids, **json.loads((built_once / "told.json").read_text()))
