"""The duty roster's pages."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.assets import FOLDER
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, date_words, moment_words
from trainee.kit.web import back_to, show
from trainee.people import require_role, viewer
from trainee.service.roster import actions, queries
from trainee.service.roster.forms import ShiftForm
from trainee.service.roster.models import GREET, PRIMARY

bp = web.Blueprint("roster", __name__)
WARN_AHEAD = timedelta(days=14)
LONG = timedelta(days=1)
FIELDS = ("person_id", "area", "duty", "rank", "phone", "starts", "ends")


@bp.get("/roster")
def roster() -> Response:
    """Whom to call now, this week, and when nobody stands by."""
    at = now()
    zone = ZoneInfo(viewer().time_zone)
    today = at.astimezone(zone).date()
    start = datetime.combine(today, time(0), zone)
    on_duty = queries.who_now(at)
    # Opening hours are the house's, whatever zone the reader lives in.
    gaps = queries.gaps(at, at + WARN_AHEAD, current_app.extensions["trainee"].default_time_zone)
    unanswered = {gap.area: gap for gap in gaps if gap.starts_at <= at and not gap.answered}
    return show(
        "roster/roster.html",
        on_duty=_by_area(on_duty),
        # Whether anybody stood or will stand by at all.
        known=bool(on_duty or gaps or queries.areas(at)),
        unanswered=sorted(unanswered.items()),
        # Whoever is called first anywhere knows whom to fetch.
        instead=[row for row in on_duty if row.rank == PRIMARY] or on_duty,
        days=_by_day(queries.shifts(start, start + timedelta(days=7)), today, zone),
        today=today,
        greeters=queries.shifts(at, start + timedelta(days=7), GREET),
        gaps=gaps,
        manages=viewer().holds("hr", "admin"),
        dial=_dial,
        hours=lambda starts, ends: _hours(starts, ends, zone),
    )


@bp.get("/roster/offline")
def offline() -> Response:
    """The roster of the coming week as a device keeps it for when the line is gone; it names nobody but those on call."""
    at = now()
    zone = ZoneInfo(viewer().time_zone)
    today = at.astimezone(zone).date()
    start = datetime.combine(today, time(0), zone)
    days = _by_day(queries.shifts(start, start + timedelta(days=7)), today, zone)
    return show("roster/offline.html", days=days, hours=lambda starts, ends: _hours(starts, ends, zone), dial=_dial, as_of=at)


@bp.get("/roster/worker.js")
@web.public
def worker() -> Response:
    """The script that answers for the roster when the line is gone; it stands here because a script answers only for what lies beside it."""
    response = Response((FOLDER / "js" / "roster-worker.js").read_bytes(), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = url_for("roster.roster")
    return response


def _by_area(rows: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.area, []).append(row)
    return found


def _by_day(rows: list[Any], today: date, zone: ZoneInfo) -> list[tuple[date, list[Any]]]:
    """The shifts under the local day on which they begin (one that began before: today); one of a day or longer under every day it touches."""
    days: dict[date, list[Any]] = {today + timedelta(days=number): [] for number in range(7)}
    for row in sorted(rows, key=lambda row: (row.starts_at, row.area, row.rank)):
        first = max(row.starts_at.astimezone(zone).date(), today)
        # Until midnight is until the end of the day before.
        last = (row.ends_at - timedelta(microseconds=1)).astimezone(zone).date() if row.ends_at - row.starts_at >= LONG else first
        for day in days:
            if first <= day <= last:
                days[day].append(row)
    return list(days.items())


def _hours(starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """From when until when, in words: midnight at the end of the day is 24:00, and another day is named."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    if last.time() == time(0) and last.date() == first.date() + timedelta(days=1):
        return f"{first:%H:%M}–24:00"
    if last.date() == first.date():
        return f"{first:%H:%M}–{last:%H:%M}"
    # Over a day or longer a weekday alone may mean this week's or the next one's.
    day = "EEE d MMM" if ends - starts >= LONG else "EEE"
    until = f"{date_words(last.date() - timedelta(days=1), day)} 24:00" if last.time() == time(0) else moment_words(ends, f"{day} HH:mm")
    return f"{moment_words(starts, f'{day} HH:mm')} – {until}"


def _dial(phone: str) -> str:
    """The number as a telephone takes it."""
    return "tel:" + "".join(sign for sign in phone if sign in "+0123456789")


@bp.route("/roster/shifts/new", methods=["GET", "POST"])
def new_shift() -> Response | BaseResponse:
    """Put somebody on the roster."""
    require_role(viewer(), "hr", "admin")
    form = ShiftForm()
    form.offer(queries.everybody())
    if form.validate_on_submit():
        try:
            actions.add_shift(**form.shift(viewer().time_zone), at=now(), by_id=viewer().id)
        except Refusal as refusal:
            db.session.rollback()
            form[refusal.code if refusal.code in FIELDS else "starts"].errors = [refusal.message]
        else:
            db.session.commit()
            flash(_("The shift is on the roster."))
            return back_to(url_for("roster.roster"))
    return show("roster/new_shift.html", form=form, areas=queries.areas(now()), status=422 if request.method == "POST" else 200)


@bp.post("/roster/shifts/<int:shift_id>/removal")
def remove_shift(shift_id: int) -> BaseResponse:
    """Take a shift off the roster."""
    require_role(viewer(), "hr", "admin")
    actions.remove_shift(shift_id, at=now(), by_id=viewer().id)
    db.session.commit()
    flash(_("The shift is taken off the roster."))
    return back_to(url_for("roster.roster"))
