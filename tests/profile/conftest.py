"""What the tests of profiles share: one showing, a run of them, and every figure that is kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from trainee import profile
from trainee.evidence import Showing
from trainee.kit.db import db
from trainee.profile.models import CALIBRATION, FIGURES, STANDING

Make = Callable[..., Showing]


@pytest.fixture
def showing() -> Make:
    """Makes a showing with a receipt of its own; anything can be said otherwise."""
    numbers = count(1)

    def make(person_id: int, occurred_at: datetime, score: float = 1.0, **other: Any) -> Showing:
        number = next(numbers)
        values = {"skill": "empathy", "source": "quiz_answer", "item": f"m/quiz/q{number}", "receipt": f"r{number}"} | other
        return Showing(person_id=person_id, score=score, occurred_at=occurred_at, **values)

    return make


@pytest.fixture
def shows(showing: Make, at: datetime) -> Callable[..., None]:
    """Records `n` showings alike, a day apart, the last of them an hour before `at`."""

    def record(person_id: int, source: str, score: float, n: int, **other: Any) -> None:
        run = [showing(person_id, at - timedelta(days=n - 1 - number, hours=1), score, source=source, **other) for number in range(n)]
        profile.record(run, at)

    return record


def figures(*people: int) -> dict[str, list[tuple[Any, ...]]]:
    """Every kept figure under the current calibration, without the calibration's number."""
    current = select(CALIBRATION.c.id).where(CALIBRATION.c.state == "current").scalar_subquery()
    found = {}
    for table in (STANDING, *FIGURES):
        columns = [column for column in table.c if column.name != "calibration_id"]
        query = select(*columns).where(table.c.calibration_id == current)
        if people:
            query = query.where(table.c.person_id.in_(people))
        rows = [tuple(sorted(value.items()) if isinstance(value, dict) else value for value in row) for row in db.session.execute(query)]
        found[table.name] = sorted(rows)
    return found
