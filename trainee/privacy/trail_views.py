"""The log of who changed or saw what: for HR and administrators to search, and for everybody what concerns herself."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, url_for

from trainee.kit import web
from trainee.kit.deeds import DEEDS, deed_words, detail_html, subject_words
from trainee.kit.i18n import _, moment_words
from trainee.kit.web import show
from trainee.people import require_role, trail, viewer
from trainee.people.looks import CAPACITIES, lists_with, page_words
from trainee.plans.noted import Noted

bp = web.Blueprint("trail", __name__)


@bp.get("/audit")
def deeds() -> Response:
    """Who did what, the newest first."""
    require_role(viewer(), "hr", "admin")
    search, wrong = _search()
    found = [] if wrong else trail.deeds(search, viewer().time_zone, request.args.get("before", type=int))
    called, noted = trail.names_in(found), Noted()
    rows = [
        [
            moment_words(row.at),
            called.get(row.actor_id, "—") if row.actor_id is not None else _("by itself"),
            deed_words(row.deed),
            subject_words(row.subject, called),
            detail_html(row.detail, called, noted.say(row.deed, row.detail)),
        ]
        for row in found[: trail.PAGE]
    ]
    return _show("deeds", rows, found, search, wrong)


@bp.get("/audit/looks")
def looks() -> Response:
    """Who opened whose pages, the newest first."""
    require_role(viewer(), "hr", "admin")
    search, wrong = _search()
    found = [] if wrong else trail.looks(search, viewer().time_zone, request.args.get("before", type=int))
    called = trail.names_in(found)
    rows = [
        [
            moment_words(row.at),
            called.get(row.by_id, "—"),
            page_words(row.page),
            called.get(row.person_id, "—") if row.person_id is not None else _("many people"),
            " · ".join(part for part in (str(CAPACITIES.get(row.capacity, row.capacity)), row.reason) if part),
        ]
        for row in found[: trail.PAGE]
    ]
    return _show("looks", rows, found, search, wrong)


def _search() -> tuple[trail.Search, dict[str, str]]:
    """What is looked for, and by name what cannot be read."""
    days: dict[str, date | None] = {}
    wrong = {}
    for name in ("since", "until"):
        words = request.args.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(words) if words else None
        except ValueError:
            days[name], wrong[name] = None, str(_("“%(words)s” is no date.", words=words[:40]))
    deed = request.args.get("deed", "")
    given = {name: request.args.get(name, "").strip()[:120] for name in ("who", "about")}
    return trail.Search(**given, deed=deed if deed in DEEDS else "", since=days["since"], until=days["until"]), wrong


def _show(tab: str, rows: list[list[str]], found: list[Any], search: trail.Search, wrong: dict[str, str]) -> Response:
    here = url_for("trail.deeds") if tab == "deeds" else url_for("trail.looks")
    days = {key: value for key, value in search.address().items() if key in ("since", "until")}
    return show(
        "privacy/trail.html",
        status=422 if wrong else 200,
        tab=tab,
        here=here,
        rows=rows,
        search=search,
        given={name: request.args.get(name, "") for name in ("since", "until")},
        wrong=wrong,
        deeds=sorted(((key, deed_words(key)) for key in trail.known_deeds()), key=lambda one: one[1]) if tab == "deeds" else [],
        tabs=[(_("Who changed what"), url_for("trail.deeds"), tab == "deeds"), (_("Who saw what"), url_for("trail.looks"), tab == "looks")],
        older=f"{here}?{urlencode({**search.address(), 'before': found[trail.PAGE - 1].id})}" if len(found) > trail.PAGE else None,
        report_url=f"{url_for('reports.report', report_key=tab)}?{urlencode(days)}",
    )


@bp.get("/me/looks")
def my_looks() -> Response:
    """Who looked at the viewer's own pages, as what, and when."""
    found = trail.looks_at(viewer().id, request.args.get("before", type=int))
    rows = [
        [moment_words(row.at), row.name, page_words(row.page), " · ".join(part for part in (str(CAPACITIES[row.capacity]), row.reason) if part)]
        for row in found[: trail.PAGE]
    ]
    older = url_for("trail.my_looks", before=found[trail.PAGE - 1].id) if len(found) > trail.PAGE else None
    listed = lists_with(viewer().id, request.args.get("lists_before", type=int), trail.PAGE + 1)
    lists = [[moment_words(row.at), row.name, page_words(row.page), str(CAPACITIES[row.capacity])] for row in listed[: trail.PAGE]]
    older_lists = f"{url_for('trail.my_looks', lists_before=listed[trail.PAGE - 1].id)}#lists" if len(listed) > trail.PAGE else None
    return show("privacy/my_looks.html", rows=rows, older=older, lists=lists, older_lists=older_lists)
