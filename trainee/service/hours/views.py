"""The page of hours with customers."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import whole
from trainee.kit.i18n import _, _l, number
from trainee.kit.web import back_to, show
from trainee.people import require_role, viewer
from trainee.service.fields import Field, choice, drawn, read
from trainee.service.hours import actions, duties, queries  # noqa: F401  # What whoever leads finds on Today is told when it is imported.

bp = web.Blueprint("hours", __name__)
LEADS = ("supervisor", "hr", "admin", "executive", "trainer")
FIELDS = (
    Field("day", _l("Day"), "date", both=False),
    Field("minutes", _l("Minutes"), "number", both=False),
    choice("way", _l("How"), actions.ways),
    Field("note", _l("What I take from it"), both=False, required=False, hint=_l("No customer's name. You alone read it.")),
)


@bp.get("/customer-hours")
def hours() -> Response:
    """Her own hours with customers, month by month, and what she wrote down."""
    require_role(viewer(), *LEADS)
    return _page({"day": _today().isoformat()}, {})


def _today() -> date:
    return local_date(now(), viewer().time_zone)


def _page(values: Mapping[str, Any], wrong: Mapping[str, str]) -> Response:
    who, today, wished = viewer(), _today(), queries.target()
    called = dict(actions.WAYS)
    found = queries.months_of(who.id, today)
    whole = queries.reached(today, wished) if wished and who.holds("hr", "admin", "executive") else None
    return show(
        "hours/hours.html",
        months=[(one.first, number(one.minutes / 60, 1), one.minutes >= 60 * wished) for one in found],
        this=number(found[-1].minutes / 60, 1),
        wished=wished,
        inputs=drawn(FIELDS, values, wrong),
        wrong=list(wrong.items()),
        rows=[(one, str(called.get(one.way, one.way))) for one in queries.latest(who.id)],
        receipt=secrets.token_hex(16),
        sets=who.holds("hr", "admin"),
        whole=None if whole is None else (whole[0], whole[1], number(whole[2] / 60, 1)),
        status=422 if wrong else 200,
    )


@bp.post("/customer-hours")
def take() -> Response | BaseResponse:
    """Write down some minutes."""
    require_role(viewer(), *LEADS)
    values, wrong = read(FIELDS, request.form)
    if not wrong:
        receipt = request.form.get("receipt", "")[:64] or secrets.token_hex(16)
        try:
            actions.take(viewer().id, values, today=_today(), receipt=receipt, at=now())
        except Refusal as refusal:
            wrong = {refusal.code: refusal.message}
        else:
            db.session.commit()
            flash(_("Saved."))
            return back_to(url_for("hours.hours"))
    return _page(values, wrong)


@bp.post("/customer-hours/<int:hours_id>/removal")
def remove(hours_id: int) -> BaseResponse:
    """Take back what she wrote down."""
    actions.remove(hours_id, viewer().id)
    db.session.commit()
    flash(_("It is taken out."))
    return back_to(url_for("hours.hours"))


@bp.post("/customer-hours/target")
def set_target() -> BaseResponse:
    """Say how many hours a month are wished for."""
    require_role(viewer(), "hr", "admin")
    sent = request.form.get("hours", "").strip()
    actions.set_target(whole(sent, 999, None), at=now(), by_id=viewer().id)
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("hours.hours"))
