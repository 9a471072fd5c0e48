"""Which worker is at work: a lease in the database, one for all nodes, that runs out by the database's own clock when nobody renews it."""

import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Name, db, reading

LEASE = timedelta(seconds=30)
"""How long a worker that gave no sign of life is believed to be at work; it looks three times as often, so that another is there within a minute."""

_CLOCK = {"postgresql": "CAST(extract(epoch FROM clock_timestamp()) AS double precision)", "sqlite": "((julianday('now') - 2440587.5) * 86400.0)"}
# Seconds since 1970. A lease that would end later than any can was taken before the database's clock was put back: it counts as over.
_FREE = "(lease.until <= {clock} OR lease.until > {clock} + 2 * :lasts)"
_TAKE = (
    "INSERT INTO worker_lease AS lease (name, holder, turn, since, until) VALUES (:name, :holder, 1, {clock}, {clock} + :lasts) "
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, "
    "turn = CASE WHEN lease.holder = excluded.holder THEN lease.turn ELSE lease.turn + 1 END, "
    "since = CASE WHEN lease.holder = excluded.holder THEN lease.since ELSE excluded.since END "
    "WHERE lease.holder = excluded.holder OR {free} RETURNING turn"
)
_LOOK = "SELECT lease.holder, lease.since, NOT {free} AS held FROM worker_lease AS lease WHERE lease.name = :name"
_MINE = "SELECT turn FROM worker_lease WHERE name = :name AND holder = :holder AND turn = :turn"
_GIVE_UP = "UPDATE worker_lease SET until = 0 WHERE name = :name AND holder = :holder"


class WorkerLease(Base):
    """Who is at work, and until when if no sign of life comes; `turn` counts how often it went from one worker to another.

    A row and not an advisory lock, which belongs to a connection: a pooler in between gives connections to whoever asks. `since` and `until` are
    seconds since 1970 by the database's clock, so that the clocks of the nodes need not agree.
    """

    name: Mapped[Name] = mapped_column(primary_key=True)
    holder: Mapped[Name]
    turn: Mapped[int]
    since: Mapped[float]
    until: Mapped[float]


class Stopped(Exception):
    """The worker is told to stop, or another is at work by now. What was kept stays; the rest is for whoever comes next."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """Who is at work, and since when."""

    holder: str
    since: datetime


def _sql(words: str) -> str:
    return words.replace("{free}", _FREE).replace("{clock}", _CLOCK[db.engine.dialect.name])


class Worker:
    """One process that would run the timetable. Of all that would, the one that holds the lease is at work."""

    def __init__(self, name: str = "timetable", lasts: timedelta = LEASE) -> None:
        self.name, self.lasts = name, lasts.total_seconds()
        self.holder = f"{socket.gethostname()[:80]} / {os.getpid()} / {secrets.token_hex(3)}"
        self.turn: int | None = None
        # The runs of this process that are under way; one without an end that is not among them broke off.
        self.running: set[int] = set()
        self.stopping = Event()
        self._good_until = self._began = 0.0

    def hold(self) -> bool:
        """Take the lease, or renew it; whether this worker is at work now. One transaction, and none that writes while somebody else is at work."""
        began = time.monotonic()
        if self.turn is None and not self._free():
            return False
        if not self.at_work:
            self._began = began
        values = {"name": self.name, "holder": self.holder, "lasts": self.lasts}
        self.turn = db.session.execute(text(_sql(_TAKE)), values).scalar()
        db.session.commit()
        self._good_until = began + self.lasts if self.turn is not None else 0.0
        return self.turn is not None

    def _free(self) -> bool:
        with reading():
            found = db.session.execute(text(_sql(_LOOK)), {"name": self.name, "lasts": self.lasts}).first()
            db.session.rollback()
        return found is None or not found.held

    @property
    def at_work(self) -> bool:
        """Whether it held the lease when it last looked, and that is not too long ago to be still so."""
        return self.turn is not None and time.monotonic() < self._good_until

    @property
    def settled(self) -> bool:
        """Whether it has been at work without a break for twice as long as a lease lasts: whoever was at work before knows of it by now."""
        return self.at_work and time.monotonic() - self._began > 2 * self.lasts

    def fence(self, turn: int | None) -> None:
        """Stopped, unless it is still that turn until the present transaction ends: who was slow must not write beside whoever took over."""
        lock = " FOR SHARE" if db.engine.dialect.name == "postgresql" else ""
        mine = db.session.execute(text(_MINE + lock), {"name": self.name, "holder": self.holder, "turn": turn}).first()
        if mine is None:
            self.turn = None if self.turn == turn else self.turn
            raise Stopped

    def give_up(self) -> None:
        """Let the lease go, so that nobody has to wait until it runs out."""
        db.session.execute(text(_GIVE_UP), {"name": self.name, "holder": self.holder})
        db.session.commit()
        self.turn = None


# Who works, and in which turn of the lease she began.
_working: ContextVar[tuple[Worker, int | None] | None] = ContextVar("worker", default=None)


@contextmanager
def working(worker: Worker | None) -> Iterator[None]:
    """Inside, what is done is done by that worker; by None in tests and on the command line, where nobody competes."""
    before = _working.set((worker, worker.turn) if worker is not None else None)
    try:
        yield
    finally:
        _working.reset(before)


def turn() -> int | None:
    """The turn of the lease in which the present work began; Stopped when it is over. None where nobody competes."""
    found = _working.get()
    if found is None:
        return None
    found[0].fence(found[1])
    return found[1]


def keep() -> None:
    """Commit one step of a job. Stopped, when it must not be kept because another is at work, or when it was kept and no other should be begun."""
    found = _working.get()
    turn()
    db.session.commit()
    if found is not None and found[0].stopping.is_set():
        raise Stopped


def settled() -> bool:
    """Whether its worker has been at work for so long that whoever was before could write down what it had done; so where nobody competes."""
    found = _working.get()
    return found is None or found[0].settled


def stopping() -> bool:
    """Whether the present work should end at its next step, because its worker was told to."""
    found = _working.get()
    return found is not None and found[0].stopping.is_set()


def at_work(name: str = "timetable", lasts: timedelta = LEASE) -> AtWork | None:
    """Who is at work now; None when nobody is. One statement."""
    found = db.session.execute(text(_sql(_LOOK)), {"name": name, "lasts": lasts.total_seconds()}).first()
    return AtWork(found.holder, datetime.fromtimestamp(found.since, UTC)) if found is not None and found.held else None
