"""Recurring work: which run is due, and that each is claimed once however many workers there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import UniqueConstraint, select, update
from sqlalchemy.orm import Mapped

from trainee.kit.db import Base, Key, Moment, Name, db, insert_once


class JobRun(Base):
    """One run of one job for one slot of time. Whoever inserts the row does the work; nobody else can."""

    id: Mapped[Key]
    job: Mapped[Name]
    slot: Mapped[Moment]
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    error: Mapped[Name | None]

    __table_args__ = (UniqueConstraint("job", "slot"),)


@dataclass(frozen=True, slots=True)
class Job:
    """A recurring job: how often, in words too, and what it does at a given moment. Doing it twice must do no harm."""

    key: str
    every: timedelta
    says: str
    work: Callable[[datetime], None]

    def slot(self, at: datetime) -> datetime:
        """The beginning of the slot that `at` falls into; slots are counted from 1970 in UTC, so no clock change moves them."""
        seconds = self.every.total_seconds()
        return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


def run_due(jobs: list[Job], at: datetime, clock: Callable[[], datetime]) -> list[str]:
    """Run every job whose present slot nobody has claimed; the keys of those that ran. A missed slot is not caught up many times."""
    return [job.key for job in jobs if _run_once(job, at, clock)]


def _run_once(job: Job, at: datetime, clock: Callable[[], datetime]) -> bool:
    claimed = insert_once(JobRun, {"job": job.key, "slot": job.slot(at), "started_at": at, "ended_at": None, "error": None}, ["job", "slot"])
    db.session.commit()
    if claimed is None:
        return False
    error = None
    try:
        job.work(at)
        db.session.commit()
    except Exception as problem:  # A job that fails is written down and must not stop the others.
        db.session.rollback()
        error = type(problem).__name__
    db.session.execute(update(JobRun).where(JobRun.id == claimed).values(ended_at=clock(), error=error))
    db.session.commit()
    return True


def last_runs() -> dict[str, JobRun]:
    """The newest run of every job."""
    rows = db.session.execute(select(JobRun).order_by(JobRun.slot)).scalars()
    return {row.job: row for row in rows}
