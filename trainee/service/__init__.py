"""The company's own service model: its policy cards and its duty roster."""

from typing import TYPE_CHECKING

from trainee.kit.faces import later
from trainee.service.card import Card, Figure, check_tokens, fill_cards, read_card, read_cards

if TYPE_CHECKING:
    from trainee.service.models import PolicyCard
    from trainee.service.roster.models import DutyShift
    from trainee.service.stored import cards, cards_in, day_of_reading, load_cards
else:
    _STORED = ("cards", "cards_in", "day_of_reading", "load_cards")
    __getattr__ = later(__name__, {"models": ("PolicyCard",), "roster.models": ("DutyShift",), "stored": _STORED})

__all__ = [
    "Card",
    "DutyShift",
    "Figure",
    "PolicyCard",
    "cards",
    "cards_in",
    "check_tokens",
    "day_of_reading",
    "fill_cards",
    "load_cards",
    "read_card",
    "read_cards",
]
