"""Who has answered, and how often what was answered: two tables that nothing joins."""

from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Name


class PulseTaken(Base):
    """That somebody has answered in a quarter, so that nobody answers twice. No moment, and nothing of what she said."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    quarter: Mapped[str] = mapped_column(String(10), primary_key=True)


class PulseTally(Base):
    """How many of a team gave one answer to one question in a quarter. There is no row for a single person's answers, and none knows when it grew."""

    id: Mapped[Key]
    quarter: Mapped[str] = mapped_column(String(10))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    question: Mapped[Name]
    value: Mapped[int]
    n: Mapped[int]

    __table_args__ = (UniqueConstraint("quarter", "team_id", "question", "value"), CheckConstraint("value BETWEEN 1 AND 5", name="value"))


TAKEN = cast(Table, PulseTaken.__table__)
