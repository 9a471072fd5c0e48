"""Pages of observations: writing one on a phone, reading it, reviewing oneself, disagreeing and deciding."""

import re
import secrets
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching import draws
from trainee.coaching.calibration import counts_in_full
from trainee.coaching.observations import actions, disputes, queries
from trainee.coaching.observations.forms import (
    FIRST_STEP,
    OUTCOME_NAMES,
    DecisionForm,
    DisputeForm,
    ObservationForm,
    SelfReviewForm,
    complaints_of,
    observation_form,
    self_review_form,
)
from trainee.coaching.observations.models import Observation, ObservationLine, SelfReview
from trainee.coaching.rights import may_observe, person_to_observe
from trainee.coaching.scorecards.forms import CHANNEL_NAMES
from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.forms import SelectChoice
from trainee.kit.i18n import _, language
from trainee.kit.web import back_to, show
from trainee.people import Person, may_see, names, person_or_404, viewer
from trainee.skills import framework, scorecards
from trainee.skills.scorecards import Card

bp = web.Blueprint("observations", __name__)

LONGEST_FIELD = 4000


# Writing one ---------------------------------------------------------------------------------------------------------


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
    pick = draws.pick_of(_number(request.args.get("pick", "")), person_id)
    if pick is not None:
        form.contact.data, form.pick.data = pick.reference, str(pick.id)
    return _show_form(form, person, form.receipt.data)


def _chosen_card(person_id: int) -> Card:
    """The card the address names; else one that looks at the skill it names; else the one used last for this person, in its version of today."""
    cards = scorecards.current_cards()
    if not cards:
        raise Refusal(_("There is no scorecard yet. Please tell a trainer."))
    wanted, skill = request.args.get("card", ""), request.args.get("skill", "")
    last = None if wanted or skill else queries.last_card_of(person_id)
    used = scorecards.card(last).key if last is not None else ""
    fits = [one for one in cards if one.key == (wanted or used)] or [one for one in cards if skill in one.skills]
    return (fits or cards)[0]


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
        drafts=drafts,
        picks=draws.open_picks(person.id, viewer().id),
        counts=counts_in_full(viewer().id),
        wrong=complaints_of(form),
        status=status,
    )


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(viewer().time_zone)).replace(tzinfo=None)


def _keep(form: ObservationForm, person_id: int) -> int:
    pick = draws.pick_of(_number(request.form.get("pick", "")), person_id)
    # What was typed over the drawn number is another contact, and no draw chose it.
    drawn = pick if pick is not None and pick.reference == (form.contact.data or "").strip() else None
    made = actions.observe(
        observer_id=viewer().id,
        person_id=person_id,
        seen_at=form.moment(viewer().time_zone),
        channel=form.channel.data,
        lines=form.lines(),
        shared=form.shared.data or "",
        receipt=form.receipt.data or "",
        at=now(),
        card_id=form.card.id,
        around=form.around(drawn.id if drawn else None),
        self_review=form.self_review.data,
    )
    if drawn is not None:
        draws.observed(drawn.id, now())
    return made


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
    around = {"seen_at", "channel", "contact", "opening", "professional", "respectful", "conduct", "shared", "rest", "self_review", "receipt", "pick"}
    return around | {f"{part}_{skill}" for skill in card.skills for part in ("level", "note", "critical")}


@bp.post("/observations/drafts/<int:draft_id>/removal")
def drop_draft(draft_id: int) -> BaseResponse:
    """Throw away what I began."""
    actions.drop_draft(draft_id, viewer().id)
    db.session.commit()
    flash(_("Thrown away."))
    return back_to(url_for("observations.observations", show="by-me"))


# Lists ---------------------------------------------------------------------------------------------------------------


@bp.get("/observations")
def observations() -> Response:
    """What was seen of me; for those who observe, also what they saw of others and what waits for them."""
    who = viewer()
    observes = who.holds("supervisor", "trainer")
    by_me = observes and request.args.get("show") == "by-me"
    page = max(request.args.get("page", 1, type=int), 1)
    rows, total = queries.observations(who, observer_id=who.id, page=page) if by_me else queries.observations(who, person_id=who.id, page=page)
    waiting = disputes.waiting_for(who, now())
    drafts = queries.drafts_of(who.id) if by_me else []
    return _list_of(rows, total, page, by_me=by_me, observes=observes, waiting=len(waiting), drafts=drafts)


