"""Who is certified for what, until when, and who is to renew it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from trainee import plans
from trainee.kit.clock import local_date
from trainee.kit.i18n import _l
from trainee.people import Person
from trainee.plans.words import CERTIFIED
from trainee.reports.column import Column, Row
from trainee.reports.columns import WHO, first_of, who
from trainee.reports.figures import EXPIRED, EXPIRING, VALID
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Bars
from trainee.reports.population import Member, chunks
from trainee.reports.report import Report


@dataclass(frozen=True, slots=True)
class Certified:
    """How one person stands with one certification."""

    member: Member
    standing: plans.Standing

    @property
    def state(self) -> str:
        """valid, window, expired, withdrawn or begun."""
        return self.standing.state


@kinds.register
class Certification(Report):
    """One row for each certification of each person."""

    key = "certification"
    place = 40
    title = _l("Certification")
    says = _l("One row for each certification that somebody holds or works for, with its newest certificate and how it stands today.")
    takes = ("unit", "team")
    figures = (VALID, EXPIRING, EXPIRED)
    pictures = (Bars(_l("How certifications stand"), lambda fact: ((fact.state, 1.0),), lambda: first_of(CERTIFIED), _l("How it stands")),)
    _own: ClassVar[tuple[Column, ...]] = (
        Column("certification", _l("Certification")),
        Column("state", _l("How it stands"), "choice", first_of(CERTIFIED)),
        Column("certificate_no", _l("Certificate no.")),
        Column("certificate_valid_until", _l("Valid until"), "date"),
        Column("renew_by", _l("To do by"), "date"),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who, what for, and until when."""
        return (*WHO, *self._own)

    def facts(self, asked: Asked) -> Iterator[Certified]:
        """Each person's certifications, the most pressing first."""
        for members in chunks(asked):
            known = {one.id: (place, one) for place, one in enumerate(members)}
            found = plans.standings(Person.id.in_(list(known)), local_date(asked.at, asked.who.time_zone), most=None)
            for one in sorted(found, key=lambda one: known[one.person_id][0]):
                yield Certified(known[one.person_id][1], one)

    def row(self, fact: Certified, asked: Asked) -> Row:
        """Its cells."""
        one = fact.standing
        return (*who(fact.member), one.title, one.state, one.number or None, one.valid_until, one.cycle.due_on if one.cycle is not None else None)
