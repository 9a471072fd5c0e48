"""The web side of the house: doors, pages and fragments, refusals as sentences, headers, and what is sent away at the gate."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Blueprint as FlaskBlueprint
from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request, session, url_for
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from jinja2 import StrictUndefined, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit import db as database
from trainee.kit import listing
from trainee.kit.clock import local_date, now
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _, ago, choose_time_zone, counted, date_words, language, moment_words, number, percent, signed
from trainee.kit.logs import log
from trainee.kit.trtext import surely_turkish

View = TypeVar("View", bound=Callable[..., Any])


class FormTokens(CSRFProtect):  # type: ignore[misc]  # The library has no types.
    """Flask-WTF's check, which does not work out anew what was worked out for the same session before."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a form that does not carry its session's token."""
        sent = request.form.get("csrf_token", "") if request.method == "POST" else ""
        kept = _tokens().get(session.get("csrf_token", "")) if sent else None
        # Over https the library also looks where the form came from, so there it always looks itself.
        if kept is not None and not request.is_secure and secrets.compare_digest(kept.encode(), sent.encode()):
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)
        if sent and g.get("csrf_valid"):
            _keep_token(sent)


csrf = FormTokens()
_TOKENS_KEPT = 5000

# Fields whose content is never sent back; a test looks that every password field of a form is among them.
SECRETS = frozenset({"password", "again", "old"})

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Blueprint(FlaskBlueprint):
    """A package's views. Every one of them needs sign-in unless it is marked `@public`."""


def public(view: View) -> View:
    """Mark a view that anybody may open without signing in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def takes(kilobytes: int) -> Callable[[View], View]:
    """Mark a view to which somebody signed in may send a file larger than any other request may be; a stranger may not."""

    def mark(view: View) -> View:
        view.takes_kb = kilobytes  # type: ignore[attr-defined]
        return view

    return mark


def is_public(endpoint: str | None) -> bool:
    """Whether that endpoint opens without sign-in; an unknown one does, so that it can say 404."""
    if endpoint is None or endpoint == "static" or endpoint.endswith(".static"):
        return True
    return getattr(current_app.view_functions.get(endpoint), "is_public", False)


def wants_fragment() -> bool:
    """Whether the page's own script asks, who swaps in a part and keeps the rest."""
    return request.headers.get("X-Fragment") == "1"


