"""Suggestions: who was asked, and whether she answered in time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import select

from trainee.coaching.suggestions.models import Suggestion
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _l
from trainee.reports.column import Column, Row
from trainee.reports.columns import WHO, who
from trainee.reports.figures import ANSWERED_IN_TIME, UNANSWERED
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Bars
from trainee.reports.population import Member, TeamsThen, chunks, within
from trainee.reports.report import Report

_DECISIONS = {
    "adopted": _l("Adopted"),
    "declined": _l("Declined"),
    "later": _l("Later"),
    "open": _l("Not answered yet"),
}
_IN_TIME = {"yes": _l("In time"), "no": _l("Late"), "open": _l("Its day is to come")}


@dataclass(frozen=True, slots=True)
class Asking:
    """One suggestion, as it is the responder's: without whose it was and what it says."""

    member: Member
    place: tuple[str, str]
    asked_at: datetime
    answer_by: date
    answered_at: datetime | None
    decision: str
    in_time: bool | None


@kinds.register
class Suggestions(Report):
    """One row for each suggestion, of the person who is to answer it."""

    key = "suggestions"
    place = 92
    title = _l("Suggestions")
    says = _l(
        "One row for each suggestion, of the person who was asked to answer: by when, when she or somebody above her did, and what was decided. "
        "Whose idea it was and what it says stays out."
    )
    takes = ("unit", "team", "since", "until", "left")
    period = _l("asked")
    figures = (ANSWERED_IN_TIME, UNANSWERED)
    pictures = (Bars(_l("What became of suggestions"), lambda fact: ((fact.decision, 1.0),), lambda: _DECISIONS, _l("Decision")),)
    _own: ClassVar[tuple[Column, ...]] = (
        Column("asked_at", _l("Asked on"), "moment"),
        Column("answer_by", _l("To be answered by"), "date"),
        Column("answered_at", _l("Answered on"), "moment"),
        Column("decision", _l("Decision"), "choice", _DECISIONS),
        Column("in_time", _l("In time"), "choice", _IN_TIME),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who was asked, by when, and what she decided."""
        return (*WHO, *self._own)

    def facts(self, asked: Asked) -> Iterator[Asking]:
        """Each responder's suggestions, in the order in which they were asked."""
        for members in chunks(asked, once=True):
            then, known = TeamsThen(members, asked), {one.id: (place, one) for place, one in enumerate(members)}
            one = Suggestion
            columns = (one.id, one.responder_id, one.asked_at, one.answer_by, one.answered_at, one.decision)
            rows = db.session.execute(select(*columns).where(one.responder_id.in_(list(known)))).all()
            for row in sorted(rows, key=lambda row: (known[row.responder_id][0], row.asked_at, row.id)):
                member = known[row.responder_id][1]
                place = then.at(member.id, row.asked_at)
                if place is not None and within(asked, row.asked_at):
                    in_time = _in_time(row.answer_by, row.answered_at, member.time_zone, asked.at)
                    yield Asking(member, place, row.asked_at, row.answer_by, row.answered_at, row.decision or "open", in_time)

    def row(self, fact: Asking, asked: Asked) -> Row:
        """Its cells."""
        in_time = "open" if fact.in_time is None else "yes" if fact.in_time else "no"
        return (*who(fact.member, fact.place), fact.asked_at, fact.answer_by, fact.answered_at, fact.decision, in_time)


def _in_time(answer_by: date, answered_at: datetime | None, time_zone: str, at: datetime) -> bool | None:
    """Whether it was answered by its day; None where the day is to come and nobody has answered."""
    if answered_at is not None:
        return local_date(answered_at, time_zone) <= answer_by
    return False if local_date(at, time_zone) > answer_by else None
