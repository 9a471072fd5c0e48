"""The routes under /api/v1. Each says which scope it needs; one that says none is closed to everybody."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Response, current_app, g, jsonify, request

from trainee.api.openapi import document
from trainee.api.resource import MOST, USUAL, Wanted, cursor_after, read_cursor
from trainee.api.resources import FIGURES, RESOURCES
from trainee.api.tokens import Caller, Shut, let_in
from trainee.kit import trtext
from trainee.kit.clock import now
from trainee.kit.db import db, writing
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.kit.web import Blueprint, public
from trainee.people.door import keep_look
from trainee.reports import kinds
from trainee.reports.figures import Measured
from trainee.reports.filters import Asked, read_filters

bp = Blueprint("api", __name__, url_prefix="/api/v1")
View = TypeVar("View", bound=Callable[..., Any])


# What a view takes that looks at its parameters itself.
_ITS_OWN = ("filters",)
_PAGES = ("cursor", "limit", "person_id")


def scope(name: str, *takes: str) -> Callable[[View], View]:
    """Mark a view as open to a token that holds this scope ("" for one that anybody may read), and as taking these parameters and no others."""

    def mark(view: View) -> View:
        view.scope = name  # type: ignore[attr-defined]
        view.takes = takes  # type: ignore[attr-defined]
        return public(view)

    return mark


def _told(status: int, code: str, message: str, wait: int | None = None) -> Response:
    response = jsonify(error=code, message=message)
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="trainee"'
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def _why(code: str) -> str:
    return {
        "missing": _("Please send a token, as “Authorization: Bearer …”."),
        "token": _("That is no token of ours."),
        "revoked": _("This token was revoked."),
        "expired": _("This token has run out."),
        "maker": _("Whoever made this token may not read this any more."),
        "too_many": _("These were too many calls in a minute. Please wait a moment."),
        "scope": _("This token is not for that."),
    }[code]


@bp.before_request
def knock() -> Response | None:
    """Let nobody in without a token that holds the scope of what is asked for. Who is signed in on the site is nobody here."""
    wanted = getattr(current_app.view_functions.get(request.endpoint or ""), "scope", None)
    if wanted == "":
        return None
    kind, _blank, given = request.headers.get("Authorization", "").partition(" ")
    if trtext.fold(kind) != "bearer" or not given.strip():
        return _told(401, "missing", _why("missing"))
    db.session.rollback()
    with writing():
        try:
            caller = let_in(given.strip(), request.remote_addr or "", now())
        except Shut as shut:
            return _told(shut.status, shut.code, _why(shut.code), shut.wait)
        finally:
            # The count stands even when nobody is let in.
            db.session.commit()
    if wanted is None or wanted not in caller.scopes:
        return _told(403, "scope", _why("scope"))
    g.caller = caller
    takes = getattr(current_app.view_functions[request.endpoint or ""], "takes", ())
    # The filters of a report are its own, and its view looks at them.
    return None if takes == _ITS_OWN else _unknown(takes)


def _unknown(takes: Sequence[str]) -> Response | None:
    """A refusal where something is asked for that is not known here: an answer as if it had not been asked would be taken for the right one."""
    name = next((name for name in sorted(request.args) if name not in takes), None)
    if name is None:
        return None
    if not takes:
        return _told(400, name[:40], _("“%(name)s” is not known here; nothing can be asked for beside the address.", name=name[:40]))
    return _told(400, name[:40], _("“%(name)s” is not known here; there are: %(known)s.", name=name[:40], known=", ".join(takes)))


@bp.errorhandler(NotFound)
def nothing(_error: NotFound) -> Response:
    """As everything here, in JSON."""
    db.session.rollback()
    return _told(404, "not_found", _("There is nothing at this address."))


@bp.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    """As everything here, in JSON."""
    db.session.rollback()
    return _told(refusal.status, refusal.code, refusal.message)


def _number(name: str, usual: int | None, most: int) -> int | None:
    words = request.args.get(name)
    if words is None:
        return usual
    if not (words.isascii() and words.isdigit() and len(words) < 10 and 1 <= int(words) <= most):
        raise Refusal(_("“%(name)s” has to be a number from 1 to %(most)s.", name=name, most=most), 400, name)
    return int(words)


def _page(key: str) -> Response:
    """A page of one kind of thing: `data`, and `next` with the cursor of the page after it, or null."""
    resource, caller, at = RESOURCES[key], _caller(), now()
    cursor = request.args.get("cursor", "")
    after = read_cursor(key, cursor) if cursor else 0
    if after is None:
        raise Refusal(_("This cursor is none of ours. Please begin again without one."), 400, "cursor")
    limit, person_id = _number("limit", USUAL, MOST), _number("person_id", None, 2**31 - 1)
    assert limit is not None
    found = resource.page(Wanted(caller.who, at, after, limit, person_id))
    if found:
        # Whoever made the token reads by it: of one person as by opening her page, else as a table of many.
        keep_look(caller.who, person_id, "api.one_person" if person_id is not None else f"api/{key}")
    more = len(found) > limit
    shown = found[:limit]
    return jsonify(
        data=[one for _place, one in shown if one is not None], next=cursor_after(key, shown[-1][0]) if more else None, as_of=at.isoformat()
    )


def _caller() -> Caller:
    found: Caller = g.caller
    return found


@bp.get("/people")
@scope("people", *_PAGES)
def people_list() -> Response:
    """Everybody with an account, page by page."""
    return _page("people")


@bp.get("/people/<int:person_id>")
@scope("people")
def one_person(person_id: int) -> Response:
    """One person; 404 where there is none, or none the token may know of."""
    found = RESOURCES["people"].page(Wanted(_caller().who, now(), person_id - 1, 1, person_id)) if person_id else []
    if not found:
        raise NotFound
    keep_look(_caller().who, person_id, "api.one_person")
    return jsonify(data=found[0][1])


@bp.get("/assignments")
@scope("assignments", *_PAGES)
def assignments() -> Response:
    """What was assigned to whom, page by page."""
    return _page("assignments")


@bp.get("/attempts")
@scope("attempts", *_PAGES)
def attempts() -> Response:
    """Tries at quizzes, page by page."""
    return _page("attempts")


@bp.get("/runs")
@scope("runs", *_PAGES)
def runs() -> Response:
    """Talks in role-plays, page by page."""
    return _page("runs")


@bp.get("/evidence")
@scope("evidence", *_PAGES)
def evidence() -> Response:
    """The log, page by page."""
    return _page("evidence")


@bp.get("/mastery")
@scope("mastery", *_PAGES)
def mastery() -> Response:
    """Where people stand, page by page."""
    return _page("mastery")


@bp.get("/figures")
@scope(FIGURES)
def figure_list() -> Response:
    """The reports that have figures, each with its filters."""
    who = _caller().who
    found = [one for one in sorted(kinds, key=lambda one: one.place) if one.figures and one.open_to(who)]
    told = [
        {"report": one.key, "title": str(one.title), "filters": list(one.takes), "figures": [figure.key for figure in one.figures]} for one in found
    ]
    return jsonify(data=told)


@bp.get("/figures/<report_key>")
@scope(FIGURES, *_ITS_OWN)
def figures(report_key: str) -> Response:
    """The figures of one report under its filters: the very ones its page shows."""
    report, caller, at = kinds.get(report_key), _caller(), now()
    if report is None or not report.figures or not report.open_to(caller.who):
        raise NotFound
    filters, wrong = read_filters(request.args, report.takes)
    if (refusal := _unknown(report.takes)) is not None:
        return refusal
    if wrong:
        raise Refusal(" ".join(wrong.values()), 400, next(iter(wrong)))
    told = [_figure(one) for one in report.measured(Asked(caller.who, filters, at))]
    return jsonify(report=report.key, filters=filters.address(), data=told, as_of=at.isoformat())


def _figure(one: Measured) -> dict[str, Any]:
    figure = one.figure
    found = {"key": figure.key, "title": str(figure.title), "says": str(figure.says), "unit": figure.unit, "least": figure.least}
    return found | {"value": one.value, "n": one.n, "low": one.low, "high": one.high}


@bp.get("/openapi.json")
@scope("")
def openapi() -> Response:
    """This interface, described for programs."""
    return jsonify(document())
