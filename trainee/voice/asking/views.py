"""The public page of a survey. Whoever has the address may answer; nothing is known of her, and nothing is left on her device."""

import re
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
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _n, language
from trainee.kit.web import back_to, csrf, public
from trainee.people import passwords
from trainee.voice.models import AskLink, Invitation, Survey, SurveyWave
from trainee.voice.queries import concern_waits
from trainee.voice.survey import CONCERN, CONCERNS_AT_ONCE, GATHERED, WORRYING
from trainee.voice.surveys import actions, queries
from trainee.voice.surveys.sheet import Item

bp = web.Blueprint("asking", __name__)

# Nobody reads and answers faster than this, and a page that waited longer was forgotten.
QUICKEST, OLDEST = timedelta(seconds=2), timedelta(days=7)
# An address is shared: by a shop's wireless line, a kiosk, a whole carrier. So what is counted is how many sheets one printed code brings from one
# address in ten minutes (a counter with a customer every twelve seconds; of somebody's own code only as many as one can serve), all printed codes
# together from there, and one code in an hour from anywhere.
AT_ONE_COUNTER, BY_ONE_PERSON, FROM_ONE_PLACE, WINDOW = 50, 8, 300, timedelta(minutes=10)
BY_ONE_CODE, CODE_WINDOW = 240, timedelta(hours=1)
# A link for one answer waits for nobody else's; it is held back by the tries at that link alone, and whoever sends to codes that are none by those.
ON_ONE_LINK, WRONG = 20, 30
WORDS_MOST: Final = 600
# A field that people never see; programs that fill in everything do.
TRAP: Final = "website"
_FOLDED: Final = (4, 5)
# After so many seconds a kiosk is ready for the next customer.
KIOSK_REST: Final = 8
# A kiosk whose line is gone takes several sheets on one page; each has a name of its own besides.
_TURN = re.compile(r"[0-9a-f]{8,32}")


class Flood(Refusal):
    """Too much comes from there; `rest` seconds later it may be tried again."""

    def __init__(self, message: str, rest: int) -> None:
        super().__init__(message, 429, "flood")
        self.rest = rest


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


def _nothing(status: int = 404) -> Response:
    """There is no such code: told in both languages, because whoever mistyped it may read either, and without the site's own frame and cookie."""
    mine = language()
    told = []
    for lang in (mine, "en" if mine == "tr" else "tr"):
        with i18n.force_locale(lang):
            head, words = _("There is no such code"), _("Please look at it once more: a letter or a number may be wrong. If it is right, tell us.")
            if status != 404:
                head, words = _("A little fast"), _("That was a little fast. Please wait a moment and try again.")
            told.append((lang, str(head), str(words)))
    response = _page("asking/none.html", status, told=told, link=None)
    response.headers["X-Refusal"] = "not_found" if status == 404 else "flood"
    return response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="a survey's page")


@bp.route("/s/<ask_code>", methods=["GET", "POST"])
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # A token of ours would need a cookie; the page is signed, and there is no sign-in to misuse.
def ask(ask_code: str) -> Response | BaseResponse:
    """Ask, and take what is answered."""
    _speak()
    if request.method == "POST":
        link = queries.link_of(ask_code)
        if link is None:
            return _nothing(429 if _too_many_wrong(now()) else 404)
        return _take(link, ask_code)
    link = queries.link_of(ask_code)
    if link is None:
        return _nothing()
    if request.args.get("done") and (link.many or link.used_at is not None):
        return _page("asking/thanks.html", code=ask_code, kiosk=link.way == "kiosk", rest=KIOSK_REST, link=link)
    wave = queries.open_wave_of(link.survey_id)
    if link.ended_at is not None or wave is None:
        return _page("asking/closed.html", 410, used=False, link=link)
    if link.used_at is not None:
        return _page("asking/closed.html", 410, used=True, link=link)
    signed = _signer().dumps([link.id, wave.id, secrets.token_hex(8), int(now().timestamp() * 1000)])
    return _sheet(link, wave, ask_code, str(signed))


