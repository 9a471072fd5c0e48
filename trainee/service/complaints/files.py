"""Files of another system: complaints, and how many contacts there were. What cannot be read is told with its row."""

from collections.abc import Mapping
from datetime import date, datetime

from trainee.kit.clock import written_moment
from trainee.kit.i18n import _
from trainee.service.complaints.actions import Heard, count_contacts, take
from trainee.service.complaints.queries import counted
from trainee.service.tables import Taken, broken_row, rows
from trainee.service.words import CAUSE_OF, CHANNELS, SEVERITIES

COMPLAINTS = ("external_id", "received_at", "channel", "cause", "severity", "words")
CONTACTS = ("day", "channel", "contacts")
SYSTEM = "crm"


class _Wrong(Exception):
    """One row that cannot be taken, and why."""


def take_complaints(data: bytes, time_zone: str, *, at: datetime, by_id: int | None) -> Taken:
    """Take a file of complaints; one that is known by its number already is passed over."""
    taken = Taken()
    for number, row in rows(data, COMPLAINTS):
        try:
            made = take(_heard(row, time_zone, at), SYSTEM, _name(row or {}, "external_id"), at=at, by_id=by_id)
        except _Wrong as wrong:
            taken.wrong.append((number, str(wrong)))
            continue
        taken.new += made is not None
        taken.known += made is None
    return taken


def take_contacts(data: bytes, *, at: datetime) -> Taken:
    """Take a file of contacts, counted by day and channel; what an earlier file said of a day is replaced.

    Of two rows of one file for the same day and channel the first is taken and the other told: nobody can say whether they are to be added.
    """
    taken, stood = Taken(), counted(SYSTEM)
    rows_of: dict[tuple[date, str], int] = {}
    for number, row in rows(data, CONTACTS):
        try:
            if row is None:
                raise _Wrong(broken_row())
            written = row["contacts"]
            if not (written.isascii() and written.isdigit() and len(written) < 9):
                raise _Wrong(_("“%(words)s” is no whole number of contacts.", words=written[:40]))
            day = _moment(row["day"], "UTC", at).date()
            place = (day, _among(row, "channel", dict(CHANNELS)))
            if place in rows_of:
                raise _Wrong(_("The same day and channel stand in row %(row)s already; that one was taken.", row=rows_of[place]))
            rows_of[place] = number
            count_contacts(SYSTEM, *place, int(written))
        except _Wrong as wrong:
            taken.wrong.append((number, str(wrong)))
            continue
        taken.new += place not in stood
        taken.known += place in stood
        taken.changed += place in stood and stood[place] != int(written)
    return taken


def _heard(row: Mapping[str, str] | None, time_zone: str, at: datetime) -> Heard:
    if row is None:
        raise _Wrong(broken_row())
    if not row["words"] or len(row["words"]) > 4000:
        raise _Wrong(_("What the customer said is missing, or longer than 4,000 characters."))
    return Heard(
        received_at=_moment(row["received_at"], time_zone, at),
        channel=_among(row, "channel", dict(CHANNELS)),
        cause=_among(row, "cause", CAUSE_OF),
        severity=_among(row, "severity", dict(SEVERITIES)),
        words=row["words"],
        product=row.get("product", "")[:120],
    )


def _name(row: Mapping[str, str], column: str) -> str:
    if not row[column] or len(row[column]) > 120:
        raise _Wrong(_("Without a number of its own in “%(column)s” it could be taken twice.", column=column))
    return row[column]


def _among(row: Mapping[str, str], column: str, known: Mapping[str, object]) -> str:
    if row[column] not in known:
        raise _Wrong(_("“%(words)s” is no %(column)s we know. Known: %(all)s", words=row[column][:40], column=column, all=", ".join(known)))
    return row[column]


def _moment(written: str, time_zone: str, at: datetime) -> datetime:
    moment = written_moment(written, time_zone)
    if moment is None:
        raise _Wrong(_("“%(words)s” is no date we know; write 2026-03-11 or 11.03.2026.", words=written[:40]))
    if moment > at:
        raise _Wrong(_("“%(words)s” lies ahead.", words=written[:40]))
    return moment
