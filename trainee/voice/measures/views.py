"""The pages of the measures, of what comments are about, and of customers who felt that nobody cared."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, flash, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _, date_words, number, percent
from trainee.kit.web import back_to, show
from trainee.people import Team, Viewer, names, require_role, viewer
from trainee.service import model
from trainee.service.board.figures import read_as
from trainee.voice import actions, arithmetic
from trainee.voice.arithmetic import Figure
from trainee.voice.measures import queries, story
from trainee.voice.measures.forms import TargetForm, ThemesForm
from trainee.voice.measures.measure import EASY, MEASURES, Measure, change_words, shown, standing
from trainee.voice.measures.queries import COMPARED, MONTH, MONTHS, WINDOW, Course, Theme
from trainee.voice.queries import LEAST
from trainee.voice.survey import QUESTIONS
from trainee.voice.themes import THEMES

bp = web.Blueprint("measures", __name__)

READERS = ("supervisor", "hr", "admin", "executive", "trainer")


def _measure_or_404(key: str) -> Measure:
    if key not in MEASURES:
        raise NotFound
    return MEASURES[key]


def _own_teams(who: Viewer) -> list[int]:
    return list(db.session.scalars(select(Team.id).where(Team.supervisor_id == who.id).order_by(Team.id)))


@bp.get("/customers")
def measures() -> Response:
    """One measure of one team or of everybody: now, before, history, beside sister teams and its target.

    Unless a team or everybody is asked for it is of the viewer's first team that was answered about lately, else of everybody.
    """
    who = viewer()
    require_role(who, *READERS)
    key = request.args.get("measure", "csat")
    asked, teams = request.args.get("team", type=int), queries.team_names()
    own = [] if "team" in request.args else _own_teams(who)
    return _measures(key if key in MEASURES else "csat", asked if asked in teams else None, teams, None, own)


def _measures(key: str, team_id: int | None, teams: dict[int, str], form: TargetForm | None, own: Sequence[int] = ()) -> Response:
    who, measure, at = viewer(), MEASURES[key], now()
    everybody, by_team = queries.courses(key, at)
    if own:
        team_id = next((one for one in own if one in by_team and by_team[one].now.n), None)
    course = by_team.get(team_id, Course(key, [], [], [])) if team_id is not None else everybody
    targets = queries.targets()
    target, stated = queries.target_of(targets, key, team_id), targets.get((key, team_id))
    form = form or TargetForm(formdata=None, value=stated)
    cards, themes = queries.cards_of(key, team_id), queries.themes(at, None if team_id is None else [team_id])
    spread = arithmetic.spread(key, [one.counts for one in by_team.values()]) if team_id is None else None
    words, again = change_words(key, measure, course.change), story.risen(key, measure, course, at)
    return show(
        "measures/measures.html",
        key=key,
        measure=measure,
        measures=MEASURES,
        teams=teams,
        team_id=team_id,
        figure=shown(key, measure, course.now),
        before=shown(key, measure, course.before),
        change=_("As of %(day)s: %(words)s", day=date_words(queries.looked_on(at)), words=f"{words} {again}".strip()),
        tone={"falls": "warn", "lower": "warn", "higher": "good"}.get(course.change.kind, "good" if again else "info"),
        points=_points(key, measure, course.history if course.months else [], at),
        classes=arithmetic.classes(course.counts) if key == "nps" and course.now.n >= course.least() else None,
        target=target,
        target_words=measure.say(key, target) if target is not None else "",
        inherited=target is not None and stated is None,
        beside=_beside(key, measure, by_team, teams, targets) if len(by_team) > 1 else [],
        themes=themes,
        grown=_grown(themes, at),
        events=story.events(key, measure, course, team_id, at),
        cards=cards,
        read_as=read_as,
        marks=story.marks(cards, at),
        source=queries.source_of(key, team_id),
        spread=spread and {"n": spread.n, "between": measure.way(key, spread.between), "chance": measure.way(key, spread.chance)},
        good=_good(key, course),
        easy=_easy(course, at) if key == "ces" else None,
        may_bring=who.holds("supervisor", "hr", "admin", "trainer"),
        theme_names=THEMES,
        may_set=_may_set(who, team_id),
        form=form,
        status=422 if form.value.errors else 200,
        least=course.least(),
        compared=COMPARED,
        reads_comments=who.holds("supervisor", "hr"),
    )


def _points(key: str, measure: Measure, history: Sequence[Figure], at: datetime) -> list[dict[str, Any]]:
    """Each three months of the history: where its dot and its interval lie (0 at the bottom, 1 at the top), and in words."""
    span = measure.high - measure.low
    points = []
    for number_, found in enumerate(history):
        ends = at - (MONTHS - WINDOW - number_) * MONTH
        enough = found.n >= LEAST and found.value is not None
        points.append(
            {
                "label": date_words(ends, "d MMM y"),
                "at": ((found.value or 0) - measure.low) / span if enough else None,
                "low": max((found.low - measure.low) / span, 0.0) if enough else None,
                "high": min((found.high - measure.low) / span, 1.0) if enough else None,
                "words": shown(key, measure, found),
            }
        )
    return points


def _beside(
    key: str, measure: Measure, by_team: dict[int, Course], teams: dict[int, str], targets: dict[tuple[str, int | None], float]
) -> list[dict[str, Any]]:
    """Each team by name: nobody is ranked, and two whose intervals overlap are not told apart."""
    rows = []
    for team_id, name in teams.items():
        course = by_team.get(team_id)
        if course is None or not course.counts:
            continue
        found, target = course.now, queries.target_of(targets, key, team_id)
        standing = ""
        if target is not None and found.n >= COMPARED and found.value is not None:
            standing = "above" if found.low > target else ("below" if found.high < target else "open")
        kind = course.change.kind
        rows.append(
            {
                "id": team_id,
                "name": name,
                "figure": shown(key, measure, found),
                "enough": found.n >= COMPARED and found.value is not None,
                "standing": standing,
                "change": kind,
            }
        )
    return rows


def _good(key: str, course: Course) -> dict[str, Any] | None:
    """From where on the company calls a customer satisfied by this measure: its place in the picture, in words, and whether it is reached."""
    good = model.good_from(key)
    if good is None:
        return None
    measure = EASY if key == "ces" else MEASURES[key]
    found = course.share(QUESTIONS["easy"].good) if key == "ces" else course.now
    at = (good - measure.low) / (measure.high - measure.low)
    return {"at": at, "words": measure.say("csat" if key == "ces" else key, good), "standing": standing(found, good)}


def _easy(course: Course, at: datetime) -> dict[str, Any]:
    """The share of those who found it easy, now and in time: the mean alone hides how many it was hard for."""
    answer = QUESTIONS["easy"].good
    history = course.shares(answer) if course.months else []
    return {"figure": shown("csat", EASY, course.share(answer)), "points": _points("csat", EASY, history, at), "ends": (percent(0), percent(1))}


def _grown(themes: Sequence[Theme], at: datetime) -> list[dict[str, Any]]:
    """Themes whose share surely grew, by the three months in which it did, the newest first."""
    found = []
    for place in range(len(themes[0].counts) - 1 if themes else 0, 0, -1):
        ends = at - (len(themes[0].counts) - 1 - place) * WINDOW * MONTH
        for one in themes:
            growth = one.growth(place)
            # That more is said of nothing in particular is no theme.
            if growth is not None and one.key != "other":
                before, after = growth
                found.append({"until": ends, "key": one.key, "before": before, "after": after, "now": place == len(one.counts) - 1})
    return found


def _may_set(who: Viewer, team_id: int | None) -> bool:
    """HR states targets for everybody; whoever leads a team states its own."""
    if who.holds("hr"):
        return True
    return team_id is not None and db.session.execute(select(Team.id).where(Team.id == team_id, Team.supervisor_id == who.id)).first() is not None


@bp.post("/customers/<measure>/target")
def target(measure: str) -> Response | BaseResponse:
    """State what a measure should reach."""
    who = viewer()
    require_role(who, "supervisor", "hr")
    found = _measure_or_404(measure)
    team_id = request.form.get("team", type=int)
    if team_id is not None and team_id not in queries.team_names():
        raise NotFound
    if not _may_set(who, team_id):
        raise Forbidden(_("Whoever leads the team, or HR, states its target."))
    form = TargetForm()
    value = form.value.data
    valid = form.validate_on_submit()
    if valid and value is not None and not found.low <= value <= found.high:
        form.value.errors = [_("The target lies between %(low)s and %(high)s.", low=number(found.low), high=number(found.high))]
    if not valid or form.value.errors:
        return _measures(measure, team_id, queries.team_names(), form)
    actions.set_target(measure, team_id, value, who.id, now())
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("measures.measures", measure=measure, team=team_id or 0))


@bp.get("/customers/comments")
def comments() -> Response:
    """What customers wrote, with what it is about."""
    who = viewer()
    require_role(who, "supervisor", "hr")
    teams = queries.team_names()
    team = request.args.get("team", type=int)
    team_id = team if team in teams else None
    theme = request.args.get("theme", "")
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    rows, total = queries.comments_for(who, team_id, theme, page)
    return show(
        "measures/comments.html",
        comments=rows,
        coded=queries.themes_of([row.id for row in rows]),
        names=names({row.person_id for row in rows if row.person_id is not None}),
        total=total,
        page=page,
        pages=max((total + queries.PAGE - 1) // queries.PAGE, 1),
        themes=THEMES,
        theme=theme,
        teams=teams,
        team_id=team_id,
        questions=QUESTIONS,
    )


@bp.post("/customers/comments/<int:rating_id>/themes")
def code(rating_id: int) -> BaseResponse:
    """Say what a comment is about, having read it."""
    who = viewer()
    require_role(who, "supervisor", "hr")
    if not queries.may_read_comment(who, rating_id):
        raise NotFound
    form = ThemesForm()
    if form.validate_on_submit():
        actions.code_themes(rating_id, list(form.themes.data or ()), who.id, now())
        db.session.commit()
        flash(_("Saved."))
    return back_to(url_for("measures.comments"))
