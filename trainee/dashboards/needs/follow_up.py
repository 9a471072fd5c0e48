"""What was agreed, or what somebody asks for, waits to be seen at work."""

from collections.abc import Mapping

from flask import url_for
from sqlalchemy import Date, bindparam, func, select

from trainee.coaching.observations import PlannedObservation
from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.kit.db import db
from trainee.kit.i18n import _, date_words
from trainee.people import Person

_WAITS = PlannedObservation.observation_id.is_(None)
# She asked for it herself: that is told at once.
_HER_OWN = PlannedObservation.planned_by_id == PlannedObservation.person_id


@needs.register
class FollowUp(Need):
    """The day of a planned observation has come, or she asks to be seen, and no observation has answered it."""

    key = "follow_up"
    # Before the gap it is to close: what was promised comes first.
    order = 28
    stamp = (
        select(func.count())
        .where(_WAITS, PlannedObservation.person_id == Person.id, (PlannedObservation.due_on <= bindparam("day", type_=Date())) | _HER_OWN)
        .correlate(Person)
        .scalar_subquery()
    )

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Follow-up"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Whose follow-up is due, and who asks. One statement."""
        plan = PlannedObservation
        statement = select(plan.person_id, plan.skill_key, plan.due_on, plan.planned_by_id)
        statement = statement.where(_WAITS, plan.person_id.in_(seen.people), (plan.due_on <= seen.day) | _HER_OWN)
        found: dict[int, Said] = {}
        for row in db.session.execute(statement.order_by(plan.due_on, plan.id)):
            skill, badge = skill_name(row.skill_key), ""
            words = _("%(skill)s: see whether what was agreed shows at work.", skill=skill)
            if row.planned_by_id == row.person_id:
                words, badge = _("%(skill)s: to be seen at work by %(day)s.", skill=skill, day=date_words(row.due_on)), str(_("Asks to be seen"))
            url = url_for("observing.observe", person_id=row.person_id, skill=row.skill_key)
            found.setdefault(row.person_id, Said(str(words), str(_("Observe")), url, (seen.day - row.due_on).days, badge))
        return found
