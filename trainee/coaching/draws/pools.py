"""What a contact is drawn from, and the drawing itself: the same pool and seed give the same order for ever, on any machine."""

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trainee.kit.errors import Refusal
from trainee.kit.i18n import _

MOST = 5000
LONGEST = 120
LONGEST_PERIOD = 62


def in_order(pool: Sequence[str], seed: str) -> list[str]:
    """The pool in the order in which the seed takes from it.

    Each reference is ranked by the SHA-256 of the seed, a line feed and the reference, so that anybody can check it with a tool of her own, the
    order does not hang on how the pool was typed, and taking one away leaves the order of the others as it was.
    """
    return sorted(set(pool), key=lambda reference: (hashlib.sha256(f"{seed}\n{reference}".encode()).hexdigest(), reference))


def references(text: str) -> list[str]:
    """References that were pasted: one a line, or the first column of a table; each once. Refusal when there are none or too many."""
    lines = [line.strip().strip('"') for line in _first_column(text)]
    found = list(dict.fromkeys(line for line in lines if line))
    if not found:
        raise Refusal(_("Please paste the numbers of the contacts, one a line."), 422, "references")
    if any(len(one) > LONGEST for one in found):
        raise Refusal(_("One of the numbers is longer than %(most)s characters. Is it one a line?", most=LONGEST), 422, "references")
    return _few(found, "references")


def _first_column(text: str) -> list[str]:
    lines = text.replace("\ufeff", "").splitlines()
    sign = next((one for one in (";", "\t", ",") if lines and one in lines[0]), None)
    return lines if sign is None else [row[0] for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=sign) if row]


def hours(first: date, last: date, begins: int, ends: int, weekends: bool) -> list[str]:
    """Every hour of these days between two hours of the day, as `2026-03-11 09:00`. Refusal when the days or the hours are the wrong way round."""
    if not first <= last <= first + timedelta(days=LONGEST_PERIOD):
        raise Refusal(_("The last day comes after the first, and at most two months later."), 422, "last")
    if not 0 <= begins < ends <= 24:
        raise Refusal(_("The last hour comes after the first."), 422, "ends")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    found = [f"{day:%Y-%m-%d} {hour:02}:00" for day in days if weekends or day.weekday() < 5 for hour in range(begins, ends)]
    if not found:
        raise Refusal(_("There is no working day among these. Include the weekends, or take more days."), 422, "last")
    return _few(found, "last")


def shift_hours(shifts: Sequence[tuple[datetime, datetime]], time_zone: str) -> list[str]:
    """Every full hour of somebody's shifts, where she lives. Refusal when she has none."""
    zone = ZoneInfo(time_zone)
    found: list[str] = []
    for starts, ends in shifts:
        here = starts.astimezone(zone)
        hour = datetime.combine(here.date(), time(here.hour), zone)
        while hour < ends and len(found) <= MOST:
            found.append(f"{hour:%Y-%m-%d %H}:00")
            hour += timedelta(hours=1)
    if not found:
        raise Refusal(_("No shift of theirs stands on the duty roster in these days."), 422, "last")
    return _few(list(dict.fromkeys(found)), "last")


def _few(found: list[str], field: str) -> list[str]:
    if len(found) > MOST:
        raise Refusal(_("These are more than %(most)s. Take fewer days, or fewer contacts.", most=MOST), 422, field)
    return found
