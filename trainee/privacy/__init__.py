"""What people may ask about what we hold of them, and what is due to be deleted."""

from trainee.privacy.actions import ask_correction, decide, publish_notice, read_notice
from trainee.privacy.duties import corrections_waiting
from trainee.privacy.models import DECISIONS, CorrectionRequest
from trainee.privacy.queries import corrections_of, due_for_deletion, open_corrections

__all__ = [
    "DECISIONS",
    "CorrectionRequest",
    "ask_correction",
    "corrections_of",
    "corrections_waiting",
    "decide",
    "due_for_deletion",
    "open_corrections",
    "publish_notice",
    "read_notice",
]
