"""Public voices, added up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from trainee.kit.db import db
from trainee.voice.public.models import PublicVoice

MONTHS = 12


@dataclass(slots=True)
class Sum:
    """Several lines together: how many voices, and the mean stars of those that gave any (`rated` of them)."""

    n: int = 0
    rated: int = 0
    stars: float = 0.0

    def add(self, n: int, stars: float | None) -> None:
        """One line more."""
        self.n += n
        if stars is not None:
            self.rated += n
            self.stars += n * stars

    @property
    def mean(self) -> float | None:
        """The mean of all stars, each voice alike; None where none gave any."""
        return self.stars / self.rated if self.rated else None


def months_until(today: date, many: int = MONTHS) -> list[date]:
    """The first days of the last months, this one included, oldest first."""
    last = today.year * 12 + today.month - 1
    return [date(place // 12, place % 12 + 1, 1) for place in range(last - many + 1, last + 1)]


def lines(since: date) -> Sequence[Any]:
    """Every line since a month, the newest first. One statement."""
    found = select(PublicVoice).where(PublicVoice.month >= since)
    return db.session.execute(found.order_by(PublicVoice.month.desc(), PublicVoice.source, PublicVoice.theme)).scalars().all()


def summed(found: Iterable[Any], name: str) -> dict[Any, Sum]:
    """Lines added up by `month`, `source` or `theme`."""
    sums: dict[Any, Sum] = {}
    for line in found:
        sums.setdefault(getattr(line, name), Sum()).add(line.n, line.stars)
    return sums
