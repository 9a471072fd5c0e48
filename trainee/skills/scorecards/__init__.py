"""Scorecards: which skills are watched on a channel, with their weights and anchors, kept in versions."""

from trainee.skills.scorecards.actions import load, publish, retire
from trainee.skills.scorecards.models import ScorecardVersion
from trainee.skills.scorecards.queries import Card, CardLine, card, current_card, current_cards, forget, versions
from trainee.skills.scorecards.reading import CHANNELS, Anchors, Complaint, Scorecard, ScoreLine, check, complaints

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
