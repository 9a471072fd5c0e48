"""The page of the five checks."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching.checks import actions, queries
from trainee.coaching.scorecards.forms import CHANNEL_NAMES
from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.web import back_to, show
from trainee.people import viewer

bp = web.Blueprint("checks", __name__)
LOOKED_BACK = timedelta(days=30)


@bp.get("/after-contact")
def checks() -> Response:
    """Five checks after a contact, and what they have found lately."""
    return _page({}, "", "")


def _page(given: Mapping[str, str], field: str, complaint: str) -> Response:
    who = viewer()
    many, opened = queries.found_open(who.id, now() - LOOKED_BACK)
    most = max(opened, key=lambda key: opened[key]) if opened else None
    names = {key: str(words) for key, words, _hint in actions.CHECKS}
    return show(
        "checks/checks.html",
        checks=[(key, str(words), str(hint)) for key, words, hint in actions.CHECKS],
        answers=[(key, str(words)) for key, words in actions.ANSWERS],
        channels=[("", "—"), *((key, str(name)) for key, name in CHANNEL_NAMES.items())],
        given=given,
        wrong={field: complaint} if field else {},
        latest=queries.latest(who.id),
        names=names,
        many=many,
        most=names[most] if most is not None else "",
        receipt=request.form.get("receipt", "") or secrets.token_hex(16),
        status=422 if field else 200,
    )


@bp.post("/after-contact")
def keep() -> Response | BaseResponse:
    """Keep what was checked."""
    form = request.form
    given = {name: form.get(name, "")[:2000] for name in ("channel", "mend", "again", *(key for key, _words, _hint in actions.CHECKS))}
    channel = given["channel"] if given["channel"] in CHANNEL_NAMES else ""
    receipt = form.get("receipt", "")[:64] or secrets.token_hex(16)
    try:
        actions.keep(viewer().id, given, channel=channel, mend=given["mend"], again=given["again"], receipt=receipt, at=now())
    except Refusal as refusal:
        return _page(given, refusal.code or "mend", refusal.message)
    db.session.commit()
    flash(_("Saved. You alone read it."))
    return back_to(url_for("checks.checks"))
