"""Walks through what a customer sees and hears first: shop, website and phone, with a score and its trend."""

from trainee.service.walks.actions import Seen, keep
from trainee.service.walks.models import Walk
from trainee.service.walks.queries import Missing, Place, missing_of, places

__all__ = ["Missing", "Place", "Seen", "Walk", "keep", "missing_of", "places"]
