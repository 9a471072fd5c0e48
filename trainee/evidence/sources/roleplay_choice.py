"""A choice in a role-play; its options differ in quality and are no blind guess."""

from trainee.evidence.source import Miller, Source
from trainee.evidence.sources import sources
from trainee.kit.i18n import _l


@sources.register
class RoleplayChoice(Source):
    """A choice in a role-play; its options differ in quality and are no blind guess."""

    key = "roleplay_choice"
    title = _l("Role-play choice")
    miller = Miller.SHOWS_HOW
    line = "practice"
    weight = 2.0
    teaches = True
    remembered = True
    sits = True
    words = _l("Chose a reply in a role-play: %(share)s of the points.")
