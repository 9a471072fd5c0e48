"""Rules: writing them, looking at what they would do, switching them on and off, and who got what."""

import secrets
from datetime import date, datetime
from typing import Any

from flask import Response, flash, request, url_for
from sqlalchemy import true
from werkzeug.wrappers import Response as BaseResponse

from trainee import people, plans
from trainee.dashboards.assigning_views import bp, listed_row
from trainee.dashboards.choosing import in_charge, jobs_of, task_name, task_of, tasks_offered
from trainee.dashboards.forms import BeginRuleForm, EndRuleForm, RuleForm
from trainee.dashboards.queries import all_teams, all_units, named_in_order
from trainee.dashboards.starting import on_the_way, onward
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import complaints
from trainee.kit.i18n import _, _n, date_words
from trainee.kit.web import back_to, in_words, show
from trainee.people import Team, Viewer, viewer
from trainee.plans import AssignmentRule, Task, Terms, prepared
from trainee.plans.models import ASSIGNMENT, EXISTING

__all__ = ["bp"]

_SHOWN = 60


def _wide(who: Viewer) -> bool:
    return who.holds("hr", "admin")


@bp.get("/rules")
def rules() -> Response:
    """The rules one answers for, and for whoever leads people the others that reach them, to be read."""
    who = viewer()
    people.require_role(who, "supervisor", "hr", "admin")
    units, offered = all_units(), plans.training()
    others = plans.rules_reaching(who) if who.holds("supervisor") and not _wide(who) else []
    return show(
        "plans/rules.html",
        rules=[_line(row, units, offered) for row in plans.rules_of(who)],
        others=[_line(row, units, offered) | {"why": row.why, "author": row.author, "reached": many} for row, many in others],
    )


def _line(row: Any, units: dict[int, str], offered: plans.Training) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": in_words(row.title),
        "what": task_name(Task(row.kind, row.what, row.number), offered),
        "for_whom": for_whom(row, row.team, units),
        "state": state(row),
        "given": row.given,
    }


def state(rule: Any) -> tuple[str, str]:
    """Whether a rule is in force: words and tone."""
    if rule.ended_at is not None:
        return str(_("ended")), "quiet"
    return (str(_("on")), "good") if rule.active_from is not None else (str(_("not switched on")), "warn")


def for_whom(rule: Any, team: str | None, units: dict[int, str]) -> str:
    """The conditions of a rule in a sentence."""
    said = []
    if team:
        said.append(str(_("team %(name)s", name=team)))
    if rule.unit_id is not None:
        said.append(str(_("unit %(name)s", name=units.get(rule.unit_id, ""))))
    if rule.job:
        said.append(str(_("job %(name)s", name=rule.job)))
    if rule.joined_from is not None:
        said.append(str(_("joined on %(date)s or later", date=date_words(rule.joined_from))))
    return ", ".join(said) or str(_("everybody"))


@bp.route("/rules/new", methods=["GET", "POST"])
def new_rule() -> Response | BaseResponse:
    """Write a rule; it is looked at once more before it is switched on."""
    who = viewer()
    people.require_role(who, "supervisor", "hr", "admin")
    form, way = RuleForm(), on_the_way("module")
    teams = all_teams(None if _wide(who) else who.id)
    form.offer(tasks_offered(), teams, list(all_units().items()) if _wide(who) else [], jobs_of(who), _wide(who))
    if request.method == "GET":
        form.receipt.data, form.what.data, form.due_days.data = secrets.token_hex(16), request.args.get("what", ""), 14
        form.team_id.data = teams[0][0] if len(teams) == 1 and not _wide(who) else ""
        if way["beginning"]:
            form.title.data, form.why.data = _("Everybody who joins"), prepared.reason(prepared.FIRST, {})
    elif form.validate_on_submit() and _complete(form, who):
        made = plans.make_rule(terms_of(form), author_id=who.id, receipt=form.receipt.data or "", at=now())
        db.session.commit()
        return back_to(url_for("plans.rule", rule_id=made))
    status = 422 if request.method == "POST" else 200
    return show(
        "plans/new_rule.html", form=form, complaints=complaints(form), wide=_wide(who), anybody=bool(teams) or _wide(who), status=status, **way
    )


def _complete(form: RuleForm, who: Viewer) -> bool:
    if _wide(who) or form.team_id.data:
        return True
    form.team_id.errors = [_("Please choose a team.")]
    return False


