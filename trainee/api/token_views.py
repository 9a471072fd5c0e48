"""Pages on which HR and administrators make and revoke the tokens of other programs."""

import secrets
from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee import people
from trainee.api import tokens as actions
from trainee.api.forms import TokenForm
from trainee.api.resources import SCOPES
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import beside, complaints
from trainee.kit.i18n import _, moment_words
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import viewer

bp = Blueprint("tokens", __name__)


@bp.route("/api-tokens", methods=["GET", "POST"])
def tokens() -> Response | BaseResponse:
    """Every token there is, and a form for one more. A new one is shown in the answer to its form and never again."""
    who = viewer()
    people.require_role(who, "hr", "admin")
    form, made = TokenForm(), None
    form.offer()
    if request.method == "GET":
        form.receipt.data, form.days.data = secrets.token_hex(16), 90
    elif form.validate_on_submit():
        receipt = form.receipt.data or secrets.token_hex(16)
        try:
            made = actions.make_token(
                form.name.data or "", form.scopes.data or [], form.days.data or 0, who=who, known=SCOPES, receipt=receipt, at=now()
            )
        except Refusal as refusal:
            beside(form, refusal)
        else:
            db.session.commit()
            if made is None:
                flash(_("This token was made before and is not shown again. If it was not kept, revoke it and make another."), "warn")
                return back_to(url_for("tokens.tokens"))
    return show(
        "api/tokens.html",
        form=form,
        made=made,
        complaints=complaints(form),
        rows=[_row(one) for one in actions.tokens()],
        status=422 if request.method == "POST" and made is None else 200,
    )


def _row(one: Any) -> dict[str, Any]:
    at = now()
    if one.revoked_at is not None:
        state, tone = _("revoked on %(when)s", when=moment_words(one.revoked_at)), "quiet"
    elif one.expires_at <= at:
        state, tone = _("ran out on %(when)s", when=moment_words(one.expires_at)), "quiet"
    else:
        state, tone = _("until %(when)s", when=moment_words(one.expires_at)), "good"
    return {
        "id": one.id,
        "name": one.name,
        "scopes": ", ".join(one.scopes),
        "made": _("%(name)s, %(when)s", name=one.made_by, when=moment_words(one.made_at)),
        "used": moment_words(one.used_at) if one.used_at is not None else _("never yet"),
        "badge": (str(state), tone),
        "live": tone == "good",
    }


@bp.post("/api-tokens/<int:token_id>/revocation")
def revoke_token(token_id: int) -> BaseResponse:
    """Let nobody in with that token any more, from now on."""
    who = viewer()
    people.require_role(who, "hr", "admin")
    actions.revoke(token_id, who, now())
    db.session.commit()
    flash(_("The token is revoked. Whoever calls with it is sent away from now on."))
    return back_to(url_for("tokens.tokens"))
