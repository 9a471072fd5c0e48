"""A line of an observation is disputed."""

from collections.abc import Mapping

from flask import url_for
from sqlalchemy import func, select

from trainee.coaching import Dispute, Observation
from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.kit.db import db
from trainee.kit.i18n import _
from trainee.people import Person


@needs.register
class Disputed(Need):
    """A dispute that nobody has decided. Who may decide it stands on its page: never whoever scored the contact."""

    key = "dispute"
    order = 12
    tone = "warn"
    stamp = (
        select(func.count())
        .select_from(Dispute)
        .join(Observation, Observation.id == Dispute.observation_id)
        .where(Observation.person_id == Person.id, Dispute.decided_at.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Mark disputed"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Whose dispute waits. One statement."""
        statement = (
            select(Dispute.id, Dispute.skill_key, Observation.person_id, Dispute.decide_by)
            .join(Observation, Observation.id == Dispute.observation_id)
            .where(Observation.person_id.in_(seen.people), Dispute.decided_at.is_(None))
            .order_by(Dispute.decide_by, Dispute.id)
        )
        found: dict[int, Said] = {}
        for row in db.session.execute(statement):
            words = str(_("Disputes an observation in %(skill)s.", skill=skill_name(row.skill_key)))
            url = url_for("disputes.dispute", dispute_id=row.id)
            found.setdefault(row.person_id, Said(words, str(_("Read the dispute")), url, (seen.day - row.decide_by).days))
        return found
