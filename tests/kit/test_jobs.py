"""What happens by itself happens once for each slot of time, however many look at the clock."""

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, func, select, text, update

from trainee import profile, timetable
from trainee.kit import audit, jobs, workers
from trainee.kit.audit import AuditEntry
from trainee.kit.clock import now
from trainee.kit.db import db, reading
from trainee.kit.i18n import force_locale
from trainee.kit.jobs import AGAIN_AFTER, INTERRUPTED, Job, JobRun, Nightly, run_due
from trainee.kit.ticker import LOOK_EVERY
from trainee.kit.workers import Worker
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.quizzes.models import QuizAttempt
from trainee.profile import calibrations

ROOT = Path(__file__).resolve().parents[2]
HOUR = timedelta(hours=1)


def writes(deed: str) -> Job:
    """A job of every hour that leaves a row."""
    return Job(deed, HOUR, "write a row", lambda at: audit.note(None, deed, "job", at))


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
jobs = [Job(f"tidy-{number}", timedelta(hours=1), "tidy", lambda moment: audit.note(None, "tidy", "job", moment)) for number in range(5)]
with app.app_context():
    Path(ready).touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    for job in jobs:
        run_due([job], at, lambda: at)
"""


def test_of_two_processes_one_does_each_job(app, at, installation, tmp_path):
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
    assert [len(runs(f"tidy-{number}")) for number in range(5)] == [1] * 5
    assert done("tidy") == 5


def test_a_job_that_fails_is_written_down_with_its_kind_and_stops_no_other(app, at, clock):
    trouble = Job("trouble", HOUR, "fail", fails)
    assert run_due([trouble, writes("tidy")], at, clock) == ["trouble", "tidy"]
    [run] = runs("trouble")
    assert (run.error, run.ended_at) == ("ZeroDivisionError", clock())
    assert (done("half done"), done("tidy")) == (0, 1)


def test_a_job_that_failed_is_tried_again_in_the_next_slot_only(app, at, clock):
    trouble = Job("trouble", HOUR, "fail", fails)
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


def test_slots_are_counted_in_utc_and_begin_on_the_hour(at):
    assert writes("tidy").slot(at + timedelta(minutes=7)) == at
    # The night the clocks of Berlin go forward has the slots of every other night.
    night = datetime(2027, 3, 27, 23, 30, tzinfo=UTC)
    assert len({writes("tidy").slot(night + timedelta(minutes=10 * step)) for step in range(18)}) == 4


NIGHT = Nightly(clock_time(2, 30))


def nightly(deed: str = "night") -> Job:
    return Job(deed, NIGHT, "write a row", lambda at: audit.note(None, deed, "job", at))


def test_a_night_begins_where_the_organisation_is():
    evening = datetime(2026, 3, 11, 23, 0, tzinfo=UTC)
    assert nightly().slot(evening, "Europe/Istanbul") == datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    assert nightly().next(evening, "Europe/Istanbul") == datetime(2026, 3, 11, 23, 30, tzinfo=UTC)
    assert nightly().slot(evening, "America/New_York") == datetime(2026, 3, 11, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "zone"), [(datetime(2027, 3, 28), "Europe/Berlin"), (datetime(2027, 10, 31), "Europe/Berlin")])  # noqa: DTZ001
def test_the_night_the_clocks_are_changed_has_its_job_once(app, clock, day, zone):
    """On the first of these nights there is no half past two, on the second there are two."""
    begins = day.replace(tzinfo=UTC) - timedelta(hours=12)
    run_due([nightly()], begins, clock, zone=zone)
    ran = [step for step in range(24 * 6) if run_due([nightly()], begins + timedelta(minutes=10 * step), clock, zone=zone)]
    assert len(ran) == 1
    assert done("night") == 2
    # It is night there: between two and four by the clock on the wall.
    local = (begins + timedelta(minutes=10 * ran[0])).astimezone(ZoneInfo(zone))
    assert 2 <= local.hour < 4


def test_over_a_year_with_both_changes_every_night_has_its_job_once(at):
    night, moment, slots = nightly(), at, []
    for _night in range(365):
        moment = night.next(moment, "Europe/Berlin")
        assert night.slot(moment, "Europe/Berlin") == moment
        slots.append(moment.astimezone(ZoneInfo("Europe/Berlin")).date())
    assert len(set(slots)) == 365
    assert slots == sorted(slots)


def test_what_was_missed_for_days_is_caught_up_once_at_whatever_hour(app, at, clock):
    run_due([nightly()], at, clock)
    later = at + timedelta(days=9, hours=5)
    assert [run_due([nightly()], later + timedelta(minutes=minutes), clock) for minutes in (0, 1, 60)] == [["night"], [], []]


def test_a_clock_put_back_neither_does_a_night_again_nor_stops_what_runs_all_the_time(app, at, clock):
    both = [nightly(), writes("tidy")]
    before = datetime(2026, 3, 12, 3, 0, tzinfo=UTC)
    assert run_due(both, before, clock) == ["night", "tidy"]
    put_back = before - timedelta(hours=5)
    # For the night before that, nothing had been done yet; tonight's is not done again when its hour comes a second time.
    assert run_due(both, put_back, clock) == ["night", "tidy"]
    assert run_due(both, put_back + timedelta(minutes=10), clock) == []
    hours = [run_due(both, put_back + timedelta(hours=hour), clock) for hour in range(1, 6)]
    assert hours == [["tidy"]] * 5
    assert run_due(both, put_back + timedelta(days=1, hours=5), clock) == ["night", "tidy"]


def test_a_clock_that_was_years_ahead_for_a_moment_stops_nothing(app, at, clock):
    both = [nightly(), writes("tidy")]
    run_due(both, at + timedelta(days=3650), clock)
    assert run_due(both, at, clock) == ["night", "tidy"]
    assert run_due(both, at + timedelta(minutes=30), clock) == []
    assert run_due(both, at + HOUR, clock) == ["tidy"]
    assert run_due(both, at + timedelta(days=1), clock) == ["night", "tidy"]


def test_a_night_that_failed_is_tried_again_that_night_and_not_for_ever(app, at):
    trouble = Job("trouble", NIGHT, "fail", fails)
    ran = []
    for minutes in range(0, 24 * 60, 5):
        moment = at + timedelta(minutes=minutes)
        ran += [minutes for _key in run_due([trouble], moment, lambda moment=moment: moment)]
        if moment + timedelta(minutes=5) >= trouble.next(at):
            break
    again = int(AGAIN_AFTER.total_seconds() // 60)
    assert ran == [0, again, 2 * again]
    assert [(run.attempt, run.error) for run in runs("trouble")] == [(number, "ZeroDivisionError") for number in (1, 2, 3)]


def test_the_newest_run_of_every_job_is_known_and_old_runs_are_swept(app, at, clock):
    for job, days in (("tidy", 40), ("tidy", 2), ("tidy", 1), ("count", 3)):
        run_due([writes(job)], at - timedelta(days=days), clock)
    assert {key: run.slot for key, run in jobs.last_runs().items()} == {"tidy": at - timedelta(days=1), "count": at - timedelta(days=3)}
    jobs.sweep(at - timedelta(days=30))
    db.session.commit()
    assert len(runs("tidy")) == 2


def test_every_job_of_the_timetable_has_a_key_of_its_own_and_says_what_and_when_in_both_languages(app):
    keys = [job.key for job in timetable.JOBS]
    assert len(set(keys)) == len(keys)
    for job in timetable.JOBS:
        told = []
        for lang in ("en", "tr"):
            with force_locale(lang):
                told.append((str(job.says), jobs.in_words(job.when)))
        (what, when), (ne, ne_zaman) = told
        assert min(len(what), len(ne)) > 10, job.key
        assert (what, when) != (ne, ne_zaman), job.key
        assert what != ne, job.key
        assert when != ne_zaman, job.key
        assert LOOK_EVERY < job.every <= timedelta(days=30), job.key


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (timedelta(minutes=1), "every minute"),
        (timedelta(minutes=10), "every 10 minutes"),
        (HOUR, "every hour"),
        (timedelta(hours=6), "every 6 hours"),
        (timedelta(days=1), "every day"),
        (timedelta(days=7), "every 7 days"),
        (Nightly(clock_time(3, 10)), "every night at 03:10"),
    ],
)
def test_how_often_is_said_in_words(app, when, words):
    with force_locale("en"):
        assert jobs.in_words(when) == words


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


def test_nobody_waits_while_a_job_goes_through_the_whole_log(shown, at, impatient):
    saved = []

    def meanwhile(_connection, _cursor, words, *_rest):
        if "FROM evidence" in words and not saved:
            saved.append("")
            with db.engine.begin() as somebody_else:
                saved[0] = somebody_else.execute(text("UPDATE person SET job = 'adviser'")).rowcount

    event.listen(db.engine, "before_cursor_execute", meanwhile)
    try:
        timetable.measure_advice(at)
    finally:
        event.remove(db.engine, "before_cursor_execute", meanwhile)
    assert saved[0] > 1


def test_a_night_that_is_cut_short_changes_no_figure_and_whoever_takes_over_ends_it(shown, cast, at, clock):
    before = profile.levels(cast.amir, at)
    [night] = [job for job in timetable.JOBS if job.key == "calibrate"]
    stopped, next_one = Worker(), Worker()
    assert stopped.hold()
    stopped.stopping.set()
    assert run_due([night], at, clock, worker=stopped) == ["calibrate"]
    assert calibrations.in_state("current").events == 0
    assert profile.levels(cast.amir, at) == before
    stopped.give_up()
    assert next_one.hold()
    assert run_due([night], at, clock, worker=next_one) == ["calibrate"]
    assert calibrations.in_state("current").events == 4
    assert [(run.attempt, run.error) for run in runs("calibrate")] == [(1, INTERRUPTED), (2, None)]


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
        assert [node.worker.at_work for node in nodes] == [True, False]
        wait_for(ran)
    finally:
        for node in nodes:
            node.stop()
    assert [node.scheduler.running for node in nodes] == [False, False]
    assert not any(thread.name.startswith(("APScheduler", "trainee-pulse")) for thread in threading.enumerate())
    assert workers.at_work() is None
    twice = db.session.execute(text("SELECT job, slot, count(*) FROM job_run GROUP BY job, slot HAVING count(*) > 1")).all()
    assert twice == []
    assert {run.error for run in db.session.scalars(select(JobRun))} == {None}
    assert db.session.scalar(select(func.min(JobRun.started_at))) >= began


def test_a_job_begun_after_the_timetable_stopped_goes_to_its_end(app, shown, at):
    timetable.start(app, every=timedelta(hours=1)).stop()
    timetable.calibrate(at)
    db.session.commit()
    assert calibrations.in_state("current").events == 4
