"""Pages of reports: which there are, one of them with its figures, and its files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, g, request, stream_with_context, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee import people
from trainee.kit import trtext
from trainee.kit.clock import local_date, now
from trainee.kit.db import db, only_reads
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.i18n import _, _l, moment_words, number
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import organisation, viewer
from trainee.reports import background, duties, queries, scheduling  # noqa: F401  # What trainers find on Today is told when it is imported.
from trainee.reports.actions import Taken, begin_export, end_export, sheet_of
from trainee.reports.column import Column, Row, many_rows
from trainee.reports.figures import FIGURES, UNITS
from trainee.reports.filters import NAMES, Asked, read_filters
from trainee.reports.formats import formats
from trainee.reports.formats.format import Format
from trainee.reports.models import ReportFile
from trainee.reports.population import the_one
from trainee.reports.report import GROUPS, Report
from trainee.reports.shown import PAGE, Shown
from trainee.reports.table import KEY, listed, report_of, single

bp = Blueprint("reports", __name__)
# For more people figures are counted when they are asked for, and not whenever a page is opened.
_AT_ONCE = 2000
# A cell with more signs than this is a sentence, which a narrow column breaks into a tower of single words.
_SENTENCE = 80
_EXPORTS = 50
FILE_STATES = {
    "waiting": _l("waits for its turn"),
    "working": _l("is being made"),
    "ready": _l("ready"),
    "failed": _l("could not be made"),
    "cancelled": _l("called off"),
}


@bp.get("/reports")
def reports() -> Response:
    """Every report that is open to the viewer."""
    require_reports()
    who = viewer()
    groups: dict[int, tuple[Any, list[Report]]] = {}
    for one in queries.reports_for(who):
        begins, title = next(group for group in reversed(GROUPS) if group[0] <= one.place)
        groups.setdefault(begins, (title, []))[1].append(one)
    return show("reports/reports.html", groups=groups, may_see_exports=who.holds("hr", "admin"))


def require_reports() -> None:
    """Forbidden, in a sentence, to whoever has no report at all."""
    if not queries.reports_for(viewer()):
        raise Forbidden(_("Reports are for those who answer for others."))


@bp.get("/reports/<report_key>")
def report(report_key: str) -> Response:
    """One report: its figures, what they mean, its pictures, and its rows page by page."""
    found = queries.report_or_404(report_key, viewer())
    filters, wrong = read_filters(request.args, found.takes, queries.teams_for(viewer(), found))
    asked = Asked(viewer(), filters, now())
    choices = queries.choices(asked.who, found)
    chosen = queries.chosen(request.args, found.takes, choices)
    place = url_for("reports.report", report_key=found.key)
    g.person_seen = the_one(asked)
    page = told(found, asked, place, filters.address())
    page["schedule_url"] = f"{url_for('reports.new_schedule', report_key=found.key)}?{urlencode(filters.address())}"
    return show("reports/report.html", **page, choices=choices, names=NAMES, chosen=chosen, wrong=wrong)


def _room(column: Column, cells: list[str]) -> str:
    """How a column is set: numbers at its end, whole sentences with room for some words a line."""
    return "number" if column.is_number else "long" if max(map(len, cells), default=0) > _SENTENCE else "text"


def _with_below(words: str, row: Row, key: str, columns: list[tuple[int, Column]]) -> str | dict[str, str]:
    """A cell, with what stands below it where any column says so."""
    below = [f"{one.title}: {one.read(row[number])}" for number, one in columns if one.below == key and row[number] is not None]
    return {"text": words, "note": " · ".join(below)} if below else words


def told(found: Report, asked: Asked, place: str, address: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a report shows, at the address `place` with these values in it."""
    page = max(request.args.get("page", 1, type=int), 1)
    counted = "count" in request.args or queries.how_many(asked.who, found) <= _AT_ONCE
    left_out = found.left_out(asked)
    behind = next((one for one in found.figures if one.key == request.args.get("behind") and one not in left_out), None)
    columns = [(number, column) for number, column in enumerate(found.columns(asked)) if column.on_page]
    shown = Shown(found, asked, page, counted=counted, behind=behind)
    beside = [(number, column) for number, column in columns if column.below is None]
    rows = [[column.read(row[number]) for number, column in beside] for row in shown.rows]
    whole = [
        [_with_below(words, row, column.key, columns) for words, (_number, column) in zip(cells, beside, strict=True)]
        for cells, row in zip(rows, shown.rows, strict=True)
    ]
    more = {"count": "1"} if "count" in request.args else {}
    on_page = dict(more, **({"behind": behind.key} if behind is not None else {}))

    def at(**values: Any) -> str:
        return f"{place}?{urlencode([*values.items(), *address.items()], doseq=True)}"

    return {
        "report": found,
        "in_files": [str(one.title) for one in found.columns(asked) if not one.on_page],
        "on_paper": _on_paper(page, len(shown.rows), shown.many if counted else 0) if page > 1 or shown.more else "",
        "columns": [(str(one.title), _room(one, [cells[place] for cells in rows])) for place, (_number, one) in enumerate(beside)],
        "rows": whole,
        "figures": [(one, f"{at(behind=one.figure.key, **more)}#rows") for one in shown.figures],
        "pictures": shown.pictures,
        "behind": (behind, at(**more)) if behind is not None else None,
        "counted": counted,
        "total": many_rows(shown.many) if counted else "",
        "asked_for": found.in_words(asked),
        "as_of": moment_words(asked.at),
        "formats": sorted(formats, key=lambda one: one.place),
        "page": page,
        "before": at(page=page - 1, **on_page) if page > 1 else None,
        "after": at(page=page + 1, **on_page) if shown.more else None,
        "count_url": at(count="1"),
        "export_url": url_for("tables.export") if found.key == KEY else url_for("reports.export", report_key=found.key),
        "sent": [(name, value) for name, values in address.items() for value in (values if isinstance(values, list) else [values])],
    }


