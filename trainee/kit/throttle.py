"""Counting tries per window in the database, so that several web nodes count together and nothing else is needed."""

import math
from datetime import UTC, datetime, timedelta

from sqlalchemy import String, case, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Moment, _insert, db


class Throttle(Base):
    """How often `key` was tried in the window that began at `window`."""

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    window: Mapped[Moment]
    tries: Mapped[int]


def count(key: str, at: datetime, window: timedelta) -> int:
    """Count one try of `key` and return how many there were in the present window, this one included. One statement."""
    start = datetime.fromtimestamp(at.timestamp() // window.total_seconds() * window.total_seconds(), UTC)
    table = Throttle.__table__
    statement = _insert(table).values(key=key, window=start, tries=1)  # type: ignore[arg-type]
    again = case((Throttle.window == start, Throttle.tries + 1), else_=1)
    statement = statement.on_conflict_do_update(index_elements=["key"], set_={"tries": again, "window": start}).returning(Throttle.tries)
    return int(db.session.execute(statement).scalar_one())


def give_back(key: str) -> None:
    """Take back one counted try of `key`, as for one that succeeded. One statement."""
    db.session.execute(update(Throttle).where(Throttle.key == key, Throttle.tries > 0).values(tries=Throttle.tries - 1))


def rest(at: datetime, window: timedelta) -> int:
    """How many seconds are left of the present window, at least one."""
    return max(1, math.ceil(window.total_seconds() - at.timestamp() % window.total_seconds()))


def forget(key: str) -> None:
    """Begin again for `key`, as after a sign-in that succeeded."""
    db.session.execute(delete(Throttle).where(Throttle.key == key))


def sweep(before: datetime) -> None:
    """Delete windows that began before `before`."""
    db.session.execute(delete(Throttle).where(Throttle.window < before))
