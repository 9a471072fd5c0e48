"""The administrator's page of webhooks: those there are, what they were told last, and a test."""

import secrets
from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee import people
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import beside, complaints
from trainee.kit.i18n import _, _l, _n, moment_words
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import viewer
from trainee.webhooks import actions
from trainee.webhooks.forms import WebhookForm

bp = Blueprint("webhooks", __name__)
STATES = {
    "waiting": (_l("waits"), "quiet"),
    "sent": (_l("told"), "good"),
    "failed": (_l("given up"), "bad"),
    "cancelled": (_l("called off"), "quiet"),
}
PROBLEMS = {
    "unsafe": _l("The address leads into a network, or is no https address."),
    "no_connection": _l("Nobody answered."),
    "answered": _l("The other side answered %(status)s."),
    "bug": _l("Something went wrong on our side; it was written down."),
}


@bp.route("/webhooks", methods=["GET", "POST"])
def webhooks() -> Response | BaseResponse:
    """Every webhook, a form for one more, and what was told last."""
    who = viewer()
    people.require_role(who, "admin")
    form = WebhookForm()
    form.offer()
    if request.method == "GET":
        form.receipt.data, form.events.data = secrets.token_hex(16), list(actions.EVENTS)
    elif form.validate_on_submit():
        receipt = form.receipt.data or secrets.token_hex(16)
        try:
            actions.make_webhook(form.name.data or "", form.url.data or "", form.events.data or [], who=who, receipt=receipt, at=now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            db.session.commit()
            flash(_("It is entered, and told of what happens from now on. Send a test to see whether it hears."))
            return back_to(url_for("webhooks.webhooks"))
    return show(
        "webhooks/webhooks.html",
        form=form,
        complaints=complaints(form),
        hooks=[(one, ", ".join(str(actions.EVENTS[event]) for event in one.events), actions.secret_of(one)) for one in actions.webhooks()],
        rows=[_row(one) for one in actions.deliveries()],
        status=422 if request.method == "POST" else 200,
    )


def _row(one: Any) -> list[Any]:
    words, tone = STATES[one.state]
    event = actions.EVENTS.get(one.event, _("a test"))
    key = (one.problem or "").split(" ")[0]
    came = str(PROBLEMS[key]) % {"status": one.status or "—"} if key in PROBLEMS else "—"
    if one.state == "waiting" and one.attempts:
        came += " " + _("Next try: %(when)s.", when=moment_words(one.next_try_at))
    return [
        moment_words(one.made_at),
        one.name,
        str(event),
        _n("%(num)d call", "%(num)d calls", one.attempts),
        came,
        {"text": str(words), "tone": tone},
    ]


@bp.post("/webhooks/<int:webhook_id>/test")
def test_webhook(webhook_id: int) -> BaseResponse:
    """Tell it something that is about nobody."""
    people.require_role(viewer(), "admin")
    actions.send_test(actions.webhook_or_404(webhook_id), viewer(), now())
    db.session.commit()
    flash(_("A test is on its way. Look again in a minute."))
    return back_to(url_for("webhooks.webhooks"))


@bp.post("/webhooks/<int:webhook_id>/end")
def end_webhook(webhook_id: int) -> BaseResponse:
    """Tell it nothing any more."""
    people.require_role(viewer(), "admin")
    actions.end_webhook(webhook_id, viewer(), now())
    db.session.commit()
    flash(_("It is told nothing any more."))
    return back_to(url_for("webhooks.webhooks"))
