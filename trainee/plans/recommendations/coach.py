"""Coaching beside the work."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from trainee.coaching.sessions.models import SESSION
from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.plans.recommendations.ask_observation import AskObservation
from trainee.profile import Gap

# What was seen longer ago than this is no beginning of a talk.
_LATELY: Final = timedelta(days=14)


@recommendations.register
class Coach(Recommendation):
    """Coaching beside the work, where it works in practice and not yet with customers."""

    key = "coach"
    gains = {"transfer": 0.4}
    lead_endpoint = "preparing.prepare"
    lead_deed = _l("Prepare a coaching session")

    def deeds(self) -> Iterable[tuple[int, str, datetime]]:
        """Every talk that was held about a skill. One statement."""
        held = select(SESSION.c.person_id, SESSION.c.skill_key, SESSION.c.held_at).where(SESSION.c.held_at.is_not(None))
        return [(row.person_id, row.skill_key, row.held_at) for row in db.session.execute(held)]

    def lead(self, gap: Gap) -> tuple[str, str]:
        """A talk about what was seen lately; where nothing was, a contact is watched first."""
        seen = gap.level.lines.get("observed")
        if seen is None or seen.last_at is None or gap.level.at - seen.last_at > _LATELY:
            return str(AskObservation.lead_deed), AskObservation.lead_endpoint
        return super().lead(gap)

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """Always possible: a coach and one real contact."""
        title = _("Be coached beside the work")
        return self.step(gap, chances, str(title), str(_("Agree on one thing to try in the next contacts, and look at it together afterwards.")), 20)
