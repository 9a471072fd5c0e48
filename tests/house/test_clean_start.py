"""What one test wrote, no other test finds: neither rows nor numbers used up nor a changed schema."""

from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text

from tests.conftest import AT, refresh
from trainee.kit.audit import AuditEntry, note
from trainee.kit.db import db
from trainee.people.models import Person, Unit


def _afresh(installation: SimpleNamespace) -> None:
    db.session.commit()
    installation.clean = False
    refresh(installation)


@pytest.mark.parametrize("change_the_schema", [False, True])
def test_rows_and_numbers_are_what_they_were(app: Flask, installation: SimpleNamespace, change_the_schema: bool) -> None:
    people = db.session.scalars(select(Person.name).order_by(Person.id)).all()
    numbers = []
    for _round in range(2):
        db.session.execute(text("UPDATE person SET name = 'nobody'"))
        unit = Unit(name="A passing unit")
        db.session.add(unit)
        db.session.flush()
        numbers.append(unit.id)
        if change_the_schema:
            db.session.execute(text("CREATE TABLE passing (id INTEGER)"))
        _afresh(installation)
        assert db.session.scalars(select(Person.name).order_by(Person.id)).all() == people
        assert not inspect(db.session.connection()).has_table("passing")
    assert numbers[0] == numbers[1]
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 1


def test_what_may_only_be_added_to_is_emptied_all_the_same(app: Flask, installation: SimpleNamespace) -> None:
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    note(None, "passing", "person/1", AT)
    _afresh(installation)
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before
