"""Interviews: what was noted, and what was said word for word."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words

CONSENTS = ("notes", "quotes")
SIDES = ("strength", "weakness")


class InterviewGuide(Base):
    """One version of a guide that was written here, in both languages; the newest of a key is the one that is used.

    A version along which somebody talked is never changed: what is written then is the next one.
    """

    id: Mapped[Key]
    key: Mapped[Name]
    version: Mapped[int]
    title: Mapped[Json]
    intro: Mapped[Json]
    # What is said, and agreed to, before the first note is taken.
    consent: Mapped[Json]
    questions: Mapped[Json]
    minutes: Mapped[int]
    # Nobody begins a talk along it any more.
    set_aside: Mapped[bool]
    revision: Mapped[int]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[Moment]
    changed_at: Mapped[Moment]

    __table_args__ = (
        Index("uq_interview_guide_version", "key", "version", unique=True),
        CheckConstraint("minutes BETWEEN 5 AND 120", name="minutes"),
    )


class InterviewTalk(Base):
    """One talk along a guide, which it keeps as it was: with whom in general words (never a name), when, and the notes to each question.

    `consent` says what she agreed to: that notes are taken, or also that what she said is passed on word for word without her name.
    """

    id: Mapped[Key]
    guide_key: Mapped[Name]
    guide: Mapped[Json]
    # The version of a guide that was written here, if it is one.
    guide_id: Mapped[int | None] = mapped_column(ForeignKey("interview_guide.id"), index=True)
    # In which language was talked; None where nobody noted it.
    language: Mapped[str | None] = mapped_column(String(2))
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    held_on: Mapped[date]
    whom: Mapped[Words]
    consent: Mapped[str] = mapped_column(String(20))
    notes: Mapped[Json]
    revision: Mapped[int]
    made_at: Mapped[Moment]
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("consent IN ('notes', 'quotes')", name="consent_known"),)


class InterviewQuote(Base):
    """One thing that was said, coded: a strength or a weakness, and where it belongs the skill and the quality it tells of.

    `verbatim` is false where there is no consent to pass words on: then it is the interviewer's own summary.
    """

    id: Mapped[Key]
    talk_id: Mapped[int] = mapped_column(ForeignKey("interview_talk.id"), index=True)
    words: Mapped[Words]
    verbatim: Mapped[bool]
    side: Mapped[str] = mapped_column(String(20))
    skill_key: Mapped[str | None] = mapped_column(ForeignKey("skill.key"))
    quality: Mapped[Name | None]
    coded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    coded_at: Mapped[Moment]
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (CheckConstraint("side IN ('strength', 'weakness')", name="side_known"),)
