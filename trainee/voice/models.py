"""Customers' ratings."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name, Words


class Rating(Base):
    """A customer's answer to one question about a contact with one person. No customer is named, and no number of one is kept.

    `external_id` is what the system it comes from calls this answer: a file read twice is kept once.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[Moment]
    taken_at: Mapped[Moment]
    instrument: Mapped[str] = mapped_column(String(20))
    # A plain string and not an enum, so that a new question needs no migration.
    question: Mapped[Name]
    value: Mapped[int]
    # Masked before it is kept; empty when the customer wrote nothing. Blanked when its retention ends.
    comment: Mapped[Words]
    system: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[Name]

    __table_args__ = (
        CheckConstraint("value BETWEEN 1 AND 7", name="value"),
        Index("uq_rating_known_by", "system", "external_id", unique=True),
        Index("ix_rating_person_given", "person_id", "given_at"),
        Index("ix_rating_given", "given_at"),
    )
