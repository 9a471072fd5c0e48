"""Requests to put something right, notices, and what was destroyed."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words
from trainee.kit.guards import guard

DECISIONS = ("corrected", "partly", "declined")


class CorrectionRequest(Base):
    """A person says that something we hold about her is wrong. It is decided once, with an answer, by somebody else than herself."""

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[Words]
    why: Mapped[Words]
    asked_at: Mapped[Moment]
    # A date in the person's own time zone: the law gives thirty days.
    due_on: Mapped[date]
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str | None] = mapped_column(String(20))
    answer: Mapped[Words | None]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decided_once"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> person_id", name="not_ones_own"),
    )


class RetentionTerm(Base):
    """For how many months one kind of words is kept here, where somebody has said so, and whether what is older is destroyed by night."""

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    months: Mapped[int]
    active: Mapped[bool]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[Moment]

    __table_args__ = (CheckConstraint("months BETWEEN 1 AND 240", name="months"),)


class Anonymity(Base):
    """That somebody is to be made anonymous, who asked for it and why, and when it was done. It is done once and cannot be taken back."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    ground: Mapped[str] = mapped_column(String(20))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[Moment]
    done_at: Mapped[Moment | None]

    __table_args__ = (CheckConstraint("asked_by_id <> person_id", name="not_oneself"),)


class Destruction(Base):
    """What was destroyed, when, on whose word and on what ground: how many entries of which tables, never what stood in them.

    The row stays for three years, as the regulation on erasing personal data asks, and nobody can change it.
    """

    id: Mapped[Key]
    at: Mapped[Moment]
    # Nobody: the nightly job.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    # person/17, or the kind of words.
    subject: Mapped[Name]
    ground: Mapped[str] = mapped_column(String(20))
    counts: Mapped[Json]
    keep_until: Mapped[date]

    __table_args__ = (Index("ix_destruction_at", "at"),)


guard(Destruction, goes=True)


class PrivacyNotice(Base):
    """One version of what people are told about their data. It is never changed: another text is another version."""

    number: Mapped[Key]
    words_tr: Mapped[Words]
    words_en: Mapped[Words]
    published_at: Mapped[Moment]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    receipt: Mapped[Name] = mapped_column(unique=True)


class PrivacyReading(Base):
    """That somebody has said that she read one version."""

    number: Mapped[int] = mapped_column(ForeignKey("privacy_notice.number"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    read_at: Mapped[Moment]
