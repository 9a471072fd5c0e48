"""Pages of growth opportunities."""

import secrets

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching.growth import actions, queries
from trainee.coaching.growth.forms import KIND_NAMES, OfferForm, OutcomeForm
from trainee.coaching.growth.models import KINDS
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _, language
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import person_or_404, viewer
from trainee.skills import framework

bp = Blueprint("growth", __name__)


def _skill(key: str) -> str:
    return framework().skill(key).name.of(language())


@bp.get("/growth")
def mine() -> Response:
    """What is offered to me, and what I took up."""
    who, at = viewer(), now()
    offers, chances = queries.offers_of(who.id, declined=True), queries.chances(who.id, at)
    return show(
        "growth/mine.html",
        chances=chances,
        open_kinds=[KIND_NAMES[kind] for kind in KINDS if any(kind in one.kinds for one in chances)],
        waiting=[one for one in offers if one.answer is None],
        taken=[one for one in offers if one.answer == "accepted"],
        declined=[one for one in offers if one.answer == "declined"],
        today=local_date(at, who.time_zone),
        kinds=KIND_NAMES,
        skill=_skill,
    )


@bp.post("/growth")
def take() -> BaseResponse:
    """Take up what a level offers, or not."""
    form = request.form
    made = actions.take_up(person_id=viewer().id, skill=form.get("skill", ""), kind=form.get("kind", ""), answer=form.get("answer", ""), at=now())
    db.session.commit()
    _thank(form.get("answer", ""), made)
    return back_to(url_for("growth.mine"))


def _thank(answer: str, made: bool) -> None:
    if made:
        flash(_("Good. Your supervisor sees it, so that time is made for it.") if answer == "accepted" else _("That is fine. Nobody else is told."))


@bp.post("/growth/<int:offer_id>/answer")
def answer(offer_id: int) -> BaseResponse:
    """Take up what somebody offered me, or not."""
    who = viewer()
    found = queries.offer_or_404(offer_id, who)
    if found.person_id != who.id:
        raise NotFound
    said = request.form.get("answer", "")
    made = actions.answer(found, said, now())
    db.session.commit()
    _thank(said, made)
    return back_to(url_for("growth.mine"))


@bp.post("/growth/<int:offer_id>/outcome")
def outcome(offer_id: int) -> BaseResponse:
    """What came of something that was taken up; either side may write it."""
    who = viewer()
    found = queries.offer_or_404(offer_id, who)
    form = OutcomeForm()
    if not form.validate_on_submit():
        raise Refusal(str(next(iter(form.errors.values()))[0]) if form.errors else _("Please write what came of it."), 422, "outcome")
    actions.note_outcome(found, form.outcome.data or "", now())
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("growth.mine") if found.person_id == who.id else url_for("growth.of_person", person_id=found.person_id))


@bp.route("/people/<int:person_id>/growth", methods=["GET", "POST"])
def of_person(person_id: int) -> Response | BaseResponse:
    """What one of my people took up, and offering her something."""
    who, at = viewer(), now()
    person = person_or_404(person_id, who)
    queries.require_lead(who, person_id)
    form = OfferForm()
    form.offer([(one.key, one.name.of(language())) for one in framework().skills])
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(16)
    elif form.validate_on_submit():
        said = {"skill": form.skill.data, "kind": form.kind.data, "words": form.words.data or "", "receipt": form.receipt.data or ""}
        actions.offer(by_id=who.id, person_id=person_id, at=at, **said)
        db.session.commit()
        flash(_("Offered. It is up to %(name)s now.", name=person.name))
        return back_to(url_for("growth.of_person", person_id=person_id))
    return show(
        "growth/person.html",
        person=person,
        form=form,
        offers=queries.offers_of(person_id, declined=False),
        today=local_date(at, person.time_zone),
        kinds=KIND_NAMES,
        skill=_skill,
        status=422 if request.method == "POST" else 200,
    )
