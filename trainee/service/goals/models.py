"""Goals, and whose they are."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words


class Goal(Base):
    """A figure that teams want to have reached by a day. What it is never changes; a goal that was wrong is closed and another one set."""

    id: Mapped[Key]
    # The title and why, in both languages.
    words: Mapped[Json]
    measure: Mapped[Name]
    target: Mapped[float]
    due_on: Mapped[date]
    # Everybody's; otherwise that of its teams.
    for_all: Mapped[bool]
    # The figure as it was when the goal was set, with how many it rested on. It is never worked out again.
    begin: Mapped[Json]
    opened_at: Mapped[Moment]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # What came of it, in the words of who closed it, and the figure of that day.
    outcome: Mapped[Words]
    end: Mapped[Json]
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("closed_at IS NULL OR outcome <> ''", name="closed_with_words"),)


class GoalTeam(Base):
    """That a goal is a team's. A goal of more than one is shared by them."""

    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True, index=True)
