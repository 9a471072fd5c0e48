"""What every page shows around its content: the way about, for whoever is looking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request, url_for

from trainee.kit.i18n import _, _l, _n, language
from trainee.people import organisation

# (endpoint, label, icon, roles that see it; empty for everybody)
ENTRIES = (
    ("dashboards.today", _l("Today"), "sun", ()),
    ("library.learn", _l("Learn"), "book-open", ()),
    ("dashboards.my_skills", _l("My skills"), "chart-line", ()),
    ("dashboards.team", _l("Team"), "users", ("supervisor",)),
    ("people.directory", _l("People"), "contact", ("hr", "admin")),
    ("observing.people_to_observe", _l("Observe"), "eye", ("trainer",)),
    ("reports.reports", _l("Reports"), "chart-column", ("hr", "admin", "trainer", "executive")),
    ("people.me", _l("Me"), "user", ()),
)

# More than these nobody takes in at a glance.
MOST = 6

# What is done for others lies where she who does it begins: with her team, with all people, or with figures. The first entry that she has holds it.
GROUPS = {
    "line": ("dashboards.team", "people.directory", "reports.reports", "people.me"),
    "figures": ("reports.reports", "people.directory", "dashboards.team"),
    "observing": ("observing.people_to_observe", "dashboards.team", "people.directory", "people.me"),
}

# Under which entry or group a page lies that is no entry itself: by its endpoint, else by its blueprint.
AREAS = {
    "lessons": "library.learn",
    "library": "library.learn",
    "publishing": "library.learn",
    "quizzes": "library.learn",
    "roleplays": "library.learn",
    "reviews": "dashboards.today",
    "replies": "line",
    "service": "library.learn",
    "model": "library.learn",
    "handbook": "library.learn",
    "complaints": "library.learn",
    "board": "library.learn",
    "walks": "library.learn",
    "chain": "figures",
    "goals": "library.learn",
    "jobs": "library.learn",
    "hours": "line",
    "checks": "dashboards.today",
    "dashboards.why": "dashboards.my_skills",
    "dashboards": "line",
    "plans.mine": "dashboards.today",
    "plans": "line",
    "expectations.mine": "dashboards.my_skills",
    "expectations": "line",
    "observing": "observing",
    "observations.observations_of": "observing",
    "disputes": "observing",
    "calibration": "observing",
    "scorecards": "observing",
    "draws": "observing",
    "people.manage": "people.directory",
    "people.edit_person": "people.directory",
    "people.new_person": "people.directory",
    "people.make_link": "people.directory",
    "imports": "people.directory",
    "starting": "dashboards.today",
    "starting.naming": "people.directory",
    "starting.logo": "people.directory",
    "starting.module": "people.directory",
    "privacy.corrections": "people.directory",
    "privacy.correction": "people.directory",
    "privacy.retention": "people.directory",
    "privacy.destructions": "people.directory",
    "privacy.notices": "people.directory",
    "privacy.data_of": "people.directory",
    "privacy.anonymity": "people.directory",
    "observations": "people.me",
    "suggestions": "people.me",
    "notices": "dashboards.today",
    "notices.everybody": "people.directory",
    "notices.ledger": "people.directory",
    "notices.undelivered": "people.directory",
    "growth": "people.me",
    "growth.of_person": "line",
    "praise": "people.me",
    "praise.give": "line",
    "preparing": "line",
    "pulse": "people.me",
    "sessions": "people.me",
    "sessions.of_my_people": "line",
    "sessions.supervisors": "line",
    "people": "people.me",
    "placing": "people.directory",
    "guides": "figures",
    "privacy": "people.me",
    "reports": "figures",
    "tables": "figures",
    "roster": "dashboards.today",
    "voice": "people.me",
    "voice.ratings_of": "line",
    "voice.concerns": "line",
    "voice.concern": "line",
    "voice.import_ratings": "figures",
    "surveys": "figures",
    "measures": "figures",
    "public": "figures",
    "interviews": "figures",
    "interview_guides": "figures",
    "timetable": "people.directory",
    "trail": "people.directory",
    "trail.my_looks": "people.me",
    "calendars": "people.me",
    "tokens": "people.directory",
    "webhooks": "people.directory",
}
_PLACE = "trainee.navigation"
# More messages than these are many.
_MANY = 100
_ENDPOINTS = frozenset(endpoint for endpoint, *_rest in ENTRIES)


def _here(roles: frozenset[str]) -> str | None:
    """The entry under which the present page lies: a view may say it in `g.area`, where one address is two people's page."""
    if request.endpoint in _ENDPOINTS and "area" not in g:
        return request.endpoint if request.endpoint in _endpoints(roles) else _first(AREAS.get(request.blueprint or ""), roles)
    return _first(g.get("area") or AREAS.get(request.endpoint or "") or AREAS.get(request.blueprint or ""), roles)


