"""That mails could not be brought to people: told to HR, once a day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.notices.kind import Kind, Occasion, Reader, kinds
from trainee.notices.models import DELIVERY
from trainee.people import Person, RoleHeld

_LATELY = timedelta(days=7)


@kinds.register
class Undelivered(Kind):
    """Mails that were given up on one day."""

    key = "undelivered"
    title = _l("Mails that could not be delivered")
    timing = _l("On the day on which a mail is given up.")
    stops = _l("It is told once for each day.")
    icon = "triangle-alert"
    urgent = True
    roles = frozenset({"hr"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """One for each day of the last week and each person of HR."""
        failed = db.session.execute(
            select(DELIVERY.c.ended_at, DELIVERY.c.person_id).where(DELIVERY.c.state == "failed", DELIVERY.c.ended_at >= at - _LATELY)
        ).all()
        if not failed:
            return []
        hr = _of_hr(Person.id, Person.time_zone)
        return [
            one
            for who in db.session.execute(hr if people is None else hr.where(Person.id.in_(people)))
            for one in _by_day(who.id, who.time_zone, failed)
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """That it was so on that day; the page it leads to tells how many, which may be more by the time it is read."""
        return _("Mails could not be delivered on %(day)s. What they said is on the site all the same.", day=reader.day(reason["day"]))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The list of what could not be delivered."""
        return "notices.undelivered", {}


def whom() -> list[int]:
    """Who is told: everybody in HR. One statement."""
    return list(db.session.scalars(_of_hr(Person.id)))


def _of_hr(*columns: Any) -> Any:
    held = select(*columns).join(RoleHeld, RoleHeld.person_id == Person.id)
    return held.where(RoleHeld.role == "hr", Person.disabled_at.is_(None))


def _by_day(person_id: int, zone: str, failed: Sequence[Any]) -> list[Occasion]:
    days: dict[date, list[Any]] = {}
    for row in failed:
        days.setdefault(local_date(row.ended_at, zone), []).append(row)
    return [
        Occasion(
            person_id,
            "mail",
            str(day),
            min(row.ended_at for row in rows),
            {"day": str(day)},
        )
        for day, rows in days.items()
    ]
