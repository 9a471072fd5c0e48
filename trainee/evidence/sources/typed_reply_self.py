"""A reply written in a role-play and checked by its author: honest as a rule, and lenient."""

from trainee.evidence.source import Miller, Source
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class TypedReplySelf(Source):
    """A reply written in a role-play and checked by its author: honest as a rule, and lenient."""

    key = "typed_reply_self"
    title = _l("Typed reply, checked by its author")
    miller = Miller.SHOWS_HOW
    line = "practice"
    weight = 1.0
    teaches = True
    remembered = True
    sits = True
    words = _l("Wrote a reply in a role-play and checked it: %(share)s of the points.")
