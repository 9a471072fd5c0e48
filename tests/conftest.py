"""The fixed cast, and an installation of its own for every test.

Amir and Beth share a team that Chloe supervises; Dev supervises another team, in which Gus works; Hana supervises Chloe. Iris has a dotted line
to Amir; Kai supervised Amir before. Ela is HR, Ferit trains, Ada is the administrator, Max the executive. Nobody knows Zoe.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event, text

from tests import postgres
from tests.disk import hurry
from tests.noon import at_noon
from tests.pages import Page, gathered
from trainee import migrate
from trainee.app import create_app
from trainee.config import Config
from trainee.kit.db import db
from trainee.modules import library
from trainee.modules.library.actions import load_content
from trainee.people import actions as people
from trainee.people import passwords
from trainee.people.models import Person, SignIn
from trainee.skills import scorecards


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each worker its part of what takes long at the beginning, so that none works alone in the end.

    On PostgreSQL, leave out what is about SQLite alone, about what the pages' own code writes, or asks no database, and so is the same on both; on
    SQLite, what is about PostgreSQL alone. Left out and not skipped, so that a skip stays something to look at.
    """
    if os.environ.get("TEST_DATABASE") == "postgresql":
        apart = [item for item in items if item.get_closest_marker("sqlite") or item.get_closest_marker("pages") or _asks_no_database(item)]
    else:
        apart = [item for item in items if item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=apart)
    gone = set(apart)
    items[:] = spread([item for item in items if item not in gone], int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def spread(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests in the order in which so many workers share them well.

    The run deals them out in as many equal pieces as there are workers, in order, and who has done with a piece takes from the end of the longest. So
    each piece begins with its part of what takes long (the mark `lasts`, whose number is about how many seconds the tests of a file that bear it
    take together), the longest to whom has least; the tests of one file stay together for what they share.
    """
    long: dict[Path, tuple[float, list[pytest.Item]]] = {}
    rest = []
    for item in items:
        if (mark := item.get_closest_marker("lasts")) is None:
            rest.append(item)
        else:
            long.setdefault(item.path, (mark.args[0], []))[1].append(item)
    heads: list[list[pytest.Item]] = [[] for _ in range(workers)]
    loads = [0.0] * workers
    for seconds, together in sorted(long.values(), key=lambda entry: -entry[0]):
        least = loads.index(min(loads))
        loads[least] += seconds
        heads[least] += together
    dealt = []
    for worker, head in enumerate(heads):
        size = (len(items) - len(dealt)) // (workers - worker)
        take = len(rest) if worker == workers - 1 else max(size - len(head), 0)
        dealt += [*head, *rest[:take]]
        del rest[:take]
    return dealt


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Every test has the same moment, and so has what it is given."""
    if item.get_closest_marker("server") or item.get_closest_marker("browser"):
        return (yield)
    with at_noon():
        return (yield)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the counts that a test has brought back, also when its process has no terminal."""
    for report in terminalreporter.stats.get("passed", ()):
        for counts in (value for name, value in report.user_properties if name == "counts"):
            terminalreporter.write_sep("-", report.nodeid.rpartition("::")[2])
            for name, number in counts.items():
                terminalreporter.write_line(f"{number:>8,}  {name}")


def _asks_no_database(item: pytest.Item) -> bool:
    """Whether a test neither uses the installation nor stands in a file that makes a PostgreSQL of its own."""
    return "installation" not in getattr(item, "fixturenames", ()) and "postgres" not in _source(item.path).lower()


@cache
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# A Wednesday noon in Istanbul. Tests pass time in; nothing asks the clock but views, and those see a noon that is later (tests/noon.py).
AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
CONTENT = Path(__file__).resolve().parent.parent / "content"
CAST = {
    "amir": ("Amir Kaya", ("employee",)),
    "beth": ("Beth Öğüt", ("employee",)),
    "chloe": ("Chloe Irmak", ("employee", "supervisor")),
    "dev": ("Dev Şahin", ("employee", "supervisor")),
    "gus": ("Gus Çelik", ("employee",)),
    "hana": ("Hana İpek", ("employee", "supervisor")),
    "kai": ("Kai Demir", ("employee", "supervisor")),
    "iris": ("Iris Ünal", ("employee", "supervisor")),
    "ela": ("Ela Dağlı", ("employee", "hr")),
    "ferit": ("Ferit Ay", ("employee", "trainer")),
    "ada": ("Ada Er", ("employee", "admin")),
    "max": ("Max Su", ("executive",)),
    "zoe": ("Zoe Yıldız", ("employee",)),
}


def _hire_the_cast() -> None:
    unit = people.make_unit("Mavikapı")
    ours, theirs, office = (people.make_team(name, unit.id) for name in ("Ours", "Theirs", "Office"))
    teams = {"amir": ours, "beth": ours, "chloe": ours, "dev": theirs, "gus": theirs}
    who = {}
    for username, (name, roles) in CAST.items():
        team = teams.get(username, office)
        who[username] = people.add_person(
            username=username, name=name, job="adviser", at=AT, email=f"{username}@mavikapi.example", language="en", team_id=team.id, roles=roles
        )
        db.session.add(
            SignIn(
                digest=passwords.digest(f"token-of-{username}"),
                person_id=who[username].id,
                device="test",
                remembered=True,
                created_at=AT,
                seen_at=datetime(2999, 1, 1, tzinfo=UTC),
                ended_at=None,
            )
        )
    people.lead(ours, who["chloe"])
    people.lead(theirs, who["dev"])
    for below, above, kind in (
        ("amir", "kai", "direct"),
        ("amir", "chloe", "direct"),
        ("beth", "chloe", "direct"),
        ("gus", "dev", "direct"),
        ("chloe", "hana", "direct"),
        ("amir", "iris", "dotted"),
    ):
        people.supervise(who[below], who[above], AT, kind)


def _fill() -> None:
    """What every test begins with: the schema by its migrations, the shipped content, the cast."""
    migrate.upgrade()
    load_content(CONTENT, AT)
    _hire_the_cast()
    db.session.commit()
    db.session.remove()
    db.engine.dispose()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """One application for this worker and a template of its database, on SQLite or, with TEST_DATABASE=postgresql, on a real PostgreSQL."""
    folder = tmp_path_factory.mktemp("trainee")
    if os.environ.get("TEST_DATABASE") == "postgresql":
        with postgres.server() as server:
            server.create("template_trainee")
            yield _installation(folder, server.url("template_trainee"), server)
            db_dispose()
    else:
        yield _installation(folder, f"sqlite:///{folder / 'trainee.sqlite3'}", None)


_apps: list[Flask] = []


def db_dispose() -> None:
    """Let go of every connection before the server stops."""
    for app in _apps:
        with app.app_context():
            db.engine.dispose()


def _installation(folder: Path, url: str, server: Any) -> SimpleNamespace:
    app = create_app(
        Config(environment="test", data_dir=str(folder), database_url=url, secret_key="t" * 40, default_language="en", organisation="Mavikapı")
    )
    _apps.append(app)
    with app.app_context():
        hurry()
        _fill()
        shipped = db.session.execute(text("SELECT max(id) FROM module_version")).scalar_one()
        people_ids = {row.username: row.id for row in db.session.execute(text("SELECT id, username FROM person"))}
        db.session.remove()
        db.engine.dispose()
    if server is None:
        shutil.copy(folder / "trainee.sqlite3", folder / "template.sqlite3")
    else:
        server.keep("template_trainee")
        server.create("trainee_test", template="template_trainee")
        app2 = create_app(
            Config(
                environment="test",
                data_dir=str(folder),
                database_url=server.url("trainee_test"),
                secret_key="t" * 40,
                default_language="en",
                organisation="Mavikapı",
            )
        )
        _apps.append(app2)
        app = app2
    app.test_client_class = Browser
    return SimpleNamespace(app=app, folder=folder, server=server, people=people_ids, shipped=shipped, clean=True)


def refresh(installation: SimpleNamespace) -> None:
    """Give the next test the database every test begins with."""
    if installation.clean:
        return
    with installation.app.app_context():
        # The content we ship is the same in every test's database, and reading twenty modules takes a second.
        library.forget(newer_than=installation.shipped)
        # Numbers begin anew, and so would the stamps of what is kept.
        for place in [name for name in installation.app.extensions if name.startswith("trainee.kept.")]:
            del installation.app.extensions[place]
        scorecards.forget()
        db.session.remove()
        if installation.server is None:
            db.engine.dispose()
    if installation.server is None:
        for extra in ("-wal", "-shm"):
            Path(f"{installation.folder / 'trainee.sqlite3'}{extra}").unlink(missing_ok=True)
        shutil.copy(installation.folder / "template.sqlite3", installation.folder / "trainee.sqlite3")
    else:
        installation.server.restore("trainee_test", "template_trainee")


@pytest.fixture
def app(installation: SimpleNamespace) -> Iterator[Flask]:
    """The application on a database that holds the content and the cast, and nothing else."""
    refresh(installation)
    installation.clean = False
    settings = installation.app.extensions["trainee"]
    with installation.app.app_context():
        yield installation.app
        db.session.rollback()
        db.session.remove()
    installation.app.extensions["trainee"] = settings


@pytest.fixture
def at() -> datetime:
    """When the tests happen."""
    return AT


@pytest.fixture
def shipped() -> Path:
    """Where the content we ship lies."""
    return CONTENT


@pytest.fixture
def cast(app: Flask, installation: SimpleNamespace) -> SimpleNamespace:
    """The ids of the cast, by user name."""
    return SimpleNamespace(**installation.people)


@pytest.fixture
def person(app: Flask) -> Callable[[int], Person]:
    """The row of somebody of the cast."""
    return lambda person_id: db.session.get_one(Person, person_id)


class Browser(FlaskClient):
    """A client whose requests do not see each other's `g`, though the test itself stands inside the application."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request."""
        vars(g._get_current_object()).clear()
        return super().open(*args, **kwargs)


@pytest.fixture
def as_(app: Flask, installation: SimpleNamespace) -> Callable[[Any], FlaskClient]:
    """A browser in which that person is signed in; `as_(None)` is a stranger."""
    usernames = {person_id: username for username, person_id in installation.people.items()}

    def sign_in(who: int | None) -> FlaskClient:
        client = app.test_client()
        if who is not None:
            with client.session_transaction() as session:
                session["_user_id"] = f"token-of-{usernames[who]}"
                session["_fresh"] = True
        return client

    return sign_in


class Statements(list[str]):
    """The SQL statements that were sent while counting, without BEGIN, COMMIT and savepoints."""


@pytest.fixture
def counting(app: Flask) -> Iterator[Statements]:
    """Counts statements; `counting.clear()` begins anew."""
    seen = Statements()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def pages(app: Flask, cast: SimpleNamespace, as_: Callable[[Any], FlaskClient], at: datetime, tmp_path_factory: pytest.TempPathFactory) -> list[Page]:
    """Every page of the site as everybody who may open it, in both languages."""
    return gathered(app, cast, as_, at, tmp_path_factory)
