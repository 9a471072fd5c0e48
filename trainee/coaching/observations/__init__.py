"""Observations: what was seen of people at work, told to them, and put right where they disagree."""

from trainee.coaching.observations.actions import Around, Line, acknowledge, keep_draft, observe, release, review_self, wish_first
from trainee.coaching.observations.disputes import decide, dispute, waiting_for
from trainee.coaching.observations.models import (
    CHANNELS,
    Dispute,
    DisputeReading,
    Observation,
    ObservationDraft,
    ObservationLine,
    ObservationReading,
    PlannedObservation,
    SelfReview,
    SelfReviewLine,
)
from trainee.coaching.observations.planned import ask, plan, planned_for, put_off
from trainee.coaching.observations.readings import begun, read_by, still_blind

__all__ = [
    "CHANNELS",
    "Around",
    "Dispute",
    "DisputeReading",
    "Line",
    "Observation",
    "ObservationDraft",
    "ObservationLine",
    "ObservationReading",
    "PlannedObservation",
    "SelfReview",
    "SelfReviewLine",
    "acknowledge",
    "ask",
    "begun",
    "decide",
    "dispute",
    "keep_draft",
    "observe",
    "plan",
    "planned_for",
    "put_off",
    "read_by",
    "release",
    "review_self",
    "still_blind",
    "waiting_for",
    "wish_first",
]
