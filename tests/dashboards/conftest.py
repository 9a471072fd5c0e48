"""History for the pages made of several things."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from trainee import profile
from trainee.kit.clock import now
from trainee.kit.db import db


@pytest.fixture
def shows(app) -> Callable[..., None]:
    """Let somebody have shown a skill, so and so often, one piece a day, the last one `ago` days before now."""

    def show(person: int, skill: str, source: str, score: float, many: int = 6, ago: float = 1, by: int | None = None) -> None:
        pieces = []
        for number in range(many):
            at = moment(ago + many - 1 - number)
            item = f"late-washing-machine/{source}-{number}" if source == "roleplay_choice" else f"greeting/quiz/{source}-{number}"
            pieces.append(profile.Showing(person, skill, source, score, item, at, f"{source}/{person}/{skill}/{ago}/{number}", actor_id=by))
        for piece in pieces:
            profile.record([piece], piece.occurred_at)
        db.session.commit()

    return show


def moment(days_ago: float) -> datetime:
    """So many days before now."""
    return now() - timedelta(days=days_ago)
