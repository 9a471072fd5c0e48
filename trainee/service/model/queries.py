"""The service model as it is written and as it was published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g
from sqlalchemy import Select, func, select

from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.people import Person
from trainee.people.queries import watched_with_viewer
from trainee.service.model.models import ServiceDraft, ServiceReading, ServiceVersion

_PLACE, _SEEN = "trainee.service.model", "service_version"
_NEWEST: Any = select(func.max(ServiceVersion.number)).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Version:
    """A published version."""

    id: int
    number: int
    words: Mapping[str, Any]
    published_at: datetime
    by_id: int | None

    @property
    def touchpoints(self) -> Sequence[Mapping[str, Any]]:
        """The touchpoints as they were then."""
        found: Sequence[Mapping[str, Any]] = self.words["touchpoints"]
        return found


def _look(number: int | None) -> None:
    setattr(g, _SEEN, number)


watched_with_viewer(_NEWEST, _look)


def current() -> Version | None:
    """The version that counts; None before the first. Read once per process; its number comes with the statement that lets the viewer in."""
    if _SEEN not in g:
        _look(db.session.scalar(select(_NEWEST)))
    number = g.get(_SEEN)
    if number is None:
        return None
    kept: Version | None = current_app.extensions.get(_PLACE)
    if kept is None or kept.number != number:
        kept = current_app.extensions[_PLACE] = _version(number)
    return kept


def as_published(words: Mapping[str, Any], touchpoints: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a version holds when this is published."""
    return {**words, "touchpoints": [dict(one) for one in touchpoints]}


def is_published(words: Mapping[str, Any], touchpoints: Sequence[Mapping[str, Any]], published: Mapping[str, Any]) -> bool:
    """Whether publishing this would change nothing of what was published."""
    return as_published(words, touchpoints) == published


def forget() -> None:
    """Let the next call of `current` read the database again."""
    current_app.extensions.pop(_PLACE, None)
    g.pop(_SEEN, None)


def good_from(measure: str) -> float | None:
    """From which figure on the company calls a customer satisfied; None where its service model does not say so by this measure.

    `csat` and `ces` are shares in hundredths of all answers, `nps` lies between -100 and +100. Every page that shows one of them asks here.
    """
    found = current()
    if found is None or found.words.get("measure") != measure:
        return None
    threshold = found.words.get("threshold")
    return float(threshold) if isinstance(threshold, int | float) else None


def _version(number: int) -> Version | None:
    row = db.session.execute(select(ServiceVersion).where(ServiceVersion.number == number)).scalars().first()
    return None if row is None else Version(row.id, row.number, row.words, row.published_at, row.by_id)


def version_or_404(number: int) -> Version:
    """A published version."""
    found = _version(number)
    if found is None:
        raise NotFound
    return found


def versions() -> list[Any]:
    """All published versions, the newest first, with how many of those who are here have read each: rows of (number, published_at, name, readers)."""
    here = ServiceReading.person_id.in_(select(Person.id).where(Person.disabled_at.is_(None)))
    readers = select(func.count()).select_from(ServiceReading).where(ServiceReading.version_id == ServiceVersion.id, here).scalar_subquery()
    statement = (
        select(ServiceVersion.number, ServiceVersion.published_at, Person.name, readers.label("readers"))
        .outerjoin(Person, Person.id == ServiceVersion.by_id)
        .order_by(ServiceVersion.number.desc())
    )
    return list(db.session.execute(statement))


def draft() -> tuple[Mapping[str, Any], int]:
    """What is being written, and its revision; where nobody writes, what was published last."""
    row = db.session.get(ServiceDraft, 1)
    if row is not None:
        return row.words, row.revision
    found = current()
    return ({} if found is None else {key: value for key, value in found.words.items() if key != "touchpoints"}), 0


def read_on(version_id: int, person_id: int) -> datetime | None:
    """When somebody said that she has read a version."""
    found: datetime | None = db.session.execute(
        select(ServiceReading.read_at).where(ServiceReading.version_id == version_id, ServiceReading.person_id == person_id)
    ).scalar()
    return found


def readers_among(version_id: int, people: Collection[int] | Select[tuple[int]] | None) -> tuple[int, int]:
    """How many of these people, or of everybody whose account is open, have read a version; and of how many. One statement."""
    read = select(ServiceReading.person_id).where(ServiceReading.version_id == version_id)
    statement = select(func.count(), func.count().filter(Person.id.in_(read))).where(Person.disabled_at.is_(None))
    if people is not None:
        statement = statement.where(Person.id.in_(people))
    of, done = db.session.execute(statement).one()
    return done, of
