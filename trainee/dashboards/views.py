"""Today, My skills, the team, and the page of one person."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from trainee import people, plans, profile, skills
from trainee.coaching import sessions
from trainee.coaching.observations import still_blind
from trainee.coaching.rights import may_observe
from trainee.coaching.sessions.words import STATES
from trainee.dashboards import expecting
from trainee.dashboards import person as one_person
from trainee.dashboards import team as one_team
from trainee.dashboards import today as this_day
from trainee.dashboards.choosing import opens_after
from trainee.dashboards.goal_views import shown as goals_shown
from trainee.dashboards.line import Line, Member, line_of, narrowed, stamp_of, team_stamp_of, with_gap
from trainee.dashboards.line import skills_map as mapped
from trainee.dashboards.missed import team_missed, to_reread
from trainee.dashboards.needs import needs
from trainee.dashboards.person import AskedOn, Picture, asked_on, picture
from trainee.dashboards.queries import team_words
from trainee.dashboards.shared import falls_shown
from trainee.dashboards.standing import level_names, lines, skill_name, standing
from trainee.dashboards.why import signed, why
from trainee.evidence import LINES
from trainee.kit.clock import local_date, now
from trainee.kit.errors import NotFound
from trainee.kit.forms import whole
from trainee.kit.i18n import _n, date_words, language
from trainee.kit.kept import Kept
from trainee.kit.web import Blueprint, back_to, show
from trainee.modules.roleplays.gentle import weary
from trainee.people import Person, Viewer, viewer
from trainee.people.queries import roles_of
from trainee.plans.models import ASSIGNMENT
from trainee.plans.words import ASSIGNED, CERTIFIED
from trainee.profile.policy import ALL
from trainee.profile.words import DIAGNOSES
from trainee.service import goals, model
from trainee.voice.holding import held_in

bp = Blueprint("dashboards", __name__)

# Whole sections of a supervisor's pages, as long as nothing has changed in her line.
_SESSIONS = 5
# So many of the newest pieces of evidence stand on a person's page, and so many on each page of all of them.
_LATELY, _PIECES = 10, 40
# So many gaps of one person stand open; the others are folded away.
_OPEN = 2
_PERSONS: Kept[tuple[int, int, str], Markup] = Kept("dashboards.persons", 300)
_BEHIND: Kept[tuple[int, str], str] = Kept("dashboards.behind", 300)
_DRAWN: Kept[tuple[str, int, str], Markup] = Kept("dashboards.sections", 300)
# What stands inside Team and the skills map, for each set of filters; some hundred kilobytes for fifty people.
_PAGES: Kept[tuple[int | str, ...], Markup] = Kept("dashboards.pages", 100)


@bp.get("/")
def today() -> Response:
    """What to do now, and where one stands."""
    return show("dashboards/today.html", page=this_day.today(viewer(), now()), scale=level_names())


@bp.get("/skills")
def my_skills() -> Response:
    """Every skill that is expected or was shown, with its certainty, and the gaps with what to do."""
    who = viewer()
    seen = picture(who.id, who.roles, now(), who.time_zone, who.team_id)
    if "on" in request.args:
        return _as_known(who.id, seen, None)
    return show("dashboards/my_skills.html", lead=one_person.first_words(seen), tired=weary(seen.work.ends, now()), **_skills(seen))


def _skills(seen: Picture) -> dict[str, Any]:
    return {
        "families": one_person.families(seen),
        "gaps": one_person.gaps_shown(seen),
        "missed": to_reread(seen.missed, seen.offered, seen.work.parts),
        "helps": one_person.helps(seen),
        "scale": level_names(),
    }


@bp.get("/skills/<skill>", endpoint="why")
def my_why(skill: str) -> Response:
    """Why one's own level is what it is."""
    who = viewer()
    return _why(who.id, skill, picture(who.id, who.roles, now(), who.time_zone, who.team_id), None)


def _as_known(person_id: int, seen: Picture, person: Person | None) -> Response:
    """Everybody's skills and lines as they were known on the day asked for; what is wrong with the day is said beside it."""
    on = asked_on(request.args.get("on", ""), viewer().time_zone, now())
    then = _for_reader(one_person.as_known(seen, person_id, on.until), person) if on.until is not None else None
    return show(
        "dashboards/as_known.html",
        person=person,
        on=on,
        families=one_person.families(then) if then is not None else [],
        gaps=one_person.gaps_shown(then) if then is not None else [],
        lines=one_person.four_lines(then) if then is not None else {},
        scale=level_names(),
    )


