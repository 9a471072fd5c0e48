"""When somebody may be written to: her own hours, her working days, the days she is on duty, and the holidays of the country."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays as calendar

# The usual hours, and when the digest comes.
OPENS, CLOSES, DIGEST = 8, 19, 9
DAYS = "12345"
# Nobody is off for longer than this without a working day between.
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Hours:
    """When one person may be written to: full hours of her own day, her working days (1 Monday to 7 Sunday), and the days she is on duty.

    Hours that end before they begin go over midnight (22 to 6), and what comes after it belongs to the working day on which they began. A day on
    which she is on duty is a working day, whatever the calendar says; the holidays of `country` ("" for none) are none.
    """

    zone: str
    country: str = ""
    opens: int = OPENS
    closes: int = CLOSES
    days: str = DAYS
    shifts: frozenset[date] = frozenset()

    @property
    def where(self) -> ZoneInfo:
        """Her time zone."""
        return ZoneInfo(self.zone)

    def works(self, day: date) -> bool:
        """Whether it is a working day of hers."""
        return day in self.shifts or (str(day.isoweekday()) in self.days and day not in holidays(self.country, day.year))

    @property
    def ends(self) -> int:
        """The hour at which they close, counted from the midnight before they open: 22 to 6 ends at 30."""
        return self.closes if self.closes > self.opens else self.closes + 24

    def day(self, at: datetime) -> date:
        """The day that a moment belongs to, where she lives: after midnight that of the shift that is still going on."""
        today = at.astimezone(self.where).date()
        before = today - timedelta(days=1)
        return before if self.ends > 24 and self.works(before) and at < _local(before, self.ends, self.zone) else today

    def open_at(self, at: datetime) -> bool:
        """Whether she may be written to at this moment."""
        return self.opening(at) == at

    def opening(self, at: datetime) -> datetime:
        """The first moment from `at` on at which she may be written to."""
        return _opening(self, at)

    def digest(self, at: datetime) -> datetime:
        """When the next digest comes, from `at` on."""
        day = self.day(at)
        return self._first(day if at <= self.digest_on(day) else day + timedelta(days=1))

    def digest_on(self, day: date) -> datetime:
        """When the digest of that day comes, if it is a working day."""
        return _local(day, min(max(self.opens, DIGEST), self.ends - 1), self.zone)

    def weekly(self, at: datetime) -> datetime:
        """When the next weekly digest comes, from `at` on: on the first working day of a week."""
        day = self.day(at)
        while True:
            monday = day - timedelta(days=day.weekday())
            found = self._first(monday)
            if found >= at:
                return found
            day = monday + timedelta(days=7)

    def on(self, day: date, at: datetime, early: bool) -> datetime:
        """When something that is meant for `day` is told, seen from `at`: on that day, else on the working day next to it; never before `at`."""
        meant = self._last(day) if early else self._first(day)
        return meant if meant >= at else self.opening(at)

    def working_days_after(self, at: datetime, many: int) -> datetime:
        """The same time of the day, so many working days of hers later."""
        there = at.astimezone(self.where)
        day, left = there.date(), many
        for _day in range(_LONGEST):
            day += timedelta(days=1)
            left -= self.works(day)
            if not left:
                break
        return datetime.combine(day, there.time(), self.where).astimezone(UTC)

    def _first(self, day: date) -> datetime:
        for _day in range(_LONGEST):
            if self.works(day):
                break
            day += timedelta(days=1)
        return self.digest_on(day)

    def _last(self, day: date) -> datetime:
        for _day in range(_LONGEST):
            if self.works(day):
                break
            day -= timedelta(days=1)
        return self.digest_on(day)


@lru_cache(maxsize=20_000)
def _opening(hours: Hours, at: datetime) -> datetime:
    day = hours.day(at)
    for _day in range(_LONGEST):
        if hours.works(day) and at < _local(day, hours.ends, hours.zone):
            return max(at, _local(day, hours.opens, hours.zone))
        day += timedelta(days=1)
    return at


@lru_cache(maxsize=20_000)
def _local(day: date, hour: int, zone: str) -> datetime:
    full, hours = divmod(hour, 24)
    return datetime.combine(day + timedelta(days=full), time(hours), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=200)
def holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country in one year; none for an empty country."""
    return frozenset(calendar.country_holidays(country, years=year)) if country else frozenset()


def knows_country(country: str) -> bool:
    """Whether the holidays of that country are known; none are needed where none is named."""
    return not country or country in calendar.list_supported_countries()
