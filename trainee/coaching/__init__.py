"""What was seen of people at work and told to them, and what they suggest in return."""

from trainee.coaching.actions import Line, acknowledge, answer, note_effect, observe, suggest
from trainee.coaching.models import CHANNELS, DECISIONS, Observation, ObservationLine, Suggestion
from trainee.coaching.queries import may_observe, observations, suggestions_of, suggestions_to_answer

__all__ = [
    "CHANNELS",
    "DECISIONS",
    "Line",
    "Observation",
    "ObservationLine",
    "Suggestion",
    "acknowledge",
    "answer",
    "may_observe",
    "note_effect",
    "observations",
    "observe",
    "suggest",
    "suggestions_of",
    "suggestions_to_answer",
]
