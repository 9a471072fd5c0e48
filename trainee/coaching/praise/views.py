"""Pages of praise."""

import secrets
from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching.praise import actions, queries
from trainee.coaching.praise.forms import PraiseForm
from trainee.coaching.praise.queries import Reason
from trainee.evidence import sources
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _, language, moment_words
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import person_or_404, viewer
from trainee.skills import framework

bp = Blueprint("praise", __name__)


@bp.get("/praise")
def mine() -> Response:
    """What I was praised for, what my team was, and what I praised others for."""
    who, at = viewer(), now()
    leads = who.holds("supervisor")
    return show(
        "praise/mine.html",
        received=queries.received(who.id),
        team=queries.of_team(who, at),
        given=queries.given(who.id) if leads else [],
        about=_about,
    )


def _about(row: Any) -> str:
    """What praise is tied to, for those who may read the evidence."""
    if row.idea is not None:
        return str(_("Suggestion: %(title)s", title=row.idea))
    happened = sources[row.source].sentence(row.score) if row.source in sources else ""
    return f"{framework().skill(row.skill_key).name.of(language())}: {happened}"


def _reason(one: Reason) -> str:
    if one.title:
        return str(_("Suggestion: %(title)s", title=one.title))
    return f"{framework().skill(one.skill).name.of(language())}: {sources[one.source].sentence(one.score)} {moment_words(one.when, 'd MMM')}"


@bp.route("/people/<int:person_id>/praise/new", methods=["GET", "POST"])
def give(person_id: int) -> Response | BaseResponse:
    """Praise somebody."""
    who, at = viewer(), now()
    person = person_or_404(person_id, who)
    queries.require_lead(who, person_id)
    form = PraiseForm()
    form.offer([(one.key, _reason(one)) for one in queries.reasons(person_id, at)])
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(16)
    elif form.validate_on_submit():
        said = {"words": form.words.data or "", "reason": form.reason.data, "receipt": form.receipt.data or ""}
        try:
            actions.praise(from_id=who.id, person_id=person_id, to_team=bool(form.to_team.data), at=at, **said)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            db.session.commit()
            flash(_("Sent. %(name)s finds it on Today.", name=person.name))
            return back_to(url_for("praise.mine"))
    return show("praise/give.html", form=form, person=person, status=422 if request.method == "POST" else 200)


@bp.post("/praise/<int:praise_id>/hiding")
def hide(praise_id: int) -> BaseResponse:
    """Hide what I was praised for, or let it be seen again."""
    found = queries.praise_or_404(praise_id, viewer())
    if request.form.get("again"):
        actions.show_again(found)
    else:
        actions.hide(found, now())
    db.session.commit()
    flash(_("Only you read it now.") if found.hidden_at else _("It can be read again."))
    return back_to(url_for("praise.mine"))
