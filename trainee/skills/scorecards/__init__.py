"""Scorecards: which skills are watched on a channel, with their weights and anchors, kept in versions."""

from typing import TYPE_CHECKING

from trainee.kit.faces import later
from trainee.skills.scorecards.reading import CHANNELS, Anchors, Complaint, Scorecard, ScoreLine, check, complaints

if TYPE_CHECKING:
    from trainee.skills.scorecards.actions import load, publish, retire
    from trainee.skills.scorecards.models import ScorecardVersion
    from trainee.skills.scorecards.queries import Card, CardLine, card, current_card, current_cards, forget, versions
else:
    __getattr__ = later(
        __name__,
        {
            "actions": ("load", "publish", "retire"),
            "models": ("ScorecardVersion",),
            "queries": ("Card", "CardLine", "card", "current_card", "current_cards", "forget", "versions"),
        },
    )

__all__ = [
    "CHANNELS",
    "Anchors",
    "Card",
    "CardLine",
    "Complaint",
    "ScoreLine",
    "Scorecard",
    "ScorecardVersion",
    "card",
    "check",
    "complaints",
    "current_card",
    "current_cards",
    "forget",
    "load",
    "publish",
    "retire",
    "versions",
]