def _on_paper(page: int, here: int, many: int) -> str:
    """What paper says when it holds a part of the rows; `many` is 0 where they were not counted."""
    first = (page - 1) * PAGE + 1
    span = {"first": number(first), "last": number(first + here - 1)}
    if not many:
        return str(_("On this paper stand rows %(first)s to %(last)s. The PDF and the Excel file have all of them.", **span))
    span["many"] = number(many)
    return str(_("On this paper stand rows %(first)s to %(last)s of %(many)s. The PDF and the Excel file have all of them.", **span))


@bp.get("/reports/figures")
def meanings() -> Response:
    """Every figure there is, once, with what it means."""
    require_reports()
    within: dict[str, list[Report]] = {}
    for one in queries.reports_for(viewer()):
        for figure in one.figures:
            within.setdefault(figure.key, []).append(one)
    return show("reports/figures.html", figures=[one for one in FIGURES if one.key in within], within=within, units=UNITS)


@bp.post("/reports/<report_key>/file")
def export(report_key: str) -> BaseResponse:
    """The report as a file, written while it is sent; who takes what is written down before the first row leaves."""
    found = queries.report_or_404(report_key, viewer())
    form = formats.get(request.form.get("format", ""))
    if form is None:
        raise Refusal(_("Please choose the kind of file."), 422)
    filters, wrong = read_filters(request.form, found.takes, queries.teams_for(viewer(), found))
    if wrong:
        # A file with other rows than were asked for would be worse than none.
        raise Refusal(" ".join(wrong.values()), 422)
    return sent(found, Asked(viewer(), filters, now()), form)


def sent(found: Report, asked: Asked, form: Format) -> BaseResponse:
    """A report as a file at once, or, where it is long, the page on which it will be."""
    sheet = sheet_of(found, asked, organisation.name())
    with _only_reading():
        first = list(islice(sheet.rows(), background.AT_ONCE + 1))
        taken = None
        if len(first) <= background.AT_ONCE or not form.endless:
            # A kind of file that is made as a whole is made here, and says here what it cannot hold.
            taken = Taken(replace(sheet, rows=lambda: iter(first), batches=lambda: iter([first])), form)
    if taken is None:
        key = background.order(found, form, asked)
        db.session.commit()
        return back_to(url_for("reports.file", file_key=key))
    entry = begin_export(found, form, asked, "site")
    db.session.commit()
    return _download(found, form, asked.at, _sent(taken, entry))


def _download(report: Report, form: Format, at: datetime, pieces: Iterator[bytes]) -> Response:
    name = f"{trtext.slug(str(report.title))}-{local_date(at, viewer().time_zone)}.{form.extension}"
    response = Response(stream_with_context(pieces), content_type=form.mime)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@contextmanager
def _only_reading() -> Iterator[None]:
    # While it lasts nobody else waits for the write lock.
    db.session.rollback()
    only_reads(True)
    try:
        yield
    finally:
        db.session.rollback()
        only_reads(False)


