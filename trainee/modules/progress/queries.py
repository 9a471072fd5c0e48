"""How far people are with modules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from sqlalchemy import Table, bindparam, select

from trainee.kit.db import db
from trainee.modules.progress.models import PartDone

if TYPE_CHECKING:
    from trainee.modules.library.content import Module

Parts = Mapping[str, tuple[datetime, datetime]]
"""The parts of one module that are done: first and last time."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one person is with one module."""

    done: int
    total: int
    # When everything that is needed had been done, or None.
    completed_at: datetime | None
    # The first part that is not done, in the module's order.
    next_part: str | None

    @property
    def started(self) -> bool:
        """Whether anything is done."""
        return self.done > 0


def required_parts(module: "Module") -> list[str]:
    """What completing a module takes, in order: every lesson, its quiz passed, its role-plays played without a critical error."""
    parts = [f"lesson/{lesson.key}" for lesson in module.lessons]
    if module.quiz is not None:
        parts.append("quiz")
    return parts + [f"roleplay/{story.id}" for story in module.stories]


def parts_of(person_id: int) -> dict[str, dict[str, tuple[datetime, datetime]]]:
    """Every part a person has done, by module. One statement, however long the history."""
    rows = db.session.execute(select(PartDone.module_key, PartDone.part, PartDone.first_at, PartDone.last_at).where(PartDone.person_id == person_id))
    found: dict[str, dict[str, tuple[datetime, datetime]]] = {}
    for row in rows:
        found.setdefault(row.module_key, {})[row.part] = (row.first_at, row.last_at)
    return found


_PART = cast(Table, PartDone.__table__)
_OF_MANY = select(*(_PART.c[name] for name in ("person_id", "module_key", "part", "first_at", "last_at"))).where(
    _PART.c.person_id.in_(bindparam("people", expanding=True))
)


def parts_of_many(person_ids: Sequence[int]) -> dict[tuple[int, str], dict[str, tuple[datetime, datetime]]]:
    """The same for many people at once, by person and module."""
    found: dict[tuple[int, str], dict[str, tuple[datetime, datetime]]] = {}
    for row in db.session.execute(_OF_MANY, {"people": person_ids}):
        found.setdefault((row.person_id, row.module_key), {})[row.part] = (row.first_at, row.last_at)
    return found


def progress(required: Sequence[str], parts: Parts, since: datetime | None = None) -> Progress:
    """How far somebody is, counting only what was done (again) at or after `since` when that is given."""
    done = {part: times for part, times in parts.items() if part in required and (since is None or times[1] >= since)}
    whole = bool(required) and len(done) == len(required)
    # Without `since` the day of completion is the day the last part was done for the first time: doing one again does not move it.
    completed = max(times[0] if since is None or times[0] >= since else times[1] for times in done.values()) if whole else None
    return Progress(len(done), len(required), completed, next((part for part in required if part not in done), None))
