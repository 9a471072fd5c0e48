"""The restore drill: everything that is in one database is in the other afterwards, whichever kind either is; and what cannot be put back is told."""

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, inspect, select, text

from tests import postgres
from tests.disk import hurry
from tests.house.test_migrations import fill
from trainee import backup, commands, migrate
from trainee.app import create_app
from trainee.config import Config, ConfigError
from trainee.kit import trtext
from trainee.kit.audit import AuditEntry
from trainee.kit.db import Base, db, only_reads
from trainee.kit.errors import Refusal
from trainee.people import actions as people
from trainee.people.models import Person, Unit
from trainee.privacy import anonymising
from trainee.privacy.models import Anonymity, Destruction

pytestmark = [pytest.mark.server, pytest.mark.lasts(260)]

AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
BOTH = ("sqlite", "postgresql")
_numbers = count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.server() as running:
        yield running


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content we ship, with its first module only."""
    folder = tmp_path_factory.mktemp("content") / "content"
    shipped = Path(__file__).resolve().parents[2] / "content"
    shutil.copytree(shipped, folder, ignore=lambda place, names: [name for name in names if place.endswith("/modules") and name != "greeting"])
    return folder


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(Config(environment="test", data_dir=str(folder), database_url=url, secret_key="t" * 40, default_language="en"))
    only_reads(False)
    with app.app_context():
        hurry()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module")
def empty(server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The address of a database with nothing in it, of that kind."""

    def make(dialect: str) -> str:
        name = f"drill_{next(_numbers)}"
        if dialect == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('drill') / name}.sqlite3"
        server.create(name)
        return server.url(name)

    return make


