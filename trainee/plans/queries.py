"""What is assigned and still to be done."""

from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select

from trainee.kit.db import db
from trainee.kit.straight import Straight
from trainee.modules.library import current_versions
from trainee.modules.library import module as read
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


_TABLE = cast(Table, Assignment.__table__)
_NAMES = ("id", "person_id", "module_key", "given_at", "given_by_id", "due_on", "why", "accepts_earlier")
_Kept = namedtuple("_Kept", _NAMES)  # type: ignore[misc]  # Its fields are the columns'.


def _of(whose: Any) -> Any:
    return select(*(_TABLE.c[name] for name in _NAMES)).where(whose, _TABLE.c.excused_at.is_(None)).order_by(_TABLE.c.given_at)


# Built once, of plain columns; the one for a single person is sent with every Today.
_OF = _of(_TABLE.c.person_id.in_(bindparam("people", expanding=True)))
_OF_ONE = Straight(_of(_TABLE.c.person_id == bindparam("person")))


def assignments_of(person_ids: Sequence[int]) -> Sequence[Any]:
    """Every assignment of these people that is not excused, in the order in which they were given. One statement."""
    if len(person_ids) == 1:
        return [_Kept(*row) for row in _OF_ONE({"person": person_ids[0]})]
    return db.session.execute(_OF, {"people": person_ids}).all()


def with_progress(assignments: Sequence[Any], parts: Mapping[tuple[int, str], Parts], versions: Mapping[str, int] | None = None) -> list[Open]:
    """Assignments with how far they are done; those of modules that are no longer offered are left out. `versions` spares asking for them again."""
    modules = {key: read(version_id) for key, version_id in (current_versions() if versions is None else versions).items()}
    found = []
    for one in assignments:
        module = modules.get(one.module_key)
        if module is not None:
            since = None if one.accepts_earlier else one.given_at
            far = progress(required_parts(module), parts.get((one.person_id, one.module_key), {}), since)
            found.append(Open(one.id, one.person_id, module, one.given_at, one.given_by_id, one.due_on, one.why, far))
    return found


def in_order(assignments: Iterable[Open]) -> list[Open]:
    """Those that are still to be done, the most urgent first."""
    todo = [one for one in assignments if one.progress.completed_at is None]
    return sorted(todo, key=lambda one: (one.due_on is None, one.due_on or date.max, one.given_at))


def open_assignments(person_id: int, parts: Mapping[str, Parts], versions: Mapping[str, int] | None = None) -> list[Open]:
    """What one person still has to do, the most urgent first."""
    return in_order(with_progress(assignments_of([person_id]), {(person_id, key): done for key, done in parts.items()}, versions))
