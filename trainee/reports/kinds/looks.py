"""The log of looks: who saw what."""

from collections.abc import Iterator
from typing import Any, ClassVar

from trainee.kit.i18n import _l
from trainee.people import trail
from trainee.people.looks import CAPACITIES, LISTS, PAGES
from trainee.reports.column import Column, Row
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.report import Report


def _search(asked: Asked) -> trail.Search:
    return trail.Search(since=asked.filters.since, until=asked.filters.until)


@kinds.register
class Looks(Report):
    """One row for each page about a person that somebody else opened."""

    key = "looks"
    place = 111
    title = _l("Who saw what")
    says = _l("One row for each page about a person that somebody else opened, once a day, the newest first. The log is only added to.")
    roles = ("hr", "admin")
    takes = ("since", "until")
    period = _l("opened")
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("at", _l("When"), "moment"),
        Column("who", _l("Who")),
        Column("page", _l("What"), "choice", {**PAGES, **LISTS}),
        Column("person", _l("Of whom")),
        Column("capacity", _l("As what"), "choice", CAPACITIES),
        Column("reason", _l("Why")),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """When, who, what, of whom and as what."""
        return self._columns

    def facts(self, asked: Asked) -> Iterator[Any]:
        """Each look with the names that belong to it."""
        return trail.each(trail.looks, _search(asked), asked.who.time_zone)

    def row(self, fact: Any, asked: Asked) -> Row:
        """Its cells."""
        look, names = fact
        return look.at, names.get(look.by_id), look.page.partition("?")[0], names.get(look.person_id), look.capacity, look.reason or None
