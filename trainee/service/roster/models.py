"""Duty shifts."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name

PRIMARY, BACKUP = 1, 2
# What somebody stands by for: to be called, or to greet at the door.
CALL, GREET = "call", "greet"


class DutyShift(Base):
    """One person stands by for one area of the company, under one phone number, from `starts_at` until `ends_at`; or greets there at the door.

    Within one area, duty and rank shifts never overlap, so that there is one person to call first and one to call next.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    area: Mapped[Name]
    duty: Mapped[str] = mapped_column(String(10))
    # 1 is called first, 2 when the first does not answer. Who greets has 1, a second greeter 2.
    rank: Mapped[int]
    # Empty for who greets, if she likes.
    phone: Mapped[str] = mapped_column(String(30))
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("rank IN (1, 2)", name="rank"),
        CheckConstraint("duty IN ('call', 'greet')", name="duty"),
        CheckConstraint("starts_at < ends_at", name="has_length"),
        Index("uq_duty_shift_one_begins", "area", "duty", "rank", "starts_at", unique=True),
        Index("ix_duty_shift_ends", "ends_at"),
    )
