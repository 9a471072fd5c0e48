"""An expectation was issued and not acknowledged."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import func, select

from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.expectations import Target
from trainee.kit.db import db
from trainee.kit.i18n import _, _n
from trainee.people import Person, Stay

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
        """Who has not answered; what has waited longest is named. One statement where there is anything to answer."""
        asked = {who: [(skill, target) for skill, target in seen.issued(who) if target.asks and target.issued_at is not None] for who in seen.people}
        known = _known_since([who for who, those in asked.items() if those])
        found = {}
        for who, those in asked.items():
            begun = ((_since(target, known.get(who, ())), skill, target.id) for skill, target in those)
            waiting = [one for one in begun if seen.at - one[0] >= PATIENCE]
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


def _known_since(people: Sequence[int]) -> dict[int, tuple[datetime, ...]]:
    """When each of these came to this site and to her team."""
    if not people:
        return {}
    joined = select(func.max(Stay.since)).where(Stay.person_id == Person.id, Stay.until.is_(None)).correlate(Person).scalar_subquery()
    rows = db.session.execute(select(Person.id, Person.created_at, joined.label("joined")).where(Person.id.in_(people)))
    return {row.id: tuple(one for one in (row.created_at, row.joined) if one is not None) for row in rows}


def _since(target: Target, known: Sequence[datetime]) -> datetime:
    """From when she is asked: what is expected of a team or a job is asked of whoever comes to it later from that day on."""
    assert target.issued_at is not None
    return target.issued_at if target.origin == "person" else max(target.issued_at, *known)
