"""Nothing has been heard of somebody for long."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import url_for

from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.kit.i18n import _, _n

QUIET = timedelta(days=30)


@needs.register
class Quiet(Need):
    """No evidence at all for a month."""

    key = "quiet"
    order = 70
    tone = "quiet"

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Quiet"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Of whom nothing was seen."""
        found = {}
        for who in seen.people:
            last = max((level.figure.last_at for level in seen.levels[who].values() if level.figure.last_at is not None), default=None)
            # Who was given something since is not asked to begin with something else.
            given = any(seen.at - one.given_at <= QUIET for one in seen.todo.get(who, ()))
            if not given and (last is None or seen.at - last > QUIET):
                url = url_for("dashboards.assign", person_id=who)
                found[who] = Said(_quiet(last, seen.at), str(_("Assign something")), url, 0.0 if last is None else (seen.at - last).days)
        return found


def _quiet(last: datetime | None, at: datetime) -> str:
    if last is None:
        return str(_("Nothing has been seen yet: a first module would be a beginning."))
    return str(_n("Nothing for %(num)d day.", "Nothing for %(num)d days.", (at - last).days))
