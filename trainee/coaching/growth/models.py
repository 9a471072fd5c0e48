"""Offers to grow, and what came of them."""

from datetime import date
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Key, Moment, Name, Words

KINDS = ("stretch_task", "shadowing", "peer_coach")
ANSWERS = ("accepted", "declined")


class GrowthOffer(Base):
    """Something more to do in a skill, offered by somebody, or by a level that was reached (`offered_by_id` is None; kept once it is answered).

    It is accepted or declined without a reason; only what was accepted is followed up and has an outcome.
    """

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"))
    kind: Mapped[str] = mapped_column(String(20))
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[Words]
    offered_at: Mapped[Moment]
    answered_at: Mapped[Moment | None]
    answer: Mapped[str | None] = mapped_column(String(20))
    # A date where the person lives.
    follow_up_on: Mapped[date | None]
    outcome: Mapped[Words | None]
    outcome_at: Mapped[Moment | None]
    # The form's own key; what a level offers has the level's. Sent twice, kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("offered_by_id IS NULL OR offered_by_id <> person_id", name="not_oneself"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_once"),
        CheckConstraint("(answer = 'accepted') = (follow_up_on IS NOT NULL) OR answer IS NULL AND follow_up_on IS NULL", name="accepted_followed_up"),
        CheckConstraint("(outcome IS NULL) = (outcome_at IS NULL) AND (outcome IS NULL OR answer = 'accepted')", name="outcome_of_accepted"),
        Index("ix_growth_offer_person", "person_id", "offered_at"),
    )


GROWTH = cast(Table, GrowthOffer.__table__)
