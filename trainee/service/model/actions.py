"""Writing the service model, publishing it, and saying that one has read it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from trainee.kit import audit
from trainee.kit.db import db, insert_once, upsert
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.service.model.models import ServiceDraft, ServiceReading, ServiceVersion
from trainee.service.model.queries import as_published, draft, forget, is_published
from trainee.service.model.sections import lacking


def write(values: Mapping[str, Any], *, revision: int, at: datetime, by_id: int | None) -> None:
    """Write a section into the draft. Refusal when somebody else wrote in it since it was opened."""
    words, now = draft()
    if all(words.get(key) == value for key, value in values.items()):
        return
    if now != revision:
        raise Refusal(_("Somebody changed this while you were writing. Look at it again, and then make your change."))
    row = {"id": 1, "words": {**words, **values}, "revision": now + 1, "saved_at": at, "by_id": by_id}
    upsert(ServiceDraft, row, ["id"], ["words", "revision", "saved_at", "by_id"])


def publish(touchpoints: Sequence[Mapping[str, Any]], *, at: datetime, by_id: int | None) -> int:
    """Make the draft a version that everybody reads, with these touchpoints; its number. The same once more changes nothing.

    Refusal (422) while a section is not answered in both languages, or there is no touchpoint.
    """
    words, _revision = draft()
    if lacking(words, touchpoints):
        raise Refusal(_("Something is still missing; every section is needed in both languages before this can be published."), 422)
    last = db.session.execute(select(ServiceVersion).order_by(ServiceVersion.number.desc()).limit(1)).scalars().first()
    if last is not None and is_published(words, touchpoints, last.words):
        return last.number
    number = (last.number if last is not None else 0) + 1
    values = {"number": number, "words": as_published(words, touchpoints), "published_at": at, "by_id": by_id}
    if insert_once(ServiceVersion, values, ["number"]) is None:
        raise Refusal(_("Somebody published a version just now. Please look at it first."))
    audit.note(by_id, "publish service model", f"service_version/{number}", at)
    forget()
    return number


def acknowledge(person_id: int, number: int, *, at: datetime) -> None:
    """Say that one has read a version; once. Refusal when it is not the one that counts."""
    newest = db.session.execute(select(ServiceVersion.id, ServiceVersion.number).order_by(ServiceVersion.number.desc()).limit(1)).first()
    if newest is None or newest.number != number:
        raise Refusal(_("There is a newer version. Please read that one."))
    if insert_once(ServiceReading, {"version_id": newest.id, "person_id": person_id, "read_at": at}, ["version_id", "person_id"]) is not None:
        audit.note(person_id, "read service model", f"service_version/{number}", at)
