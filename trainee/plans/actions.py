"""Giving assignments, excusing from them and taking them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from trainee.kit import audit
from trainee.kit.db import db, insert_once, inserting
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.modules.library import module_or_404, roleplay
from trainee.modules.progress.queries import parts_of_many
from trainee.notices import tell
from trainee.plans.models import ASSIGNMENT, KINDS, Assignment, PathOpening
from trainee.plans.queries import assignments_of, path_of, with_progress

MOST_SETS, MOST_RANK = 60, 3
_ONCE = inserting(ASSIGNMENT, [])
# So many rows fit into one statement on every database.
_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done: a module, a role-play, so many review sets, or a path. Of a role-play `number` is the least rank of its ending."""

    kind: str
    what: str = ""
    number: int | None = None


def check_task(task: Task) -> None:
    """NotFound when there is no such thing to do; Refusal for a number that makes no sense."""
    if task.kind not in KINDS:
        raise NotFound
    if task.kind == "module":
        module_or_404(task.what)
    elif task.kind == "path" and path_of(task.what) is None:
        raise NotFound
    elif task.kind == "roleplay":
        if roleplay(task.what) is None:
            raise NotFound
        if task.number is not None and not 1 <= task.number <= MOST_RANK:
            raise Refusal(_("Please choose one of the endings."), 422, "number")
    elif task.kind == "reviews" and (task.number is None or not 1 <= task.number <= MOST_SETS):
        raise Refusal(_("Ask for 1 to %(most)s review sets; there is one a day.", most=MOST_SETS), 422, "number")


def assign(
    person_id: int,
    what: str,
    *,
    at: datetime,
    given_by_id: int | None,
    why: str,
    due_on: date | None = None,
    accepts_earlier: bool = False,
    kind: str = "module",
    number: int | None = None,
    gap: tuple[str, str] | None = None,
    prepared: Mapping[str, Any] | None = None,
) -> int | None:
    """Ask a person to do something; the new assignment's id, or None when this very one was given before. Refusal without a reason.

    `gap` is the skill and the diagnosis of the gap it answers; `prepared` what the reason is made of when nobody typed it.
    """
    task = Task(kind, what, number)
    _check(task, why)
    values = row(person_id, task, at=at, given_by_id=given_by_id, why=why, due_on=due_on, accepts_earlier=accepts_earlier) | {"prepared": prepared}
    if gap is not None:
        values |= {"skill_key": gap[0], "gap": gap[1]}
    made: int | None = db.session.execute(_ONCE.returning(ASSIGNMENT.c.id), values).scalar()
    if made is not None:
        audit.note(given_by_id, "assign", f"assignment/{made}", at, kind=kind, what=what)
        tell("assignment_given", [person_id], at)
    return made


def _check(task: Task, why: str) -> None:
    if not why.strip():
        raise Refusal(_("Please say in a sentence why; it is shown with the assignment."), 422, "why")
    check_task(task)


def row(person_id: int, task: Task, *, at: datetime, given_by_id: int | None, why: str, due_on: date | None, accepts_earlier: bool) -> dict[str, Any]:
    """The values of an assignment that is given by hand."""
    return {
        "person_id": person_id,
        "kind": task.kind,
        "what": task.what,
        "number": task.number,
        "given_by_id": given_by_id,
        "given_at": at,
        "due_on": due_on,
        "why": why.strip(),
        "prepared": None,
        "skill_key": None,
        "gap": None,
        "accepts_earlier": accepts_earlier,
        "rule_id": None,
        "occasion": None,
        "certification_id": None,
        "short": False,
        "ended_at": None,
        "ended_how": None,
        "ended_why": None,
        "ended_by_id": None,
    }


