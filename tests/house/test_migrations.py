"""The migrations make exactly the models, on both databases, with data in them, forwards and backwards, and by several at once."""

import importlib
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DatabaseError

import trainee
from tests.disk import hurry
from tests.house.world import make_world
from trainee import cli, commands, migrate, timetable
from trainee.app import create_app
from trainee.config import Config
from trainee.evidence import Evidence
from trainee.kit.clock import now
from trainee.kit.db import Base, db, only_reads
from trainee.kit.jobs import run_due
from trainee.modules.library.actions import load_content
from trainee.people import actions as people

ROOT = Path(__file__).resolve().parents[2]
_numbers = count(1)

# Every model, also of a package that no page uses yet.
for _found in pkgutil.walk_packages(trainee.__path__, "trainee."):
    if not _found.name.startswith(("trainee.migrations", "trainee.__main__")):
        importlib.import_module(_found.name)


@pytest.fixture
def url(installation: SimpleNamespace, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it."""
    if installation.server is None:
        yield f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
        return
    name = f"fresh_{next(_numbers)}"
    installation.server.create(name)
    yield installation.server.url(name)
    installation.server.drop(name)


@pytest.fixture
def fresh(url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on that database."""
    app = create_app(Config(environment="test", data_dir=str(tmp_path), database_url=url, secret_key="t" * 40, default_language="en"))
    only_reads(False)
    with app.app_context():
        hurry()
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def differences() -> list[Any]:
    """What Alembic would still have to do to make the database the models'."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True, "render_as_batch": True})
        return compare_metadata(context, Base.metadata)


def test_from_nothing_the_migrations_make_exactly_the_models(fresh):
    migrate.upgrade()
    assert differences() == []
    assert tables() == {*Base.metadata.tables, "alembic_version"}


def checks(table: str) -> dict[str, str]:
    """The table's check constraints by name, as the database tells them, without blanks and brackets, which it sets as it likes."""
    return {
        str(found["name"]): "".join(sign for sign in found["sqltext"] if sign not in " ()\n")
        for found in inspect(db.engine).get_check_constraints(table)
    }


def test_the_checks_are_those_of_the_models_too(fresh):
    """Alembic does not compare them."""
    migrate.upgrade()
    migrated = {table: checks(table) for table in Base.metadata.tables}
    migrate.downgrade("base")
    Base.metadata.create_all(db.engine)
    assert {table: checks(table) for table in Base.metadata.tables} == migrated
    assert any(migrated.values())


def test_there_is_one_line_of_migrations_and_each_can_be_taken_back():
    script = ScriptDirectory.from_config(migrate.alembic_config())
    assert len(script.get_heads()) == 1
    for revision in script.walk_revisions():
        assert revision.doc, revision.revision
        assert callable(revision.module.upgrade)
        assert callable(revision.module.downgrade)


@pytest.fixture(scope="session")
def greeting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content we ship, with its first module only."""
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(
        ROOT / "content", folder, ignore=lambda place, names: [name for name in names if place.endswith("/modules") and name != "greeting"]
    )
    return folder


def fill(content: Path, at: datetime) -> dict[str, int]:
    """Content, people and something of everything they do; how many rows each table has."""
    assert load_content(content, at).errors == []
    unit = people.make_unit("Mavikapı")
    teams = [people.make_team(name, unit.id) for name in ("Ours", "Theirs")]
    crew = {
        username: people.add_person(username=username, name=username, job="adviser", at=at, language="en", team_id=teams[0].id, roles=roles)
        for username, roles in (*((one, ("employee",)) for one in ("amir", "beth", "hana", "ela", "ada")), ("chloe", ("employee", "supervisor")))
    }
    people.lead(teams[0], crew["chloe"])
    people.supervise(crew["amir"], crew["chloe"], at, "direct")
    people.open_sign_in(crew["amir"].id, "amir", "test", True, at)
    make_world(SimpleNamespace(**{username: person.id for username, person in crew.items()}), at)
    db.session.commit()
    return rows()


def rows() -> dict[str, int]:
    found = {name: db.session.scalar(select(func.count()).select_from(table)) or 0 for name, table in Base.metadata.tables.items()}
    db.session.rollback()
    return found


def test_with_data_in_it_the_schema_goes_down_to_nothing_and_up_again(fresh, greeting, at):
    migrate.upgrade()
    filled = fill(greeting, at)
    assert filled["evidence"] > 0
    assert filled["person"] == 6
    assert differences() == []
    db.session.remove()
    migrate.downgrade("base")
    assert tables() <= {"alembic_version"}
    assert migrate.state() == "empty"
    migrate.upgrade()
    assert migrate.state() == "current"
    assert differences() == []
    assert fill(greeting, at) == filled


def test_after_migrating_the_database_itself_refuses_to_change_evidence(fresh, greeting, at):
    migrate.upgrade()
    fill(greeting, at)
    before = db.session.execute(select(Evidence.__table__)).all()
    assert before
    db.session.rollback()
    for statement in ("UPDATE evidence SET score = 0", "UPDATE evidence SET detail = '{}'", "DELETE FROM evidence"):
        with pytest.raises(DatabaseError, match="evidence is never"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert db.session.execute(select(Evidence.__table__)).all() == before


def test_the_schemas_state_is_told(fresh, at):
    assert migrate.state() == "empty"
    migrate.upgrade()
    assert migrate.state() == "current"
    stamp("0000_from_a_newer_version")
    assert migrate.state() == "ahead"


def stamp(revision: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


@pytest.fixture
def one_more(fresh: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a migration on top of ours, as the next version of the program would bring it."""
    ours = migrate.alembic_config()
    head = ScriptDirectory.from_config(ours).get_current_head()
    folder = tmp_path / "versions"
    folder.mkdir()

    def write(upgrade: str) -> None:
        (folder / "next.py").write_text(
            f'"""The next version."""\n\nfrom alembic import op\n\nrevision = "next"\ndown_revision = "{head}"\n\n\n'
            f"def upgrade():\n    {upgrade}\n\n\ndef downgrade():\n    pass\n"
        )

    def with_the_next() -> Any:
        config = type(ours)()
        place = ours.get_main_option("script_location")
        config.set_main_option("script_location", place)
        config.set_main_option("version_locations", f"{place}/versions{os.pathsep}{folder}")
        config.set_main_option("path_separator", "os")
        return config

    monkeypatch.setattr(migrate, "alembic_config", with_the_next)
    return write


def test_a_database_of_the_version_before_is_behind_until_it_is_migrated(fresh, one_more):
    migrate.upgrade()
    assert migrate.state() == "current"
    one_more("""op.execute("CREATE TABLE next_thing (id INTEGER)")""")
    assert migrate.state() == "behind"
    answer = fresh.test_client().get("/healthz")
    assert (answer.status_code, answer.json["schema"]) == (503, "behind")
    migrate.upgrade()
    assert migrate.state() == "current"
    assert fresh.test_client().get("/healthz").status_code == 200


def test_a_migration_that_fails_in_the_middle_leaves_nothing_behind(fresh, one_more):
    migrate.upgrade()
    one_more("""op.execute("CREATE TABLE half (id INTEGER)"); op.execute("SELECT no_such_column FROM half")""")
    with pytest.raises(DatabaseError):
        migrate.upgrade()
    assert migrate.state() == "behind"
    assert "half" not in tables()
    assert differences() == []


def test_a_migration_that_leaves_a_row_pointing_at_nothing_is_refused_whole(fresh, greeting, one_more, at):
    migrate.upgrade()
    filled = fill(greeting, at)
    db.session.remove()
    # PostgreSQL refuses the statement itself; on SQLite the keys are set aside meanwhile and looked at when the migration is through.
    one_more("""op.execute("DELETE FROM skill")""")
    with pytest.raises((DatabaseError, RuntimeError), match=r"(?i)foreign key|would point at"):
        migrate.upgrade()
    assert migrate.state() == "behind"
    assert rows() == filled
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("PRAGMA foreign_keys")) == 1


