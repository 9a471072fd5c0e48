"""The pages of the service handbook: lists of entries, one entry, and writing it."""

from typing import Any

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import REVISIONS, whole
from trainee.kit.i18n import _, _n, language
from trainee.kit.web import back_to, show, takes
from trainee.people import names, require_role, viewer
from trainee.service import complaints
from trainee.service.fields import changed_meanwhile, drawn, facts_of, read
from trainee.service.handbook import actions, files, queries
from trainee.service.handbook.kinds import Kind
from trainee.service.stored import linked
from trainee.service.tables import LARGEST_KB, Taken, download, uploaded

bp = web.Blueprint("handbook", __name__)
WRITERS = ("hr", "admin", "trainer")


@bp.get("/service/book/<kind_key>")
def book(kind_key: str) -> Response:
    """All entries of one kind."""
    kind, lang = queries.kind_or_404(kind_key), language()
    found = queries.ordered(queries.entries(kind.key), lang)
    lacks = kind.lacks([one.values for one in found], lang)
    return show(
        "service/book.html",
        kind=kind,
        columns=[(str(kind.field(key).label), "number" if kind.field(key).kind in ("number", "money") else "text") for key in _columns(kind)],
        rows=[[_cell(one, key, lang) for key in _columns(kind)] for one in found],
        writes=viewer().holds(*WRITERS),
        others=_others(kind),
        lacks=[(one.words, url_for("handbook.new_entry", kind_key=kind.key, **one.begins)) for one in lacks],
        lacking=kind.lacking(len(lacks)),
        unrouted=complaints.unrouted() if lacks else 0,
    )


def _columns(kind: Kind) -> tuple[str, ...]:
    """The name first, because it leads to the entry."""
    return (kind.name, *(key for key in kind.columns if key != kind.name))


def _cell(entry: queries.Entry, key: str, lang: str) -> Any:
    words = linked(entry.told(key, lang), lang) or "—"
    return {"text": words, "href": url_for("handbook.entry", kind_key=entry.kind.key, entry_key=entry.key)} if key == entry.kind.name else words


def _others(kind: Kind) -> list[tuple[str, str, bool]]:
    return [(str(one.title), url_for("handbook.book", kind_key=one.key), one.key == kind.key) for one in queries.in_order()]


@bp.get("/service/book/<kind_key>/<entry_key>")
def entry(kind_key: str, entry_key: str) -> Response:
    """One entry as it stands."""
    found, lang = queries.entry_or_404(kind_key, entry_key), language()
    return show(
        "service/entry.html",
        kind=found.kind,
        entry=found,
        title=found.title(lang),
        facts=[(label, linked(told, lang)) for label, told in facts_of(found.kind.fields, found.values, lang) if told != found.title(lang)],
        by=names({found.by_id}).get(found.by_id) if found.by_id else None,
        writes=viewer().holds(*WRITERS),
    )


@bp.route("/service/new/<kind_key>", methods=["GET", "POST"])
def new_entry(kind_key: str) -> Response | BaseResponse:
    """Write a new entry."""
    kind = queries.kind_or_404(kind_key)
    require_role(viewer(), *WRITERS)
    if request.method == "GET":
        return _form(kind, read(kind.fields, request.args)[0], {})
    values, wrong = read(kind.fields, request.form)
    wrong = wrong or kind.wrong(values)
    if wrong:
        return _form(kind, values, wrong)
    try:
        key = actions.add(kind.key, values, at=now(), by_id=viewer().id)
    except Refusal as refusal:
        db.session.rollback()
        return _form(kind, values, {kind.fields[0].parts[0][0]: refusal.message})
    _keep()
    return back_to(url_for("handbook.entry", kind_key=kind.key, entry_key=key))