@bp.get("/people/<int:person_id>/observations")
def observations_of(person_id: int) -> Response | BaseResponse:
    """What was seen of one person, as far as the viewer may read it."""
    who = viewer()
    if person_id == who.id:
        return back_to(url_for("observations.observations"))
    may = may_observe(who, person_id)
    # A trainer may observe everybody and reads back what she wrote herself.
    person = person_to_observe(person_id, who) if may else person_or_404(person_id, who)
    page = max(request.args.get("page", 1, type=int), 1)
    rows, total = queries.observations(who, person_id=person_id, page=page)
    return _list_of(rows, total, page, person=person, observes=may)


def _list_of(rows: list[Any], total: int, page: int, **context: Any) -> Response:
    numbers = [row.id for row in rows]
    context = {"person": None, "by_me": False, "waiting": 0, "drafts": []} | context
    pages = max((total + queries.PAGE - 1) // queries.PAGE, 1)
    today = local_date(now(), viewer().time_zone)
    mine = context["person"] is None and not context["by_me"]
    return show(
        "observations/observations.html",
        rows=rows,
        lines=queries.lines_of(numbers),
        disputed=disputes.disputes_of(numbers),
        # What she is asked to say first is not shown to her before.
        closed={row.id for row in rows if mine and actions.waits_for_self_review(row, today)},
        total=total,
        page=page,
        pages=pages,
        skill=_name,
        channel_names=CHANNEL_NAMES,
        **context,
    )


def _name(skill: str) -> str:
    return framework().skill(skill).name.of(language())


@bp.get("/observations/people")
def people_to_observe() -> Response:
    """Whom I may observe."""
    if not viewer().holds("supervisor", "trainer"):
        raise Forbidden(_("Observing is for supervisors and trainers."))
    search = request.args.get("q", "")[:100]
    rows, total = queries.people_to_observe(viewer(), search)
    return show("observations/people.html", rows=rows, total=total, q=search)


# Reading one ---------------------------------------------------------------------------------------------------------


@bp.get("/observations/<int:observation_id>")
def observation(observation_id: int) -> Response | BaseResponse:
    """One observation, to be read; first the person's own view, when that was asked for."""
    found = queries.observation_or_404(observation_id, viewer())
    if found.person_id == viewer().id and _must_say_first(found):
        return back_to(url_for("observations.review_self", observation_id=observation_id))
    return _show(found)


def _must_say_first(found: Observation) -> bool:
    return actions.waits_for_self_review(found, local_date(now(), viewer().time_zone))


def _show(found: Observation, form: DisputeForm | None = None, status: int = 200) -> Response:
    mine, today = found.person_id == viewer().id, local_date(now(), viewer().time_zone)
    called = names([found.person_id, found.observer_id])
    card = scorecards.card(found.card_id) if found.card_id is not None else None
    lines = queries.lines_of([found.id])[found.id]
    own, own_levels = _own_view(found)
    disputed = disputes.disputes_of([found.id])[found.id]
    return show(
        "observations/observation.html",
        status=status,
        observation=found,
        person=called[found.person_id],
        observer=called[found.observer_id],
        card=card,
        lines=_anchored(lines, card, own_levels, disputed),
        whole=_whole(found, lines, card, disputed),
        own=own,
        waits=found.released_at is None,
        channel=CHANNEL_NAMES[found.channel],
        levels=framework().levels,
        mine=mine,
        may_dispute=mine and found.dispute_by is not None and today <= found.dispute_by,
        dispute_form=form or DisputeForm(formdata=None),
        outcome_names=OUTCOME_NAMES,
        may_see_person=may_see(viewer(), found.person_id),
    )


def _own_view(found: Observation) -> tuple[SelfReview | None, dict[str, int | None]]:
    # Who was not asked has none to look for.
    return queries.self_review_of(found.id) if found.self_review_by is not None else (None, {})


def _whole(found: Observation, lines: list[Any], card: Card | None, disputed: dict[str, Any]) -> float | None:
    """The contact as a whole by the weights of its card, as it stands after what was decided."""
    if card is None:
        return None
    levels = {row.skill_key: _stands(row, disputed.get(row.skill_key)) for row in lines}
    decided = {skill for skill, one in disputed.items() if one.outcome in ("changed", "struck")}
    critical = any(row.critical and row.skill_key not in decided for row in lines)
    return card.weighted(levels, critical or found.respectful is False)


def _stands(row: ObservationLine, dispute: Any) -> int | None:
    """The level that counts: what was decided, else what was marked."""
    if dispute is not None and dispute.outcome in ("changed", "struck"):
        level: int | None = dispute.level
        return level
    return 1 if row.critical else row.level


def _anchored(rows: list[Any], card: Card | None, own: dict[str, int | None], disputed: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines in their card's order, else the framework's, each with its level's name, the anchors of that level, and what came of it."""
    book, lang = framework(), language()
    order = card.skills if card is not None else tuple(one.key for one in book.every_skill)
    place = {key: number for number, key in enumerate(order)}
    return [_line(row, card, own, disputed.get(row.skill_key), lang) for row in sorted(rows, key=lambda row: place.get(row.skill_key, len(place)))]


def _line(row: Any, card: Card | None, own: dict[str, int | None], dispute: Any, lang: str) -> dict[str, Any]:
    book = framework()
    skill, marked = book.skill(row.skill_key), 1 if row.critical else row.level
    level = _stands(row, dispute)
    known = card.line(row.skill_key) if card is not None else None
    anchors = (known.anchors if known else skill.anchors).get(level or 0, ())
    return {
        "key": row.skill_key,
        "skill": skill.name.of(lang),
        "step": book.steps[skill.step].name.of(lang) if skill.step in book.steps else "",
        "level": level,
        "level_name": book.levels[level].name.of(lang) if level else _("Not seen"),
        "marked": marked,
        "own": own.get(row.skill_key),
        "anchors": [anchor.of(lang) for anchor in anchors],
        "note": row.note,
        "critical": book.critical_errors[row.critical].name.of(lang) if row.critical in book.critical_errors else row.critical,
        "dispute": dispute,
    }


@bp.post("/observations/<int:observation_id>/acknowledgement")
def acknowledge(observation_id: int) -> BaseResponse:
    """I have read what was seen of me."""
    found = _own_observation(observation_id, _("Only the colleague who was observed can say that she has read it."))
    if _must_say_first(found):
        return back_to(url_for("observations.review_self", observation_id=observation_id))
    actions.acknowledge(found, now())
    db.session.commit()
    flash(_("Thank you. Your colleague sees that you have read it."))
    return back_to(url_for("observations.observation", observation_id=observation_id))


def _own_observation(observation_id: int, otherwise: str) -> Observation:
    found = queries.observation_or_404(observation_id, viewer())
    if found.person_id != viewer().id:
        raise Forbidden(otherwise)
    return found


@bp.route("/observations/<int:observation_id>/self-review", methods=["GET", "POST"])
def review_self(observation_id: int) -> Response | BaseResponse:
    """How I saw the contact myself, before I read what the observer saw."""
    found = _own_observation(observation_id, _("Only the colleague who was observed says how she saw it herself."))
    if not _must_say_first(found):
        return back_to(url_for("observations.observation", observation_id=observation_id))
    card = scorecards.card(found.card_id) if found.card_id is not None else None
    skills = card.skills if card else tuple(sorted(row.skill_key for row in queries.lines_of([found.id])[found.id]))
    form = self_review_form(skills, framework(), language())
    if form.validate_on_submit():
        try:
            actions.review_self(found, form.levels(), form.note.data or "", now(), declined="decline" in request.form)
        except Refusal as refusal:
            db.session.rollback()
            form.note.errors = [refusal.message]
        else:
            db.session.commit()
            return back_to(url_for("observations.observation", observation_id=observation_id))
    return _show_self_review(found, card, form, 422 if request.method == "POST" else 200)


def _show_self_review(found: Observation, card: Card | None, form: SelfReviewForm, status: int) -> Response:
    book = framework()
    anchors = {skill: (card.line(skill) if card else None) or book.skill(skill) for skill in form.skills}
    return show(
        "observations/self_review.html",
        status=status,
        observation=found,
        observer=names([found.observer_id])[found.observer_id],
        channel=CHANNEL_NAMES[found.channel],
        form=form,
        anchors=anchors,
        levels=book.levels,
        wrong=complaints_of(form),
    )


# Disagreeing ---------------------------------------------------------------------------------------------------------


@bp.post("/observations/<int:observation_id>/disputes")
def raise_dispute(observation_id: int) -> Response | BaseResponse:
    """I see one line differently."""
    found = _own_observation(observation_id, _("Only the colleague who was observed can disagree with it."))
    if _must_say_first(found):
        return back_to(url_for("observations.review_self", observation_id=observation_id))
    form = DisputeForm()
    if form.validate_on_submit():
        made = disputes.dispute(found, form.skill.data or "", form.reason.data or "", now())
        db.session.commit()
        flash(_("Passed on. Somebody who did not score this contact will decide."))
        return back_to(url_for("observations.dispute", dispute_id=made))
    return _show(found, form, 422)


@bp.get("/observations/disputes")
def waiting_disputes() -> Response:
    """What I am asked to decide."""
    if not viewer().holds("supervisor", "trainer", "hr"):
        raise Forbidden(_("Deciding is for supervisors, trainers and HR."))
    found = disputes.waiting_for(viewer(), now())
    called = names({one.person_id for one in found})
    return show("observations/disputes.html", rows=found, names=called, skill=_name, today=local_date(now(), viewer().time_zone))


@bp.get("/observations/disputes/<int:dispute_id>")
def dispute(dispute_id: int) -> Response:
    """One disagreement: the mark, both sides, and what was decided."""
    return _show_dispute(disputes.dispute_or_404(dispute_id, viewer()))


def _decision_form(formdata: bool = False) -> DecisionForm:
    form = DecisionForm() if formdata else DecisionForm(formdata=None)
    levels = [SelectChoice(str(number), f"{number} · {term.name.of(language())}") for number, term in framework().levels.items()]
    form.level.choices = [SelectChoice("", "—"), *levels]
    return form


def _show_dispute(found: disputes.Open, form: DecisionForm | None = None, status: int = 200) -> Response:
    book, lang, today = framework(), language(), local_date(now(), viewer().time_zone)
    watched = db.session.get_one(Observation, found.observation_id)
    row = db.session.get_one(ObservationLine, (found.observation_id, found.skill))
    card = scorecards.card(watched.card_id) if watched.card_id is not None else None
    said = disputes.disputes_of([found.observation_id])[found.observation_id][found.skill]
    asked = found.asked(today) if said.outcome is None else ()
    called = names({found.person_id, watched.observer_id, *asked, said.decided_by_id or found.person_id})
    known = card.line(found.skill) if card is not None else None
    return show(
        "observations/dispute.html",
        status=status,
        found=found,
        said=said,
        observation=watched,
        line=_line(row, card, {}, None, lang),
        anchors=(known or book.skill(found.skill)).anchors,
        levels=book.levels,
        channel=CHANNEL_NAMES[watched.channel],
        names=called,
        asked=[called[one] for one in asked],
        mine=found.person_id == viewer().id,
        may_decide=said.outcome is None and disputes.may_decide(viewer(), found),
        outcome_names=OUTCOME_NAMES,
        form=form or _decision_form(),
        today=today,
    )


@bp.post("/observations/disputes/<int:dispute_id>/decision")
def decide(dispute_id: int) -> Response | BaseResponse:
    """Decide about a line somebody disagrees with."""
    found = disputes.dispute_or_404(dispute_id, viewer())
    disputes.require_decider(viewer(), found)
    form = _decision_form(formdata=True)
    if form.validate_on_submit():
        level = int(form.level.data) if (form.level.data or "").strip() else None
        try:
            disputes.decide(found, by_id=viewer().id, outcome=form.outcome.data, level=level, reply=form.reply.data or "", at=now())
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            db.session.rollback()
            form[refusal.code].errors = [refusal.message]
        else:
            db.session.commit()
            flash(_("Decided. Both of them can read it."))
            return back_to(url_for("observations.dispute", dispute_id=dispute_id))
    return _show_dispute(found, form, 422)
