"""Coaching beside the work."""

from trainee.kit.i18n import _, _l
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap


@recommendations.register
class Coach(Recommendation):
    """Coaching beside the work, where it works in practice and not yet with customers."""

    key = "coach"
    gains = {"transfer": 0.4}
    lead_endpoint = "preparing.prepare"
    lead_deed = _l("Prepare a coaching session")

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """Always possible: a coach and one real contact."""
        title = _("Be coached beside the work")
        return self.step(gap, str(title), str(_("Agree on one thing to try in the next contacts, and look at it together afterwards.")), 20)
