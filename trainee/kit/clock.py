"""The one place that reads the clock. Views, jobs and the command line call it; everything else takes `at`."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

D = TypeVar("D", date, datetime)
_WRITTEN_DAY = "%d.%m.%Y"
_WRITTEN = ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", _WRITTEN_DAY)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, time_zone: str) -> date:
    """The calendar date that `moment` falls on for somebody who lives in `time_zone`."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def written_moment(written: str, time_zone: str) -> datetime | None:
    """The moment that a file of another system writes in ISO form or as 11.03.2026, with or without a time; None for anything else.

    Where it says no zone of its own, it is the time of somebody who lives in `time_zone`.
    """
    found = _written(written)
    return found if found is None or found.tzinfo else found.replace(tzinfo=ZoneInfo(time_zone))


def written_day(written: str) -> date | None:
    """The day that such a file writes without a time; None where it tells one, and for anything else."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        pass
    try:
        return datetime.strptime(written, _WRITTEN_DAY).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _written(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        pass
    for form in _WRITTEN:
        try:
            return datetime.strptime(written, form)  # noqa: DTZ007 - the zone is put on by the caller
        except ValueError:
            continue
    return None


def start_of_day(day: date, time_zone: str) -> datetime:
    """The first moment of a day for somebody who lives in `time_zone`, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def end_of_day(day: date, time_zone: str) -> datetime:
    """The last moment of a day for somebody who lives in `time_zone`, in UTC."""
    return start_of_day(day + timedelta(days=1), time_zone) - timedelta(microseconds=1)


def months_after(day: D, months: int) -> D:
    """The same day, or moment, so many months later or (below 0) earlier; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def working_days_after(day: date, days: int) -> date:
    """The date that lies so many working days (Monday to Friday) after `day`; holidays are not known here."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
