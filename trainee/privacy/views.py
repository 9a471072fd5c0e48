"""Asking for a correction, deciding on it, and what is due to be deleted."""

import secrets
from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import _
from trainee.kit.web import back_to, show
from trainee.people import require_role, viewer
from trainee.privacy import actions, queries
from trainee.privacy.forms import DECISION_NAMES, CorrectionForm, DecisionForm
from trainee.privacy.inventory import HELD

bp = web.Blueprint("privacy", __name__)


@bp.route("/me/corrections", methods=["GET", "POST"])
def my_corrections() -> Response | BaseResponse:
    """Ask that something held about me be put right, and see what became of it."""
    form = CorrectionForm()
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(16)
    elif form.validate_on_submit():
        actions.ask_correction(person_id=viewer().id, what=form.what.data or "", why=form.why.data or "", receipt=form.receipt.data or "", at=now())
        db.session.commit()
        flash(_("Your request is with HR. You get an answer within thirty days."))
        return back_to(url_for("privacy.my_corrections"))
    return show(
        "privacy/my_corrections.html",
        form=form,
        requests=queries.corrections_of(viewer().id),
        decision_names=DECISION_NAMES,
        today=local_date(now(), viewer().time_zone),
        status=422 if request.method == "POST" else 200,
    )


@bp.get("/corrections")
def corrections() -> Response:
    """Everybody's requests, the most urgent first."""
    require_role(viewer(), "hr")
    return show(
        "privacy/corrections.html",
        waiting=queries.open_corrections(),
        decided=queries.decided_corrections(),
        decision_names=DECISION_NAMES,
        today=local_date(now(), viewer().time_zone),
    )


@bp.get("/corrections/<int:request_id>")
def correction(request_id: int) -> Response:
    """One request."""
    require_role(viewer(), "hr")
    return _show_correction(queries.correction_or_404(request_id))


def _show_correction(found: Any, status: int = 200, form: DecisionForm | None = None) -> Response:
    return show(
        "privacy/correction.html",
        status=status,
        correction=found,
        form=form or DecisionForm(formdata=None),
        own=found.person_id == viewer().id,
        decision=DECISION_NAMES.get(found.decision or ""),
        today=local_date(now(), viewer().time_zone),
    )


@bp.post("/corrections/<int:request_id>/decision")
def decide(request_id: int) -> Response | BaseResponse:
    """Decide on a request."""
    require_role(viewer(), "hr")
    found = queries.correction_or_404(request_id)
    form = DecisionForm()
    if not form.validate_on_submit():
        return _show_correction(found, 422, form)
    actions.decide(request_id, by_id=viewer().id, decision=form.decision.data, answer=form.answer.data or "", at=now())
    db.session.commit()
    flash(_("Decided. Your colleague can read the answer."))
    return back_to(url_for("privacy.corrections"))


@bp.get("/privacy")
def inventory() -> Response:
    """What is held about people: for what, who sees it, and for how long."""
    return show("privacy/inventory.html", held=HELD)


@bp.get("/retention")
def retention() -> Response:
    """What has been kept as long as it may be, and is due for deletion."""
    require_role(viewer(), "hr")
    at = now()
    return show("privacy/retention.html", kinds=queries.due_for_deletion(at), at=at)
