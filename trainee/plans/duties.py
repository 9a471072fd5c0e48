"""What HR finds on Today about certificates."""

from datetime import datetime

from flask import current_app, url_for
from sqlalchemy import func, select

from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.duties import Duty, duty
from trainee.kit.i18n import _, _n
from trainee.people import Person
from trainee.plans.models import ASSIGNMENT, CERTIFICATE


@duty(35, "hr")
def certificates_running_out(at: datetime) -> Duty:
    """How many have expired and how many are to be renewed now, of those who work here. One statement."""
    day = local_date(at, current_app.extensions["trainee"].default_time_zone)
    newer = CERTIFICATE.alias()
    last = ~(
        select(newer.c.id)
        .where(
            newer.c.person_id == CERTIFICATE.c.person_id, newer.c.certification_id == CERTIFICATE.c.certification_id, newer.c.id > CERTIFICATE.c.id
        )
        .correlate(CERTIFICATE)
        .exists()
    )
    # Whoever has an open cycle is still asked for it: who left the team is not.
    asked = (
        select(ASSIGNMENT.c.id)
        .where(
            ASSIGNMENT.c.certification_id == CERTIFICATE.c.certification_id,
            ASSIGNMENT.c.person_id == CERTIFICATE.c.person_id,
            ASSIGNMENT.c.ended_at.is_(None),
            ASSIGNMENT.c.id > CERTIFICATE.c.assignment_id,
        )
        .correlate(CERTIFICATE)
        .exists()
    )
    statement = (
        select(func.count().filter(CERTIFICATE.c.valid_until < day), func.count().filter(CERTIFICATE.c.valid_until >= day))
        .select_from(CERTIFICATE.join(Person.__table__, Person.id == CERTIFICATE.c.person_id))
        .where(CERTIFICATE.c.withdrawn_at.is_(None), Person.disabled_at.is_(None), last, asked)
    )
    expired, soon = db.session.execute(statement).one()
    title, url = str(_("Certificates running out")), url_for("plans.certifications")
    said = [str(_n("%(num)d has expired.", "%(num)d have expired.", expired))] if expired else []
    if soon:
        said.append(str(_n("%(num)d is to be renewed now.", "%(num)d are to be renewed now.", soon)))
    if not said:
        return Duty("award", title, str(_("Nothing runs out soon.")), url)
    return Duty("award", title, " ".join(said), url, str(expired + soon), "bad" if expired else "accent")
