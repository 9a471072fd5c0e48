"""Sessions with what was agreed, what both sides wrote, and how their dates were moved."""

from datetime import date
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words

# What each part holds, and who writes it: the coach's side, the coached person, or both.
PARTS = {
    "coach": ("agenda", "situation", "behaviour", "impact"),
    "person": ("agenda", "view"),
    "talk": ("goal", "reality", "options", "will"),
}


class CoachingSession(Base):
    """A talk about one skill that a supervisor promised somebody, and the one thing they agreed on.

    It begins with a piece of evidence. It is held exactly when one action with a date and a day for the follow-up observation of the same skill stand
    in it: the database holds that. What was agreed is put right on the day of the talk and never changes afterwards.
    """

    id: Mapped[Key]
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"))
    # What was seen and is to be talked about.
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
    arranged_at: Mapped[Moment]
    # When it is to take place; `SessionMove` keeps what was promised before.
    promised_at: Mapped[Moment]
    cancelled_at: Mapped[Moment | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancel_reason: Mapped[Words | None]
    held_at: Mapped[Moment | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str | None] = mapped_column(Text())
    # Dates where the coached person lives.
    action_by: Mapped[date | None]
    follow_up_on: Mapped[date | None]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("coach_id <> person_id", name="not_oneself"),
        CheckConstraint("agreed_by_id IS NULL OR agreed_by_id <> person_id", name="not_agreed_alone"),
        CheckConstraint(
            "(held_at IS NULL AND action IS NULL AND action_by IS NULL AND follow_up_on IS NULL AND agreed_by_id IS NULL)"
            " OR (held_at IS NOT NULL AND action IS NOT NULL AND action <> '' AND action_by IS NOT NULL AND follow_up_on IS NOT NULL"
            " AND agreed_by_id IS NOT NULL)",
            name="held_with_one_action",
        ),
        CheckConstraint(
            "(cancelled_at IS NULL AND cancel_reason IS NULL AND cancelled_by_id IS NULL)"
            " OR (cancelled_at IS NOT NULL AND cancel_reason IS NOT NULL AND cancelled_by_id IS NOT NULL AND held_at IS NULL)",
            name="cancelled_with_reason",
        ),
        Index("ix_coaching_session_person", "person_id", "promised_at"),
        Index("ix_coaching_session_coach", "coach_id", "promised_at"),
    )


class SessionMove(Base):
    """That a session was moved from one moment to another, by whom and why."""

    id: Mapped[Key]
    session_id: Mapped[int] = mapped_column(ForeignKey("coaching_session.id"), index=True)
    moved_at: Mapped[Moment]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_at: Mapped[Moment]
    to_at: Mapped[Moment]
    reason: Mapped[Words]


class SessionPart(Base):
    """What one side wrote, or both together (`PARTS`); both read it. `version` grows by one with every change, so that nobody overwrites another."""

    session_id: Mapped[int] = mapped_column(ForeignKey("coaching_session.id"), primary_key=True)
    part: Mapped[str] = mapped_column(Text(), primary_key=True)
    version: Mapped[int]
    words: Mapped[Json]
    written_at: Mapped[Moment]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class PrivateNote(Base):
    """What somebody wrote about a session for herself. Nobody else reads it: it has a table of its own and is asked for by its author only."""

    session_id: Mapped[int] = mapped_column(ForeignKey("coaching_session.id"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version: Mapped[int]
    words: Mapped[Words]
    written_at: Mapped[Moment]


# What the receipt of the follow-up observation of a session begins with.
FOLLOW_UP = "coaching_session/"

SESSION = cast(Table, CoachingSession.__table__)
