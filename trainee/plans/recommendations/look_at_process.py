"""The process instead of the person."""

from trainee.kit.i18n import _
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap


@recommendations.register
class LookAtProcess(Recommendation):
    """Talking about the process, where the work is seen to be good and customers are still not content, or where many came down at once."""

    key = "look_at_process"
    gains = {"impact": 0.3}

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """Always possible: a look at what customers meet."""
        title = _("Talk about what gets in the way")
        if gap.shared is not None:
            why = _("Many came down in it at once. Ask what has changed before you ask anybody to learn more.")
        elif gap.well_before:
            why = _("The work is done well; waiting times, stock or rules may be what customers feel.")
        elif gap.well_before is None:
            why = _("Nobody has watched the work often enough to say whether it is the work. Ask what customers met there.")
        else:
            why = _("Some of it may be the work, and some what surrounds it: waiting times, stock, rules. Look at both.")
        return self.step(gap, chances, str(title), str(why), 15)
