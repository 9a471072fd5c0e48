"""A lesson on the skill."""

from trainee.kit.i18n import _, language
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap


@recommendations.register
class ReadLesson(Recommendation):
    """The lesson on the skill that was never read, or the one read longest ago."""

    key = "read_lesson"
    gains = {"knowledge": 0.3, "practice": 0.05}

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """The lesson to read."""
        part = next(iter(chances.of_kind("lesson")), None)
        if part is None:
            return None
        title = part.title.of(language())
        words = _("Read the lesson “%(title)s”", title=title) if chances.when(part) is None else _("Read the lesson “%(title)s” again", title=title)
        return self.step(gap, str(words), str(_("Its questions show at once what has become clearer.")), part.minutes, part)
