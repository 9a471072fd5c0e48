"""Units and teams: what there is, making one, changing one, with what the rules say of whoever works there.

They stand here because people know nothing of rules.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee import plans
from trainee.kit import trtext, web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _
from trainee.kit.web import back_to, show
from trainee.people import Team, actions, queries, viewer
from trainee.people.forms import TeamForm, UnitForm
from trainee.people.models import Unit
from trainee.people.queries import Place, TeamOf

bp = web.Blueprint("placing", __name__)
Row = TypeVar("Row", Unit, Team)
# On one page of units.
TEAMS = 100


@bp.get("/people/units")
def units() -> Response:
    """Every unit with its teams, or those that fit what is looked for; so many teams on a page."""
    queries.require_role(viewer(), "hr", "admin")
    words, page = request.args.get("q", "").strip()[:120], max(request.args.get("page", 1, type=int), 1)
    places = queries.places()
    fitting = fit(places, words)
    pages = max(-(-sum(len(place.teams) or 1 for place in fitting) // TEAMS), 1)
    teams = sum(len(place.teams) for place in fitting)
    return show(
        "people/units.html",
        places=part_of(fitting, min(page, pages)),
        some=bool(places),
        q=words,
        searches=bool(words) or pages > 1,
        teams=teams,
        page=min(page, pages),
        pages=pages,
    )


def fit(places: Sequence[Place], words: str) -> list[Place]:
    """Units that are called so, whole, and of others the teams that are or whose leader is."""
    wanted = trtext.fold(words)
    if not wanted:
        return list(places)
    found = []
    for place in places:
        teams = [team for team in place.teams if wanted in trtext.folded(team.name) or wanted in trtext.folded(team.leader or "")]
        if wanted in trtext.folded(place.name):
            found.append(place)
        elif teams:
            found.append(replace(place, teams=teams))
    return found


def part_of(places: Sequence[Place], page: int) -> list[Place]:
    """One page of them; a unit with more teams than fit goes on upon the next."""
    lines: list[tuple[Place, TeamOf | None]] = []
    for place in places:
        lines += [(place, team) for team in place.teams] or [(place, None)]
    shown = groupby(lines[(page - 1) * TEAMS : page * TEAMS], key=lambda line: line[0])
    return [replace(place, teams=[team for _place, team in found if team is not None]) for place, found in shown]


@bp.route("/people/units/new", methods=["GET", "POST"])
def new_unit() -> Response | BaseResponse:
    """Make a unit."""
    queries.require_role(viewer(), "hr", "admin")
    form = UnitForm()
    form.offer(queries.places())
    if form.validate_on_submit():
        try:
            actions.make_unit(form.name.data or "", form.parent_id.data or None)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            return _kept()
    return _form_page(form, _("Add a unit"))


@bp.route("/people/units/<int:unit_id>/edit", methods=["GET", "POST"])
def edit_unit(unit_id: int) -> Response | BaseResponse:
    """Change a unit."""
    queries.require_role(viewer(), "hr", "admin")
    unit = _found(Unit, unit_id)
    form = UnitForm(data={"name": unit.name, "parent_id": unit.parent_id or 0})
    form.offer(queries.places(), but=unit.id)
    if form.validate_on_submit():
        try:
            actions.edit_unit(unit, form.name.data or "", form.parent_id.data or None)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            plans.apply_rules(now())
            return _kept()
    return _form_page(form, _("Change a unit"))


@bp.route("/people/teams/new", methods=["GET", "POST"])
def new_team() -> Response | BaseResponse:
    """Make a team."""
    queries.require_role(viewer(), "hr", "admin")
    places = queries.places()
    if not places:
        raise Refusal(_("A team belongs to a unit, and there is none yet. Please add a unit first."))
    form = TeamForm()
    form.offer(places, queries.supervisors())
    if form.validate_on_submit():
        try:
            team = actions.make_team(form.name.data or "", form.unit_id.data)
            actions.edit_team(team, team.name, team.unit_id, form.supervisor_id.data or None)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            return _kept()
    return _form_page(form, _("Add a team"))


@bp.route("/people/teams/<int:team_id>/edit", methods=["GET", "POST"])
def edit_team(team_id: int) -> Response | BaseResponse:
    """Change a team."""
    queries.require_role(viewer(), "hr", "admin")
    team = _found(Team, team_id)
    form = TeamForm(data={"name": team.name, "unit_id": team.unit_id, "supervisor_id": team.supervisor_id or 0})
    offered = dict(queries.supervisors())
    if team.supervisor_id is not None and team.supervisor_id not in offered:
        # Whoever leads it today stays in the choices, so that saving the form changes nothing that was not touched.
        offered[team.supervisor_id] = queries.name_of(team.supervisor_id)
    form.offer(queries.places(), list(offered.items()))
    if form.validate_on_submit():
        try:
            actions.edit_team(team, form.name.data or "", form.unit_id.data, form.supervisor_id.data or None)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            plans.apply_rules(now())
            return _kept()
    return _form_page(form, _("Change a team"))


def _found(model: type[Row], number: int) -> Row:
    row = db.session.get(model, number)
    if row is None:
        raise NotFound
    return row


def _form_page(form: UnitForm | TeamForm, heading: str) -> Response:
    return show("people/place.html", form=form, heading=heading, is_team=isinstance(form, TeamForm), status=422 if form.is_submitted() else 200)


def _kept() -> BaseResponse:
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("placing.units"))
