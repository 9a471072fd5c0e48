"""People from a file: uploading it, saying what its columns are, seeing what it would do, applying it and taking it back."""

from typing import Any

from flask import Response, flash, g, request, url_for
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _l
from trainee.kit.tables import ENCODINGS, SEPARATORS, letters
from trainee.kit.web import back_to, show, takes
from trainee.people import organisation
from trainee.people.importing import actions, queries, wording
from trainee.people.importing.background import apply, check, silent
from trainee.people.importing.fields import FIELDS, LEFT_OUT, guesses, holds_national
from trainee.people.importing.models import WAITING, PeopleImport
from trainee.people.importing.planning import asks_to_type
from trainee.people.importing.refused import workbook
from trainee.people.importing.source import Source, look
from trainee.people.queries import places, require_role, viewer

bp = web.Blueprint("imports", __name__)
# Fifty thousand people with a dozen columns are some eight megabytes as CSV, and four times as many in UTF-32.
LARGEST_KB = 40 * 1024
# What is smaller is checked while its reader waits for the page.
_AT_ONCE = 200 * 1024
# And so few rows that close no account are applied while she waits.
_FEW_ROWS = 200
# So many new teams are named on the page; what a large organisation brings with its first file nobody reads through.
_MOST_TEAMS = 100


@bp.route("/people/imports", methods=["GET", "POST"])
@takes(LARGEST_KB)
def imports() -> Response | BaseResponse:
    """Files taken in so far, and the form for the next."""
    require_role(viewer(), "hr", "admin")
    errors = []
    if request.method == "POST":
        try:
            one = _taken()
        except Refusal as refusal:
            db.session.rollback()
            errors = [refusal.message]
        else:
            db.session.commit()
            return back_to(url_for("imports.one" if one.state in ("checking", "checked") else "imports.columns", import_id=one.id))
    return _list(errors)


def _list(errors: list[str], status: int = 422) -> Response:
    found = [(one, name, wording.STATES[one.state]) for one, name in queries.imports()]
    told = _place()
    done = told["beginning"] and queries.open_accounts() > 1
    return show(
        "people/imports.html", imports=found, errors=errors, megabytes=LARGEST_KB // 1024, status=status if errors else 200, done=done, **told
    )


def _place() -> dict[str, Any]:
    """Whether the reader is on the way through the guided start, and at which step of how many; the navigation shows her so, too."""
    beginning = organisation.house().beginning and viewer().holds("admin")
    if beginning:
        g.area = "dashboards.today"
    return {"beginning": beginning, "number": organisation.STEPS.index("people") + 1, "of": len(organisation.STEPS)}


def _taken() -> PeopleImport:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refusal(_("Please choose a file first."), 422, "file")
    body = upload.read()
    one = actions.take(upload.filename, body, viewer().id, now())
    if one.state == "new" and actions.is_settled(look(body)) and actions.complaint(one.reading["fields"]) is None:
        # The same headings as the last time: nothing to ask.
        actions.settle(one, one.reading, one.reading["fields"], one.options)
        _check_small(one, len(body))
    return one


