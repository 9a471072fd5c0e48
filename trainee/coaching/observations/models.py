"""Observations with their lines."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name, Words

CHANNELS = ("phone", "chat", "email", "social", "shop", "visit")


class Observation(Base):
    """One contact with a customer that somebody watched, and what she told the person about it. Nobody observes herself.

    What was seen stands in its lines and never changes; only the acknowledgement is added later.
    """

    id: Mapped[Key]
    observer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    channel: Mapped[str] = mapped_column(String(20))
    # What the observed person reads beside the lines; blanked when its retention ends.
    shared: Mapped[Words]
    acknowledged_at: Mapped[Moment | None]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("observer_id <> person_id", name="not_oneself"),
        Index("ix_observation_person_seen", "person_id", "seen_at"),
        Index("ix_observation_seen", "seen_at"),
    )


class ObservationLine(Base):
    """One skill in one observation: the level its anchors fit, or None for 'not seen'. A critical error counts as level 1 whatever was chosen."""

    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"), primary_key=True)
    level: Mapped[int | None]
    note: Mapped[Words]
    critical: Mapped[Name | None]

    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 4", name="level"),)
