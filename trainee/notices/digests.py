"""The digest: one mail a day to one person. What could not go on its day goes with that of another."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, select, update

from trainee.kit.db import db, insert_many_once
from trainee.notices.models import DELIVERY, NOTICE, Delivery
from trainee.notices.readers import Recipient

MOMENT = timedelta(minutes=1)
_DIGEST = "digest/"


def digest_key(who: Recipient, at: datetime) -> str:
    """The key of the digest that she gets on the day of that moment."""
    return f"{_DIGEST}{who.id}/{who.hours.day(at)}"


def digest_day(key: str) -> date | None:
    """The day of a digest; None for a mail of another kind."""
    return date.fromisoformat(key.rpartition("/")[2]) if key.startswith(_DIGEST) else None


def gone(keys: Collection[str]) -> set[str]:
    """The digests of these that take nothing in any more: they are sent, or somebody has begun to.

    Their rows are held until the transaction ends, so that nobody begins between this answer and what is put into them because of it.
    """
    mine = DELIVERY.c.key.in_(keys), DELIVERY.c.key.startswith(_DIGEST)
    held = db.session.execute(select(DELIVERY.c.key, DELIVERY.c.state, DELIVERY.c.attempts).where(*mine).order_by(DELIVERY.c.id).with_for_update())
    return {row.key for row in held if row.state != "waiting" or row.attempts > 0}


def waiting(key: str, who: Recipient, goes: datetime) -> dict[str, Any]:
    """The outbox row of a mail that goes at that moment."""
    nothing = {"leased_until": None, "owner": None, "in_hand_at": None, "problem": None, "ended_at": None}
    return {
        "key": key,
        "channel": "mail",
        "person_id": who.id,
        "made_at": goes,
        "state": "waiting",
        "next_try_at": goes,
        "attempts": 0,
        "carried": 0,
    } | nothing


_TAKE_OVER = (
    update(DELIVERY)
    .where(DELIVERY.c.key == bindparam("named"))
    .values(
        made_at=case((DELIVERY.c.made_at > bindparam("since"), bindparam("since")), else_=DELIVERY.c.made_at),
        carried=case((DELIVERY.c.carried < bindparam("tries"), bindparam("tries")), else_=DELIVERY.c.carried),
        next_try_at=case((DELIVERY.c.next_try_at < bindparam("not_before"), bindparam("not_before")), else_=DELIVERY.c.next_try_at),
        problem=bindparam("said"),
    )
    .returning(DELIVERY.c.id)
)


def pass_on(who: Recipient, numbers: Sequence[int], *, since: datetime, tries: int, problem: str | None, at: datetime) -> None:
    """Put these messages of a digest whose day is over into that of today or, where it has gone, into the next.

    They have waited since that moment and were tried so often: it is not begun anew, so that they are given up in the end.
    """
    today = max(at, who.hours.digest_on(who.hours.day(at)))
    following = who.hours.digest(today + MOMENT)
    goes = following if gone([digest_key(who, today)]) else today
    insert_many_once(Delivery, [waiting(digest_key(who, goes), who, goes)], ["key"])
    values = {"named": digest_key(who, goes), "since": since, "tries": tries, "said": problem, "not_before": goes}
    number = db.session.execute(_TAKE_OVER, values).scalar_one()
    db.session.execute(update(NOTICE).where(NOTICE.c.id.in_(numbers)).values(delivery_id=number))
