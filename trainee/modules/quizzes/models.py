"""Attempts at quizzes and the answers given in them."""

from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name


class QuizAttempt(Base):
    """One try at a module's quiz, pinned to the version it was begun on.

    `number` counts a person's tries at this module. The constraints, and not a count, keep parallel tabs from beginning a second open attempt or
    one more than `allowed`.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("module_version.id"))
    module_key: Mapped[Name]
    number: Mapped[int]
    allowed: Mapped[int | None]
    seed: Mapped[str] = mapped_column(String(32))
    # The ids of the questions drawn, in the order in which they are asked.
    drawn: Mapped[Json]
    started_at: Mapped[Moment]
    deadline_at: Mapped[Moment | None]
    handed_in_at: Mapped[Moment | None]
    # Share of all points, 0..1, once handed in.
    score: Mapped[float | None]
    passed: Mapped[bool | None]

    __table_args__ = (
        UniqueConstraint("person_id", "module_key", "number"),
        CheckConstraint("allowed IS NULL OR number <= allowed", name="not_more_than_allowed"),
        Index(
            "uq_quiz_attempt_one_open",
            "person_id",
            "module_key",
            unique=True,
            sqlite_where=text("handed_in_at IS NULL"),
            postgresql_where=text("handed_in_at IS NULL"),
        ),
    )


class QuizAnswer(Base):
    """The answer to one question of one attempt. `turn` counts how often it was changed, so that a late request never undoes a newer one."""

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempt.id"))
    question_id: Mapped[Name]
    answer: Mapped[Json]
    # 'sure', 'fairly', 'guess', or None when it was not asked or not said.
    confidence: Mapped[str | None] = mapped_column(String(10))
    score: Mapped[float]
    key: Mapped[str] = mapped_column(String(64))
    turn: Mapped[int]
    answered_at: Mapped[Moment]
    # How long it took from when the question was shown; None when nobody can say (`modules/pace.py`).
    seconds: Mapped[int | None]

    __table_args__ = (UniqueConstraint("attempt_id", "question_id"),)


# Core writes are quicker than the ORM's, and every answer is one.
ANSWER = cast(Table, QuizAnswer.__table__)
