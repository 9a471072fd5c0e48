"""Taking out of a comment what could lead to a person: addresses, phone, identity, account and card numbers."""

import re

MASK = "[•••]"
# What people put between the digits of a number.
_S = r"[ \u00a0.\-/]{0,2}"
# How people write an address so that a program does not see it: the sign and the dot in brackets, or as words before an end that addresses have.
_NAME, _HOST = r"[\w.+\-]+", r"[\w\-]+"
_AT = r"\s?[(\[{<]\s?(?:at|et|@)\s?[)\]}>]\s?"
_DOT = r"(?:\s?[(\[{<]\s?(?:dot|nokta|\.)\s?[)\]}>]\s?|\s(?:dot|nokta)\s|\s?\.)"
_ENDS = r"(?:com|net|org|edu|gov|info|biz|tr|de|eu|io|me)"
_MAILERS = r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|yandex|mynet|proton(?:mail)?|live|msn)"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # E-mail, also written with blanks around the sign.
        rf"(?i:{_NAME}\s?[@\uff20]\s?(?=[\d\-]*[^\W\d]){_HOST}(?:(?:\s?\.|\s?\.\s(?={_ENDS}\b)){_HOST})+)",
        rf"(?i:{_NAME}{_AT}{_HOST}(?:{_DOT}{_HOST})+)",
        rf"(?i:{_NAME}\s(?:at|et)\s{_HOST}(?:\s(?:dot|nokta)\s{_HOST})*\s(?:dot|nokta)\s{_ENDS}\b)",
        rf"(?i:{_NAME}\s?(?:{_AT}|\s(?:at|et|@)\s){_MAILERS}(?:{_DOT}|\s){_ENDS}\b)",
        # IBAN: Turkey's own length first, then any country's in capitals.
        rf"(?i:\btr){_S}\d{{2}}(?:{_S}\d){{22}}(?!\d)",
        r"\b[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,3})?\b",
        # Card: four groups of four, or American Express.
        rf"(?<!\d)\d{{4}}{_S}\d{{4}}{_S}\d{{4}}{_S}\d{{1,7}}(?!\d)",
        rf"(?<!\d)\d{{4}}{_S}\d{{6}}{_S}\d{{5}}(?!\d)",
        # Phone: as written in Turkey, then any number that begins with a country.
        rf"(?<!\d)(?:(?:\+|00)?90{_S})?(?:\(?0{_S})?\(?\d{{3}}\)?{_S}\d{{3}}{_S}\d{{2}}{_S}\d{{2}}(?!\d)",
        r"(?<!\d)(?:\+|00)\d(?:[ \u00a0.\-/()]{0,2}\d){6,14}(?!\d)",
        # T.C. number in groups of three; unbroken it is caught below with every long run of digits.
        r"(?<!\d)[1-9]\d{2}[ .\-]\d{3}[ .\-]\d{3}[ .\-]\d{2}(?!\d)",
        # Digit by digit.
        r"(?<!\d)(?:\d[ \u00a0.\-/]){9,}\d(?!\d)",
        r"\d{10,}",
    )
)


def masked(comment: str) -> str:
    """The comment with one mark in the place of each address and number; order numbers of ten digits and more go too, to be on the safe side."""
    text = " ".join(comment.split())
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    return text