def _sheet(
    link: AskLink, wave: SurveyWave, code: str, signed: str, refusal: Refusal | None = None, given: Mapping[str, str] | None = None
) -> Response:
    lang = language()
    other = "en" if lang == "tr" else "tr"
    asked = actions.asked_in(wave, _key(wave))
    response = _page(
        "asking/ask.html",
        refusal.status if refusal else 200,
        title=wave.title[lang],
        intro=wave.intro[lang],
        asked=[(one, one.text[lang], one.ends[lang] if one.ends else ()) for one in asked],
        stems={side: wave.stems[side][lang] for side in wave.stems},
        signed=signed,
        wrong=refusal.message if refusal else "",
        given=given or {},
        link=link,
        code=code,
        trap=TRAP,
        most=WORDS_MOST,
        folded=_folded(asked, wave),
        # The one that is open: the first, or the first that has no mark yet where it came back.
        opened=next((one.field for one in asked if given and one.scale and not given.get(one.field)), asked[0].field),
        as_is=(refusal is not None and refusal.code == "open") or "as_is" in (given or {}),
        other=other,
        known=link.way == "mail",
    )
    if refusal is not None:
        # The page's script asks by these whether to wait, to try again or to show what is wrong.
        response.headers["X-Refusal"] = refusal.code
    if isinstance(refusal, Flood):
        response.headers["Retry-After"] = str(refusal.rest)
    return response


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
        if wave is None and _too_many_wrong(at):
            return _nothing(429)
        wave = queries.open_wave_of(link.survey_id)
        if wave is None or link.ended_at is not None:
            return _page("asking/closed.html", 410, used=False, link=link)
        signed = str(_signer().dumps([link.id, wave.id, secrets.token_hex(8), int(at.timestamp() * 1000)]))
        return _sheet(link, wave, code, signed, Refusal(_("This page was open for a long time. Please press send once more."), 422, "old"), given)
    if link.way == "kiosk" and _TURN.fullmatch(given.get("turn", "")):
        receipt = f"{receipt}/{given['turn']}"
    if actions.is_taken(receipt):
        # Sent once more because the answer to it was lost on the way: it is here, and counts against nobody.
        return _thanks(code)
    try:
        asked = actions.asked_in(wave, _key(wave))
        values = _values(asked, given)
        _left_open(asked, wave, given)
        _calm(link, at, at - made_at)
        if g.get("viewer") is not None and g.viewer.id == link.person_id:
            raise Refusal(_("This code asks customers about you. Please hand it to them."), 422, "own")
        actions.respond(link, wave, values, receipt=receipt, language=language(), at=at, gathered=_gathered(link, values, at))
        db.session.commit()
    except Refusal as refusal:
        # The tries are counted whatever comes of them.
        if refusal.status == 429:
            db.session.commit()
        else:
            db.session.rollback()
        if refusal.status == 409:
            return _page("asking/closed.html", 410, used=True, link=link)
        return _sheet(link, wave, code, given["page"], refusal, given)
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


def _folded(asked: list[Item], wave: SurveyWave) -> bool:
    """Whether one question is open at a time: four and five do not fit on a phone's screen together."""
    return len(asked) in _FOLDED and not wave.stems


def _left_open(asked: list[Item], wave: SurveyWave, given: Mapping[str, str]) -> None:
    """Refusal (422), once, where a browser without script sends questions that may have stayed shut: they are named, and left so if she likes."""
    if "plain" not in given or "as_is" in given or not _folded(asked, wave):
        return
    found = [one for one in asked if one.scale and not given.get(one.field, "").strip()]
    if found:
        words = " ".join(f"“{one.text[language()]}”" for one in found)
        raise Refusal(
            _n(
                "%(num)d question has no answer yet: %(which)s Answer it, or press send once more to leave it so.",
                "%(num)d questions have no answer yet: %(which)s Answer them, or press send once more to leave them so.",
                len(found),
                which=words,
            ),
            422,
            "open",
        )


def _calm(link: AskLink, at: datetime, took: timedelta) -> None:
    """Refusal where this comes too fast for people: one page, one address, or one code."""
    if took < QUICKEST:
        raise Refusal(_("That was very quick. Please look at it and press send once more."), 422, "quick")
    if link.many:
        place = f"survey/{_place()}"
        here = BY_ONE_PERSON if link.person_id is not None and link.way != "kiosk" else AT_ONE_COUNTER
        limits = [(f"{place}/{link.id}", here, WINDOW), (place, FROM_ONE_PLACE, WINDOW), (f"code/{link.id}", BY_ONE_CODE, CODE_WINDOW)]
    else:
        limits = [(f"link/{link.id}", ON_ONE_LINK, WINDOW)]
    rests = [throttle.rest({key: most}, at, window) for key, most, window in limits if throttle.count(key, at, window) > most]
    if rests:
        words = _("Many answers are coming from here just now. Yours is still on this page; please press send again in some minutes.")
        raise Flood(words, max(rests))


def _gathered(link: AskLink, values: list[tuple[Item, int | str]], at: datetime) -> bool:
    """Whether a customer felt that nobody cared where several said so just before: her answer counts, and stands with theirs in the tasks."""
    worried = any(item.counted_as == CONCERN and isinstance(value, int) and value <= WORRYING for item, value in values)
    if not (link.many and worried) or throttle.count(f"concern/{_place()}/{link.id}", at, GATHERED) <= CONCERNS_AT_ONCE:
        return False
    return concern_waits(link.id, at - GATHERED)


def _place() -> str:
    """The address a request comes from, as it is counted: not the address itself."""
    return passwords.digest(request.remote_addr or "")[:40]


def _too_many_wrong(at: datetime) -> bool:
    """Count what was sent to a code that is none, or with a page we never made; whether it is too much. Right ones are not held back."""
    key = f"wrong/{_place()}"
    many = throttle.count(key, at, WINDOW)
    db.session.commit()
    return many > WRONG


@bp.route("/s/<ask_code>/stop", methods=["GET", "POST"])
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # Mail programs press the button themselves; the code says whom it is for.
def stop(ask_code: str) -> Response:
    """Do not ask me again: by the link of an invitation we know whom that is, and forget everything else."""
    _speak()
    link = queries.link_of(ask_code)
    if link is None:
        return _nothing()
    digest = db.session.execute(select(Invitation.digest).where(Invitation.link_id == link.id)).scalar()
    done = request.method == "POST" and digest is not None
    if done and digest is not None:
        actions.stop_asking(digest, now())
        db.session.commit()
    return _page("asking/stop.html", done=done, known=digest is not None, link=link, code=ask_code)
