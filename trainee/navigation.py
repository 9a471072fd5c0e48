"""What every page shows around its content: the way about, for whoever is looking."""

from typing import Any

from flask import current_app, g, request, url_for

from trainee.kit.i18n import _l

# (endpoint, label, icon, roles that see it; empty for everybody)
ENTRIES = (
    ("dashboards.today", _l("Today"), "sun", ()),
    ("library.learn", _l("Learn"), "book-open", ()),
    ("dashboards.my_skills", _l("My skills"), "chart-line", ()),
    ("dashboards.team", _l("Team"), "users", ("supervisor",)),
    ("people.directory", _l("People"), "contact", ("hr", "admin")),
    ("people.me", _l("Me"), "user", ()),
)


def entries() -> list[tuple[str, Any, str, bool]]:
    """The navigation of the present viewer, at most six entries: (address, label, icon, whether we are there)."""
    who = g.get("viewer")
    if who is None:
        return []
    return [
        (url_for(endpoint), label, icon, request.endpoint == endpoint)
        for endpoint, label, icon, roles in ENTRIES
        if endpoint in current_app.view_functions and (not roles or who.holds(*roles))
    ]


def context() -> dict[str, Any]:
    """For every template."""
    settings = current_app.extensions["trainee"]
    return {
        "nav": entries(),
        "organisation": settings.organisation,
        "demo": settings.demo,
        "debug": settings.debug,
        "request_id": g.get("request_id", ""),
        "home_url": "/",
        "sign_in_url": url_for("people.sign_in"),
        "sign_out_url": url_for("people.sign_out"),
        "account_url": url_for("people.me"),
        "switch_language_url": url_for("people.language"),
    }
