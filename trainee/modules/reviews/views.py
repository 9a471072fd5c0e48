"""The reviews' page and what is sent from it."""

from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db, writing
from trainee.kit.errors import Refusal
from trainee.kit.i18n import language
from trainee.kit.web import back_to, show, wants_fragment
from trainee.modules import library, pace
from trainee.modules.reviews import actions, queries
from trainee.modules.reviews.models import ReviewSet
from trainee.modules.roleplays import queries as roleplays
from trainee.people import Viewer, viewer

bp = web.Blueprint("reviews", __name__)


@bp.get("/reviews")
def reviews() -> Response:
    """Today's set, or what waits and the way in."""
    who = viewer()
    found = queries.set_on(who.id, local_date(now(), who.time_zone))
    if found is not None and found.items and found.skipped_at is None:
        if found.finished_at is None and queries.met_elsewhere(found, who.time_zone):
            found = _put_right(who)
        if found is not None and found.items:
            return _player(found)
    waiting = queries.waiting(who.id, who.time_zone, now())
    begun = found is not None and bool(found.items)
    return show("reviews/reviews.html", waiting=waiting, begun=begun, skipped=found is not None and found.skipped_at is not None)


def _put_right(who: Viewer) -> ReviewSet | None:
    """Today's set after a quiz came between: it asks nothing twice. A transaction of its own: pages only read."""
    db.session.rollback()
    with writing():
        actions.begin(who.id, who.roles, who.time_zone, now())
        db.session.commit()
    return queries.set_on(who.id, local_date(now(), who.time_zone))


def _player(found: ReviewSet, status: int = 200, complaint: str | None = None, complaint_at: int = 0) -> Response:
    given = queries.answers_of(found)
    questions = [queries.shown(found, place, given, language()) for place in range(1, len(found.items) + 1)]
    context: dict[str, Any] = {"drawn": found, "questions": questions, "answered": len(given), "turn": _turn(found)}
    context["shown_at"] = pace.stamp(queries.shown_as(found.id), now())
    return show("reviews/set.html", status=status, complaint=complaint, complaint_at=complaint_at, **context)


def _turn(found: ReviewSet) -> dict[str, Any] | None:
    """The role-play to play a turn of: its title, where it is played, and whether a turn was played since the set was drawn."""
    story = library.roleplay(found.story) if found.story is not None else None
    if story is None or found.drawn_at is None:
        return None
    open_run = roleplays.plays_of(found.person_id, story[1].id, most=1).open
    url = url_for("roleplays.run", run_id=open_run.id, _anchor="now") if open_run is not None else url_for("roleplays.brief", story=story[1].id)
    return {"title": story[1].title, "customer": story[1].customer.name, "url": url, "open": open_run is not None}


@bp.post("/reviews/sets")
def begin() -> BaseResponse:
    """Begin today's set, or go on with it."""
    who = viewer()
    actions.begin(who.id, who.roles, who.time_zone, now())
    db.session.commit()
    return back_to(url_for("reviews.reviews"))


@bp.post("/reviews/skips")
def skip() -> BaseResponse:
    """Not today."""
    who = viewer()
    actions.skip(who.id, who.time_zone, now())
    db.session.commit()
    return back_to(url_for("dashboards.today"))


@bp.post("/reviews/sets/<int:set_id>/answers/<int:place>")
def answer(set_id: int, place: int) -> Response | BaseResponse:
    """Answer one question."""
    who = viewer()
    try:
        actions.answer(set_id, who.id, place, request.form, language(), who.time_zone, now())
    except Refusal as refusal:
        if refusal.status != 422 or wants_fragment():
            raise  # The page's script shows the sentence above the form, where everything typed still stands.
        db.session.rollback()
        return _player(queries.set_or_404(set_id, who.id), status=422, complaint=refusal.message, complaint_at=place)
    db.session.commit()
    if not wants_fragment():
        return back_to(url_for("reviews.reviews", _anchor=f"r-{place}"))
    found = queries.set_or_404(set_id, who.id)
    one = queries.shown(found, place, queries.answers_of(found), language())
    return show("reviews/_question.html", drawn=found, one=one, shown_at="", complaint=None, complaint_at=0)
