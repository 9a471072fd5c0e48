"""Pages of what is expected: of me, of my people, and one in full; writing, issuing, changing and ending it; reading and objecting."""

import secrets
from datetime import date, datetime
from typing import Any

from flask import Response, flash, g, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee import expectations, people, profile
from trainee.dashboards import expecting
from trainee.dashboards.expecting import Wanted
from trainee.dashboards.standing import level_name, skill_name
from trainee.expectations import Expectation, ExpectationDraft, Scope, Terms, actions, queries
from trainee.expectations.forms import AnswerForm, EndForm, ObjectionForm, TermsForm, WhomForm
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.forms import REVISIONS, complaints, whole
from trainee.kit.i18n import _, _n, language
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import Viewer, viewer
from trainee.profile.words import STATUS_NAMES
from trainee.skills import framework

bp = Blueprint("expectations", __name__)

_COPIED = ("ways", "monitored", "rhythm", "how_often", "audience", "seen_by")


# Reading


@bp.get("/expectations")
def mine() -> Response:
    """What is expected of me."""
    who = viewer()
    return show("expectations/of_person.html", person=None, page=expecting.of_person(who.id, who.time_zone, now()), may_set=False)


@bp.get("/people/<int:person_id>/expectations")
def of_person(person_id: int) -> Response | BaseResponse:
    """What is expected of somebody I look after."""
    who = viewer()
    if person_id == who.id:
        return back_to(url_for("expectations.mine"))
    found = people.person_or_404(person_id, who)
    page = expecting.of_person(found.id, found.time_zone, now())
    return show("expectations/of_person.html", person=found, page=page, may_set=queries.may_set(who, Scope("person", found.id)))


def _require_list(who: Viewer) -> None:
    people.require_role(who, "supervisor", "hr", "admin")


