"""Pages of suggestions."""

import secrets
from datetime import date

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
from trainee.people import colleagues_of, names, viewer

bp = web.Blueprint("suggestions", __name__)


def _day() -> date:
    return local_date(now(), viewer().time_zone)


@bp.get("/suggestions")
def suggestions() -> Response:
    """My ideas, and those that wait for my answer."""
    who, day = viewer(), _day()
    return show(
        "suggestions/suggestions.html",
        me=who.name,
        mine=queries.suggestions_of(who.id),
        waiting=queries.suggestions_to_answer(who, day),
        answered=queries.suggestions_answered(who.id),
        today=day,
        decision_names=DECISION_NAMES,
    )


@bp.route("/suggestions/new", methods=["GET", "POST"])
def new_suggestion() -> Response | BaseResponse:
    """Put an idea forward."""
    form = SuggestionForm()
    form.offer(names(colleagues_of(viewer().id)))
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(16)
    elif form.validate_on_submit():
        words = {"title": form.title.data or "", "problem": form.problem.data or "", "idea": form.idea.data or ""}
        together = [int(number) for number in form.together.data or ()]
        made = actions.suggest(author_id=viewer().id, receipt=form.receipt.data or "", at=now(), with_ids=together, **words)
        db.session.commit()
        flash(_("Thank you. Your idea is on its way."))
        return back_to(url_for("suggestions.suggestion", suggestion_id=made))
    return show("suggestions/new_suggestion.html", form=form, status=422 if request.method == "POST" else 200)


@bp.get("/suggestions/<int:suggestion_id>")
def suggestion(suggestion_id: int) -> Response:
    """One idea and its answer."""
    return _show_suggestion(queries.suggestion_or_404(suggestion_id, viewer(), _day()))


def _show_suggestion(found: Suggestion, status: int = 200, reply: ReplyForm | None = None, effect: EffectForm | None = None) -> Response:
    day = _day()
    called = names({found.author_id, found.responder_id, found.answered_by_id or found.responder_id})
    return show(
        "suggestions/suggestion.html",
        status=status,
        suggestion=found,
        names=called,
        may_answer=queries.may_answer(viewer(), found, day),
        today=day,
        climbed_to=queries.climbed_to(found, day),
        credits=queries.credits_of(found.id) if found.decision == "adopted" or found.author_id == viewer().id else [],
        decision=DECISION_NAMES.get(found.decision or ""),
        reply=reply or ReplyForm(formdata=None),
        effect=effect or EffectForm(formdata=None, obj=found),
    )


@bp.post("/suggestions/<int:suggestion_id>/reply")
def reply(suggestion_id: int) -> Response | BaseResponse:
    """Answer an idea."""
    found = queries.suggestion_or_404(suggestion_id, viewer(), _day())
    queries.require_answer(viewer(), found, _day())
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
    found = queries.suggestion_or_404(suggestion_id, viewer(), _day())
    queries.require_answer(viewer(), found, _day())
    form = EffectForm()
    if not form.validate_on_submit():
        return _show_suggestion(found, 422, effect=form)
    actions.note_effect(suggestion_id, by_id=viewer().id, effect=form.effect.data or "", at=now())
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("suggestions.suggestion", suggestion_id=suggestion_id))
