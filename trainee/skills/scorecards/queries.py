"""Which scorecards there are, and what is on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from flask import current_app
from sqlalchemy import Table, func, select

from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.kit.words import Text
from trainee.skills.scorecards.models import ScorecardVersion

_PLACE = "trainee.skills.scorecards"
_VERSION = cast(Table, ScorecardVersion.__table__)


@dataclass(frozen=True, slots=True)
class CardLine:
    """One skill that is watched, as it stood when the card was published."""

    skill: str
    weight: int
    shows: Text
    anchors: Mapping[int, tuple[Text, ...]]
    own: bool
    quality: str
    step: str


@dataclass(frozen=True)
class Card:
    """A published version of a scorecard, read once per process; it is never changed."""

    id: int
    key: str
    number: int
    channel: str
    title: Text
    lines: tuple[CardLine, ...]
    critical: tuple[str, ...]

    @cached_property
    def skills(self) -> tuple[str, ...]:
        """The skills it watches, in its order."""
        return tuple(line.skill for line in self.lines)

    def line(self, skill: str) -> CardLine | None:
        """The line of a skill."""
        return next((line for line in self.lines if line.skill == skill), None)

    def weighted(self, levels: Mapping[str, int | None], critical: bool) -> float | None:
        """The contact as a whole, 1 to 4: the mean of the levels by the weights of the lines that were seen; None when none was.

        A critical error overrides it: the contact is then at 1, whatever else went well.
        """
        seen = [(line.weight, level) for line in self.lines if (level := levels.get(line.skill)) is not None]
        if critical:
            return 1.0
        total = sum(weight for weight, _level in seen)
        return sum(weight * level for weight, level in seen) / total if total else None


def card(version_id: int) -> Card:
    """The scorecard of a version: read once per process, then the same object for everybody. NotFound when there is none."""
    kept: dict[int, Card] = current_app.extensions.setdefault(_PLACE, {})
    found = kept.get(version_id)
    if found is None:
        row = db.session.execute(select(_VERSION).where(_VERSION.c.id == version_id)).first()
        if row is None:
            raise NotFound
        found = kept[version_id] = _card(row)
    return found


def forget() -> None:
    """Let go of what was read: for tests, which put another database under the same process."""
    current_app.extensions.pop(_PLACE, None)


def _card(row: Any) -> Card:
    content = row.content
    lines = tuple(
        CardLine(
            one["skill"],
            one["weight"],
            Text(**one["shows"]),
            {int(level): tuple(Text(**words) for words in sentences) for level, sentences in one["anchors"].items()},
            one["own"],
            one["quality"],
            one["step"],
        )
        for one in content["lines"]
    )
    return Card(row.id, row.key, row.number, row.channel, Text(**content["title"]), lines, tuple(content["critical"]))


def current_cards() -> list[Card]:
    """The cards in use, by channel and key. One statement, and one more for each version that this process never met."""
    newest = (
        select(_VERSION.c.key, func.max(_VERSION.c.number).label("number")).where(_VERSION.c.retired_at.is_(None)).group_by(_VERSION.c.key).subquery()
    )
    wanted = select(_VERSION.c.id).join(newest, (_VERSION.c.key == newest.c.key) & (_VERSION.c.number == newest.c.number))
    return [card(number) for number in db.session.execute(wanted.order_by(_VERSION.c.channel, _VERSION.c.key)).scalars().all()]


def current_card(key: str) -> Card:
    """The version in use of a card; NotFound when there is no such card, or it is retired."""
    wanted = select(_VERSION.c.id).where(_VERSION.c.key == key, _VERSION.c.retired_at.is_(None)).order_by(_VERSION.c.number.desc()).limit(1)
    number = db.session.execute(wanted).scalar()
    if number is None:
        raise NotFound
    return card(number)


def versions(key: str) -> list[Any]:
    """Every version of a card as (id, number, origin, published_at, published_by_id, retired_at), the newest first."""
    columns = (_VERSION.c.id, _VERSION.c.number, _VERSION.c.origin, _VERSION.c.published_at, _VERSION.c.published_by_id, _VERSION.c.retired_at)
    return list(db.session.execute(select(*columns).where(_VERSION.c.key == key).order_by(_VERSION.c.number.desc())))
