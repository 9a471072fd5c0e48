"""The improvement board: what is in the customers' way, why, what is done about it, and whether it helped."""

from trainee.service.board.actions import change, close, open_card
from trainee.service.board.models import Improvement
from trainee.service.board.queries import cards

__all__ = ["Improvement", "cards", "change", "close", "open_card"]
