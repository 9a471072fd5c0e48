"""Assigning to one person and to many, excusing, taking back, and the lists of what is assigned."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee import people, plans, skills
from trainee.dashboards import person as one_person
from trainee.dashboards.choosing import (
    asked_at,
    certificates_offered,
    certified,
    fits,
    groups,
    in_charge,
    opens_after,
    task_name,
    task_of,
    tasks_offered,
)
from trainee.dashboards.forms import AssignManyForm, AssignmentForm, ExcuseForm
from trainee.dashboards.person import picture
from trainee.dashboards.starting import on_the_way, onward
from trainee.dashboards.today import due_tone, due_words, how_far, part_url
from trainee.dashboards.views import bp as dashboards
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.forms import complaints
from trainee.kit.i18n import _, _n, date_words, language
from trainee.kit.web import Blueprint, back_to, in_words, parse_moment, show
from trainee.modules.progress import parts_of
from trainee.people import Person, Viewer, viewer
from trainee.people.queries import roles_of
from trainee.plans import Listed, Task, prepared
from trainee.plans.certifying import state_of
from trainee.plans.models import ASSIGNMENT, Assignment
from trainee.plans.words import ASSIGNED, CERTIFIED
from trainee.profile import Gap

bp = Blueprint("plans", __name__)

# A page that was opened longer ago than this asks as of now.
_FRESH = timedelta(hours=12)
_DAYS = 14
_PAGE = 50


def require_charge(who: Viewer, person_id: int) -> None:
    """Forbidden unless the viewer may decide what that person is asked to do; for whom she may see already."""
    if person_id == who.id or not who.holds("supervisor", "hr", "admin"):
        raise Forbidden(_("Modules are assigned by supervisors and HR, and not to oneself. Everything under Learn is open to you anyway."))


# One person ----------------------------------------------------------------------------------------------------------------


@dashboards.route("/people/<int:person_id>/assignments/new", methods=["GET", "POST"])
def assign(person_id: int) -> Response | BaseResponse:
    """Ask somebody to do something."""
    who = viewer()
    found = people.person_or_404(person_id, who)
    require_charge(who, found.id)
    at = now()
    form = AssignmentForm()
    form.offer(tasks_offered() + certificates_offered(), local_date(at, found.time_zone))
    if request.method == "GET":
        _prefill(form, found, at)
    elif form.validate_on_submit() and _assign(form, found, who, at):
        return back_to(_back(found, form))
    return show(
        "dashboards/assign.html",
        form=form,
        complaints=complaints(form),
        person=found,
        back=_back(found, form),
        status=422 if request.method == "POST" else 200,
    )


def _back(found: Person, form: AssignmentForm) -> str:
    """Where one goes on: with the team's list, who came from there, and else with the person."""
    return url_for("dashboards.team") if form.came_from.data == "team" else url_for("dashboards.person", person_id=found.id)


def _prefill(form: AssignmentForm, found: Person, at: datetime) -> None:
    form.asked_at.data = at.isoformat()
    form.came_from.data = "team" if urlsplit(request.referrer or "").path == url_for("dashboards.team") else ""
    form.due_on.data = local_date(at, found.time_zone) + timedelta(days=_DAYS)
    skill, key = request.args.get("skill", ""), request.args.get("module", "")
    form.what.data = f"module/{key}" if key else request.args.get("what", "")
    module = plans.training().modules.get(key)
    lesson = module.lesson(request.args.get("lesson", "")) if module is not None else None
    if module is not None and lesson is not None:
        _prepare(form, prepared.of_lesson(module, lesson))
        return
    gap = _gap(found, skill, at)
    if gap is None:
        return
    form.skill.data = skill
    _prepare(form, prepared.of_gap(gap[0]))
    if not form.what.data:
        form.what.data = next((step.what for step in gap[1] if step.what), "")


def _prepare(form: AssignmentForm, facts: Mapping[str, Any]) -> None:
    form.why.data, form.prepared.data = prepared.reason(facts, plans.training().modules), json.dumps(dict(facts))