def show(template: str, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """Render the page, or only its changing part when the page's script asks for that."""
    chosen = fragment if fragment is not None and wants_fragment() else template
    response = current_app.make_response((listing.rendered(chosen, context), status))
    response.headers["Vary"] = "Cookie, X-Fragment"
    return response


def address(endpoint: str, **values: str) -> str:
    """`url_for` for addresses made of content's keys, of which there are not many: remembered, since building one costs as much as a statement."""
    kept: dict[Any, str] = current_app.extensions.setdefault("addresses", {})
    place = (request.script_root, endpoint, *values.values())
    found = kept.get(place)
    if found is None:
        found = kept[place] = url_for(endpoint, **values)  # type: ignore[arg-type]
    return found


def back_to(url: str) -> BaseResponse:
    """After a deed: go and look at it (303, so that reloading does not do it again)."""
    return redirect(url, code=303)


def local_path(target: str | None, fallback: str = "/") -> str:
    """`target` when it is a path on this site, else `fallback`: nobody is sent elsewhere by a crafted link."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or any(ord(sign) < 32 for sign in target):
        return fallback
    return target


def complain(message: str, status: int, code: str, page: str = "errors/page.html", **more: Any) -> Response:
    """A sentence for the reader, as a page, as a fragment, or as JSON, with its status; `more` is what the page needs besides."""
    # Whatever a program asks below /api/, it is answered as one, even where nothing lives at that address.
    program = request.path.startswith("/api/") or request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    if program:
        response = jsonify(error=code, message=message)
        response.status_code = status
        return response
    template = "errors/_refusal.html" if wants_fragment() else page
    try:
        words: str = render_template(template, message=message, status=status, code=code, reference=g.get("request_id", ""), **more)
    except Exception as bug:  # The page that says what went wrong must not go wrong itself.
        _tell_of(bug)
        # Not `render_template`, which would ask for what every page shows around its content, and that may be what broke.
        bare = current_app.jinja_env.get_template("errors/bare.html")
        words = bare.render(message=message, reference=g.get("request_id", ""), language=language())
    response = current_app.make_response((words, status))
    response.headers["X-Refusal"] = code
    return response


def _sentence(status: int) -> str:
    sentences = {
        400: _("We could not read what was sent. Please go back and try once more."),
        401: _("Please sign in first."),
        403: _("This is not open to you."),
        404: _("There is nothing at this address, or it is not for you to see."),
        405: _("This address does not do that."),
        413: _("That is too large to send. Please choose something smaller."),
        415: _("We cannot read that kind of file."),
        429: _("That was a little fast. Please wait a moment and try again."),
    }
    return sentences.get(status, _("This did not work. Please go back and try once more."))


class Page(Template):
    """A template whose imported macros are made once. Every template of ours has the same globals, which Jinja would compare at each import."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Number(IntegerConverter):
    """A number in an address that a column can hold; a larger one leads nowhere instead of breaking the statement it goes into."""

    regex = "[0-9]{1,10}"

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": 2**31 - 1, **kwargs})


def _begin() -> None:
    g.request_id = secrets.token_hex(6)
    database.only_reads(request.method in {"GET", "HEAD", "OPTIONS"})


def _gate() -> Response | None:
    """Send away what no view could make sense of, before any view sees it."""
    if not _readable(unquote_to_bytes(request.query_string) + unquote_to_bytes(request.environ.get("REQUEST_URI", request.path))):
        return _unreadable()
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    more = getattr(current_app.view_functions.get(request.endpoint or ""), "takes_kb", 0)
    if more and request.mimetype == "multipart/form-data" and g.get("viewer") is not None:
        request.max_content_length = max(more * 1024, current_app.config["MAX_CONTENT_LENGTH"])
    if request.mimetype == "application/x-www-form-urlencoded":
        # Read as it was sent: the parser quietly drops a form whose bytes are not UTF-8.
        return None if _readable(unquote_to_bytes(request.get_data())) else _unreadable()
    if request.mimetype == "multipart/form-data":
        if not request.form and not request.files:
            # The parser gives up without a word; a form of ours that arrives whole has a token at least.
            return complain(_("What was sent arrived broken, and nothing of it was taken. Please go back and send it again."), 400, "broken")
        # Here the parser puts the replacement character where the bytes were not UTF-8.
        plain = not any("\x00" in text or "\ufffd" in text for pair in request.form.items(multi=True) for text in pair)
        return None if plain else _unreadable()
    # Forms are all we take; the form library would read JSON as if it were one.
    words = _("This was not sent from a form of ours, and nothing of it was taken. Please open the page and send it from there.")
    return complain(words, 415, "http_415") if request.mimetype else None


def _readable(raw: bytes) -> bool:
    try:
        return "\x00" not in raw.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _unreadable() -> Response:
    return complain(_("Some of the characters that were sent cannot be read. Please type them again."), 400, "unreadable")


def _finish(response: Response) -> Response:
    number, endpoint = g.get("request_id", ""), request.endpoint
    # All at once: setting them one by one goes through the whole list for each.
    wanted = SECURITY_HEADERS | {"X-Request-Id": number}
    if endpoint not in {"static", "assets.asset"}:
        wanted["Cache-Control"] = "no-store"
    given = {name for name, _value in response.headers}
    response.headers.extend([(name, value) for name, value in wanted.items() if name not in given])
    log.info("request", method=request.method, endpoint=endpoint or "-", status=response.status_code, request_id=number)
    return response


def _on_refusal(refusal: Refusal) -> Response:
    database.db.session.rollback()
    return complain(refusal.message, refusal.status, refusal.code)


def _on_not_found(_error: NotFound) -> Response:
    database.db.session.rollback()
    return complain(_sentence(404), 404, "not_found")


def _on_csrf(_error: CSRFError) -> Response:
    if wants_fragment() or not _sent_from_here():
        # Our own script fetches a fresh token; and what another site sent is not offered for sending.
        return complain(_("This page was open for a long time. Please go back, load it again and repeat the last step."), 400, "csrf")
    names = set(request.form) | set(request.files)
    if names & SECRETS:
        words = _("This page was open for a long time. Please load it again; a password is not kept, so it has to be typed once more.")
        return complain(words, 400, "csrf", "errors/reload.html", back=_page_before())
    return complain(
        _("This page was open for a long time, so nothing was changed yet. What you sent is kept here: you can send it again."),
        400,
        "csrf",
        "errors/again.html",
        again=request.full_path.rstrip("?"),
        fields=[(name, value, _is_text(value)) for name, value in request.form.items(multi=True) if name != "csrf_token"],
        files=sorted(request.files),
    )


def _sent_from_here() -> bool:
    """Whether the browser says that a page of ours sent this, or is too old to say where it comes from."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and (not origin or urlsplit(origin).netloc == request.host)


def _page_before() -> str:
    """The page whose form was sent, when the browser tells; else the address it was sent to, if that is a page too."""
    before = urlsplit(request.referrer or "")
    path = before._replace(scheme="", netloc="", fragment="").geturl() if before.netloc == request.host else request.path
    return local_path(path)


def _is_text(value: str) -> bool:
    """Whether somebody typed this, as far as one can tell: keys and choices hold no spaces."""
    return any(sign.isspace() for sign in value.strip())


def refused(error: HTTPException) -> Response | HTTPException:
    """What this site answers where the web says no; for views that tell some of it differently."""
    return _on_http(error)


def _on_http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    database.db.session.rollback()
    response = complain(_sentence(error.code), error.code, "not_found" if error.code == 404 else f"http_{error.code}")
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _on_busy(error: OperationalError | InterfaceError | NoConnectionFree) -> Response:
    database.db.session.rollback()
    # What a page shows around its content is not asked of it once more.
    g.database_away = True
    if not hasattr(g, "_login_user"):
        # The page that says so must not ask the database again who is looking.
        g._login_user = AnonymousUserMixin()
    cause = getattr(error, "orig", error)
    log.error("database", kind=type(cause).__name__, request_id=g.get("request_id", ""))
    if database.is_full(cause):
        words = _("Nothing can be saved just now, because the disk is full. Nothing was changed, and pages can still be read; please tell HR.")
        return complain(words, 503, "full")
    return complain(_("The database is busy or out of reach just now. Nothing was changed; please try again in a moment."), 503, "busy")


def _tell_of(bug: Exception) -> None:
    if current_app.testing and not current_app.config.get("SHOW_BUGS_AS_PAGES"):
        raise bug
    log.exception("bug", bug, endpoint=request.endpoint or "-", request_id=g.get("request_id", ""))


def _on_bug(error: Exception) -> Response:
    _tell_of(error)
    database.db.session.rollback()
    return complain(_("Something went wrong on our side. Nothing was lost. If it happens again, please tell us the reference below."), 500, "bug")


def _text(value: Any) -> str:
    """Jinja filter: a bilingual text in the reader's language."""
    chosen: str = value.of(language())
    return chosen


def told_in_english(app: Flask, texts: Mapping[str, str]) -> None:
    """Tell readers of English what these Turkish texts say, wherever a page shows them as written."""
    app.extensions["in_english"] = texts


def _as_written(value: str, told: bool = True) -> str | Markup:
    """Jinja filter: what somebody wrote, marked as Turkish for whoever reads the page aloud, where it surely is and the page is not.

    Where it is known what the words say in English, an English page says that, and, with `told`, that it is translated.
    """
    english = _known_in_english(value)
    if english is not None:
        return Markup('{} <span class="translated">{}</span>').format(english, _("(translated from Turkish)")) if told else str(english)
    return Markup('<span lang="tr">{}</span>').format(value) if language() != "tr" and surely_turkish(value) else value


def in_words(value: str) -> str:
    """Jinja filter: what somebody wrote, as plain text; in English where that is known and the page is English."""
    return _known_in_english(value) or value


def _known_in_english(value: str) -> str | None:
    known: dict[str, str] = current_app.extensions.get("in_english", {})
    return known.get(value) if language() == "en" else None


def _tokens() -> dict[str, str]:
    """The token of each session that had a page from this process."""
    kept: dict[str, str] = current_app.extensions.setdefault("form_tokens", {})
    return kept


def form_token() -> str:
    """The token for the forms of a page. It never runs out, so it is signed once for each session and not anew for each page."""
    found = _tokens().get(session.get("csrf_token", ""))
    if found is None:
        found = str(generate_csrf())
        _keep_token(found)
    return found


def _keep_token(token: str) -> None:
    kept = _tokens()
    if len(kept) >= _TOKENS_KEPT:
        kept.clear()
    kept[session["csrf_token"]] = token


@public
def csrf_token() -> Response:
    """A fresh token for a page that was open too long; its own session only."""
    return jsonify(token=generate_csrf())


def init_app(app: Flask) -> None:
    """Hang all of this on the application; whoever knows the readers then calls `shut`."""
    app.url_map.converters["int"] = Number
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.template_class = Page
    app.jinja_env.globals.update(address=address, drawn=listing.drawn, listed_here=listing.listed_here)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        text=_text,
        as_written=_as_written,
        in_words=in_words,
        date=date_words,
        moment=moment_words,
        number=number,
        counted=counted,
        decimal=lambda value: number(value, 1),
        signed=signed,
        percent=percent,
        ago=lambda value: ago(value, now()),
        local_date=lambda value: local_date(value, choose_time_zone()),
    )
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(Refusal, _on_refusal)
    app.register_error_handler(NotFound, _on_not_found)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(HTTPException, _on_http)
    for out_of_reach in (OperationalError, InterfaceError, NoConnectionFree):
        app.register_error_handler(out_of_reach, _on_busy)
    app.register_error_handler(Exception, _on_bug)
    app.add_url_rule("/csrf-token", "csrf_token", csrf_token)


def shut(app: Flask) -> None:
    """From here on a request must be readable and carry our token; called once it is known who asks, so that she is refused in her own language."""
    app.before_request(_gate)
    csrf.init_app(app)
    # For imported macros and, in place of the library's own, for pages.
    app.jinja_env.globals["csrf_token"] = form_token
    app.context_processor(lambda: {"csrf_token": form_token})


def parse_moment(text: str) -> datetime | None:
    """An ISO moment with its zone, or None when it is not one."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo else None
