"""Who gets what on a day, and why: what is planned for it, what the rules would add by then, and what is held back."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from trainee.kit import trtext
from trainee.kit.db import db
from trainee.notices.delivering import not_yet
from trainee.notices.kind import Kind, Reader, kinds, morning
from trainee.notices.models import NOTICE
from trainee.notices.planning import Draft, began, drafts, still
from trainee.notices.queries import names_in
from trainee.notices.readers import Recipient, Recipients

# What was held back this many days before is told beside the preview.
HELD_FOR = timedelta(days=7)
# Nobody knows what comes farther ahead.
FAR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Coming:
    """One message that is to come, or is held back: whom it goes to, when, by which way, and why or why not."""

    who: Recipient
    kind: Kind
    at: datetime
    # at_once, daily, weekly: by mail as well; site: there alone. Empty when it is held back.
    way: str
    why: str
    sentence: str
    subject: str


@dataclass(frozen=True, slots=True)
class Preview:
    """One day: what comes, in order of person and time, and what does not."""

    day: date
    coming: list[Coming]
    held: list[Coming]

    @property
    def by_person(self) -> list[tuple[Recipient, list[Coming]]]:
        """What comes, person by person: what waits for one digest stands together."""
        found: dict[int, list[Coming]] = {}
        for one in self.coming:
            found.setdefault(one.who.id, []).append(one)
        return [(mine[0].who, mine) for mine in found.values()]


@dataclass(frozen=True, slots=True)
class _Row:
    """A message as the ledger or a draft of it holds it."""

    rule: str
    person_id: int
    subject: str
    reason: Any
    urgent: bool
    send_at: datetime
    state: str
    why: str | None


def preview(on: date, at: datetime, people: Collection[int] | None = None, limit: int | None = None) -> Preview:
    """What would be told on that day, as things stand at `at`, to everybody or to these people. Nothing is written down.

    What somebody does until then changes it: whatever is done is not told. `limit`: no more of each list.
    """
    zone = current_app.extensions["trainee"].default_time_zone
    # As the planner would see it in the morning of that day; for today and earlier, as it sees it now.
    then = max(at, morning(on, zone))
    recipients = Recipients(then)
    rows = [*_planned(on, at, then, people), *_drafted(on, at, then, recipients, people)]
    held = [*_held(at, people), *(row for row in rows if row.state == "held_back")]
    recipients.need({row.person_id for row in (*rows, *held)})
    rows = [_moved(row, recipients[row.person_id], at) if row.state == "planned" else row for row in rows]
    comes = [row for row in rows if row.state == "planned" and recipients[row.person_id].today(row.send_at) == on]
    comes.sort(key=lambda row: (trtext.sort_key(recipients[row.person_id].name), row.person_id, row.send_at, row.rule, row.subject))
    names = names_in([*comes[:limit], *held[:limit]])
    return Preview(on, [_coming(row, recipients, names) for row in comes[:limit]], [_coming(row, recipients, names) for row in held[:limit]])


def _moved(row: _Row, who: Recipient, at: datetime) -> _Row:
    """The same at the moment at which it will be told: her hours may be others than on the day on which it was planned."""
    due = max(row.send_at, at)
    later = not_yet(row, who, due)
    return replace(row, send_at=later) if later is not None else row


def _whose(people: Collection[int] | None) -> Any:
    return NOTICE.c.person_id.in_(people) if people is not None else NOTICE.c.person_id.is_not(None)


def _planned(on: date, at: datetime, then: datetime, people: Collection[int] | None) -> Iterator[_Row]:
    """What the ledger holds for that day, give or take a day for those who live elsewhere, as far as it is still so."""
    near = (NOTICE.c.send_at >= then - timedelta(days=2), NOTICE.c.send_at <= then + timedelta(days=3))
    rows = db.session.execute(select(NOTICE).where(NOTICE.c.state == "planned", *near, _whose(people))).all()
    # What has not come about yet is looked at as it will be.
    here = still(rows, then) | still(rows, at) if rows else set()
    for row in rows:
        if row.key in here:
            yield _Row(row.rule, row.person_id, row.subject, row.reason, row.urgent, row.send_at, row.state, row.why)


def _drafted(on: date, at: datetime, then: datetime, recipients: Recipients, people: Collection[int] | None) -> Iterator[_Row]:
    # A rule that has never been at work here begins now.
    since = {kind.key: at for kind in kinds} | began()
    for draft in drafts(list(kinds), then, recipients, since, people):
        one, who = draft.occasion, recipients[draft.occasion.person_id]
        # Whoever plans day by day tells it on the first day on which it can be told, and not again.
        if then > at and who.today(who.send_at(draft.kind, one, max(at, one.since))) < on:
            continue
        yield _as_row(draft)


def _as_row(draft: Draft) -> _Row:
    one = draft.occasion
    state = "planned" if draft.why is None else "held_back"
    return _Row(draft.kind.key, one.person_id, one.subject, one.reason, draft.kind.urgent or one.urgent, draft.send_at, state, draft.why)


def _held(at: datetime, people: Collection[int] | None) -> list[_Row]:
    """What was held back lately, the newest first."""
    lately = (NOTICE.c.state == "held_back", NOTICE.c.settled_at >= at - HELD_FOR, _whose(people))
    rows = db.session.execute(select(NOTICE).where(*lately).order_by(NOTICE.c.id.desc()))
    return [_Row(row.rule, row.person_id, row.subject, row.reason, row.urgent, row.send_at, row.state, row.why) for row in rows if row.rule in kinds]


def _coming(row: _Row, recipients: Recipients, names: dict[int, str]) -> Coming:
    who, kind = recipients[row.person_id], kinds[row.rule]
    wish = "at_once" if row.urgent and who.wish(kind) != "site" else who.wish(kind)
    by_mail = current_app.extensions["trainee"].mails and who.mails and bool(who.email)
    way = "" if row.state == "held_back" else (wish if by_mail else "site")
    return Coming(who, kind, row.send_at, way, row.why or "", kind.sentence(row.reason, Reader(who.hours.zone, names)), row.subject)
