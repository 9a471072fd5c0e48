"""Who changed what, and when: rows that are added and never edited."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, db
from trainee.kit.guards import guard


class AuditEntry(Base):
    """One deed by one person. `subject` names what it was done to (`person/17`), never by a person's name.

    Rows are only added, which the database itself sees to; the detail alone is blanked when somebody is made anonymous whom it names.
    """

    id: Mapped[Key]
    at: Mapped[Moment] = mapped_column(index=True)
    actor_id: Mapped[int | None]
    deed: Mapped[Name]
    subject: Mapped[Name] = mapped_column(index=True)
    detail: Mapped[Json]

    __table_args__ = (Index("ix_audit_entry_actor", "actor_id", "id"),)


guard(AuditEntry, blank={"detail": "{}"})


def note(actor_id: int | None, deed: str, subject: str, at: datetime, **detail: Any) -> None:
    """Write down that `actor_id` did `deed` to `subject`; goes into the caller's transaction."""
    db.session.add(AuditEntry(at=at, actor_id=actor_id, deed=deed, subject=subject, detail=detail))
