"""Two languages: which one the reader wants, and dates and numbers as she writes them."""

from datetime import date, datetime

from babel import dates, numbers
from flask import g, has_request_context
from flask_babel import Babel, force_locale, get_timezone
from flask_babel import get_locale as _get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as _n

__all__ = ["LANGUAGES", "_", "_l", "_n", "babel", "date_words", "force_locale", "language", "moment_words", "number", "percent"]

LANGUAGES = {"tr": "Türkçe", "en": "English"}
babel = Babel()


def language() -> str:
    """'tr' or 'en': what the present reader reads."""
    locale = _get_locale()
    return "en" if locale is not None and locale.language == "en" else "tr"


def choose_language() -> str:
    """For Flask-Babel: what the door found for this request, else Turkish."""
    return getattr(g, "language", "tr") if has_request_context() else "tr"


def choose_time_zone() -> str:
    """For Flask-Babel: the viewer's own time zone, else Istanbul's."""
    return getattr(g, "time_zone", "Europe/Istanbul") if has_request_context() else "Europe/Istanbul"


def date_words(value: date, form: str = "d MMM y") -> str:
    """A calendar date in the reader's language: `12 Mar 2026`."""
    return dates.format_date(value, form, locale=language())


def moment_words(value: datetime, form: str = "d MMM y HH:mm") -> str:
    """A moment in the reader's language and time zone."""
    return dates.format_datetime(value, form, tzinfo=get_timezone(), locale=language())


def ago(value: datetime, at: datetime) -> str:
    """How long before `at` it was, in words."""
    return dates.format_timedelta(value - at, add_direction=True, locale=language())


def number(value: float, digits: int = 0) -> str:
    """A number as the reader writes it: 1.234,5 in Turkish, 1,234.5 in English."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return numbers.format_decimal(value, format=pattern, locale=language())


def percent(value: float) -> str:
    """A share 0..1 as a percentage: %34 in Turkish, 34% in English, rounded half up."""
    whole = int(value * 100 + 0.5)
    return f"%{whole}" if language() == "tr" else f"{whole}%"