@pytest.fixture(scope="module")
def filled(content: Path, empty: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A company with something of everything people do, in a database of each kind, and its backup."""
    found = {}
    for dialect in BOTH:
        folder = tmp_path_factory.mktemp(f"filled-{dialect}")
        with opened(empty(dialect), folder) as app:
            migrate.upgrade()
            fill(content, AT)
            # What one of the two databases might take for something else: nothing, the word for nothing, numbers, letters of ours, the ends of time.
            for deed, detail in (
                ("null", None),
                ("text", "null"),
                ("number", 0.1 + 0.2),
                ("large", 2**60),
                ("whole", 3),
                ("words", "İıŞğ “\\n\t\u2028"),
            ):
                moment = datetime(1970 if detail is None else 2999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
                db.session.add(AuditEntry(at=moment, actor_id=None, deed=deed, subject="drill", detail=detail))
            db.session.commit()
            fill_the_rest()
            file = folder / "all.backup"
            told = backup.write(file, AT)
            found[dialect] = SimpleNamespace(url=app.config["SQLALCHEMY_DATABASE_URI"], file=file, told=told, tables=everything())
    return found


SOMETHING = {
    "yes or no": True,
    "whole": 1,
    "number": 1 / 3,
    "moment": datetime(2026, 3, 11, 9, 0, 0, 123456, tzinfo=UTC),
    "day": AT.date(),
    "json": {"ç": [1, 0.1, None, "ı"]},
    "bytes": bytes(range(256)),
    "text": "İğne",
}


def fill_the_rest() -> None:
    """A row of whatever fits in every table that has none yet; where it refers to something, to something that is there."""
    for table in Base.metadata.sorted_tables:
        if db.session.execute(select(table).limit(1)).first() is not None:
            continue
        row = {column.name: SOMETHING[backup.kind_of(column.type)] for column in table.columns}
        for key in table.foreign_keys:
            found = db.session.execute(select(key.column).limit(1)).scalar()
            row[key.parent.name] = found if key.column.table is not table or key.parent.primary_key else None
        db.session.execute(insert(table).values(row | FITTING.get(table.name, {})))
    db.session.commit()


# Whoever asks for somebody to be made anonymous is another.
FITTING: dict[str, dict[str, Any]] = {"task_report": {"how": "hard"}, "anonymity": {"person_id": 1, "asked_by_id": 2}}


@pytest.fixture(scope="module")
def standing(filled: Any, empty: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database that holds that company; whoever uses it must leave it as it is."""
    url = empty("sqlite")
    with opened(url, tmp_path_factory.mktemp("standing")):
        backup.restore(filled["sqlite"].file, replace=False)
    return str(url)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the program reads it."""
    db.session.rollback()
    found = {}
    for name, table in Base.metadata.tables.items():
        found[name] = [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
    db.session.rollback()
    return found


@pytest.mark.parametrize("to", BOTH)
@pytest.mark.parametrize("of", BOTH)
def test_what_was_in_one_database_is_in_the_other_row_for_row(filled, empty, tmp_path, of, to):
    with opened(empty(to), tmp_path):
        told, _again = backup.restore(filled[of].file, replace=False)
        assert (told.tables, told.rows) == (len(Base.metadata.tables), sum(len(rows) for rows in filled[of].tables.values()))
        assert migrate.state() == "current"
        now = everything()
        assert {name: now[name] for name in now if now[name] != filled[of].tables[name]} == {}
        # A backup of what was put back holds the same lines, whichever kind of database it was in meanwhile.
        again = tmp_path / "again.backup"
        backup.write(again, AT)
        assert rows_of(again) == rows_of(filled[of].file)


@pytest.mark.parametrize("of", BOTH)
def test_every_table_holds_something_in_the_drill(filled, of):
    assert [name for name, rows in filled[of].tables.items() if not rows] == []


@pytest.mark.parametrize("to", BOTH)
def test_afterwards_the_guards_stand_again_and_new_rows_get_new_numbers(filled, empty, tmp_path, to):
    with opened(empty(to), tmp_path):
        backup.restore(filled["postgresql"].file, replace=False)
        with pytest.raises(Exception, match="evidence is never"):
            db.session.execute(text("UPDATE evidence SET score = 0"))
        db.session.rollback()
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            db.session.execute(text("INSERT INTO team (id, name, unit_id) VALUES (9999, 'Nowhere', 9999)"))
        db.session.rollback()
        highest = db.session.scalar(select(func.max(AuditEntry.id))) or 0
        db.session.execute(insert(AuditEntry).values(at=AT, actor_id=None, deed="new", subject="drill", detail={}))
        db.session.commit()
        assert db.session.scalar(select(func.max(AuditEntry.id))) == highest + 1
        assert tables() == {*Base.metadata.tables, "alembic_version"}


def tables() -> set[str]:
    db.session.rollback()
    return set(inspect(db.engine).get_table_names())


def test_a_number_of_something_deleted_is_not_given_again_where_the_database_keeps_count(filled, empty, tmp_path):
    with opened(empty("postgresql"), tmp_path):
        backup.restore(filled["postgresql"].file, replace=False)
        highest = db.session.scalar(select(func.max(Unit.id))) or 0
        db.session.add(Unit(name="Gone", parent_id=None))
        db.session.commit()
        db.session.execute(text("DELETE FROM unit WHERE id > :id"), {"id": highest})
        db.session.commit()
        backup.write(tmp_path / "fewer.backup", AT)
        backup.restore(tmp_path / "fewer.backup", replace=True)
        db.session.add(Unit(name="New", parent_id=None))
        db.session.commit()
        assert db.session.scalar(select(func.max(Unit.id))) == highest + 2


@pytest.mark.parametrize("to", BOTH)
def test_where_somebody_is_it_is_refused_and_with_replace_it_takes_the_place_of_all(content, filled, empty, tmp_path, to):
    with opened(empty(to), tmp_path):
        migrate.upgrade()
        fill(content, AT)
        people.add_person(username="somebody", name="Somebody Else", job="adviser", at=AT)
        db.session.commit()
        before = everything()
        with pytest.raises(Refusal, match="--replace"):
            backup.restore(filled["sqlite"].file, replace=False)
        assert everything() == before
        db.session.remove()
        backup.restore(filled["sqlite"].file, replace=True)
        assert everything() == filled["sqlite"].tables


def rows_of(file: Path) -> list[bytes]:
    return [line for line in lines(file) if line.startswith(b"[")]


def lines(file: Path) -> list[bytes]:
    with gzip.open(file, "rb") as opened_:
        return opened_.readlines()


def packed(path: Path, of: list[bytes]) -> Path:
    with gzip.open(path, "wb") as file:
        file.writelines(of)
    return path


def summed(of: list[bytes]) -> list[bytes]:
    """With a last line whose sum is right again."""
    last = json.loads(of[-1])
    return [*of[:-1], json.dumps(last | {"sha256": hashlib.sha256(b"".join(of[:-1])).hexdigest()}).encode()]


def broken(filled: Any, how: str, path: Path) -> Path:
    good = filled["sqlite"].file
    whole = lines(good)
    if how == "a shopping list":
        path.write_bytes(b"milk, bread")
    elif how == "a packed shopping list":
        packed(path, [b"milk, bread\n"])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "cut off":
        path.write_bytes(good.read_bytes()[:-2000])
    elif how == "a bit was lost":
        body = bytearray(good.read_bytes())
        body[len(body) // 2] ^= 4
        path.write_bytes(bytes(body))
    elif how == "a row was lost":
        packed(path, [line for number, line in enumerate(whole) if number != 3])
    elif how == "a word was changed":
        packed(path, [line.replace(b"Amir", b"Emir").replace(b"amir", b"emir") for line in whole])
    elif how == "the end is missing":
        packed(path, whole[:-1])
    elif how == "something follows":
        packed(path, [*whole, b"[1]\n"])
    elif how == "of a newer version":
        packed(path, summed([whole[0].replace(json.loads(whole[0])["schema"].encode(), b"9999"), *whole[1:]]))
    return path


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("a shopping list", "no backup of Trainee"),
        ("a packed shopping list", "no backup of Trainee"),
        ("empty", "no backup of Trainee"),
        ("cut off", "damaged or not whole"),
        ("a bit was lost", "damaged or not whole"),
        ("a row was lost", "damaged or not whole"),
        ("a word was changed", "damaged or not whole"),
        ("the end is missing", "damaged or not whole"),
        ("something follows", "damaged or not whole"),
        ("of a newer version", "newer version"),
    ],
)
def test_a_file_that_cannot_be_put_back_is_told_in_a_sentence_and_changes_nothing(filled, standing, tmp_path, how, says):
    file = broken(filled, how, tmp_path / "broken.backup")
    with opened(standing, tmp_path):
        with pytest.raises(Refusal, match=says) as told:
            backup.restore(file, replace=True)
        assert str(told.value).count("\n") == 0
        assert "Nothing was changed." in str(told.value)
        assert everything() == filled["sqlite"].tables


@pytest.mark.parametrize("to", BOTH)
def test_what_goes_wrong_in_the_middle_leaves_everything_as_it_was(filled, empty, tmp_path, to):
    """A file whose sum is right and whose rows are not: a skill that no family knows."""
    whole = lines(filled["sqlite"].file)
    wrong = summed([line.replace(b'"table":"family"', b'"table":"family2"') for line in whole])
    file = packed(tmp_path / "wrong.backup", wrong)
    with opened(empty(to), tmp_path):
        backup.restore(filled["sqlite"].file, replace=False)
        with pytest.raises(Exception):  # noqa: B017  # Whatever the database says to it.
            backup.restore(file, replace=True)
        assert everything() == filled["sqlite"].tables
        assert migrate.state() == "current"


@pytest.mark.parametrize("to", BOTH)
def test_a_backup_of_an_older_version_is_put_back_into_its_own_schema_and_brought_up_to_date(empty, tmp_path, to):
    with opened(empty("sqlite"), tmp_path):
        migrate.upgrade("0018")
        with db.engine.begin() as line:
            line.execute(
                text("INSERT INTO job_run (id, job, slot, started_at) VALUES (7, 'sweep', '2026-03-11 00:00:00.000000', '2026-03-11 00:00:01.5')")
            )
            line.execute(text("INSERT INTO unit (id, name) VALUES (3, 'Mavikapı')"))
        old = [
            {"trainee": "backup", "format": 1, "schema": "0018", "made_at": AT.isoformat(), "from": "sqlite"},
            *older_lines(),
        ]
    rows = sum(isinstance(line, list) for line in old)
    many = sum("table" in line for line in old if isinstance(line, dict))
    body = [json.dumps(line).encode() + b"\n" for line in old]
    last = json.dumps({"end": "backup", "tables": many, "rows": rows, "sha256": hashlib.sha256(b"".join(body)).hexdigest()}).encode() + b"\n"
    file = packed(tmp_path / "old.backup", [*body, last])
    with opened(empty(to), tmp_path):
        assert backup.restore(file, replace=False)[0].schema == "0018"
        assert migrate.state() == "current"
        assert db.session.execute(text("SELECT job, attempt FROM job_run WHERE id = 7")).all() == [("sweep", 1)]
        assert db.session.execute(text("SELECT name FROM unit")).scalars().all() == ["Mavikapı"]


def older_lines() -> Iterator[Any]:
    """What the version before would have written of the present database: its tables as they are there."""
    with db.engine.connect() as line:
        for table in sorted(inspect(line).get_table_names()):
            if table == "alembic_version":
                continue
            columns = [column["name"] for column in inspect(line).get_columns(table)]
            known = Base.metadata.tables[table].columns
            yield {"table": table, "columns": [[name, backup.kind_of(known[name].type)] for name in columns]}
            found = [list(row) for row in line.exec_driver_sql(f'SELECT * FROM "{table}"')]
            for row in found:
                for place, name in enumerate(columns):
                    if row[place] is not None and backup.kind_of(known[name].type) == "moment":
                        row[place] = datetime.fromisoformat(row[place]).replace(tzinfo=UTC).isoformat()
                yield row
            yield {"rows": len(found)}


def test_a_database_of_a_newer_version_is_left_alone(filled, empty, tmp_path):
    with opened(empty("sqlite"), tmp_path):
        migrate.upgrade()
        with db.engine.begin() as line:
            line.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(ConfigError, match="newer version"):
            backup.restore(filled["sqlite"].file, replace=True)


def test_a_backup_overwrites_no_file_and_is_its_owners_only(filled, tmp_path):
    with opened(filled["sqlite"].url.render_as_string(), tmp_path):
        file = tmp_path / "mine.backup"
        backup.write(file, AT)
        assert file.stat().st_mode & 0o777 == 0o600
        kept = file.read_bytes()
        with pytest.raises(Refusal, match="already"):
            backup.write(file, AT)
        assert file.read_bytes() == kept
        with pytest.raises(Refusal, match="cannot be written"):
            backup.write(tmp_path / "no" / "such" / "folder", AT)
        assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_both_commands_say_what_they_did(filled, empty, tmp_path, capsys):
    with opened(filled["sqlite"].url.render_as_string(), tmp_path):
        commands.backup(tmp_path / "said.backup")
    assert "rows of" in capsys.readouterr().out
    with opened(empty("sqlite"), tmp_path):
        commands.restore(tmp_path / "said.backup", replace=False)
    assert "Start the site and its workers again" in capsys.readouterr().out


def leaver(name: str) -> int:
    """Somebody who has left, as a backup from before knows her."""
    left = people.add_person(username=trtext.fold(name).replace(" ", "."), name=name, job="adviser", at=AT)
    left.disabled_at = AT
    db.session.commit()
    return left.id


def made_anonymous(person_id: int, by_id: int) -> None:
    db.session.add(Anonymity(person_id=person_id, ground="asked", asked_by_id=by_id, asked_at=AT, done_at=None))
    db.session.commit()
    assert anonymising.work(AT).done == 1
    db.session.remove()


def names() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Person.name)))


@pytest.mark.parametrize("to", BOTH)
def test_whoever_was_made_anonymous_after_the_backup_is_nobody_again_after_it_is_put_back(empty, tmp_path, capsys, to):
    with opened(empty(to), tmp_path):
        migrate.upgrade()
        by_id = leaver("Hatice Er")
        zehra = leaver("Zehra Özgür")
        kept = leaver("Mert Ak")
        backup.write(tmp_path / "before.backup", AT)
        made_anonymous(zehra, by_id)
        commands.restore(tmp_path / "before.backup", replace=True)
        assert "Made anonymous again: 1." in capsys.readouterr().out
        assert names() == {"Hatice Er", f"#{zehra}", "Mert Ak"}
        commands.people_anonymous()
        printed = capsys.readouterr().out
        assert "Zehra" not in printed
        assert [json.loads(line)["person_id"] for line in printed.splitlines()] == [zehra]
        (tmp_path / "anonymous").write_text(printed, "utf-8")
    with opened(empty(to), tmp_path):
        # The old database is lost with all it knew; the list was kept beside the backup.
        commands.restore(tmp_path / "before.backup", replace=False, anonymous=tmp_path / "anonymous")
        assert names() == {"Hatice Er", f"#{zehra}", "Mert Ak"}
        assert db.session.get_one(Person, kept).disabled_at == AT
        assert db.session.scalar(select(func.count()).select_from(Destruction).where(Destruction.subject == f"person/{zehra}")) == 1


def test_a_list_of_another_installation_makes_nobody_anonymous_and_one_that_cannot_be_read_changes_nothing(empty, tmp_path, capsys):
    with opened(empty("sqlite"), tmp_path):
        migrate.upgrade()
        leaver("Hatice Er")
        zehra = leaver("Zehra Özgür")
        backup.write(tmp_path / "before.backup", AT)
        other = {"person_id": zehra, "made_at": (AT - timedelta(days=1)).isoformat(), "ground": "asked", "asked_by_id": 1, "asked_at": AT.isoformat()}
        (tmp_path / "other").write_text(json.dumps(other), "utf-8")
        commands.restore(tmp_path / "before.backup", replace=True, anonymous=tmp_path / "other")
        assert f"Account no. {zehra} of the list is another one here" in capsys.readouterr().err
        assert "Zehra Özgür" in names()
        (tmp_path / "torn").write_text(json.dumps(other) + "\n" + json.dumps(other)[:40], "utf-8")
        with pytest.raises(Refusal, match=r"torn:2: this is no line"):
            commands.restore(tmp_path / "before.backup", replace=True, anonymous=tmp_path / "torn")
