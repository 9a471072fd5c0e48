"""What HR finds on Today about requests for correction."""

from datetime import datetime

from flask import current_app, url_for
from sqlalchemy import func, select

from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.duties import Duty, duty
from trainee.kit.i18n import _, _n, date_words
from trainee.privacy.models import CorrectionRequest


@duty(30, "hr")
def corrections_waiting(at: datetime) -> Duty:
    """How many requests wait for a decision, and until when the first. One statement."""
    statement = select(func.count(), func.min(CorrectionRequest.due_on)).where(CorrectionRequest.decided_at.is_(None))
    many, first = db.session.execute(statement).one()
    title, url = str(_("Requests for correction")), url_for("privacy.corrections")
    if not many:
        return Duty("pencil", title, str(_("None waits for a decision.")), url)
    late = first < local_date(at, current_app.extensions["trainee"].default_time_zone)
    words = _n(
        "%(num)d waits for a decision, until %(date)s.", "%(num)d wait for a decision, the first until %(date)s.", many, date=date_words(first)
    )
    return Duty("pencil", title, str(words), url, str(many), "bad" if late else "accent")
