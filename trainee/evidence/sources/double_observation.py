"""A line that two observers scored without knowing of each other."""

from trainee.evidence.source import ObservedSource
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class DoubleObservation(ObservedSource):
    """A line that two observers scored without knowing of each other."""

    key = "double_observation"
    title = _l("Double observation")
    weight = 3.0
    words = _l("Was observed at work by two people: %(share)s of the points.")
