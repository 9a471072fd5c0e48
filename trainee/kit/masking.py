"""Taking out of a comment what could lead to a person: addresses, phone, identity, account and card numbers."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final, NamedTuple

MASK = "[•••]"
# Stands in the place of what was found while more is looked for; no pattern reads it.
_TAKEN: Final = "\0"
# Joins and marks that nobody sees and that split a number for whoever only looks at its digits: between the parts of an emoji, and of a key.
_UNSEEN: Final = frozenset("\ufe0e\ufe0f\u20e3")
# All that people put between digits in the place of a hyphen or a full stop, as one of these.
_DASHES, _DOTS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d_~", "\u00b7\u2022\u2024\u2027\u2219\u22c5"
_ALIKE: Final = dict.fromkeys(_DASHES, "-") | dict.fromkeys(_DOTS, ".")
_S = r"[ .\-/]{0,3}"
# How people write an address so that a program does not see it: the sign and the dot in brackets, or as words before an end that addresses have.
# A name begins where one can, and a host has at most so many parts: otherwise a long run of letters would be read once from each of them.
_NAME, _HOST = r"(?<![\w.+\-])[\w.+\-]+", r"[\w\-]+"
_AT = r"\s?[(\[{<]\s?(?:at|et|@)\s?[)\]}>]\s?"
_DOT = r"(?:\s?[(\[{<]\s?(?:dot|nokta|\.)\s?[)\]}>]\s?|\s(?:dot|nokta)\s|\s?\.)"
_ENDS = r"(?:com|net|org|edu|gov|info|biz|tr|de|eu|io|me)"
_MAILERS = r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|yandex|mynet|proton(?:mail)?|live|msn)"
# The first three digits of a Turkish number: of a place, of a mobile phone, or of a service.
_AREA = r"(?:[2-4][1-9]|5\d|[89]\d)\d"
# How the numbers of cards of so many digits begin.
_CARDS: Final = {13: "4", 14: r"3[0689]", 15: r"3[47]", 16: r"[2-69]", 17: r"[56]", 18: r"[56]", 19: r"[4-69]"}
_IBAN: Final = range(15, 35)


class _Pattern(NamedTuple):
    """What is looked for, and how much of what is found is taken out, in characters."""

    shape: re.Pattern[str]
    taken: Callable[[str], int]


def _digits(found: str) -> str:
    return "".join(one for one in found if one.isdecimal())


def _card(found: str) -> int:
    """All of it where a card has a number of this length, beginning and check digit (Luhn, ISO/IEC 7812-1)."""
    plain = _digits(found)
    if len(plain) not in _CARDS or not re.match(_CARDS[len(plain)], plain):
        return 0
    digits = [int(one) for one in plain]
    doubled = (2 * one - 9 * (one > 4) for one in digits[-2::-2])
    return len(found) if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 else 0


def _account(found: str) -> int:
    """As much of it as is an IBAN by its check digits (ISO 13616); the next word may hang on to it."""
    for end in range(len(found), _IBAN[0] - 1, -1):
        letters = [one for one in found[:end] if one.isalnum()]
        inside_a_word = end < len(found) and found[end - 1].isalnum() and found[end].isalnum()
        if inside_a_word or len(letters) not in _IBAN:
            continue
        if int("".join(str(int(one, 36)) for one in letters[4:] + letters[:4])) % 97 == 1:
            return end
    return 0


def _turkish(found: str) -> int:
    """All of it where it is a Turkish IBAN without its two letters, which stand before the line on most forms."""
    return len(found) if _account("TR" + _digits(found)) else 0


def _run(found: str) -> int:
    """All of it where digits without a break may be a phone or a T.C. number, or are a card's; serial and order numbers of other lengths stay."""
    many = len(found)
    phone = many in (10, 12) and (found[0] == "0" or re.fullmatch(rf"(?:90)?{_AREA}\d{{7}}", found) is not None)
    return many if phone or many == 11 or _card(found) else 0


def _code(found: str) -> int:
    """The same for digits that hang on to letters, as those of orders and parcels do: a T.C. number then only with its two check digits."""
    ones = [int(one) for one in found[:11]]
    checked = ones[9:] == [(7 * sum(ones[0:9:2]) - sum(ones[1:8:2])) % 10, sum(ones[:10]) % 10]
    return _run(found) if len(found) != 11 or found[0] == "0" or checked else 0