def _gap(found: Person, skill: str, at: datetime) -> tuple[Gap, list[one_person.Step]] | None:
    """Somebody's gap in one skill, and what would help; None when there is none."""
    if skill not in skills.framework():
        return None
    seen = picture(found.id, roles_of(found.id), at, found.time_zone, found.team_id)
    gap = next((gap for gap in seen.gaps if gap.skill == skill), None)
    return (gap, one_person.gap_shown(gap, seen).steps) if gap is not None else None


def _assign(form: AssignmentForm, found: Person, who: Viewer, at: datetime) -> bool:
    """Whether it is assigned now; what is wrong is noted on the form."""
    moment = asked_at(form.asked_at.data or "", at, parse_moment, _FRESH)
    certification = certified(form.what.data)
    if certification is not None:
        return _certify(form, found, certification, who, moment)
    task = task_of(form.what.data, form.ending.data or None)
    title = task_name(task)
    todo = plans.open_assignments(found.id, parts_of(found.id))
    if any((one.kind, one.what) == (task.kind, task.what) and one.certification_id is None and one.given_at != moment for one in todo):
        form.what.errors = [_("%(name)s already has “%(title)s” to do.", name=found.name, title=title)]
        return False
    gap = _gap(found, form.skill.data or "", at)
    plans.assign(
        found.id,
        task.what,
        kind=task.kind,
        number=task.number,
        gap=(gap[0].skill, gap[0].diagnosis) if gap is not None else None,
        prepared=_taken_over(form),
        **_asking(form, who, moment),
    )
    db.session.commit()
    flash(_("%(name)s will find “%(title)s” on Today, with your reason.", name=found.name, title=title))
    return True


def _certify(form: AssignmentForm, found: Person, certification: plans.Certification, who: Viewer, moment: datetime) -> bool:
    made, had = plans.certify([found.id], certification, prepared=_taken_over(form), **_asking(form, who, moment))
    if had:
        form.what.errors = [_("%(name)s is certified already, or is about to be. A certificate is renewed when its time is near.", name=found.name)]
        return False
    db.session.commit()
    if made:
        flash(_("%(name)s will find “%(title)s” on Today, with your reason.", name=found.name, title=in_words(certification.title)))
    return True


def _asking(form: AssignmentForm, who: Viewer, moment: datetime) -> dict[str, Any]:
    """What a form says beside the task."""
    said = {"why": form.why.data or "", "due_on": form.due_on.data, "accepts_earlier": bool(form.accepts_earlier.data)}
    return {"at": moment, "given_by_id": who.id, **said}


def _taken_over(form: AssignmentForm) -> dict[str, Any] | None:
    """What the reason was prepared of, when it was left as it stood."""
    return prepared.taken_over(form.prepared.data or "", form.why.data or "", plans.training().modules)


@dashboards.route("/people/<int:person_id>/assignments/<int:assignment_id>/excuse", methods=["GET", "POST"])
def excuse(person_id: int, assignment_id: int) -> Response | BaseResponse:
    """Excuse somebody from an assignment."""
    return _end(person_id, assignment_id, "excused")


@bp.route("/people/<int:person_id>/paths/<int:path_id>/openings/<module_key>", methods=["GET", "POST"])
def open_early(person_id: int, path_id: int, module_key: str) -> Response | BaseResponse:
    """Open a locked step of somebody's path before its time."""
    who = viewer()
    found = people.person_or_404(person_id, who)
    require_charge(who, found.id)
    one = plans.assignment_or_404(path_id, found.id)
    path = next((each for each in plans.open_assignments(found.id, parts_of(found.id)) if each.id == one.id), None)
    step = next((step for step in path.steps if step.module.key == module_key), None) if path is not None else None
    if path is None or step is None:
        raise NotFound
    back = url_for("dashboards.person", person_id=found.id, _anchor="assignments")
    if step.state != "locked":
        # A second press, or it was done meanwhile: there is nothing to open.
        return back_to(back)
    form, title = ExcuseForm(), step.module.title.of(language())
    if form.validate_on_submit():
        plans.open_early(one.id, module_key, form.reason.data or "", now(), who.id)
        db.session.commit()
        flash(_("“%(title)s” is open for %(name)s.", title=title, name=found.name))
        return back_to(back)
    status = 422 if request.method == "POST" else 200
    told: dict[str, Any] = {"person": found, "title": title, "path": path.name, "after": opens_after(step)}
    return show("plans/open_early.html", form=form, complaints=complaints(form), status=status, **told)


