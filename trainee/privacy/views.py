"""Asking for a correction, deciding on it, and what is due to be deleted."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response, flash, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import whole
from trainee.kit.i18n import _, date_words, language, moment_words, number
from trainee.kit.markdown import render
from trainee.kit.web import back_to, show
from trainee.people import require_role, viewer
from trainee.plans.noted import CORRECTED, GROUNDS
from trainee.privacy import actions, destroying, queries
from trainee.privacy.forms import CorrectionForm, DecisionForm, NoticeForm
from trainee.privacy.inventory import HELD
from trainee.privacy.models import PrivacyNotice
from trainee.privacy.telling import destroyed_words, first_notice

bp = web.Blueprint("privacy", __name__)


@bp.route("/me/corrections", methods=["GET", "POST"])
def my_corrections() -> Response | BaseResponse:
    """Ask that something held about me be put right, and see what became of it."""
    form = CorrectionForm()
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(16)
    elif form.validate_on_submit():
        actions.ask_correction(person_id=viewer().id, what=form.what.data or "", why=form.why.data or "", receipt=form.receipt.data or "", at=now())
        db.session.commit()
        flash(_("Your request is with HR. You get an answer within thirty days."))
        return back_to(url_for("privacy.my_corrections"))
    return show(
        "privacy/my_corrections.html",
        form=form,
        requests=queries.corrections_of(viewer().id),
        decision_names=CORRECTED,
        today=local_date(now(), viewer().time_zone),
        status=422 if request.method == "POST" else 200,
    )


@bp.get("/corrections")
def corrections() -> Response:
    """Everybody's requests, the most urgent first."""
    require_role(viewer(), "hr")
    return show(
        "privacy/corrections.html",
        waiting=queries.open_corrections(),
        decided=queries.decided_corrections(),
        decision_names=CORRECTED,
        today=local_date(now(), viewer().time_zone),
    )


@bp.get("/corrections/<int:request_id>")
def correction(request_id: int) -> Response:
    """One request."""
    require_role(viewer(), "hr")
    return _show_correction(queries.correction_or_404(request_id))


def _show_correction(found: Any, status: int = 200, form: DecisionForm | None = None) -> Response:
    return show(
        "privacy/correction.html",
        status=status,
        correction=found,
        form=form or DecisionForm(formdata=None),
        own=found.person_id == viewer().id,
        decision=CORRECTED.get(found.decision or ""),
        today=local_date(now(), viewer().time_zone),
    )


@bp.post("/corrections/<int:request_id>/decision")
def decide(request_id: int) -> Response | BaseResponse:
    """Decide on a request."""
    require_role(viewer(), "hr")
    found = queries.correction_or_404(request_id)
    form = DecisionForm()
    if not form.validate_on_submit():
        return _show_correction(found, 422, form)
    actions.decide(request_id, by_id=viewer().id, decision=form.decision.data, answer=form.answer.data or "", at=now())
    db.session.commit()
    flash(_("Decided. Your colleague can read the answer."))
    return back_to(url_for("privacy.corrections"))


@bp.get("/privacy")
def inventory() -> Response:
    """What is held about people: for what, who sees it, and for how long."""
    return show("privacy/inventory.html", held=HELD)


@bp.get("/retention")
def retention() -> Response:
    """What has been kept as long as it may be, and is due for deletion."""
    return _retention({})


def _retention(wrong: Mapping[str, str]) -> Response:
    """The page; of the kind of which something is wrong it says what, beside what was written."""
    require_role(viewer(), "hr")
    at = now()
    found = {"kinds": queries.due_for_deletion(at), "closed": destroying.closed_long_ago(at)}
    return show("privacy/retention.html", status=422 if wrong else 200, wrong=wrong, given=request.form, at=at, **found)


@bp.post("/retention/<kind>")
def set_term(kind: str) -> Response | BaseResponse:
    """For how long one kind of words is kept, and whether older ones go by night."""
    require_role(viewer(), "hr")
    try:
        destroying.set_term(kind, whole(request.form.get("months"), 9999, 0), request.form.get("active") == "1", viewer().id, now())
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        db.session.rollback()
        return _retention({kind: refusal.message})
    db.session.commit()
    flash(_("Saved. What is due goes in the next night, if that is switched on."))
    return back_to(url_for("privacy.retention"))


@bp.get("/destructions")
def destructions() -> Response:
    """What was destroyed, when, on whose word and on what ground."""
    require_role(viewer(), "hr")
    found = destroying.destructions(request.args.get("before", type=int))
    rows = [
        [
            moment_words(one.at),
            name or _("by itself"),
            destroyed_words(one.kind, one.subject),
            str(GROUNDS.get(one.ground, one.ground)),
            number(sum(one.counts.values())),
            date_words(one.keep_until),
        ]
        for one, name in found[:50]
    ]
    older = url_for("privacy.destructions", before=found[49][0].id) if len(found) > 50 else None
    return show("privacy/destructions.html", rows=rows, older=older)


@bp.get("/privacy/notice")
def notice() -> Response:
    """What the viewer is told about her data today, and whether she has said that she read it."""
    newest = queries.newest_notice()
    words = _text(newest) if newest is not None else ""
    read_at = queries.read_at(newest.number, viewer().id) if newest is not None else None
    return show("privacy/notice.html", notice=newest, words=words, read_at=read_at)


def _text(found: PrivacyNotice) -> Markup:
    return Markup(render(found.words_tr if language() == "tr" else found.words_en))  # noqa: S704  # Cleaned by `render`.


@bp.post("/privacy/notice/acknowledgement")
def read_notice() -> BaseResponse:
    """The viewer says that she read it."""
    newest = queries.newest_notice()
    wanted = request.form.get("number", 0, type=int)
    if newest is None or newest.number != wanted:
        raise Refusal(_("There is a newer version. Please read that one."))
    actions.read_notice(wanted, viewer().id, now())
    db.session.commit()
    flash(_("Thank you. It is noted that you read version %(number)s.", number=wanted))
    return back_to(url_for("privacy.notice"))


@bp.route("/privacy/notices", methods=["GET", "POST"])
def notices() -> Response | BaseResponse:
    """Every version with its readers, and publishing the next one."""
    require_role(viewer(), "hr")
    form, newest = NoticeForm(), queries.newest_notice()
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(16)
        form.words_tr.data, form.words_en.data = (newest.words_tr, newest.words_en) if newest is not None else first_notice()
    elif form.validate_on_submit():
        actions.publish_notice(
            form.words_tr.data or "", form.words_en.data or "", by_id=viewer().id, receipt=f"{viewer().id}/{form.receipt.data}", at=now()
        )
        db.session.commit()
        flash(_("Published. Everybody is asked to read it."))
        return back_to(url_for("privacy.notices"))
    missing, first = queries.not_read(newest.number) if newest is not None else (0, [])
    return show(
        "privacy/notices.html",
        form=form,
        versions=queries.notices(),
        missing=missing,
        first=first,
        status=422 if request.method == "POST" else 200,
    )
