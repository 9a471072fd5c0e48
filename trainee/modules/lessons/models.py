"""How far people are in lessons, what they answered there, and what they noted."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words


class LessonProgress(Base):
    """One person in one lesson: the paragraph last read, and when all its checks had been answered."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    module_key: Mapped[Name] = mapped_column(primary_key=True)
    lesson_key: Mapped[Name] = mapped_column(primary_key=True)
    # A place in the text of the language it was read in; the two texts have their paragraphs in the same order.
    paragraph: Mapped[int]
    started_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    finished_at: Mapped[Moment | None]


class CheckAnswer(Base):
    """The first answer to a check inside a lesson, on one version of it; the first one counts, and there is no other."""

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("module_version.id"))
    module_key: Mapped[Name]
    lesson_key: Mapped[Name]
    check_id: Mapped[Name]
    answer: Mapped[Json]
    score: Mapped[float]
    answered_at: Mapped[Moment]

    __table_args__ = (UniqueConstraint("person_id", "module_key", "lesson_key", "check_id", "version_id"),)


class LessonNote(Base):
    """What a person wrote down for herself in a lesson; nobody else ever reads it."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    module_key: Mapped[Name] = mapped_column(primary_key=True)
    lesson_key: Mapped[Name] = mapped_column(primary_key=True)
    words: Mapped[Words]
    written_at: Mapped[Moment]


class TaskReport(Base):
    """How it went with what a lesson gave to try, in the person's own words; nobody else ever reads it, and it never counts."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    module_key: Mapped[Name] = mapped_column(primary_key=True)
    lesson_key: Mapped[Name] = mapped_column(primary_key=True)
    how: Mapped[Name]
    words: Mapped[Words]
    told_at: Mapped[Moment]

    __table_args__ = (CheckConstraint("how IN ('well', 'hard', 'not_yet', 'never')", name="how"),)
