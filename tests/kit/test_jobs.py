"""What happens by itself happens once for each slot of time, however many look at the clock."""

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from trainee import profile, timetable
from trainee.kit import audit, jobs
from trainee.kit.audit import AuditEntry
from trainee.kit.clock import now
from trainee.kit.db import db, reading
from trainee.kit.jobs import Job, JobRun, run_due
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.quizzes.models import QuizAttempt
from trainee.profile import calibrations

ROOT = Path(__file__).resolve().parents[2]
HOUR = timedelta(hours=1)


def writes(deed: str) -> Job:
    """A job of every hour that leaves a row."""
    return Job(deed, HOUR, "every hour: write a row", lambda at: audit.note(None, deed, "job", at))


def fails(at: datetime) -> None:
    audit.note(None, "half done", "job", at)
    db.session.flush()
    raise ZeroDivisionError("Amir Kaya could not be divided")


def done(deed: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(AuditEntry.deed == deed)) or 0


def runs(job: str) -> list[JobRun]:
    db.session.rollback()
    return list(db.session.scalars(select(JobRun).where(JobRun.job == job).order_by(JobRun.slot)))


@pytest.fixture
def clock(at):
    """Says one minute after the tests happen."""
    return lambda: at + timedelta(minutes=1)


def test_a_job_runs_once_in_its_slot_and_again_in_the_next(app, at, clock):
    job = writes("tidy")
    assert [run_due([job], at + timedelta(minutes=minutes), clock) for minutes in (0, 1, 59, 60)] == [["tidy"], [], [], ["tidy"]]
    assert done("tidy") == 2


def test_a_run_says_when_it_began_and_ended_and_for_which_slot(app, at, clock):
    run_due([writes("tidy")], at + timedelta(seconds=30), clock)
    [run] = runs("tidy")
    assert (run.slot, run.started_at, run.ended_at, run.error) == (at, at + timedelta(seconds=30), clock(), None)


def test_of_eight_threads_one_does_each_job(app, at, clock, at_once):
    both = [writes("tidy"), writes("count")]
    claimed = [key for keys in at_once(lambda: run_due(both, at, clock), 8) for key in keys]
    assert sorted(claimed) == ["count", "tidy"]
    assert (done("tidy"), done("count")) == (1, 1)


PROCESS = """
import sys, time
from datetime import datetime, timedelta
from pathlib import Path
from trainee.app import create_app
from trainee.config import Config
from trainee.kit import audit
from trainee.kit.jobs import Job, run_due
url, folder, at, ready = sys.argv[1:]
app = create_app(Config(environment="test", data_dir=folder, database_url=url, secret_key="t" * 40))
at = datetime.fromisoformat(at)
job = Job("tidy", timedelta(hours=1), "every hour", lambda moment: audit.note(None, "tidy", "job", moment))
with app.app_context():
    Path(ready).touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    for hours in range(5):
        run_due([job], at + timedelta(hours=hours), lambda: at)
"""


def test_of_two_processes_one_does_each_slot(app, at, installation, tmp_path):
    url = db.engine.url.render_as_string(hide_password=False)
    ready = [tmp_path / f"ready-{number}" for number in range(2)]
    command = [sys.executable, "-c", PROCESS, url, str(tmp_path), at.isoformat()]
    processes = [subprocess.Popen([*command, str(mark)], cwd=ROOT, stderr=subprocess.PIPE, text=True) for mark in ready]
    patience = time.monotonic() + 60
    while not all(mark.exists() for mark in ready) and time.monotonic() < patience:
        time.sleep(0.02)
    (tmp_path / "go").touch()
    told = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert len(runs("tidy")) == 5
    assert done("tidy") == 5


def test_a_job_that_fails_is_written_down_with_its_kind_and_stops_no_other(app, at, clock):
    trouble = Job("trouble", HOUR, "every hour: fail", fails)
    assert run_due([trouble, writes("tidy")], at, clock) == ["trouble", "tidy"]
    [run] = runs("trouble")
    assert (run.error, run.ended_at) == ("ZeroDivisionError", clock())
    assert (done("half done"), done("tidy")) == (0, 1)


