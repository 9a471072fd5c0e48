"""What was expected before there were versions is expected afterwards, and the other way round."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
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
BEFORE, AFTER = "0006", "0007"
SKILL = "INSERT INTO family (key, position, name_tr, name_en) VALUES ('connect', 0, 'a', 'a')"
OLD = (
    "INSERT INTO expectation (team_id, person_id, skill, level, since, until, why, monitored, how_often, seen_by, set_by_id) "
    "VALUES (:team, :person, 'empathy', :level, :since, :until, 'why', 'observation', 'weekly', 'both', 1)"
)


@pytest.fixture
def fresh(installation: SimpleNamespace, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of the version before, with two people in a team."""
    name, url = f"versions_{next(_numbers)}", f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
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
    person = (
        "INSERT INTO person (id, username, username_key, name, name_sort, job, language, time_zone, created_at) "
        "VALUES (:id, :name, :name, :name, :name, 'adviser', 'tr', :zone, '2026-01-01 00:00:00')"
    )
    skill = (
        "INSERT INTO skill (key, family_key, position, quality, step, name_tr, name_en, definition_tr, definition_en, retired) "
        "VALUES ('empathy', 'connect', 0, 'trust', 'greet', 'a', 'a', 'a', 'a', false)"
    )
    for statement in (SKILL, skill, "INSERT INTO unit (id, name) VALUES (1, 'u')", "INSERT INTO team (id, name, unit_id) VALUES (1, 't', 1)"):
        db.session.execute(text(statement))
    for number, zone in ((1, "Europe/Istanbul"), (2, "Pacific/Auckland")):
        db.session.execute(text(person), {"id": number, "name": f"p{number}", "zone": zone})
    for team, who, level, since, until in (
        (1, None, 2, "2026-01-05 22:30:00", "2026-02-01 08:00:00"),
        (1, None, 3, "2026-02-01 08:00:00", None),
        (None, 2, 4, "2026-02-01 12:00:00", None),
    ):
        # On PostgreSQL, what is written without a zone is taken in the session's, so it is said.
        zone = "+00" if db.engine.dialect.name == "postgresql" else ""
        values = {"team": team, "person": who, "level": level, "since": since + zone, "until": until + zone if until else None}
        db.session.execute(text(OLD), values)
    db.session.commit()


def old_rows() -> list[tuple[object, ...]]:
    rows = db.session.execute(text("SELECT id, team_id, person_id, level, since, until, monitored, how_often, seen_by FROM expectation ORDER BY id"))
    found = [tuple(str(value.astimezone(UTC))[:19] if isinstance(value, datetime) else str(value)[:19] for value in row) for row in rows]
    db.session.remove()
    return found


def test_it_goes_forwards_and_back_with_every_row(fresh):
    before = old_rows()
    migrate.upgrade(AFTER)
    columns = "scope, version, level, starts_on, ends_on, closed_on, monitored"
    rows = db.session.execute(text(f"SELECT {columns} FROM expectation ORDER BY id")).all()
    assert [tuple(str(value) for value in row) for row in rows] == [
        # At half past ten at night in Greenwich it is tomorrow in Istanbul, and at noon in Auckland.
        ("team/1", "1", "2", "2026-01-06", "None", "2026-02-01", "observation"),
        ("team/1", "2", "3", "2026-02-01", "None", "None", "observation"),
        ("person/2", "1", "4", "2026-02-02", "None", "None", "observation"),
    ]
    db.session.remove()
    migrate.downgrade(BEFORE)
    assert old_rows() == before


def test_a_new_row_after_it_takes_the_next_number_and_what_the_table_before_cannot_tell_is_left_out_on_the_way_back(fresh):
    migrate.upgrade(AFTER)
    new = (
        "INSERT INTO expectation (scope, version, {who}, skill, level, starts_on, ends_on, why, ways, monitored, rhythm, how_often, audience, "
        "seen_by, anchors, words_tr, words_en, set_by_id, issued_at) VALUES (:scope, 9, :key, 'empathy', 2, :starts, :ends, 'why', "
        "'[\"quiz\", \"customers\"]', '', 'weekly', '', 'team', '', '[]', '', '', 1, '2026-03-01 00:00:00')"
    )
    days = {"starts": date(2026, 3, 3), "ends": date(2026, 3, 9)}
    db.session.execute(text(new.format(who="job")), {"scope": "job/adviser", "key": "adviser", **days})
    db.session.execute(text(new.format(who="person_id")), {"scope": "person/1", "key": 1, **days})
    db.session.commit()
    db.session.remove()
    migrate.downgrade(BEFORE)
    found = old_rows()
    assert len(found) == 4
    assert found[-1][0] == "5"
    assert found[-1][3:] == ("2", "2026-03-02 21:00:00", "2026-03-09 20:59:59", "quiz, customers", "weekly", "team")
    migrate.upgrade()
    assert migrate.state() == "current"
