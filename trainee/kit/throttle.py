"""Counting tries per window in the database, so that several web nodes count together and nothing else is needed."""

import math
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, case, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Moment, _insert, db


class Throttle(Base):
    """How often `key` was tried in the window that began at `window`, the moment of its first try."""

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    window: Mapped[Moment]
    tries: Mapped[int]


def count(key: str, at: datetime, window: timedelta) -> int:
    """Count one try of `key` and return how many there were in its present window, this one included. One statement.

    A window begins with the first try and lasts `window`: one that began at the full quarter of an hour would let in twice as many around it.
    """
    table = Throttle.__table__
    statement = _insert(table).values(key=key, window=at, tries=1)  # type: ignore[arg-type]
    lasts = _lasts(at, window)
    new = {"tries": case((lasts, Throttle.tries + 1), else_=1), "window": case((lasts, Throttle.window), else_=at)}
    statement = statement.on_conflict_do_update(index_elements=["key"], set_=new).returning(Throttle.tries)
    return int(db.session.execute(statement).scalar_one())


def _lasts(at: datetime, window: timedelta) -> ColumnElement[bool]:
    """Whether a window still lasts; one that began far ahead, before the clock was put back, does not."""
    return and_(Throttle.window > at - window, Throttle.window < at + window)


def give_back(key: str) -> None:
    """Take back one counted try of `key`, as for one that succeeded. One statement."""
    db.session.execute(update(Throttle).where(Throttle.key == key, Throttle.tries > 0).values(tries=Throttle.tries - 1))


def rest(limits: dict[str, int], at: datetime, window: timedelta) -> int:
    """In how many seconds each key that was tried more often than its limit begins anew: 1 to the window's length."""
    over = [and_(Throttle.key == key, Throttle.tries > limit) for key, limit in limits.items()]
    began = db.session.scalar(select(func.max(Throttle.window)).where(or_(*over), _lasts(at, window)))
    left = (began + window - at).total_seconds() if began is not None else 0.0
    return min(max(1, math.ceil(left)), int(window.total_seconds()))


def forget(key: str) -> None:
    """Begin again for `key`, as after a sign-in that succeeded."""
    db.session.execute(delete(Throttle).where(Throttle.key == key))


def sweep(before: datetime) -> None:
    """Delete windows that began before `before`."""
    db.session.execute(delete(Throttle).where(Throttle.window < before))
