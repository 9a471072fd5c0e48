"""An observation at work."""

from dataclasses import replace

from trainee.kit.i18n import _, _l
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap


@recommendations.register
class AskObservation(Recommendation):
    """An observation, where too little has been seen to say anything, or nothing of the work that customers are not content with.

    She is watched while she works as always: what it takes of her is the talk about it afterwards.
    """

    key = "ask_observation"
    # Both are shares of the evidence that is missing: where customers are not content and nobody watched the work, that is what is missing first.
    gains = {"unknown": 0.8, "impact": 0.8}
    lead_endpoint = "observing.observe"
    lead_deed = _l("Observe")

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """Always possible: somebody watches a contact."""
        title = _("Ask for an observation at work")
        step = self.step(
            gap, chances, str(title), str(_("One observation tells more than many questions. All it takes of you is the talk afterwards.")), 5
        )
        return replace(step, tells=True, ask_endpoint="observations.ask")

    def fits(self, gap: Gap) -> bool:
        """Of what customers feel only where the work was not watched often enough."""
        return super().fits(gap) and (gap.diagnosis == "unknown" or (gap.well_before is None and gap.shared is None))
