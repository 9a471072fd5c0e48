"""Something is going down."""

from collections.abc import Mapping

from flask import url_for

from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.kit.i18n import _


@needs.register
class Falling(Need):
    """A skill that has gone down for sure within the last two or three months, and not with that of many others: that is no matter of one person."""

    key = "falling"
    order = 40

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Falling"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Who is going down in something; the first such skill of the framework is named."""
        found = {}
        for who in seen.people:
            skill = next((key for key, level in seen.levels[who].items() if level.trend == "falling" and key not in seen.shared.get(who, ())), None)
            if skill is not None:
                words = str(_("%(skill)s is going down lately.", skill=skill_name(skill)))
                found[who] = Said(words, str(_("See why")), url_for("dashboards.why_of", person_id=who, skill=skill))
        return found
