"""The one place that reads the clock. Views, jobs and the command line call it; everything else takes `at`."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, time_zone: str) -> date:
    """The calendar date that `moment` falls on for somebody who lives in `time_zone`."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def end_of_day(day: date, time_zone: str) -> datetime:
    """The last moment of a day for somebody who lives in `time_zone`, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone)).astimezone(UTC) - timedelta(microseconds=1)


def working_days_after(day: date, days: int) -> date:
    """The date that lies so many working days (Monday to Friday) after `day`; holidays are not known here."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
