"""A question that came back after a while."""

from trainee.evidence.source import Miller, Source
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class SpacedReview(Source):
    """A question that came back after a while."""

    key = "spaced_review"
    title = _l("Spaced review")
    miller = Miller.KNOWS_HOW
    line = "knowledge"
    guessing = 0.4
    teaches = True
    remembered = True
    chosen = True
    words = _l("Answered a review question: %(share)s of the points.")
