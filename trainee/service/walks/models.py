"""Walks through what customers meet first."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name


class Walk(Base):
    """One walk through one place on one day: a mark for each line of the checklist, and two things that were measured."""

    id: Mapped[Key]
    area: Mapped[str] = mapped_column(String(20))
    place: Mapped[Name]
    walked_on: Mapped[date]
    # By item: 2 as it should be, 1 partly, 0 not; what does not apply is left out.
    marks: Mapped[Json]
    # By item, what was seen.
    notes: Mapped[Json]
    score: Mapped[float]
    # From wanting to speak with a person to speaking with one.
    steps_to_human: Mapped[int | None]
    # How long three customers took on average to find a product.
    find_seconds: Mapped[int | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    saved_at: Mapped[Moment]
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("score BETWEEN 0 AND 1", name="score"), Index("ix_walk_place", "area", "place", "walked_on"))
