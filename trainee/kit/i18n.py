"""Two languages: which one the reader wants, and dates and numbers as she writes them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import dates, numbers
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context
from flask_babel import Babel, LazyString, get_timezone
from flask_babel import force_locale as _force_locale
from markupsafe import Markup

__all__ = ["LANGUAGES", "_", "_l", "_n", "babel", "date_words", "force_locale", "language", "moment_words", "number", "percent"]

LANGUAGES = {"tr": "Türkçe", "en": "English"}
babel = Babel()


# Nearer than this nobody counts.
_JUST_NOW = timedelta(seconds=45)
_WEEKDAY_FIRST = re.compile(r"^(E+),? (d M+)")
_FOLDER = Path(__file__).resolve().parent.parent / "translations"
_forced: ContextVar[str | None] = ContextVar("language", default=None)
# What the door found for this request. A page asks for it some seventy times, and a context variable answers quicker than `g`.
_reader: ContextVar[str | None] = ContextVar("reader", default=None)


def language() -> str:
    """'tr' or 'en': what the present reader reads."""
    return _forced.get() or _reader.get() or choose_language()


def read_in(lang: str | None) -> None:
    """Say in which language this request is read; None when it is over."""
    _reader.set(lang)


def choose_language() -> str:
    """What the door found for this request, else the installation's own language."""
    try:
        return "en" if g.language == "en" else "tr"
    except RuntimeError:
        # Nobody asks at all: a program that only reads content, for one.
        return "tr"
    except AttributeError:
        # Nobody knows yet who asks.
        return "en" if current_app.config.get("BABEL_DEFAULT_LOCALE") == "en" else "tr"


@contextmanager
def force_locale(lang: str) -> Iterator[None]:
    """Inside, everything is said in `lang`, whoever reads: for mails, files and the command line."""
    before = _forced.set("en" if lang == "en" else "tr")
    try:
        with _force_locale(lang):
            yield
    finally:
        _forced.reset(before)


@cache
def _catalogue(lang: str) -> NullTranslations:
    # A page asks some hundred times; finding out the reader's locale anew each time took as long as the page's statements.
    return Translations.load(str(_FOLDER), [lang])


def _(message: str, **values: Any) -> str:
    """A message of ours in the reader's language, its %(placeholders)s filled."""
    found: str = _catalogue(language()).gettext(message)
    return found % values if values else found


def _n(one: str, many: str, num: int, **values: Any) -> str:
    """The same for a number: `one` or `many`, with %(num)d."""
    found: str = _catalogue(language()).ngettext(one, many, num)
    return found % {"num": num, **values}


def _l(message: str, **values: Any) -> LazyString:
    """The same, chosen when it is shown: for what is written before anybody reads."""
    return LazyString(_, message, **values)


@cache
def _marked(lang: str, message: str) -> Markup:
    # Our messages are written by us and may hold tags; what is filled in is escaped.
    return Markup(_catalogue(lang).gettext(message))  # noqa: S704


def _for_page(message: str, **values: Any) -> Markup:
    found = _marked(language(), message)
    return found % values if values or "%%" in found else found


def _for_page_many(one: str, many: str, num: int, **values: Any) -> Markup:
    return Markup(_catalogue(language()).ngettext(one, many, num)) % {"num": num, **values}  # noqa: S704


def init_app(app: Flask) -> None:
    """Give the application its languages."""
    babel.init_app(app, locale_selector=choose_language, timezone_selector=choose_time_zone)
    texts: Any = app.jinja_env
    texts.install_gettext_callables(_for_page, _for_page_many, newstyle=True)
    # The extension's own functions go through the template's context four times for each message, of which a page has some fifty.
    texts.globals.update(_=_for_page, gettext=_for_page, ngettext=_for_page_many)


def choose_time_zone() -> str:
    """For Flask-Babel: the viewer's own time zone, else Istanbul's."""
    return getattr(g, "time_zone", "Europe/Istanbul") if has_request_context() else "Europe/Istanbul"


def date_words(value: date, form: str = "d MMM y") -> str:
    """A calendar date in the reader's language: `12 Mar 2026`. A moment has the date it falls on where the reader lives."""
    if isinstance(value, datetime):
        value = value.astimezone(get_timezone())
    return _day(value.year, value.month, value.day, _order(form), language())


@lru_cache(maxsize=2000)
def _day(year: int, month: int, day: int, form: str, lang: str) -> str:
    # Writing a date takes a dozen lookups in the language's data, and pages say the same few days.
    return dates.format_date(date(year, month, day), form, locale=lang)


def moment_words(value: datetime, form: str = "d MMM y HH:mm") -> str:
    """A moment in the reader's language and time zone."""
    if "H" not in form:
        return date_words(value, form)
    return dates.format_datetime(value, _order(form), tzinfo=get_timezone(), locale=language())


def _order(form: str) -> str:
    # Turkish says the weekday after the date: 12 Mart Perşembe.
    return _WEEKDAY_FIRST.sub(r"\2 \1", form) if language() == "tr" else form


def ago(value: datetime, at: datetime) -> str:
    """How long before `at` it was, in words."""
    if abs(value - at) < _JUST_NOW:
        return _("just now")
    return dates.format_timedelta(value - at, add_direction=True, locale=language())


def number(value: float, digits: int = 0) -> str:
    """A number as the reader writes it: 1.234,5 in Turkish, 1,234.5 in English."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return numbers.format_decimal(value, format=pattern, locale=language())


def percent(value: float) -> str:
    """A share 0..1 as a percentage: %34 in Turkish, 34% in English, rounded half up."""
    whole = int(value * 100 + 0.5)
    return f"%{whole}" if language() == "tr" else f"{whole}%"
