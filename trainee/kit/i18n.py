"""Two languages: which one the reader wants, and dates and numbers as she writes them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from math import floor
from typing import Any

from babel import dates
from flask import Flask, current_app, g, has_request_context
from flask_babel import Babel, get_timezone
from flask_babel import force_locale as _force_locale
from markupsafe import Markup

from trainee.kit.saying import (
    LANGUAGES,
    LazyString,
    _,
    _l,
    _n,
    ask_otherwise,
    catalogue,
    counts_written,
    force,
    language,
    number,
    of_many,
    read_in,
    with_room,
)

__all__ = [
    "LANGUAGES",
    "LazyString",
    "_",
    "_l",
    "_n",
    "babel",
    "counted",
    "date_words",
    "force_locale",
    "language",
    "moment_words",
    "number",
    "percent",
    "read_in",
    "signed",
]

babel = Babel()


# Nearer than this nobody counts.
_JUST_NOW = timedelta(seconds=45)
_WEEKDAY_FIRST = re.compile(r"^(E+),? (d M+)")


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


ask_otherwise(choose_language)


@contextmanager
def force_locale(lang: str) -> Iterator[None]:
    """Inside, everything is said in `lang`, whoever reads: for mails, files and the command line."""
    before = force("en" if lang == "en" else "tr")
    try:
        with _force_locale(lang):
            yield
    finally:
        force(before)


@cache
def _marked(lang: str, message: str) -> Markup:
    # Our messages are written by us and may hold tags; what is filled in is escaped.
    return Markup(with_room(catalogue(lang).gettext(message)))  # noqa: S704


def _for_page(message: str, **values: Any) -> Markup:
    found = _marked(language(), message)
    return found % counts_written(values) if values or "%%" in found else found


def _for_page_many(one: str, many: str, num: int, **values: Any) -> Markup:
    return Markup(of_many(one, many, num)) % counts_written({"num": num, **values})  # noqa: S704


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


def moment_words(value: datetime, form: str = "d MMM y HH:mm", zone: tzinfo | None = None) -> str:
    """A moment in the reader's language and time zone, or in that `zone` where nobody is on the site."""
    if "H" not in form:
        return date_words(value, form)
    return dates.format_datetime(value, _order(form), tzinfo=zone or get_timezone(), locale=language())


def _order(form: str) -> str:
    # Turkish says the weekday after the date: 12 Mart Perşembe.
    return _WEEKDAY_FIRST.sub(r"\2 \1", form) if language() == "tr" else form


def ago(value: datetime, at: datetime) -> str:
    """How long before `at` it was, in words."""
    if abs(value - at) < _JUST_NOW:
        return _("just now")
    return dates.format_timedelta(value - at, add_direction=True, locale=language())


def signed(value: float, digits: int = 1) -> str:
    """A number with its sign as the reader writes it: +0,4 in Turkish, −0.4 in English; nothing stands before a zero."""
    written = number(abs(value), digits)
    if all(sign in "0.," for sign in written):
        return written
    return f"{'+' if value > 0 else '−'}{written}"


def counted(n: float) -> str:
    """How many stand behind a figure, `n` and its number never parted at the end of a line: n = 1.234."""
    return f"n\u00a0=\u00a0{number(n)}"


def percent(value: float) -> str:
    """A share 0..1, or what is between two, as a percentage: %34 in Turkish, 34% in English, −%3 and −3%, rounded half up."""
    whole = floor(value * 100 + 0.5)
    sign = "−" if whole < 0 else ""
    return f"{sign}%{abs(whole)}" if language() == "tr" else f"{sign}{abs(whole)}%"
