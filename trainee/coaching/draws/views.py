"""Pages of draws: making one, looking at it, replacing a contact."""

import secrets
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Response, flash, g, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching.draws import actions, pools, queries
from trainee.coaching.draws.forms import KIND_NAMES, DrawForm, ReplacementForm
from trainee.coaching.draws.models import ContactDraw
from trainee.coaching.rights import may_observe, person_to_observe
from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _
from trainee.kit.web import back_to, show
from trainee.people import Person, names, person_or_404, viewer
from trainee.service.roster import shifts

bp = web.Blueprint("draws", __name__)


@bp.get("/people/<int:person_id>/draws")
def draws(person_id: int) -> Response:
    """The draws of somebody's contacts, and a new one for who may observe her. The person herself reads them too."""
    who = viewer()
    may = may_observe(who, person_id)
    person = person_to_observe(person_id, who) if may else person_or_404(person_id, who)
    form = DrawForm(formdata=None)
    form.receipt.data = secrets.token_hex(16)
    today = local_date(now(), who.time_zone)
    form.first.data, form.last.data = today - timedelta(days=7), today
    return _show_draws(person, form, may)


def _show_draws(person: Person, form: DrawForm, may: bool, status: int = 200) -> Response:
    rows = queries.draws_of(person.id, viewer())
    mine = person.id == viewer().id
    if mine:
        g.area = "people.me"
    return show("draws/draws.html", status=status, person=person, rows=rows, form=form, may=may, mine=mine, kind_names=KIND_NAMES)


@bp.post("/people/<int:person_id>/draws")
def draw(person_id: int) -> Response | BaseResponse:
    """Let chance choose."""
    person = person_to_observe(person_id, viewer())
    form = DrawForm()
    if form.validate_on_submit():
        try:
            made = actions.draw(
                person_id=person_id,
                drawn_by_id=viewer().id,
                kind=form.kind.data,
                pool=_pool(form, person),
                # Made now, when nothing can be chosen any more.
                seed=secrets.token_hex(16),
                wanted=form.wanted.data or 1,
                receipt=form.receipt.data or "",
                at=now(),
            )
        except Refusal as refusal:
            beside(form, refusal)
        else:
            db.session.commit()
            return back_to(url_for("draws.drawn", draw_id=made))
    return _show_draws(person, form, True, 422)


def _pool(form: DrawForm, person: Person) -> list[str]:
    if form.kind.data == "references":
        return pools.references(form.references.data or "")
    if form.first.data is None or form.last.data is None:
        raise Refusal(_("Please choose the days."), 422, "last")
    if form.kind.data == "hours":
        begins, ends = (field.data if field.data is not None else -1 for field in (form.begins, form.ends))
        return pools.hours(form.first.data, form.last.data, begins, ends, form.weekends.data)
    if not form.first.data <= form.last.data <= form.first.data + timedelta(days=pools.LONGEST_PERIOD):
        raise Refusal(_("The last day comes after the first, and at most two months later."), 422, "last")
    zone = ZoneInfo(person.time_zone)
    since, until = (datetime.combine(day, time(0), zone) for day in (form.first.data, form.last.data + timedelta(days=1)))
    mine = [(max(one.starts_at, since), min(one.ends_at, until)) for one in shifts(since, until) if one.person_id == person.id]
    return pools.shift_hours(mine, person.time_zone)


@bp.get("/draws/<int:draw_id>")
def drawn(draw_id: int) -> Response:
    """One draw: what came out, what was replaced and why, and whether drawing again gives the same."""
    return _show_drawn(queries.draw_or_404(draw_id, viewer()), ReplacementForm(formdata=None), None)


def _show_drawn(found: ContactDraw, form: ReplacementForm, wrong: int | None, status: int = 200) -> Response:
    picks = queries.picks_of(found.id)
    if found.person_id == viewer().id:
        g.area = "people.me"
    called = names({found.person_id, found.drawn_by_id, *(one.replaced_by_id for one in picks if one.replaced_by_id)})
    return show(
        "draws/drawn.html",
        status=status,
        draw=found,
        picks=picks,
        names=called,
        same=queries.replayed(found, picks),
        mine=found.drawn_by_id == viewer().id,
        own=found.person_id == viewer().id,
        kind=KIND_NAMES[found.kind],
        form=form,
        wrong=wrong,
    )


@bp.post("/draws/<int:draw_id>/picks/<int:pick_id>/replacement")
def replace(draw_id: int, pick_id: int) -> Response | BaseResponse:
    """One contact cannot be observed: say why, and take the next."""
    found = queries.draw_or_404(draw_id, viewer())
    if found.drawn_by_id != viewer().id:
        raise Forbidden(_("Only who drew replaces a contact."))
    if pick_id not in {one.id for one in queries.picks_of(draw_id)}:
        raise NotFound
    form = ReplacementForm()
    if not form.validate_on_submit():
        return _show_drawn(found, form, pick_id, 422)
    actions.replace(found, pick_id, form.reason.data or "", viewer().id, now())
    db.session.commit()
    flash(_("Replaced. The reason stays visible."))
    return back_to(url_for("draws.drawn", draw_id=draw_id))
