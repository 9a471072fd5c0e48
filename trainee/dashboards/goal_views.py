"""The pages of what teams want to reach together."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Response, flash, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from trainee.dashboards import goals as figures
from trainee.dashboards.chain import Figure
from trainee.dashboards.chain_views import between, good_words, told
from trainee.dashboards.goals import MEASURES
from trainee.dashboards.queries import all_teams
from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.i18n import _, _l, language
from trainee.kit.web import back_to, show
from trainee.people import Person, Viewer, below, require_role, viewer
from trainee.service import goals
from trainee.service.fields import Field, choice, drawn, read
from trainee.service.goals import Listed

bp = web.Blueprint("goals", __name__)
# Who sets goals for everybody; whoever leads sets them for her teams.
SETTERS = ("hr", "admin")
READERS = ("hr", "admin", "executive", "trainer")
STATES = {
    "reached": (_l("reached"), "good"),
    "on": (_l("on the way"), "accent"),
    "chance": (_l("nearer, but that may be chance"), "quiet"),
    "off": (_l("not nearer yet"), "quiet"),
    "few": (_l("too few to tell"), "quiet"),
}


def _measures() -> list[tuple[str, Any]]:
    return [(key, one.title) for key, one in MEASURES.items()]


FIELDS = (
    Field("title", _l("What we want to reach"), "line"),
    Field("why", _l("Why it matters to customers")),
    choice("measure", _l("By what figure we see it"), _measures),
    Field("target", _l("The figure to reach"), "line", both=False, hint=_l("For instance 85, or 2.8 for a level.")),
    Field("due_on", _l("Until when"), "date", both=False),
)


def teams_of(who: Viewer) -> set[int] | None:
    """The teams whose own goals she reads: hers, those of her line; None for all."""
    return None if who.holds(*READERS) else _hers(who)


def _hers(who: Viewer) -> set[int]:
    """Her own team, and those of her line."""
    mine = select(Person.team_id).where(Person.id == who.id, Person.team_id.is_not(None))
    rows: set[int] = {team_id for team_id in db.session.scalars(mine) if team_id is not None}
    if who.holds("supervisor"):
        line = select(Person.team_id).where(Person.id.in_(below(who.id))).distinct()
        rows |= {team_id for team_id in db.session.scalars(line) if team_id is not None}
        rows |= {team_id for team_id, _name in all_teams(who.id)}
    return rows


@bp.get("/goals")
def all_goals() -> Response:
    """What everybody, several teams, or one's own team want to reach, and how far it has come."""
    who, at = viewer(), now()
    mine = teams_of(who)
    found, ended = goals.goals_of(mine), goals.goals_of(mine, closed=True)
    return show("goals/goals.html", goals=shown(found, at), ended=[_ended(one) for one in ended], sets=who.holds("supervisor", *SETTERS))


def shown(found: Sequence[Listed], at: datetime) -> list[dict[str, Any]]:
    """Goals in the reader's words, with the figures of today."""
    today = figures.figures_now(found, at)
    return [_shown(one, today.get(one.goal.id)) for one in found]


def _shown(one: Listed, figure: Figure | None) -> dict[str, Any]:
    begin, measure = Figure(**one.goal.begin), MEASURES.get(one.goal.measure)
    figure = figure or Figure(begin.kind, None, 0)
    state = figures.state(one.goal.target, begin, figure)
    return {
        "id": one.goal.id,
        "title": one.goal.words["title"][language()],
        "why": one.goal.words["why"][language()],
        "whose": ", ".join(one.teams.values()) or str(_("All teams")),
        "shared": one.shared,
        "measure": str(measure.title) if measure is not None else one.goal.measure,
        "span": str(measure.what) if measure is not None else "",
        "begin": told(begin),
        "n_begin": begin.n,
        "now": told(figure),
        "n": figure.n,
        "between": between(figure),
        "target": told(Figure(begin.kind, one.goal.target, 0)),
        "due_on": one.goal.due_on,
        "way": figures.way_done(one.goal.target, begin, figure),
        "good": good_words(measure.by, figure) if measure is not None and measure.by else "",
        "state": (str(STATES[state][0]), STATES[state][1]),
    }


def _ended(one: Listed) -> dict[str, Any]:
    begin, end = Figure(**one.goal.begin), Figure(**one.goal.end)
    words = _("%(begin)s → %(end)s, aim %(target)s", begin=told(begin), end=told(end), target=told(Figure(begin.kind, one.goal.target, 0)))
    return {"title": one.goal.words["title"][language()], "outcome": one.goal.outcome, "figures": str(words), "closed_at": one.goal.closed_at}