def _for_reader(seen: Picture, person: Person | None) -> Picture:
    """What of it is told to this viewer: all, unless the page is somebody's whom she does not lead."""
    return seen if person is None or people.leads(viewer(), person.id) else one_person.for_others(seen)


def _why(person_id: int, skill: str, seen: Picture, person: Person | None) -> Response:
    if skill not in seen.levels:
        raise NotFound
    at = now()
    on = asked_on(request.args.get("on", ""), viewer().time_zone, at)
    if on.until is not None:
        seen, at = one_person.as_known(seen, person_id, on.until), on.until
    seen = _for_reader(seen, person)
    line = request.args.get("line", ALL)
    closed = still_blind(viewer(), person_id) if person is not None else {}
    found = why(person_id, skill, seen, at, _page(), line if line in LINES else ALL, on.until, closed)
    known = skills.framework().skill(skill)
    gap = next((gap for gap in seen.gaps if gap.skill == skill), None)
    return show(
        "dashboards/why.html",
        at=at,
        person=person,
        skill=known,
        level=seen.levels[skill],
        standing=standing(seen.levels[skill], seen.targets.get(skill)),
        target=seen.targets.get(skill),
        lines=lines(seen.levels[skill], skill in seen.held),
        gap=one_person.gap_shown(gap, seen) if gap is not None else None,
        chance=one_person.chance(gap) if gap is not None else "",
        missed=to_reread(seen.missed, seen.offered, seen.work.parts, skill),
        found=found,
        scale=level_names(),
        signed=signed,
        may_observe=person is not None and gap is not None and may_observe(viewer(), person.id),
        on=on,
        here=lambda line, page=1: _here(person, skill, line, page, on),
    )


def _here(person: Person | None, skill: str, line: str, page: int, on: AskedOn) -> str:
    kept: dict[str, Any] = {"skill": skill, "page": page if page > 1 else None, "line": line if line != ALL else None}
    if on.until is not None:
        kept["on"] = on.typed
    if person is not None:
        return url_for("dashboards.why_of", person_id=person.id, _anchor="evidence", **kept)
    return url_for("dashboards.why", _anchor="evidence", **kept)


def _page() -> int:
    return whole(request.args.get("page"), 999_999, 1)


@bp.get("/team")
def team() -> Response:
    """A supervisor's line: who needs her, and why."""
    return _of_line("dashboards/team.html", "dashboards/_team.html", ("q", "show"), _team, _goals)


@bp.get("/team/skills")
def skills_map() -> Response:
    """Who of a supervisor's line is good at what."""
    return _of_line("dashboards/skills_map.html", "dashboards/_skills_map.html", ("q", "skill", "family", "quality", "gap"), _skills_map)


@bp.get("/team/months")
def months() -> Response:
    """How the teams of a supervisor's line came along."""
    who, at = viewer(), now()
    people.require_role(who, "supervisor")
    line = line_of(who, at)
    drawn = _DRAWN.one(("courses", who.id, language()), line.stamp, lambda: _courses_drawn(line.teams(), at))
    return show("dashboards/months.html", drawn=drawn)


def _of_line(
    page: str,
    inside: str,
    filters: Sequence[str],
    found: Callable[[Line, dict[str, str], datetime], dict[str, Any]],
    below: Callable[[Line, datetime], Markup] | None = None,
) -> Response:
    """A page about the viewer's line. Its inside is drawn anew when something in the line has changed, or other filters are asked for."""
    who = viewer()
    people.require_role(who, "supervisor")
    at = now()
    line = line_of(who, at)
    asked = {name: request.args.get(name, "")[:100].strip() for name in filters}

    def draw() -> Markup:
        return Markup(render_template(inside, everybody=len(line.members), **found(line, asked, at)))  # noqa: S704

    drawn = _PAGES.one((who.id, language(), inside, _page(), *asked.values()), line.stamp, draw)
    return show(page, drawn=drawn, below=below(line, at) if below is not None else "")


def _team(line: Line, asked: dict[str, str], at: datetime) -> dict[str, Any]:
    who = viewer()
    shown = _pages(narrowed(line.members, asked["q"], asked["show"]), "dashboards.team", asked)
    members = shown.pop("shown")
    return {
        "own": [one for one in members if one.id in line.own],
        "further": [one for one in members if one.id not in line.own],
        "unfolded": one_team.UNFOLDED,
        "needing": line.needing,
        "falls": _DRAWN.one(("falls", who.id, language()), line.stamp, lambda: _falls_drawn(line.teams())) if line.members else "",
        "missed": _DRAWN.one(("missed", who.id, language()), line.stamp, lambda: _missed_drawn(line.names, at)) if line.members else "",
        "kinds": [(kind.key, kind.badge) for kind in sorted(needs, key=lambda kind: kind.order)],
        "words": asked["q"],
        "wanted": asked["show"],
        **shown,
    }