@bp.get("/expectations/people")
def of_people() -> Response:
    """What is expected of everybody this viewer looks after, with what waits for her."""
    who = viewer()
    _require_list(who)
    wanted = Wanted(*(request.args.get(name, "")[:100] for name in ("q", "skill", "status", "answer")))
    found = expecting.of_line(who, wanted, now(), request.args.get("people", 1, type=int))
    pages = max(1, -(-len(found.rows) // expecting.PAGE))
    page = min(max(_page(), 1), pages)
    kept = {name: value for name, value in zip(("q", "skill", "status", "answer"), vars_of(wanted), strict=True) if value}
    return show(
        "expectations/of_people.html",
        rows=found.rows[(page - 1) * expecting.PAGE : page * expecting.PAGE],
        total=_n("%(num)d expectation", "%(num)d expectations", len(found.rows)),
        found=found,
        before=_leading(kept, found, page - 1, pages),
        after=_leading(kept, found, page + 1, pages),
        wanted=wanted,
        kept=kept,
        skills=[("", _("Every skill")), *((one.key, one.name.of(language())) for one in framework().skills)],
        statuses=[("", _("Every status")), *STATUS_NAMES.items(), ("coming", _("Still to begin"))],
        answers=[("", _("Read or not")), ("waiting", _("Not acknowledged yet")), ("acknowledged", _("Acknowledged")), ("objected", _("Objection"))],
        objections=[_objection(row) for row in queries.objections_for(who)],
        drafts=queries.drafts_for(who),
        skill_name=skill_name,
        level_name=level_name,
        may_set=who.holds("supervisor", "hr"),
        page=page,
        pages=pages,
    )


def _leading(kept: dict[str, str], found: expecting.Rows, page: int, pages: int) -> str | None:
    """The page before or after, which may lie in the block of people before or after; None where there is none."""
    block = found.block
    if page < 1 or page > pages:
        block, page = (block - 1, 1) if page < 1 else (block + 1, 1)
    if not 1 <= block <= found.blocks:
        return None
    values: dict[str, Any] = {**kept, "people": block if block > 1 else None, "page": page if page > 1 else None}
    return url_for("expectations.of_people", **values)


def vars_of(wanted: Wanted) -> tuple[str, str, str, str]:
    """What the list is narrowed by, in the order of the address."""
    return wanted.words, wanted.skill, wanted.status, wanted.answer


def _objection(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "note": row.note,
        "skill": f"{skill_name(row.skill)}: {level_name(row.level)}",
        "url": url_for("expectations.expectation", expectation_id=row.expectation_id),
    }


def _page() -> int:
    return whole(request.args.get("page"), 999_999, 1)


@bp.get("/expectations/<int:expectation_id>")
def expectation(expectation_id: int) -> Response:
    """One version in full."""
    return _show(queries.expectation_or_404(expectation_id, viewer()))


def _show(row: Expectation, status: int = 200, objection: ObjectionForm | None = None, answers: dict[int, AnswerForm] | None = None) -> Response:
    who, at = viewer(), now()
    scope = Scope.of(row)
    meant = queries.is_meant(row, who.id)
    zone = who.time_zone
    if row.person_id is not None and row.person_id != who.id:
        zone = db.session.get_one(people.Person, row.person_id).time_zone
    day = local_date(at, zone)
    form = objection or ObjectionForm(formdata=None)
    form.receipt.data = form.receipt.data or secrets.token_hex(16)
    told = expecting.full(row, day)
    looks_after = not meant or who.holds("supervisor", "hr", "admin")
    everybody = expecting.asked(row, who) if looks_after else []
    if meant:
        g.area = "dashboards.my_skills"
    return show(
        "expectations/expectation.html",
        status=status,
        row=row,
        told=told,
        mine=_of_one(row, who.id, zone, at) if meant else None,
        hers=_of_one(row, row.person_id, zone, at) if row.person_id is not None and not meant else None,
        said=queries.answers_to(row.id, [who.id]) if meant else [],
        asked=everybody,
        answered=sum(1 for one in everybody if one.answer == "acknowledged"),
        answerable=queries.answerable(who, row) if any(one.objection for one in everybody) else set(),
        may_set=told.state in {"holds", "coming"} and queries.may_set(who, scope),
        objection=form,
        answers=answers or {},
        blank=AnswerForm(formdata=None),
        versions=queries.versions(row),
        level_name=level_name,
        may_see_list=who.holds("supervisor", "hr", "admin"),
    )


def _of_one(row: Expectation, person_id: int, zone: str, at: datetime) -> dict[str, Any]:
    """How one version stands with one person: whether it applies, what goes before it, status and forecast."""
    found = expectations.expected_of([person_id], at)[person_id]
    layers = found.layers.get(row.skill, [])
    coming = next((one for one in found.coming.get(row.skill, []) if one.id == row.id), None)
    place = next((number for number, one in enumerate(layers) if one.id == row.id), None)
    target = layers[place] if place is not None else coming
    if target is None:
        return {"shown": None, "applies": False, "above": None}
    if place is None:
        return {"shown": expecting.shown_coming(row.skill, target, zone), "applies": False, "above": None}
    level = profile.levels(person_id, at).get(row.skill)
    above = expecting.shown(row.skill, layers[0], None, zone) if place else None
    return {"shown": expecting.shown(row.skill, target, level, zone, layers[place + 1 :]), "applies": place == 0, "above": above}


# Answering


def _require_meant(row: Expectation, who: Viewer) -> None:
    if not queries.is_meant(row, who.id):
        raise Forbidden(_("Only those it is expected of answer it."))
    if row.closed_at is not None and (row.closed_on or date.max) <= local_date(now(), who.time_zone):
        raise Refusal(_("This has been changed or ended meanwhile. Please read how it stands now."))


@bp.post("/expectations/<int:expectation_id>/acknowledgement")
def acknowledge(expectation_id: int) -> BaseResponse:
    """I have read it."""
    who = viewer()
    row = queries.expectation_or_404(expectation_id, who)
    _require_meant(row, who)
    expectations.acknowledge(row.id, who.id, now())
    db.session.commit()
    flash(_("Thank you. Those who set it see that you have read it."))
    return back_to(url_for("expectations.mine"))


@bp.post("/expectations/<int:expectation_id>/objections")
def object_to(expectation_id: int) -> Response | BaseResponse:
    """I do not agree, and say why."""
    who = viewer()
    row = queries.expectation_or_404(expectation_id, who)
    _require_meant(row, who)
    form = ObjectionForm()
    if not form.validate_on_submit():
        return _show(row, 422, objection=form)
    expectations.object_to(row.id, who.id, form.note.data or "", form.receipt.data or "", now())
    db.session.commit()
    flash(_("Your objection is on its way. You get an answer, and until then nothing is taken for agreed."))
    return back_to(url_for("expectations.expectation", expectation_id=row.id))


@bp.post("/expectations/objections/<int:answer_id>/reply")
def reply(answer_id: int) -> Response | BaseResponse:
    """Answer an objection; who wants to change what is expected does that instead."""
    who = viewer()
    objection = queries.objection_or_404(answer_id, who)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _show(queries.expectation_or_404(objection.expectation_id, who), 422, answers={answer_id: form})
    expectations.reply_to(answer_id, words=form.reply.data or "", by_id=who.id, at=now())
    db.session.commit()
    flash(_("Your answer is sent; your colleague is asked to read it once more."))
    return back_to(url_for("expectations.expectation", expectation_id=objection.expectation_id))


# Writing


@bp.route("/expectations/new", methods=["GET", "POST"])
def new() -> Response | BaseResponse:
    """The first step: for whom, what and until when."""
    who = viewer()
    people.require_role(who, "supervisor", "hr")
    form = WhomForm()
    choices = queries.scopes_to_set(who)
    form.offer(choices, framework(), language())
    if request.method == "GET":
        _prefill(form, who)
    elif form.validate_on_submit():
        draft_id = _start(form, who)
        db.session.commit()
        return back_to(url_for("expectations.draft", expectation_draft_id=draft_id))
    return _show_whom(form, None, nobody=not choices)


def _prefill(form: WhomForm, who: Viewer) -> None:
    whom = Scope.read(request.args.get("whom", "")[:160])
    form.whom.data = str(whom) if whom is not None else ""
    form.skill.data = request.args.get("skill", "")
    form.starts_on.data = (
        actions.today_of(whom, who.id, now()) if whom is not None and queries.may_set(who, whom) else local_date(now(), who.time_zone)
    )
    form.receipt.data = secrets.token_hex(16)


def _start(form: WhomForm, who: Viewer) -> int:
    values = form.columns()
    scope = Scope.read(form.whom.data or "")
    assert scope is not None  # It was one of those offered.
    queries.require_setter(who, scope)
    before = queries.standing_one(scope, values["skill"])
    # What it must say is never answered by itself; how she answered last time is one tap away.
    terms = Terms(**{name: values[name] for name in ("skill", "level", "starts_on", "ends_on")})
    replaces = before.id if before is not None else None
    return actions.start_draft(scope, terms, by_id=who.id, at=now(), receipt=form.receipt.data or secrets.token_hex(16), replaces_id=replaces)


def _show_whom(form: WhomForm, draft: ExpectationDraft | None, nobody: bool = False, clash: Any = None) -> Response:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "draft": draft, "nobody": nobody, "clash": clash, "complaints": complaints(form)}
    return show("expectations/whom.html", status=status, **context)


def _open_draft(draft_id: int, who: Viewer) -> ExpectationDraft:
    found = queries.draft_or_404(draft_id, who)
    if found.discarded_at is not None:
        raise Refusal(_("This draft was thrown away."))
    return found


@bp.route("/expectations/drafts/<int:expectation_draft_id>/whom", methods=["GET", "POST"])
def draft_whom(expectation_draft_id: int) -> Response | BaseResponse:
    """The first step once more, for a draft."""
    who = viewer()
    found = _open_draft(expectation_draft_id, who)
    if found.issued_id is not None:
        return back_to(url_for("expectations.expectation", expectation_id=found.issued_id))
    form, clash = WhomForm(), None
    form.offer(queries.scopes_to_set(who), framework(), language())
    if request.method == "GET":
        form.process(data={**Terms.of(found).columns(), "level": str(found.level), "whom": str(Scope.of(found)), "revision": str(found.revision)})
    elif form.validate_on_submit():
        # Whether she may set for whom she chose now; those offered were hers when the page was made.
        scope = Scope.read(form.whom.data or "")
        assert scope is not None  # It was one of those offered.
        queries.require_setter(who, scope)
        values = form.columns()
        before = queries.standing_one(scope, values["skill"])
        values["replaces_id"] = before.id if before is not None else None
        if actions.save_draft(found.id, values, revision=_revision(form), by_id=who.id, at=now()) is not None:
            db.session.commit()
            return back_to(url_for("expectations.draft", expectation_draft_id=found.id))
        db.session.expire(found)
        clash = _clash(found)
        form.revision.data = str(found.revision)
    return _show_whom(form, found, clash=clash)


def _revision(form: Any) -> int:
    """The number of the text the writer saw; one that cannot be read is none that anybody saw."""
    return whole(form.revision.data, REVISIONS, 0)


def _clash(found: ExpectationDraft) -> dict[str, Any]:
    """What somebody else saved while this was being written."""
    return {
        "name": people.names([found.edited_by_id]).get(found.edited_by_id, ""),
        "whom": queries.scope_name(Scope.of(found)),
        "skill": skill_name(found.skill),
        "level": level_name(found.level),
        "starts_on": found.starts_on,
        "ends_on": found.ends_on,
    }


@bp.route("/expectations/drafts/<int:expectation_draft_id>", methods=["GET", "POST"])
def draft(expectation_draft_id: int) -> Response | BaseResponse:
    """The second step: why, and how it is monitored; saved as it is, or issued."""
    who = viewer()
    found = _open_draft(expectation_draft_id, who)
    if found.issued_id is not None:
        return back_to(url_for("expectations.expectation", expectation_id=found.issued_id))
    form, theirs, late = TermsForm(), [], ""
    if request.method == "GET":
        form.process(data={**Terms.of(found).columns(), "revision": str(found.revision)})
    elif form.validate_on_submit():
        like = _like(found, who) if request.form.get("do") == "last" else None
        written = form.columns() | (_copied(like) if like is not None else {})
        revision = actions.save_draft(found.id, written, revision=_revision(form), by_id=who.id, at=now())
        if revision is not None and like is not None:
            db.session.commit()
            return back_to(url_for("expectations.draft", expectation_draft_id=found.id))
        if revision is None:
            db.session.expire(found)
            theirs = form.written_over(found)
            form.revision.data = str(found.revision)
        else:
            # What was written is kept in any case, also where something is missing yet.
            db.session.commit()
            db.session.expire(found)
            form.revision.data = str(revision)
            done = _saved_or_issued(form, found, who)
            if not isinstance(done, str):
                return done
            late = done
    return _show_draft(form, found, who, theirs, late)


def _like(found: ExpectationDraft, who: Viewer) -> Expectation | None:
    """What was expected before, or what she set last: how it was monitored may be taken over from there."""
    before = db.session.get(Expectation, found.replaces_id) if found.replaces_id is not None else None
    return before or queries.last_of_setter(who)


def _copied(like: Expectation) -> dict[str, Any]:
    return {name: getattr(like, name) for name in _COPIED}


def _saved_or_issued(form: TermsForm, found: ExpectationDraft, who: Viewer) -> BaseResponse | str:
    """Where to go when that is done; else what is wrong with the dates, or nothing when it is noted beside a field."""
    if request.form.get("do") != "issue":
        flash(_("Saved as a draft. Nobody is told before you issue it."))
        return back_to(url_for("expectations.of_people"))
    if not form.is_whole(Terms.of(found)):
        return ""
    try:
        made = actions.issue_draft(found.id, by_id=who.id, at=now())
    except Refusal as refusal:
        db.session.rollback()
        if refusal.status != 422:
            raise
        return refusal.message
    db.session.commit()
    flash(_("Issued. Those concerned find it on Today and are asked to read it."))
    return back_to(url_for("expectations.expectation", expectation_id=made))


def _show_draft(form: TermsForm, found: ExpectationDraft, who: Viewer, theirs: list[tuple[str, str, str]], late: str = "") -> Response:
    wrong = complaints(form) + ([("dates", late)] if late else [])
    clashes = request.method == "POST" and not wrong
    scope = Scope.of(found)
    before = db.session.get(Expectation, found.replaces_id) if found.replaces_id is not None else None
    like = before or queries.last_of_setter(who)
    anchors = framework().skill(found.skill).anchors.get(found.level, ())
    return show(
        "expectations/draft.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        draft=found,
        whom=queries.scope_name(scope),
        scope=scope,
        skill=skill_name(found.skill),
        level=level_name(found.level),
        anchors=[one.of(language()) for one in anchors],
        before=level_name(before.level) if before is not None else "",
        last=expecting.monitored_words(like) if like is not None and not (found.ways or found.rhythm or found.audience) else "",
        complaints=wrong,
        theirs=theirs,
        clash=_clash(found) if clashes else None,
    )


@bp.post("/expectations/drafts/<int:expectation_draft_id>/discard")
def discard(expectation_draft_id: int) -> BaseResponse:
    """Throw a draft away."""
    who = viewer()
    found = queries.draft_or_404(expectation_draft_id, who)
    actions.discard_draft(found.id, who.id, now())
    db.session.commit()
    flash(_("The draft is thrown away."))
    return back_to(url_for("expectations.of_people"))


@bp.post("/expectations/<int:expectation_id>/change")
def change(expectation_id: int) -> BaseResponse:
    """Write the next version; who is writing one already is joined."""
    who = viewer()
    row = queries.expectation_or_404(expectation_id, who)
    scope = Scope.of(row)
    queries.require_setter(who, scope)
    if row.closed_at is not None:
        raise Refusal(_("This has been changed or ended meanwhile. Please read how it stands now."))
    at = now()
    draft_id = queries.open_draft_of(row.id)
    if draft_id is None:
        today = actions.today_of(scope, who.id, at)
        ends_on = row.ends_on if row.ends_on is not None and row.ends_on > today else None
        terms = Terms(**{**Terms.of(row).columns(), "starts_on": max(today, row.starts_on), "ends_on": ends_on, "ways": tuple(row.ways)})
        draft_id = actions.start_draft(scope, terms, by_id=who.id, at=at, receipt=secrets.token_hex(16), replaces_id=row.id)
        db.session.commit()
    return back_to(url_for("expectations.draft", expectation_draft_id=draft_id))


@bp.route("/expectations/<int:expectation_id>/end", methods=["GET", "POST"])
def end(expectation_id: int) -> Response | BaseResponse:
    """End it before its time, with a reason."""
    who = viewer()
    row = queries.expectation_or_404(expectation_id, who)
    queries.require_setter(who, Scope.of(row))
    form = EndForm()
    if form.validate_on_submit():
        expectations.end(row.id, reason=form.reason.data or "", by_id=who.id, at=now())
        db.session.commit()
        flash(_("It is ended. Those concerned read your reason."))
        return back_to(url_for("expectations.expectation", expectation_id=row.id))
    status = 422 if request.method == "POST" else 200
    told = expecting.full(row, local_date(now(), who.time_zone))
    return show("expectations/end.html", status=status, form=form, row=row, told=told, complaints=complaints(form))
