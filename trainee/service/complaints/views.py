"""The complaints' pages."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.forms import REVISIONS, whole
from trainee.kit.i18n import _, _l, _n, language, number
from trainee.kit.money import whole_amount
from trainee.kit.web import back_to, show, takes
from trainee.people import holders_of_jobs, names, require_role, viewer
from trainee.service.complaints import actions, files, queries
from trainee.service.complaints.method import STEPS
from trainee.service.complaints.models import BOOK, Complaint, ComplaintRemedy
from trainee.service.fields import Field, choice, drawn, facts_of, read
from trainee.service.handbook import Entry, entries, standing
from trainee.service.handbook.kinds.remedy import RIGHTS
from trainee.service.handbook.views import WRITERS
from trainee.service.stored import cards, linked
from trainee.service.tables import LARGEST_KB, uploaded
from trainee.service.words import CAUSE_OF, CHANNELS, SEVERITIES, causes, channels, qualities, severities

bp = web.Blueprint("complaints", __name__)
ROLES = {"supervisor": _l("Supervisor"), "executive": _l("Executive")}
# The answer that nothing but ourselves gives a remedy: an empty one could not be sent, since a browser takes it for no answer.
FAVOUR = "favour"
FIELDS = (
    choice("cause", _l("Cause"), causes),
    choice("severity", _l("How serious"), severities),
    choice("channel", _l("Channel"), channels),
    Field("product", _l("Product"), "line", both=False, required=False),
    choice(
        "product_class",
        _l("Class of product"),
        lambda: [(one.key, one.title(language())) for one in entries("playbook")],
        required=False,
        hint=_l("It leads to what we do after the sale of such a product. Left open, it is recognised by the product."),
    ),
    Field(
        "words",
        _l("What the customer says"),
        both=False,
        hint=_l(
            "Leave names out: they are kept as they are written. Phone, account and card numbers and e-mail addresses are masked before this is kept."
        ),
    ),
)


@bp.get("/complaints")
def complaints() -> Response:
    """What is open, what is late, and how many there are for a thousand contacts."""
    at, lang = now(), language()
    shown = request.args.get("show", "open")
    shown = shown if shown in queries.SHOWN else "open"
    cause = request.args.get("cause", "")
    cause = cause if cause in CAUSE_OF else ""
    page = max(whole(request.args.get("page"), 9999, 1), 1)
    found, total = queries.complaints(shown, at, cause, page)
    held = _held(found)
    return show(
        "complaints/complaints.html",
        rows=[_row(one, lang, held) for one in found],
        total=total,
        shown=shown,
        cause=cause,
        causes=[(key, str(name)) for key, name in causes()],
        page=page,
        more=page * queries.PAGE < total,
        months=[(one, number(one.rate, 1) if one.rate is not None else None) for one in queries.months(at, viewer().time_zone)],
        by_cause=[
            (str(CAUSE_OF[key].name), dict(qualities()).get(CAUSE_OF[key].quality, ""), many) for key, many in queries.by_cause(at - queries.RECENT)
        ],
        now=at,
        imports=viewer().holds("hr", "admin"),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """Who has each of some complaints, by complaint, what these people are called, and who has the jobs that the handbook names for them."""

    who: Mapping[int, int]
    names: Mapping[int, str]
    able: Mapping[tuple[str, ...], list[int]]

    def how(self, one: Complaint) -> str:
        """How it came to her, as `came_by` says."""
        return queries.came_by(one, self.who.get(one.id), self.able.get(queries.job_of(one), []))


def _row(one: Complaint, lang: str, held: Held) -> dict[str, Any]:
    job = (one.owner or {}).get(lang, "")
    who, how = held.who.get(one.id), held.how(one)
    name = held.names.get(who or 0, "")
    owner = ": ".join(filter(None, (job, name)))
    # Nobody is called by a job that she has not.
    if how == "nobody":
        owner = _("%(name)s; nobody here has the job of %(job)s", name=name, job=job)
    elif how == "" and job and name and one.closed_at is None:
        owner = _("%(name)s; by the handbook: %(job)s", name=name, job=job)
    return {
        "id": one.id,
        "title": f"{CAUSE_OF[one.cause].name} · {dict(SEVERITIES)[one.severity]}",
        "words": one.words,
        "channel": str(dict(CHANNELS)[one.channel]),
        "job": job,
        "owner": owner,
        "held_by": name,
        "came_by": how,
        "due_at": one.due_at,
        "closed_at": one.closed_at,
        "done": len(one.steps),
    }


def _held(found: Sequence[Complaint]) -> Held:
    """Who has each of these: of an open one whose holder has left, or that nobody has yet, who has it now."""
    still_open = [one for one in found if one.closed_at is None]
    heirs = queries.passed_on() if still_open else {}
    who = {one.id: one.held_by_id for one in found if one.held_by_id is not None} | {one.id: heirs[one.id] for one in still_open if one.id in heirs}
    jobs = {queries.job_of(one) for one in still_open} - {()}
    return Held(who, names(set(who.values())), holders_of_jobs(jobs))


@bp.get("/complaints/<int:complaint_id>")
def complaint(complaint_id: int) -> Response:
    """One complaint: its steps, what puts it right, and cases like it."""
    return _show(queries.complaint_or_404(complaint_id))


def _again(complaint_id: int, refusal: Refusal, place: str) -> Response:
    """The page once more, with the sentence at its place and all that was typed; what the reader may not do at all stays a page of its own."""
    db.session.rollback()
    if isinstance(refusal, Forbidden):
        raise refusal
    return _show(queries.complaint_or_404(complaint_id), refusal.status, {place: refusal.message})


def _show(found: Complaint, status: int = 200, wrong: dict[str, str] | None = None) -> Response:
    lang, who = language(), viewer()
    remedy, line = queries.remedy_of(found.id), actions.route(found.cause, found.severity)
    deciders = {remedy.by_id, remedy.approved_by_id or remedy.by_id} if remedy is not None else set()
    called = names({one["by"] for one in found.steps.values()} | deciders)
    found_entries = standing("remedy", "playbook")
    remedies = found_entries["remedy"]
    limits = {one.key: int(one.values["leader"]) for one in remedies}
    waits = remedy is not None and remedy.above_limit and remedy.approved_at is None and found.closed_at is None
    asked = queries.approvers([remedy], limits).get(found.id, []) if remedy is not None and waits else []
    may_agree = remedy is not None and waits and queries.may_approve(remedy, limits.get(remedy.remedy), who.id, who.roles)
    head = _row(found, lang, _held([found]))
    return show(
        "complaints/complaint.html",
        status=status,
        complaint=found,
        head=head,
        came_by=head["came_by"],
        writes_lines=who.holds(*WRITERS),
        line=line,
        next=line.told("next", lang) if line is not None else "",
        steps=[(step, found.steps.get(step.key)) for step in STEPS],
        first=None if may_agree else next((step.key for step in STEPS if step.key not in found.steps), None),
        remedy=remedy,
        remedy_title=remedy.title[lang] if remedy is not None else "",
        names=called,
        remedies=[
            (one.key, _("%(name)s, up to %(limit)s TL", name=one.title(lang), limit=number(actions.limit_of(one.values, who)))) for one in remedies
        ],
        matrix=[(one.title(lang), one.told("conditions", lang), one.told("floor", lang)) for one in remedies],
        alike=[(one, one.title[lang], str(dict(SEVERITIES)[one.severity])) for one in queries.alike(found)],
        playbook=_playbook(found, found_entries["playbook"], lang),
        rights=_rights(remedies, lang),
        right=_right(remedy, lang),
        waits=waits,
        asked=", ".join(f"{one.name} ({ROLES[one.role]})" for one in asked),
        may_approve=may_agree,
        ready=not waits and all(step.key in found.steps for step in STEPS),
        wrong=wrong or {},
        given=request.form if wrong else {},
        now=now(),
    )


def _playbook(found: Complaint, known: list[Entry], lang: str) -> dict[str, Any] | None:
    """What follows a sale of such a product; None where its class is not known or not in use any more."""
    book = next((one for one in known if one.key == found.product_class), None)
    if book is None:
        return None
    steps = [field for field in book.kind.fields if field.key not in (book.kind.name, "products")]
    return {"key": book.key, "title": book.title(lang), "facts": [(label, linked(told, lang)) for label, told in facts_of(steps, book.values, lang)]}


def _rights(remedies: list[Entry], lang: str) -> list[tuple[str, str]]:
    """What may say that a remedy is the customer's right: the handbook, or a policy card that gives a right; nothing where no remedy can be one."""
    if not any(one.values["sort"] in RIGHTS for one in remedies):
        return []
    known = sorted((one.title.of(lang), one.key) for one in cards().values() if one.gives_right and not one.retired)
    says = [(key, _("Yes, as the card says: %(title)s", title=title)) for title, key in known]
    return [(FAVOUR, _("No, we give it of our own accord")), (BOOK, _("Yes, as the handbook says of this remedy")), *says]


