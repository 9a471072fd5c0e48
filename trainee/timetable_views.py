"""The timetable for the administrator: what happens by itself, when, how it went lately, and which worker is at work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app

from trainee.kit import jobs, web, workers
from trainee.kit.clock import now
from trainee.kit.i18n import _, _n, ago
from trainee.kit.jobs import INTERRUPTED, History, Job
from trainee.kit.web import show
from trainee.people import require_role, viewer
from trainee.timetable import JOBS

bp = web.Blueprint("timetable", __name__)
_AWAY = frozenset({"OperationalError", "InterfaceError", "TimeoutError"})


@dataclass(frozen=True, slots=True)
class Line:
    """One job as the page shows it."""

    key: str
    says: str
    how_often: str
    next: datetime
    due: bool
    told: str
    tone: str
    badge: str
    runs: tuple[Any, ...]


@bp.get("/timetable")
def timetable() -> Response:
    """Every recurring job. Three statements, however many there are."""
    require_role(viewer(), "admin")
    at, zone = now(), current_app.extensions["trainee"].default_time_zone
    history, late = jobs.history(JOBS), set(jobs.late(JOBS, at))
    lines = [_line(job, history[job.key], job.key in late, at, zone) for job in JOBS]
    return show("timetable/timetable.html", lines=lines, zone=zone, at_work=workers.at_work(), why=why)


def _line(job: Job, known: History, late: bool, at: datetime, zone: str) -> Line:
    newest = known.runs[0] if known.runs else None
    due = newest is None or newest.slot < job.slot(at, zone)
    tone, badge = ("bad", _("late")) if late else ("warn", _("failing")) if known.failures else ("good", _("all is well"))
    if newest is None:
        tone, badge = ("bad", _("late")) if late else ("", _("not yet run"))
    # A badge is one thing and is not broken in two.
    whole = badge.replace(" ", "\u00a0")
    return Line(job.key, str(job.says), jobs.in_words(job.when), job.next(at, zone), due, _told(known, at), tone, whole, known.runs)


def _told(known: History, at: datetime) -> str:
    """How it went lately, in a sentence."""
    if not known.runs:
        return _("It has not run yet.")
    newest, ended = known.runs[0], [run for run in known.runs if run.ended_at is not None]
    if newest.ended_at is None:
        under_way = _("Under way, begun %(when)s.", when=ago(newest.started_at, at))
        return f"{under_way} {_ended(known, ended[0], at)}" if ended else under_way
    return _ended(known, ended[0], at)


def _ended(known: History, last: Any, at: datetime) -> str:
    when = ago(last.ended_at, at)
    if known.failures:
        return _n(
            "It failed %(when)s: %(why)s.",
            "It failed %(num)d times in a row, last %(when)s: %(why)s.",
            known.failures,
            when=when,
            why=why(last.error),
        )
    if last.done:
        return _n("It went well %(when)s: %(num)d thing done.", "It went well %(when)s: %(num)d things done.", last.done, when=when)
    return _("It went well %(when)s.", when=when)


def why(error: str) -> str:
    """Why a run did not end well, in words."""
    if error == INTERRUPTED:
        return _("its worker ended in the middle, and it was begun again")
    if error in _AWAY:
        return _("the database was out of reach, busy or full")
    return _("an error of the program (%(kind)s) that its log describes", kind=error)
