"""What people are told about what is expected of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select

from trainee.expectations.models import Expectation, ExpectationAnswer
from trainee.expectations.targets import expected_of
from trainee.kit.i18n import _, _l
from trainee.notices import Asked, Kind, Occasion, Reader, kinds
from trainee.people import Person, Stay
from trainee.people.importing import applied_since
from trainee.skills import framework

# Once when it is there, and once more after so many days.
STEPS = (0, 5)
# What has been there for longer has been told, or was old when this began.
_NEWS = timedelta(days=21)
_PERSON = cast(Table, Person.__table__)


@kinds.register
class ToAcknowledge(Kind):
    """Something is expected of her, and she has not said that she has read it."""

    key = "expectation_to_acknowledge"
    title = _l("Something new is expected of you")
    timing = _l("When it is issued or answered, and after five days once more.")
    stops = _l("It stops when they have read it or disagreed, and when it is ended.")
    icon = "target"

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """What stands without an answer, for whoever it applies to. Once since it was issued or she came to it, and again once an objection was
        answered. Who came or moved by a file finds it on her pages and is not told of all that stood before. Two statements."""
        rows = _asking()(people, {"at": at})
        files = applied_since(at - _NEWS) if rows else set()
        return [found for row in rows if (found := _occasion(row, at, files)) is not None]

    def settle(self, found: Sequence[Occasion], at: datetime) -> Sequence[Occasion]:
        """Those that apply to her and ask for her answer. One statement."""
        expected = expected_of(sorted({one.person_id for one in found}), at)
        return [one for one in found if any(target.id == one.row.id for _skill, target in expected[one.person_id].asking)]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """By whom, and of which skill."""
        words = {"name": reader.name(reason["by"]), "skill": reader.text(reason["skill"])}
        if reason["again"]:
            return str(_("%(name)s has answered your objection about %(skill)s. Please read it and say so.", **words))
        return str(_("%(name)s has written down what is expected of you in %(skill)s. Please read it and say so.", **words))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The expectation."""
        return "expectations.expectation", {"expectation_id": reason["id"]}


@cache
def _asking() -> Asked:
    one, who, said, replied = Expectation, Person, ExpectationAnswer, ExpectationAnswer.__table__.alias()
    mine = or_(one.person_id == who.id, one.team_id == who.team_id, one.job == who.job)
    newest = select(said.id).where(said.expectation_id == one.id, said.person_id == who.id).order_by(said.id.desc()).limit(1).scalar_subquery()
    joined = select(Stay.since).where(Stay.person_id == who.id, Stay.until.is_(None)).order_by(Stay.id.desc()).limit(1).scalar_subquery()
    statement = (
        select(one.id, one.issued_at, one.set_by_id, one.skill, who.id.label("person_id"), who.created_at, joined.label("joined"))
        .add_columns(replied.c.kind, replied.c.replied_at, replied.c.id.label("answer_id"), one.person_id.label("hers"))
        .join(who, mine)
        .outerjoin(replied, replied.c.id == newest)
        .where(one.closed_at.is_(None), one.issued_at <= bindparam("at"), who.disabled_at.is_(None))
        .where(or_(replied.c.id.is_(None), (replied.c.kind == "objected") & replied.c.replied_at.is_not(None)))
    )
    return Asked(statement, _PERSON.c.id)


def _occasion(row: Any, at: datetime, files: Collection[datetime]) -> Occasion | None:
    again = row.kind is not None
    since = row.replied_at if again else max(row.issued_at, row.created_at, *([row.joined] if row.joined is not None and row.hers is None else []))
    step = max((days for days in STEPS if since + timedelta(days=days) <= at), default=None)
    if step is None or at - since > _NEWS:
        return None
    name = framework().skill(row.skill).name
    reason = {"id": row.id, "by": row.set_by_id, "skill": {"tr": name.tr, "en": name.en}, "again": again}
    occasion = f"answer/{row.answer_id}+{step}" if again else f"issued+{step}"
    old = not again and since > row.issued_at and since in files
    told, known = (row.issued_at, since) if old else (since + timedelta(days=step), None)
    return Occasion(row.person_id, f"expectation/{row.id}", occasion, told, reason, known=known, row=row)
