"""Everything assigned, whose it is and how it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from trainee import plans
from trainee.kit.clock import local_date
from trainee.kit.i18n import _l
from trainee.plans.models import ASSIGNMENT
from trainee.plans.words import ASSIGNED
from trainee.reports.column import Column, Row
from trainee.reports.columns import WHO, first_of, who
from trainee.reports.figures import COMPLETION, ON_TIME, OVERDUE, Figure
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Bars, Trend
from trainee.reports.population import Member, TeamsThen, chunks, within
from trainee.reports.report import Report

_KINDS = {"module": _l("Module"), "roleplay": _l("Role-play"), "reviews": _l("Review sets"), "path": _l("Path")}


@dataclass(frozen=True, slots=True)
class Given:
    """One assignment of one person. `on_time` is None where no day was set, or it is still to come."""

    member: Member
    place: tuple[str, str]
    kind: str
    title: str
    given_at: datetime
    due_on: date | None
    state: str
    completed_at: datetime | None
    on_time: bool | None
    why: str
    rule: str


@kinds.register
class Assignments(Report):
    """One row for each thing that was assigned to somebody."""

    key = "assignments"
    place = 30
    title = _l("Assignments and completion")
    says = _l("One row for each thing that was assigned to somebody, with its last day and how it stands. The team is the one she was in then.")
    takes = ("unit", "team", "module", "since", "until", "left")
    period = _l("completed")
    figures = (COMPLETION, ON_TIME, OVERDUE)
    pictures = (
        Bars(_l("How assignments stand"), lambda fact: ((fact.state, 1.0),), lambda: first_of(ASSIGNED), _l("How it stands")),
        Trend(_l("Completed, month by month"), lambda fact: (fact.completed_at, 1.0, 1.0) if fact.completed_at else None, share=False),
    )
    _own: ClassVar[tuple[Column, ...]] = (
        Column("kind", _l("Kind"), "choice", _KINDS),
        Column("title", _l("Assigned")),
        Column("assigned_at", _l("Assigned on"), "moment"),
        Column("due_at", _l("Due on"), "date"),
        Column("state", _l("How it stands"), "choice", first_of(ASSIGNED)),
        Column("completed_at", _l("Completed on"), "moment"),
        Column("why", _l("Reason")),
        Column("rule", _l("Rule")),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who, what, by when, and how it stands."""
        return (*WHO, *self._own)

    def facts(self, asked: Asked) -> Iterator[Given]:
        """Assignments, each person's in the order in which they were given. Days select by completion."""
        for members in chunks(asked, once=True):
            then, known = TeamsThen(members, asked), {one.id: one for one in members}
            found = plans.listed(ASSIGNMENT.c.person_id.in_(list(known)), local_date(asked.at, asked.who.time_zone), most=None)
            order = {one.id: place for place, one in enumerate(members)}
            for one in sorted(found, key=lambda one: (order[one.open.person_id], one.open.given_at, one.open.id)):
                place = then.at(one.open.person_id, one.open.given_at)
                fact = None if place is None else _given(one, known[one.open.person_id], place)
                if fact is not None and _wanted(fact, one.open, asked):
                    yield fact

    def left_out(self, asked: Asked) -> tuple[Figure, ...]:
        """Days select what was completed: of what was not there is nothing to count then."""
        return (COMPLETION, OVERDUE) if asked.filters.since is not None or asked.filters.until is not None else ()

    def row(self, fact: Given, asked: Asked) -> Row:
        """Its cells."""
        own = (fact.kind, fact.title, fact.given_at, fact.due_on, fact.state, fact.completed_at, fact.why or None, fact.rule or None)
        return (*who(fact.member, fact.place), *own)


def _given(one: plans.Listed, member: Member, place: tuple[str, str]) -> Given:
    done = one.open.progress.completed_at if one.state == "done" else None
    on_time = None
    if one.open.due_on is not None and one.state in ("done", "overdue"):
        on_time = done is not None and local_date(done, member.time_zone) <= one.open.due_on
    return Given(member, place, one.open.kind, one.open.name, one.open.given_at, one.open.due_on, one.state, done, on_time, one.open.why, one.rule)


def _wanted(fact: Given, one: plans.Open, asked: Asked) -> bool:
    if asked.filters.module is not None and asked.filters.module not in _modules(one):
        return False
    if asked.filters.since is None and asked.filters.until is None:
        return True
    return fact.completed_at is not None and within(asked, fact.completed_at)


def _modules(one: plans.Open) -> set[str]:
    if one.steps:
        return {step.module.key for step in one.steps}
    return {one.module.key} if one.module is not None else set()