def _right(remedy: ComplaintRemedy | None, lang: str) -> tuple[str, str] | None:
    """Where it stands that a remedy is the customer's right, as address and name; None where it is not."""
    if remedy is None or not remedy.right_by:
        return None
    card = cards().get(remedy.right_by)
    if card is None:
        return url_for("handbook.book", kind_key="remedy"), _("Remedies and limits")
    return url_for("service.card", key=card.key), card.title.of(lang)


@bp.route("/complaints/new", methods=["GET", "POST"])
def new_complaint() -> Response | BaseResponse:
    """Write down a complaint, or a case to practise."""
    if request.method == "GET":
        return show("complaints/new_complaint.html", inputs=drawn(FIELDS, {}, {}), receipt=secrets.token_hex(16), wrong=[])
    values, wrong = read(FIELDS, request.form)
    receipt = request.form.get("receipt", "")[:64] or secrets.token_hex(16)
    if wrong:
        return show("complaints/new_complaint.html", inputs=drawn(FIELDS, values, wrong), receipt=receipt, wrong=list(wrong.items()), status=422)
    heard = actions.Heard(now(), values["channel"], values["cause"], values["severity"], values["words"], values["product"], values["product_class"])
    made = actions.take(heard, "here", receipt, at=now(), by_id=viewer().id)
    db.session.commit()
    return back_to(url_for("complaints.complaint", complaint_id=made) if made is not None else url_for("complaints.complaints"))


