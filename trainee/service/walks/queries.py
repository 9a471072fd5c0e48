"""The walks there were, place by place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.kit.i18n import _, date_words, force_locale, language
from trainee.kit.words import Text
from trainee.service.board import Improvement
from trainee.service.walks.checklist import checklist
from trainee.service.walks.models import Walk

# Fewer walks make no trend.
TREND = 3
YEAR = timedelta(days=400)
# What the card of a missing welcome is known by; a number of more digits is no walk's, and PostgreSQL would not compare it.
_CARD = re.compile(r"walk/(?P<walk>[0-9]{1,9})/(?P<item>[a-z-]+)")


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


@dataclass(frozen=True, slots=True)
class Missing:
    """A welcome that was missing on a walk: all that its card on the improvement board says."""

    place: str
    walked_on: date
    line: Text

    def __str__(self) -> str:
        """What its card says, in the reader's language; the place is called as whoever walked called it."""
        return str(_("%(place)s: missing on the walk of %(day)s: %(line)s", place=self.place, day=self.day, line=self.line.of(language())))

    @property
    def day(self) -> str:
        """The day of the walk in words."""
        return date_words(self.walked_on)

    def said_by(self, issue: str) -> bool:
        """Whether a card says just this, in either language; what somebody has written anew is her own words."""
        for lang in ("tr", "en"):
            with force_locale(lang):
                if issue == str(self):
                    return True
        return False


def missing_of(cards: Iterable[Improvement]) -> dict[int, Missing]:
    """By card, the missing welcome that it was opened for, of those that still say so. One statement, none without such a card."""
    found = {card.id: (card.issue, one) for card in cards if (one := _CARD.fullmatch(card.receipt)) is not None}
    if not found:
        return {}
    walked = select(Walk.id, Walk.area, Walk.place, Walk.walked_on).where(Walk.id.in_({int(one["walk"]) for _issue, one in found.values()}))
    rows = {row.id: row for row in db.session.execute(walked)}
    told = {}
    for number, (issue, one) in found.items():
        row = rows.get(int(one["walk"]))
        item = next((item for item in checklist()[row.area] if item.key == one["item"]), None) if row is not None else None
        if row is not None and item is not None and (missing := Missing(row.place, row.walked_on, item.words)).said_by(issue):
            told[number] = missing
    return told