def terms_of(form: RuleForm, certification_id: int | None = None) -> Terms:
    """What a form says of a rule."""
    return Terms(
        form.title.data or "",
        task_of(form.what.data, form.ending.data or None),
        form.why.data or "",
        unit_id=form.unit_id.data or None,
        team_id=form.team_id.data or None,
        job=form.job.data or "",
        joined_from=form.joined_from.data,
        due_days=form.due_days.data,
        due_on=form.due_on.data,
        accepts_earlier=bool(form.accepts_earlier.data),
        certification_id=certification_id,
    )


@bp.get("/rules/<int:rule_id>")
def rule(rule_id: int) -> Response:
    """One rule: what it would do before it is switched on, and afterwards who got what."""
    who = viewer()
    found = plans.rule_or_404(rule_id, who)
    form = BeginRuleForm(request.args, meta={"csrf": False}) if request.args.get("existing") in EXISTING else BeginRuleForm(formdata=None)
    return _show(found, who, form, now())


def _show(found: AssignmentRule, who: Viewer, form: BeginRuleForm, at: datetime, status: int = 200) -> Response:
    day = local_date(at, who.time_zone)
    team = db.session.get(Team, found.team_id) if found.team_id is not None else None
    on = found.active_from is not None
    whose = true() if _wide(who) else ASSIGNMENT.c.person_id.in_(in_charge(who))
    rows = plans.listed(whose, day, rule_id=found.id) if on else []
    return show(
        "plans/rule.html",
        rule=found,
        what=task_name(Task(found.kind, found.what, found.number)),
        for_whom=for_whom(found, team.name if team is not None else None, all_units()),
        state=state(found),
        until=_until(found),
        seen=None if on or found.ended_at is not None else _seen(found, form.existing.data or "leave", at),
        form=form,
        rows=[listed_row(one, day) for one in rows[:_SHOWN]],
        more=max(len(rows) - _SHOWN, 0),
        total=_n("%(num)d person got it.", "%(num)d people got it.", len({one.open.person_id for one in rows})),
        certified=found.certification_id is not None,
        complaints=complaints(form),
        status=status,
        **on_the_way("module"),
    )


def _until(found: AssignmentRule) -> str:
    if found.due_days is not None:
        return str(_n("%(num)d day after joining", "%(num)d days after joining", found.due_days))
    return date_words(found.due_on) if found.due_on is not None else str(_("when there is time"))


def _seen(found: AssignmentRule, existing: str, at: datetime) -> dict[str, Any]:
    """What would happen if it were switched on now, in words, with the names of those who would get it."""
    would = plans.preview(found, existing, at)
    due: dict[int, date | None] = {one["person_id"]: one["due_on"] for one in would.rows}
    names = named_in_order(sorted(due)[: _SHOWN * 20])
    words = [str(_n("%(num)d person would get it now.", "%(num)d people would get it now.", len(due)))]
    if would.passed:
        words.append(str(_n("%(num)d is here already and is left out.", "%(num)d are here already and are left out.", would.passed)))
    if would.having:
        words.append(str(_n("%(num)d has it to do already.", "%(num)d have it to do already.", would.having)))
    people_shown = [(row.name, date_words(day) if (day := due[row.id]) is not None else "") for row in names[:_SHOWN]]
    return {"words": " ".join(words), "people": people_shown, "more": max(len(due) - _SHOWN, 0)}


@bp.post("/rules/<int:rule_id>/beginning")
def begin_rule(rule_id: int) -> Response | BaseResponse:
    """Switch a rule on."""
    who = viewer()
    found = plans.rule_or_404(rule_id, who)
    form, at = BeginRuleForm(), now()
    if not form.validate_on_submit():
        return _show(found, who, form, at, 422)
    made = plans.begin_rule(found, form.existing.data, at, who.id)
    db.session.commit()
    flash(_n("The rule is on; %(num)d person got it now.", "The rule is on; %(num)d people got it now.", made.given))
    return back_to(onward("module") if on_the_way("module")["beginning"] else url_for("plans.rule", rule_id=rule_id))


@bp.route("/rules/<int:rule_id>/end", methods=["GET", "POST"])
def end_rule(rule_id: int) -> Response | BaseResponse:
    """End a rule."""
    who = viewer()
    found = plans.rule_or_404(rule_id, who)
    if found.ended_at is not None and request.method == "GET":
        raise Refusal(_("This rule has ended already."))
    form = EndRuleForm()
    if not form.validate_on_submit():
        return show("plans/end_rule.html", form=form, rule=found, status=422 if request.method == "POST" else 200)
    taken = plans.end_rule(found, bool(form.take_back.data), now(), who.id)
    db.session.commit()
    told = str(_("The rule has ended; it gives nothing any more."))
    if taken:
        told += " " + str(_n("%(num)d assignment is taken back.", "%(num)d assignments are taken back.", taken))
    flash(told)
    return back_to(url_for("plans.rules"))