def insert_rows(rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert assignments, passing over those that stand there already; how many were new. One statement for each thousand."""
    made = 0
    for first in range(0, len(rows), _ROWS):
        made += len(db.session.execute(_ONCE.returning(ASSIGNMENT.c.id), [dict(one) for one in rows[first : first + _ROWS]]).all())
    return made


def assign_many(
    person_ids: Sequence[int],
    task: Task,
    *,
    at: datetime,
    given_by_id: int,
    why: str,
    due_on: date | None = None,
    accepts_earlier: bool = False,
    prepared: Mapping[str, Any] | None = None,
) -> tuple[int, int]:
    """Ask many people to do the same; how many were asked, and how many have it to do already. The statements do not grow with the people.

    Pressed twice with the same moment it asks once. `prepared` is what the reason is made of when nobody typed it.
    """
    _check(task, why)
    having = have_open(person_ids, [task], at)
    asked = [person_id for person_id in person_ids if (person_id, task.kind, task.what) not in having]
    same = row(0, task, at=at, given_by_id=given_by_id, why=why, due_on=due_on, accepts_earlier=accepts_earlier) | {"prepared": prepared}
    made = insert_rows([same | {"person_id": person_id} for person_id in asked])
    if made:
        audit.note(given_by_id, "assign", f"{task.kind}/{task.what}", at, people=asked)
        tell("assignment_given", asked, at)
    return made, len(person_ids) - len(asked)


def have_open(person_ids: Sequence[int], tasks: Sequence[Task], at: datetime) -> set[tuple[int, str, str]]:
    """Of these people and things, who has which still to do, as (person, kind, what), leaving out what was given at this very moment.

    Three statements.
    """
    wanted = {(task.kind, task.what) for task in tasks}
    rows = [one for one in assignments_of(person_ids) if (one.kind, one.what) in wanted and one.given_at != at] if person_ids else []
    if not rows:
        return set()
    far = with_progress(rows, parts_of_many(sorted({one.person_id for one in rows})))
    return {(one.person_id, one.kind, one.what) for one in far if one.progress.completed_at is None}


def excuse(assignment_id: int, reason: str, at: datetime, by_id: int) -> None:
    """Excuse somebody from an assignment, with a reason; what has ended already keeps its first reason."""
    _end(assignment_id, "excused", reason, at, by_id)


def withdraw(assignment_id: int, reason: str, at: datetime, by_id: int) -> None:
    """Take an assignment back, with a reason: it should not have been given, or is no longer needed. What was done of it stays done."""
    _end(assignment_id, "withdrawn", reason, at, by_id)


def _end(assignment_id: int, how: str, reason: str, at: datetime, by_id: int) -> None:
    if not reason.strip():
        raise Refusal(_("Please write the reason."), 422)
    open_one = (Assignment.id == assignment_id) & Assignment.ended_at.is_(None)
    values = {"ended_at": at, "ended_how": how, "ended_why": reason.strip(), "ended_by_id": by_id}
    if db.session.execute(update(Assignment).where(open_one).values(**values).returning(Assignment.id)).scalar() is not None:
        audit.note(by_id, {"excused": "excuse", "withdrawn": "withdraw"}[how], f"assignment/{assignment_id}", at)


def open_early(assignment_id: int, module_key: str, why: str, at: datetime, by_id: int) -> bool:
    """Open a locked module of somebody's path before the modules it needs are done, with a reason; False when it was opened before."""
    if not why.strip():
        raise Refusal(_("Please write the reason."), 422)
    values = {"assignment_id": assignment_id, "module_key": module_key, "why": why.strip(), "opened_by_id": by_id, "opened_at": at}
    if insert_once(PathOpening, values, ["assignment_id", "module_key"]) is None:
        return False
    audit.note(by_id, "open early", f"assignment/{assignment_id}", at, module=module_key)
    return True


def assignment_or_404(assignment_id: int, person_id: int) -> Assignment:
    """One assignment of one person; NotFound when it is somebody else's."""
    found = db.session.execute(select(Assignment).where(Assignment.id == assignment_id, Assignment.person_id == person_id)).scalars().first()
    if found is None:
        raise NotFound
    return found
