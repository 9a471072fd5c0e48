"""What was seen of people at work and told to them, and what they suggest in return."""

from trainee.coaching.observations import CHANNELS, Around, Dispute, Line, Observation, ObservationLine, acknowledge, dispute, observe
from trainee.coaching.observations import waiting_for as disputes_waiting
from trainee.coaching.rights import may_observe
from trainee.coaching.suggestions import DECISIONS, Suggestion, answer, note_effect, suggest, suggestions_of, suggestions_to_answer

__all__ = [
    "CHANNELS",
    "DECISIONS",
    "Around",
    "Dispute",
    "Line",
    "Observation",
    "ObservationLine",
    "Suggestion",
    "acknowledge",
    "answer",
    "dispute",
    "disputes_waiting",
    "may_observe",
    "note_effect",
    "observe",
    "suggest",
    "suggestions_of",
    "suggestions_to_answer",
]
