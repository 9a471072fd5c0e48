"""Messages and numbers in the language that is wanted, for what must come without the web's library too: a checker of files, for one."""

import re
from collections import UserString
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel import numbers
from babel.support import NullTranslations, Translations

LANGUAGES = {"tr": "Türkçe", "en": "English"}

_COUNT = re.compile(r"%\((\w+)\)d")
_FOLDER = Path(__file__).resolve().parent.parent / "translations"
_forced: ContextVar[str | None] = ContextVar("language", default=None)
# What the door found for this request. A page asks for it some seventy times, and a context variable answers quicker than `g`.
_reader: ContextVar[str | None] = ContextVar("reader", default=None)
# Who knows when neither is set; nobody does in a program that only reads content.
_otherwise: list[Callable[[], str]] = [lambda: "tr"]


def language() -> str:
    """'tr' or 'en': what the present reader reads."""
    return _forced.get() or _reader.get() or _otherwise[-1]()


def ask_otherwise(knows: Callable[[], str]) -> None:
    """Say who knows the language when nobody forced one and no request is being read."""
    _otherwise[:] = [knows]


def force(lang: str | None) -> str | None:
    """Say everything in `lang` from now on, whoever reads; None: no longer. What was forced before."""
    before = _forced.get()
    _forced.set(lang)
    return before


def read_in(lang: str | None) -> None:
    """Say in which language this request is read; None when it is over."""
    _reader.set(lang)


@cache
def catalogue(lang: str) -> NullTranslations:
    """Our messages in one language."""
    # A page asks some hundred times; finding out the reader's locale anew each time took as long as the page's statements.
    return Translations.load(str(_FOLDER), [lang])


def _(message: str, **values: Any) -> str:
    """A message of ours in the reader's language, its %(placeholders)s filled."""
    found: str = catalogue(language()).gettext(message)
    return with_room(found) % counts_written(values) if values else found


def _n(one: str, many: str, num: int, **values: Any) -> str:
    """The same for a number: `one` or `many`, with %(num)d."""
    return of_many(one, many, num) % counts_written({"num": num, **values})


@cache
def with_room(message: str) -> str:
    """A message that takes its counts as text, %(num)s for %(num)d: they are written already, and %d would take digits alone."""
    return _COUNT.sub(r"%(\1)s", message)


def of_many(one: str, many: str, num: int) -> str:
    """`one` or `many` as it fits the number, in the reader's language and not yet filled."""
    return with_room(catalogue(language()).ngettext(one, many, num))


def counts_written(values: dict[str, Any]) -> dict[str, Any]:
    """What a message is filled with, each count as the reader writes it, 1.475; what `number` is given names a thing and stays as it is."""
    for name, value in values.items():
        if type(value) is int and not -1000 < value < 1000 and name != "number":
            return {**values, **{each: number(is_) for each, is_ in values.items() if type(is_) is int and each != "number"}}
    return values


class LazyString(UserString):
    """A message that is chosen when it is shown; for everything else it is what it says then."""

    def __init__(self, message: str, **values: Any) -> None:
        # UserString's own beginning would keep the words of now.
        self._message, self._values = message, values

    def __mod__(self, args: Any) -> Any:
        """Filled, as the forms' library does with its numbers: the words of now."""
        return self.data % args

    @property
    def data(self) -> str:  # type: ignore[override]
        """What it says to the present reader."""
        return _(self._message, **self._values) if self._message else ""

    def __html__(self) -> str:
        return self.data


def _l(message: str, **values: Any) -> Any:
    """The same, chosen when it is shown: for what is written before anybody reads. A LazyString, which the forms' library takes for a string."""
    return LazyString(message, **values)


def number(value: float, digits: int = 0) -> str:
    """A number as the reader writes it: 1.234,5 in Turkish, 1,234.5 in English; below 0 with a true minus, which a line never breaks after."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    written: str = numbers.format_decimal(value, format=pattern, locale=language())
    return written.replace("-", "−") if written.strip("-0.,") else written.removeprefix("-")
