"""What is said of us in public, month by month, beside how many people learned something new in that month."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, request, url_for
from sqlalchemy import case, func, select
from werkzeug.wrappers import Response as BaseResponse

from trainee.dashboards.chain import LEAST
from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, date_words, number, percent
from trainee.kit.web import back_to, show, takes
from trainee.modules.progress.models import PartDone
from trainee.people import Person, require_role, viewer
from trainee.service.tables import LARGEST_KB, Taken, uploaded
from trainee.voice.public import actions, queries
from trainee.voice.public.queries import Sum
from trainee.voice.themes import THEMES

bp = web.Blueprint("public", __name__)
READERS = ("supervisor", "hr", "admin", "executive", "trainer")
WRITERS = ("hr", "admin")
FIELDS = (*actions.COLUMNS, "comment")


def learned(months: Sequence[date], time_zone: str) -> tuple[list[int | None], int]:
    """How many people finished something new in each month, and how many are here; None for a month before anybody was entered. Two statements."""
    zone = ZoneInfo(time_zone)
    edges = [datetime.combine(day, time(0), zone) for day in (*months, _next(months[-1]))]
    inside = [(PartDone.first_at >= since) & (PartDone.first_at < until) for since, until in pairwise(edges)]
    counted = [func.count(case((one, PartDone.person_id)).distinct()) for one in inside]
    found = db.session.execute(select(*counted).where(PartDone.first_at >= edges[0])).one()
    here, entered = db.session.execute(select(func.count(case((Person.disabled_at.is_(None), 1))), func.min(Person.created_at))).one()
    # A training record that was brought in may be older than the accounts.
    known = [many or (0 if entered is not None and entered < until else None) for many, until in zip(found, edges[1:], strict=True)]
    return known, here


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _mean(one: Sum | None) -> str:
    return number(one.mean, 1) if one is not None and one.mean is not None else "—"


@bp.get("/customers/public")
def voices() -> Response:
    """The last twelve months, by month, by source and by theme."""
    return _page({}, {})


def _page(given: Mapping[str, str], wrong: Mapping[str, str], taken: Taken | None = None, errors: Sequence[str] = ()) -> Response:
    who = viewer()
    require_role(who, *READERS)
    today = local_date(now(), who.time_zone)
    months = queries.months_until(today)
    every = queries.lines(months[0])
    source = request.args.get("source", "")
    found = [one for one in every if one.source == source] if source in actions.SOURCES else list(every)
    by_month = queries.summed(found, "month")
    people, here = learned(months, who.time_zone)
    most = max((one.n for one in by_month.values()), default=0)
    rows = []
    for month, many in zip(months, people, strict=True):
        one = by_month.get(month)
        share = percent(many / here) if many is not None and here >= LEAST else "—"
        # A month without a line is one that nobody has counted: not one in which nobody said anything.
        words = {"month": date_words(month, "LLL y"), "n": number(one.n) if one else "—", "mean": _mean(one), "learned": share}
        rows.append(words | {"wide": one.n / most if one and most else 0.0, "rated": number(one.rated) if one else "—"})
    return show(
        "public/voices.html",
        rows=rows,
        source=source if source in actions.SOURCES else "",
        sources=actions.SOURCES,
        themes=THEMES,
        by_source=_table(queries.summed(every, "source"), actions.SOURCES),
        by_theme=_table(queries.summed(found, "theme"), THEMES),
        lines=found,
        total=sum(one.n for one in found),
        writes=who.holds(*WRITERS),
        given=dict.fromkeys(FIELDS, "") | {"month": months[-1].isoformat()[:7]} | dict(given),
        wrong={name: [wrong[name]] if name in wrong else [] for name in FIELDS},
        complaints=[*wrong.items(), *(("file", one) for one in errors)],
        taken=taken,
        errors=errors,
        columns=", ".join(FIELDS),
        most=actions.LONGEST,
        status=422 if wrong or errors else 200,
    )


def _table(sums: Mapping[str, Sum], names: Mapping[str, Any]) -> list[list[str]]:
    rows = sorted(sums.items(), key=lambda pair: (-pair[1].n, pair[0]))
    return [[str(names.get(key, key)), number(one.n), _mean(one), number(one.rated)] for key, one in rows]


@bp.post("/customers/public")
def keep() -> Response | BaseResponse:
    """Count a month of one source and theme, in the place of what stood there."""
    who = viewer()
    require_role(who, *WRITERS)
    given = {name: request.form.get(name, "")[:2000] for name in FIELDS}
    try:
        line = actions.line_of(given, local_date(now(), who.time_zone))
    except actions.WrongError as wrong:
        return _page(given, {wrong.field: str(wrong)})
    actions.keep(line, at=now(), by_id=who.id)
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("public.voices"))


@bp.post("/customers/public/file")
@takes(LARGEST_KB)
def take_file() -> Response:
    """Take months from a file; what cannot be read is told by row."""
    who = viewer()
    require_role(who, *WRITERS)
    taken: Taken | None = None
    errors: list[str] = []
    try:
        taken = actions.take(uploaded(), local_date(now(), who.time_zone), at=now(), by_id=who.id)
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        errors = [refusal.message]
    return _page({}, {}, taken, errors)


@bp.post("/customers/public/<int:voice_id>/removal")
def drop(voice_id: int) -> BaseResponse:
    """Take a line out again."""
    who = viewer()
    require_role(who, *WRITERS)
    actions.drop(voice_id, who.id, now())
    db.session.commit()
    flash(_("Taken out."))
    return back_to(url_for("public.voices"))
