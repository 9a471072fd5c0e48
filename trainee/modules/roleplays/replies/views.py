"""Pages of replies that wait for a look."""

from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _, language
from trainee.kit.web import Blueprint, back_to, show
from trainee.modules import library
from trainee.modules.roleplays.present import skill_name
from trainee.modules.roleplays.queries import Run, run_or_404
from trainee.modules.roleplays.replies import actions, queries
from trainee.modules.roleplays.replies.forms import LookForm
from trainee.modules.roleplays.said import say
from trainee.people import require_role, viewer

bp = Blueprint("replies", __name__)


@bp.post("/roleplay-runs/<int:run_id>/replies")
def offer(run_id: int) -> BaseResponse:
    """Show a reply of mine to those who lead me."""
    who = viewer()
    seq = request.form.get("seq", "")
    if not seq.isdecimal() or len(seq) > 4:
        run_or_404(run_id, who.id)
        raise Refusal(_("There is no reply of your own there. Choose one from the look back."), status=422)
    actions.offer(run_id, who.id, int(seq), now())
    db.session.commit()
    flash(_("Shown. Your supervisor reads this reply and nothing else of the talk."))
    return back_to(url_for("roleplays.debrief", run_id=run_id, _anchor=f"reply-{seq}"))


@bp.get("/replies")
def replies() -> Response:
    """The replies that my people want looked at."""
    who = viewer()
    require_role(who, "supervisor")
    return show("replies/replies.html", waiting=queries.waiting(who), looked=queries.looked_at(who, now()))


@bp.route("/replies/<int:reply_id>", methods=["GET", "POST"])
def reply(reply_id: int) -> Response | BaseResponse:
    """One reply: what the customer said, what was written, and which points it meets."""
    who = viewer()
    offered = queries.offered_or_404(reply_id, who)
    run, typed = queries.reply_of(offered)
    form = LookForm()
    form.offer([(one.id, one.label.of(language())) for one in typed.rubric])
    if request.method == "GET":
        form.met.data = list(typed.own)
    elif form.validate_on_submit():
        try:
            actions.confirm(reply_id, by_id=who.id, met=form.met.data or [], words=form.words.data or "", at=now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            db.session.commit()
            flash(_("Thank you. What you said counts from now on, and %(name)s reads it.", name=offered.person))
            return back_to(url_for("replies.replies"))
    return show("replies/reply.html", status=422 if request.method == "POST" else 200, offered=offered, form=form, **_shown(offered, run, typed))


def _shown(offered: Any, run: Run, typed: queries.Typed) -> dict[str, Any]:
    return {
        "title": say(run.story.title),
        "module": say(library.module(run.version_id).title),
        "customer": run.story.customer.name,
        "asked": say(typed.step.customer),
        "task": say(typed.scene.task),
        "text": typed.text,
        "model": say(typed.scene.model_answer),
        "points": [(say(one.label), skill_name(one.skill), one.id in typed.own, one.id in offered.met) for one in typed.rubric],
    }
