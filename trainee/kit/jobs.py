"""Recurring work: which run is due, and that each is claimed once however many workers there are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import UniqueConstraint, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped

from trainee.kit.db import Base, Key, Moment, Name, db, insert_once, reading
from trainee.kit.logs import log


class JobRun(Base):
    """One run of one job for one slot of time. Whoever inserts the row does the work; nobody else can."""

    id: Mapped[Key]
    job: Mapped[Name]
    slot: Mapped[Moment]
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    error: Mapped[Name | None]
    # For a job that does many things one by one: how many went well, and how many did not and left the others alone.
    done: Mapped[int | None]
    failed: Mapped[int | None]

    __table_args__ = (UniqueConstraint("job", "slot"),)


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a job: how many things it did, how many failed, and the kind of the last error."""

    done: int | None = None
    failed: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A recurring job: how often, in words too, and what it does at a given moment. Doing it twice must do no harm."""

    key: str
    every: timedelta
    says: str
    work: Callable[[datetime], Tally | None]

    def slot(self, at: datetime) -> datetime:
        """The beginning of the slot that `at` falls into; slots are counted from 1970 in UTC, so no clock change moves them."""
        seconds = self.every.total_seconds()
        return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


def run_due(jobs: Sequence[Job], at: datetime, clock: Callable[[], datetime]) -> list[str]:
    """Run every job whose present slot nobody has claimed; the keys of those that ran. A missed slot is not caught up many times."""
    return [job.key for job in jobs if _run_once(job, at, clock)]


def _run_once(job: Job, at: datetime, clock: Callable[[], datetime]) -> bool:
    try:
        claimed = _claim(job, at)
        if claimed is not None:
            told = _do(job, at)
            values = {"ended_at": clock(), "error": told.error, "done": told.done, "failed": told.failed}
            db.session.execute(update(JobRun).where(JobRun.id == claimed).values(**values))
            db.session.commit()
    except SQLAlchemyError as problem:
        # The database is busy or out of reach. An unclaimed slot is tried again at the next look; one that was claimed shows no end.
        db.session.rollback()
        log.exception("job not run", problem, job=job.key)
        return False
    return claimed is not None


def _claim(job: Job, at: datetime) -> int | None:
    """The run's id when the slot is ours; None when somebody has it."""
    slot = job.slot(at)
    # Most looks find the slot taken: asked first, so that they do not stand in line for the write lock.
    with reading():
        taken = db.session.scalar(select(JobRun.id).where(JobRun.job == job.key, JobRun.slot == slot))
        db.session.rollback()
    if taken is not None:
        return None
    claimed = insert_once(
        JobRun, {"job": job.key, "slot": slot, "started_at": at, "ended_at": None, "error": None, "done": None, "failed": None}, ["job", "slot"]
    )
    db.session.commit()
    return claimed


def _do(job: Job, at: datetime) -> Tally:
    """Do the work, and what came of it."""
    try:
        told = job.work(at)
        db.session.commit()
    except Exception as problem:  # A job that fails is written down and must not stop the others.
        db.session.rollback()
        log.exception("job failed", problem, job=job.key)
        return Tally(error=type(problem).__name__)
    return told or Tally()


def one_by_one(job: str, things: Iterable[Callable[[], object]]) -> Tally:
    """Do each in a transaction of its own, so that one that fails undoes nothing but itself; each failure is logged."""
    done, failed, error = 0, 0, None
    for thing in things:
        try:
            thing()
            db.session.commit()
            done += 1
        except Exception as problem:  # Whatever it is, the next one may be well.
            db.session.rollback()
            log.exception("job failed in part", problem, job=job)
            failed, error = failed + 1, type(problem).__name__
    return Tally(done, failed, error)


def last_runs() -> dict[str, JobRun]:
    """The newest run of every job."""
    newest = select(JobRun.job, func.max(JobRun.slot).label("slot")).group_by(JobRun.job).subquery()
    rows = db.session.scalars(select(JobRun).join(newest, (JobRun.job == newest.c.job) & (JobRun.slot == newest.c.slot)))
    return {row.job: row for row in rows}


def sweep(before: datetime) -> None:
    """Delete runs of slots that began before `before`."""
    db.session.execute(delete(JobRun).where(JobRun.slot < before))
