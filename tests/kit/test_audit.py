"""Who changed what is written down, without anybody's name."""

import json

import pytest
from sqlalchemy import select

from tests.conftest import CAST
from tests.house.world import make_world
from trainee.kit import audit
from trainee.kit.audit import AuditEntry
from trainee.kit.db import db
from trainee.people import actions as people


def entries(deed: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.deed == deed)))


def test_a_deed_is_kept_with_who_when_and_what(app, cast, at):
    audit.note(cast.ela, "look", f"person/{cast.amir}", at, page="skills", many=[1, 2])
    db.session.commit()
    db.session.expire_all()
    [row] = entries("look")
    assert (row.actor_id, row.subject, row.at, row.detail) == (cast.ela, f"person/{cast.amir}", at, {"page": "skills", "many": [1, 2]})


def test_a_deed_that_did_not_happen_leaves_no_note(app, cast, person, at):
    people.disable(person(cast.amir), at, cast.ela)
    db.session.rollback()
    assert entries("disable") == []
    people.disable(person(cast.amir), at, cast.ela)
    db.session.commit()
    assert [row.subject for row in entries("disable")] == [f"person/{cast.amir}"]


def test_no_note_holds_a_name_an_address_or_a_secret(app, cast, person, at):
    world = make_world(cast, at)
    people.edit_profile(person(cast.amir), name="Amir Kaya Kara", language="tr", time_zone="Europe/Istanbul", at=at)
    written = "\n".join(f"{row.deed} {row.subject} {json.dumps(row.detail)}" for row in db.session.scalars(select(AuditEntry)))
    assert "supervise" in written
    for username, (name, _roles) in CAST.items():
        assert name not in written
        assert f"{username}@" not in written
    assert world["token"] not in written
    assert "Kara" not in written


@pytest.mark.parametrize("deed", ["supervise", "set_roles", "make_link", "observe", "assign"])
def test_deeds_on_people_say_on_whom_by_number(app, cast, at, deed):
    make_world(cast, at)
    rows = entries(deed)
    if deed == "set_roles":
        people.set_roles(db.session.get_one(people.Person, cast.beth), ("employee", "supervisor"), at, cast.ada)
        db.session.flush()
        rows = entries(deed)
    assert rows
    assert all(row.subject.rpartition("/")[2].isdigit() for row in rows)
