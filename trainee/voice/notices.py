"""What people are told of customers: somebody felt that nobody cared, and a measure that moved further than chance goes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, func, or_, select

from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.notices import Kind, Occasion, Reader, kinds, morning
from trainee.people import Person, ReportingLine, RoleHeld, Team
from trainee.voice.arithmetic import Change, Figure
from trainee.voice.measures.measure import MEASURES, change_words
from trainee.voice.measures.queries import MONTHS, Course, courses, team_names
from trainee.voice.models import Concern, Rating

_NEWS = timedelta(days=30)
# A look at a month's end is told in the week after it.
_WEEK = 7


@kinds.register
class WorriedCustomer(Kind):
    """A customer felt that nobody cared: told to who has to see to it, again when the day is past, and then to the supervisor above as well."""

    key = "concern_to_see_to"
    title = _l("A customer felt that nobody cared")
    timing = _l("When the customer has said so; once more when the day has passed, and then to the supervisor above as well.")
    stops = _l("It stops when somebody has written down what was done.")
    icon = "heart-handshake"
    roles = frozenset({"supervisor", "hr"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """What nobody has seen to yet: to her supervisor, to who leads the team, or to HR where nobody does. At most two statements."""
        rows = db.session.execute(_open(), {"after": at - _NEWS}).all()
        hr = list(db.session.scalars(_HR)) if any(row.hers is None for row in rows) else []
        found = [one for row in rows for one in _of(row, hr, at)]
        return [one for one in found if people is None or one.person_id in people]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """About whom, and by when."""
        words = {"name": reader.name(reason["who"]), "day": reader.day(reason["until"]), "other": reader.name(reason["by"])}
        if reason["by"] is not None:
            if reason["who"] is None:
                return str(_("A customer felt that nobody cared. %(other)s was to see to it by %(day)s and has not yet.", **words))
            return str(_("A customer whom %(name)s served felt that nobody cared. %(other)s was to see to it by %(day)s and has not yet.", **words))
        if reason["late"]:
            return str(_("A customer who felt that nobody cared is still waiting; the day was %(day)s.", **words))
        if reason["who"] is None:
            return str(_("A customer felt that nobody cared. Please see to it by %(day)s.", **words))
        return str(_("A customer whom %(name)s served felt that nobody cared. Please see to it by %(day)s.", **words))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The task."""
        return "voice.concern", {"concern_id": reason["id"]}


_HR = select(RoleHeld.person_id).join(Person, Person.id == RoleHeld.person_id).where(RoleHeld.role == "hr", Person.disabled_at.is_(None)).distinct()


def _above(below: Any) -> Any:
    """The direct supervisor of somebody, as a subquery."""
    line = ReportingLine.__table__.alias()
    direct = (line.c.person_id == below, line.c.kind == "direct", line.c.until.is_(None))
    return select(line.c.supervisor_id).where(*direct).limit(1).scalar_subquery()


@cache
def _open() -> Any:
    tasks = (
        select(Concern.rating_id, Concern.person_id, Concern.opened_at, Concern.due_on)
        .add_columns(func.coalesce(_above(Concern.person_id), Team.supervisor_id).label("hers"))
        .outerjoin(Team, (Team.id == Concern.team_id) & or_(Concern.person_id.is_(None), Team.supervisor_id != Concern.person_id))
        .where(Concern.closed_at.is_(None), Concern.opened_at > bindparam("after"))
        .subquery()
    )
    columns = (*tasks.c, Person.time_zone, Person.disabled_at, _above(tasks.c.hers).label("above"))
    return select(*columns).outerjoin(Person, Person.id == tasks.c.hers)


