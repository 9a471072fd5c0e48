"""Pages of observations."""

import secrets
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching.observations import actions, queries
from trainee.coaching.observations.forms import CHANNEL_NAMES, ObservationForm, observation_form
from trainee.coaching.observations.models import Observation
from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.i18n import _, language
from trainee.kit.web import back_to, show
from trainee.people import Person, may_see, names, person_or_404, viewer
from trainee.skills import Skill, framework

bp = web.Blueprint("observations", __name__)


@bp.route("/people/<int:person_id>/observations/new", methods=["GET", "POST"])
def observe(person_id: int) -> Response | BaseResponse:
    """Choose up to six skills; then write what was seen."""
    person = queries.person_to_observe(person_id, viewer())
    skills, complaint = _chosen_skills()
    if not skills or complaint:
        return _choose_skills(person, complaint)
    form = observation_form(skills, framework(), language())
    if request.method == "GET":
        form.seen_at.data = _local(now())
        form.receipt.data = secrets.token_hex(16)
    elif form.validate_on_submit():
        try:
            _keep(form, person.id)
        except Refusal as refusal:
            _put_beside(form, refusal)
        else:
            db.session.commit()
            flash(_("Saved what you saw %(name)s do.", name=person.name))
            return back_to(url_for("observations.observations_of", person_id=person.id))
    status = 422 if request.method == "POST" else 200
    return show("observations/observe.html", form=form, person=person, levels=framework().levels, status=status)


def _chosen_skills() -> tuple[list[Skill], str | None]:
    """The skills named in the address or the form, in the framework's order, and what is wrong with the choice."""
    wanted = set(request.values.getlist("skill"))
    skills = [one for one in framework().skills if one.key in wanted]
    if len(skills) > actions.MOST_LINES:
        return skills, _("Six skills at most: nobody sees more than that in one contact.")
    if not skills and (wanted or request.method == "POST" or "chosen" in request.args):
        return skills, _("Please choose at least one skill.")
    return skills, None


def _choose_skills(person: Person, complaint: str | None) -> Response:
    book = framework()
    families = [(family, book.of_family(family.key)) for family in book.families]
    chosen = request.values.getlist("skill")
    return show(
        "observations/choose_skills.html", person=person, families=families, chosen=chosen, complaint=complaint, status=422 if complaint else 200
    )


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(viewer().time_zone)).replace(tzinfo=None)


def _keep(form: ObservationForm, person_id: int) -> None:
    actions.observe(
        observer_id=viewer().id,
        person_id=person_id,
        seen_at=form.moment(viewer().time_zone),
        channel=form.channel.data,
        lines=form.lines(),
        shared=form.shared.data or "",
        receipt=form.receipt.data or "",
        at=now(),
    )


def _put_beside(form: ObservationForm, refusal: Refusal) -> None:
    """The sentence beside the field it is about; what no field can mend is told as a page of its own."""
    db.session.rollback()
    if refusal.status != 422:
        raise refusal
    field = form[refusal.code] if refusal.code in form else form.level(form.skills[0].key)
    field.errors = [refusal.message]


@bp.get("/observations")
def observations() -> Response:
    """What was seen of me; for those who observe, also what they saw of others."""
    who = viewer()
    observes = who.holds("supervisor", "trainer")
    by_me = observes and request.args.get("show") == "by-me"
    page = max(request.args.get("page", 1, type=int), 1)
    rows, total = queries.observations(who, observer_id=who.id, page=page) if by_me else queries.observations(who, person_id=who.id, page=page)
    return _list_of(rows, total, page, by_me=by_me, observes=observes)


@bp.get("/people/<int:person_id>/observations")
def observations_of(person_id: int) -> Response | BaseResponse:
    """What was seen of one person, as far as the viewer may read it."""
    who = viewer()
    if person_id == who.id:
        return back_to(url_for("observations.observations"))
    may = queries.may_observe(who, person_id)
    # A trainer may observe everybody and reads back what she wrote herself.
    person = queries.person_to_observe(person_id, who) if may else person_or_404(person_id, who)
    page = max(request.args.get("page", 1, type=int), 1)
    rows, total = queries.observations(who, person_id=person_id, page=page)
    return _list_of(rows, total, page, person=person, observes=may)


def _list_of(rows: list[Any], total: int, page: int, **context: Any) -> Response:
    lines = queries.lines_of([row.id for row in rows])
    context = {"person": None, "by_me": False} | context
    pages = max((total + queries.PAGE - 1) // queries.PAGE, 1)
    return show(
        "observations/observations.html",
        rows=rows,
        lines=lines,
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


@bp.get("/observations/<int:observation_id>")
def observation(observation_id: int) -> Response:
    """One observation, to be read."""
    found = queries.observation_or_404(observation_id, viewer())
    called = names([found.person_id, found.observer_id])
    return show(
        "observations/observation.html",
        observation=found,
        person=called[found.person_id],
        observer=called[found.observer_id],
        lines=_anchored(found),
        channel=CHANNEL_NAMES[found.channel],
        mine=found.person_id == viewer().id,
        may_see_person=may_see(viewer(), found.person_id),
    )


def _anchored(observation: Observation) -> list[dict[str, Any]]:
    """The lines in the framework's order, each with its level's name, the anchors of that level, and its critical error."""
    book, lang = framework(), language()
    place = {one.key: number for number, one in enumerate(book.every_skill)}
    found = []
    for row in sorted(queries.lines_of([observation.id])[observation.id], key=lambda row: place[row.skill_key]):
        level = 1 if row.critical else row.level
        skill = book.skill(row.skill_key)
        found.append(
            {
                "skill": skill.name.of(lang),
                "level": level,
                "level_name": book.levels[level].name.of(lang) if level else _("Not seen"),
                "anchors": [anchor.of(lang) for anchor in skill.anchors.get(level, ())] if level else [],
                "note": row.note,
                "critical": book.critical_errors[row.critical].name.of(lang) if row.critical in book.critical_errors else row.critical,
            }
        )
    return found


@bp.post("/observations/<int:observation_id>/acknowledgement")
def acknowledge(observation_id: int) -> BaseResponse:
    """I have read what was seen of me."""
    found = queries.observation_or_404(observation_id, viewer())
    if found.person_id != viewer().id:
        raise Forbidden(_("Only the colleague who was observed can say that she has read it."))
    actions.acknowledge(found, now())
    db.session.commit()
    flash(_("Thank you. Your colleague sees that you have read it."))
    return back_to(url_for("observations.observation", observation_id=observation_id))
