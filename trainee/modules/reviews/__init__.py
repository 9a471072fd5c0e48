"""Spaced reviews: questions that come back when they are about to be forgotten, five a day and one turn of a role-play."""

from trainee.modules.reviews.models import ReviewCard, ReviewLog, ReviewSet
from trainee.modules.reviews.queries import DUE, TODAYS, UNSEEN, Waiting, day_of, waiting

__all__ = ["DUE", "TODAYS", "UNSEEN", "ReviewCard", "ReviewLog", "ReviewSet", "Waiting", "day_of", "waiting"]
