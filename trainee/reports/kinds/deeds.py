"""The log of deeds: who changed what."""

from collections.abc import Iterator
from typing import Any, ClassVar

from trainee.kit.deeds import DEEDS, detail_words, subject_words
from trainee.kit.i18n import _, _l
from trainee.people import trail
from trainee.plans.noted import Noted
from trainee.reports.column import Column, Row
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.report import Report


def _search(asked: Asked) -> trail.Search:
    return trail.Search(since=asked.filters.since, until=asked.filters.until)


@kinds.register
class Deeds(Report):
    """One row for each deed that was written down."""

    key = "deeds"
    place = 110
    title = _l("Who changed what")
    says = _l("One row for each deed that was written down, the newest first. The log is only added to.")
    roles = ("hr", "admin")
    takes = ("since", "until")
    period = _l("done")
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("at", _l("When"), "moment"),
        Column("who", _l("Who")),
        Column("deed", _l("What"), "choice", DEEDS),
        Column("subject", _l("To or of whom")),
        Column("subject_key", _l("Its number"), on_page=False),
        Column("detail", _l("More")),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """When, who, what, to whom."""
        return self._columns

    def facts(self, asked: Asked) -> Iterator[Any]:
        """Each deed with the names that belong to it, and the words of what is noted beside it."""
        noted = Noted()
        return ((*found, noted) for found in trail.each(trail.deeds, _search(asked), asked.who.time_zone))

    def row(self, fact: Any, asked: Asked) -> Row:
        """Its cells."""
        entry, names, noted = fact
        by = names.get(entry.actor_id) if entry.actor_id is not None else str(_("by itself"))
        more = detail_words(entry.detail, names, noted.say(entry.deed, entry.detail)) if entry.detail else None
        return entry.at, by, entry.deed, subject_words(entry.subject, names), entry.subject, more