def _revision() -> int:
    return whole(request.form.get("revision"), REVISIONS, -1)


@bp.post("/complaints/<int:complaint_id>/steps/<step>")
def do_step(complaint_id: int, step: str) -> Response | BaseResponse:
    """Note that a step was done, or why it is left out."""
    found = queries.complaint_or_404(complaint_id)
    left_out, why_not = bool(request.form.get("left_out")), request.form.get("why", "").strip()
    try:
        if left_out and not why_not:
            raise Refusal(_("Please say why this step is left out."), 422)
        actions.do_step(found, step, why_not=why_not if left_out else "", revision=_revision(), at=now(), by_id=viewer().id)
    except Refusal as refusal:
        return _again(complaint_id, refusal, f"why-{step}" if left_out else "steps")
    db.session.commit()
    return back_to(url_for("complaints.complaint", complaint_id=complaint_id, _anchor="steps"))


@bp.post("/complaints/<int:complaint_id>/remedy")
def choose_remedy(complaint_id: int) -> Response | BaseResponse:
    """Choose what puts it right."""
    found = queries.complaint_or_404(complaint_id)
    entry = next((one for one in entries("remedy") if one.key == request.form.get("remedy")), None)
    if entry is None:
        return _show(found, 422, {"remedy": _("Please choose one of these.")})
    try:
        amount = whole_amount(request.form.get("amount", "").strip() or "0")
        words = {name: request.form.get(name, "")[:4000] for name in ("benefit", "reason")}
        right_by = request.form.get("right_by", FAVOUR)[:120]
        right_by = "" if right_by == FAVOUR else right_by
        waits = actions.choose(found, entry, amount=amount, who=viewer(), at=now(), right_by=right_by, **words)
    except Refusal as refusal:
        return _again(complaint_id, refusal, refusal.code if refusal.status == 422 else "remedy")
    db.session.commit()
    flash(_("It is above your limit and waits for approval. Name no amount before that.") if waits else _("The remedy is noted."))
    return back_to(url_for("complaints.complaint", complaint_id=complaint_id, _anchor="remedy"))


@bp.post("/complaints/<int:complaint_id>/approval")
def approve(complaint_id: int) -> Response | BaseResponse:
    """Agree to a remedy above its chooser's limit."""
    found = queries.complaint_or_404(complaint_id)
    require_role(viewer(), "supervisor", "executive")
    try:
        actions.approve(found, who=viewer(), at=now())
    except Refusal as refusal:
        return _again(complaint_id, refusal, "put-right")
    db.session.commit()
    flash(_("The remedy is approved."))
    return back_to(url_for("complaints.complaint", complaint_id=complaint_id, _anchor="remedy"))


@bp.post("/complaints/<int:complaint_id>/closure")
def close(complaint_id: int) -> Response | BaseResponse:
    """Close it."""
    found = queries.complaint_or_404(complaint_id)
    try:
        actions.close(found, revision=_revision(), at=now(), by_id=viewer().id)
    except Refusal as refusal:
        return _again(complaint_id, refusal, "closing")
    db.session.commit()
    flash(_("The complaint is closed."))
    return back_to(url_for("complaints.complaint", complaint_id=complaint_id))


@bp.route("/complaints/file", methods=["GET", "POST"])
@takes(LARGEST_KB)
def take_file() -> Response:
    """Take complaints, or counts of contacts, from a file of another system."""
    require_role(viewer(), "hr", "admin")
    taken, errors = None, []
    if request.method == "POST":
        try:
            data, zone = uploaded(), current_app.extensions["trainee"].default_time_zone
            contacts = request.form.get("what") == "contacts"
            taken = files.take_contacts(data, zone, at=now()) if contacts else files.take_complaints(data, zone, at=now(), by_id=viewer().id)
        except Refusal as refusal:
            db.session.rollback()
            errors = [refusal.message]
        else:
            db.session.commit()
    told = "" if taken is None else _n("%(num)d row was taken.", "%(num)d rows were taken.", taken.new)
    told_as = {"causes": causes(), "severities": severities(), "channels": channels()}
    known = {name: "; ".join(f"{key} ({words})" for key, words in pairs) for name, pairs in told_as.items()}
    columns = {"complaints": ", ".join((*files.COMPLAINTS, *files.OPTIONAL)), "contacts": ", ".join(files.CONTACTS)}
    optional = ", ".join(files.OPTIONAL)
    return show(
        "complaints/file.html", optional=optional, taken=taken, told=told, errors=errors, known=known, columns=columns, status=422 if errors else 200
    )
