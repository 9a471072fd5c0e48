"""What customers say of the people who served them."""

from trainee.voice.actions import Answer, Taken, take_ratings
from trainee.voice.models import Rating
from trainee.voice.queries import Share, comments_of, shares_of
from trainee.voice.survey import QUESTIONS, Question

__all__ = ["QUESTIONS", "Answer", "Question", "Rating", "Share", "Taken", "comments_of", "shares_of", "take_ratings"]
