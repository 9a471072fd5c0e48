"""What was seen of people at work and told to them, and what they suggest in return."""

from trainee.coaching.observations import CHANNELS, Line, Observation, ObservationLine, acknowledge, may_observe, observe
from trainee.coaching.suggestions import DECISIONS, Suggestion, answer, note_effect, suggest, suggestions_of, suggestions_to_answer

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
    "observe",
    "suggest",
    "suggestions_of",
    "suggestions_to_answer",
]
