"""What people are told about suggestions that wait."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from trainee.coaching.suggestions.models import Suggestion
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.notices import Kind, Occasion, Reader, kinds, morning
from trainee.people import Person, ReportingLine

_NEWS = timedelta(days=30)


@kinds.register
class Unanswered(Kind):
    """An idea waits for an answer: told to whoever is to answer at once and before the date, and after it to who leads her."""

    key = "suggestion_unanswered"
    title = _l("A suggestion waits for your answer")
    timing = _l("When it is put to you, on the working day before the date, and after it also to the supervisor above.")
    stops = _l("It stops with an answer, by whomever.")
    icon = "lightbulb"
    early = True
    roles = frozenset({"supervisor"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """What is not answered and soon has to be, or had to be. One statement."""
        found = [one for row in db.session.execute(_open(), {"after": (at - _NEWS).date()}) for one in _of(row, at)]
        return [one for one in found if people is None or one.person_id in people]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Whose idea, and since when or until when."""
        words = {"name": reader.name(reason["who"]), "day": reader.day(reason["until"])}
        if not reason["late"]:
            return str(_("%(name)s waits for your answer to a suggestion by %(day)s.", **words))
        if reason["by"] is None:
            return str(_("%(name)s still waits for an answer to a suggestion; the date was %(day)s.", **words))
        words["other"] = reader.name(reason["by"])
        return str(_("%(name)s has put a suggestion to %(other)s and has no answer; the date was %(day)s. Now you may answer as well.", **words))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The suggestion."""
        return "suggestions.suggestion", {"suggestion_id": reason["id"]}


@cache
def _open() -> Any:
    asked = aliased(Person)
    above = (
        select(ReportingLine.supervisor_id)
        .where(ReportingLine.person_id == Suggestion.responder_id, ReportingLine.kind == "direct", ReportingLine.until.is_(None))
        .where(ReportingLine.supervisor_id != Suggestion.author_id)
        .limit(1)
        .scalar_subquery()
    )
    columns = (Suggestion.id, Suggestion.author_id, Suggestion.responder_id, Suggestion.asked_at, Suggestion.answer_by)
    return (
        select(*columns, asked.time_zone, asked.disabled_at, above.label("above"))
        .join(asked, asked.id == Suggestion.responder_id)
        .where(Suggestion.answered_at.is_(None), Suggestion.answer_by > bindparam("after"))
    )


def _of(row: Any, at: datetime) -> list[Occasion]:
    today, passed = local_date(at, row.time_zone), morning(row.answer_by + timedelta(days=1), row.time_zone)
    reason = {"id": row.id, "who": row.author_id, "until": str(row.answer_by), "late": today > row.answer_by, "by": None}
    subject, found = f"suggestion/{row.id}", []
    if today > row.answer_by:
        found.append(Occasion(row.responder_id, subject, "late", passed, reason))
    else:
        day = row.answer_by - timedelta(days=1)
        if today < day:
            found.append(Occasion(row.responder_id, subject, "asked", row.asked_at, reason))
        found.append(Occasion(row.responder_id, subject, f"until {row.answer_by}", morning(day, row.time_zone), reason, day=day))
    gone = row.disabled_at is not None
    if row.above is not None and (gone or today > row.answer_by):
        since = max(row.asked_at, row.disabled_at) if gone and row.disabled_at is not None else passed
        found.append(Occasion(row.above, subject, "climbed", since, reason | {"late": True, "by": row.responder_id}))
    return found
