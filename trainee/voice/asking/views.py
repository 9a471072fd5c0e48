"""The public page of a survey. Whoever has the address may answer; nothing is known of her, and nothing is left on her device."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Response, current_app, g, make_response, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import i18n, throttle, web
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _, language
from trainee.kit.web import back_to, csrf, public
from trainee.people import passwords
from trainee.voice.models import AskLink, Invitation, Survey, SurveyWave
from trainee.voice.surveys import actions, queries
from trainee.voice.surveys.sheet import Item

bp = web.Blueprint("asking", __name__)

# Nobody reads and answers faster than this, and a page that waited longer was forgotten.
QUICKEST, OLDEST = timedelta(seconds=2), timedelta(days=7)
# Sheets that are taken in ten minutes from one address, which a whole shop may share, and in an hour by one printed code.
FROM_ONE_PLACE, PLACE_WINDOW = 15, timedelta(minutes=10)
BY_ONE_CODE, CODE_WINDOW = 120, timedelta(hours=1)
WORDS_MOST: Final = 600
# A field that people never see; programs that fill in everything do.
TRAP: Final = "website"
# After so many seconds a kiosk is ready for the next customer.
KIOSK_REST: Final = 8


def _speak() -> None:
    """The language of this visit: chosen in the address, never in a cookie."""
    chosen = request.args.get("lang", "")
    if chosen in i18n.LANGUAGES:
        g.language = chosen
        i18n.read_in(chosen)


def _page(template: str, status: int = 200, **context: Any) -> Response:
    """A page of its own frame: the usual one would set a cookie for its forms."""
    response = make_response(render_template(template, **context), status)
    response.headers["Vary"] = "Accept-Language"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _link_or_404(code: str) -> AskLink:
    found = queries.link_of(code)
    if found is None:
        raise NotFound
    return found


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="a survey's page")


@bp.route("/s/<ask_code>", methods=["GET", "POST"])
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # A token of ours would need a cookie; the page is signed, and there is no sign-in to misuse.
def ask(ask_code: str) -> Response | BaseResponse:
    """Ask, and take what is answered."""
    _speak()
    link = _link_or_404(ask_code)
    if request.method == "POST":
        return _take(link, ask_code)
    if request.args.get("done"):
        return _page("asking/thanks.html", code=ask_code, kiosk=link.way == "kiosk", rest=KIOSK_REST, link=link)
    wave = queries.open_wave_of(link.survey_id)
    if link.ended_at is not None or wave is None:
        return _page("asking/closed.html", 410, used=False, link=link)
    if link.used_at is not None:
        return _page("asking/closed.html", 410, used=True, link=link)
    signed = _signer().dumps([link.id, wave.id, secrets.token_hex(8), int(now().timestamp() * 1000)])
    return _sheet(link, wave, ask_code, str(signed))


def _sheet(
    link: AskLink, wave: SurveyWave, code: str, signed: str, wrong: str = "", status: int = 200, given: Mapping[str, str] | None = None
) -> Response:
    lang = language()
    other = "en" if lang == "tr" else "tr"
    asked = actions.asked_in(wave, _key(wave))
    return _page(
        "asking/ask.html",
        status,
        title=wave.title[lang],
        intro=wave.intro[lang],
        asked=[(one, one.text[lang], one.ends[lang] if one.ends else ()) for one in asked],
        stems={side: wave.stems[side][lang] for side in wave.stems},
        signed=signed,
        wrong=wrong,
        given=given or {},
        link=link,
        code=code,
        trap=TRAP,
        most=WORDS_MOST,
        other=other,
        known=link.way == "mail",
    )


def _key(wave: SurveyWave) -> str:
    return db.session.execute(select(Survey.key).where(Survey.id == wave.survey_id)).scalar_one()


def _take(link: AskLink, code: str) -> Response | BaseResponse:
    """One sheet: looked at, counted against floods, kept once."""
    at, given = now(), request.form.to_dict()
    if given.get(TRAP):
        # Whoever fills in what nobody sees is told nothing that helps to try again.
        return _thanks(code)
    wave, receipt, made_at = _opened(given.get("page", ""), link)
    if wave is None or at - made_at > OLDEST:
        wave = queries.open_wave_of(link.survey_id)
        if wave is None or link.ended_at is not None:
            return _page("asking/closed.html", 410, used=False, link=link)
        signed = str(_signer().dumps([link.id, wave.id, secrets.token_hex(8), int(at.timestamp() * 1000)]))
        return _sheet(link, wave, code, signed, _("This page was open for a long time. Please press send once more."), 422, given)
    try:
        values = _values(actions.asked_in(wave, _key(wave)), given)
        _calm(link, at, at - made_at)
        if g.get("viewer") is not None and g.viewer.id == link.person_id:
            raise Refusal(_("This code asks customers about you. Please hand it to them."), 422, "own")
        actions.respond(link, wave, values, receipt=receipt, language=language(), at=at)
        db.session.commit()
    except Refusal as refusal:
        # The tries are counted whatever comes of them.
        if refusal.status == 429:
            db.session.commit()
        else:
            db.session.rollback()
        if refusal.status == 409:
            return _page("asking/closed.html", 410, used=True, link=link)
        return _sheet(link, wave, code, given["page"], refusal.message, refusal.status, given)
    return _thanks(code)


def _thanks(code: str) -> BaseResponse:
    return back_to(url_for("asking.ask", ask_code=code, done=1, lang=language()))


def _opened(signed: str, link: AskLink) -> tuple[SurveyWave | None, str, datetime]:
    """The wave a page was made for, its own name and when; no wave where we did not sign it for this very link."""
    never = datetime.fromtimestamp(0, now().tzinfo)
    try:
        link_id, wave_id, name, made = _signer().loads(signed)
    except (BadSignature, ValueError, TypeError):
        return None, "", never
    if link_id != link.id:
        return None, "", never
    return db.session.get(SurveyWave, wave_id), f"page/{link.id}/{name}", datetime.fromtimestamp(made / 1000, now().tzinfo)


def _values(asked: list[Item], given: Mapping[str, str]) -> list[tuple[Item, int | str]]:
    """What was answered, each on its scale. Refusal (422) for what is none of it, or for nothing at all."""
    found: list[tuple[Item, int | str]] = []
    for one in asked:
        said = given.get(one.field, "").strip()
        if not said:
            continue
        if one.scale is None:
            if len(said) > WORDS_MOST:
                raise Refusal(_("That is longer than we can take. Please shorten it a little."), 422, one.field)
            found.append((one, said))
        elif said.isascii() and said.isdigit() and len(said) < 4 and int(said) in one.steps:
            found.append((one, int(said)))
        else:
            raise Refusal(_("Please choose one of the marks."), 422, one.field)
    if not any(isinstance(value, int) for _item, value in found):
        raise Refusal(_("Please answer at least one question with a mark."), 422, "none")
    return found


def _calm(link: AskLink, at: datetime, took: timedelta) -> None:
    """Refusal where this comes too fast for people: one page, one address, or one code."""
    if took < QUICKEST:
        raise Refusal(_("That was very quick. Please look at it and press send once more."), 422, "quick")
    place = f"survey/{passwords.digest(request.remote_addr or '')[:40]}"
    if throttle.count(place, at, PLACE_WINDOW) > FROM_ONE_PLACE or throttle.count(f"code/{link.id}", at, CODE_WINDOW) > BY_ONE_CODE:
        raise Refusal(
            _("Many answers are coming from here just now. Yours is still on this page; please press send again in some minutes."), 429, "flood"
        )


@bp.route("/s/<ask_code>/stop", methods=["GET", "POST"])
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # Mail programs press the button themselves; the code says whom it is for.
def stop(ask_code: str) -> Response:
    """Do not ask me again: by the link of an invitation we know whom that is, and forget everything else."""
    _speak()
    link = _link_or_404(ask_code)
    digest = db.session.execute(select(Invitation.digest).where(Invitation.link_id == link.id)).scalar()
    done = request.method == "POST" and digest is not None
    if done and digest is not None:
        actions.stop_asking(digest, now())
        db.session.commit()
    return _page("asking/stop.html", done=done, known=digest is not None, link=link, code=ask_code)
