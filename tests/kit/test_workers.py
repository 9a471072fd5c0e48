"""Of several workers one is at work; when it dies or falls behind another takes over, and what it left half done is done again, once."""

import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update

from trainee.kit import audit, jobs, workers
from trainee.kit.audit import AuditEntry
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.jobs import INTERRUPTED, TRIES, Job, JobRun, run_due
from trainee.kit.ticker import Ticker
from trainee.kit.workers import Stopped, Worker, WorkerLease

HOUR = timedelta(hours=1)


def writes(deed: str) -> Job:
    return Job(deed, HOUR, "write a row", lambda at: audit.note(None, deed, "job", at))


def done(deed: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(AuditEntry.deed == deed)) or 0


def runs(job: str) -> list[tuple[int, str | None]]:
    db.session.rollback()
    return [(run.attempt, run.error) for run in db.session.scalars(select(JobRun).where(JobRun.job == job).order_by(JobRun.id))]


def lease_ends(seconds: float) -> None:
    """The lease ends so many seconds from now, by the database's clock."""
    db.session.execute(text(workers._sql("UPDATE worker_lease SET until = {clock} + :seconds")), {"seconds": seconds})
    db.session.commit()


@pytest.fixture
def clock(at):
    return lambda: at + timedelta(minutes=1)


@pytest.fixture
def first(app):
    """A worker that is at work."""
    found = Worker()
    assert found.hold()
    return found


def test_of_two_workers_one_is_at_work_and_stays_so(first):
    second = Worker()
    assert [second.hold() for _look in range(3)] == [False] * 3
    assert first.hold()
    assert (first.at_work, second.at_work) == (True, False)
    assert workers.at_work().holder == first.holder


def test_of_eight_that_begin_together_one_gets_it(app, at_once):
    def begin() -> Worker:
        found = Worker()
        found.hold()
        return found

    assert [one.at_work for one in at_once(begin, 8)].count(True) == 1


def test_who_gives_no_sign_of_life_is_replaced_when_the_lease_is_over_and_knows_it_then(first):
    second = Worker()
    lease_ends(-0.01)
    assert second.hold()
    assert not first.hold()
    assert not first.at_work
    assert db.session.scalar(select(WorkerLease.turn)) == 2


def test_who_ends_politely_keeps_nobody_waiting(first):
    first.give_up()
    assert workers.at_work() is None
    assert Worker().hold()


def test_who_could_not_renew_it_in_time_does_not_believe_to_be_at_work(app):
    short = Worker(lasts=timedelta(0))
    short.hold()
    assert not short.at_work


def test_a_database_clock_that_was_put_back_does_not_keep_a_dead_worker_at_work(first):
    lease_ends(3600)
    assert Worker().hold()


def test_only_the_worker_at_work_begins_anything(first, at, clock):
    second = Worker()
    assert run_due([writes("tidy")], at, clock, worker=second) == []
    assert run_due([writes("tidy")], at, clock, worker=first) == ["tidy"]
    assert done("tidy") == 1


def left_half_done(worker: Worker, at, clock, job: str = "tidy") -> None:
    """A run that began and shows no end, as after kill -9: it wrote nothing that was kept."""
    run_due([Job(job, HOUR, "nothing", lambda _at: None)], at, clock, worker=worker)
    newest = select(func.max(JobRun.id)).where(JobRun.job == job).scalar_subquery()
    db.session.execute(update(JobRun).where(JobRun.id == newest).values(ended_at=None))
    db.session.commit()


def test_what_a_killed_worker_left_half_done_is_done_again_by_the_next_and_both_are_told(first, at, clock):
    left_half_done(first, at, clock)
    second = Worker()
    lease_ends(-1)
    assert second.hold()
    assert run_due([writes("tidy")], at + timedelta(minutes=1), clock, worker=second) == ["tidy"]
    assert run_due([writes("tidy")], at + timedelta(minutes=2), clock, worker=second) == []
    assert runs("tidy") == [(1, INTERRUPTED), (2, None)]
    assert done("tidy") == 1


def test_a_run_whose_end_could_not_be_written_down_is_done_again_by_the_same_worker(first, at, clock):
    left_half_done(first, at, clock)
    assert run_due([writes("tidy")], at + timedelta(minutes=1), clock, worker=first) == ["tidy"]
    assert runs("tidy") == [(1, INTERRUPTED), (2, None)]


def test_a_run_that_is_under_way_is_left_alone(first, at, clock):
    left_half_done(first, at, clock)
    first.running.add(db.session.scalar(select(func.max(JobRun.id))))
    assert run_due([writes("tidy")], at + timedelta(minutes=1), clock, worker=first) == []


