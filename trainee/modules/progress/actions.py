"""Noting that a part is done."""

from datetime import datetime

from trainee.kit.db import upsert
from trainee.modules.progress.models import PartDone


def part_done(person_id: int, module_key: str, part: str, at: datetime) -> None:
    """A person finished a part of a module at `at`, for the first time or again. One statement."""
    values = {"person_id": person_id, "module_key": module_key, "part": part, "first_at": at, "last_at": at}
    upsert(PartDone, values, ["person_id", "module_key", "part"], ["last_at"])
