"""A line of a scorecard, filled in while watching real work."""

from trainee.evidence.source import ObservedSource
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class ObservationLine(ObservedSource):
    """A line of a scorecard, filled in while watching real work."""

    key = "observation_line"
    title = _l("Observation")
    weight = 2.0
    words = _l("Was observed at work: %(share)s of the points.")
