"""A line of a scorecard, scored by somebody who has not shown yet that she scores as the others do: it says half as much."""

from trainee.evidence.source import ObservedSource
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class UnlicensedObservation(ObservedSource):
    """A line of a scorecard, scored by somebody who has not shown yet that she scores as the others do: it says half as much."""

    key = "unlicensed_observation"
    title = _l("Observation without a licence")
    weight = 1.0
    words = _l("Was observed at work by somebody without an observer's licence: %(share)s of the points.")
