"""The one place that reads the clock. Views, jobs and the command line call it; everything else takes `at`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, time_zone: str) -> date:
    """The calendar date that `moment` falls on for somebody who lives in `time_zone`."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
