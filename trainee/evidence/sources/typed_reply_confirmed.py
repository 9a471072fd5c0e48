"""A reply written in a role-play and confirmed by a supervisor."""

from trainee.evidence.source import Miller, Source
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class TypedReplyConfirmed(Source):
    """A reply written in a role-play and confirmed by a supervisor."""

    key = "typed_reply_confirmed"
    title = _l("Typed reply, confirmed by a supervisor")
    miller = Miller.SHOWS_HOW
    line = "practice"
    weight = 2.0
    teaches = True
    remembered = True
    sits = True
    words = _l("Wrote a reply that a supervisor confirmed: %(share)s of the points.")