def test_a_job_that_takes_its_worker_down_each_time_is_given_up_until_its_next_time(first, at, clock):
    for _death in range(TRIES):
        left_half_done(first, at, clock)
    assert run_due([writes("tidy")], at + timedelta(minutes=1), clock, worker=first) == []
    assert run_due([writes("tidy")], at + timedelta(minutes=2), clock, worker=first) == []
    assert runs("tidy") == [(number + 1, INTERRUPTED) for number in range(TRIES)]
    assert run_due([writes("tidy")], at + HOUR, clock, worker=first) == ["tidy"]


def test_who_was_replaced_in_the_middle_keeps_nothing_more(first, at, clock):
    """As after a pause of the whole machine: it goes on where it stood and does not know yet that another is at work."""
    second = Worker()

    def many(moment) -> jobs.Tally:
        def thing(number: int) -> None:
            audit.note(None, f"thing {number}", "job", moment)
            if number == 3:
                db.session.flush()
                taken_over()

        return jobs.one_by_one("many", [lambda number=number: thing(number) for number in range(1, 6)])

    def taken_over() -> None:
        # Stands for what another process does meanwhile; the lease is in this very transaction, so that SQLite lets it be written at all.
        db.session.execute(update(WorkerLease).values(holder=second.holder, turn=2))

    assert run_due([Job("many", HOUR, "many things", many)], at, clock, worker=first) == ["many"]
    assert [done(f"thing {number}") for number in range(1, 6)] == [1, 1, 0, 0, 0]


def test_a_job_of_one_step_is_kept_together_with_its_end(first, at, clock):
    seen = []

    def look(_at) -> None:
        seen.append(db.session.scalar(select(JobRun.ended_at)))
        audit.note(None, "look", "job", at)

    run_due([Job("look", HOUR, "look", look)], at, clock, worker=first)
    assert seen == [None]
    assert runs("look") == [(1, None)]
    assert done("look") == 1


def test_a_worker_told_to_stop_ends_at_the_next_step_and_the_rest_is_for_the_next(first, at, clock):
    things = [lambda number=number: audit.note(None, f"thing {number}", "job", at) for number in range(4)]

    def stop_after_two() -> None:
        audit.note(None, "the second", "job", at)
        first.stopping.set()

    def many(_at) -> jobs.Tally:
        return jobs.one_by_one("many", [things[0], stop_after_two, *things[2:]])

    run_due([Job("many", HOUR, "many things", many)], at, clock, worker=first)
    assert runs("many") == [(1, INTERRUPTED)]
    assert [done("thing 0"), done("the second"), done("thing 2")] == [1, 1, 0]


def test_outside_of_a_worker_a_step_is_simply_kept(app, at):
    audit.note(None, "by hand", "job", at)
    workers.keep()
    assert done("by hand") == 1


def test_a_worker_that_lost_its_lease_is_told_so_before_it_keeps_anything(first, at):
    with workers.working(first):
        lease_ends(-1)
        assert Worker().hold()
        audit.note(None, "too late", "job", at)
        with pytest.raises(Stopped):
            workers.keep()
    assert done("too late") == 0


class Clock:
    """A clock that can be put forward and back."""

    def __init__(self) -> None:
        self.off = timedelta(0)

    def __call__(self) -> datetime:
        """What it shows."""
        return now() + self.off


def wait_for(happened, patience: float = 20.0) -> None:
    until = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


@pytest.mark.parametrize("jump", [timedelta(hours=3), timedelta(hours=-3), timedelta(days=4000)])
def test_a_clock_that_jumps_is_noticed_at_once_and_what_is_due_then_is_done_once(app, jump):
    """The next look would be hours away; the pulse, which waits by the clock that only counts, sees that the two part."""
    did, clock = [], Clock()
    job = Job("tidy", HOUR, "write it down", lambda at: did.append(at))
    ticker = Ticker(app, [job], clock, every=timedelta(hours=9), lease=timedelta(seconds=1.5)).start()
    try:
        wait_for(lambda: len(did) == 1)
        clock.off = jump
        wait_for(lambda: len(did) == 2)
        time.sleep(1.2)
        assert len(did) == 2
    finally:
        ticker.stop()
    assert abs((did[1] - did[0]) - jump) < timedelta(minutes=1)


def test_a_worker_that_waited_begins_at_once_when_it_takes_over(app):
    did, clock = [], Clock()
    job = Job("tidy", HOUR, "write it down", lambda at: did.append(at))
    dead = Worker(lasts=timedelta(seconds=1.5))
    assert dead.hold()
    ticker = Ticker(app, [job], clock, every=timedelta(hours=9), lease=timedelta(seconds=1.5)).start()
    try:
        assert (ticker.worker.at_work, did) == (False, [])
        wait_for(lambda: len(did) == 1)
        assert ticker.worker.at_work
    finally:
        ticker.stop()
