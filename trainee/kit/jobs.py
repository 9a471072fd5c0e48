"""Recurring work: when it is due, that it is begun once however many workers there are, that what broke off is done again, and what came of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Index, UniqueConstraint, delete, func, literal, select, union_all, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name, db, insert_once, reading
from trainee.kit.i18n import LazyString, _, _n
from trainee.kit.logs import log
from trainee.kit.workers import Stopped, Worker, keep, turn, working

# How often one occasion is tried: a job that takes its worker down with it must not do so for ever.
TRIES = 3
# What runs once a night is tried again that night; what runs all the time has its next slot.
AGAIN_AFTER = timedelta(minutes=20)
_SELDOM = timedelta(hours=6)
INTERRUPTED = "Interrupted"
"""The error of a run that broke off because its worker ended."""


class JobRun(Base):
    """One run of one job for one slot of time, and the how many-th try of it. Whoever inserts the row does the work; nobody else can."""

    id: Mapped[Key]
    job: Mapped[Name]
    slot: Mapped[Moment]
    attempt: Mapped[int] = mapped_column(default=1)
    # The turn of the lease under which it began: a run without an end that began under another broke off.
    turn: Mapped[int | None]
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    error: Mapped[Name | None]
    # For a job that does many things one by one: how many went well, and how many did not and left the others alone.
    done: Mapped[int | None]
    failed: Mapped[int | None]

    __table_args__ = (UniqueConstraint("job", "slot", "attempt"), Index("ix_job_run_job_id", "job", "id"))


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a job: how many things it did, how many failed, and the kind of the last error."""

    done: int | None = None
    failed: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Nightly:
    """Once a night, at that hour where the organisation is; where the clocks are changed at that hour it is still once."""

    at: time


@dataclass(frozen=True, slots=True)
class Job:
    """A recurring job: when, what it does, in words, and what is done at a given moment. Doing it twice must do no harm."""

    key: str
    when: timedelta | Nightly
    says: str | LazyString
    work: Callable[[datetime], Tally | None]

    @property
    def every(self) -> timedelta:
        """How long it is from one time to the next."""
        return timedelta(days=1) if isinstance(self.when, Nightly) else self.when

    def slot(self, at: datetime, zone: str = "UTC") -> datetime:
        """The last time it was due, at or before `at`. Times of the day are `zone`'s; all others are counted from 1970 in UTC."""
        if isinstance(self.when, Nightly):
            today = self._on(at, 0, zone)
            return today if today <= at else self._on(at, -1, zone)
        seconds = self.when.total_seconds()
        return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)

    def next(self, at: datetime, zone: str = "UTC") -> datetime:
        """The first time it is due after `at`."""
        if isinstance(self.when, Nightly):
            today = self._on(at, 0, zone)
            return today if today > at else self._on(at, 1, zone)
        return self.slot(at) + self.when

    def _on(self, at: datetime, days: int, zone: str) -> datetime:
        # An hour that is left out when the clocks go forward is read as the one after it, and of one that comes twice the first.
        assert isinstance(self.when, Nightly)
        day = at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
        return datetime.combine(day, self.when.at, ZoneInfo(zone)).astimezone(UTC)


