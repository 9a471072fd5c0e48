"""Pages on which one observation is written, on a phone and against a line that drops."""

import re
import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, flash, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching import draws
from trainee.coaching.calibration import counts_in_full
from trainee.coaching.observations import actions, planned, queries
from trainee.coaching.observations.forms import FIRST_STEP, UNMARKED, UNMARKED_FIRST, ObservationForm, complaints_of, observation_form
from trainee.coaching.observations.present import skill_name
from trainee.coaching.rights import person_to_observe
from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.i18n import _, language
from trainee.kit.web import back_to, show
from trainee.people import Person, viewer
from trainee.skills import framework, scorecards
from trainee.skills.scorecards import Card

bp = web.Blueprint("observing", __name__)

LONGEST_FIELD = 4000


@bp.get("/observations/people")
def people_to_observe() -> Response:
    """Whom I may observe."""
    if not viewer().holds("supervisor", "trainer"):
        raise Forbidden(_("Observing is for supervisors and trainers."))
    search = request.args.get("q", "")[:100]
    rows, total = queries.people_to_observe(viewer(), search)
    return show("observations/people.html", rows=rows, total=total, q=search)


@bp.route("/people/<int:person_id>/observations/new", methods=["GET", "POST"])
def observe(person_id: int) -> Response | BaseResponse:
    """Watch one contact and mark the lines of a card; begun ones are gone on with."""
    person = person_to_observe(person_id, viewer())
    if request.method == "POST":
        return _send(person)
    draft = queries.draft(request.args.get("draft", "")[:64], viewer().id, person_id)
    if draft is not None:
        form = observation_form(scorecards.card(draft.card_id), framework(), language(), MultiDict(draft.fields))
        return _show_form(form, person, draft.receipt)
    form = observation_form(_chosen_card(person_id), framework(), language(), MultiDict())
    form.seen_at.data = _local(now())
    form.channel.data = form.card.channel
    form.receipt.data = secrets.token_hex(16)
    pick = draws.pick_of(_number(request.args.get("pick", "")), person_id, viewer().id)
    if pick is not None:
        # An hour that was drawn is not the number of a contact: two may be watched in it.
        form.contact.data, form.pick.data = pick.reference if pick.kind == "references" else "", str(pick.id)
    return _show_form(form, person, form.receipt.data)


def _chosen_card(person_id: int) -> Card:
    """The card the address names; else the one used last for this person, in its version of today, unless it has not the skill that is asked for."""
    cards = scorecards.current_cards()
    if not cards:
        raise Refusal(_("There is no scorecard yet. Please tell a trainer."))
    wanted, skill = request.args.get("card", ""), request.args.get("skill", "")
    last = None if wanted else queries.last_card_of(person_id)
    used = scorecards.card(last).key if last is not None else ""
    fits = [one for one in cards if skill in one.skills] if skill and not wanted else cards
    return next((one for one in fits if one.key == (wanted or used)), (fits or cards)[0])


def _send(person: Person) -> Response | BaseResponse:
    form = observation_form(_sent_card(), framework(), language())
    if form.validate_on_submit():
        try:
            made = _keep(form, person.id)
        except Refusal as refusal:
            _put_beside(form, refusal)
        else:
            db.session.commit()
            flash(_("Saved what you saw %(name)s do.", name=person.name))
            return back_to(url_for("observations.observation", observation_id=made))
    return _show_form(form, person, form.receipt.data or "", 422)


def _sent_card() -> Card:
    """The version of the card that the form was made of, also when there is a newer one meanwhile."""
    try:
        return scorecards.card(_number(request.form.get("card_id", "")))
    except NotFound:
        raise Refusal(_("This form cannot be read any more. Please open a new one.")) from None


