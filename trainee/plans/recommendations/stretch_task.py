"""A harder task, for who is good already."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from trainee.coaching.growth.models import GROWTH
from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap

# From this level on more of the same teaches little.
_GOOD = 3


@recommendations.register
class StretchTask(Recommendation):
    """A task that asks more than the job does, where somebody is good and is to be a role model."""

    key = "stretch_task"
    gains = {"knowledge": 0.1, "practice": 0.25, "transfer": 0.3, "unknown": 0.3}
    lead_endpoint = "growth.of_person"
    lead_deed = _l("Offer it")

    def deeds(self) -> Iterable[tuple[int, str, datetime]]:
        """Every offer to grow in a skill that was accepted. One statement."""
        taken = select(GROWTH.c.person_id, GROWTH.c.skill_key, GROWTH.c.answered_at).where(GROWTH.c.answer == "accepted")
        return [(row.person_id, row.skill_key, row.answered_at) for row in db.session.execute(taken)]

    def fits(self, gap: Gap) -> bool:
        """Only for who is good already, and has a level above that to reach."""
        return super().fits(gap) and gap.target > _GOOD and (gap.level.level or 0) >= _GOOD

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """Always possible: a harder contact, or a colleague to show it to."""
        title = _("Take on something harder: show a colleague how you do it, or take the difficult contact")
        return self.step(gap, chances, str(title), str(_("Who explains it finds out what she does without thinking.")), 15, endpoint="growth.mine")
