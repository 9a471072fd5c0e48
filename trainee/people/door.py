"""The first gate: who comes in, in which language, and that every view is closed unless it says otherwise."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import AnonymousUserMixin, LoginManager, current_user
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import i18n, web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db, writing
from trainee.kit.i18n import _
from trainee.kit.logs import log
from trainee.people import actions, looks, organisation
from trainee.people.queries import Viewer, viewer_by_token

SEEN_EVERY = timedelta(minutes=15)
# What belongs to a page about somebody without being one: her picture, and the form that asks HR for a reason, who is noted with it.
_NO_PAGE = frozenset({"people.photo", "privacy.data_of"})
# Let go of with whatever else a process keeps.
_LOOKS = "trainee.kept.looks"
_MOST_LOOKS = 20_000
# Here it makes no difference who asks; and whether the database is there is told also when it is not.
_FOR_ANYBODY = frozenset({"static", "assets.asset", "healthz"})
manager = LoginManager()


def _load(token: str) -> Viewer | None:
    settings = current_app.extensions["trainee"]
    return viewer_by_token(token, now(), settings.lasts(False), settings.lasts(True))


def _language(who: Viewer | None) -> str:
    if who is not None:
        return who.language
    # What she chose before signing in, else what whoever signed in here last reads: that alone is known while the database is away.
    for chosen in (session.get("language"), session.get("reads")):
        if chosen in i18n.LANGUAGES:
            return str(chosen)
    offered = request.accept_languages.best_match(list(i18n.LANGUAGES))
    return offered or organisation.default_language(organisation.as_known())


def _look() -> None:
    """Who asks, and what she reads: before anything can be refused."""
    who = None
    try:
        if request.endpoint not in _FOR_ANYBODY and current_user.is_authenticated:
            who = current_user._get_current_object()
    except (OperationalError, InterfaceError, NoConnectionFree):
        # The form for signing in needs no database, whoever this is.
        if request.endpoint != "people.sign_in" or request.method != "GET":
            raise
        db.session.rollback()
        g.database_away, g._login_user = True, AnonymousUserMixin()
    finally:
        # Who cannot be found out, because the database is away, is told so in the language her browser offers.
        g.viewer = who
        g.language = _language(who)
        i18n.read_in(g.language)
        g.time_zone = who.time_zone if who is not None else current_app.extensions["trainee"].default_time_zone


def _knock() -> BaseResponse | None:
    who = g.viewer
    if who is None:
        return None if web.is_public(request.endpoint) else _send_to_sign_in()
    # A page that was opened by one person must not speak for another who has signed in since in the same browser.
    if request.headers.get("X-Person", "") not in {"", str(who.id)}:
        return web.complain(_("Somebody else has signed in on this device. Please load the page again."), 401, "somebody_else")
    if now() - who.seen_at > SEEN_EVERY:
        _touch(who)
    return None


def _touch(who: Viewer) -> None:
    # Seldom, and in a transaction of its own, so that pages that only read stay such.
    db.session.rollback()
    try:
        with writing():
            actions.touch(who.sign_in_id, now())
            db.session.commit()
    except OperationalError as problem:
        # Busy, or the disk is full: whoever only reads need not be kept from it, and it is noted the next time.
        db.session.rollback()
        log.error("not noted as seen", kind=type(problem.orig).__name__)


def _send_to_sign_in() -> BaseResponse:
    if web.wants_fragment() or request.method != "GET":
        return web.complain(web._sentence(401), 401, "sign_in")
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?") if request.path != "/" else None))


def _note_look(response: Response) -> Response:
    who: Viewer | None = g.get("viewer")
    named: Any = (request.view_args or {}).get("person_id")
    # What a view knows and its address does not tell: of whom alone a certificate or a report is.
    person_id: Any = named if named is not None else g.get("person_seen")
    if who is None or request.method != "GET" or response.status_code != 200 or person_id == who.id:
        return response
    page: str | None = request.endpoint or ""
    if named is None and page not in looks.PAGES:
        page = _list_seen()
    if page is not None and page not in _NO_PAGE:
        keep_look(who, person_id, page)
    return response


def _list_seen() -> str | None:
    """The table of many that stands on the page. A report that was taken as a file is noted where it is taken."""
    if "list_seen" in g:
        # What a view knows and its address does not tell, as of a table that is kept under a number.
        return str(g.list_seen)
    shown = (request.view_args or {}).get("report_key")
    return looks.list_page(f"report/{shown}", request.args.get("team", type=int)) if shown else looks.list_page(request.endpoint or "")


def keep_look(who: Viewer, person_id: int | None, page: str) -> None:
    """Note that she looks, once a day and in a transaction of its own; without a person: at a table of many."""
    at = now()
    # What this process has noted today is not asked of the database again.
    known: set[Any] = current_app.extensions.setdefault(_LOOKS, set())
    place = (local_date(at, who.time_zone), who.id, person_id, page)
    if place in known:
        return
    db.session.rollback()
    try:
        with writing():
            if person_id is None:
                looks.note_list(who, page, at)
            else:
                looks.note_look(who, person_id, page, at)
            db.session.commit()
    except OperationalError as problem:
        # Busy, or the disk is full: whoever reads need not be kept from it, and it is noted at the next look.
        db.session.rollback()
        log.error("look not noted", kind=type(problem.orig).__name__)
        return
    if len(known) >= _MOST_LOOKS:
        known.clear()
    known.add(place)


def init_app(app: Flask) -> None:
    """Close the doors."""
    # A sign-in is a row that can be ended; guessing from address and browser whether a cookie was stolen would only sign out people on the move.
    manager.session_protection = None
    manager.init_app(app)
    manager.user_loader(_load)
    app.config.setdefault("REMEMBER_COOKIE_HTTPONLY", True)
    app.config.setdefault("REMEMBER_COOKIE_SAMESITE", "Lax")
    app.before_request(_look)
    web.shut(app)
    app.before_request(_knock)
    app.after_request(_note_look)
    app.teardown_request(lambda _error: i18n.read_in(None))
    i18n.init_app(app)

    @app.context_processor
    def _about_the_viewer() -> dict[str, Any]:
        return {"viewer": g.get("viewer"), "language": g.get("language", "tr")}
