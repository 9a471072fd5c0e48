"""Lists of what is assigned, with how each stands."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from trainee.kit.db import db
from trainee.modules.library import current_versions
from trainee.modules.progress.queries import parts_of_many
from trainee.people import Person, Team
from trainee.plans.models import ASSIGNMENT as MADE
from trainee.plans.models import RULE
from trainee.plans.queries import KEPT, Open, counted, with_progress

SHOWN = ("open", "overdue", "week", "done", "ended", "all")
# So many of the newest are looked at; who wants older ones narrows the list.
MOST = 3000
_WEEK = 7
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Listed:
    """An assignment in a list: whose it is, how it stands (open, overdue, done, excused, withdrawn, left) and where it came from.

    `open.given_at` is the moment from which on it was asked of her, also where work counts from earlier.
    """

    open: Open
    name: str
    team: str
    state: str
    ended_at: datetime | None
    ended_why: str
    rule_id: int | None
    rule: str
    # Since when the rule is in force.
    rule_from: datetime | None


def _columns() -> Any:
    ends = (MADE.c.ended_at, MADE.c.ended_how, MADE.c.ended_why, MADE.c.rule_id)
    about = (Person.name, Person.name_sort, Person.created_at.label("entered_at"))
    places = (Team.name.label("team"), RULE.c.title.label("rule"), RULE.c.active_from.label("rule_from"))
    return (
        select(*(MADE.c[name] for name in KEPT), *counted(), *ends, *about, *places)
        .join(Person, Person.id == MADE.c.person_id)
        .outerjoin(Team, Team.id == Person.team_id)
        .outerjoin(RULE, RULE.c.id == MADE.c.rule_id)
    )


_ALL = _columns()


def listed(whose: Any, day: date, show: str = "all", rule_id: int | None = None, most: int | None = MOST, known: Any = None) -> list[Listed]:
    """The assignments of those people (a condition on `person_id`), the most pressing first. Three statements, and one where it is `known`
    what they have done and which versions are in use.

    `show` is open (with what is overdue), overdue, week (due within seven days), done, ended or all. With `most` None all are looked at.
    """
    statement = _ALL.where(whose)
    if rule_id is not None:
        statement = statement.where(MADE.c.rule_id == rule_id)
    rows = db.session.execute(_narrowed(statement, day, show).order_by(MADE.c.given_at.desc(), MADE.c.id.desc()).limit(most)).all()
    done, versions = known or (parts_of_many(sorted({row.person_id for row in rows})), current_versions())
    far = {one.id: one for one in with_progress(rows, done, versions)}
    found = [_listed(row, far[row.id], day) for row in rows if row.id in far]
    states = {"open": ("open", "overdue"), "overdue": ("overdue",), "week": ("open",), "done": ("done",), "ended": ("excused", "withdrawn", "left")}
    kept = [one for one in found if show not in states or one.state in states[show]]
    return sorted(kept, key=lambda one: (one.state not in ("open", "overdue"), one.open.due_on or date.max, -one.open.given_at.timestamp()))


def done_before(before: datetime) -> dict[int, datetime]:
    """When assignments were complete that were so before a moment and never ended, by their ids; those whose reason is blank are left out."""
    waits = select(MADE.c.id).where(MADE.c.ended_at.is_(None), MADE.c.given_at < before, MADE.c.why.not_in(("", "—")))
    ids, found = list(db.session.scalars(waits.order_by(MADE.c.id))), dict[int, datetime]()
    for first in range(0, len(ids), _AT_ONCE):
        for one in listed(MADE.c.id.in_(ids[first : first + _AT_ONCE]), before.date(), most=None):
            completed = one.open.progress.completed_at
            if one.state == "done" and completed is not None and completed < before:
                found[one.open.id] = completed
    return found


def _narrowed(statement: Any, day: date, show: str) -> Any:
    if show in ("open", "overdue", "week"):
        statement = statement.where(MADE.c.ended_at.is_(None))
    if show == "overdue":
        return statement.where(MADE.c.due_on < day)
    if show == "week":
        return statement.where(MADE.c.due_on.between(day, day + timedelta(days=_WEEK)))
    if show == "ended":
        return statement.where(MADE.c.ended_how.in_(("excused", "withdrawn", "left")))
    return statement


def _listed(row: Any, one: Open, day: date) -> Listed:
    state = row.ended_how
    if state is None:
        late = one.due_on is not None and one.due_on < day
        state = "done" if one.progress.completed_at is not None else "overdue" if late else "open"
    if row.rule_id is not None:
        # A rule may count from somebody's first day; it gave nothing before it was in force, nor before she was entered.
        one = replace(one, given_at=max(one.given_at, row.rule_from or one.given_at, row.entered_at))
    return Listed(one, row.name, row.team or "", state, row.ended_at, row.ended_why or "", row.rule_id, row.rule or "", row.rule_from)
