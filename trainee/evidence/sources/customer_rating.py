"""What a customer felt: it depends on much that is not the person, so it says little each time."""

from trainee.evidence.source import Miller, Source
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class CustomerRating(Source):
    """What a customer felt: it depends on much that is not the person, so it says little each time."""

    key = "customer_rating"
    title = _l("Customer rating")
    miller = Miller.DOES
    line = "customers"
    loading = 0.4
    words = _l("A customer rated a visit: %(share)s of the points.")
