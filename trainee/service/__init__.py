"""The company's own service model: its policy cards and its duty roster."""

from trainee.service.cards import Card, Figure, cards, cards_in, check_tokens, fill_cards, load_cards, read_card, read_cards
from trainee.service.models import PolicyCard
from trainee.service.roster.models import DutyShift

__all__ = ["Card", "DutyShift", "Figure", "PolicyCard", "cards", "cards_in", "check_tokens", "fill_cards", "load_cards", "read_card", "read_cards"]
