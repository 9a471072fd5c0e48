"""Telling what is planned when its time has come: in the site, and by a mail that is put into the outbox in the same transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select, update

from trainee.kit.db import db, insert_many_once
from trainee.notices.digests import MOMENT, digest_key, gone, waiting
from trainee.notices.kind import kinds
from trainee.notices.models import DELIVERY, NOTICE, Delivery
from trainee.notices.planning import note, still
from trainee.notices.readers import Recipient, Recipients

_MANY = 1000
_SETTLE = (
    update(NOTICE)
    .where(NOTICE.c.id == bindparam("number"))
    .values(state=bindparam("to"), why=bindparam("because"), settled_at=bindparam("then"), delivery_id=bindparam("mail"))
)
_MOVE = update(NOTICE).where(NOTICE.c.id == bindparam("number")).values(send_at=bindparam("later"))


# Another worker who is at some of these already keeps them; on SQLite only one writes at a time.
_DUE = (
    select(*(NOTICE.c[name] for name in ("id", "key", "rule", "person_id", "subject", "urgent", "until")))
    .where(NOTICE.c.state == "planned", NOTICE.c.send_at <= bindparam("at"))
    .order_by(NOTICE.c.send_at, NOTICE.c.person_id, NOTICE.c.id)
    .limit(_MANY)
    .with_for_update(skip_locked=True)
)


def deliver(at: datetime) -> Iterator[int]:
    """Tell whatever is due, some at a time; yields how many were settled, and whoever asks keeps that before going on.

    Everything is looked at once more: whom it goes to may have left, what it is about may be done or withdrawn, her hours may have changed.
    """
    while True:
        rows = _due(at)
        if rows:
            yield _settle(rows, at)
        if len(rows) < _MANY:
            return


def _due(at: datetime) -> Sequence[Any]:
    return db.session.execute(_DUE, {"at": at}).all()


def _settle(rows: Sequence[Any], at: datetime) -> int:
    recipients = Recipients(at)
    recipients.need({row.person_id for row in rows})
    here = still(rows, at)
    told: list[Any] = []
    ended: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    for row in rows:
        who = recipients[row.person_id]
        why = _ends(row, who, here, at)
        if why is not None:
            ended.append({"number": row.id, "to": "held_back" if why == "too_late" else "cancelled", "because": why, "then": at, "mail": None})
        elif (later := not_yet(row, who, at)) is not None:
            moved.append({"number": row.id, "later": later})
        else:
            told.append(row)
    given_way = _given_way(told)
    ended += [{"number": row.id, "to": "cancelled", "because": "told_together", "then": at, "mail": None} for row in told if row.id in given_way]
    told = [row for row in told if row.id not in given_way]
    mails = _mails(told, recipients, at)
    ended += [{"number": row.id, "to": "sent", "because": None, "then": at, "mail": mails.get(row.id)} for row in told]
    if ended:
        db.session.execute(_SETTLE, ended)
        note([(one["number"], one["to"], one["because"]) for one in ended], at)
    if moved:
        db.session.execute(_MOVE, moved)
    return len(ended)


def _given_way(told: Sequence[Any]) -> set[int]:
    """Those of these that say what another of them says about the same thing: they come late, since nobody looked at their time."""
    here = {(row.person_id, row.subject, row.rule) for row in told}
    return {row.id for row in told if (row.person_id, row.subject, kinds[row.rule].gives_way) in here}


def _ends(row: Any, who: Recipient, here: set[str], at: datetime) -> str | None:
    """Why a message is not told any more; None when it is."""
    kind = kinds.get(row.rule)
    if not who.active:
        return "left"
    if kind is None or row.key not in here:
        return "stopped"
    if who.wish(kind) == "off":
        return "not_wished"
    return "too_late" if row.until is not None and at > row.until else None


def not_yet(row: Any, who: Recipient, at: datetime) -> datetime | None:
    """When a message that is due is told instead of now; None for now.

    What comes with the digest waits for the hour of today's, even when it has been due since yesterday: else it would take that of today with it, and
    whatever belongs there would have to wait until tomorrow.
    """
    if row.urgent or who.wish(kinds[row.rule]) == "at_once":
        return None if who.hours.open_at(at) else who.hours.opening(at)
    digest = who.hours.digest(at)
    today = who.hours.day(digest) == who.hours.day(at) and digest > at
    return digest if today or not who.hours.open_at(at) else None


def _mails(rows: Sequence[Any], recipients: Recipients, at: datetime) -> dict[int, int]:
    """The mail each of these messages goes into. Where the digest of today has gone it is that of the next day: there is one a day."""
    keys = {row.id: key for row in rows if (key := _mail_key(row, recipients[row.person_id], at)) is not None}
    if not keys:
        return {}
    # A row that is new cannot have been begun; of one that stands there, nobody begins until this transaction ends.
    mails = {key: _made(key, recipients[row.person_id], at) for row in rows if (key := keys.get(row.id))}
    insert_many_once(Delivery, list(mails.values()), ["key"])
    begun = gone(set(keys.values()))
    goes = {row.id: recipients[row.person_id].hours.digest(at + MOMENT) for row in rows if keys.get(row.id) in begun}
    keys |= {row.id: digest_key(recipients[row.person_id], goes[row.id]) for row in rows if row.id in goes}
    late = {keys[row.id]: waiting(keys[row.id], recipients[row.person_id], goes[row.id]) for row in rows if row.id in goes}
    insert_many_once(Delivery, list(late.values()), ["key"])
    named = DELIVERY.c.key.in_(set(keys.values()))
    found = {row.key: row.id for row in db.session.execute(select(DELIVERY.c.id, DELIVERY.c.key).where(named))}
    return {number: found[key] for number, key in keys.items()}


def _made(key: str, who: Recipient, at: datetime) -> dict[str, Any]:
    """The outbox row of a mail; that of another day counts from the moment at which it goes."""
    weekly = who.hours.weekly(at + MOMENT)
    return waiting(key, who, weekly if key == digest_key(who, weekly) and weekly > at else at)


def _mail_key(row: Any, who: Recipient, at: datetime) -> str | None:
    """The key of the mail a message goes into; None for the site alone."""
    wish = who.wish(kinds[row.rule])
    if not current_app.extensions["trainee"].mails or not who.mails or not who.email or wish == "site":
        return None
    if row.urgent or wish == "at_once":
        return f"notice/{row.key}"
    # The next one of a week, and never that of this very moment, which may be on its way. It is that day's digest: there is one a day.
    return digest_key(who, who.hours.weekly(at + MOMENT) if wish == "weekly" else at)