@bp.route("/people/<int:person_id>/assignments/<int:assignment_id>/withdrawal", methods=["GET", "POST"])
def withdraw(person_id: int, assignment_id: int) -> Response | BaseResponse:
    """Take an assignment back."""
    return _end(person_id, assignment_id, "withdrawn")


def _end(person_id: int, assignment_id: int, how: str) -> Response | BaseResponse:
    who = viewer()
    found = people.person_or_404(person_id, who)
    require_charge(who, found.id)
    one = plans.assignment_or_404(assignment_id, found.id)
    if one.ended_at is not None and request.method == "GET":
        raise Refusal(_("%(name)s does not have this to do any more.", name=found.name))
    form = ExcuseForm()
    if form.validate_on_submit():
        deed = plans.excuse if how == "excused" else plans.withdraw
        deed(one.id, form.reason.data or "", now(), who.id)
        db.session.commit()
        flash(_("%(name)s is excused.", name=found.name) if how == "excused" else _("It is taken back. What was done of it stays done."))
        return back_to(url_for("dashboards.person", person_id=found.id))
    status, why = 422 if request.method == "POST" else 200, prepared.words(one.why, one.prepared, plans.training().modules)
    return show("dashboards/excuse.html", form=form, complaints=complaints(form), person=found, title=_named(one), why=why, how=how, status=status)


def _named(one: Assignment) -> str:
    return task_name(Task(one.kind, one.what, one.number))


# Many people -----------------------------------------------------------------------------------------------------------------


@bp.route("/assigned/new", methods=["GET", "POST"])
def assign_many() -> Response | BaseResponse:
    """Ask a whole team, everybody with one job, or everybody one looks after, to do something."""
    who = viewer()
    people.require_role(who, "supervisor", "hr", "admin")
    at = now()
    known = groups(who)
    form = AssignManyForm()
    form.offer(tasks_offered() + certificates_offered(), local_date(at, who.time_zone), [(one.value, one.words) for one in known])
    way = on_the_way("module")
    if request.method == "GET":
        form.asked_at.data, form.whom.data = at.isoformat(), request.args.get("whom", "all" if way["beginning"] else "")
        if way["beginning"]:
            _prepare(form, prepared.FIRST)
        form.what.data, form.due_on.data = request.args.get("what", ""), local_date(at, who.time_zone) + timedelta(days=_DAYS)
    elif form.validate_on_submit():
        _assign_many(form, who, next(one.ids for one in known if one.value == form.whom.data), at)
        return back_to(onward("module") if way["beginning"] else url_for("plans.assigned"))
    status = 422 if request.method == "POST" else 200
    return show("plans/assign_many.html", form=form, complaints=complaints(form), anybody=bool(known), status=status, **way)


def _assign_many(form: AssignManyForm, who: Viewer, ids: list[int], at: datetime) -> None:
    said = _asking(form, who, asked_at(form.asked_at.data or "", at, parse_moment, _FRESH))
    certification = certified(form.what.data)
    if certification is not None:
        made, had = plans.certify(ids, certification, **said)
    else:
        made, had = plans.assign_many(ids, task_of(form.what.data, form.ending.data or None), prepared=_taken_over(form), **said)
    db.session.commit()
    told = str(_n("%(num)d person will find it on Today.", "%(num)d people will find it on Today.", made))
    if had and certification is not None:
        told += " " + str(_n("%(num)d is certified already, or about to be.", "%(num)d are certified already, or about to be.", had))
    elif had:
        told += " " + str(_n("%(num)d has it to do already.", "%(num)d have it to do already.", had))
    flash(told)


