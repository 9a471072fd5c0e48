"""Observations with their lines, drafts and self-reviews, and what is disputed of them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainee.kit.db import Base, Json, Key, Moment, Name, Words
from trainee.skills.scorecards import CHANNELS

__all__ = [
    "CHANNELS",
    "CONTEMPT",
    "OUTCOMES",
    "Dispute",
    "DisputeReading",
    "Observation",
    "ObservationDraft",
    "ObservationLine",
    "ObservationReading",
    "PlannedObservation",
    "SelfReview",
    "SelfReviewLine",
    "SelfReviewWish",
]

# What may become of a disputed line: it is scored anew, struck, or left as it was.
OUTCOMES = ("changed", "struck", "kept")
# The critical error of the framework that a contact without respect is, in every line of it that was marked.
CONTEMPT = "disrespect"


class Observation(Base):
    """One contact with a customer that somebody watched, and what she told the person about it. Nobody observes herself.

    What was seen stands in its lines and never changes. Later come only that it was shown to the person, that she read it, and by when she may
    dispute it; what came of a dispute stands in the dispute.
    """

    id: Mapped[Key]
    observer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # What it was made on; None for one from before there were cards.
    card_id: Mapped[int | None] = mapped_column(ForeignKey("scorecard_version.id"))
    seen_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    channel: Mapped[str] = mapped_column(String(20))
    # How the company's own systems call the contact; empty when they call it nothing. No customer's name belongs here.
    contact: Mapped[Name]
    # The place in a draw that chose this contact.
    pick_id: Mapped[int | None] = mapped_column(ForeignKey("contact_pick.id"))
    # The first thirty seconds, 1 to 4, apart from every line.
    opening: Mapped[int | None]
    # How many seconds the customer waited for the first word; None where nobody counted.
    first_seconds: Mapped[int | None]
    # What was done for the relation beyond the product, 0 to 3, apart from every line; None is "not seen".
    beyond: Mapped[int | None]
    # The two things every contact is held to; None is "not seen".
    professional: Mapped[bool | None]
    respectful: Mapped[bool | None]
    conduct: Mapped[Words]
    # What the observed person reads beside the lines; blanked when its retention ends.
    shared: Mapped[Words]
    # Whether the observer held a licence when she wrote it.
    licensed: Mapped[bool]
    # Until this date the person is asked how she sees the contact herself, and reads the rest only then.
    self_review_by: Mapped[date | None]
    # Since when the person may read it and its lines are evidence.
    released_at: Mapped[Moment | None]
    # Until when, on the person's own calendar, she may dispute it.
    dispute_by: Mapped[date | None]
    acknowledged_at: Mapped[Moment | None]
    # The form's own key. A form sent twice brings the same one and is kept once.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("observer_id <> person_id", name="not_oneself"),
        CheckConstraint("opening BETWEEN 1 AND 4", name="opening"),
        Index("ix_observation_person_seen", "person_id", "seen_at"),
        Index("ix_observation_seen", "seen_at"),
        Index("ix_observation_contact", "person_id", "contact"),
    )


class ObservationLine(Base):
    """One skill in one observation: the level its anchors fit, or None for 'not seen'. A critical error counts as level 1 whatever was chosen.

    In a contact that was not respectful every line that was marked has one; those of observations from before that rule have none and count as
    they were marked.
    """

    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"), primary_key=True)
    level: Mapped[int | None]
    note: Mapped[Words]
    critical: Mapped[Name | None]

    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 4", name="level"),)


class ObservationDraft(Base):
    """An observation that is being written, as it was last typed; it goes when the observation is sent or thrown away."""

    id: Mapped[Key]
    # The key that the observation itself will be sent under.
    receipt: Mapped[Name] = mapped_column(unique=True)
    observer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    card_id: Mapped[int] = mapped_column(ForeignKey("scorecard_version.id"))
    # The fields of the form as they were sent: name to values.
    fields: Mapped[Json]
    begun_at: Mapped[Moment]
    kept_at: Mapped[Moment]


class SelfReview(Base):
    """How the observed person saw the contact herself, given before she read what the observer saw; or that she would rather not say."""

    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    given_at: Mapped[Moment]
    declined: Mapped[bool]
    note: Mapped[Words]


class SelfReviewLine(Base):
    """One skill in a self-review: the level she would give herself, or None for 'did not come up'."""

    observation_id: Mapped[int] = mapped_column(ForeignKey("self_review.observation_id"), primary_key=True)
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"), primary_key=True)
    level: Mapped[int | None]

    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 4", name="level"),)


class Dispute(Base):
    """The observed person does not agree with one line, and why; later who decided it and how. The line itself stays as it was written.

    Whoever scored the contact never decides. Each line is disputed once.
    """

    id: Mapped[Key]
    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id"))
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"))
    reason: Mapped[Words]
    raised_at: Mapped[Moment]
    # When the next above is asked too, on the disputing person's calendar.
    decide_by: Mapped[date]
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str | None] = mapped_column(String(20))
    # The level that counts from then on; only when it was changed.
    level: Mapped[int | None]
    reply: Mapped[Words]

    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="decided_with_an_outcome"),
        Index("uq_dispute_line", "observation_id", "skill_key", unique=True),
        Index("ix_dispute_open", "decided_at"),
    )


class PlannedObservation(Base):
    """That a skill of somebody is to be seen at work again by a day, and which observation answered it: the first of that skill since."""

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    skill_key: Mapped[Name] = mapped_column(ForeignKey("skill.key"))
    # A date where the person lives.
    due_on: Mapped[date]
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    planned_at: Mapped[Moment]
    observation_id: Mapped[int | None] = mapped_column(ForeignKey("observation.id"))
    # What it was planned for: `coaching_session/17`.
    receipt: Mapped[Name] = mapped_column(unique=True)

    __table_args__ = (Index("ix_planned_observation_person", "person_id", "due_on"),)


class ObservationReading(Base):
    """That somebody has opened an observation and seen its marks, and when she first did. Whoever has does not score the same contact any more."""

    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    read_at: Mapped[Moment]


class DisputeReading(Base):
    """That one of the two a dispute is between has read what was decided."""

    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    read_at: Mapped[Moment]


class SelfReviewWish(Base):
    """That somebody wishes to say first how she saw it herself, of whatever is seen of her."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    since: Mapped[Moment]
