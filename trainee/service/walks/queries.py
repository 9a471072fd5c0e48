"""The walks there were, place by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.service.walks.models import Walk

# Fewer walks make no trend.
TREND = 3
YEAR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Place:
    """One place with its walks, the newest last."""

    area: str
    name: str
    walks: Sequence[Any]

    @property
    def latest(self) -> Any:
        """The last walk."""
        return self.walks[-1]

    @property
    def change(self) -> float | None:
        """How the score moved since the walk before; None after the first."""
        return self.walks[-1].score - self.walks[-2].score if len(self.walks) > 1 else None

    @property
    def trend(self) -> list[float]:
        """The scores to draw; empty where there are too few."""
        return [one.score for one in self.walks] if len(self.walks) >= TREND else []


def places(day: date) -> list[Place]:
    """Every place that was walked in the last year, with its walks. One statement."""
    columns = (Walk.id, Walk.area, Walk.place, Walk.walked_on, Walk.score, Walk.steps_to_human, Walk.find_seconds)
    found: dict[tuple[str, str], list[Any]] = {}
    for row in db.session.execute(select(*columns).where(Walk.walked_on > day - YEAR).order_by(Walk.area, Walk.place, Walk.walked_on, Walk.id)):
        found.setdefault((row.area, row.place), []).append(row)
    return [Place(area, name, walks) for (area, name), walks in found.items()]


def walk_or_404(walk_id: int) -> Walk:
    """One walk."""
    found = db.session.get(Walk, walk_id)
    if found is None:
        raise NotFound
    return found
