"""An observation at work."""

from trainee.kit.i18n import _, _l
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap


@recommendations.register
class AskObservation(Recommendation):
    """An observation, where too little has been seen to say anything."""

    key = "ask_observation"
    gains = {"unknown": 0.5}
    lead_endpoint = "observing.observe"
    lead_deed = _l("Observe")

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """Always possible: somebody watches a contact."""
        return self.step(gap, chances, str(_("Have a contact observed at work")), str(_("One observation tells more than many questions.")), 25)
