"""Today, My skills, the team, and the page of one person."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, flash, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from trainee import people, plans, skills
from trainee.dashboards import person as one_person
from trainee.dashboards import team as one_team
from trainee.dashboards import today as this_day
from trainee.dashboards.forms import AssignmentForm, ExcuseForm
from trainee.dashboards.missed import team_missed, to_reread
from trainee.dashboards.person import Picture, picture
from trainee.dashboards.standing import level_names, lines, skill_name, standing
from trainee.dashboards.why import signed, why
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.i18n import _, _n, date_words, language
from trainee.kit.web import Blueprint, back_to, parse_moment, show
from trainee.modules.library import catalogue_modules
from trainee.modules.library.content import Module
from trainee.modules.progress import parts_of
from trainee.people import Person, Viewer, viewer
from trainee.people.queries import roles_of
from trainee.plans import Assignment

bp = Blueprint("dashboards", __name__)

# A page that was opened longer ago than this asks as of now.
_FRESH = timedelta(hours=12)
_DAYS = 14


@bp.get("/")
def today() -> Response:
    """What to do now, and where one stands."""
    return show("dashboards/today.html", page=this_day.today(viewer(), now()), scale=level_names())


@bp.get("/skills")
def my_skills() -> Response:
    """Every skill that is expected or was shown, with its certainty, and the gaps with what to do."""
    who = viewer()
    seen = picture(who.id, who.roles, now(), who.time_zone)
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


def _why(person_id: int, skill: str, seen: Picture, person: Person | None) -> Response:
    if skill not in seen.levels:
        raise NotFound
    at = now()
    found = why(person_id, skill, seen, at, _page())
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
        missed=to_reread(seen.missed, seen.offered, seen.work.parts, skill),
        found=found,
        scale=level_names(),
        signed=signed,
        here=lambda page: _here(person, skill, page),
    )


def _here(person: Person | None, skill: str, page: int) -> str:
    if person is None:
        return url_for("dashboards.why", skill=skill, page=page, _anchor="evidence")
    return url_for("dashboards.why_of", person_id=person.id, skill=skill, page=page, _anchor="evidence")


def _page() -> int:
    page = request.args.get("page", "1")
    return int(page) if page.isdecimal() and len(page) < 7 else 1


@bp.get("/team")
def team() -> Response:
    """A supervisor's line: who needs her, and who is good at what."""
    who = viewer()
    people.require_role(who, "supervisor")
    at = now()
    line = people.team_of(who)
    everybody = one_team.members(who, line, at)
    words, wanted = request.args.get("q", "")[:100].strip(), request.args.get("show", "")
    found = one_team.narrowed(everybody, words, wanted)
    pages = max(1, -(-len(found) // one_team.PAGE))
    page = min(max(_page(), 1), pages)
    shown = found[(page - 1) * one_team.PAGE : page * one_team.PAGE]
    kept: dict[str, Any] = {name: value for name, value in (("q", words), ("show", wanted)) if value}
    return show(
        "dashboards/team.html",
        members=shown,
        everybody=len(everybody),
        needing=sum(1 for one in everybody if one.needs_me),
        total=_n("%(num)d person", "%(num)d people", len(found)),
        map=one_team.skills_map(shown, at),
        missed=team_missed({row.id: row.name for row in line}, plans.training(), at),
        courses=one_team.courses(line, at),
        words=words,
        wanted=wanted,
        page=page,
        pages=pages,
        before=url_for("dashboards.team", page=page - 1, **kept) if page > 1 else None,
        after=url_for("dashboards.team", page=page + 1, **kept) if page < pages else None,
        scale=level_names(),
    )


@bp.get("/people/<int:person_id>")
def person(person_id: int) -> Response | BaseResponse:
    """One person, for those who look after her."""
    who = viewer()
    if person_id == who.id:
        return back_to(url_for("dashboards.my_skills"))
    found = people.person_or_404(person_id, who)
    at = now()
    seen = picture(found.id, roles_of(found.id), at, found.time_zone)
    given = plans.with_progress(
        plans.assignments_of([found.id]), {(found.id, key): parts for key, parts in seen.work.parts.items()}, seen.offered.versions
    )
    day = local_date(at, found.time_zone)
    return show(
        "dashboards/person.html",
        person=found,
        team=_team_words(found),
        supervisors=[row.name for row in people.supervisors_of(found.id)],
        lead=one_person.first_words(seen),
        lines=one_person.four_lines(seen),
        behind=one_person.behind_team(who, found.id, seen.levels, at),
        assignments=[_assignment(one, day) for one in plans.in_order(given)],
        done=[
            (one.module.title.of(language()), date_words(one.progress.completed_at.date())) for one in given if one.progress.completed_at is not None
        ],
        timeline=one_person.timeline(found.id, seen.offered),
        may_open_account=who.holds("hr", "admin"),
        **_skills(seen),
    )


def _team_words(found: Person) -> str:
    row = db.session.execute(
        select(people.Team.name, people.Unit.name.label("unit"))
        .join(people.Unit, people.Unit.id == people.Team.unit_id)
        .where(people.Team.id == found.team_id)
    ).first()
    return f"{row.name} · {row.unit}" if row is not None else ""


def _assignment(one: plans.Open, day: date) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.module.title.of(language()),
        "why": one.why,
        "done": one.progress.done,
        "total": one.progress.total,
        "due": this_day.due_words(one.due_on, day) if one.due_on else "",
        "tone": this_day.due_tone(one.due_on, day) if one.due_on else "",
    }


@bp.get("/people/<int:person_id>/skills/<skill>")
def why_of(person_id: int, skill: str) -> Response | BaseResponse:
    """Why somebody's level is what it is, for those who look after her."""
    who = viewer()
    if person_id == who.id:
        return back_to(url_for("dashboards.why", skill=skill))
    found = people.person_or_404(person_id, who)
    return _why(found.id, skill, picture(found.id, roles_of(found.id), now(), found.time_zone), found)


def _require_charge(who: Viewer, person_id: int) -> None:
    if person_id == who.id or not who.holds("supervisor", "hr", "admin"):
        raise Forbidden(_("Modules are assigned by supervisors and HR, and not to oneself. Everything under Learn is open to you anyway."))


@bp.route("/people/<int:person_id>/assignments/new", methods=["GET", "POST"])
def assign(person_id: int) -> Response | BaseResponse:
    """Ask somebody to do a module."""
    who = viewer()
    found = people.person_or_404(person_id, who)
    _require_charge(who, found.id)
    at = now()
    modules = catalogue_modules()
    form = AssignmentForm()
    form.offer([(module.key, module.title.of(language())) for module in modules], local_date(at, found.time_zone))
    if request.method == "GET":
        _prefill(form, found, at)
    elif form.validate_on_submit() and _assign(form, found, who, modules, at):
        return back_to(url_for("dashboards.person", person_id=found.id))
    return show("dashboards/assign.html", form=form, complaints=_complaints(form), person=found, status=422 if request.method == "POST" else 200)


def _complaints(form: FlaskForm) -> list[tuple[str, str]]:
    return [(field.id, str(field.errors[0])) for field in form if field.errors]


def _prefill(form: AssignmentForm, found: Person, at: datetime) -> None:
    form.asked_at.data = at.isoformat()
    form.due_on.data = local_date(at, found.time_zone) + timedelta(days=_DAYS)
    skill = request.args.get("skill", "")
    form.module.data = request.args.get("module", "")
    module = plans.training().modules.get(form.module.data)
    lesson = module.lesson(request.args.get("lesson", "")) if module is not None else None
    if lesson is not None:
        form.why.data = _("A question of the lesson “%(title)s” was missed lately. Please read it once more.", title=lesson.title.of(language()))
        return
    if skill not in skills.framework():
        return
    seen = picture(found.id, roles_of(found.id), at, found.time_zone)
    gap = next((gap for gap in seen.gaps if gap.skill == skill), None)
    if gap is None:
        return
    form.why.data = f"{skill_name(skill)}: {gap.sentence}"
    if not form.module.data:
        steps = one_person.gap_shown(gap, seen).steps
        form.module.data = next((step.module_key for step in steps if step.module_key), "")


def _assign(form: AssignmentForm, found: Person, who: Viewer, modules: list[Module], at: datetime) -> bool:
    """Whether it is assigned now; what is wrong is noted on the form."""
    asked = parse_moment(form.asked_at.data or "")
    # The moment the page was opened names this very asking, so that a second press finds the first.
    moment = asked if asked is not None and at - _FRESH <= asked <= at else at
    title = next(module.title.of(language()) for module in modules if module.key == form.module.data)
    standing_one = next((one for one in plans.open_assignments(found.id, parts_of(found.id)) if one.module.key == form.module.data), None)
    if standing_one is not None and standing_one.given_at != moment:
        form.module.errors = [_("%(name)s already has “%(title)s” to do.", name=found.name, title=title)]
        return False
    plans.assign(found.id, form.module.data, at=moment, given_by_id=who.id, why=form.why.data or "", due_on=form.due_on.data)
    db.session.commit()
    flash(_("%(name)s will find “%(title)s” on Today, with your reason.", name=found.name, title=title))
    return True


@bp.route("/people/<int:person_id>/assignments/<int:assignment_id>/excuse", methods=["GET", "POST"])
def excuse(person_id: int, assignment_id: int) -> Response | BaseResponse:
    """Excuse somebody from an assignment."""
    who = viewer()
    found = people.person_or_404(person_id, who)
    _require_charge(who, found.id)
    one = db.session.get(Assignment, assignment_id)
    if one is None or one.person_id != found.id:
        raise NotFound
    if one.excused_at is not None and request.method == "GET":
        raise Refusal(_("%(name)s is excused from this already.", name=found.name))
    form = ExcuseForm()
    if form.validate_on_submit():
        plans.excuse(one.id, form.reason.data or "", now(), who.id)
        db.session.commit()
        flash(_("%(name)s is excused.", name=found.name))
        return back_to(url_for("dashboards.person", person_id=found.id))
    title = plans.training().modules
    name = title[one.module_key].title.of(language()) if one.module_key in title else one.module_key
    status = 422 if request.method == "POST" else 200
    return show("dashboards/excuse.html", form=form, complaints=_complaints(form), person=found, title=name, why=one.why, status=status)
