"""Growth opportunities: stretch tasks, shadowing and peer coaching, offered when a level is reached."""

from trainee.coaching.growth.actions import answer, note_outcome, offer, take_up
from trainee.coaching.growth.models import GROWTH, KINDS, GrowthOffer
from trainee.coaching.growth.queries import FROM_LEVEL, Chance, chances, offers_of

__all__ = ["FROM_LEVEL", "GROWTH", "KINDS", "Chance", "GrowthOffer", "answer", "chances", "note_outcome", "offer", "offers_of", "take_up"]
