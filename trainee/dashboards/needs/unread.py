"""An expectation was issued and not acknowledged."""

from collections.abc import Mapping
from datetime import timedelta

from flask import url_for

from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.kit.i18n import _, _n

# Everybody has so long to read one without being asked about it.
PATIENCE = timedelta(days=7)


@needs.register
class Unread(Need):
    """An expectation that was issued a week ago or longer and that the person has not answered."""

    key = "unread"
    order = 50

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Not acknowledged"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Who has not answered; what has waited longest is named."""
        found = {}
        for who in seen.people:
            waiting = [
                (target.issued_at, skill, target.id)
                for skill, target in seen.targets[who].items()
                if target.id is not None and target.asks and target.issued_at is not None and seen.at - target.issued_at >= PATIENCE
            ]
            if waiting:
                since, skill, number = min(waiting)
                days = (seen.at - since).days
                words = _n(
                    "Has not answered for %(num)d day what is expected in %(skill)s.",
                    "Has not answered for %(num)d days what is expected in %(skill)s.",
                    days,
                    skill=skill_name(skill),
                )
                found[who] = Said(str(words), str(_("See what is expected")), url_for("expectations.expectation", expectation_id=number), days)
        return found
