"""Pages of interviews: along a guide, with notes, and what was said in two columns."""

import secrets
from collections.abc import Mapping
from typing import Any, cast

from flask import Response, flash, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _, language
from trainee.kit.trtext import surely_turkish
from trainee.kit.web import Blueprint, back_to, show
from trainee.modules import library
from trainee.people import require_role, viewer
from trainee.skills import framework
from trainee.voice.interviews import actions, queries
from trainee.voice.interviews.forms import CONSENT_NAMES, SIDE_NAMES, SPOKEN, BeginForm, QuoteForm
from trainee.voice.interviews.models import InterviewQuote, InterviewTalk
from trainee.voice.interviews.writing import LANGUAGES, usual_consent

bp = Blueprint("interviews", __name__)

READERS = ("supervisor", "trainer", "hr")


def named() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Skills and qualities by key, as the reader calls them."""
    book, lang = framework(), language()
    return [(one.key, one.name.of(lang)) for one in book.skills], [(key, term.name.of(lang)) for key, term in book.qualities.items()]


@bp.get("/interviews")
def interviews() -> Response:
    """Interviews, and what was said in all of them: strengths beside weaknesses."""
    who = viewer()
    require_role(who, *READERS)
    skills, qualities = map(dict, named())
    return show(
        "interviews/interviews.html",
        talks=queries.talks_for(who),
        columns=queries.two_columns(),
        side_names=SIDE_NAMES,
        skills=skills,
        qualities=qualities,
    )


@bp.route("/interviews/new", methods=["GET", "POST"])
def begin() -> Response | BaseResponse:
    """Begin one."""
    who = viewer()
    require_role(who, *READERS)
    found, form, lang = offered(), BeginForm(), language()
    form.offer([(key, one["title"][lang]) for key, one in found.items()])
    if request.method == "GET":
        form.receipt.data, form.language.data = secrets.token_hex(16), lang
        form.guide.data = request.args.get("guide") if request.args.get("guide") in found else None
    elif form.validate_on_submit() and form.held_on.data is not None:
        try:
            values = {"held_on": form.held_on.data, "whom": form.whom.data or "", "consent": form.consent.data, "receipt": form.receipt.data or ""}
            made = actions.begin(guide=found[form.guide.data], by_id=who.id, at=now(), language=form.language.data, **values)
            db.session.commit()
            return back_to(url_for("interviews.interview", talk_id=made))
        except Refusal as refusal:
            beside(form, refusal)
    return show("interviews/begin.html", form=form, guides=found.values(), status=422 if request.method == "POST" else 200)


def offered() -> dict[str, dict[str, Any]]:
    """The guides along which a talk may begin: those written here, and those of the content that nobody took over or set aside."""
    own = queries.guides()
    taken = {one.key for one in own}
    ready = {one.key: guide_of(one.key) for one in library.pieces().interviews if one.key not in taken}
    return {one.key: queries.plain(one) for one in own if not one.set_aside} | ready


def guide_of(key: str) -> dict[str, Any]:
    """A guide of the content as plain values, as a talk keeps it."""
    found = cast(dict[str, Any], _plain(next(one for one in library.pieces().interviews if one.key == key).model_dump()))
    return found | {"consent": usual_consent()}


def _plain(found: Any) -> Any:
    """What a guide holds as plain values; a text of both languages is a pair of them."""
    if hasattr(found, "tr"):
        return {"tr": found.tr, "en": found.en}
    if isinstance(found, dict):
        return {key: _plain(value) for key, value in found.items()}
    return [_plain(one) for one in found] if isinstance(found, list | tuple) else found


@bp.get("/interviews/<int:talk_id>")
def interview(talk_id: int) -> Response:
    """One interview: the guide with its notes."""
    who = viewer()
    require_role(who, *READERS)
    return _show(queries.talk_or_404(talk_id, who), _quote_form())


@bp.post("/interviews/<int:talk_id>/notes")
def write(talk_id: int) -> Response | BaseResponse:
    """Keep the notes; only who led the interview writes them."""
    who = viewer()
    require_role(who, *READERS)
    talk = queries.talk_or_404(talk_id, who)
    _require_own(talk, who.id)
    revision = request.form.get("revision", 0, type=int)
    notes = {one["id"]: request.form.get(f"note-{one['id']}", "") for one in talk.guide["questions"]}
    try:
        actions.write(talk, notes, revision if 0 <= revision < 2**31 else 0)
    except Refusal as refusal:
        db.session.rollback()
        return _show(queries.talk_or_404(talk_id, who), _quote_form(), refusal.status, typed=notes, wrong=refusal.message)
    db.session.commit()
    flash(_("Saved."))
    return back_to(url_for("interviews.interview", talk_id=talk_id))


def _quote_form() -> QuoteForm:
    form = QuoteForm()
    form.offer(*named())
    if request.method == "GET":
        form.receipt.data = secrets.token_hex(16)
    return form


def _spoken(talk: InterviewTalk) -> str:
    """In which language the guide is shown: the one that was asked for, else that of the talk, else the reader's."""
    wanted = request.args.get("lang", "")
    return wanted if wanted in LANGUAGES else talk.language or language()