def _first(area: str | None, roles: frozenset[str]) -> str | None:
    """The entry itself, or the first of the group that somebody with these roles has."""
    shown = _endpoints(roles)
    return next((one for one in GROUPS.get(area or "", (area,)) if one in shown), None)


def _endpoints(roles: frozenset[str]) -> tuple[str, ...]:
    kept: dict[Any, tuple[str, ...]] = current_app.extensions.setdefault(f"{_PLACE}.endpoints", {})
    found = kept.get(roles)
    if found is None:
        found = kept[roles] = tuple(endpoint for endpoint, _label, _icon in _open_to(roles))
    return found


def entries() -> tuple[tuple[str, str, str, bool], ...]:
    """The navigation of the present viewer, at most six entries: (address, label, icon, whether we are there)."""
    who = g.get("viewer")
    if who is None:
        return ()
    # It is the same for everybody with these roles, so each is put together once per process.
    kept: dict[Any, tuple[tuple[str, str, str, bool], ...]] = current_app.extensions.setdefault(_PLACE, {})
    here = _here(who.roles)
    place = (request.script_root, language(), who.roles, here)
    found = kept.get(place)
    if found is None:
        found = kept[place] = tuple((url_for(endpoint), str(label), icon, endpoint == here) for endpoint, label, icon in _open_to(who.roles))
    return found


def way_back(crumbs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The way back from the present page, whole: the entry that is marked, then what the page says stands above it. Nothing on an entry itself."""
    here = next(((label, url) for url, label, _icon, current in entries() if current), None)
    if here is None or request.path == here[1]:
        return list(crumbs)
    return [here, *(one for one in crumbs if one[1] != here[1])]


def _open_to(roles: frozenset[str]) -> list[tuple[str, Any, str]]:
    """The entries for these roles. Whoever would have more than six finds reports on the page of people or of her team instead, and who leads a team
    or looks after people observes from there."""
    found = [one for one in ENTRIES if one[0] in current_app.view_functions and (not one[3] or roles.intersection(one[3]))]
    if roles & {"supervisor", "hr", "admin"}:
        found = [one for one in found if one[0] != "observing.people_to_observe"]
    if len(found) > MOST:
        found = [one for one in found if one[0] != "reports.reports"]
    return [(endpoint, label, icon) for endpoint, label, icon, _roles in found]


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
            "search_url": url_for("search.search"),
            "roster_url": url_for("roster.roster"),
            "service_url": url_for("model.service"),
        }
    return found


@dataclass(frozen=True, slots=True)
class Bell:
    """How many messages wait to be read, in a number that fits and in words, and where they are."""

    url: str
    count: int

    @property
    def shown(self) -> str:
        """The number, as far as it fits."""
        return str(self.count) if self.count < _MANY else f"{_MANY - 1}+"

    @property
    def words(self) -> str:
        """For who hears the page."""
        return str(_n("Messages: %(num)d not read", "Messages: %(num)d not read", self.count)) if self.count else str(_("Messages"))


def _bell() -> Bell | None:
    """The bell; what it counts was read with whoever is looking."""
    who = g.get("viewer")
    if who is None:
        return None
    return Bell(url_for("notices.notices"), who.unread)


@dataclass(frozen=True, slots=True)
class Called:
    """The organisation in the head of a page; no address where it has no logo."""

    name: str
    logo_url: str


def context() -> dict[str, Any]:
    """For every template."""
    settings, house = current_app.extensions["trainee"], organisation.as_known()
    return {
        **addresses(),
        "nav": entries(),
        "bell": _bell(),
        "organisation": Called(organisation.name(house), url_for("starting.logo_file", logo_digest=house.logo) if house.logo else ""),
        "demo": settings.demo,
        "debug": settings.debug,
        "request_id": g.get("request_id", ""),
    }
