"""What a person says of herself: shown beside the rest, never counted."""

from trainee.evidence.source import Miller, Source
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class SelfAssessment(Source):
    """What a person says of herself: shown beside the rest, never counted."""

    key = "self_assessment"
    title = _l("Self-assessment")
    miller = Miller.TELLS
    line = "none"
    words = _l("Rated oneself: %(share)s of the points.")