_ALL: Final = len
_PATTERNS = tuple(
    _Pattern(re.compile(shape), taken)
    for shape, taken in (
        # E-mail, also written with blanks around the sign.
        (rf"(?i:{_NAME}\s?[@\uff20]\s?(?=[\d\-]*[^\W\d]){_HOST}(?:(?:\s?\.|\s?\.\s(?={_ENDS}\b)){_HOST}){{1,8}})", _ALL),
        (rf"(?i:{_NAME}{_AT}{_HOST}(?:{_DOT}{_HOST}){{1,8}})", _ALL),
        (rf"(?i:{_NAME}\s(?:at|et)\s{_HOST}(?:\s(?:dot|nokta)\s{_HOST}){{0,8}}\s(?:dot|nokta)\s{_ENDS}\b)", _ALL),
        (rf"(?i:{_NAME}\s?(?:{_AT}|\s(?:at|et|@)\s){_MAILERS}(?:{_DOT}|\s){_ENDS}\b)", _ALL),
        # IBAN: Turkey's own first, whatever its check digits say; then any country's.
        (rf"(?i:\btr){_S}\d{{2}}(?:{_S}\d){{20,24}}(?!\d)", _ALL),
        (rf"(?<!\d)\d{{2}}(?:{_S}\d{{4}}){{5}}{_S}\d{{2}}(?!\d)", _turkish),
        (r"(?ia:\b[a-z]{2}\d{2}(?:[ \-]?[a-z0-9]{4}){2,7}(?:[ \-]?[a-z0-9]{1,3})?\b)", _account),
        # Card: groups of four, or American Express and Diners.
        (rf"(?<!\d)\d{{4}}{_S}\d{{4}}{_S}\d{{4}}{_S}\d{{1,4}}(?:{_S}\d{{1,3}})?(?!\d)", _card),
        (rf"(?<!\d)\d{{4}}{_S}\d{{4}}{_S}\d{{4}}{_S}\d{{1,4}}(?!\d)", _card),
        (rf"(?<!\d)\d{{4}}{_S}\d{{6}}{_S}\d{{4,5}}(?!\d)", _card),
        # Phone: as written in Turkey, with the zero also in other groups, then any number that begins with a country.
        (rf"(?<!\d)(?:(?:\+|00)?90{_S}\(?(?:0{_S})?\(?|\(?0{_S}\(?)\d{{3}}\)?{_S}\d{{3}}{_S}\d{{2}}{_S}\d{{2}}(?!\d)", _ALL),
        (rf"(?<!\d)\(?{_AREA}\)?{_S}\d{{3}}{_S}\d{{2}}{_S}\d{{2}}(?!\d)", _ALL),
        (rf"(?<!\d)(?<!\d[.,:])\(?0{_S}\(?{_AREA}\)?(?:{_S}\d){{7}}(?!\d)", _ALL),
        (r"(?<!\d)(?:\+|(?<!\d[.,:])00)\d(?:[ .\-/()]{0,3}\d){6,14}(?!\d)", _ALL),
        # T.C. number in groups of three.
        (r"(?<!\d)[1-9]\d{2}[ .\-]\d{3}[ .\-]\d{3}[ .\-]\d{2}(?!\d)", _ALL),
        # Digit by digit.
        (r"(?<!\d)(?:\d[ .\-/]){9,}\d(?!\d)", _ALL),
        (r"(?<![^\W_])\d{10,}(?!\d)", _run),
        (r"(?<=[^\W\d_])\d{10,}(?!\d)", _code),
    )
)


def masked(comment: str) -> str:
    """The comment with one mark in the place of each address and number, in time that grows as its length.

    What splits a number without being seen, and any dash in the place of a hyphen, hides nothing. Ten or eleven digits that may be somebody's number
    go, to be on the safe side; a longer run only with the check digit of a card or an account.
    """
    text = " ".join(comment.split())
    seen = [place for place, one in enumerate(text) if one not in _UNSEEN and unicodedata.category(one) != "Cf"]
    flat = "".join(_plain(text[place]) for place in seen)
    for pattern in _PATTERNS:
        flat = _without(flat, pattern)
    told, since = [], 0
    for found in re.finditer(f"{_TAKEN}+", flat):
        told += [text[since : seen[found.start()]], MASK]
        since = seen[found.end() - 1] + 1
    return "".join([*told, text[since:]])


def _plain(one: str) -> str:
    if one.isascii():
        return " " if one == _TAKEN else "-" if one in _DASHES else one
    return str(unicodedata.decimal(one)) if one.isdecimal() else _ALIKE.get(one, one)


def _without(flat: str, pattern: _Pattern) -> str:
    """The same, as long as before, with what the pattern takes out crossed out."""
    parts, since, place = [], 0, 0
    while found := pattern.shape.search(flat, place):
        taken = pattern.taken(found.group())
        place = found.start() + (taken or 1)
        if taken:
            parts += [flat[since : found.start()], _TAKEN * taken]
            since = place
    return "".join([*parts, flat[since:]])
