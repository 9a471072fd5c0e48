"""Pages on which surveys are written, opened, printed and read."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

import segno
from flask import Response, current_app, flash, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from trainee import config as configuration
from trainee.kit import trtext, web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.forms import REVISIONS, beside, both_stand, complaints, whole
from trainee.kit.i18n import _, _l, _n, language
from trainee.kit.web import back_to, show
from trainee.people import Person, Viewer, names, require_role, viewer, visible_to
from trainee.people.queries import teams
from trainee.skills import framework
from trainee.voice.actions import set_target
from trainee.voice.measures import queries as measures
from trainee.voice.measures.queries import COMPARED
from trainee.voice.models import AskLink, Survey
from trainee.voice.queries import people_by_name
from trainee.voice.surveys import actions, queries, waves
from trainee.voice.surveys.forms import (
    MANY_TOLD,
    ONCE_TOLD,
    WAY_NAMES,
    WAYS_TOLD,
    InviteForm,
    LinksForm,
    QuestionnaireForm,
    StopForm,
    SurveyForm,
    WaveTargetsForm,
)
from trainee.voice.surveys.sheet import QUALITIES, items

bp = web.Blueprint("surveys", __name__)

READERS = ("trainer", "supervisor", "hr", "admin")
EDITORS = ("trainer", "hr")
# So many waves of a questionnaire are set beside each other.
MOST_WAVES = 6
KIND_NAMES: Final = {"survey": _l("Survey"), "questionnaire": _l("Questionnaire")}

# What somebody wants to know, which instrument answers it, why, and where it is made.
PURPOSES: Final = {
    "contact": (
        _l("How was this contact?"),
        "survey",
        _l("A survey of one to three questions right after the contact: satisfied, easy, one in their words."),
    ),
    "person": (
        _l("Was the customer well served by this person?"),
        "survey",
        _l("A survey with the care questions, by a code of that person. From five answers on there is a figure; before, only words."),
    ),
    "recommend": (
        _l("Would customers recommend us?"),
        "survey",
        _l("A survey with the question on recommending, twice a year, of customers in general and not after single contacts."),
    ),
    "expect": (
        _l("Do we give what customers expect?"),
        "questionnaire",
        _l("The questionnaire on the five qualities, twice a year: each statement of an excellent team and of ours. The difference is the gap."),
    ),
    "compare": (
        _l("Are we better than last year, or than others?"),
        "questionnaire",
        _l("A questionnaire in waves: its words are locked within a wave, and what was asked in the same words is compared."),
    ),
    "why": (
        _l("Why do customers stay, complain or leave?"),
        "interview",
        _l("Interviews: eight talks along a guide tell more of reasons than eight hundred marks. What is said is coded as strengths and weaknesses."),
    ),
}


def _require(*roles: str) -> Viewer:
    who = viewer()
    require_role(who, *roles)
    return who


@bp.get("/surveys")
def surveys() -> Response:
    """Every survey and questionnaire, and whether it is being asked."""
    _require(*READERS)
    return _surveys(StopForm(formdata=None))


def _surveys(form: StopForm) -> Response:
    status = 422 if form.address.errors else 200
    return show(
        "surveys/surveys.html", surveys=queries.surveys(), kind_names=KIND_NAMES, may_edit=viewer().holds(*EDITORS), invites=form, status=status
    )


@bp.get("/surveys/choose")
def choose() -> Response:
    """What do you want to know? The instrument that answers it."""
    _require(*READERS)
    wanted = PURPOSES.get(request.args.get("want", ""))
    return show("surveys/choose.html", purposes=PURPOSES, wanted=wanted, may_edit=viewer().holds(*EDITORS))


@bp.route("/surveys/new", methods=["GET", "POST"])
def new() -> Response | BaseResponse:
    """Write a survey, or with `kind=questionnaire` a questionnaire."""
    who = _require(*EDITORS)
    kind = "questionnaire" if request.args.get("kind") == "questionnaire" else "survey"
    form = _form_of(kind)
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(8)
    elif form.validate_on_submit():
        try:
            key = f"own-{trtext.slug(form.receipt.data or '')[:40] or secrets.token_hex(8)}"
            made = actions.make_survey(kind, form.written(), key=key, by_id=who.id, at=now())
            db.session.commit()
            return back_to(url_for("surveys.survey", survey_id=made))
        except Refusal as refusal:
            _tell(form, refusal)
    return _edit_page(form, kind, None)


def _form_of(kind: str) -> SurveyForm | QuestionnaireForm:
    return QuestionnaireForm() if kind == "questionnaire" else SurveyForm()


def _tell(form: SurveyForm | QuestionnaireForm, refusal: Refusal) -> None:
    """Put the sentence where it belongs: what is said of all questions stands at the first of them."""
    if refusal.status == 422 and refusal.code not in form:
        refusal.code = "lines" if isinstance(form, QuestionnaireForm) else "kind_1"
    beside(form, refusal)


def _edit_page(form: SurveyForm | QuestionnaireForm, kind: str, survey: Survey | None, stale: bool = False) -> Response:
    status = (409 if stale else 422) if request.method == "POST" else 200
    return show("surveys/edit.html", form=form, kind=kind, survey=survey, qualities=QUALITIES, stale=stale, status=status)


@bp.route("/surveys/<int:survey_id>/edit", methods=["GET", "POST"])
def edit(survey_id: int) -> Response | BaseResponse:
    """Change what the next wave asks."""
    who = _require(*EDITORS)
    found = queries.survey_or_404(survey_id)
    form = _form_of(found.kind)
    if request.method == "GET":
        form.fill(found)
    elif form.validate_on_submit():
        try:
            written = form.written()
            if found.fixed:
                written |= {"questions": found.questions, "stems": found.stems}
            actions.change_survey(found, whole(form.revision.data, REVISIONS, 0), written, who.id, now())
            db.session.commit()
            flash(_("Saved. The next wave asks it so."))
            return back_to(url_for("surveys.survey", survey_id=survey_id))
        except Refusal as refusal:
            if refusal.status == 409:
                db.session.rollback()
                return _changed_meanwhile(form, queries.survey_or_404(survey_id))
            _tell(form, refusal)
    return _edit_page(form, found.kind, found)


def _changed_meanwhile(form: SurveyForm | QuestionnaireForm, survey: Survey) -> Response:
    """The form as it was sent, with what somebody else saved meanwhile beside each field; the next press is meant for that."""
    stands = type(form)(formdata=None)
    stands.fill(survey)
    form.revision.data = str(survey.revision)
    both_stand(form, stands)
    return _edit_page(form, survey.kind, survey, stale=True)


@bp.get("/surveys/<int:survey_id>")
def survey(survey_id: int) -> Response:
    """One survey: what it asks, how it is reached, what came of it, wave by wave."""
    _require(*READERS)
    return _survey(queries.survey_or_404(survey_id), None)


def _survey(found: Survey, form: WaveTargetsForm | None) -> Response:
    """The page, with the form of its targets as it was sent where that was refused."""
    who, survey_id = viewer(), found.id
    every = queries.waves_of(survey_id)
    results = [queries.result_of(found, wave) for wave in every[: MOST_WAVES if found.stems else 2]]
    lang, targets = language(), measures.targets()
    asked = list(items(found.key, found.questions, found.stems or None))
    quality_names = {key: term.name.of(lang) for key, term in framework().qualities.items()}
    newest = _newest(results)
    percent = waves.line_of(targets)
    return show(
        "surveys/survey.html",
        survey=found,
        kind=KIND_NAMES[found.kind],
        waves=every,
        results=results[:2],
        asked=[(one, one.text[lang], found.stems.get(one.side, {}).get(lang, "") if one.side else "") for one in asked],
        before={told.item.counted_as: told for told in results[1].told if _alike(told, results[0])} if len(results) > 1 else {},
        gaps=_gaps_of(found, results, newest, targets, quality_names) if newest is not None and newest.gaps else None,
        concerns=waves.concerns(newest, percent) if newest is not None else [],
        newest=newest,
        percent=percent,
        form=form or _targets_form(targets),
        wrong=complaints(form) if form else [],
        status=422 if form else 200,
        ways=[(one, (MANY_TOLD if one.asked is None else ONCE_TOLD)[one.way]) for one in queries.ways_of(survey_id)],
        mails=queries.mails_of(survey_id),
        may_edit=who.holds(*EDITORS),
        may_bring=who.holds("supervisor", "hr", "admin", "trainer"),
        unopened=not every or every[0].questions != found.questions or every[0].intro != found.intro or every[0].title != found.title,
    )


def _newest(results: Sequence[queries.Result]) -> queries.Result | None:
    """The newest wave that somebody has answered."""
    return next((one for one in results if one.sheets), None)


def _gaps_of(
    survey: Survey, results: Sequence[queries.Result], newest: queries.Result, targets: Mapping[Any, float], names: Mapping[str, str]
) -> dict[str, Any]:
    """Gap, target, what moved since the wave before, and the trend of all waves."""
    place = list(results).index(newest)
    told = [one for one in results[place:] if one.sheets]
    before = told[1] if len(told) > 1 else None
    return {
        "rows": waves.gap_rows(newest, before, targets, names),
        "sides": waves.side_rows(newest, before, names),
        "heads": waves.trend_heads(told),
        "trend": waves.trend_rows(told, names) if len(told) > 1 else [],
        "bars": waves.bars(newest, before, targets, names),
        "teams": waves.team_tables(
            queries.gaps_by_team(survey, newest.wave), queries.gaps_by_team(survey, before.wave) if before is not None else [], names
        ),
        "compared": COMPARED,
    }


def _targets_form(targets: Mapping[tuple[str, int | None], float]) -> WaveTargetsForm:
    form = WaveTargetsForm(formdata=None)
    for quality, key in waves.GAPS.items():
        form[f"gap_{quality}"].data = targets.get((key, None))
    form.line.data = waves.line_of(targets)
    return form


@bp.post("/surveys/<int:survey_id>/targets")
def set_targets(survey_id: int) -> Response | BaseResponse:
    """State how far each quality may lie from an excellent team, and where areas of concern begin."""
    who = _require(*EDITORS)
    found = queries.survey_or_404(survey_id)
    form, stand = WaveTargetsForm(), measures.targets()
    if not form.validate_on_submit():
        return _survey(found, form)
    wanted = {key: form[f"gap_{quality}"].data for quality, key in waves.GAPS.items()} | {waves.CONCERNS: form.line.data}
    for key, value in wanted.items():
        if value != stand.get((key, None)):
            set_target(key, None, value, who.id, now())
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("surveys.survey", survey_id=survey_id))


def _alike(told: queries.Told, result: queries.Result) -> bool:
    """Whether the newer wave asked the very same."""
    return any(one.item == told.item for one in result.told)


@bp.post("/surveys/<int:survey_id>/waves")
def open_wave(survey_id: int) -> BaseResponse:
    """Begin to ask."""
    who = _require(*EDITORS)
    queries.survey_or_404(survey_id)
    actions.open_wave(survey_id, who.id, now())
    db.session.commit()
    flash(_("It is being asked from now on. Its words are locked until the next wave."))
    return back_to(url_for("surveys.survey", survey_id=survey_id))


@bp.post("/surveys/<int:survey_id>/closing")
def close_wave(survey_id: int) -> BaseResponse:
    """Stop asking."""
    who = _require(*EDITORS)
    queries.survey_or_404(survey_id)
    actions.close_wave(survey_id, who.id, now())
    db.session.commit()
    flash(_("It is not asked any more. The codes say so to whoever scans them."))
    return back_to(url_for("surveys.survey", survey_id=survey_id))


# Codes ------------------------------------------------------------------------------------------------------------------------------------------


@bp.route("/surveys/<int:survey_id>/links", methods=["GET", "POST"])
def links(survey_id: int) -> Response | BaseResponse:
    """The codes of a survey, and new ones."""
    who = _require(*READERS)
    found = queries.survey_or_404(survey_id)
    form = LinksForm()
    form.offer(teams())
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(8)
        form.way.data = "qr"
    elif form.validate_on_submit():
        try:
            places = form.places(_people_of(form.team_id.data, who))
            way = "qr" if form.way.data == "person" else form.way.data
            batch = trtext.slug(form.receipt.data or "")[:40] or secrets.token_hex(8)
            actions.make_links(survey_id, way, places, many=form.way.data in ("qr", "person", "kiosk"), batch=batch, by_id=who.id, at=now())
            db.session.commit()
            return back_to(url_for("surveys.sheet", survey_id=survey_id, batch=batch))
        except Refusal as refusal:
            beside(form, refusal)
    status = 422 if request.method == "POST" else 200
    shown, batches = queries.links_of(survey_id), queries.batches_of(survey_id)
    return show(
        "surveys/links.html",
        batches=batches,
        makers=names({one.made_by_id for one in batches if one.made_by_id is not None}),
        survey=found,
        form=form,
        links=shown,
        ways_told=WAYS_TOLD,
        way_names=WAY_NAMES,
        addresses={row.id: _ask_url(row.code) for row in shown},
        status=status,
    )


def _people_of(team_id: int | None, who: Viewer) -> list[Any]:
    """The people of a team whom the viewer may know of, who work here."""
    statement = db.select(Person.id, Person.name).where(Person.team_id == (team_id or 0), Person.disabled_at.is_(None))
    return list(db.session.execute(statement.where(Person.id.in_(visible_to(who))).order_by(Person.name_sort)))


def _ask_url(code: str | None) -> str:
    base = configuration.base_url(current_app.extensions["trainee"]) or request.host_url.rstrip("/")
    return f"{base}{url_for('asking.ask', ask_code=code or '-')}"


@bp.get("/surveys/<int:survey_id>/links/<batch>")
def sheet(survey_id: int, batch: str) -> Response:
    """The sheet to print: each code of one batch with what it is for; printed once more, those that can still be answered, if any."""
    _require(*READERS)
    found, together = queries.survey_or_404(survey_id), queries.batch_of(survey_id, batch)
    cards = [
        (link, address, _picture(address))
        for link in together
        if link.used_at is None and link.ended_at is None
        # A code for many is kept as it was printed; one for a single answer is worked out again.
        for address in (_ask_url(link.code or actions.code_of(link.receipt)),)
    ]
    return show("surveys/sheet.html", survey=found, cards=cards, kiosk=cards != [] and cards[0][0].way == "kiosk")


def _picture(address: str) -> Markup:
    # The library escapes what it is given, and the address is ours.
    return Markup(segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))  # noqa: S704


@bp.post("/surveys/links/<int:link_id>/end")
def end_link(link_id: int) -> BaseResponse:
    """Take a printed code out of use."""
    who = _require(*READERS)
    link = db.session.get(AskLink, link_id)
    if link is None:
        raise NotFound
    _require_maker(link, who)
    actions.end_link(link_id, who.id, now())
    db.session.commit()
    flash(_("The code is out of use. Whoever scans it is told so."))
    return back_to(url_for("surveys.links", survey_id=link.survey_id))


def _require_maker(link: AskLink, who: Viewer) -> None:
    if link.made_by_id != who.id and not who.holds(*EDITORS):
        raise Forbidden(_("Whoever made this code, HR or a trainer takes it out of use."))


@bp.post("/surveys/<int:survey_id>/links/<batch>/end")
def end_batch(survey_id: int, batch: str) -> BaseResponse:
    """Take what was printed together out of use: what is not answered yet."""
    who = _require(*READERS)
    together = queries.batch_of(survey_id, batch)
    _require_maker(together[0], who)
    ended = actions.end_batch(together, who.id, now())
    db.session.commit()
    flash(_n("%(num)d code is out of use.", "%(num)d codes are out of use.", ended))
    return back_to(url_for("surveys.links", survey_id=survey_id))


# Invitations ------------------------------------------------------------------------------------------------------------------------------------


@bp.route("/surveys/<int:survey_id>/invitations", methods=["GET", "POST"])
def invite(survey_id: int) -> Response | BaseResponse:
    """Invite customers by mail."""
    who = _require("hr")
    found = queries.survey_or_404(survey_id)
    settings = current_app.extensions["trainee"]
    form = InviteForm()
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(8)
    elif form.validate_on_submit():
        try:
            if queries.open_wave_of(survey_id) is None:
                raise Refusal(_("Open a wave first; otherwise who follows the link finds nothing to answer."), 422, "addresses")
            if not settings.mails:
                raise Refusal(
                    _("No mail server is set up here, so nobody can be invited by mail. Printed codes and links work without one."), 422, "addresses"
                )
            guests = form.guests(people_by_name(), trtext.fold)
            done = actions.invite(survey_id, guests, batch=trtext.slug(form.receipt.data or "")[:40] or "mail", by_id=who.id, at=now())
            db.session.commit()
            flash(_n("%(num)d customer is invited.", "%(num)d customers are invited.", done.asked))
            if done.resting or done.refused:
                flash(_("Left out: %(resting)s asked lately, %(refused)s who do not want to be asked.", resting=done.resting, refused=done.refused))
            return back_to(url_for("surveys.survey", survey_id=survey_id))
        except Refusal as refusal:
            beside(form, refusal)
    days, mails = settings.survey_rest_days, settings.mails
    return show("surveys/invite.html", survey=found, form=form, days=days, mails=mails, status=422 if request.method == "POST" else 200)


@bp.post("/surveys/refusals")
def refuse() -> Response | BaseResponse:
    """Note that a customer does not want to be asked, whichever way she said so."""
    _require("hr", "trainer", "supervisor")
    form = StopForm()
    if not form.validate_on_submit():
        return _surveys(form)
    actions.stop_asking(actions.customer_of(form.address.data or ""), now())
    db.session.commit()
    flash(_("Noted. She is not asked any more; her address itself is not kept."))
    return back_to(url_for("surveys.surveys"))
