"""Entries of the service handbook, version by version."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name


class ServiceEntry(Base):
    """One version of one entry. Rows are added and never changed: the highest number counts, and the others tell how it was."""

    id: Mapped[Key]
    kind: Mapped[Name]
    key: Mapped[Name]
    number: Mapped[int]
    words: Mapped[Json]
    retired: Mapped[bool]
    saved_at: Mapped[Moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    __table_args__ = (
        CheckConstraint("number >= 1", name="numbered"),
        Index("uq_service_entry_version", "kind", "key", "number", unique=True),
    )