def test_a_job_that_failed_is_tried_again_in_the_next_slot_only(app, at, clock):
    trouble = Job("trouble", HOUR, "every hour: fail", fails)
    assert [run_due([trouble], at + timedelta(minutes=minutes), clock) for minutes in (0, 30, 60)] == [["trouble"], [], ["trouble"]]


def test_what_was_missed_is_not_caught_up_many_times(app, at, clock):
    job = writes("tidy")
    run_due([job], at, clock)
    for minutes in range(3):
        run_due([job], at + timedelta(days=3, minutes=minutes), clock)
    assert [run.slot for run in runs("tidy")] == [at, at + timedelta(days=3)]


def test_a_busy_database_puts_a_job_off_and_harms_nobody(app, at, clock, impatient, lock):
    job = writes("tidy")
    writer = lock("job_run")
    try:
        assert run_due([job], at, clock) == []
    finally:
        writer.close()
    assert run_due([job], at, clock) == ["tidy"]
    assert done("tidy") == 1


def test_slots_are_counted_in_utc_and_begin_on_the_hour_and_at_midnight(at):
    day = Job("day", timedelta(days=1), "", lambda _at: None)
    assert day.slot(at + timedelta(minutes=7)) == datetime(2026, 3, 11, tzinfo=UTC)
    assert writes("tidy").slot(at + timedelta(minutes=7)) == at
    # The night the clocks of Berlin go forward has the slots of every other night.
    night = datetime(2027, 3, 27, 23, 30, tzinfo=UTC)
    assert len({writes("tidy").slot(night + timedelta(minutes=10 * step)) for step in range(18)}) == 4


def test_the_newest_run_of_every_job_is_known_and_old_runs_are_swept(app, at, clock):
    for job, days in (("tidy", 40), ("tidy", 2), ("tidy", 1), ("count", 3)):
        run_due([writes(job)], at - timedelta(days=days), clock)
    assert {key: run.slot for key, run in jobs.last_runs().items()} == {"tidy": at - timedelta(days=1), "count": at - timedelta(days=3)}
    jobs.sweep(at - timedelta(days=30))
    db.session.commit()
    assert len(runs("tidy")) == 2


def test_every_job_of_the_timetable_has_a_key_of_its_own_and_says_when_and_what():
    keys = [job.key for job in timetable.JOBS]
    assert len(set(keys)) == len(keys)
    for job in timetable.JOBS:
        when, _colon, what = job.says.partition(": ")
        assert when, job.key
        assert len(what) > 10, job.key
        assert timetable.LOOK_EVERY < job.every <= timedelta(days=30), job.key


def test_every_job_of_the_timetable_runs_on_a_company_that_has_just_begun(app, at, clock):
    assert run_due(timetable.JOBS, at, clock) == [job.key for job in timetable.JOBS]
    assert [job.key for job in timetable.JOBS if runs(job.key)[0].error is not None] == []


def test_a_quiz_whose_time_ran_out_is_handed_in_while_nobody_looks(app, cast, at, clock):
    late, open_still = quizzes.begin(cast.amir, "greeting", at), quizzes.begin(cast.beth, "greeting", at)
    db.session.execute(update(QuizAttempt).where(QuizAttempt.id == late.id).values(deadline_at=at + timedelta(minutes=20)))
    db.session.execute(update(QuizAttempt).where(QuizAttempt.id == open_still.id).values(deadline_at=at + timedelta(minutes=40)))
    db.session.commit()
    run_due(timetable.JOBS, at + timedelta(minutes=30), clock)
    db.session.expire_all()
    handed_in = dict(db.session.execute(select(QuizAttempt.id, QuizAttempt.handed_in_at)).tuples().all())
    # It counts as handed in when the time was over and not when somebody noticed.
    assert handed_in == {late.id: at + timedelta(minutes=20), open_still.id: None}


