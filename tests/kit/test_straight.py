"""Statements that go straight to the driver behave as every other."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError

from trainee.evidence.models import EVIDENCE
from trainee.kit.db import db
from trainee.kit.straight import Straight

COLUMNS = [column for column in EVIDENCE.c if column.name != "id"]
WRITE = Straight(insert(EVIDENCE).values({column.name: bindparam(column.name, type_=column.type) for column in COLUMNS}))
READ = Straight(
    text("SELECT occurred_at, detail, score FROM evidence WHERE receipt = :receipt"), EVIDENCE.c.occurred_at.type, EVIDENCE.c.detail.type, None
)


@pytest.fixture
def row(cast, at):
    """Something Amir showed."""
    return {
        "person_id": cast.amir,
        "skill_key": "empathy",
        "source": "quiz_answer",
        "score": 0.5,
        "item": "100 % sure",
        "occurred_at": at,
        "recorded_at": at,
        "choices": 4,
        "detail": {"words": "çok ‘güzel’ %(x)s"},
        "actor_id": None,
        "receipt": "one",
        "retracts_id": None,
    }


def test_moments_and_details_come_back_as_they_went(row, at):
    WRITE(row)
    assert READ({"receipt": "one"}) == [(at, {"words": "çok ‘güzel’ %(x)s"}, 0.5)]
    assert READ({"receipt": "one"})[0][0].tzinfo is UTC
    assert READ({"receipt": "two"}) == []


def test_what_is_written_reads_the_same_the_usual_way(row):
    WRITE(row)
    found = db.session.execute(select(*COLUMNS)).mappings().one()
    assert dict(found) == row


def test_it_belongs_to_the_sessions_transaction(row):
    WRITE(row)
    db.session.rollback()
    assert READ({"receipt": "one"}) == []


def test_it_breaks_with_the_usual_errors_and_tells_no_values(row):
    WRITE(row)
    with pytest.raises(IntegrityError) as broken:
        WRITE(row)
    assert "güzel" not in str(broken.value)


def test_a_moment_without_a_zone_is_refused(row):
    with pytest.raises(ValueError, match="time zone"):
        WRITE(row | {"occurred_at": datetime(2026, 3, 11)})  # noqa: DTZ001 - the mistake itself.


def test_it_is_counted_as_a_statement(row, counting):
    WRITE(row)
    READ({"receipt": "one"})
    assert len(counting) == 2