@bp.get("/assigned")
def assigned() -> Response:
    """What is assigned to those whom the viewer looks after, with how each stands."""
    who = viewer()
    people.require_role(who, "supervisor", "hr", "admin")
    day = local_date(now(), who.time_zone)
    words, wanted = request.args.get("q", "")[:100].strip(), request.args.get("show", "open")
    wanted = wanted if wanted in plans.SHOWN else "open"
    whose = ASSIGNMENT.c.person_id.in_(in_charge(who))
    fit = fits(words)
    found = [one for one in plans.listed(whose, day, wanted) if fit(f"{one.name} {one.team} {one.open.name} {one.rule}")]
    pages = max(1, -(-len(found) // _PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    kept: dict[str, Any] = {name: value for name, value in (("q", words), ("show", wanted)) if value}
    return show(
        "plans/assigned.html",
        rows=[listed_row(one, day) for one in found[(page - 1) * _PAGE : page * _PAGE]],
        total=_n("%(num)d assignment", "%(num)d assignments", len(found)),
        words=words,
        wanted=wanted,
        page=page,
        pages=pages,
        before=url_for("plans.assigned", page=page - 1, **kept) if page > 1 else None,
        after=url_for("plans.assigned", page=page + 1, **kept) if page < pages else None,
    )


def listed_row(one: Listed, day: date) -> dict[str, Any]:
    """One line of a list of assignments."""
    words, tone = ASSIGNED.get(one.state, ASSIGNED["done"])
    live = one.state in ("open", "overdue")
    due = due_words(one.open.due_on, day) if live and one.open.due_on is not None else str(words)
    return {
        "id": one.open.id,
        "person_id": one.open.person_id,
        "name": one.name,
        "team": one.team,
        "title": one.open.name,
        "why": _why(one),
        "done": one.open.progress.done,
        "total": one.open.progress.total,
        "badge": (due, (due_tone(one.open.due_on, day) if one.open.due_on is not None else tone) if live else tone),
        "live": live,
        "rule": in_words(one.rule),
        "rule_id": one.rule_id,
        "when": _when(one),
    }


def _why(one: Listed) -> str:
    """Why it was asked, or why it is no longer."""
    if one.state not in ("excused", "withdrawn", "left"):
        return one.open.why
    if one.state == "left":
        return str(_("The rule that asked for it no longer applies."))
    return one.ended_why or str(_("The rule that asked for it has ended."))


def _when(one: Listed) -> str:
    completed = one.open.progress.completed_at
    if one.state == "done" and completed is not None:
        return str(_("Done on %(date)s.", date=date_words(completed)))
    since = one.ended_at or one.open.given_at
    return str(_("Since %(date)s.", date=date_words(since)))


# Mine ------------------------------------------------------------------------------------------------------------------------


@bp.get("/assignments")
def mine() -> Response:
    """What I am asked to do, with the reason and until when, and what became of what I was asked before."""
    who = viewer()
    day = local_date(now(), who.time_zone)
    found = plans.listed(ASSIGNMENT.c.person_id == who.id, day)
    names = people.names(one.open.given_by_id for one in found if one.open.given_by_id is not None)
    offered, held = plans.training(), plans.certificates_of(who.id)
    issued = {row.assignment_id for row in held}
    live = [_mine(one, names, day, offered) for one in found if one.state in ("open", "overdue")]
    past = [one for one in found if one.state not in ("open", "overdue")]
    return show(
        "plans/mine.html",
        live=live,
        past=[listed_row(one, day) for one in past],
        certificates=[(row, state_of(row.valid_until, row.withdrawn_at is not None, row.window_days, day)) for row in held],
        states=CERTIFIED,
        waiting=any(one.state == "done" and one.open.certification_id is not None and one.open.id not in issued for one in past),
    )


def _mine(one: Listed, names: dict[int, str], day: date, offered: plans.Training) -> dict[str, Any]:
    row = listed_row(one, day)
    part = offered.part(one.open.module.key, one.open.progress.next_part or "") if one.open.module is not None else None
    url = part_url(part) if part is not None else url_for("reviews.reviews")
    if part is None and one.open.module is not None:
        url = url_for("library.module_page", module_key=one.open.module.key)
    return row | {
        "far": how_far(one.open),
        "url": url,
        "by": names.get(one.open.given_by_id or 0, ""),
        "short": one.open.short and one.open.progress.next_part == "quiz",
        "steps": [_step(step) for step in one.open.steps],
    }


def _step(step: plans.Step) -> dict[str, Any]:
    return {
        "title": step.module.title.of(language()),
        "state": step.state,
        "note": opens_after(step),
        "url": url_for("library.module_page", module_key=step.module.key) if step.state != "locked" else "",
    }
