"""Who changed what, and when: rows that are added and never edited."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, db


class AuditEntry(Base):
    """One deed by one person. `subject` names what it was done to (`person/17`), never by a person's name."""

    id: Mapped[Key]
    at: Mapped[Moment] = mapped_column(index=True)
    actor_id: Mapped[int | None]
    deed: Mapped[Name]
    subject: Mapped[Name] = mapped_column(index=True)
    detail: Mapped[Json]


def note(actor_id: int | None, deed: str, subject: str, at: datetime, **detail: Any) -> None:
    """Write down that `actor_id` did `deed` to `subject`; goes into the caller's transaction."""
    db.session.add(AuditEntry(at=at, actor_id=actor_id, deed=deed, subject=subject, detail=detail))
