"""The week of a team for who leads it, and the month of the company for HR."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, func, select

from trainee.coaching.sessions.models import SESSION
from trainee.kit.clock import local_date, months_after
from trainee.kit.db import db
from trainee.kit.i18n import _, _l, _n
from trainee.notices import Kind, Occasion, Reader, kinds, morning
from trainee.people import Person, ReportingLine, RoleHeld
from trainee.plans.models import CERTIFICATE
from trainee.plans.notices import late_ones

_WEEK = timedelta(days=7)


_PERSON, _HELD, _LINE = (cast(Table, model.__table__) for model in (Person, RoleHeld, ReportingLine))
_DIRECT = (_LINE.c.kind == "direct", _LINE.c.until.is_(None))
# Built once, of plain columns: the planner asks every ten minutes.
_HOLDING = (
    select(_PERSON.c.id, _PERSON.c.time_zone)
    .join(_HELD, _HELD.c.person_id == _PERSON.c.id)
    .where(_HELD.c.role == bindparam("role"), _PERSON.c.disabled_at.is_(None))
)
_LEADING = select(_LINE.c.supervisor_id).where(*_DIRECT).distinct()
_TEAMS = (
    select(_LINE.c.supervisor_id, _LINE.c.person_id)
    .join(_PERSON, _PERSON.c.id == _LINE.c.person_id)
    .where(_LINE.c.supervisor_id.in_(bindparam("leaders", expanding=True)), *_DIRECT, _PERSON.c.disabled_at.is_(None))
)


def _holding(role: str, people: Collection[int] | None) -> Sequence[Any]:
    rows = db.session.execute(_HOLDING, {"role": role}).all()
    return rows if people is None else [row for row in rows if row.id in people]


def _teams(leaders: Sequence[int]) -> dict[int, set[int]]:
    """Who reports directly to each of these; nobody has an empty team. One statement."""
    found: dict[int, set[int]] = {}
    for row in db.session.execute(_TEAMS, {"leaders": list(leaders)}):
        found.setdefault(row.supervisor_id, set()).add(row.person_id)
    return found


@kinds.register
class TeamWeek(Kind):
    """What a supervisor finds in her team at the beginning of a week."""

    key = "team_week"
    title = _l("Your team this week")
    timing = _l("On the first working day of the week.")
    stops = _l("It is told once a week, and not where nobody reports to them.")
    icon = "users"
    roles = frozenset({"supervisor"})
    may_be_off = True
    passing = True

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """One for each who leads somebody and week. Two statements."""
        found = []
        leading = set(db.session.scalars(_LEADING))
        for who in _holding("supervisor", people):
            if who.id not in leading:
                continue
            today = local_date(at, who.time_zone)
            monday = today - timedelta(days=today.weekday())
            until = morning(monday + _WEEK, who.time_zone)
            found.append(Occasion(who.id, "team", f"week of {monday}", morning(monday, who.time_zone), day=monday, until=until, row=who))
        return found

    def settle(self, found: Sequence[Occasion], at: datetime) -> Sequence[Occasion]:
        """Those who lead somebody, with what there is: people, those past a date, sessions of the week. Five statements."""
        ids = [one.person_id for one in found]
        teams = _teams(ids)
        late = late_ones(at)
        planned = select(SESSION.c.coach_id, func.count().label("many")).where(SESSION.c.coach_id.in_(ids), SESSION.c.held_at.is_(None))
        planned = planned.where(SESSION.c.cancelled_at.is_(None), SESSION.c.promised_at.between(at, at + _WEEK)).group_by(SESSION.c.coach_id)
        sessions = {row.coach_id: row.many for row in db.session.execute(planned)}
        return [
            replace(one, reason={"people": len(team), "late": len(team & late.keys()), "sessions": sessions.get(one.person_id, 0)})
            for one in found
            if (team := teams.get(one.person_id))
        ]

    def holds(self, found: Sequence[Occasion], at: datetime) -> Sequence[Occasion]:
        """Those who lead somebody. One statement."""
        teams = _teams([one.person_id for one in found])
        return [one for one in found if one.person_id in teams]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """The week in numbers."""
        said = [str(_n("%(num)d person reports to you.", "%(num)d people report to you.", reason["people"]))]
        if reason["late"]:
            said.append(str(_n("%(num)d of them is past a date.", "%(num)d of them are past a date.", reason["late"])))
        else:
            said.append(str(_("Nobody is past a date.")))
        if reason["sessions"]:
            said.append(str(_n("%(num)d coaching session is planned.", "%(num)d coaching sessions are planned.", reason["sessions"])))
        return " ".join(said)

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The team."""
        return "dashboards.team", {}


@kinds.register
class CompanyMonth(Kind):
    """What HR finds at the beginning of a month."""

    key = "company_month"
    title = _l("The month in figures")
    timing = _l("On the first working day of the month.")
    stops = _l("It is told once a month.")
    icon = "chart-column"
    roles = frozenset({"hr"})
    may_be_off = True
    passing = True

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """One for each person of HR and month. One statement."""
        found = []
        for who in _holding("hr", people):
            first = local_date(at, who.time_zone).replace(day=1)
            until = morning(months_after(first, 1), who.time_zone)
            found.append(Occasion(who.id, "company", f"{first:%Y-%m}", morning(first, who.time_zone), day=first, until=until, row=first))
        return found

    def settle(self, found: Sequence[Occasion], at: datetime) -> Sequence[Occasion]:
        """With what there is: who is past a date, certificates that end, who came and who left in the month before."""
        late = len(late_ones(at))
        return [replace(one, reason={"late": late} | _month(one.row)) for one in found]

    def holds(self, found: Sequence[Occasion], at: datetime) -> Sequence[Occasion]:
        """All of them: a month that has begun goes on."""
        return found

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """The month in numbers."""
        return " ".join(
            (
                str(_n("%(num)d person is past a date.", "%(num)d people are past a date.", reason["late"])),
                str(_n("%(num)d certificate ends this month.", "%(num)d certificates end this month.", reason["ending"])),
                str(_n("Last month %(num)d person came", "Last month %(num)d people came", reason["came"])),
                str(_n("and %(num)d left.", "and %(num)d left.", reason["left"])),
            )
        )

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The certificates."""
        return "plans.certifications", {}


def _month(first: date) -> dict[str, int]:
    """Of the month that begins on `first`: certificates that end in it; and of the one before: who came and who left. Three statements."""
    zone = ZoneInfo("UTC")
    begin, end = (datetime.combine(day, time(0), zone) for day in (months_after(first, -1), first))
    newer = CERTIFICATE.alias()
    same = (newer.c.person_id == CERTIFICATE.c.person_id, newer.c.certification_id == CERTIFICATE.c.certification_id, newer.c.id > CERTIFICATE.c.id)
    ending = select(func.count()).select_from(CERTIFICATE.join(Person.__table__, Person.id == CERTIFICATE.c.person_id))
    ending = ending.where(CERTIFICATE.c.withdrawn_at.is_(None), Person.disabled_at.is_(None))
    ending = ending.where(CERTIFICATE.c.valid_until >= first, CERTIFICATE.c.valid_until < months_after(first, 1))
    moved = {
        name: db.session.scalar(select(func.count()).select_from(Person).where(column >= begin, column < end)) or 0
        for name, column in (("came", Person.created_at), ("left", Person.disabled_at))
    }
    return moved | {"ending": db.session.scalar(ending.where(~select(newer.c.id).where(*same).correlate(CERTIFICATE).exists())) or 0}
