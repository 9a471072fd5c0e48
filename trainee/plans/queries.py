"""What is assigned and still to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from trainee.kit.db import db
from trainee.modules.library import catalogue_modules
from trainee.modules.library.content import Module
from trainee.modules.progress.queries import Parts, Progress, progress, required_parts
from trainee.plans.models import Assignment


@dataclass(frozen=True, slots=True)
class Open:
    """An assignment beside how far it is done."""

    id: int
    person_id: int
    module: Module
    given_at: datetime
    given_by_id: int | None
    due_on: date | None
    why: str
    progress: Progress

    def days_left(self, today: date) -> int | None:
        """Days until it is due; negative when overdue, None without a date."""
        return None if self.due_on is None else (self.due_on - today).days


def assignments_of(person_ids: Sequence[int]) -> list[Assignment]:
    """Every assignment of these people that is not excused. One statement."""
    statement = select(Assignment).where(Assignment.person_id.in_(person_ids), Assignment.excused_at.is_(None)).order_by(Assignment.given_at)
    return list(db.session.execute(statement).scalars())


def with_progress(assignments: Sequence[Assignment], parts: dict[tuple[int, str], Parts]) -> list[Open]:
    """Assignments with how far they are done; those of modules that are no longer offered are left out."""
    modules = {module.key: module for module in catalogue_modules()}
    found = []
    for one in assignments:
        module = modules.get(one.module_key)
        if module is not None:
            since = None if one.accepts_earlier else one.given_at
            far = progress(required_parts(module), parts.get((one.person_id, one.module_key), {}), since)
            found.append(Open(one.id, one.person_id, module, one.given_at, one.given_by_id, one.due_on, one.why, far))
    return found


def open_assignments(person_id: int, parts: dict[str, Parts]) -> list[Open]:
    """What one person still has to do, the most urgent first."""
    rows = with_progress(assignments_of([person_id]), {(person_id, key): done for key, done in parts.items()})
    todo = [one for one in rows if one.progress.completed_at is None]
    return sorted(todo, key=lambda one: (one.due_on is None, one.due_on or date.max, one.given_at))