def _goals(line: Line, at: datetime) -> Markup:
    """What her teams want to reach, and what they share with others; drawn anew when a goal or something in the line has changed."""
    teams = sorted(line.teams())

    def draw() -> Markup:
        shown = goals_shown(goals.goals_of(teams), at)
        return Markup(render_template("goals/_of_teams.html", goals=shown))  # noqa: S704

    # From where on a figure is good is said by the service model: another version draws anew, too.
    version = model.current()
    return _DRAWN.one((f"goals {goals.stamp()} {version.number if version else 0}", viewer().id, language()), line.stamp, draw)


def _missed_drawn(names: dict[int, str], at: datetime) -> Markup:
    # A template escapes what it is given.
    return Markup(render_template("dashboards/_team_missed.html", missed=team_missed(names, plans.training(), at)))  # noqa: S704


def _falls_drawn(teams: dict[int, str]) -> Markup:
    return Markup(render_template("dashboards/_falls.html", falls=falls_shown(teams)))  # noqa: S704


def _skills_map(line: Line, asked: dict[str, str], at: datetime) -> dict[str, Any]:
    book, lang = skills.framework(), language()
    found = narrowed(line.members, asked["q"], "")
    if asked["gap"]:
        found = with_gap(found, asked["gap"], asked["skill"])
    shown = _pages(found, "dashboards.skills_map", asked)
    return {
        "map": mapped(shown.pop("shown"), line.own, asked["skill"], asked["family"], asked["quality"]),
        "skills": [(one.key, one.name.of(lang)) for one in book.skills],
        "families": [(one.key, one.name.of(lang)) for one in book.families],
        "qualities": [(one.key, one.name.of(lang)) for one in book.qualities.values()],
        "gaps": [(key, str(words)) for key, words in DIAGNOSES.items()],
        "words": asked["q"],
        "skill": asked["skill"],
        "family": asked["family"],
        "quality": asked["quality"],
        "gap": asked["gap"],
        "scale": level_names(),
        **shown,
    }


def _courses_drawn(teams: dict[int, str], at: datetime) -> Markup:
    return Markup(render_template("dashboards/_courses.html", courses=one_team.courses(teams, at), scale=level_names()))  # noqa: S704