def in_words(when: timedelta | Nightly) -> str:
    """How often, in the reader's language."""
    if isinstance(when, Nightly):
        return _("every night at %(time)s", time=f"{when.at:%H:%M}")
    minutes, hours = int(when.total_seconds() // 60), int(when.total_seconds() // 3600)
    if minutes < 60:
        return _n("every minute", "every %(num)d minutes", minutes)
    return _n("every hour", "every %(num)d hours", hours) if hours < 24 else _n("every day", "every %(num)d days", hours // 24)


def run_due(jobs: Sequence[Job], at: datetime, clock: Callable[[], datetime], *, zone: str = "UTC", worker: Worker | None = None) -> list[str]:
    """Run every job that is due and that nobody has begun; the keys of those that ran. What was missed meanwhile is caught up once.

    Without a worker, as in tests, nobody competes and nothing that has no end is taken up again.
    """
    return [job.key for job in jobs if _run_once(job, at, clock, zone, worker)]


def _run_once(job: Job, at: datetime, clock: Callable[[], datetime], zone: str, worker: Worker | None) -> bool:
    begun = None
    try:
        with working(worker):
            begun = _claim(job, at, zone, worker)
            if begun is not None:
                _work(job, at, clock, begun)
    except SQLAlchemyError as problem:
        # The database is busy or out of reach. What nobody began is tried at the next look; what began and shows no end, too.
        db.session.rollback()
        log.exception("job not run", problem, job=job.key)
        return False
    finally:
        if worker is not None and begun is not None:
            worker.running.discard(begun)
    return begun is not None


@dataclass(frozen=True, slots=True)
class _Due:
    slot: datetime
    attempt: int
    # The run before it that broke off, if one did.
    broken: int | None


def _claim(job: Job, at: datetime, zone: str, worker: Worker | None) -> int | None:
    """The run's id when it is ours to do; None when it is not due, or somebody has it."""
    # Most looks find that nothing is due: asked first, so that they do not stand in line for the write lock.
    with reading():
        due = _due(job, at, zone, worker)
        db.session.rollback()
    if due is None:
        return None
    try:
        mine = turn()
    except Stopped:
        db.session.rollback()
        return None
    if due.broken is not None:
        _end(due.broken, at, Tally(error=INTERRUPTED))
    begun = None
    if due.attempt <= TRIES or due.broken is None:
        values: dict[str, Any] = {"job": job.key, "slot": due.slot, "attempt": due.attempt, "turn": mine, "started_at": at}
        begun = insert_once(JobRun, {**values, "ended_at": None, "error": None, "done": None, "failed": None}, ["job", "slot", "attempt"])
    if worker is not None and begun is not None:
        worker.running.add(begun)
    db.session.commit()
    return begun


def _due(job: Job, at: datetime, zone: str, worker: Worker | None) -> _Due | None:
    """Whether it is to be done now, and as what."""
    slot = job.slot(at, zone)
    newest = db.session.execute(select(JobRun).where(JobRun.job == job.key).order_by(JobRun.id.desc()).limit(1)).scalar()
    if newest is None:
        return _Due(slot, 1, None)
    tried = db.session.execute(select(func.max(JobRun.attempt)).where(JobRun.job == job.key, JobRun.slot == slot)).scalar()
    due = _Due(slot, (tried or 0) + 1, None)
    if newest.ended_at is None:
        if worker is not None and (newest.turn != worker.turn or newest.id not in worker.running):
            return _Due(slot, due.attempt, newest.id)
        return None if worker is not None or newest.slot >= slot else due
    if newest.slot == slot and due.attempt <= TRIES and _again(job, newest, at):
        return due
    if isinstance(job.when, Nightly):
        return due if tried is None else None
    # One that began later than now did so before the clock was put back: what it stands for is not to come again, but waiting for it would be long.
    return due if slot > newest.slot or newest.started_at - at >= job.when else None


def _again(job: Job, last: JobRun, at: datetime) -> bool:
    """Whether what did not end well is tried again for the same occasion: at once where its worker ended, later where a seldom job failed."""
    if last.error == INTERRUPTED:
        return True
    return last.error is not None and last.ended_at is not None and job.every >= _SELDOM and at - last.ended_at >= AGAIN_AFTER


def _work(job: Job, at: datetime, clock: Callable[[], datetime], begun: int) -> None:
    """Do the work, and write down what came of it: with the work itself, when it is one step."""
    try:
        told = job.work(at) or Tally()
        _end(begun, clock(), told)
        keep()
    except Stopped:
        db.session.rollback()
        _end(begun, clock(), Tally(error=INTERRUPTED))
        db.session.commit()
    except Exception as problem:  # A job that fails is written down and must not stop the others.
        db.session.rollback()
        log.exception("job failed", problem, job=job.key)
        _end(begun, clock(), Tally(error=type(problem).__name__))
        db.session.commit()


def _end(run_id: int, at: datetime, told: Tally) -> None:
    values = {"ended_at": at, "error": told.error, "done": told.done, "failed": told.failed}
    db.session.execute(update(JobRun).where(JobRun.id == run_id, JobRun.ended_at.is_(None)).values(**values))


# After so many looks that failed nobody waits for one that ends well.
_FAILS = 2


def rested(job: str, since: datetime) -> bool:
    """Whether a job that has ended well before has not done so since that moment, and is still to try: nobody was at work, or it is at its first run.

    A run that broke off is none. What fails again and again is not waited for. Two statements at most.
    """
    mine = (JobRun.job == job) & JobRun.ended_at.is_not(None)
    last = db.session.scalar(select(func.max(JobRun.ended_at)).where(mine, JobRun.error.is_(None)))
    if last is None or last >= since:
        return False
    failed = select(func.count()).where(mine, JobRun.ended_at > last, JobRun.error.is_not(None), JobRun.error != INTERRUPTED)
    return (db.session.scalar(failed) or 0) < _FAILS


def one_by_one(job: str, things: Iterable[Callable[[], object]]) -> Tally:
    """Do each in a transaction of its own, so that one that fails undoes nothing but itself; each failure is logged."""
    done, failed, error = 0, 0, None
    for thing in things:
        try:
            thing()
            keep()
            done += 1
        except Stopped:
            db.session.rollback()
            raise
        except Exception as problem:  # Whatever it is, the next one may be well.
            db.session.rollback()
            log.exception("job failed in part", problem, job=job)
            failed, error = failed + 1, type(problem).__name__
    return Tally(done, failed, error)


def step_by_step(steps: Iterable[object]) -> None:
    """Keep each step of a long job, so that whoever comes after a worker that ended goes on where it stood."""
    for _step in steps:
        keep()


def last_runs() -> dict[str, JobRun]:
    """The newest run of every job."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.job)
    return {row.job: row for row in db.session.scalars(select(JobRun).where(JobRun.id.in_(newest)))}


def late(jobs: Sequence[Job], at: datetime) -> list[str]:
    """The keys of the jobs that have not ended well for twice their period; all of them where none ever began. One statement."""
    well = [JobRun.error.is_(None), JobRun.ended_at.is_not(None)]
    began = select(JobRun.started_at).order_by(JobRun.id).limit(1).scalar_subquery()
    asked = [
        select(literal(job.key).label("job"), began.label("began")).where(
            ~select(JobRun.id)
            .where(JobRun.job == job.key, *well, JobRun.slot >= at - 3 * job.every, JobRun.ended_at >= at - 2 * job.every)
            .limit(1)
            .exists()
        )
        for job in jobs
    ]
    periods = {job.key: job.every for job in jobs}
    return [row.job for row in db.session.execute(union_all(*asked)) if row.began is None or at - row.began > 2 * periods[row.job]]


@dataclass(frozen=True, slots=True)
class History:
    """What became of one job lately: its newest runs first, and how many of them in a row did not end well."""

    runs: tuple[Any, ...]
    failures: int
    went_well: Any | None


def history(jobs: Sequence[Job], runs: int = 10) -> dict[str, History]:
    """The newest runs of every job. One statement."""
    columns = JobRun.__table__.c
    parts = [select(JobRun.__table__).where(columns.job == job.key).order_by(columns.id.desc()).limit(runs).subquery() for job in jobs]
    found: dict[str, list[Any]] = {job.key: [] for job in jobs}
    for row in db.session.execute(union_all(*(select(part) for part in parts))):
        found[row.job].append(row)
    return {key: _told(sorted(rows, key=lambda row: -row.id)) for key, rows in found.items()}


def _told(rows: Sequence[Any]) -> History:
    ended = [row for row in rows if row.ended_at is not None]
    well = next((place for place, row in enumerate(ended) if row.error is None), len(ended))
    return History(tuple(rows), well, ended[well] if well < len(ended) else None)


def sweep(before: datetime) -> None:
    """Delete runs of slots that began before `before`."""
    db.session.execute(delete(JobRun).where(JobRun.slot < before))
