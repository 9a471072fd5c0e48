"""The company's own service model: for now its policy cards."""

from trainee.service.cards import Card, Figure, cards, check_tokens, fill_cards, load_cards, read_card, read_cards
from trainee.service.models import PolicyCard

__all__ = ["Card", "Figure", "PolicyCard", "cards", "check_tokens", "fill_cards", "load_cards", "read_card", "read_cards"]
