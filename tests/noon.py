"""The clock that tests read: noon on a Wednesday in Istanbul, in whichever hour of whichever day they run.

Most tests pass time in. Where one lets a view or a job read the clock of the house, what is told, due or quiet would hang on the hour it runs at.
TEST_MOMENT=2026-12-31T20:40Z runs the same tests at another moment. What drives a real browser or server, whose clocks are their own, is not touched.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Self

from trainee.kit import clock

NOON = datetime.fromisoformat(os.environ.get("TEST_MOMENT") or "2026-11-18T09:00Z")


class Shown(datetime):
    """What the one place that reads the clock reads it from: a moment that was set, and how long ago that was."""

    begun = NOON
    since = monotonic()

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return (cls.begun + timedelta(seconds=monotonic() - cls.since)).astimezone(tz)

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        return datetime.__new__(datetime, *args, **kwargs)  # type: ignore[return-value]

    @classmethod
    def set(cls, moment: datetime) -> None:
        """From now on it is `moment` (aware), and later as time goes by."""
        cls.begun, cls.since = moment, monotonic()


@contextmanager
def at_noon() -> Iterator[None]:
    """Let the house's clock show noon, and go on from it."""
    before = clock.datetime
    Shown.set(NOON)
    clock.datetime = Shown  # type: ignore[misc]
    try:
        yield
    finally:
        clock.datetime = before  # type: ignore[misc]
