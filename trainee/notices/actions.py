"""Reading messages, and saying how one wishes them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, update

from trainee.kit.db import db, upsert
from trainee.notices.decency import CLOSES, DAYS, OPENS
from trainee.notices.kind import kinds
from trainee.notices.models import NOTICE, NoticeHabit, NoticeWish


def read(notice_id: int, person_id: int, at: datetime) -> None:
    """Note that somebody has read a message of hers; the first time counts."""
    mine = (NOTICE.c.id == notice_id, NOTICE.c.person_id == person_id, NOTICE.c.read_at.is_(None))
    db.session.execute(update(NOTICE).where(*mine).values(read_at=at))


def read_all(person_id: int, at: datetime) -> None:
    """Note that she has read everything she was told up to now."""
    mine = (NOTICE.c.person_id == person_id, NOTICE.c.read_at.is_(None), NOTICE.c.state.in_(("sent", "failed")))
    db.session.execute(update(NOTICE).where(*mine).values(read_at=at))


def wish(person_id: int, *, mails: bool, opens: int, closes: int, days: str, frequencies: Mapping[str, str], at: datetime) -> None:
    """Keep how somebody wishes her messages; a kind that comes as it usually does needs no row."""
    values = {"person_id": person_id, "mails": mails, "opens": opens, "closes": closes, "days": days, "changed_at": at}
    upsert(NoticeHabit, values, ["person_id"], ["mails", "opens", "closes", "days", "changed_at"])
    for rule, frequency in frequencies.items():
        kind = kinds[rule]
        if frequency == kind.usual or frequency not in kind.choices:
            db.session.execute(delete(NoticeWish).where(NoticeWish.person_id == person_id, NoticeWish.rule == rule))
        else:
            upsert(NoticeWish, {"person_id": person_id, "rule": rule, "frequency": frequency}, ["person_id", "rule"], ["frequency"])


def end_mails(person_id: int, at: datetime) -> None:
    """Send this person no mails any more; her messages stay in the site. Doing it again changes nothing."""
    values = {"person_id": person_id, "mails": False, "opens": OPENS, "closes": CLOSES, "days": DAYS, "changed_at": at}
    upsert(NoticeHabit, values, ["person_id"], ["mails", "changed_at"])
