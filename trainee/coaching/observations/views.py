"""Pages of observations: the lists, reading one, and saying first how one saw it oneself."""

from typing import Any

from flask import Response, flash, g, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching import checks
from trainee.coaching.observations import actions, disputes, planned, queries, readings
from trainee.coaching.observations.forms import OUTCOME_NAMES, DisputeForm, SelfReviewForm, complaints_of, self_review_form
from trainee.coaching.observations.models import Observation
from trainee.coaching.observations.present import anchored, badges, contempt_counts, skill_name, stands, whole
from trainee.coaching.rights import may_observe, person_to_observe
from trainee.coaching.scorecards.forms import BEYOND, CHANNEL_NAMES
from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db, writing
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.i18n import _, date_words, language
from trainee.kit.web import back_to, show
from trainee.people import leads, may_see, names, person_or_404, viewer
from trainee.skills import framework, scorecards
from trainee.skills.scorecards import Card

bp = web.Blueprint("observations", __name__)


@bp.get("/observations")
def observations() -> Response:
    """What was seen of me; for those who observe, also what they saw of others and what waits for them."""
    who = viewer()
    observes = who.holds("supervisor", "trainer")
    by_me = observes and request.args.get("show") == "by-me"
    if by_me:
        g.area = "observing"
    page = max(request.args.get("page", 1, type=int), 1)
    rows, total = queries.observations(who, observer_id=who.id, page=page) if by_me else queries.observations(who, person_id=who.id, page=page)
    waiting = disputes.waiting_for(who, now())
    more = {"drafts": queries.drafts_of(who.id), "planned": planned.waiting_for(who)} if by_me else {"wishes": actions.wishes_first(who.id)}
    return _list_of(rows, total, page, by_me=by_me, observes=observes, waiting=len(waiting), **more)


