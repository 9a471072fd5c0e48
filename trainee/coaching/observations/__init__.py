"""Observations: what was seen of people at work, told to them, and put right where they disagree."""

from trainee.coaching.observations.actions import Around, Line, acknowledge, keep_draft, observe, release, review_self
from trainee.coaching.observations.disputes import decide, dispute, waiting_for
from trainee.coaching.observations.models import CHANNELS, Dispute, Observation, ObservationDraft, ObservationLine, SelfReview, SelfReviewLine

__all__ = [
    "CHANNELS",
    "Around",
    "Dispute",
    "Line",
    "Observation",
    "ObservationDraft",
    "ObservationLine",
    "SelfReview",
    "SelfReviewLine",
    "acknowledge",
    "decide",
    "dispute",
    "keep_draft",
    "observe",
    "release",
    "review_self",
    "waiting_for",
]
