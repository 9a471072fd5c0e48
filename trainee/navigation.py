"""What every page shows around its content: the way about, for whoever is looking."""

from typing import Any

from flask import current_app, g, request, url_for

from trainee.kit.i18n import _l, language

# (endpoint, label, icon, roles that see it; empty for everybody)
ENTRIES = (
    ("dashboards.today", _l("Today"), "sun", ()),
    ("library.learn", _l("Learn"), "book-open", ()),
    ("dashboards.my_skills", _l("My skills"), "chart-line", ()),
    ("dashboards.team", _l("Team"), "users", ("supervisor",)),
    ("people.directory", _l("People"), "contact", ("hr", "admin")),
    ("people.me", _l("Me"), "user", ()),
)


# Under which entry a page lies that is none itself: by its endpoint, else by its blueprint.
AREAS = {
    "lessons": "library.learn",
    "library": "library.learn",
    "quizzes": "library.learn",
    "roleplays": "library.learn",
    "reviews": "dashboards.today",
    "replies": "dashboards.team",
    "service": "library.learn",
    "dashboards.why": "dashboards.my_skills",
    "dashboards": "dashboards.team",
    "plans.mine": "dashboards.today",
    "plans": "dashboards.team",
    "expectations.mine": "dashboards.my_skills",
    "expectations": "dashboards.team",
    "observing": "dashboards.team",
    "observations.observations_of": "dashboards.team",
    "disputes": "people.me",
    "calibration": "people.me",
    "scorecards": "people.me",
    "draws": "dashboards.team",
    "people.manage": "people.directory",
    "people.edit_person": "people.directory",
    "people.new_person": "people.directory",
    "people.make_link": "people.directory",
    "privacy.corrections": "people.directory",
    "privacy.correction": "people.directory",
    "privacy.retention": "people.directory",
    "observations": "people.me",
    "suggestions": "people.me",
    "growth": "people.me",
    "growth.of_person": "dashboards.team",
    "praise": "people.me",
    "praise.give": "dashboards.team",
    "preparing": "dashboards.team",
    "pulse": "people.me",
    "sessions": "people.me",
    "sessions.supervisors": "dashboards.team",
    "people": "people.me",
    "placing": "people.directory",
    "guides": "library.learn",
    "privacy": "people.me",
    "roster": "people.me",
    "voice": "people.me",
}
_PLACE = "trainee.navigation"
_ENDPOINTS = frozenset(endpoint for endpoint, *_rest in ENTRIES)


def _here() -> str | None:
    """The entry under which the present page lies."""
    if request.endpoint in _ENDPOINTS:
        return request.endpoint
    return AREAS.get(request.endpoint or "") or AREAS.get(request.blueprint or "")


def entries() -> tuple[tuple[str, str, str, bool], ...]:
    """The navigation of the present viewer, at most six entries: (address, label, icon, whether we are there)."""
    who = g.get("viewer")
    if who is None:
        return ()
    # It is the same for everybody with these roles, so each is put together once per process.
    kept: dict[Any, tuple[tuple[str, str, str, bool], ...]] = current_app.extensions.setdefault(_PLACE, {})
    here = _here()
    place = (request.script_root, language(), who.roles, here)
    found = kept.get(place)
    if found is None:
        found = kept[place] = tuple(
            (url_for(endpoint), str(label), icon, endpoint == here)
            for endpoint, label, icon, roles in ENTRIES
            if endpoint in current_app.view_functions and (not roles or who.holds(*roles))
        )
    return found


def addresses() -> dict[str, str]:
    """Where the tools of the frame lead; the same for everybody."""
    kept: dict[str, dict[str, str]] = current_app.extensions.setdefault(f"{_PLACE}.addresses", {})
    found = kept.get(request.script_root)
    if found is None:
        found = kept[request.script_root] = {
            "home_url": "/",
            "sign_in_url": url_for("people.sign_in"),
            "sign_out_url": url_for("people.sign_out"),
            "account_url": url_for("people.me"),
            "switch_language_url": url_for("people.language"),
        }
    return found


def context() -> dict[str, Any]:
    """For every template."""
    settings = current_app.extensions["trainee"]
    return {
        **addresses(),
        "nav": entries(),
        "organisation": settings.organisation,
        "demo": settings.demo,
        "debug": settings.debug,
        "request_id": g.get("request_id", ""),
    }
