"""Contacts that several observers score without knowing of each other, their marks, and who may observe with full weight."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words


class CalibrationCase(Base):
    """One contact to be scored blind: its words, the card, and perhaps the marks that were agreed on beforehand.

    Nobody sees another's marks before she has given her own. When it is closed, nobody scores it any more and what was agreed is written down.
    """

    id: Mapped[Key]
    title: Mapped[Name]
    channel: Mapped[str] = mapped_column(String(20))
    card_id: Mapped[int] = mapped_column(ForeignKey("scorecard_version.id"))
    # A transcript, or a description; the customer is not named in it.
    text: Mapped[Words]
    # {skill: level, or null for "not seen"}; empty when the observers' own middle is the measure.
    reference: Mapped[Json]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]
    # What was agreed in the talk afterwards, for the next time.
    agreed: Mapped[Words]
    receipt: Mapped[Name] = mapped_column(unique=True)


class CalibrationSheet(Base):
    """That one observer scored one case, once."""

    case_id: Mapped[int] = mapped_column(ForeignKey("calibration_case.id"), primary_key=True)
    observer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    given_at: Mapped[Moment]


class CalibrationMark(Base):
    """One line of a sheet: a level, or None for 'not seen'."""

    case_id: Mapped[int] = mapped_column(ForeignKey("calibration_case.id"), primary_key=True)
    observer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"), primary_key=True)
    level: Mapped[int | None]
    note: Mapped[Words]

    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 4", name="level"),)


class ObserverLicence(Base):
    """That somebody scored three cases within one level, and since when her observations count in full; and how it ended, if it did.

    Of one person one stands at most. An ended one stays; three new cases earn another. Nobody ends her own.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    granted_at: Mapped[Moment]
    # The cases that earned it.
    cases: Mapped[Json]
    ended_at: Mapped[Moment | None]
    # Who withdrew it; None for one that lapsed by itself.
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # What was written when it was withdrawn; "drift" for one that lapsed.
    why: Mapped[Words]

    __table_args__ = (
        CheckConstraint("ended_at IS NOT NULL OR ended_by_id IS NULL", name="ended_by_somebody"),
        CheckConstraint("(ended_at IS NULL) = (why = '')", name="ended_with_a_reason"),
        CheckConstraint("ended_by_id IS NULL OR ended_by_id <> person_id", name="not_ones_own"),
        Index(
            "uq_observer_licence_standing",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
