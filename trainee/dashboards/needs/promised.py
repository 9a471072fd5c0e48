"""Coaching was promised and not held."""

from collections.abc import Mapping

from flask import url_for
from sqlalchemy import bindparam, func, select

from trainee.coaching.sessions import CoachingSession
from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.kit.clock import local_date
from trainee.kit.db import UtcDateTime, db
from trainee.kit.i18n import _, _n
from trainee.people import Person

_WAITS = CoachingSession.held_at.is_(None) & CoachingSession.cancelled_at.is_(None)


@needs.register
class Promised(Need):
    """A coaching session whose hour has passed and that was neither held nor called off."""

    key = "promised"
    order = 15
    tone = "warn"
    # A session comes into it by the hour, and leaves it by being held, moved or called off.
    stamp = (
        select(func.count())
        .where(CoachingSession.person_id == Person.id, _WAITS, CoachingSession.promised_at < bindparam("at", type_=UtcDateTime()))
        .correlate(Person)
        .scalar_subquery()
    )

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Promised"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Who was promised a session; the oldest is named. One statement."""
        session = CoachingSession
        columns = (session.id, session.person_id, session.skill_key, session.promised_at, Person.time_zone)
        statement = select(*columns).join(Person, Person.id == session.person_id).where(session.person_id.in_(seen.people), _WAITS)
        statement = statement.where(session.promised_at < seen.at)
        found: dict[int, Said] = {}
        for row in db.session.execute(statement.order_by(session.promised_at, session.id)):
            # What was promised for yesterday afternoon was promised for yesterday, also in the morning.
            days = (local_date(seen.at, row.time_zone) - local_date(row.promised_at, row.time_zone)).days
            words = _n(
                "The coaching promised for %(num)d day ago was not held: %(skill)s.",
                "The coaching promised for %(num)d days ago was not held: %(skill)s.",
                days,
                skill=skill_name(row.skill_key),
            )
            if not days:
                words = _("The coaching promised for earlier today was not held: %(skill)s.", skill=skill_name(row.skill_key))
            found.setdefault(row.person_id, Said(str(words), str(_("Open the session")), url_for("sessions.session", session_id=row.id), days))
        return found
