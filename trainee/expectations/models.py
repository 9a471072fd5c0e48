"""Expectations that somebody set."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name, Words


class Expectation(Base):
    """A skill should reach a level, for a team or for one person, from `since` until `until`.

    How it is monitored, how often and by whom it is seen is said with it: who is measured knows how. Rows are closed and never edited, so that one
    can always say what was expected when.
    """

    id: Mapped[Key]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    skill: Mapped[Name] = mapped_column(ForeignKey("skill.key"))
    level: Mapped[int]
    since: Mapped[Moment]
    until: Mapped[Moment | None]
    why: Mapped[Words]
    monitored: Mapped[Words]
    how_often: Mapped[str] = mapped_column(String(200))
    seen_by: Mapped[str] = mapped_column(String(200))
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        CheckConstraint("(team_id IS NULL) <> (person_id IS NULL)", name="team_or_person"),
        Index("ix_expectation_person_skill", "person_id", "skill"),
    )
