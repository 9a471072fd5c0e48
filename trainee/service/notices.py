"""What people are told about policy cards, and on which days they are on call."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, select

from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.notices import Kind, Occasion, Reader, days_on_duty, kinds, morning
from trainee.people import Person
from trainee.service.reviewing import overdue_cards, readers_of_reviews
from trainee.service.roster.models import DutyShift

_PERSON, _SHIFT = (cast(Table, model.__table__) for model in (Person, DutyShift))
# Built once, of plain columns: it is sent with every batch of mails.
_SHIFTS = (
    select(_SHIFT.c.person_id, _SHIFT.c.starts_at, _SHIFT.c.ends_at, _PERSON.c.time_zone)
    .join(_PERSON, _PERSON.c.id == _SHIFT.c.person_id)
    .where(_SHIFT.c.person_id.in_(bindparam("people", expanding=True)))
    .where(_SHIFT.c.ends_at > bindparam("since"), _SHIFT.c.starts_at < bindparam("until"))
)


@days_on_duty
def on_call(people: Collection[int], first: date, last: date) -> Mapping[int, set[date]]:
    """The days, where each of these people lives, on which she is on call. One statement."""
    since, until = (datetime.combine(day, time(0), UTC) for day in (first, last))
    found: dict[int, set[date]] = {}
    for row in db.session.execute(_SHIFTS, {"people": list(people), "since": since, "until": until}):
        day, end = (local_date(moment, row.time_zone) for moment in (row.starts_at, row.ends_at - timedelta(seconds=1)))
        while day <= end:
            found.setdefault(row.person_id, set()).add(day)
            day += timedelta(days=1)
    return found


@kinds.register
class CardReview(Kind):
    """A policy card is past the day on which it was to be looked at again."""

    key = "card_review"
    title = _l("A policy card to look at again")
    timing = _l("On the first working day after its date.")
    stops = _l("It stops when the card has a new date or is retired.")
    icon = "file-text"
    roles = frozenset({"supervisor", "trainer", "hr"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Cards past their date, for trainers, HR and whoever leads a team. Two statements, one where there are none."""
        cards = overdue_cards(at.date())
        if not cards:
            return []
        held = readers_of_reviews()
        return [
            Occasion(
                who.id,
                f"card/{card.key}",
                str(card.review_by),
                morning(card.review_by + timedelta(days=1), who.time_zone),
                {"key": card.key, "day": str(card.review_by), "title": {"tr": card.title_tr, "en": card.title_en}},
            )
            for who in db.session.execute(held if people is None else held.where(Person.id.in_(people)))
            for card in cards
            if card.review_by < at.astimezone(ZoneInfo(who.time_zone)).date()
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Which card, and since when."""
        words = {"title": reader.text(reason["title"]), "day": reader.day(reason["day"])}
        return str(_("The policy card “%(title)s” was to be looked at again by %(day)s.", **words))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The card."""
        return "service.card", {"key": reason["key"]}
