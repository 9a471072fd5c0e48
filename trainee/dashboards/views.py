"""Today, My skills, the team, and the page of one person."""

from collections.abc import Hashable
from datetime import date, datetime
from typing import Any

from flask import Response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from trainee import people, plans, skills
from trainee.coaching import sessions
from trainee.coaching.rights import may_observe
from trainee.coaching.sessions.words import STATES
from trainee.dashboards import person as one_person
from trainee.dashboards import team as one_team
from trainee.dashboards import today as this_day
from trainee.dashboards.choosing import CERTIFIED, opens_after
from trainee.dashboards.line import Member, line_of, narrowed, stamp_of, team_stamp_of, with_gap
from trainee.dashboards.line import skills_map as mapped
from trainee.dashboards.missed import team_missed, to_reread
from trainee.dashboards.needs import needs
from trainee.dashboards.person import AskedOn, Picture, asked_on, picture
from trainee.dashboards.queries import team_words
from trainee.dashboards.standing import level_names, lines, skill_name, standing
from trainee.dashboards.why import signed, why
from trainee.evidence import LINES
from trainee.kit.clock import local_date, now
from trainee.kit.errors import NotFound
from trainee.kit.i18n import _n, date_words, language
from trainee.kit.kept import Kept
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import Person, Viewer, viewer
from trainee.people.queries import roles_of
from trainee.profile.policy import ALL

bp = Blueprint("dashboards", __name__)

# Whole sections of a supervisor's pages, as long as nothing has changed in her line.
_SESSIONS = 5
_PERSONS: Kept[tuple[int, int, str], Markup] = Kept("dashboards.persons", 300)
_BEHIND: Kept[tuple[int, str], str] = Kept("dashboards.behind", 300)
_DRAWN: Kept[tuple[str, int, str], Markup] = Kept("dashboards.sections", 300)


@bp.get("/")
def today() -> Response:
    """What to do now, and where one stands."""
    return show("dashboards/today.html", page=this_day.today(viewer(), now()), scale=level_names())


@bp.get("/skills")
def my_skills() -> Response:
    """Every skill that is expected or was shown, with its certainty, and the gaps with what to do."""
    who = viewer()
    seen = picture(who.id, who.roles, now(), who.time_zone)
    if "on" in request.args:
        return _as_known(who.id, seen, None)
    return show("dashboards/my_skills.html", lead=one_person.first_words(seen), **_skills(seen))


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
    return _why(who.id, skill, picture(who.id, who.roles, now(), who.time_zone), None)


def _as_known(person_id: int, seen: Picture, person: Person | None) -> Response:
    """Everybody's skills and lines as they were known on the day asked for; what is wrong with the day is said beside it."""
    on = asked_on(request.args.get("on", ""), viewer().time_zone, now())
    then = one_person.as_known(seen, person_id, on.until) if on.until is not None else None
    return show(
        "dashboards/as_known.html",
        person=person,
        on=on,
        families=one_person.families(then) if then is not None else [],
        gaps=one_person.gaps_shown(then) if then is not None else [],
        lines=one_person.four_lines(then) if then is not None else {},
        scale=level_names(),
    )