def _number(text: str) -> int:
    """A number that can be one of ours, else 0, which is nobody's."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _show_form(form: ObservationForm, person: Person, receipt: str, status: int = 200) -> Response:
    book = framework()
    drafts = [one for one in queries.drafts_of(viewer().id, person.id) if one.receipt != receipt]
    return show(
        "observations/observe.html",
        fragment="observations/_observe.html",
        form=form,
        card=form.card,
        cards=scorecards.current_cards(),
        person=person,
        levels=book.levels,
        steps=book.steps,
        skills={one.skill: book.skill(one.skill) for one in form.card.lines},
        first_step=FIRST_STEP,
        unmarked=UNMARKED,
        unmarked_first=UNMARKED_FIRST,
        note_missing=actions.note_missing(),
        drafts=drafts,
        picks=draws.open_picks(person.id, viewer().id),
        hour=_drawn_hour(form, person.id),
        planned=planned.waiting_for(viewer(), person.id),
        skill_name=skill_name,
        wishes=actions.wishes_first(person.id),
        counts=counts_in_full(viewer().id),
        wrong=complaints_of(form),
        status=status,
    )


def _drawn_hour(form: ObservationForm, person_id: int) -> str:
    """The hour the form came from, when one was drawn; empty otherwise."""
    number = _number(form.pick.data or "")
    pick = draws.pick_of(number, person_id, viewer().id) if number else None
    return pick.reference if pick is not None and pick.kind != "references" else ""


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(viewer().time_zone)).replace(tzinfo=None)


def _keep(form: ObservationForm, person_id: int) -> int:
    who, contact = viewer().id, (form.contact.data or "").strip()
    pick = draws.observed(person_id=person_id, drawn_by_id=who, pick_id=_number(form.pick.data or ""), contact=contact, at=now())
    return actions.observe(
        observer_id=who,
        person_id=person_id,
        seen_at=form.moment(viewer().time_zone),
        channel=form.channel.data,
        lines=form.lines(),
        shared=form.shared.data or "",
        receipt=form.receipt.data or "",
        at=now(),
        card_id=form.card.id,
        around=form.around(pick),
        self_review=form.self_review.data,
    )


def _put_beside(form: ObservationForm, refusal: Refusal) -> None:
    """The sentence beside the field it is about; what no field can mend is told as a page of its own."""
    db.session.rollback()
    if refusal.status != 422:
        raise refusal
    field = form[refusal.code] if refusal.code in form else form.level(form.card.lines[0].skill)
    field.errors = [refusal.message]


@bp.post("/people/<int:person_id>/observations/drafts")
def keep_draft(person_id: int) -> Response | BaseResponse:
    """Keep what is typed so far; the page's script does it as one goes, and a button does it without."""
    person_to_observe(person_id, viewer())
    card = _sent_card()
    fields = {name: [value[:LONGEST_FIELD] for value in values] for name, values in request.form.lists() if name in _draft_fields(card)}
    receipt = request.form.get("receipt", "")[:64]
    actions.keep_draft(observer_id=viewer().id, person_id=person_id, card_id=card.id, receipt=receipt, fields=fields, at=now())
    db.session.commit()
    if web.wants_fragment():
        return Response(status=204)
    flash(_("Kept. You find it under your observations."))
    return back_to(url_for("observations.observations", show="by-me"))


def _draft_fields(card: Card) -> set[str]:
    around = {
        "seen_at",
        "channel",
        "contact",
        "opening",
        "first_seconds",
        "beyond",
        "professional",
        "respectful",
        "conduct",
        "shared",
        "rest",
        "self_review",
        "receipt",
        "pick",
    }
    return around | {f"{part}_{skill}" for skill in card.skills for part in ("level", "note", "critical")}


@bp.post("/observations/drafts/<int:draft_id>/removal")
def drop_draft(draft_id: int) -> BaseResponse:
    """Throw away what I began."""
    actions.drop_draft(draft_id, viewer().id)
    db.session.commit()
    flash(_("Thrown away."))
    return back_to(url_for("observations.observations", show="by-me"))
