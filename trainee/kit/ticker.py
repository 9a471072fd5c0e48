"""The clockwork of a worker: APScheduler ticks, this process's own pulse keeps the lease, and the database says what is due."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from trainee.kit.db import db
from trainee.kit.jobs import Job, run_due
from trainee.kit.logs import log
from trainee.kit.workers import LEASE, Worker

LOOK_EVERY = timedelta(seconds=15)
# A clock that moved by more than this beside the one that only counts was put forward or back.
_JUMP = 5.0
# Long past by any clock, however it was put.
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


class _Look(BaseTrigger):  # type: ignore[misc]  # The library has no types.
    """Always so long after now: the library's own would count every look that a clock put forward has passed over."""

    def __init__(self, every: timedelta) -> None:
        self.every = every

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """After `now`, whenever the look before was."""
        return now + self.every


class Ticker:
    """One process that would run the jobs: at work while it holds the lease, else waiting for it.

    `remember` is called with every beat of the pulse, at work or not, and once more at the end: it writes down what this process alone knows of.
    """

    def __init__(
        self,
        app: Flask,
        jobs: Sequence[Job],
        clock: Callable[[], datetime],
        *,
        every: timedelta = LOOK_EVERY,
        lease: timedelta = LEASE,
        remember: Callable[[datetime], None] | None = None,
    ) -> None:
        self.worker = Worker(lasts=lease)
        self._app, self._clock, self._remember = app, clock, remember
        self._zone: str = app.extensions["trainee"].default_time_zone
        self._pause = lease.total_seconds() / 3
        self._ended = threading.Event()
        self._pulse = threading.Thread(target=self._beat, name="trainee-pulse", daemon=True)
        self._apart = self._between()
        # It warns at every look that a long job is still at it.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        # Each looks for itself, so that a long one keeps no other waiting.
        self.scheduler: Any = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(len(jobs) or 1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job in jobs:
            self.scheduler.add_job(self._look, _Look(every), args=[job], id=job.key, next_run_time=_AT_ONCE)

    def start(self) -> "Ticker":
        """Begin."""
        self._hold()
        self.scheduler.start()
        self._pulse.start()
        return self

    def stop(self) -> None:
        """Begin nothing more, and wait for what is running; a long job ends at its next step, and whoever takes over goes on with it."""
        self.worker.stopping.set()
        self.scheduler.shutdown(wait=True)
        self._ended.set()
        self._pulse.join()
        self._write_down()
        if self.worker.turn is not None:
            with self._app.app_context():
                try:
                    self.worker.give_up()
                except SQLAlchemyError as problem:
                    log.error("lease not given up", kind=type(problem).__name__)

    def _look(self, job: Job) -> None:
        if self.worker.at_work and not self.worker.stopping.is_set():
            with self._app.app_context():
                run_due([job], self._clock(), self._clock, zone=self._zone, worker=self.worker)

    def _hold(self) -> None:
        before = self.worker.turn
        with self._app.app_context():
            try:
                self.worker.hold()
                if (self.worker.turn is None) != (before is None):
                    log.info("at work" if self.worker.turn is not None else "waiting to take over", worker=self.worker.holder)
            except SQLAlchemyError as problem:
                # Away, busy or full. What is held stays held until it runs out, and is asked for again.
                db.session.rollback()
                log.error("lease not renewed", kind=type(problem).__name__)

    def _beat(self) -> None:
        """Keep the lease, or wait for it. Waits by the clock that only counts: the other one may be put back, and then looks would wait with it."""
        while not self._ended.wait(self._pause):
            before, apart = self.worker.turn, self._between()
            self._hold()
            self._write_down()
            if (self.worker.turn is not None and before is None) or abs(apart - self._apart) > _JUMP:
                self._look_now()
            self._apart = apart

    def _write_down(self) -> None:
        if self._remember is None:
            return
        with self._app.app_context():
            try:
                self._remember(self._clock())
            except SQLAlchemyError as problem:
                db.session.rollback()
                log.error("not written down yet", kind=type(problem).__name__)

    def _between(self) -> float:
        return self._clock().timestamp() - time.monotonic()

    def _look_now(self) -> None:
        for job in self.scheduler.get_jobs() if not self.worker.stopping.is_set() else ():
            job.modify(next_run_time=_AT_ONCE)
