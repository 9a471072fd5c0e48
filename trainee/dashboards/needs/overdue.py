"""Something is late."""

from collections.abc import Mapping
from datetime import date

from flask import url_for

from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.kit.i18n import _, _n


@needs.register
class Overdue(Need):
    """An assignment whose due date has passed; the latest of them is named."""

    key = "overdue"
    order = 10
    tone = "warn"

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Overdue"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Who is late."""
        return {who: said for who in seen.people if (said := self._of(who, seen)) is not None}

    def _of(self, who: int, seen: Seen) -> Said | None:
        late = [(one.due_on, one) for one in seen.todo.get(who, ()) if one.due_on is not None and one.due_on < seen.day]
        if not late:
            return None
        due, worst = min(late, key=lambda pair: (pair[0], pair[1].id))
        days = _days(due, seen.day)
        words = _n("“%(title)s” is %(num)d day late.", "“%(title)s” is %(num)d days late.", days, title=worst.name)
        return Said(str(words), str(_("See what is assigned")), url_for("dashboards.person", person_id=who, _anchor="assignments"), days)


def _days(due: date, day: date) -> int:
    return (day - due).days
