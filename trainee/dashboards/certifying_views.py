"""Certification: what is certified, how everybody stands, and the certificates."""

import secrets
from datetime import date
from typing import Any

from flask import Response, current_app, flash, g, request, url_for
from markupsafe import Markup
from sqlalchemy import or_
from werkzeug.wrappers import Response as BaseResponse

from trainee import people, plans
from trainee.dashboards.choosing import fits, in_charge, jobs_of, task_of, tasks_offered
from trainee.dashboards.forms import CertificationForm, ExcuseForm
from trainee.dashboards.queries import all_teams, all_units
from trainee.dashboards.ruling_views import bp, terms_of
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.kit.forms import complaints
from trainee.kit.i18n import LANGUAGES, _, _l, _n, date_words, language
from trainee.kit.web import back_to, public, show
from trainee.people import Person, Viewer, may_see, viewer
from trainee.plans import Standing
from trainee.plans.certifying import is_sound, state_of, title_of
from trainee.plans.models import Certificate, Certification
from trainee.plans.words import CERTIFIED as STATES

__all__ = ["bp"]

_PAGE = 50
PAPERS = (("tr", "Türkçe"), ("en", "English"))
# What a stranger is told of a certificate: the words, and how they look.
TOLD = {
    "valid": (_l("This certificate is valid."), "good"),
    "expired": (_l("This certificate has expired."), "warn"),
    "withdrawn": (_l("This certificate was withdrawn."), "bad"),
    "unsure": (_l("This certificate cannot be confirmed. Please ask whoever issued it."), "bad"),
}


