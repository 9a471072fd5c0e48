"""A calendar as RFC 5545 wants it: days as days, moments in UTC, lines folded at 75 octets. Forty lines and no library: we only write."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
# Of one line with its end, in octets.
_WIDTH = 75


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day, or from a moment on for so long. `uid` is always the same, so that a calendar moves it instead of doubling it."""

    uid: str
    summary: str
    url: str
    starts: date | datetime
    lasts: timedelta = timedelta(minutes=30)


def calendar(name: str, lang: str, events: Iterable[Event], at: datetime) -> str:
    """The whole file."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Trainee//Trainee//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    head += [f"NAME;LANGUAGE={lang}:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"]
    lines = [*head, *(line for one in events for line in _event(one, lang, at)), "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(one: Event, lang: str, at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(one.uid)}"
    yield f"DTSTAMP:{_moment(at)}"
    if isinstance(one.starts, datetime):
        yield f"DTSTART:{_moment(one.starts)}"
        yield f"DTEND:{_moment(one.starts + one.lasts)}"
    else:
        yield f"DTSTART;VALUE=DATE:{one.starts:%Y%m%d}"
        # The end is the first day after it.
        yield f"DTEND;VALUE=DATE:{one.starts + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY;LANGUAGE={lang}:{_text(one.summary)}"
    yield f"URL:{one.url}"
    yield "END:VEVENT"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    return "".join(sign for sign in words.translate(_ESCAPED) if sign >= " " and sign != "\x7f")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which ends inside a letter; all but the first begin with a blank."""
    pieces, now, wide = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if wide + width > _WIDTH:
            pieces.append(now)
            # The blank counts too.
            now, wide = "", 1
        now += sign
        wide += width
    return "\r\n ".join([*pieces, now])
