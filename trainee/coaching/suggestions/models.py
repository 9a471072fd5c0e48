"""Suggestions with their answers."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name, Words

DECISIONS = ("adopted", "declined", "later")


class Suggestion(Base):
    """An employee's idea: what is in the way and what would help, who answers by when, what was decided and what came of it."""

    id: Mapped[Key]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[Name]
    problem: Mapped[Words]
    idea: Mapped[Words]
    responder_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[Moment]
    # A date in the responder's own time zone.
    answer_by: Mapped[date]
    answered_at: Mapped[Moment | None]
    # The responder, or somebody above her who stepped in.
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str | None] = mapped_column(String(20))
    reply: Mapped[Words | None]
    effect: Mapped[Words | None]
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("author_id <> responder_id", name="not_oneself"),
        CheckConstraint("(answered_at IS NULL) = (decision IS NULL)", name="decided_when_answered"),
    )


class SuggestionCredit(Base):
    """That somebody else took part in an idea; it is shown when the idea was adopted."""

    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestion.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
