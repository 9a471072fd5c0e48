"""The quiz of a module that asks the skill."""

from trainee.kit.i18n import _, language
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap


@recommendations.register
class TakeQuiz(Recommendation):
    """The quiz of a module that asks the skill."""

    key = "take_quiz"
    gains = {"knowledge": 0.15, "unknown": 0.3}
    shown_by = "quiz_answer"

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """The quiz to take."""
        part = next(iter(chances.of_kind("quiz")), None)
        if part is None:
            return None
        title = _("Take the quiz “%(title)s”", title=part.title.of(language()))
        return self.step(gap, chances, str(title), str(_("Every answer tells something, and wrong ones are explained.")), part.minutes, part)
