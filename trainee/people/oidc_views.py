"""Signing in by the organisation's own provider, and untying an account from it."""

from flask import current_app, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.config import Config, base_url
from trainee.kit.clock import now
from trainee.kit.db import db, writing
from trainee.kit.i18n import _
from trainee.kit.web import back_to, local_path, public
from trainee.people import actions, oidc, queries
from trainee.people.queries import viewer
from trainee.people.views import bp, device, let_in, require_admin_over_admins

__all__ = ["bp"]
_PLACE = "oidc"


def _settings() -> Config:
    found: Config = current_app.extensions["trainee"]
    return found


def _back() -> str:
    """Our address at the provider: the installation's own, whatever name the request came by."""
    path = url_for("people.provider_back").removeprefix(request.script_root)
    return base_url(_settings()) + path


@bp.get("/sign-in/provider")
@public
def provider_sign_in() -> BaseResponse:
    """Go to the provider."""
    settings, then = _settings(), local_path(request.args.get("next"))
    if not settings.oidc_issuer:
        return redirect(url_for("people.sign_in"))
    if g.get("viewer") is not None:
        return back_to(then)
    db.session.rollback()
    with writing():
        try:
            oidc.allow(request.remote_addr or "", now())
        finally:
            db.session.commit()
    begun = oidc.begin(settings, _back(), then, now())
    session[_PLACE] = begun.kept
    return redirect(begun.url)


@bp.get("/sign-in/provider/back")
@public
def provider_back() -> BaseResponse:
    """Come back from the provider."""
    settings = _settings()
    if not settings.oidc_issuer:
        return redirect(url_for("people.sign_in"))
    # Whatever comes of it, it is used up.
    kept = session.pop(_PLACE, None)
    # No transaction is open while the provider is asked.
    db.session.rollback()
    claims = oidc.finish(settings, _back(), kept, request.args, now())
    with writing():
        person = oidc.person_for(settings.oidc_issuer, claims, now())
        token = actions.open_sign_in(person.id, person.username, device(), False, now())
        db.session.commit()
        return let_in(token, False, kept["next"])


@bp.post("/people/<int:person_id>/provider/untie")
def untie(person_id: int) -> BaseResponse:
    """Let somebody's account be tied anew to whoever signs in with its verified address: after a change at the provider."""
    queries.require_role(viewer(), "hr", "admin")
    require_admin_over_admins(queries.person_or_404(person_id, viewer()))
    actions.untie(person_id, now(), viewer().id)
    db.session.commit()
    flash(_("The account is untied. It is tied again when its holder signs in by the service with a verified address."))
    return back_to(url_for("people.manage", person_id=person_id))
