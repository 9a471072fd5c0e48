"""What was agreed waits to be seen at work."""

from collections.abc import Mapping

from flask import url_for
from sqlalchemy import Date, bindparam, func, select

from trainee.coaching.sessions import CoachingSession
from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.evidence import Evidence, sources
from trainee.kit.db import db
from trainee.kit.i18n import _
from trainee.people import Person


@needs.register
class FollowUp(Need):
    """The day of a follow-up observation has come, and nothing of that skill was seen at work since the session."""

    key = "follow_up"
    order = 35
    stamp = (
        select(func.count())
        .where(CoachingSession.person_id == Person.id, CoachingSession.follow_up_on <= bindparam("day", type_=Date()))
        .correlate(Person)
        .scalar_subquery()
    )

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Follow-up"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Whose follow-up is due. One statement."""
        session, at_work = CoachingSession, [kind.key for kind in sources if kind.line == "observed"]
        since = (
            select(Evidence.id)
            .where(Evidence.person_id == session.person_id, Evidence.skill_key == session.skill_key, Evidence.occurred_at > session.held_at)
            .where(Evidence.source.in_(at_work), Evidence.retracts_id.is_(None))
            .correlate(session)
        )
        statement = (
            select(session.person_id, session.skill_key, session.action, session.follow_up_on)
            .where(session.person_id.in_(seen.people), session.follow_up_on <= seen.day, ~since.exists())
            .order_by(session.follow_up_on, session.id)
        )
        found: dict[int, Said] = {}
        for row in db.session.execute(statement):
            words = _("%(skill)s: see whether what was agreed shows at work.", skill=skill_name(row.skill_key))
            url = url_for("observing.observe", person_id=row.person_id, skill=row.skill_key)
            found.setdefault(row.person_id, Said(str(words), str(_("Observe")), url, (seen.day - row.follow_up_on).days))
        return found
