"""The dates an observation sets: until when it waits for a self-review, may be disputed, and a dispute is decided."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app

from trainee.kit.clock import local_date, working_days_after


@dataclass(frozen=True, slots=True)
class Terms:
    """How many working days each of them has; the organisation sets them."""

    self_review: int
    dispute: int
    decision: int


def terms() -> Terms:
    """What the organisation has set."""
    settings = current_app.extensions["trainee"]
    return Terms(settings.self_review_days, settings.dispute_days, settings.decision_days)


def due(days: int, at: datetime, time_zone: str) -> date:
    """The date so many working days after today, for somebody who lives in that zone."""
    return working_days_after(local_date(at, time_zone), days)
