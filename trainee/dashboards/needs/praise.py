"""Something has become good, and a word about it would be in place."""

from collections.abc import Mapping

from flask import url_for

from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import level_name, skill_name
from trainee.kit.i18n import _


@needs.register
class PraiseWorthGiving(Need):
    """A skill that has risen for sure and stands where it is expected, or above."""

    key = "praise"
    order = 90
    tone = "good"

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Well done"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Who has earned a word."""
        found = {}
        for who in seen.people:
            for skill, target in seen.targets[who].items():
                level = seen.levels[who].get(skill)
                if level is not None and level.level is not None and level.level >= target.level and level.trend == "rising":
                    words = _("%(skill)s has risen to “%(level)s”.", skill=skill_name(skill), level=level_name(level.level))
                    found[who] = Said(str(words), str(_("Give praise")), url_for("praise.give", person_id=who))
                    break
        return found
