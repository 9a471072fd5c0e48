"""Pages of reports that come by themselves: setting one up, what goes on, and stopping it."""

import secrets
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.forms import beside, complaints
from trainee.kit.i18n import _, _n, date_words
from trainee.kit.web import back_to, show
from trainee.people import Viewer, viewer
from trainee.reports import scheduling
from trainee.reports.filters import Asked, read_filters
from trainee.reports.formats import formats
from trainee.reports.forms import MONTH, ScheduleForm, whens
from trainee.reports.models import ReportSchedule
from trainee.reports.report import Report
from trainee.reports.table import KEY, listed, report_of, single
from trainee.reports.views import bp, require_reports

__all__ = ["bp"]


@bp.get("/reports/schedules")
def schedules() -> Response:
    """What comes by itself: to the viewer, what she set up, and of HR everything."""
    who = viewer()
    require_reports()
    found = scheduling.schedules_of(who)
    readers = scheduling.readers_of([one.id for one in found])
    return show("reports/schedules.html", schedules=[_told(one, readers.get(one.id, [])) for one in found])


def _told(one: ReportSchedule, readers: list[Any]) -> dict[str, Any]:
    report, form, who = report_of(one.report, one.filters), formats.get(one.format), viewer()
    about = []
    if report is not None:
        about = report.in_words(Asked(who, read_filters(single(listed(one.filters)), report.takes)[0], one.made_at))
    if one.last_period:
        about.append(str(_("of the month before")) if one.weekday is None else str(_("of the week before")))
    return {
        "id": one.id,
        "title": str(report.title) if report is not None else one.report,
        "format": str(form.title) if form is not None else one.format,
        "when": dict(whens())[MONTH if one.weekday is None else str(one.weekday)],
        "about": about,
        "next_on": date_words(one.next_on, "EEEE, d MMMM"),
        "readers": [row.name for row in readers],
        "mine": any(row.person_id == who.id for row in readers),
        "may_end": one.made_by_id == who.id or who.holds("hr", "admin"),
    }


@bp.route("/reports/<report_key>/schedule", methods=["GET", "POST"])
def new_schedule(report_key: str) -> Response | BaseResponse:
    """Have a report, or a table of one's own, with these filters come by itself."""
    report, asked = _asked(report_key)
    form = ScheduleForm()
    if request.method == "GET":
        form.receipt.data, form.when.data, form.format.data = secrets.token_hex(16), "1", "xlsx"
        form.readers.data = [asked.who.id]
        form.last_period.data = _dated(report) and asked.filters.since is None and asked.filters.until is None
    more = _offer(form, report, asked.who)
    if request.method == "POST" and "look" not in request.form and form.validate_on_submit():
        try:
            scheduling.set_up(
                report,
                formats[form.format.data],
                asked,
                readers=form.readers.data or [],
                weekday=form.weekday,
                last_period=bool(form.last_period.data),
                receipt=form.receipt.data or secrets.token_hex(16),
            )
        except Refusal as refusal:
            beside(form, refusal)
        else:
            db.session.commit()
            flash(_("It is set up. Each reader can stop it with one tap."))
            return back_to(url_for("reports.schedules"))
    place = url_for("tables.table") if report.key == KEY else url_for("reports.report", report_key=report.key)
    return show(
        "reports/new_schedule.html",
        form=form,
        more=_n("%(num)d more may have it. Search for a name.", "%(num)d more may have it. Search for a name.", more) if more else "",
        dated=_dated(report),
        complaints=complaints(form),
        report=report,
        about=report.in_words(asked),
        back=f"{place}?{urlencode(report.address(asked), doseq=True)}",
        status=422 if form.errors else 200,
    )


def _asked(report_key: str) -> tuple[Report, Asked]:
    """The report of that key, or the table that the address describes, with its filters; a Refusal where any of it is not understood."""
    given = request.args.to_dict(flat=False)
    report = report_of(report_key, given)
    if report is None:
        raise NotFound
    report.require(viewer())
    filters, wrong = read_filters(single(given), report.takes)
    asked = Asked(viewer(), filters, now())
    if unclear := [*wrong.values(), *report.wrong(asked)]:
        raise Refusal(" ".join(unclear), 422)
    return report, asked


def _offer(form: ScheduleForm, report: Report, who: Viewer) -> int:
    """Fill in what can be chosen, of many readers those that were searched for; how many names more there are."""
    readers, more = scheduling.offered_readers(report, who, form.readers.data or (), form.find.data or "")
    form.offer(sorted(formats, key=lambda one: one.place), readers)
    return more


def _dated(report: Report) -> bool:
    return {"since", "until"} <= set(report.takes)


@bp.post("/reports/schedules/<int:schedule_id>/stop")
def stop_schedule(schedule_id: int) -> BaseResponse:
    """Get it no more; the others go on getting it."""
    scheduling.stop_for(schedule_id, viewer(), now())
    db.session.commit()
    flash(_("It does not come to you any more."))
    return back_to(url_for("reports.schedules"))


@bp.post("/reports/schedules/<int:schedule_id>/end")
def end_schedule(schedule_id: int) -> BaseResponse:
    """Send it to nobody any more."""
    scheduling.end(schedule_id, viewer(), now())
    db.session.commit()
    flash(_("It is ended, and comes to nobody any more."))
    return back_to(url_for("reports.schedules"))
