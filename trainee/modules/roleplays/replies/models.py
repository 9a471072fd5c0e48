"""What is kept of a typed reply that was shown to a supervisor. The reply itself stands in its run."""

from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Words


class OfferedReply(Base):
    """One typed reply of one run that its author wants looked at, and what was found; looked at once, and never by herself.

    Nobody but her reads a run. What she does not offer, nobody else sees.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("role_play_run.id"))
    # The move with which she confirmed her own ticks, and with it the scene.
    seq: Mapped[int]
    offered_at: Mapped[Moment]
    looked_at: Mapped[Moment | None]
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # The ids of the rubric's points that the reply meets; empty until it was looked at.
    met: Mapped[Json]
    words: Mapped[Words]

    __table_args__ = (
        UniqueConstraint("run_id", "seq"),
        CheckConstraint("(looked_at IS NULL) = (looked_by_id IS NULL)", name="looked_at_by_somebody"),
        CheckConstraint("looked_by_id IS NULL OR looked_by_id <> person_id", name="not_oneself"),
        Index("ix_offered_reply_person_looked", "person_id", "looked_at"),
    )


OFFERED = cast(Table, OfferedReply.__table__)