def _sent(taken: Taken, entry: int) -> Iterator[bytes]:
    with _only_reading():
        yield from taken.pieces
    end_export(entry, taken.rows, now())
    db.session.commit()


@bp.get("/reports/files")
def files() -> Response:
    """The large files that the viewer asked for, until they are gone."""
    require_reports()
    return show("reports/files.html", files=[_file(one) for one in background.files_of(viewer(), now())], states=FILE_STATES)


@bp.get("/reports/files/<file_key>")
def file(file_key: str) -> Response:
    """One large file: how far it is, and where it is ready the button that takes it."""
    found = background.file_or_404(file_key, viewer())
    if found.state == "ready" or (found.expires_at is not None and found.expires_at <= now()):
        background.require_still(found, viewer(), now())
    schedule = scheduling.schedule_of_file(found)
    return show("reports/file.html", fragment="reports/_file.html", file=_file(found), schedule_id=schedule.id if schedule is not None else None)


@bp.post("/reports/files/<file_key>/file")
def take_file(file_key: str) -> Response:
    """The file that is ready, if the viewer may still have all of it; that she takes it is written down first."""
    found = background.file_or_404(file_key, viewer())
    report, form = background.require_still(found, viewer(), now())
    filters = read_filters(found.filters, report.takes)[0]
    entry = begin_export(report, form, Asked(viewer(), filters, now()), "site, made beside it")
    db.session.commit()
    return _download(report, form, found.begun_at or found.asked_at, _sent_kept(found.id, entry, found.rows))


def _sent_kept(file_id: int, entry: int, rows: int) -> Iterator[bytes]:
    with _only_reading():
        yield from background.pieces_of(file_id)
    end_export(entry, rows, now())
    db.session.commit()


@bp.post("/reports/files/<file_key>/cancel")
def cancel_file(file_key: str) -> BaseResponse:
    """Call a file off, or throw away one that is ready."""
    background.call_off(background.file_or_404(file_key, viewer()), now())
    db.session.commit()
    flash(_("The file is called off."))
    return back_to(url_for("reports.files"))


def _file(one: ReportFile) -> dict[str, Any]:
    """A file as its page shows it."""
    report, form = report_of(one.report, one.filters), formats.get(one.format)
    asked = Asked(viewer(), read_filters(single(listed(one.filters)), report.takes)[0], one.asked_at) if report is not None else None
    return {
        "key": one.key,
        "title": str(report.title) if report is not None else one.report,
        "format": str(_format_title(form, one.format)),
        "asked_for": report.in_words(asked) if report is not None and asked is not None else [],
        "asked_at": moment_words(one.asked_at),
        "state": one.state,
        "done": one.done,
        "total": one.total,
        "rows": one.rows,
        "size": one.size,
        "until": moment_words(one.expires_at) if one.expires_at is not None else "",
        "why": one.why,
    }


@bp.get("/reports/exports")
def exports() -> Response:
    """Who took what out of the house."""
    people.require_role(viewer(), "hr", "admin")
    rows = queries.exports(_EXPORTS + 1, request.args.get("before", type=int))
    return show(
        "reports/exports.html",
        rows=[_export(entry, name) for entry, name in rows[:_EXPORTS]],
        older=url_for("reports.exports", before=rows[_EXPORTS - 1][0].id) if len(rows) > _EXPORTS else None,
    )


def _export(entry: Any, name: str) -> list[Any]:
    kind, form = report_of(entry.report, entry.filters), formats.get(entry.format)
    title = str(kind.title) if kind is not None else entry.report
    ended = many_rows(entry.rows) if entry.rows is not None else _("not taken to its end")
    narrowed = "; ".join(_narrowed(kind, entry)) if kind is not None and entry.filters else ""
    return [moment_words(entry.begun_at), name, title, str(_format_title(form, entry.format)), narrowed or "—", str(ended)]


def _narrowed(kind: Report, entry: Any) -> list[str]:
    """What somebody asked for, in words; what is there no more, such as a team, as it was noted."""
    filters, gone = read_filters(single(listed(entry.filters)), kind.takes)
    told = kind.in_words(Asked(viewer(), filters, entry.begun_at))
    return told + [f"{NAMES[key]}: {entry.filters[key]}" for key in gone if key in entry.filters]


def _format_title(form: Format | None, key: str) -> Any:
    return form.title if form is not None else key
