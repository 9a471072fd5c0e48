"""Suggestions: what people at work would do better, and what they were answered."""

from trainee.coaching.suggestions.actions import answer, note_effect, suggest
from trainee.coaching.suggestions.models import DECISIONS, Suggestion, SuggestionCredit
from trainee.coaching.suggestions.queries import suggestions_of, suggestions_to_answer

__all__ = ["DECISIONS", "Suggestion", "SuggestionCredit", "answer", "note_effect", "suggest", "suggestions_of", "suggestions_to_answer"]