def _check_small(one: PeopleImport, size: int) -> None:
    # Kept before anything else, so that nothing that was uploaded is lost by what comes after.
    db.session.commit()
    if size <= _AT_ONCE:
        check(one.id, now(), silent)
        db.session.refresh(one)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response | HTTPException:
    """A file that is too large is told beside its field."""
    db.session.rollback()
    if request.endpoint != "imports.imports" or web.wants_fragment():
        return web.refused(error)
    return _list(
        [_("This file is larger than %(num)s megabytes. Please split it, or leave out columns that are not needed.", num=LARGEST_KB // 1024)], 413
    )


@bp.route("/people/imports/<int:import_id>/columns", methods=["GET", "POST"])
def columns(import_id: int) -> Response | BaseResponse:
    """How a file is read and what its columns are."""
    require_role(viewer(), "hr", "admin")
    one = queries.import_or_404(import_id, with_body=True)
    if one.body is None or one.state not in ("new", "checking", "checked", "failed"):
        raise Refusal(_("This file was taken in already; its columns cannot be changed any more."))
    wished: dict[str, Any] = dict(one.reading)
    if request.method == "GET":
        return _columns_page(one, look(one.body, wished), one.reading["fields"], one.options)
    wished |= {key: request.form[key] for key in ("encoding", "separator", "sheet", "head") if request.form.get(key)}
    options = {
        "close_missing": request.form.get("missing") == "close",
        "make_places": request.form.get("make_places") == "1",
        "unit": request.form.get("unit", "")[:120],
    }
    source = look(one.body, wished)
    chosen = _chosen(source)
    if request.form.get("look") or source.headings != one.reading["headings"]:
        # Read otherwise than before: it is shown so, and nothing is settled yet.
        one.reading = source.reading | {"headings": source.headings, "fields": guesses(source.headings, actions.remembered(), source.samples)}
        one.findings = source.findings
        db.session.commit()
        return _columns_page(one, source, one.reading["fields"], options)
    if source.asks and not request.form.get("encoding"):
        return _columns_page(one, source, chosen, options, _("Please choose how the file is to be read: in one of the ways the names read right."))
    try:
        actions.settle(one, wished, chosen, options)
        actions.remember(one, now())
        _check_small(one, len(one.body))
    except Refusal as refusal:
        db.session.rollback()
        return _columns_page(one, source, chosen, options, refusal.message)
    db.session.commit()
    return back_to(url_for("imports.one", import_id=one.id))


def _chosen(source: Source) -> list[str]:
    chosen = [request.form.get(f"field-{place}", LEFT_OUT) for place in range(len(source.headings))]
    return [field if field in FIELDS else LEFT_OUT for field in chosen]


def _below(source: Source, place: int) -> list[str]:
    found = [row[place] for row in source.samples if place < len(row) and row[place]]
    return ["•••"] if holds_national(source.headings[place], found) else found[:3]


def _hidden(source: Source, number: int, cells: list[str]) -> list[str]:
    """The cells of a row below the headings without the numbers that are not shown."""
    if number <= source.reading["head"]:
        return cells
    national = {told["column"] for told in source.findings if told["code"] == "national"}
    return ["•••" if cell and place in national else cell for place, cell in enumerate(cells)]


def _columns_page(one: PeopleImport, source: Source, fields: list[str], options: Any, wrong: str | None = None) -> Response:
    columns = [
        (place, letters(place), heading, _below(source, place), field)
        for place, (heading, field) in enumerate(zip(source.headings, fields, strict=False))
    ]
    found = {one.encoding: one for one in source.encodings}
    return show(
        "people/import_columns.html",
        one=one,
        source=source,
        columns=columns,
        fields=[(LEFT_OUT, _("— not used —")), *((key, str(words)) for key, words in FIELDS.items())],
        options=options,
        encodings=[(key, f"{title} · {found[key].preview}" if key in found else title) for key, title in ENCODINGS.items()],
        separators=[(key, _("Tab") if words == "Tab" else words) for key, words in SEPARATORS.items()],
        heads=[(str(number), f"{number}: " + " · ".join(filter(None, _hidden(source, number, cells)))[:80]) for number, cells in source.first],
        sheets=[(name, name) for name in source.sheets],
        units=[(place.name, place.name) for place in places()],
        findings=[wording.file_sentence(told) for told in source.findings],
        # Where it cannot be told from the bytes nothing is chosen beforehand.
        chosen_encoding=request.form.get("encoding", ""),
        how=wording.how_read(source.reading),
        wrong=wrong,
        status=422 if wrong else 200,
        **_place(),
    )


@bp.get("/people/imports/<int:import_id>")
def one(import_id: int) -> Response:
    """What a file would do, does or did, row by row."""
    require_role(viewer(), "hr", "admin")
    return _show_one(import_id)


def _show_one(import_id: int, wrong: str | None = None) -> Response:
    found = queries.import_or_404(import_id)
    outcome, page = request.args.get("show", ""), min(max(request.args.get("page", 1, type=int), 1), 100_000)
    outcome = (
        outcome
        if outcome in wording.OUTCOMES
        else next((key for key in ("refused", "closed", "moved", "changed") if found.counts.get(key)), "created")
    )
    rows = queries.rows(import_id, outcome, page)
    headings = found.reading["headings"]
    here = queries.open_accounts()
    return show(
        "people/import.html",
        "people/_import.html",
        one=found,
        state=wording.STATES[found.state],
        step=wording.STEPS.get(found.step, ""),
        waits=found.state in WAITING,
        counts=[(key, words, found.counts.get(key, 0), wording.TONES[key]) for key, words in wording.OUTCOMES.items()],
        undone=[(words, found.counts[key]) for key, words in _UNDONE if found.counts.get(key)],
        findings=wording.unused_sentences(found.reading) + [wording.file_sentence(told) for told in found.findings if told["code"] != "new_teams"],
        new_teams=next((told["teams"] for told in found.findings if told["code"] == "new_teams"), []),
        most_teams=_MOST_TEAMS,
        how=wording.how_read(found.reading),
        outcome=outcome,
        outcome_words=wording.OUTCOMES[outcome],
        rows=[_row(row, headings) for row in rows[: queries.PAGE]],
        page=page,
        more=len(rows) > queries.PAGE,
        typed=asks_to_type(found.counts, here) if found.state == "checked" else 0,
        open_accounts=here,
        does_something=any(found.counts.get(key) for key in ("created", "changed", "moved", "closed")),
        may_undo=actions.may_undo(found, now()) and queries.has_body(import_id),
        may_change=found.state in ("new", "checked", "failed") and queries.has_body(import_id),
        kept=queries.has_body(import_id),
        wrong=wrong,
        status=422 if wrong else 200,
        **_place(),
    )


_UNDONE = (
    ("undo_put_back", _l("put back")),
    ("undo_removed", _l("removed again")),
    ("undo_closed_instead", _l("closed instead")),
    ("undo_stayed", _l("changed by somebody since, so left")),
)


def _row(row: Any, headings: list[str]) -> dict[str, Any]:
    return {
        "number": row.number,
        "name": row.name or "—",
        "person_id": row.person_id,
        "changes": [wording.change_words(field, pair) for field, pair in sorted(row.changes.items())],
        "told": [wording.row_sentence(told, headings) for told in row.told],
    }


@bp.get("/people/imports/<int:import_id>/refused.xlsx")
def refused(import_id: int) -> Response:
    """The refused rows as a workbook, each with its reason: to be mended, and brought again."""
    require_role(viewer(), "hr", "admin")
    one = queries.import_or_404(import_id, with_body=True)
    if one.body is None or one.checked_at is None:
        raise Refusal(_("This file is not kept any more. Please upload it again."))
    response = Response(workbook(one), mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{import_id}.xlsx"'
    return response


@bp.post("/people/imports/<int:import_id>/application")
def application(import_id: int) -> Response | BaseResponse:
    """Have it applied; a small file at once."""
    require_role(viewer(), "hr", "admin")
    one = queries.import_or_404(import_id)
    try:
        actions.ask_to_apply(one, request.form.get("typed", ""), queries.open_accounts())
    except Refusal as refusal:
        if refusal.code != "typed":
            raise
        db.session.rollback()
        return _show_one(import_id, refusal.message)
    db.session.commit()
    if one.state == "applying" and one.total <= _FEW_ROWS and not one.counts.get("closed"):
        # Should it break off here, a worker does it within the minute.
        apply(import_id, now(), silent)
        db.session.commit()
    return back_to(url_for("imports.one", import_id=import_id))


@bp.post("/people/imports/<int:import_id>/check")
def check_again(import_id: int) -> BaseResponse:
    """Look at its rows once more: people may have changed since."""
    require_role(viewer(), "hr", "admin")
    one = queries.import_or_404(import_id, with_body=True)
    if one.state not in ("checked", "failed"):
        raise Refusal(_("This file cannot be checked now."))
    actions.check_again(one)
    _check_small(one, len(one.body or b""))
    db.session.commit()
    return back_to(url_for("imports.one", import_id=import_id))


@bp.post("/people/imports/<int:import_id>/undoing")
def undoing(import_id: int) -> BaseResponse:
    """Have it taken back."""
    require_role(viewer(), "hr", "admin")
    actions.ask_to_undo(queries.import_or_404(import_id), now())
    db.session.commit()
    return back_to(url_for("imports.one", import_id=import_id))


@bp.post("/people/imports/<int:import_id>/putting-aside")
def putting_aside(import_id: int) -> BaseResponse:
    """Delete the file and its rows now."""
    require_role(viewer(), "hr", "admin")
    actions.put_aside(queries.import_or_404(import_id), viewer().id, now())
    db.session.commit()
    flash(_("The file is deleted."))
    return back_to(url_for("imports.imports"))