def test_one_quiz_that_cannot_be_handed_in_keeps_no_other_from_it_and_is_counted(app, cast, at, clock):
    people = (cast.amir, cast.beth, cast.gus)
    attempts = [quizzes.begin(person_id, "greeting", at).id for person_id in people]
    db.session.execute(update(QuizAttempt).values(deadline_at=at + timedelta(minutes=20)))
    # What the second asked cannot be read, as after a hand that slipped in the database.
    db.session.execute(update(QuizAttempt).where(QuizAttempt.id == attempts[1]).values(drawn=7))
    db.session.commit()
    run_due([job for job in timetable.JOBS if job.key == "close_overdue_quizzes"], at + timedelta(minutes=30), clock)
    db.session.expire_all()
    handed_in = dict(db.session.execute(select(QuizAttempt.id, QuizAttempt.handed_in_at)).tuples().all())
    assert [handed_in[one] is not None for one in attempts] == [True, False, True]
    [run] = runs("close_overdue_quizzes")
    assert (run.done, run.failed, run.error) == (2, 1, "TypeError")


@pytest.fixture
def shown(app, cast, at):
    """Amir and Beth have shown something, so that there is something to learn from."""
    for number, person_id in enumerate((cast.amir, cast.beth, cast.amir, cast.beth)):
        receipt = f"quiz_answer/0/{number}"
        profile.record([profile.Showing(person_id, "empathy", "quiz_answer", number % 2, f"greeting/quiz/q{number}", at, receipt)], at)
    db.session.commit()


def test_the_nightly_job_learns_from_what_was_recorded_and_then_has_nothing_to_do(shown, at):
    timetable.calibrate(at)
    db.session.commit()
    learned = calibrations.in_state("current")
    assert learned is not None
    assert learned.events == 4
    timetable.calibrate(at + timedelta(days=1))
    db.session.commit()
    assert calibrations.in_state("current") == learned


def test_a_night_that_is_cut_short_changes_no_figure_and_the_next_one_ends_it(shown, cast, at, monkeypatch):
    before = profile.levels(cast.amir, at)
    stopping = threading.Event()
    stopping.set()
    monkeypatch.setattr(timetable, "_stopping", stopping)
    timetable.calibrate(at)
    db.session.rollback()
    assert calibrations.in_state("current").events == 0
    assert profile.levels(cast.amir, at) == before
    stopping.clear()
    timetable.calibrate(at + timedelta(days=1))
    db.session.commit()
    assert calibrations.in_state("current").events == 4


def wait_for(happened, patience: float = 20.0) -> None:
    until = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_the_timetable_starts_runs_what_is_due_on_two_nodes_once_and_stops(app):
    def ran() -> bool:
        # Whoever looks must not hold the lock that the jobs wait for.
        with reading():
            ended = db.session.scalars(select(JobRun.job).where(JobRun.ended_at.is_not(None))).all()
            db.session.rollback()
        return {job.key for job in timetable.JOBS} <= set(ended)

    began = now()
    nodes = [timetable.start(app, every=timedelta(seconds=1)) for _node in range(2)]
    try:
        wait_for(ran)
    finally:
        for node in nodes:
            timetable.stop(node)
    assert [node.running for node in nodes] == [False, False]
    assert not any(thread.name.startswith("APScheduler") for thread in threading.enumerate())
    twice = db.session.execute(text("SELECT job, slot, count(*) FROM job_run GROUP BY job, slot HAVING count(*) > 1")).all()
    assert twice == []
    assert {run.error for run in db.session.scalars(select(JobRun))} == {None}
    assert db.session.scalar(select(func.min(JobRun.started_at))) >= began


def test_a_job_begun_after_the_timetable_stopped_goes_to_its_end(app, shown, at):
    timetable.stop(timetable.start(app, every=timedelta(hours=1)))
    timetable.calibrate(at)
    db.session.commit()
    assert calibrations.in_state("current").events == 4