@bp.post("/observations/<int:observation_id>/checks")
def check_contact(observation_id: int) -> BaseResponse:
    """Her five checks of a contact of hers that was observed, to stand beside what the observer saw."""
    found = queries.observation_or_404(observation_id, viewer())
    if found.person_id != viewer().id:
        raise Forbidden(_("Whoever had the contact asks herself."))
    given = {name: request.form.get(name, "")[:2000] for name in ("mend", "again", *(key for key, _words, _hint in checks.CHECKS))}
    receipt = f"observation/{found.id}"
    words = {"channel": found.channel, "mend": given["mend"], "again": given["again"]}
    checks.keep(viewer().id, given, receipt=receipt, at=now(), observation_id=found.id, **words)
    db.session.commit()
    return back_to(url_for("observations.observation", observation_id=observation_id, _anchor="checks"))


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
    context = {"person": None, "by_me": False, "waiting": 0, "drafts": [], "planned": [], "wishes": False} | context
    pages = max((total + queries.PAGE - 1) // queries.PAGE, 1)
    who, today = viewer(), local_date(now(), viewer().time_zone)
    mine = context["person"] is None and not context["by_me"]
    lines, disputed = queries.lines_of(numbers), disputes.disputes_of(numbers)
    return show(
        "observations/observations.html",
        rows=rows,
        badges={number: badges(lines[number], disputed[number]) for number in numbers},
        # What she is asked to say first is not shown to her before.
        closed={row.id for row in rows if mine and actions.waits_for_self_review(row, today)},
        unread=_unread(rows, who.id, mine, context["person"] is not None and context["observes"]),
        mine=mine,
        today=today,
        total=total,
        page=page,
        pages=pages,
        skill=skill_name,
        channel_names=CHANNEL_NAMES,
        **context,
    )


def _unread(rows: list[Any], me: int, mine: bool, may_score: bool) -> set[int]:
    """Those whose marks a list does not tell: one may still say for oneself, of one's own work or of a contact one may score too, how one sees it."""
    open_ones = [row for row in rows if (mine and not row.acknowledged_at) or (may_score and row.contact and row.observer_id != me)]
    return {row.id for row in open_ones} - readings.read_by(me, [row.id for row in open_ones])


@bp.get("/observations/<int:observation_id>")
def observation(observation_id: int) -> Response | BaseResponse:
    """One observation, to be read; first the person's own view, when that was asked for."""
    found = queries.observation_or_404(observation_id, viewer())
    if found.person_id == viewer().id and must_say_first(found):
        return back_to(url_for("observations.review_self", observation_id=observation_id))
    require_not_begun(found)
    if found.person_id == viewer().id and found.released_at is None:
        found = _released(observation_id)
    page = show_observation(found)
    said = disputes.disputes_of([found.id])[found.id].values()
    readings.note_read(viewer().id, found.id, [one.id for one in said if one.outcome], now())
    return page


def _released(observation_id: int) -> Observation:
    """What is read now that its date is over: it counts from here on and can be disputed, whether or not the timetable came by. A transaction of its
    own: pages only read."""
    db.session.rollback()
    with writing():
        actions.release_overdue(observation_id, now())
        db.session.commit()
    return queries.observation_or_404(observation_id, viewer())


def require_not_begun(found: Observation) -> None:
    """Refusal for whoever is about to score the same contact: she reads what others saw when she has handed in what she saw."""
    mine = viewer().id in (found.person_id, found.observer_id)
    if not mine and found.contact and found.contact in readings.begun(viewer().id, found.person_id):
        raise Refusal(_("You are about to score this contact yourself. Hand yours in, or throw it away; then you can read what your colleague saw."))


def _checked(observation_id: int) -> list[tuple[str, str]]:
    """What the observed person checked for herself, in words; nothing where she did not."""
    one = checks.check_of(observation_id)
    if one is None:
        return []
    told = dict(checks.ANSWERS)
    rows = [(str(words), str(told[one.answers.get(key, "none")])) for key, words, _hint in checks.CHECKS]
    return rows + [
        (str(label), words) for label, words in ((_("What I do about what is open"), one.mend), (_("For the next time"), one.again)) if words
    ]


def must_say_first(found: Observation) -> bool:
    return actions.waits_for_self_review(found, local_date(now(), viewer().time_zone))


def _may_say_first(found: Observation) -> bool:
    """Whether she may still say of her own accord how she saw it: as long as she has read nothing and said nothing of it."""
    return not (found.acknowledged_at or readings.read_by(found.person_id, [found.id]) or queries.self_review_of(found.id)[0])


def show_observation(found: Observation, form: DisputeForm | None = None, status: int = 200) -> Response:
    mine, today = found.person_id == viewer().id, local_date(now(), viewer().time_zone)
    called = names([found.person_id, found.observer_id])
    card = scorecards.card(found.card_id) if found.card_id is not None else None
    lines = queries.lines_of([found.id])[found.id]
    own, own_levels = queries.self_review_of(found.id)
    disputed = disputes.disputes_of([found.id])[found.id]
    coaches = not mine and leads(viewer(), found.person_id)
    if not mine:
        g.area = "observing"
    return show(
        "observations/observation.html",
        status=status,
        observation=found,
        checked=_checked(found.id),
        five=checks.CHECKS,
        five_answers=checks.ANSWERS,
        person=called[found.person_id],
        observer=called[found.observer_id],
        card=card,
        lines=anchored(lines, card, own_levels, disputed),
        whole=whole(found, lines, card, disputed),
        contempt_counts=contempt_counts(lines),
        own=own,
        waits=found.released_at is None,
        channel=CHANNEL_NAMES[found.channel],
        levels=framework().levels,
        beyond=BEYOND,
        mine=mine,
        may_dispute=mine and found.dispute_by is not None and today <= found.dispute_by,
        dispute_form=form or DisputeForm(formdata=None),
        outcome_names=OUTCOME_NAMES,
        may_see_person=may_see(viewer(), found.person_id),
        coaches=coaches,
        weakest=min(((level, row.skill_key) for row in lines if (level := stands(row, disputed.get(row.skill_key)))), default=(0, None))[1],
        also=queries.also_scored_by(found),
    )


@bp.post("/observations/<int:observation_id>/acknowledgement")
def acknowledge(observation_id: int) -> BaseResponse:
    """I have read what was seen of me."""
    found = own_observation(observation_id, _("Only the colleague who was observed can say that it was read."))
    if must_say_first(found):
        return back_to(url_for("observations.review_self", observation_id=observation_id))
    actions.acknowledge(found, now())
    db.session.commit()
    flash(_("Thank you. Your colleague sees that you have read it."))
    return back_to(url_for("observations.observation", observation_id=observation_id))


def own_observation(observation_id: int, otherwise: str) -> Observation:
    found = queries.observation_or_404(observation_id, viewer())
    if found.person_id != viewer().id:
        raise Forbidden(otherwise)
    return found


@bp.post("/observations/self-review-wish")
def wish() -> BaseResponse:
    """I wish to say first how I saw it, whatever is seen of me; or no longer."""
    wished = request.form.get("wished") == "yes"
    actions.wish_first(viewer().id, wished, now())
    db.session.commit()
    flash(_("From now on you are asked first, and read afterwards.") if wished else _("From now on you are asked only when your observer wishes it."))
    return back_to(url_for("observations.observations"))


@bp.post("/skills/<skill>/observations")
def ask(skill: str) -> BaseResponse:
    """I ask to be seen at work in a skill; whoever leads me is told."""
    if skill not in framework():
        raise NotFound
    leader, due_on = planned.ask(viewer().id, skill, now(), viewer().time_zone)
    db.session.commit()
    told = _(
        "You have asked %(name)s to see %(skill)s at work by %(day)s. It stands on Team at once; the message comes within %(name)s's hours.",
        name=leader.name,
        skill=skill_name(skill),
        day=date_words(due_on),
    )
    flash(told)
    return back_to(url_for("dashboards.why", skill=skill))


@bp.route("/observations/<int:observation_id>/self-review", methods=["GET", "POST"])
def review_self(observation_id: int) -> Response | BaseResponse:
    """How I saw the contact myself, before I read what the observer saw."""
    found = own_observation(observation_id, _("Only the colleague who was observed says how it looked to them."))
    if not (must_say_first(found) or _may_say_first(found)):
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
