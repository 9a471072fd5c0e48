"""A lesson on the skill."""

from trainee.kit.i18n import _, language, moment_words
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap


@recommendations.register
class ReadLesson(Recommendation):
    """The lesson of the question missed last, unless it was read since; else one on the skill that was never read, or the one read longest ago."""

    key = "read_lesson"
    gains = {"knowledge": 0.3, "practice": 0.05}
    shown_by = "embedded_check"

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """The lesson to read."""
        missed = next(iter(chances.missed), None)
        part = missed or next(iter(chances.of_kind("lesson")), None)
        if part is None:
            return None
        title = part.title.of(language())
        words = _("Read the lesson “%(title)s”", title=title) if chances.when(part) is None else _("Read the lesson “%(title)s” again", title=title)
        if missed is None:
            sentence = _("Its questions show at once what has become clearer.")
        else:
            sentence = _("A question it answers was missed on %(date)s.", date=moment_words(chances.missed[missed], "d MMM y"))
        return self.step(gap, chances, str(words), str(sentence), part.minutes, part)
