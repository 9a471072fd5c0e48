"""The first gate: who comes in, in which language, and that every view is closed unless it says otherwise."""

from datetime import timedelta
from typing import Any

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import i18n, web
from trainee.kit.clock import now
from trainee.kit.db import db, writing
from trainee.kit.i18n import _
from trainee.people import actions
from trainee.people.queries import Viewer, viewer_by_token

SEEN_EVERY = timedelta(minutes=15)
manager = LoginManager()


def _load(token: str) -> Viewer | None:
    settings = current_app.extensions["trainee"]
    return viewer_by_token(token, now(), settings.lasts(False), settings.lasts(True))


def _language(who: Viewer | None) -> str:
    if who is not None:
        return who.language
    chosen = session.get("language")
    if chosen in i18n.LANGUAGES:
        return str(chosen)
    offered = request.accept_languages.best_match(list(i18n.LANGUAGES))
    return offered or str(current_app.extensions["trainee"].default_language)


def _look() -> None:
    """Who asks, and what she reads: before anything can be refused."""
    who = None
    try:
        if request.endpoint not in {"static", "assets.asset"} and current_user.is_authenticated:
            who = current_user._get_current_object()
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
    with writing():
        actions.touch(who.sign_in_id, now())
        db.session.commit()


def _send_to_sign_in() -> BaseResponse:
    if web.wants_fragment() or request.method != "GET":
        return web.complain(web._sentence(401), 401, "sign_in")
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?") if request.path != "/" else None))


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
    app.teardown_request(lambda _error: i18n.read_in(None))
    i18n.init_app(app)

    @app.context_processor
    def _about_the_viewer() -> dict[str, Any]:
        return {"viewer": g.get("viewer"), "language": g.get("language", "tr")}