def _may_choose(who: Viewer) -> list[tuple[int, str]]:
    """The teams for which she may set a goal."""
    if who.holds(*SETTERS):
        return all_teams()
    mine = _hers(who)
    return [one for one in all_teams() if one[0] in mine]


@bp.route("/goals/new", methods=["GET", "POST"])
def new_goal() -> Response | BaseResponse:
    """Set a goal for a team, for several, or for everybody."""
    who = viewer()
    require_role(who, "supervisor", *SETTERS)
    offered = _may_choose(who)
    if request.method == "GET":
        return _form({}, {}, offered, set())
    values, wrong = read(FIELDS, request.form)
    chosen = {team_id for team_id, _name in offered if str(team_id) in request.form.getlist("teams")}
    if not chosen and not who.holds(*SETTERS):
        wrong["teams"] = _("Please choose at least one team.")
    target = _target(values, wrong)
    if not wrong and target is not None:
        try:
            made = _set(values, target, chosen)
        except Refusal as refusal:
            db.session.rollback()
            wrong = {refusal.code: refusal.message}
        else:
            db.session.commit()
            flash(_("The goal is set."))
            return back_to(url_for("goals.goal", goal_id=made))
    return _form(values, wrong, offered, chosen)


def _target(values: Mapping[str, Any], wrong: dict[str, str]) -> float | None:
    """The target that was typed, in the scale of its figure; None after saying what is wrong with it."""
    measure = MEASURES.get(str(values["measure"]))
    if measure is None or "target" in wrong:
        return None
    try:
        typed = float(str(values["target"]).replace(",", "."))
    except ValueError:
        typed = float("nan")
    if not measure.least <= typed <= measure.most:
        wrong["target"] = _("Please write a number between %(least)s and %(most)s.", least=f"{measure.least:g}", most=f"{measure.most:g}")
        return None
    return figures.scaled(measure, typed)


def _set(values: Mapping[str, Any], target: float, chosen: set[int]) -> int:
    at, measure = now(), MEASURES[values["measure"]]
    begin = figures.figure_of(measure, measure.sums(at), chosen)
    if begin.value is not None and target <= begin.value:
        raise Refusal(_("It stands at %(now)s already. Please choose something still to be reached.", now=told(begin)), 422, "target")
    return goals.open_goal(
        {"title": values["title"], "why": values["why"]},
        measure=measure.key,
        target=target,
        due_on=date.fromisoformat(values["due_on"]),
        teams=chosen,
        begin=figures.plain(begin),
        today=local_date(at, viewer().time_zone),
        receipt=request.form.get("receipt", "")[:64] or secrets.token_hex(16),
        at=at,
        by_id=viewer().id,
    )


def _form(values: Mapping[str, Any], wrong: Mapping[str, str], offered: Sequence[tuple[int, str]], chosen: set[int]) -> Response:
    return show(
        "goals/new.html",
        inputs=drawn(FIELDS, values, wrong),
        wrong=list(wrong.items()),
        teams=[(str(team_id), name) for team_id, name in offered],
        chosen=[str(team_id) for team_id in chosen],
        for_all=viewer().holds(*SETTERS),
        receipt=request.form.get("receipt", "") or secrets.token_hex(16),
        status=422 if wrong else 200,
    )


def _may_close(who: Viewer, one: Listed) -> bool:
    return who.holds(*SETTERS) or one.goal.by_id == who.id


@bp.get("/goals/<int:goal_id>")
def goal(goal_id: int) -> Response:
    """One goal."""
    who = viewer()
    found = goals.goal_or_404(goal_id, teams_of(who))
    return _goal(found)


def _goal(found: Listed, wrong: str = "") -> Response:
    closes = _may_close(viewer(), found) and found.goal.closed_at is None
    ended = _ended(found) if found.goal.closed_at is not None else None
    one = shown([found], now())[0]
    return show("goals/goal.html", one=one, ended=ended, closes=closes, wrong=wrong, status=422 if wrong else 200)


@bp.post("/goals/<int:goal_id>/closure")
def close_goal(goal_id: int) -> Response | BaseResponse:
    """Close a goal, with what came of it."""
    who, at = viewer(), now()
    found = goals.goal_or_404(goal_id, teams_of(who))
    if not _may_close(who, found):
        raise Forbidden(_("Whoever set a goal closes it, or HR."))
    end = figures.figures_now([found], at).get(goal_id)
    if end is None:
        raise NotFound
    try:
        goals.close(found.goal, outcome=request.form.get("outcome", ""), end=figures.plain(end), at=at, by_id=who.id)
    except Refusal as refusal:
        db.session.rollback()
        return _goal(goals.goal_or_404(goal_id, teams_of(who)), refusal.message)
    db.session.commit()
    flash(_("The goal is closed."))
    return back_to(url_for("goals.goal", goal_id=goal_id))
