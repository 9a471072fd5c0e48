"""Requests to put something right."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name, Words

DECISIONS = ("corrected", "partly", "declined")


class CorrectionRequest(Base):
    """A person says that something we hold about her is wrong. It is decided once, with an answer, by somebody else than herself."""

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[Words]
    why: Mapped[Words]
    asked_at: Mapped[Moment]
    # A date in the person's own time zone: the law gives thirty days.
    due_on: Mapped[date]
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str | None] = mapped_column(String(20))
    answer: Mapped[Words | None]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decided_once"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> person_id", name="not_ones_own"),
    )
