"""That the day's three minutes wait, for whoever asked to be told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, select

from trainee.kit.clock import end_of_day, local_date
from trainee.kit.db import db
from trainee.kit.i18n import _l, _n
from trainee.modules.reviews.drawing import ITEMS
from trainee.modules.reviews.models import SET, ReviewCard
from trainee.notices import Kind, NoticeWish, Occasion, Reader, kinds, morning
from trainee.people import Person

_CARD = cast(Table, ReviewCard.__table__)


@kinds.register
class DailyPractice(Kind):
    """Questions are due again today."""

    key = "daily_practice"
    title = _l("Your three minutes")
    timing = _l("On working days on which questions are due again.")
    stops = _l("It stops when the day's set is finished or left out, and with the day.")
    icon = "rotate-ccw"
    asked_for = True
    passing = True

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Those who asked for it, have something due and have not done or left out today's set. Two statements."""
        who = Person
        statement = (
            select(who.id, who.time_zone)
            .join(NoticeWish, NoticeWish.person_id == who.id)
            .where(NoticeWish.rule == self.key, NoticeWish.frequency != "off", who.disabled_at.is_(None))
        )
        wished = {row.id: row.time_zone for row in db.session.execute(statement if people is None else statement.where(who.id.in_(people)))}
        return [_of(person_id, zone, many, at) for person_id, zone, many in _due(wished, at) if many]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """How many questions."""
        return str(
            _n(
                "%(num)d question waits to be met again. Three minutes are enough.",
                "%(num)d questions wait to be met again. Three minutes are enough.",
                reason["many"],
            )
        )

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The day's reviews."""
        return "reviews.reviews", {}


def _due(wished: Mapping[int, str], at: datetime) -> list[tuple[int, str, int]]:
    """How many questions are due for each of these people on her own day; none where today's set is done or left out."""
    found: list[tuple[int, str, int]] = []
    for zone in sorted(set(wished.values())):
        day, mine = local_date(at, zone), [person_id for person_id, hers in wished.items() if hers == zone]
        over = select(SET.c.person_id).where(SET.c.person_id.in_(mine), SET.c.day == day)
        done = set(db.session.scalars(over.where(SET.c.finished_at.is_not(None) | SET.c.skipped_at.is_not(None))))
        many = select(_CARD.c.person_id, func.count().label("many")).where(_CARD.c.person_id.in_(mine), _CARD.c.due_on <= day)
        rows = db.session.execute(many.group_by(_CARD.c.person_id))
        found += [(row.person_id, zone, min(row.many, ITEMS)) for row in rows if row.person_id not in done]
    return found


def _of(person_id: int, zone: str, many: int, at: datetime) -> Occasion:
    day = local_date(at, zone)
    return Occasion(person_id, "reviews", str(day), morning(day, zone), {"many": many}, day=day, until=end_of_day(day, zone))
