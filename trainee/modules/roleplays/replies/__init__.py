"""Typed replies that somebody shows to those who lead her, who say which points they meet; from then on that counts."""

from trainee.modules.roleplays.replies.actions import LONGEST, confirm, offer
from trainee.modules.roleplays.replies.models import OFFERED, OfferedReply

__all__ = ["LONGEST", "OFFERED", "OfferedReply", "confirm", "offer"]
