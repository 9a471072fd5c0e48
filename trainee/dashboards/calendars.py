"""One's due dates and coaching sessions as a calendar that other programs read by a link."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select

from trainee import plans
from trainee.coaching import sessions
from trainee.dashboards.models import CALENDAR, CalendarLink
from trainee.kit.clock import local_date
from trainee.kit.db import db, upsert
from trainee.kit.i18n import _, force_locale
from trainee.kit.ical import Event, calendar
from trainee.modules.progress.queries import parts_of_many
from trainee.notices.mailing import absolute
from trainee.people import Person, Viewer, organisation
from trainee.people.passwords import digest, token
from trainee.people.queries import viewer_named

# What is over for longer is in nobody's way, and in nobody's calendar.
_PAST = timedelta(days=30)


def make_link(who: Viewer, at: datetime) -> str:
    """A new link's secret, to be shown once; the one before leads nowhere from now on."""
    secret = token()
    upsert(CalendarLink, {"person_id": who.id, "digest": digest(secret), "made_at": at}, ["person_id"], ["digest", "made_at"])
    return secret


def end_link(who: Viewer) -> None:
    """Let nobody read it any more. Doing it again changes nothing."""
    db.session.execute(delete(CALENDAR).where(CALENDAR.c.person_id == who.id))


def made_at(who: Viewer) -> datetime | None:
    """Since when there is a link; None where there is none."""
    return db.session.scalar(select(CALENDAR.c.made_at).where(CALENDAR.c.person_id == who.id))


def reader_of(secret: str) -> Viewer | None:
    """Whose calendar a link leads to; None for one that was ended, never was, or whose person left."""
    username = db.session.scalar(
        select(Person.username).join(CalendarLink, CALENDAR.c.person_id == Person.id).where(CALENDAR.c.digest == digest(secret))
    )
    return viewer_named(username) if username is not None else None


def feed(who: Viewer, at: datetime) -> str:
    """Her calendar, in her language. What others wrote (reasons, what was agreed) is not in it: it leaves the house."""
    with force_locale(who.language):
        name = _("%(organisation)s: my dates", organisation=organisation.name())
        return calendar(name, who.language, [*_assignments(who), *_sessions(who, at)], at)


def _uid(kind: str, number: int) -> str:
    host = urlsplit(absolute("people.sign_in")).hostname
    return f"{kind}-{number}@{host}"


def _assignments(who: Viewer) -> Iterator[Event]:
    parts = parts_of_many([who.id])
    mine = {key: found for (person_id, key), found in parts.items() if person_id == who.id}
    for one in plans.open_assignments(who.id, mine):
        if one.due_on is not None:
            yield Event(_uid("assignment", one.id), _("Due: %(what)s", what=one.name), absolute("plans.mine"), one.due_on)


def _sessions(who: Viewer, at: datetime) -> Iterator[Event]:
    told = {one.row.id: one for one in sessions.of_person(who.id, at)}
    if who.holds("supervisor"):
        told |= {one.row.id: one for one in sessions.in_my_charge(who, at)}
    today = local_date(at, who.time_zone)
    for one in told.values():
        yield from _session(one.row, who, at, one.in_charge_name, today - _PAST)


def _session(row: Any, who: Viewer, at: datetime, leader: str, oldest: Any) -> Iterator[Event]:
    url = absolute("sessions.session", session_id=row.id)
    other = leader if row.person_id == who.id else row.person
    if row.cancelled_at is not None:
        return
    if row.held_at is None:
        if row.promised_at > at - _PAST:
            yield Event(_uid("session", row.id), _("Coaching talk with %(name)s", name=other), url, row.promised_at)
        return
    if row.person_id == who.id and row.action_by >= oldest:
        yield Event(_uid("action", row.id), _("What we agreed on, by today"), url, row.action_by)
    if row.follow_up_on >= oldest:
        yield Event(_uid("follow-up", row.id), _("Follow-up observation with %(name)s", name=other), url, row.follow_up_on)