def _of(row: Any, hr: Sequence[int], at: datetime) -> list[Occasion]:
    zone = row.time_zone or current_app.extensions["trainee"].default_time_zone
    passed, late = morning(row.due_on + timedelta(days=1), zone), local_date(at, zone) > row.due_on
    reason = {"id": row.rating_id, "who": row.person_id, "until": str(row.due_on), "late": late, "by": None}
    subject = f"concern/{row.rating_id}"
    occasion, since = ("late", passed) if late else ("opened", row.opened_at)
    found = [Occasion(one, subject, occasion, since, reason) for one in ([row.hers] if row.hers is not None else hr)]
    gone = row.disabled_at is not None
    if row.above is not None and row.above != row.person_id and (late or gone):
        since = max(row.opened_at, row.disabled_at) if gone else passed
        found.append(Occasion(row.above, subject, "climbed", since, reason | {"by": row.hers}))
    return found


@kinds.register
class MeasureMoved(Kind):
    """A measure of a team, or of everybody, lies further from its past than chance goes: told to who leads the team, and to HR."""

    key = "measure_moved"
    title = _l("What customers say has changed")
    timing = _l("After a month's end, when a measure has moved further than chance goes; once for each time it begins to.")
    stops = _l("It is told once. The page says whether it is still so.")
    icon = "trending-down"
    roles = frozenset({"supervisor", "hr"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """What the look at the end of the month before notices for the first time."""
        zone = current_app.extensions["trainee"].default_time_zone
        today = local_date(at, zone)
        if today.day > _WEEK:
            return []
        moment = morning(today.replace(day=1), zone)
        found = _noticed(moment)
        if not found:
            return []
        led = select(Team.id, Team.supervisor_id).where(Team.supervisor_id.is_not(None))
        readers: dict[int | None, list[int]] = {row.id: [row.supervisor_id] for row in db.session.execute(led)}
        readers[None] = list(db.session.scalars(_HR))
        until = at + timedelta(days=30)
        return [
            Occasion(who, f"measure/{key}/{team_id or 0}", f"{today:%Y-%m}", moment, reason, until=until)
            for key, team_id, reason in found
            for who in readers.get(team_id, ())
            if people is None or who in people
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Which measure of whom, and how it moved."""
        measure = MEASURES[reason["measure"]]
        whom = reason["team"] or str(_("the whole company"))
        return f"{measure.name}, {whom}: {change_words(reason['measure'], measure, _change(reason))}"

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The measure."""
        return "measures.measures", {"measure": reason["measure"], "team": reason["team_id"] or 0}


def _change(reason: Mapping[str, Any]) -> Change:
    """A look as it was told."""
    before, after = (Figure(reason[name], 0, 0.0, 0.0) for name in ("before", "after"))
    return Change(reason["kind"], before, after)


Found = list[tuple[str, int | None, dict[str, Any]]]


def _noticed(moment: datetime) -> Found:
    """What is noticed at this moment and was not a month before, by measure and team.

    The timetable asks every ten minutes, and a year of answers is read for it: what was found is kept until another answer of before is known.
    """
    newest = db.session.scalar(select(func.max(Rating.given_at)).where(Rating.given_at <= moment))
    if newest is None:
        return []
    asked = (str(db.engine.url), moment, newest)
    kept: tuple[Any, Found] | None = current_app.extensions.get("trainee.voice.looks")
    if kept is None or kept[0] != asked:
        kept = current_app.extensions["trainee.voice.looks"] = (asked, _looked(moment))
    return kept[1]


def _looked(moment: datetime) -> Found:
    found: Found = []
    teams = team_names()
    for key in MEASURES:
        everybody, by_team = courses(key, moment)
        of: list[tuple[int | None, Course]] = [(None, everybody), *by_team.items()]
        for team_id, course in of:
            last = course.noticed[-1] if course.noticed else None
            if last is not None and last.first == MONTHS - 1 and last.change.before and last.change.after:
                figures = {"before": last.change.before.value, "after": last.change.after.value}
                about = {"measure": key, "team_id": team_id, "team": teams.get(team_id or 0, "")}
                found.append((key, team_id, {**about, "kind": last.change.kind, **figures}))
    return found
