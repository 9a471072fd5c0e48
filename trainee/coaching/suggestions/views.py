"""Pages of suggestions."""

import secrets

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching.suggestions import actions, queries
from trainee.coaching.suggestions.forms import DECISION_NAMES, EffectForm, ReplyForm, SuggestionForm
from trainee.coaching.suggestions.models import Suggestion
from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import _
from trainee.kit.web import back_to, show
from trainee.people import names, viewer

bp = web.Blueprint("suggestions", __name__)


@bp.get("/suggestions")
def suggestions() -> Response:
    """My ideas, and those that wait for my answer."""
    who = viewer()
    return show(
        "suggestions/suggestions.html",
        mine=queries.suggestions_of(who.id),
        waiting=queries.suggestions_to_answer(who.id),
        answered=queries.suggestions_answered(who.id),
        today=local_date(now(), who.time_zone),
        decision_names=DECISION_NAMES,
    )


@bp.route("/suggestions/new", methods=["GET", "POST"])
def new_suggestion() -> Response | BaseResponse:
    """Put an idea forward."""
    form = SuggestionForm()
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(16)
    elif form.validate_on_submit():
        words = {"title": form.title.data or "", "problem": form.problem.data or "", "idea": form.idea.data or ""}
        made = actions.suggest(author_id=viewer().id, receipt=form.receipt.data or "", at=now(), **words)
        db.session.commit()
        flash(_("Thank you. Your idea is on its way."))
        return back_to(url_for("suggestions.suggestion", suggestion_id=made))
    return show("suggestions/new_suggestion.html", form=form, status=422 if request.method == "POST" else 200)


@bp.get("/suggestions/<int:suggestion_id>")
def suggestion(suggestion_id: int) -> Response:
    """One idea and its answer."""
    return _show_suggestion(queries.suggestion_or_404(suggestion_id, viewer()))


def _show_suggestion(found: Suggestion, status: int = 200, reply: ReplyForm | None = None, effect: EffectForm | None = None) -> Response:
    called = names({found.author_id, found.responder_id, found.answered_by_id or found.responder_id})
    return show(
        "suggestions/suggestion.html",
        status=status,
        suggestion=found,
        names=called,
        may_answer=queries.may_answer(viewer(), found),
        today=local_date(now(), viewer().time_zone),
        decision=DECISION_NAMES.get(found.decision or ""),
        reply=reply or ReplyForm(formdata=None),
        effect=effect or EffectForm(formdata=None, obj=found),
    )


@bp.post("/suggestions/<int:suggestion_id>/reply")
def reply(suggestion_id: int) -> Response | BaseResponse:
    """Answer an idea."""
    found = queries.suggestion_or_404(suggestion_id, viewer())
    queries.require_answer(viewer(), found)
    form = ReplyForm()
    if not form.validate_on_submit():
        return _show_suggestion(found, 422, reply=form)
    actions.answer(suggestion_id, by_id=viewer().id, decision=form.decision.data, reply=form.reply.data or "", at=now())
    db.session.commit()
    flash(_("Your answer is sent."))
    return back_to(url_for("suggestions.suggestion", suggestion_id=suggestion_id))


@bp.post("/suggestions/<int:suggestion_id>/effect")
def effect(suggestion_id: int) -> Response | BaseResponse:
    """Write down what an adopted idea changed."""
    found = queries.suggestion_or_404(suggestion_id, viewer())
    queries.require_answer(viewer(), found)
    form = EffectForm()
    if not form.validate_on_submit():
        return _show_suggestion(found, 422, effect=form)
    actions.note_effect(suggestion_id, by_id=viewer().id, effect=form.effect.data or "", at=now())
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("suggestions.suggestion", suggestion_id=suggestion_id))
