"""An answer inside a lesson, given with the text in sight: it says half as much as a quiz answer."""

from trainee.evidence.source import Miller, Source
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class EmbeddedCheck(Source):
    """An answer inside a lesson, given with the text in sight: it says half as much as a quiz answer."""

    key = "embedded_check"
    title = _l("Check in a lesson")
    miller = Miller.KNOWS
    line = "knowledge"
    weight = 0.5
    guessing = 0.4
    teaches = True
    remembered = True
    words = _l("Answered a check in a lesson: %(share)s of the points.")
