"""The process instead of the person."""

from trainee.kit.i18n import _
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap


@recommendations.register
class LookAtProcess(Recommendation):
    """Talking about the process, where the work is seen to be good and customers are still not content."""

    key = "look_at_process"
    gains = {"impact": 0.3}

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """Always possible: a look at what customers meet."""
        title = _("Talk about what gets in the way")
        return self.step(gap, chances, str(title), str(_("The work is done well; waiting times, stock or rules may be what customers feel.")), 15)
