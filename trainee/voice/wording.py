"""Whether what customers are asked is fair: nothing that promises them something, sells them something, or begs for a mark."""

import re
import unicodedata
from typing import Final

from trainee.kit import trtext
from trainee.kit.i18n import LazyString, _l

_RULES: Final[tuple[tuple[LazyString, str], ...]] = (
    (
        _l("“%(words)s” promises something for the answer. People then answer for the gift, and such a survey is advertising."),
        r"indirim\w*|cekilis\w*|hediye\w*|kupon\w*|odul\w*|kampanya\w*|para iade\w*|puan kazan\w*|kazanma sans\w*|bedava\w*"
        r"|(?:kahve|cay|icecek|tatli|pasta|yemek|dondurma|kargo)(?:niz|iniz|ler|lar)?(?: da| de)? bizden(?! al)"
        r"|bizden (?:bir )?(?:kahve|cay|icecek|tatli)\w*|ucretsiz (?:kahve|cay|icecek|tatli|pasta|yemek)\w*"
        r"|ikram ed\w*|tesekkur olarak|armagan\w*|bonus\w*"
        r"|discounts?|gifts?|vouchers?|coupons?|prizes?|rewards?|lottery|win a|chance to win|free of charge|points? for"
        r"|(?:coffee|tea|drink|lunch|dessert|cake|treat|delivery|shipping)(?:s|.s| is| are)? on us|on the house"
        r"|free (?:coffee|tea|drink|lunch|dessert|cake|treat|sample)s?|as a thank.you",
    ),
    (
        _l("“%(words)s” asks for a good mark. What is begged for says nothing; leave the mark to the customer."),
        r"(?:5|bes|10|on) (?:yildiz|puan|tam puan)\w* (?:ver|isaretle)\w*|tam puan\w*|en yuksek puan\w*"
        r"|yuksek puan ver\w*|dusuk puan verme\w*|iyi puan\w*"
        r"|(?:five|5) stars?|give (?:us|me) (?:a |an )?(?:10|ten|five|5|good)\w*"
        r"|top (?:score|marks?)|(?:score|rate) us (?:high|well|10|ten)\w*|good (?:mark|score|rating)s?",
    ),
    (
        _l("“%(words)s” advertises. A survey that advertises is a commercial message; take it out."),
        r"yeni urun\w*|firsat\w*|satin al\w*|kacirmayin\w*|buy (?:now|one)|special offers?|new products?|do not miss",
    ),
    (
        _l("“%(words)s” tells the customer what to feel. Ask without praising."),
        r"muhtesem hizmet\w*|mukemmel hizmetimiz\w*|harika ekibimiz\w*|degil mi|our (?:great|excellent|wonderful|amazing) \w+"
        r"|don.t you (?:agree|think)|isn.t it",
    ),
)
_PATTERNS: Final = tuple((sentence, re.compile(rf"\b(?:{pattern})\b")) for sentence, pattern in _RULES)


# How one says that nobody has to answer; folded, as they are looked for.
_FREE: Final = {
    "tr": re.compile(
        r"(?:zorunda|mecbur) deg\w*|zorunlu deg\w*|zorunluluk yok\w*|gonullu\w*|istege bagli\w*|isterseniz|dilerseniz|yanitlamayabilir\w*"
    ),
    "en": re.compile(
        r"need not|(?:do not|don.t|does not|nobody) (?:have|has|need|needs) to|no one has to|voluntar\w*|no obligation|optional|not required"
        r"|if you (?:like|wish|want)"
    ),
}
# Fewer words than these beside that say nothing of what it is about.
_TOPIC: Final = 3


def lacks(intro: str, lang: str) -> str | None:
    """What the first words of a survey do not say: "free" (that nobody has to answer) or "topic" (what it is about); None when they say both."""
    folded = trtext.fold(intro)
    if not _FREE[lang].search(folded):
        return "free"
    rest = re.findall(r"\w+", _FREE[lang].sub(" ", folded))
    return "topic" if len(rest) < _TOPIC else None


def complaint(text: str) -> str | None:
    """What is wrong with some words that customers will read, in a sentence; None when nothing is."""
    folded = trtext.fold(text)
    for sentence, pattern in _PATTERNS:
        found = pattern.search(folded)
        if found is not None:
            return str(sentence) % {"words": _as_written(text, folded, *found.span())}
    return None


def _as_written(text: str, folded: str, start: int, end: int) -> str:
    """A part of the folded text as it was typed, where letter stands for letter; else as it was folded."""
    composed = unicodedata.normalize("NFC", text)
    return composed[start:end] if len(composed) == len(folded) else folded[start:end]