def _pages(found: list[Member], endpoint: str, filters: dict[str, str]) -> dict[str, Any]:
    """One page of these people, and what the template needs to lead to the others."""
    pages = max(1, -(-len(found) // one_team.PAGE))
    page = min(max(_page(), 1), pages)
    kept: dict[str, Any] = {name: value for name, value in filters.items() if value}
    return {
        "shown": found[(page - 1) * one_team.PAGE : page * one_team.PAGE],
        "total": _n("%(num)d person", "%(num)d people", len(found)),
        "page": page,
        "pages": pages,
        "before": url_for(endpoint, page=page - 1, **kept) if page > 1 else None,
        "after": url_for(endpoint, page=page + 1, **kept) if page < pages else None,
    }


@bp.get("/people/<int:person_id>")
def person(person_id: int) -> Response | BaseResponse:
    """One person, for those who look after her."""
    who = viewer()
    if person_id == who.id:
        return back_to(url_for("dashboards.my_skills"))
    found = people.person_or_404(person_id, who)
    at = now()
    if "on" in request.args:
        return _as_known(found.id, picture(found.id, roles_of(found.id), at, found.time_zone, found.team_id), found)
    stamp = stamp_of(found.id, at, local_date(at, found.time_zone))
    leads = people.leads(who, found.id)
    behind = _behind(found.id, stamp, at) if leads else ""
    # What she may see of it changes with her roles and lines, and how moments read with her zone.
    closed = still_blind(who, found.id)
    seen_by = (stamp, found.photo_digest, who.roles, who.time_zone, leads, behind, tuple(sorted(closed.items())))
    drawn = _PERSONS.one((found.id, who.id, language()), seen_by, lambda: _person_drawn(found, who, leads, behind, closed, at))
    return show("dashboards/person.html", person=found, drawn=drawn, at=at)


def _behind(person_id: int, stamp: Hashable, at: datetime) -> str:
    # It rests on what colleagues show as well, and most of what they do changes nothing in it.
    return _BEHIND.one((person_id, language()), (stamp, team_stamp_of(person_id)), lambda: one_person.behind_team(person_id, at))


def _person_drawn(found: Person, who: Viewer, leads: bool, behind: str, closed: Mapping[int, int], at: datetime) -> Markup:
    seen, day = picture(found.id, roles_of(found.id), at, found.time_zone, found.team_id), local_date(at, found.time_zone)
    seen = one_person.with_tried(seen, found.id, day) if leads else one_person.for_others(seen)
    known = {(found.id, key): parts for key, parts in seen.work.parts.items()}, seen.offered.versions
    given = plans.with_progress(plans.assignments_of([found.id]), *known)
    ended = plans.listed(ASSIGNMENT.c.person_id == found.id, day, "ended", most=_SESSIONS, known=known)
    certificates, observes, shown = plans.certificates_of(found.id), may_observe(who, found.id), _skills(seen)
    words = render_template(
        "dashboards/_person.html",
        person=found,
        team=team_words(found),
        supervisors=[row.name for row in people.supervisors_of(found.id)],
        lead=one_person.first_words(seen),
        lines=one_person.four_lines(seen),
        behind=behind,
        expected=expecting.standing_now(seen.expected, seen.levels, found.time_zone),
        assignments=[_assignment(one, day) for one in plans.in_order(given)],
        ended=[_ended(one) for one in ended],
        certificates=[
            (row, plans.title_of(row), plans.state_of(row.valid_until, row.withdrawn_at is not None, row.window_days, day)) for row in certificates
        ],
        certified=CERTIFIED,
        done=[(one.name, date_words(one.progress.completed_at)) for one in given if one.progress.completed_at is not None],
        # What is said in a session stays between the two and those who lead them.
        leads=leads,
        sessions=sessions.of_person(found.id, at, limit=_SESSIONS) if leads else [],
        states=STATES,
        skill_name=skill_name,
        timeline=one_person.timeline(found.id, seen.offered, closed, _LATELY, held=seen.held),
        older=_LATELY,
        may_open_account=who.holds("hr", "admin"),
        may_observe=observes,
        opened=_OPEN,
        asks=one_person.asks_besides(seen, shown["gaps"][:_OPEN]) if observes else [],
        **shown,
    )
    return Markup(words)  # noqa: S704


def _assignment(one: plans.Open, day: date) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.name,
        "why": one.why,
        "done": one.progress.done,
        "total": one.progress.total,
        "steps": [_step_of(one, step) for step in one.steps],
        "due": this_day.due_words(one.due_on, day) if one.due_on else "",
        "tone": this_day.due_tone(one.due_on, day) if one.due_on else "",
    }


def _ended(one: plans.Listed) -> dict[str, str]:
    """What is no longer asked: how it ended, why and when."""
    return {
        "title": one.open.name,
        "how": str(ASSIGNED[one.state][0]),
        "why": one.ended_why,
        "when": date_words(one.ended_at) if one.ended_at else "",
    }


def _step_of(one: plans.Open, step: plans.Step) -> dict[str, str]:
    url = url_for("plans.open_early", person_id=one.person_id, path_id=one.id, module_key=step.module.key)
    return {
        "title": step.module.title.of(language()),
        "state": step.state,
        "note": opens_after(step),
        "open_url": url if step.state == "locked" else "",
    }


@bp.get("/people/<int:person_id>/skills/<skill>")
def why_of(person_id: int, skill: str) -> Response | BaseResponse:
    """Why somebody's level is what it is, for those who look after her."""
    who = viewer()
    if person_id == who.id:
        return back_to(url_for("dashboards.why", skill=skill))
    found = people.person_or_404(person_id, who)
    return _why(found.id, skill, picture(found.id, roles_of(found.id), now(), found.time_zone, found.team_id), found)


@bp.get("/people/<int:person_id>/timeline")
def timeline_of(person_id: int) -> Response | BaseResponse:
    """Everything somebody has shown, the newest first, for those who look after her."""
    who, page = viewer(), _page()
    if person_id == who.id:
        return back_to(url_for("dashboards.my_skills"))
    found = people.person_or_404(person_id, who)
    held = frozenset[str]() if people.leads(who, found.id) else held_in(profile.levels(found.id, now()))
    rows = one_person.timeline(found.id, plans.training(), still_blind(who, found.id), _PIECES + 1, _PIECES * (page - 1), held)
    return show(
        "dashboards/timeline.html",
        person=found,
        pieces=rows[:_PIECES],
        page=page,
        before=url_for("dashboards.timeline_of", person_id=found.id, page=page - 1) if page > 1 else None,
        after=url_for("dashboards.timeline_of", person_id=found.id, page=page + 1) if len(rows) > _PIECES else None,
    )
