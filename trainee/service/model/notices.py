"""Asking everybody to read a new version of the service model, and telling whoever leads that it is to be looked at again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.notices import Kind, Occasion, Reader, kinds, morning
from trainee.people import Person
from trainee.service.model.models import ServiceReading, ServiceVersion
from trainee.service.reviewing import readers_of_reviews


@kinds.register
class ToRead(Kind):
    """A version of the service model was published that somebody has not read yet."""

    key = "service_model"
    title = _l("A new version of our service model")
    timing = _l("When it is published, once.")
    stops = _l("It stops when you say that you have read it, or a newer version takes its place.")
    icon = "book-open"

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Everybody who has not read the newest version. Two statements, one where there is none."""
        newest = db.session.execute(
            select(ServiceVersion.id, ServiceVersion.number, ServiceVersion.published_at)
            .where(ServiceVersion.published_at <= at)
            .order_by(ServiceVersion.number.desc())
            .limit(1)
        ).first()
        if newest is None:
            return []
        read = select(ServiceReading.person_id).where(ServiceReading.version_id == newest.id)
        waiting = select(Person.id).where(Person.disabled_at.is_(None), Person.id.not_in(read))
        if people is not None:
            waiting = waiting.where(Person.id.in_(people))
        return [
            Occasion(person_id, f"service/{newest.number}", "published", newest.published_at, {"number": newest.number})
            for person_id in db.session.execute(waiting).scalars()
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Which version."""
        return str(_("Version %(number)s of our service model is published. Please read it and say so.", number=reason["number"]))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The page."""
        return "model.service", {}


@kinds.register
class LookAgain(Kind):
    """The day by which the service model was to be looked at again is past."""

    key = "service_model_review"
    title = _l("Our service model is to be looked at again")
    timing = _l("On the first working day after its date.")
    stops = _l("It stops when a new version with a later date is published.")
    icon = "book-open"
    roles = frozenset({"supervisor", "trainer", "hr"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Whoever writes it and every manager who leads a team, once its day is past. Two statements, one before."""
        newest = db.session.execute(select(ServiceVersion.number, ServiceVersion.words).order_by(ServiceVersion.number.desc()).limit(1)).first()
        if newest is None or newest.words["review_by"] > at.date().isoformat():
            return []
        day, told = date.fromisoformat(newest.words["review_by"]), readers_of_reviews()
        return [
            Occasion(who.id, f"service/{newest.number}", str(day), morning(day + timedelta(days=1), who.time_zone), {"day": str(day)})
            for who in db.session.execute(told if people is None else told.where(Person.id.in_(people)))
            if day < local_date(at, who.time_zone)
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Since when."""
        return str(_("“How we serve” was to be looked at again by %(day)s. Does it still hold?", day=reader.day(reason["day"])))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The page."""
        return "model.service", {}
