"""The pages of walks."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _, _l, language, percent, signed
from trainee.kit.web import back_to, show
from trainee.people import names, require_role, viewer
from trainee.service.fields import Field, drawn, read
from trainee.service.walks import actions, queries
from trainee.service.walks.checklist import AREAS, GROUPS, MARKS, Item, checklist

bp = web.Blueprint("walks", __name__)
WRITERS = ("supervisor", "hr", "admin", "trainer")
FIELDS = (
    Field("place", _l("Which shop, page or number"), "line", both=False),
    Field("walked_on", _l("Day"), "date", both=False),
    Field(
        "steps_to_human",
        _l("Steps until one speaks with a person"),
        "number",
        both=False,
        required=False,
        hint=_l("Taps, menu choices or people one is passed to."),
    ),
    Field(
        "find_seconds",
        _l("Seconds to find something"),
        "number",
        both=False,
        required=False,
        hint=_l("Ask three customers to find one product; write the middle of the three."),
    ),
)


@bp.get("/walks")
def walks() -> Response:
    """Every place with its last walk and the trend."""
    today = local_date(now(), viewer().time_zone)
    rows = [
        (str(AREAS[one.area]), one, percent(one.latest.score), None if one.change is None else signed(round(100 * one.change), 0))
        for one in queries.places(today)
    ]
    return show("walks/walks.html", rows=rows, areas=AREAS, writes=viewer().holds(*WRITERS))


@bp.get("/walks/<int:walk_id>")
def walk(walk_id: int) -> Response:
    """One walk, line by line."""
    found = queries.walk_or_404(walk_id)
    groups = _by_group(found.area, lambda item: (item.words.of(language()), found.marks.get(item.key), found.notes.get(item.key, "")))
    by = names({found.by_id}).get(found.by_id) if found.by_id else None
    scores = {name: _share(lines) for name, lines in groups}
    return show("walks/walk.html", walk=found, area=str(AREAS[found.area]), groups=groups, scores=scores, score=percent(found.score), by=by)


def _by_group(area: str, told: Any) -> list[tuple[str, list[Any]]]:
    return [(str(name), [told(one) for one in checklist()[area] if one.group == key]) for key, name in GROUPS.items()]


def _share(lines: list[Any]) -> str:
    marks = [mark for _words, mark, _note in lines if mark is not None]
    return percent(sum(marks) / (2 * len(marks))) if marks else "—"


@bp.route("/walks/new/<area>", methods=["GET", "POST"])
def new_walk(area: str) -> Response | BaseResponse:
    """Walk through one place."""
    if area not in AREAS:
        raise NotFound
    require_role(viewer(), *WRITERS)
    today = local_date(now(), viewer().time_zone)
    if request.method == "GET":
        return _form(area, {"walked_on": today.isoformat(), "place": viewer().team or ""}, {})
    values, wrong = read(FIELDS, request.form)
    if not wrong:
        try:
            receipt = request.form.get("receipt", "")[:64] or secrets.token_hex(16)
            made = actions.keep(_seen(area, values), receipt=receipt, at=now(), by_id=viewer().id)
        except Refusal as refusal:
            db.session.rollback()
            wrong = {refusal.code: refusal.message}
        else:
            db.session.commit()
            flash(_("The walk is kept. What was missing of the welcome stands on the improvement board."))
            return back_to(url_for("walks.walk", walk_id=made))
    return _form(area, values, wrong)


def _seen(area: str, values: Mapping[str, Any]) -> actions.Seen:
    def given(prefix: str, item: Item) -> str:
        return request.form.get(f"{prefix}-{item.key}", "")

    items = checklist()[area]
    return actions.Seen(
        area,
        values["place"],
        date.fromisoformat(values["walked_on"]),
        {one.key: int(given("mark", one)) for one in items if given("mark", one) in ("0", "1", "2")},
        {one.key: given("note", one) for one in items},
        values["steps_to_human"],
        values["find_seconds"],
    )


def _form(area: str, values: dict[str, Any], wrong: dict[str, str]) -> Response:
    return show(
        "walks/new_walk.html",
        area=area,
        area_name=str(AREAS[area]),
        inputs=drawn(FIELDS, values, wrong),
        groups=_by_group(area, lambda item: (item.key, item.words.of(language()))),
        marks=MARKS,
        given=request.form,
        receipt=request.form.get("receipt", "")[:64] or secrets.token_hex(16),
        wrong=list(wrong.items()),
        status=422 if wrong else 200,
    )
