"""Pages on which somebody says that she sees a line differently, and on which that is decided."""

from flask import Response, flash, g, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching.observations import actions, disputes, queries, readings
from trainee.coaching.observations.forms import OUTCOME_NAMES, DecisionForm, DisputeForm
from trainee.coaching.observations.models import Observation, ObservationLine
from trainee.coaching.observations.present import line_shown, skill_name
from trainee.coaching.observations.views import must_say_first, own_observation, require_not_begun, show_observation
from trainee.coaching.scorecards.forms import CHANNEL_NAMES
from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.forms import SelectChoice, beside
from trainee.kit.i18n import _, language
from trainee.kit.web import back_to, show
from trainee.people import names, viewer
from trainee.skills import framework, scorecards

bp = web.Blueprint("disputes", __name__)


@bp.post("/observations/<int:observation_id>/disputes")
def raise_dispute(observation_id: int) -> Response | BaseResponse:
    """I see one line differently."""
    found = own_observation(observation_id, _("Only the colleague who was observed can disagree with it."))
    if must_say_first(found):
        return back_to(url_for("observations.review_self", observation_id=observation_id))
    form = DisputeForm()
    if form.validate_on_submit():
        # Its date may be over and the timetable not have come by.
        actions.release(found, now())
        made = disputes.dispute(found, form.skill.data or "", form.reason.data or "", now())
        db.session.commit()
        flash(_("Passed on. Somebody who did not score this contact will decide."))
        return back_to(url_for("disputes.dispute", dispute_id=made))
    return show_observation(found, form, 422)


@bp.get("/observations/disputes")
def waiting_disputes() -> Response:
    """What I am asked to decide."""
    if not viewer().holds("supervisor", "trainer", "hr"):
        raise Forbidden(_("Deciding is for supervisors, trainers and HR."))
    found = disputes.waiting_for(viewer(), now())
    called = names({one.person_id for one in found})
    return show("observations/disputes.html", rows=found, names=called, skill=skill_name, today=local_date(now(), viewer().time_zone))


@bp.get("/observations/disputes/<int:dispute_id>")
def dispute(dispute_id: int) -> Response:
    """One disagreement: the mark, both sides, and what was decided."""
    found = disputes.dispute_or_404(dispute_id, viewer())
    watched = db.session.get_one(Observation, found.observation_id)
    require_not_begun(watched)
    page = _show_dispute(found)
    readings.note_read(viewer().id, watched.id, [found.id] if found.decided_at else [], now())
    return page


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
    mine = found.person_id == viewer().id
    if mine:
        g.area = "people.me"
    return show(
        "observations/dispute.html",
        status=status,
        found=found,
        said=said,
        observation=watched,
        line=line_shown(row, card, {}, None, lang),
        anchors=(known or book.skill(found.skill)).anchors,
        levels=book.levels,
        channel=CHANNEL_NAMES[watched.channel],
        names=called,
        asked=[called[one] for one in asked],
        mine=mine,
        may_decide=said.outcome is None and disputes.may_decide(viewer(), found),
        outcome_names=OUTCOME_NAMES,
        also=queries.also_scored_by(watched),
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
            beside(form, refusal)
        else:
            db.session.commit()
            flash(_("Decided. Both of them can read it."))
            return back_to(url_for("disputes.dispute", dispute_id=dispute_id))
    return _show_dispute(found, form, 422)
