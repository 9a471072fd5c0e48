"""Files of another system: complaints, and how many contacts there were. What cannot be read is told with its row."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from trainee.kit import trtext
from trainee.kit.clock import end_of_day, local_date, written_day, written_moment
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _l, force_locale
from trainee.service.complaints.actions import Heard, close_as_told, count_contacts, take
from trainee.service.complaints.queries import Owners, counted
from trainee.service.tables import Taken, broken_row, rows
from trainee.service.words import CAUSES, CHANNELS, SEVERITIES

COMPLAINTS = ("external_id", "received_at", "channel", "cause", "severity", "words")
# Columns that may be left out.
OPTIONAL = ("product", "closed_on")
CONTACTS = ("day", "channel", "contacts")
SYSTEM = "crm"
_HEADINGS = {
    "day": (_l("Day"),),
    "channel": (_l("Channel"),),
    "contacts": (_l("Contacts"), _l("Number of contacts")),
    "received_at": (_l("Received"), _l("Date")),
    "cause": (_l("Cause"),),
    "severity": (_l("How serious"),),
    "words": (_l("What the customer says"), _l("Complaint")),
    "product": (_l("Product"),),
    "closed_on": (_l("Closed on"), _l("Closed")),
}
_CHOICES: Mapping[str, Sequence[tuple[str, Any]]] = {
    "channel": CHANNELS,
    "cause": [(one.key, one.name) for one in CAUSES],
    "severity": SEVERITIES,
}
# A thousand and more as people write it, with one and the same mark between the groups.
_COUNT = re.compile(r"[0-9]{1,8}|[0-9]{1,3}(?P<mark>[.,' \u00a0\u202f\u2019])[0-9]{3}(?:(?P=mark)[0-9]{3})?")


def _both(words: Any) -> list[str]:
    """Words of this site as readers of either language know them, folded."""
    found = []
    for lang in ("tr", "en"):
        with force_locale(lang):
            found.append(trtext.fold(str(words)))
    return found


def _called() -> dict[str, str]:
    """What the columns may be called besides their own names."""
    return {said: column for column, names in _HEADINGS.items() for name in names for said in _both(name)}


def _known(pairs: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """By every way of writing it, the key of what may be chosen."""
    return {said: key for key, name in pairs for said in (key, *_both(name))}


def _choices() -> dict[str, dict[str, str]]:
    return {column: _known(pairs) for column, pairs in _CHOICES.items()}


class _Wrong(Exception):
    """One row that cannot be taken, and why."""


def take_complaints(data: bytes, time_zone: str, *, at: datetime, by_id: int | None) -> Taken:
    """Take a file of complaints; of one that is known by its number already only the closing is taken, where the file tells one that is open here.

    What is written without a zone is the time of `time_zone`.
    """
    taken, known, owners = Taken(), _choices(), Owners(by_id)
    for number, row in rows(data, COMPLAINTS, _called()):
        try:
            heard, called = _heard(row, time_zone, at, known), _name(row or {}, "external_id")
            made = take(heard, SYSTEM, called, at=at, by_id=by_id, owners=owners)
            closed = made is None and _closed(heard, called, at, by_id)
        except _Wrong as wrong:
            taken.wrong.append((number, str(wrong)))
            continue
        taken.new += made is not None
        taken.known += made is None
        taken.closed += closed
    return taken


def _closed(heard: Heard, called: str, at: datetime, by_id: int | None) -> bool:
    """Whether the row closed a complaint that was open here."""
    try:
        return heard.closed_at is not None and close_as_told(SYSTEM, called, heard.closed_at, at=at, by_id=by_id)
    except Refusal as refusal:
        raise _Wrong(refusal.message) from None


def take_contacts(data: bytes, time_zone: str, *, at: datetime) -> Taken:
    """Take a file of contacts, counted by day of `time_zone` and channel; what an earlier file said of a day is replaced.

    Of two rows of one file for the same day and channel the first is taken and the other told: nobody can say whether they are to be added.
    """
    taken, stood = Taken(), counted(SYSTEM)
    known = _choices()
    rows_of: dict[tuple[date, str], int] = {}
    for number, row in rows(data, CONTACTS, _called()):
        try:
            if row is None:
                raise _Wrong(broken_row())
            written = row["contacts"]
            if _COUNT.fullmatch(written) is None:
                raise _Wrong(_("“%(words)s” is no whole number of contacts.", words=written[:40]))
            day = local_date(_moment(row["day"], time_zone, at), time_zone)
            place = (day, _among(row, "channel", known))
            if place in rows_of:
                raise _Wrong(_("The same day and channel stand in row %(row)s already; that one was taken.", row=rows_of[place]))
            rows_of[place] = number
            contacts = int(re.sub(r"\D", "", written))
            count_contacts(SYSTEM, *place, contacts)
        except _Wrong as wrong:
            taken.wrong.append((number, str(wrong)))
            continue
        taken.new += place not in stood
        taken.known += place in stood
        taken.changed += place in stood and stood[place] != contacts
    return taken


def _heard(row: Mapping[str, str] | None, time_zone: str, at: datetime, known: Mapping[str, Mapping[str, str]]) -> Heard:
    if row is None:
        raise _Wrong(broken_row())
    if not row["words"] or len(row["words"]) > 4000:
        raise _Wrong(_("What the customer said is missing, or longer than 4,000 characters."))
    begun = _moment(row["received_at"], time_zone, at)
    day = written_day(row["received_at"])
    # Of a day without a time nobody knows the hour: no deadline runs for hours in which it may not have been here.
    received_at = begun if day is None else min(end_of_day(day, time_zone), at)
    return Heard(
        received_at=received_at,
        channel=_among(row, "channel", known),
        cause=_among(row, "cause", known),
        severity=_among(row, "severity", known),
        words=row["words"],
        product=row.get("product", "")[:120],
        closed_at=_closing(row.get("closed_on", ""), begun, received_at, time_zone, at),
    )


def _closing(written: str, begun: datetime, received_at: datetime, time_zone: str, at: datetime) -> datetime | None:
    """When it was closed; None where the cell is empty. What lies on the day of receipt, where either tells no time, is the moment of receipt.

    `begun`: the first moment at which it may have been received.
    """
    if not written:
        return None
    closed, zone = _moment(written, time_zone, at), ZoneInfo(time_zone)
    if closed >= received_at:
        return closed
    if closed >= begun:
        return received_at
    if received_at - closed < timedelta(days=1) and closed.astimezone(zone) == datetime.combine(received_at.astimezone(zone), time(), zone):
        return received_at
    raise _Wrong(_("It cannot be closed (“%(words)s” in “closed_on”) before it was received.", words=written[:40]))


def _name(row: Mapping[str, str], column: str) -> str:
    if not row[column] or len(row[column]) > 120:
        raise _Wrong(_("Without a number of its own in “%(column)s” it could be taken twice.", column=column))
    return row[column]


def _among(row: Mapping[str, str], column: str, known: Mapping[str, Mapping[str, str]]) -> str:
    found = known[column].get(trtext.fold(row[column]))
    if found is None:
        names = "; ".join(str(name) for _key, name in _CHOICES[column])
        words = {"words": row[column][:40], "column": str(_HEADINGS[column][0]), "all": names}
        raise _Wrong(_("“%(words)s” is not known as “%(column)s”. Known: %(all)s", **words))
    return found


def _moment(written: str, time_zone: str, at: datetime) -> datetime:
    moment = written_moment(written, time_zone)
    if moment is None:
        raise _Wrong(_("“%(words)s” is no date we know; write 2026-03-11 or 11.03.2026.", words=written[:40]))
    if moment > at:
        raise _Wrong(_("“%(words)s” lies ahead.", words=written[:40]))
    return moment