def _why(person_id: int, skill: str, seen: Picture, person: Person | None) -> Response:
    if skill not in seen.levels:
        raise NotFound
    at = now()
    on = asked_on(request.args.get("on", ""), viewer().time_zone, at)
    if on.until is not None:
        seen, at = one_person.as_known(seen, person_id, on.until), on.until
    line = request.args.get("line", ALL)
    found = why(person_id, skill, seen, at, _page(), line if line in LINES else ALL, on.until)
    known = skills.framework().skill(skill)
    gap = next((gap for gap in seen.gaps if gap.skill == skill), None)
    return show(
        "dashboards/why.html",
        person=person,
        skill=known,
        level=seen.levels[skill],
        standing=standing(seen.levels[skill], seen.targets.get(skill)),
        target=seen.targets.get(skill),
        lines=lines(seen.levels[skill]),
        gap=one_person.gap_shown(gap, seen) if gap is not None else None,
        chance=one_person.chance(gap) if gap is not None else "",
        missed=to_reread(seen.missed, seen.offered, seen.work.parts, skill),
        found=found,
        scale=level_names(),
        signed=signed,
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
    page = request.args.get("page", "1")
    return int(page) if page.isdecimal() and len(page) < 7 else 1


@bp.get("/team")
def team() -> Response:
    """A supervisor's line: who needs her, and why."""
    who = viewer()
    people.require_role(who, "supervisor")
    at = now()
    line = line_of(who, at)
    words, wanted = request.args.get("q", "")[:100].strip(), request.args.get("show", "")
    shown = _pages(narrowed(line.members, words, wanted), "dashboards.team", {"q": words, "show": wanted})
    return show(
        "dashboards/team.html",
        members=shown.pop("shown"),
        everybody=len(line.members),
        needing=line.needing,
        missed=_DRAWN.one(("missed", who.id, language()), line.stamp, lambda: _missed_drawn(line.names, at)) if line.members else "",
        kinds=[(kind.key, kind.badge) for kind in sorted(needs, key=lambda kind: kind.order)],
        words=words,
        wanted=wanted,
        **shown,
    )


def _missed_drawn(names: dict[int, str], at: datetime) -> Markup:
    # A template escapes what it is given.
    return Markup(render_template("dashboards/_team_missed.html", missed=team_missed(names, plans.training(), at)))  # noqa: S704


@bp.get("/team/skills")
def skills_map() -> Response:
    """Who of a supervisor's line is good at what, and how the teams came along."""
    who = viewer()
    people.require_role(who, "supervisor")
    at = now()
    line = line_of(who, at)
    kept = {name: request.args.get(name, "")[:100].strip() for name in ("q", "skill", "family", "quality", "gap")}
    found = narrowed(line.members, kept["q"], "")
    if kept["gap"]:
        found = with_gap(found, kept["gap"], kept["skill"])
    shown = _pages(found, "dashboards.skills_map", kept)
    rows = shown.pop("shown")
    book, lang = skills.framework(), language()
    return show(
        "dashboards/skills_map.html",
        map=mapped(rows, kept["skill"], kept["family"], kept["quality"]),
        everybody=len(line.members),
        courses=_DRAWN.one(("courses", who.id, lang), line.stamp, lambda: _courses_drawn(line.teams(), at)),
        skills=[(one.key, one.name.of(lang)) for one in book.skills],
        families=[(one.key, one.name.of(lang)) for one in book.families],
        qualities=[(one.key, one.name.of(lang)) for one in book.qualities.values()],
        gaps=[(key, str(words)) for key, words in one_person.DIAGNOSES.items()],
        words=kept["q"],
        skill=kept["skill"],
        family=kept["family"],
        quality=kept["quality"],
        gap=kept["gap"],
        scale=level_names(),
        **shown,
    )


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
        return _as_known(found.id, picture(found.id, roles_of(found.id), at, found.time_zone), found)
    stamp = stamp_of(found.id, at, local_date(at, found.time_zone))
    leads = people.leads(who, found.id)
    behind = _behind(found.id, stamp, at) if leads else ""
    # What she may see of it changes with her roles and lines, and how moments read with her zone.
    seen_by = (stamp, who.roles, who.time_zone, leads, behind)
    drawn = _PERSONS.one((found.id, who.id, language()), seen_by, lambda: _person_drawn(found, who, leads, behind, at))
    return show("dashboards/person.html", person=found, drawn=drawn)


def _behind(person_id: int, stamp: Hashable, at: datetime) -> str:
    # It rests on what colleagues show as well, and most of what they do changes nothing in it.
    return _BEHIND.one((person_id, language()), (stamp, team_stamp_of(person_id)), lambda: one_person.behind_team(person_id, at))


def _person_drawn(found: Person, who: Viewer, leads: bool, behind: str, at: datetime) -> Markup:
    seen = picture(found.id, roles_of(found.id), at, found.time_zone)
    given = plans.with_progress(
        plans.assignments_of([found.id]), {(found.id, key): parts for key, parts in seen.work.parts.items()}, seen.offered.versions
    )
    day = local_date(at, found.time_zone)
    certificates = plans.certificates_of(found.id)
    words = render_template(
        "dashboards/_person.html",
        person=found,
        team=team_words(found),
        supervisors=[row.name for row in people.supervisors_of(found.id)],
        lead=one_person.first_words(seen),
        lines=one_person.four_lines(seen),
        behind=behind,
        assignments=[_assignment(one, day) for one in plans.in_order(given)],
        certificates=[(row, plans.state_of(row.valid_until, row.withdrawn_at is not None, row.window_days, day)) for row in certificates],
        certified=CERTIFIED,
        done=[(one.name, date_words(one.progress.completed_at)) for one in given if one.progress.completed_at is not None],
        # What is said in a session stays between the two and those who lead them.
        leads=leads,
        sessions=sessions.of_person(found.id, at, limit=_SESSIONS) if leads else [],
        states=STATES,
        skill_name=skill_name,
        timeline=one_person.timeline(found.id, seen.offered),
        may_open_account=who.holds("hr", "admin"),
        may_observe=may_observe(who, found.id),
        **_skills(seen),
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
    return _why(found.id, skill, picture(found.id, roles_of(found.id), now(), found.time_zone), found)