@bp.get("/certifications")
def certifications() -> Response:
    """How those one looks after stand with what they are certified for."""
    who = viewer()
    people.require_role(who, "supervisor", "hr", "admin")
    day = local_date(now(), who.time_zone)
    words, wanted = request.args.get("q", "")[:100].strip(), request.args.get("show", "")
    everybody = plans.standings(or_(Person.id.in_(in_charge(who)), Person.id == who.id), day)
    fit = fits(words)
    found = [one for one in everybody if (wanted not in STATES or one.state == wanted) and fit(f"{one.name} {one.team} {one.title}")]
    pages = max(1, -(-len(found) // _PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    kept: dict[str, Any] = {name: value for name, value in (("q", words), ("show", wanted)) if value}
    return show(
        "plans/certifications.html",
        rows=[_row(one, who) for one in found[(page - 1) * _PAGE : page * _PAGE]],
        counts={state: sum(1 for one in everybody if one.state == state) for state in STATES},
        states=[(state, str(name)) for state, (name, _tone) in STATES.items()],
        total=_n("%(num)d person", "%(num)d people", len({one.person_id for one in found})),
        words=words,
        wanted=wanted if wanted in STATES else "",
        page=page,
        pages=pages,
        before=url_for("plans.certifications", page=page - 1, **kept) if page > 1 else None,
        after=url_for("plans.certifications", page=page + 1, **kept) if page < pages else None,
        may_certify=who.holds("hr", "admin"),
    )


def _row(one: Standing, who: Viewer) -> dict[str, Any]:
    words, tone = STATES[one.state]
    url = url_for("plans.certificate", number=one.number) if one.number else url_for("dashboards.person", person_id=one.person_id)
    return {
        "title": f"{one.name}: {one.title}",
        "url": url,
        "team": one.team,
        "until": _until(one.valid_until),
        "doing": _doing(one),
        "badge": (str(words), tone),
        "own": one.person_id == who.id,
    }


def _until(day: date | None) -> str:
    return str(_("Valid until %(date)s.", date=date_words(day))) if day is not None else ""


def _doing(one: Standing) -> str:
    if one.cycle is None:
        return ""
    done, total = one.cycle.progress.done, one.cycle.progress.total
    if one.cycle.steps:
        return str(_("%(done)s of %(total)s modules done", done=done, total=total))
    return str(_("%(done)s of %(total)s parts done", done=done, total=total))


@bp.route("/certifications/new", methods=["GET", "POST"])
def new_certification() -> Response | BaseResponse:
    """Say what is certified, for how long and for whom; the rule that asks for it is looked at before it is switched on."""
    who = viewer()
    people.require_role(who, "hr", "admin")
    form = CertificationForm()
    tasks = [(value, words) for value, words in tasks_offered() if value.startswith(("module/", "path/"))]
    form.offer(tasks, all_teams(), list(all_units().items()), jobs_of(who), True)
    if request.method == "GET":
        form.receipt.data, form.due_days.data = secrets.token_hex(16), 30
        form.months.data, form.window_days.data, form.short.data = 12, 60, True
    elif form.validate_on_submit():
        return back_to(url_for("plans.rule", rule_id=_certify(form, who)))
    return show("plans/new_certification.html", form=form, complaints=complaints(form), status=422 if request.method == "POST" else 200)


def _certify(form: CertificationForm, who: Viewer) -> int:
    at, task, receipt = now(), task_of(form.what.data), form.receipt.data or ""
    made = plans.make_certification(
        form.title.data or "",
        task,
        months=form.months.data or 0,
        window_days=form.window_days.data or 0,
        title_en=form.title_en.data or "",
        short=bool(form.short.data),
        by_id=who.id,
        receipt=receipt,
        at=at,
    )
    rule = plans.make_rule(terms_of(form, made.id), author_id=who.id, receipt=receipt, at=at)
    db.session.commit()
    return rule


def _certificate_or_404(number: str, who: Viewer) -> Certificate:
    found = plans.certificate_or_404(number)
    if not may_see(who, found.person_id):
        raise NotFound
    g.person_seen = found.person_id
    return found


@bp.get("/certificates/<number>")
def certificate(number: str) -> Response:
    """One certificate: what it says, whether it is valid, and that nobody changed it."""
    who = viewer()
    found = _certificate_or_404(number, who)
    if found.person_id == who.id:
        g.area = "dashboards.today"
    window = db.session.get_one(Certification, found.certification_id).window_days
    day = local_date(now(), who.time_zone)
    words, tone = STATES[state_of(found.valid_until, found.withdrawn_at is not None, window, day)]
    return show(
        "plans/certificate.html",
        certificate=found,
        title=title_of(found),
        nobody=db.session.get_one(Person, found.person_id).is_nobody,
        state=(str(words), tone),
        sound=is_sound(found),
        parts=plans.part_titles(found),
        asked_at=_asked_at(found),
        # Made here of our own address, and holds nothing that anybody typed.
        qr=Markup(plans.qr_of(_asked_at(found))),  # noqa: S704
        papers=[(name, url_for("plans.paper", number=number, lang=lang)) for lang, name in PAPERS] if found.withdrawn_at is None else [],
        may_withdraw=who.holds("hr", "admin") and found.person_id != who.id and found.withdrawn_at is None,
        own=found.person_id == who.id,
    )


def _asked_at(certificate: Certificate) -> str:
    """The whole address under which anybody asks whether it is valid: the installation's own, not the one this page happens to be read at."""
    base: str = current_app.extensions["trainee"].base_url
    path = url_for("plans.certificate_state", code=certificate.code)
    return base.rstrip("/") + path.removeprefix(request.script_root) if base else request.host_url.rstrip("/") + path


@bp.get("/certificates/<number>/paper")
def paper(number: str) -> Response:
    """The certificate as a page to print, in the language that was chosen."""
    found = _certificate_or_404(number, viewer())
    lang = request.args.get("lang", language())
    if lang not in LANGUAGES:
        raise NotFound
    settings = current_app.extensions["trainee"]
    made = plans.printed(found, _asked_at(found), lang, settings.organisation_colour)
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{found.number}-{lang}.pdf"'
    return response


@bp.get("/valid/<code>")
@public
def certificate_state(code: str) -> Response:
    """What anybody who holds a certificate may ask: whether it is valid, expired or withdrawn, and nothing else."""
    found = plans.certificate_by_code(code[:40])
    if found is None:
        raise NotFound
    words, kind = TOLD[plans.told_to_anybody(found, local_date(now(), g.time_zone))]
    return show("plans/certificate_state.html", words=str(words), kind=kind, day=date_words(local_date(now(), g.time_zone)))


@bp.route("/certificates/<number>/withdrawal", methods=["GET", "POST"])
def withdraw_certificate(number: str) -> Response | BaseResponse:
    """Take a certificate back, with a reason."""
    who = viewer()
    found = _certificate_or_404(number, who)
    people.require_role(who, "hr", "admin")
    form = ExcuseForm()
    if form.validate_on_submit():
        plans.withdraw_certificate(found, form.reason.data or "", now(), who.id)
        plans.apply_rules(now(), [found.person_id])
        db.session.commit()
        flash(_("The certificate is withdrawn; it stays on record with your reason."))
        return back_to(url_for("plans.certificate", number=number))
    status = 422 if request.method == "POST" else 200
    return show("plans/withdraw_certificate.html", form=form, complaints=complaints(form), certificate=found, title=title_of(found), status=status)


@bp.post("/certificates")
def issue() -> BaseResponse:
    """Issue the certificates for what one has completed, without waiting for the timetable."""
    made = plans.issue_certificates(now(), viewer().id)
    db.session.commit()
    flash(_n("%(num)d certificate is issued.", "%(num)d certificates are issued.", made))
    return back_to(url_for("plans.mine"))
