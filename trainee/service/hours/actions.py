"""Writing down hours with customers."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _, _l
from trainee.service.fields import Options
from trainee.service.hours.models import LONGEST, CustomerHours, HoursTarget

WAYS = (
    ("served", _l("Served customers myself")),
    ("beside", _l("Sat or stood beside a colleague with a customer")),
    ("listened", _l("Listened to calls or read chats")),
    ("read", _l("Read complaints and comments")),
    ("talked", _l("Talked with a customer about us")),
)
# Whoever looks back farther guesses.
_BACK = timedelta(days=62)
_MOST_HOURS = 100


def ways() -> Options:
    """How one spends time with customers."""
    return WAYS


def take(person_id: int, values: Mapping[str, Any], *, today: date, receipt: str, at: datetime) -> None:
    """Write down some minutes of a day; the same receipt again changes nothing. Refusal (422; its code names the field)."""
    day = date.fromisoformat(values["day"])
    if not today - _BACK <= day <= today:
        raise Refusal(_("Please write a day of the last two months, not one to come."), 422, "day")
    if not 1 <= values["minutes"] <= LONGEST:
        raise Refusal(_("Please write between 1 and %(most)s minutes.", most=LONGEST), 422, "minutes")
    row = {"person_id": person_id, "day": day, "minutes": values["minutes"], "way": values["way"], "note": values["note"]}
    insert_once(CustomerHours, row | {"saved_at": at, "receipt": receipt}, ["receipt"])


def remove(hours_id: int, person_id: int) -> None:
    """Take back what she wrote down; NotFound where it is not hers."""
    mine = (CustomerHours.id == hours_id) & (CustomerHours.person_id == person_id)
    if db.session.execute(delete(CustomerHours).where(mine).returning(CustomerHours.id)).first() is None:
        raise NotFound


def set_target(hours: int | None, *, at: datetime, by_id: int) -> None:
    """Say how many hours a month are wished for. Refusal (422) for what is no number of hours."""
    if hours is None or not 0 <= hours <= _MOST_HOURS:
        raise Refusal(_("Please write whole hours, %(most)s at most.", most=_MOST_HOURS), 422, "hours")
    made = insert_once(HoursTarget, {"hours": hours, "set_at": at, "set_by_id": by_id}, [])
    audit.note(by_id, "set hours with customers", f"hours_target/{made}", at)
