"""The search: one page for everything one may know of, in groups."""

from typing import Any

from flask import Response, request, url_for

from trainee.dashboards import searching
from trainee.kit.i18n import _, _l, language
from trainee.kit.seeking import words_of
from trainee.kit.web import Blueprint, show
from trainee.people import Viewer, viewer

bp = Blueprint("search", __name__)

# How many of a group stand beside the others, and on each page of a group alone.
FEW, MANY = 5, 25
GROUPS = {
    "people": _l("People"),
    "learning": _l("Modules, lessons and role-plays"),
    "skills": _l("Skills"),
    "cards": _l("Policy cards"),
    "handbook": _l("Service handbook"),
}
_KINDS = {
    "module": (_l("Module"), "book-open"),
    "lesson": (_l("Lesson"), "file-text"),
    "roleplay": (_l("Role-play"), "message-circle"),
    "skill": (_l("Skill"), "chart-line"),
    "card": (_l("Policy card"), "notebook-text"),
    "entry": (_l("Service handbook"), "store"),
}


@bp.get("/search")
def search() -> Response:
    """What fits the words in the address, a handful of each group; with `in`, everything of one group, page by page."""
    query, wanted = request.args.get("q", "")[:100].strip(), request.args.get("in", "")
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    words, who = words_of(query), viewer()
    one = wanted if wanted in GROUPS else None
    groups = [group for key in GROUPS if words and (one is None or key == one) and (group := _group(key, who, words, query, page, one))]
    # Somebody who merely has the word in her job comes after what is called so; stable, so the groups keep their order.
    groups.sort(key=lambda group: group["key"] == "people" and not any(searching.is_named(row["title"], words) for row in group["rows"][:1]))
    return show("dashboards/search.html", query=query, groups=groups, asked=bool(words), one=one, page=page, ways=_ways(who))


def _group(key: str, who: Viewer, words: tuple[str, ...], query: str, page: int, one: str | None) -> dict[str, Any] | None:
    size = MANY if one else FEW
    first = (page - 1) * size if one else 0
    if key == "people":
        ids = searching.people(who, words)
        total, rows = len(ids), [_person(who, found) for found in searching.people_shown(who, ids[first : first + size])]
    else:
        things = searching.best(searching.CONTENT[key](who, language()), words)
        total, rows = len(things), [_row(hit) for hit in searching.shown(things[first : first + size], words)]
    if not total:
        return None
    asked: dict[str, Any] = {"q": query, "in": key}
    everything = url_for(".search", **asked)
    return {"key": key, "title": GROUPS[key], "total": total, "rows": rows, "pages": -(-total // size), "all": everything}


def _row(hit: searching.Hit) -> dict[str, Any]:
    label, icon = _KINDS[hit.thing.kind]
    within = " · ".join(dict.fromkeys((str(label), hit.thing.within))) if hit.thing.within else str(label)
    values: dict[str, Any] = dict(hit.thing.values)
    url = url_for(hit.thing.endpoint, **values)
    return {"title": hit.title, "url": url, "icon": icon, "note": hit.snippet, "within": within, "other": hit.other}


def _person(who: Viewer, found: searching.Found) -> dict[str, Any]:
    deeds = []
    if found.id == who.id:
        url = url_for("people.me")
    elif found.whole:
        url = url_for("dashboards.person", person_id=found.id)
        if not found.closed and (found.led or who.holds("hr", "admin")):
            deeds.append((_("Assign"), url_for("dashboards.assign", person_id=found.id)))
        if who.holds("hr", "admin"):
            deeds.append((_("Account"), url_for("people.manage", person_id=found.id)))
    else:
        url = url_for("observations.observations_of", person_id=found.id)
    if found.observable:
        deeds.append((_("Observe"), url_for("observing.observe", person_id=found.id)))
    return {
        "title": found.name,
        "url": url,
        "icon": "user",
        "job": found.job,
        "team": found.team,
        "closed": found.closed,
        "deeds": deeds,
    }


def _ways(who: Viewer) -> list[tuple[str, str]]:
    """Where one finds things by looking, for who found nothing by asking."""
    ways = [
        (_("Learn"), url_for("library.learn")),
        (_("My skills"), url_for("dashboards.my_skills")),
        (_("Policy cards"), url_for("service.cards")),
        (_("How we serve"), url_for("model.service")),
        (_("Whom to call"), url_for("roster.roster")),
    ]
    if who.holds("supervisor"):
        ways.insert(0, (_("Team"), url_for("dashboards.team")))
    if who.holds("hr", "admin"):
        ways.insert(0, (_("People"), url_for("people.directory")))
    return ways
