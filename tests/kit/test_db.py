"""The two databases behave alike: moments, rows that are written once, and who waits for whom."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from trainee.kit.audit import AuditEntry
from trainee.kit.db import Base, db, insert_many_once, insert_once, only_reads, reading, upsert, writing
from trainee.kit.jobs import JobRun
from trainee.kit.throttle import Throttle
from trainee.people.models import SignIn

ISTANBUL = timezone(timedelta(hours=3))


def entry(at: datetime, deed: str = "look") -> AuditEntry:
    return AuditEntry(at=at, actor_id=None, deed=deed, subject="person/1", detail={})


# What is there once: one try at one job for one time.
ONCE = ["job", "slot", "attempt"]


def run_of(job: str, slot: datetime, error: str | None = None) -> dict[str, object]:
    return {"job": job, "slot": slot, "attempt": 1, "started_at": slot, "ended_at": None, "error": error}


def test_a_moment_without_a_time_zone_is_refused(app):
    db.session.add(entry(datetime(2026, 3, 11, 9, 0)))  # noqa: DTZ001 - what is refused here.
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        db.session.flush()


def test_a_moment_without_a_time_zone_cannot_be_asked_for_either(app):
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        db.session.scalar(select(AuditEntry.id).where(AuditEntry.at < datetime(2026, 3, 11)))  # noqa: DTZ001 - what is refused here.


def test_a_moment_comes_back_in_utc_wherever_it_was_written(app, at):
    db.session.add(entry(at.astimezone(ISTANBUL), "written in Istanbul"))
    db.session.commit()
    db.session.expire_all()
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "written in Istanbul")).one()
    assert found.at == at
    assert found.at.utcoffset() == timedelta(0)
    assert found.at.hour == 9


def test_moments_are_compared_as_moments_and_not_as_they_are_written(app, at):
    db.session.add_all([entry(at, "earlier"), entry(at + timedelta(minutes=1), "later")])
    db.session.flush()
    until = at.astimezone(ISTANBUL)
    deeds = select(AuditEntry.deed).where(AuditEntry.deed.in_(["earlier", "later"]))
    assert db.session.scalars(deeds.where(AuditEntry.at <= until)).all() == ["earlier"]
    assert db.session.scalars(deeds.where(AuditEntry.at > until)).all() == ["later"]


def test_a_moment_keeps_its_microseconds(app, at):
    exact = at.replace(microsecond=123_456)
    db.session.add(entry(exact, "exact"))
    db.session.commit()
    db.session.expire_all()
    assert db.session.scalar(select(AuditEntry.at).where(AuditEntry.deed == "exact")) == exact


def test_a_table_is_called_like_its_class_in_snake_case():
    assert AuditEntry.__tablename__ == "audit_entry"
    assert all(name == name.lower() and " " not in name for name in Base.metadata.tables)


def test_every_constraint_has_a_name_that_a_migration_can_drop():
    nameless = [
        f"{table.name}: {constraint}" for table in Base.metadata.tables.values() for constraint in table.constraints if constraint.name is None
    ]
    assert nameless == []


def test_a_row_is_inserted_once_and_the_second_time_says_so(app, at):
    first = insert_once(JobRun, run_of("a", at), ONCE)
    assert isinstance(first, int)
    assert insert_once(JobRun, run_of("a", at, "Other"), ONCE) is None
    assert insert_once(JobRun, run_of("b", at), ONCE) not in {None, first}
    assert db.session.scalar(select(JobRun.error).where(JobRun.id == first)) is None


def test_of_eight_who_insert_at_once_one_has_done_it(app, at, at_once):
    def insert() -> int | None:
        made = insert_once(JobRun, run_of("race", at), ONCE)
        db.session.commit()
        return made

    assert len([made for made in at_once(insert, 8) if made is not None]) == 1
    assert db.session.scalar(select(func.count()).where(JobRun.job == "race")) == 1


def test_only_the_named_key_is_passed_over_and_any_other_clash_is_told(app, at):
    made = insert_once(JobRun, run_of("a", at), ONCE)
    with pytest.raises(IntegrityError):
        insert_once(JobRun, {"id": made, **run_of("b", at)}, ONCE)


def test_upsert_inserts_and_then_overwrites_only_what_is_named(app, at):
    upsert(Throttle, {"key": "k", "window": at, "tries": 1}, ["key"], ["tries"])
    upsert(Throttle, {"key": "k", "window": at + timedelta(hours=1), "tries": 7}, ["key"], ["tries"])
    assert db.session.execute(select(Throttle.window, Throttle.tries).where(Throttle.key == "k")).all() == [(at, 7)]


def test_many_rows_at_once_pass_over_those_that_stand_there(app, at):
    insert_once(JobRun, run_of("many", at, "First"), ONCE)
    slots = [at + timedelta(hours=number) for number in (0, 1, 2, 2)]
    insert_many_once(JobRun, [run_of("many", slot) for slot in slots], ONCE)
    insert_many_once(JobRun, [], ONCE)
    found = db.session.execute(select(JobRun.slot, JobRun.error).where(JobRun.job == "many").order_by(JobRun.slot)).all()
    assert found == [(at, "First"), (at + timedelta(hours=1), None), (at + timedelta(hours=2), None)]


def test_two_statements_that_differ_only_in_their_conflict_are_not_taken_for_one(app, at):
    """The clause is a text of our own, which the statement cache must tell apart."""
    insert_once(JobRun, run_of("a", at), ONCE)
    upsert(JobRun, run_of("a", at, "Changed"), ONCE, ["error"])
    assert insert_once(JobRun, run_of("a", at, "Again"), ONCE) is None
    assert db.session.scalar(select(JobRun.error).where(JobRun.job == "a")) == "Changed"


def test_a_row_that_points_at_nobody_is_refused(app, at):
    db.session.add(SignIn(digest="d", person_id=999_999, device="test", remembered=False, created_at=at, seen_at=at, ended_at=None))
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.sqlite
def test_every_connection_to_sqlite_is_tuned_alike(app):
    # An engine as the program makes it; the one of the tests does not wait for the disk.
    engine = create_engine(db.engine.url)
    connections = [engine.connect() for _number in range(6)]
    try:
        for connection in connections:
            told = {name: connection.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")}
            assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
            assert connection.connection.execute("PRAGMA busy_timeout").fetchone()[0] == 5000
    finally:
        for connection in connections:
            connection.close()
        engine.dispose()


def somebody_else_can_write() -> bool:
    """Whether a program beside ours could begin to write to the SQLite file this moment."""
    other = sqlite3.connect(str(db.engine.url.database), timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        other.close()
    return True


@pytest.mark.sqlite
def test_a_transaction_that_may_write_takes_the_lock_with_its_first_statement(app):
    db.session.execute(text("SELECT 1"))
    assert not somebody_else_can_write()
    db.session.rollback()
    assert somebody_else_can_write()


@pytest.mark.sqlite
def test_a_transaction_that_only_reads_takes_no_lock(app):
    with reading():
        db.session.execute(select(func.count(AuditEntry.id)))
        assert somebody_else_can_write()
        db.session.rollback()
    db.session.execute(text("SELECT 1"))
    assert not somebody_else_can_write()


@pytest.mark.sqlite
def test_inside_a_page_that_reads_a_deed_of_its_own_takes_the_lock(app):
    only_reads(True)
    try:
        with writing():
            db.session.execute(text("SELECT 1"))
            assert not somebody_else_can_write()
            db.session.rollback()
        db.session.execute(text("SELECT 1"))
        assert somebody_else_can_write()
    finally:
        db.session.rollback()
        only_reads(False)


def test_a_page_does_not_wait_for_somebody_who_is_writing(app, cast, as_, at, impatient):
    writer = db.engine.connect()
    writer.execute(text("UPDATE person SET name = 'Half written' WHERE id = :id"), {"id": cast.amir})
    try:
        page = as_(cast.amir).get("/me")
    finally:
        writer.rollback()
        writer.close()
    assert page.status_code == 200
    assert "Amir Kaya" in page.text
    assert "Half written" not in page.text


def test_a_deed_waits_for_somebody_who_is_writing_and_then_happens(app, cast, as_):
    writer = db.engine.connect()
    writer.execute(text("UPDATE person SET name = 'Amir Kaya' WHERE id = :id"), {"id": cast.amir})
    answers = []

    def choose_turkish() -> None:
        with app.app_context():
            answers.append(as_(cast.amir).post("/language", data={"language": "tr", "next": "/"}))

    deed = threading.Thread(target=choose_turkish)
    deed.start()
    deed.join(0.3)
    waited = deed.is_alive()
    writer.rollback()
    writer.close()
    deed.join(10)
    assert waited
    assert answers[0].status_code == 303
    assert db.session.scalar(text("SELECT language FROM person WHERE id = :id"), {"id": cast.amir}) == "tr"


def test_a_moment_before_any_clock_change_is_what_it_was(app):
    """Turkey moved its clocks until 2016; what was kept in UTC does not move with it."""
    summer = datetime(2015, 7, 1, 9, 0, tzinfo=UTC)
    db.session.add(entry(summer, "summer"))
    db.session.commit()
    db.session.expire_all()
    assert db.session.scalar(select(AuditEntry.at).where(AuditEntry.deed == "summer")) == summer
