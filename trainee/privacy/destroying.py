"""What was kept long enough goes, purpose by purpose, and what went is written down."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import delete, func, select

from trainee.kit import audit
from trainee.kit.clock import months_after
from trainee.kit.db import db, upsert
from trainee.kit.errors import Refusal
from trainee.kit.guards import open_door
from trainee.kit.i18n import _
from trainee.kit.jobs import Tally, one_by_one
from trainee.people.models import Person, RecordLook
from trainee.privacy import queries
from trainee.privacy.models import Anonymity, Destruction, RetentionTerm

# The regulation on erasing personal data (art. 7): at least three years.
LOG_MONTHS: Final = 36
LOOK_MONTHS: Final = 24
# After so many months a closed account is shown to HR as one that could be made anonymous.
CLOSED_MONTHS: Final = 24


def note_destruction(kind: str, subject: str, ground: str, counts: Mapping[str, int], by_id: int | None, at: datetime) -> None:
    """Write down what was destroyed; goes into the caller's transaction."""
    until: date = months_after(at.date(), LOG_MONTHS)
    values: dict[str, Any] = {"kind": kind, "subject": subject, "ground": ground, "counts": dict(counts)}
    db.session.add(Destruction(**values, at=at, by_id=by_id, keep_until=until))


def set_term(kind: str, months: int, active: bool, by_id: int, at: datetime) -> None:
    """For how many months one kind of words is kept, and whether older ones go by night. Refusal for a time that makes no sense."""
    if kind not in queries.counted_words():
        raise Refusal(_("There are no such words."), 404)
    if not 1 <= months <= 240:
        raise Refusal(_("Choose 1 to 240 months."), 422, "months")
    values = {"kind": kind, "months": months, "active": active, "changed_by_id": by_id, "changed_at": at}
    upsert(RetentionTerm, values, ["kind"], ["months", "active", "changed_by_id", "changed_at"])
    audit.note(by_id, "set_retention", f"retention/{kind}", at, months=months, active=active)


def work(at: datetime) -> Tally:
    """Destroy the words whose time is over, of the kinds that HR has switched on, and what the logs themselves have kept long enough."""
    active = db.session.scalars(select(RetentionTerm.kind).where(RetentionTerm.active)).all()
    db.session.rollback()
    told = one_by_one("destroy_words", [partial(destroy, kind, at) for kind in sorted(active)])
    forget_logs(at)
    return told


def destroy(kind: str, at: datetime) -> int:
    """Blank what is older than its term of one kind of words; how many texts. Doing it again finds nothing."""
    counts = queries.blank_older(kind, at)
    if counts:
        note_destruction("words", kind, "kept_long_enough", counts, None, at)
    return sum(counts.values())


def forget_logs(at: datetime) -> None:
    """Looks of more than two years, and what was destroyed more than three years ago."""
    with open_door():
        gone = db.session.execute(delete(RecordLook).where(RecordLook.at < months_after(at, -LOOK_MONTHS)))
        db.session.execute(delete(Destruction).where(Destruction.keep_until < at.date()))
    many: int = gone.rowcount  # type: ignore[attr-defined]
    if many:
        note_destruction("looks", "record_look", "kept_long_enough", {"record_look": many}, None, at)


def closed_long_ago(at: datetime) -> Any:
    """Closed accounts that could be made anonymous: (id, name, closed on), those closed first in front; at most fifty."""
    waits = select(Anonymity.person_id)
    old = select(Person.id, Person.name, Person.disabled_at).where(Person.disabled_at < months_after(at, -CLOSED_MONTHS), Person.id.not_in(waits))
    return list(db.session.execute(old.order_by(Person.disabled_at).limit(50)))


def destructions(before: int | None = None, many: int = 51) -> list[Any]:
    """What was destroyed, the newest first: rows of the log with the name of whoever asked."""
    statement = select(Destruction, Person.name).outerjoin(Person, Person.id == Destruction.by_id).order_by(Destruction.id.desc()).limit(many)
    return list(db.session.execute(statement if before is None else statement.where(Destruction.id < before)))


def waiting() -> int:
    """How many people wait for being made anonymous."""
    return db.session.scalar(select(func.count()).select_from(Anonymity).where(Anonymity.done_at.is_(None))) or 0
