"""The pages of a role-play: the brief, the talk, and the look back."""

import secrets
from typing import Any

from flask import Response, make_response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, language
from trainee.kit.web import Blueprint, back_to, show
from trainee.modules.roleplays import actions, present, queries
from trainee.modules.roleplays.queries import Run
from trainee.modules.roleplays.replies.queries import shown_replies
from trainee.people import require_role, viewer

bp = Blueprint("roleplays", __name__)


def _new_key() -> str:
    return secrets.token_urlsafe(12)


@bp.get("/roleplays/<story>/")
def brief(story: str) -> Response:
    """Whom one will talk with, about what, and how it went before."""
    _version, found = queries.current(story)
    plays = queries.plays_of(viewer().id, story)
    return show("roleplays/brief.html", story=found, plays=plays, key=_new_key(), **present.brief(found, plays))


@bp.get("/roleplays/<story>/graph")
def graph(story: str) -> Response:
    """The story as a graph, for those who write and look after content."""
    require_role(viewer(), "trainer", "admin")
    _version, found = queries.current(story)
    return show("roleplays/graph.html", story=found, **present.graph_page(found))


@bp.get("/roleplays/<story>/graph.svg")
def graph_picture(story: str) -> Response:
    """The picture of the story alone, to be seen as large or as small as one likes, and kept."""
    require_role(viewer(), "trainer", "admin")
    _version, found = queries.current(story)
    response = make_response(str(present.graph_picture(found)))
    response.headers["Content-Type"] = "image/svg+xml"
    # It holds shares of learners, which change.
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/roleplays/<story>/runs")
def begin(story: str) -> BaseResponse:
    """Begin it."""
    run_id = actions.begin(viewer().id, story, request.form.get("key", ""), now())
    db.session.commit()
    return back_to(url_for("roleplays.run", run_id=run_id, _anchor="now"))


@bp.get("/roleplay-runs/<int:run_id>")
def run(run_id: int) -> Response:
    """The talk, where it stands."""
    return _player(queries.run_or_404(run_id, viewer().id))


def _player(found: Run, refused: Refusal | None = None, typed: str = "", ticked: tuple[str, ...] = ()) -> Response:
    context: dict[str, Any] = {**present.player(found, now()), "key": _new_key(), "refused": refused, "typed": typed, "ticked": ticked}
    return show("roleplays/run.html", fragment="roleplays/_run.html", status=refused.status if refused else 200, **context)


@bp.post("/roleplay-runs/<int:run_id>/moves")
def moves(run_id: int) -> Response | BaseResponse:
    """Answer in the open scene."""
    form = request.form
    try:
        seq = int(form.get("seq", ""))
    except ValueError:
        queries.run_or_404(run_id, viewer().id)
        raise Refusal(_("Something is missing in what was sent. Please load the page again."), status=400) from None
    try:
        actions.move(run_id, viewer().id, seq, form.get("scene", ""), form.to_dict(flat=False), form.get("key", ""), language(), now())
    except Refusal as refused:
        # The sentence is shown above the scene that is open now, with what was typed still in its place.
        db.session.rollback()
        return _player(queries.run_or_404(run_id, viewer().id), refused, form.get("text", ""), tuple(form.getlist("cues")))
    db.session.commit()
    return back_to(url_for("roleplays.run", run_id=run_id, _anchor="now"))


@bp.get("/roleplay-runs/<int:run_id>/debrief")
def debrief(run_id: int) -> Response | BaseResponse:
    """Look back at a finished talk."""
    found = queries.run_or_404(run_id, viewer().id)
    if not found.state.ended:
        return back_to(url_for("roleplays.run", run_id=run_id))
    who = viewer()
    plays = queries.plays_of(who.id, found.story.id)
    at = now()
    pulses = queries.pulses_of(who.id, at)
    guard: dict[str, Any] = {"easier": queries.easier(found, pulses, who.roles, at), "pulses": present.pulses(found, pulses, at)}
    shown = shown_replies(found)
    moved = queries.moved(found)
    told = present.debrief(found, plays, moved, queries.raised_by(found, moved))
    return show("roleplays/debrief.html", run=found, key=_new_key(), replies=shown, **guard, **told)


@bp.post("/roleplay-runs/<int:run_id>/pulse")
def pulse(run_id: int) -> BaseResponse:
    """Say how one is after it."""
    actions.say_pulse(run_id, viewer().id, request.form.get("value", ""), now())
    db.session.commit()
    return back_to(url_for("roleplays.debrief", run_id=run_id, _anchor="pulse"))


@bp.post("/roleplay-runs/<int:run_id>/replays")
def replays(run_id: int) -> BaseResponse:
    """Begin again from one of its scenes."""
    try:
        kept = int(request.form.get("from", ""))
    except ValueError:
        queries.run_or_404(run_id, viewer().id)
        raise Refusal(_("There is no scene to replay from there. Choose one from the look back."), status=422) from None
    new = actions.replay_from(run_id, viewer().id, kept, request.form.get("key", ""), now())
    db.session.commit()
    return back_to(url_for("roleplays.run", run_id=new, _anchor="now"))