def command(url: str, folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    settings = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DATA_DIR": str(folder), "DATABASE_URL": url.replace("+psycopg", "")}
    return subprocess.Popen(
        [sys.executable, "-m", "trainee", *arguments], cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_two_who_migrate_at_once_make_one_schema_and_both_are_content(fresh, url, tmp_path):
    both = [command(url, tmp_path, "migrate") for _process in range(2)]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert [out.strip() for out, _err in told] == ["The schema is current."] * 2
    assert differences() == []


def test_a_database_of_a_newer_version_is_left_alone_and_told_in_one_sentence(fresh, monkeypatch, capsys):
    migrate.upgrade()
    stamp("a_newer_one")
    monkeypatch.setattr(commands, "_made", [fresh])
    for command_line in (["trainee", "migrate"], ["trainee", "init"]):
        monkeypatch.setattr(sys, "argv", command_line)
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        assert stopped.value.code == 1
        told = capsys.readouterr().err
        assert told.startswith("This database was made by a newer version of Trainee;")
        assert told.count("\n") == 1
    assert migrate.state() == "ahead"


def test_healthz_says_that_all_is_well(fresh):
    migrate.upgrade()
    run_due(timetable.JOBS, now(), now)
    answer = fresh.test_client().get("/healthz")
    dialect = db.engine.dialect.name
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok", "dialect": dialect, "schema": "current", "late": []})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("schema", ["empty", "ahead"])
def test_healthz_is_not_content_with_another_schema(fresh, schema):
    if schema == "ahead":
        migrate.upgrade()
        stamp("a_newer_one")
    answer = fresh.test_client().get("/healthz")
    assert answer.status_code == 503
    assert (answer.json["status"], answer.json["database"], answer.json["schema"]) == ("degraded", "ok", schema)


@pytest.mark.parametrize("address", ["postgresql://amir:secret@127.0.0.1:1/trainee", "sqlite:////no/such/folder/trainee.sqlite3"])
def test_healthz_says_that_the_database_is_out_of_reach_and_nothing_of_its_address(tmp_path, address):
    app = create_app(Config(environment="test", data_dir=str(tmp_path), database_url=address, secret_key="t" * 40))
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json == {"status": "down", "database": "unreachable", "schema": "unknown"}
    assert "secret" not in json.dumps(answer.json) + str(answer.headers)
    # The form needs no database, also in a process that never saw one, and in a browser in which somebody is signed in.
    for token in (None, "a-token"):
        client = app.test_client()
        if token is not None:
            with client.session_transaction() as session:
                session["_user_id"] = token
        page = client.get("/sign-in")
        assert page.status_code == 200 and 'name="password"' in page.text
        assert client.get("/me").status_code == (302 if token is None else 503)
