"""Cards, the log they are derived from, the set of a day, and what was fitted to the log."""

from datetime import date
from typing import cast

from sqlalchemy import ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name


class ReviewLog(Base):
    """One answer to one question, as the scheduler saw it. Rows are added and never changed.

    Answers of quizzes and lessons come in under the receipt their evidence has; an answer of a review under `spaced_review/<person>/<item>/<day>`,
    which is what keeps a question from being answered twice in one day.
    """

    id: Mapped[Key]
    receipt: Mapped[str] = mapped_column(String(250), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # `<module>/quiz/<question>` or `<module>/<lesson>/<check>`.
    item: Mapped[str] = mapped_column(String(200))
    # A plain string and not an enum: quiz_answer, embedded_check, spaced_review.
    source: Mapped[Name]
    score: Mapped[float]
    # 'sure', 'fairly', 'guess', or None when it was not asked or not said.
    confidence: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[Moment]
    # The calendar day where the person was. The scheduler counts in days, so that a card due tomorrow is due from tomorrow morning.
    answered_on: Mapped[date]
    # What was answered, of a review; quizzes and lessons keep their own.
    answer: Mapped[Json | None]
    # The type of the question, how long the answer took, and whether that is long for this person with such questions; None when nobody can say.
    kind: Mapped[Name | None]
    seconds: Mapped[int | None]
    slow: Mapped[bool | None]

    __table_args__ = (Index("ix_review_log_person_item", "person_id", "item", "answered_on"),)


class ReviewCard(Base):
    """When one question comes back to one person. Derived from the log: folding it anew gives the same card."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(200), primary_key=True)
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"))
    stability: Mapped[float]
    difficulty: Mapped[float]
    due_on: Mapped[date]
    last_on: Mapped[date]
    # Answered wrongly last time, and sure of it: these come first.
    surely_wrong: Mapped[bool]

    __table_args__ = (Index("ix_review_card_due", "person_id", "due_on", "skill_key"),)


class ReviewSet(Base):
    """What one person is asked on one day of hers: `items` as [item, version] pairs, and the role-play to play a turn of.

    A set that was only put off has no items.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    items: Mapped[Json]
    story: Mapped[Name | None]
    # When it was drawn; whatever was answered in quizzes and lessons before that has its card.
    drawn_at: Mapped[Moment | None]
    finished_at: Mapped[Moment | None]
    skipped_at: Mapped[Moment | None]

    __table_args__ = (UniqueConstraint("person_id", "day"), Index("ix_review_set_person_finished", "person_id", "finished_at"))


class ReviewFit(Base):
    """What one night made of the log: the scheduler's weights, and how well they foretold people they had not seen. Rows are never changed.

    An answer is scheduled by the newest weights that were in use when it was given, so a log gives the same cards whenever it is folded.
    """

    id: Mapped[Key]
    fitted_at: Mapped[Moment]
    # None when they were not clearly better than the library's, and never used.
    used_from: Mapped[Moment | None]
    weights: Mapped[Json]
    # How long the log was, how many of its answers were foretold, and of how many people.
    log_size: Mapped[int]
    answers: Mapped[int]
    people: Mapped[int]
    # In nats an answer: of these weights, of the library's, and the standard error of the difference.
    loss: Mapped[float]
    loss_before: Mapped[float]
    noise: Mapped[float]


# Core reads and writes are quicker than the ORM's, and Today looks here with every request.
LOG = cast(Table, ReviewLog.__table__)
CARD = cast(Table, ReviewCard.__table__)
SET = cast(Table, ReviewSet.__table__)
FIT = cast(Table, ReviewFit.__table__)