def _show(talk: InterviewTalk, form: QuoteForm, status: int = 200, typed: Mapping[str, str] | None = None, wrong: str = "") -> Response:
    """The page; with `typed`, the notes as they were sent, each beside what stands now where that is something else."""
    sent = dict(typed or {})
    skills, qualities = map(dict, named())
    return show(
        "interviews/interview.html",
        talk=talk,
        lang=_spoken(talk),
        spoken=SPOKEN,
        notes=dict(talk.notes) | sent,
        stands={key: talk.notes.get(key, "") for key, words in sent.items() if words.strip() != talk.notes.get(key, "").strip()},
        wrong=wrong,
        quotes=queries.quotes_of(talk.id),
        form=form,
        mine=talk.interviewer_id == viewer().id,
        side_names=SIDE_NAMES,
        consent=CONSENT_NAMES[talk.consent],
        skills=skills,
        qualities=qualities,
        most=actions.LONGEST,
        tongue=_tongue,
        status=status,
    )


def _tongue(note: str) -> dict[str, str]:
    """In what language a note surely is, where that is not the page's, for whoever has it read aloud while writing on."""
    return {"lang": "tr"} if language() != "tr" and surely_turkish(note) else {}


def _require_own(talk: InterviewTalk, person_id: int) -> None:
    if talk.interviewer_id != person_id:
        raise Refusal(_("Whoever led the interview writes it down."), 403, "forbidden")


@bp.post("/interviews/<int:talk_id>/quotes")
def code(talk_id: int) -> Response | BaseResponse:
    """Code one thing that was said."""
    who = viewer()
    require_role(who, *READERS)
    talk = queries.talk_or_404(talk_id, who)
    _require_own(talk, who.id)
    form = _quote_form()
    if form.validate_on_submit():
        try:
            chosen = {"side": form.side.data, "skill": form.skill.data, "quality": form.quality.data, "receipt": form.receipt.data or ""}
            actions.code(talk, words=form.words.data or "", by_id=who.id, at=now(), **chosen)
            db.session.commit()
            return back_to(url_for("interviews.interview", talk_id=talk_id, _anchor="quotes"))
        except Refusal as refusal:
            beside(form, refusal)
    return _show(talk, form, 422)


@bp.post("/interviews/quotes/<int:quote_id>/removal")
def drop(quote_id: int) -> BaseResponse:
    """Take a coded saying out again."""
    who = viewer()
    require_role(who, *READERS)
    quote = db.session.get(InterviewQuote, quote_id)
    if quote is None:
        raise NotFound
    talk = queries.talk_or_404(quote.talk_id, who)
    _require_own(talk, who.id)
    actions.drop(quote_id, talk.id)
    db.session.commit()
    return back_to(url_for("interviews.interview", talk_id=talk.id, _anchor="quotes"))
