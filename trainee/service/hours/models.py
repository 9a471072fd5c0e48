"""Hours with customers, and how many are wished for."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name, Words

LONGEST = 720


class CustomerHours(Base):
    """Some minutes of one day that somebody who leads spent with customers, or with what they said. She alone reads it."""

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    minutes: Mapped[int]
    way: Mapped[str] = mapped_column(String(20))
    # What she took from it; no customer's name belongs here.
    note: Mapped[Words]
    saved_at: Mapped[Moment]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("minutes BETWEEN 1 AND 720", name="within_a_day"), Index("ix_customer_hours_person_day", "person_id", "day"))


class HoursTarget(Base):
    """How many hours a month the company wishes for, from a moment on. Rows are added; the newest counts."""

    id: Mapped[Key]
    hours: Mapped[int]
    set_at: Mapped[Moment]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    __table_args__ = (CheckConstraint("hours BETWEEN 0 AND 100", name="hours"),)
