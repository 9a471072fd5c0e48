"""Draws: which contact is observed is left to chance, and the chance is written down."""

from trainee.coaching.draws.actions import draw, observed, replace
from trainee.coaching.draws.models import ContactDraw, ContactPick
from trainee.coaching.draws.queries import open_picks, pick_of, picks_of, to_score

__all__ = ["ContactDraw", "ContactPick", "draw", "observed", "open_picks", "pick_of", "picks_of", "replace", "to_score"]
