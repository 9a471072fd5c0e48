"""Questions on the skill that are due again."""

from trainee.kit.i18n import _, _n
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap

# So many questions a minute; a day's set holds no more than so many, and the gains are a whole set's.
_PACE, _MOST = 2, 5


@recommendations.register
class ReviewItems(Recommendation):
    """The questions on the skill that are due for review, where there are any."""

    key = "review_items"
    gains = {"knowledge": 0.1, "practice": 0.03, "unknown": 0.1}
    shown_by = "spaced_review"

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """The day's reviews, which hold such questions."""
        if not chances.due:
            return None
        many = min(chances.due, _MOST)
        title = _n("Repeat %(num)d question that is due", "Repeat %(num)d questions that are due", many)
        sentence = _("What is asked again just before it slips away stays longest.")
        return self.step(gap, chances, str(title), str(sentence), -(-many // _PACE), endpoint="reviews.reviews", times=many / _MOST)