@bp.route("/service/change/<kind_key>/<entry_key>", methods=["GET", "POST"])
def change_entry(kind_key: str, entry_key: str) -> Response | BaseResponse:
    """Write a new version of an entry."""
    found = queries.entry_or_404(kind_key, entry_key)
    require_role(viewer(), *WRITERS)
    if request.method == "GET":
        return _form(found.kind, dict(found.values), {}, found)
    values, wrong = read(found.kind.fields, request.form)
    wrong = wrong or found.kind.wrong(values)
    if found.kind.name != "name" and not wrong and found.kind.key_of(values) != found.key:
        wrong = {found.kind.fields[0].key: _("This line stands for its cause and how serious it is. Add another line for another pair.")}
    if wrong:
        return _form(found.kind, values, wrong, found)
    try:
        actions.change(found, values, number=whole(request.form.get("number"), REVISIONS, 0), at=now(), by_id=viewer().id)
    except Refusal as refusal:
        db.session.rollback()
        found = queries.entry_or_404(kind_key, entry_key)
        stale = changed_meanwhile(found.kind.fields, found.values, values)
        return _form(found.kind, values, stale or {found.kind.fields[0].parts[0][0]: refusal.message}, found, refusal.status)
    _keep()
    return back_to(url_for("handbook.entry", kind_key=kind_key, entry_key=entry_key))


def _keep() -> None:
    """Keep what was written, and give complaints that waited for such a line to its owner."""
    routed = complaints.route_open(at=now(), by_id=viewer().id)
    db.session.commit()
    flash(_("Saved."))
    if routed:
        flash(_n("%(num)d open complaint had no line, and has its owner now.", "%(num)d open complaints had no line, and have an owner now.", routed))


def _form(kind: Kind, values: dict[str, Any], wrong: dict[str, str], entry: queries.Entry | None = None, status: int = 422) -> Response:
    inputs = drawn(kind.fields, values, wrong)
    return show(
        "service/edit.html", kind=kind, inputs=inputs, entry=entry, wrong=list(wrong.items()), stale=status == 409, status=status if wrong else 200
    )


@bp.post("/service/removal/<kind_key>/<entry_key>")
def remove_entry(kind_key: str, entry_key: str) -> BaseResponse:
    """Take an entry out of use."""
    found = queries.entry_or_404(kind_key, entry_key)
    require_role(viewer(), *WRITERS)
    actions.retire(found, at=now(), by_id=viewer().id)
    db.session.commit()
    flash(_("It is out of use."))
    return back_to(url_for("handbook.book", kind_key=kind_key))


@bp.get("/service/file/<kind_key>.csv")
def file(kind_key: str) -> Response:
    """All entries of one kind as a file."""
    kind = queries.kind_or_404(kind_key)
    return download(kind.key, files.heading(kind), files.lines(kind, queries.entries(kind.key)))


@bp.route("/service/file/<kind_key>", methods=["GET", "POST"])
@takes(LARGEST_KB)
def take_file(kind_key: str) -> Response:
    """Take entries from a file."""
    kind = queries.kind_or_404(kind_key)
    require_role(viewer(), *WRITERS)
    taken: Taken | None = None
    errors = []
    if request.method == "POST":
        try:
            taken = files.take(kind, uploaded(), at=now(), by_id=viewer().id)
        except Refusal as refusal:
            db.session.rollback()
            errors = [refusal.message]
        else:
            complaints.route_open(at=now(), by_id=viewer().id)
            db.session.commit()
    told = "" if taken is None else _n("%(num)d row was taken.", "%(num)d rows were taken.", taken.new)
    return show("service/file.html", kind=kind, heading=files.heading(kind), taken=taken, told=told, errors=errors, status=422 if errors else 200)


@bp.post("/service/template/touchpoint")
def fill_journey() -> BaseResponse:
    """Begin the inventory with the touchpoints most companies have."""
    require_role(viewer(), *WRITERS)
    if not queries.entries("touchpoint"):
        files.begin_journey(at=now(), by_id=viewer().id)
        db.session.commit()
        flash(_("The template is filled in. Change what is different with you, and take out what you do not have."))
    return back_to(url_for("handbook.book", kind_key="touchpoint"))
