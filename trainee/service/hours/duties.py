"""What whoever leads finds on Today about her own hours with customers."""

from datetime import datetime

from flask import url_for

from trainee.kit.clock import local_date
from trainee.kit.duties import Duty, duty
from trainee.kit.i18n import _, number
from trainee.people import viewer
from trainee.service.hours import queries


@duty(14, "supervisor")
def with_customers(at: datetime) -> Duty | None:
    """How many hours there were this month; nothing where none are wished for. Two statements, one where none are."""
    who, wished = viewer(), queries.target()
    if not wished:
        return None
    minutes = queries.months_of(who.id, local_date(at, who.time_zone))[-1].minutes
    words = _("%(done)s of %(wished)s hours this month.", done=number(minutes / 60, 1), wished=wished)
    badge, tone = (str(_("none yet")), "warn") if not minutes else ("", "accent")
    return Duty("heart-handshake", str(_("Hours with customers")), str(words), url_for("hours.hours"), badge, tone)
