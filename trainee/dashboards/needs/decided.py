"""Somebody else has decided about a line she disputed."""

from collections.abc import Mapping

from flask import url_for
from sqlalchemy import func, select

from trainee.coaching.observations import Dispute, DisputeReading, Observation
from trainee.coaching.observations.words import OUTCOMES_TOLD
from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.kit.db import db
from trainee.kit.i18n import _
from trainee.people import Person, ReportingLine

# Whoever scored the contact leads her and has not read what was decided.
_READ = select(DisputeReading.dispute_id).where(DisputeReading.dispute_id == Dispute.id, DisputeReading.person_id == Observation.observer_id)
_UNREAD = Dispute.decided_at.is_not(None) & ~_READ.correlate(Dispute, Observation).exists() & (Dispute.decided_by_id != Observation.observer_id)
# Joined and not asked for with EXISTS: SQLite would look through the observer's whole line for each contact that nobody disputed.
_LEADS = (ReportingLine.person_id == Observation.person_id) & (ReportingLine.supervisor_id == Observation.observer_id) & ReportingLine.until.is_(None)


@needs.register
class Decided(Need):
    """A dispute that was decided, until the supervisor who scored the contact has read the reason."""

    key = "decided"
    # A piece of news: after what is due.
    order = 29
    stamp = (
        select(func.count())
        .select_from(Dispute)
        .join(Observation, Observation.id == Dispute.observation_id)
        .join(ReportingLine, _LEADS)
        .where(Observation.person_id == Person.id, _UNREAD)
        .correlate(Person)
        .scalar_subquery()
    )

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Decided"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Of whose dispute the outcome waits to be read. One statement."""
        statement = (
            select(Dispute.id, Dispute.skill_key, Dispute.outcome, Observation.person_id)
            .join(Observation, Observation.id == Dispute.observation_id)
            .join(ReportingLine, _LEADS)
            .where(Observation.person_id.in_(seen.people), _UNREAD)
            .order_by(Dispute.decided_at, Dispute.id)
        )
        found: dict[int, Said] = {}
        for row in db.session.execute(statement):
            words = f"{skill_name(row.skill_key)}: {OUTCOMES_TOLD[row.outcome]}"
            found.setdefault(row.person_id, Said(words, str(_("Read why")), url_for("disputes.dispute", dispute_id=row.id)))
        return found
