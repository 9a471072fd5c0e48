"""A quiz answer."""

from trainee.evidence.source import Miller, Source
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class QuizAnswer(Source):
    """A question of a quiz, answered."""

    key = "quiz_answer"
    title = _l("Quiz answer")
    miller = Miller.KNOWS_HOW
    line = "knowledge"
    guessing = 0.4
    teaches = True
    remembered = True
    words = _l("Answered a quiz question: %(share)s of the points.")
