"""The log is written once per receipt, never changed, and taken back by rows."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from trainee import evidence
from trainee.evidence import Evidence, Showing
from trainee.kit.db import db


def showing(person_id: int, at: datetime, receipt: str = "quiz_answer/1/q1", **other: Any) -> Showing:
    values = {"skill": "empathy", "source": "quiz_answer", "score": 0.5, "item": "m/quiz/q1", "choices": 4} | other
    return Showing(person_id=person_id, occurred_at=at, receipt=receipt, **values)


def the_log() -> list[Evidence]:
    return list(db.session.scalars(select(Evidence).order_by(Evidence.id)))


def test_a_showing_becomes_a_row_with_every_fact(app, cast, at):
    later = at + timedelta(hours=1)
    evidence.write([showing(cast.amir, at, detail={"note": "said it late"}, actor_id=cast.chloe, score=0.25)], later)
    (row,) = the_log()
    assert (row.person_id, row.skill_key, row.source, row.score, row.item, row.choices) == (cast.amir, "empathy", "quiz_answer", 0.25, "m/quiz/q1", 4)
    assert (row.occurred_at, row.recorded_at, row.actor_id, row.detail) == (at, later, cast.chloe, {"note": "said it late"})


def test_a_receipt_that_was_seen_before_is_kept_once(app, cast, at):
    first = evidence.write([showing(cast.amir, at)], at)
    again = evidence.write([showing(cast.amir, at, score=1.0)], at)
    assert first[0].evidence_id is not None
    assert again[0].evidence_id is None
    assert [row.score for row in the_log()] == [0.5]


def test_a_receipt_twice_in_one_batch_is_written_for_the_first(app, cast, at):
    written = evidence.write([showing(cast.amir, at), showing(cast.amir, at, score=1.0), showing(cast.amir, at, "r2")], at)
    assert [one.evidence_id is not None for one in written] == [True, False, True]
    assert [row.score for row in the_log()] == [0.5, 0.5]


def test_a_large_batch_is_written_in_the_order_given(app, cast, at):
    written = evidence.write([showing(cast.amir, at, f"r{number}", score=number / 1200) for number in range(1200)], at)
    assert [row.score for row in the_log()] == [number / 1200 for number in range(1200)]
    assert [one.evidence_id for one in written] == [row.id for row in the_log()]


@pytest.mark.parametrize("wrong", [{"score": 1.1}, {"score": -0.1}, {"score": float("nan")}, {"source": "gossip"}])
def test_what_makes_no_sense_is_refused(at, wrong):
    with pytest.raises(ValueError, match=r"score|source"):
        showing(1, at, **wrong)


def test_a_moment_without_a_zone_is_refused(at):
    with pytest.raises(ValueError, match="time zone"):
        showing(1, at.replace(tzinfo=None))


def test_a_skill_that_does_not_exist_is_refused_by_the_database(app, cast, at):
    with pytest.raises(IntegrityError):
        evidence.write([showing(cast.amir, at, skill="juggling")], at)


def test_nobody_can_change_a_row(app, cast, at):
    evidence.write([showing(cast.amir, at)], at)
    with pytest.raises(DBAPIError, match="evidence is never changed"):
        db.session.execute(update(Evidence).values(score=1.0))


def test_nobody_can_delete_a_row(app, cast, at):
    evidence.write([showing(cast.amir, at)], at)
    with pytest.raises(DBAPIError, match="evidence is never deleted"):
        db.session.execute(delete(Evidence))


def test_words_cannot_be_blanked_while_the_door_is_shut(app, cast, at):
    evidence.write([showing(cast.amir, at, detail={"note": "x"})], at)
    with pytest.raises(DBAPIError, match="evidence is never changed"):
        db.session.execute(update(Evidence).values(detail={}))


@pytest.mark.parametrize("change", ["score = 1.0, detail = '{}'", 'detail = \'{"note": "other"}\'', "receipt = 'other', detail = '{}'"])
def test_even_an_open_door_lets_nothing_but_blanking_through(app, cast, at, change):
    evidence.write([showing(cast.amir, at, detail={"note": "x"})], at)
    db.session.execute(text("UPDATE evidence_door SET is_open = true"))
    with pytest.raises(DBAPIError, match="evidence is never changed"):
        db.session.execute(text(f"UPDATE evidence SET {change}"))


def test_blanking_takes_one_persons_words_and_shuts_the_door(app, cast, at):
    evidence.write(
        [showing(cast.amir, at, detail={"note": "x"}), showing(cast.amir, at, "r2"), showing(cast.beth, at, "r3", detail={"note": "y"})], at
    )
    assert evidence.blank_details(cast.amir) == 1
    assert [row.detail for row in the_log()] == [{}, {}, {"note": "y"}]
    assert db.session.scalar(text("SELECT is_open FROM evidence_door")) in (False, 0)
    with pytest.raises(DBAPIError, match="evidence is never changed"):
        db.session.execute(update(Evidence).values(detail={}))


def test_a_row_is_taken_back_by_a_row_that_says_why(app, cast, at):
    (one,) = evidence.write([showing(cast.amir, at)], at)
    assert one.evidence_id is not None
    assert evidence.retract(one.evidence_id, "wrong person", at + timedelta(days=1), cast.chloe) == cast.amir
    first, second = the_log()
    assert (second.retracts_id, second.detail, second.actor_id) == (first.id, {"reason": "wrong person"}, cast.chloe)
    assert list(evidence.in_order([cast.amir])) == []


def test_taking_back_twice_does_it_once(app, cast, at):
    (one,) = evidence.write([showing(cast.amir, at)], at)
    assert one.evidence_id is not None
    evidence.retract(one.evidence_id, "wrong", at)
    assert evidence.retract(one.evidence_id, "wrong", at) is None
    assert len(the_log()) == 2


def test_a_retraction_cannot_be_taken_back(app, cast, at):
    (one,) = evidence.write([showing(cast.amir, at)], at)
    assert one.evidence_id is not None
    evidence.retract(one.evidence_id, "wrong", at)
    with pytest.raises(LookupError):
        evidence.retract(the_log()[1].id, "wrong again", at)
    with pytest.raises(LookupError):
        evidence.retract(999_999, "never was", at)


def test_the_log_reads_in_the_order_in_which_things_happened(app, cast, at):
    moments = [at, at - timedelta(days=2), at, at - timedelta(days=1)]
    evidence.write([showing(cast.amir, moment, f"r{number}", score=number / 4) for number, moment in enumerate(moments)], at)
    assert [row.score for row in evidence.in_order([cast.amir])] == [0.25, 0.75, 0.0, 0.5]


@pytest.mark.sqlite
def test_one_persons_log_is_read_by_its_index_and_never_the_whole_log(app):
    words = f"EXPLAIN QUERY PLAN {evidence.queries._OF_PERSON % ('', '')}"
    plan = [row[3] for row in db.session.execute(text(words), {"person": 1})]
    assert any("ix_evidence_in_order (person_id=?)" in step for step in plan)
    assert not any("SCAN" in step or "TEMP B-TREE" in step or "retracts_id=?" in step for step in plan)


def test_what_was_recorded_later_was_not_known_then(app, cast, at):
    (one, _) = evidence.write([showing(cast.amir, at), showing(cast.amir, at, "r2")], at)
    assert one.evidence_id is not None
    evidence.write([showing(cast.amir, at, "r3")], at + timedelta(days=2))
    evidence.retract(one.evidence_id, "wrong", at + timedelta(days=4))
    counts = [len(list(evidence.in_order([cast.amir], known_by=at + timedelta(days=days)))) for days in (-1, 1, 3, 5)]
    assert counts == [0, 2, 3, 2]


def test_rows_are_counted_with_their_retractions(app, cast, at):
    (one,) = evidence.write([showing(cast.amir, at)], at)
    assert one.evidence_id is not None
    evidence.retract(one.evidence_id, "wrong", at)
    assert evidence.rows_per_person([cast.amir]) == {cast.amir: 2}
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 2
