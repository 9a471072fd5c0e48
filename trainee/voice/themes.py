"""What comments are about, by the words they hold: a first coding, which whoever reads them may correct."""

import re
from typing import Final

from trainee.kit import trtext
from trainee.kit.i18n import LazyString, _l

# Each theme with its name and the beginnings of words, folded, that speak for it; several in one pattern must stand in this order.
_CODED: Final[dict[str, tuple[LazyString, tuple[str, ...]]]] = {
    "late-delivery": (
        _l("Late delivery"),
        (
            r"gelmedi",
            r"gec (geldi|kaldi|teslim|getir)",
            r"teslimat",
            r"gelen olmadi",
            r"saat tutmadi",
            r"kargo",
            r"late",
            r"deliver",
            r"did not arrive",
            r"never came",
        ),
    ),
    "no-call-back": (
        _l("Not called back"),
        (
            r"aramadi",
            r"geri don(us|medi|ulmedi|en olmadi)",
            r"donus yap(il)?ma",
            r"haber vermedi",
            r"call(ed)? (me )?back",
            r"no (answer|reply)",
            r"nobody called",
        ),
    ),
    "repeated-myself": (
        _l("Had to repeat myself"),
        (
            r"ayni seyi",
            r"tekrar (anlat|sor)",
            r"yine bastan",
            r"uc kisiye",
            r"repeat",
            r"same (thing|story)",
            r"told (it )?(again|twice)",
            r"from the start",
        ),
    ),
    "kind-staff": (
        _l("Kind people"),
        (
            r"ilgili",
            r"guler ?yuz",
            r"sabirli",
            r"nazik",
            r"kibar",
            r"tesekkur",
            r"dinlen",
            r"anlayisli",
            r"kind",
            r"friendly",
            r"patient",
            r"polite",
            r"thank",
            r"listened",
        ),
    ),
    "solved-first-time": (
        _l("Solved the first time"),
        (r"tek (arama|seferde|gorusme)", r"ugrastirmadan", r"hemen (coz|hallet|halloldu)", r"ilk seferde", r"solved", r"first time", r"sorted"),
    ),
    "price-label": (_l("Price and labels"), (r"fiyat", r"etiket", r"pahali", r"ucret", r"price", r"label", r"expensive", r"charged")),
    "shop-untidy": (_l("Untidy shop"), (r"dagini", r"kirli", r"pis", r"duzensiz", r"bulamadim", r"untidy", r"dirty", r"messy", r"could not find")),
    "rude": (_l("Felt treated rudely"), (r"ters (konus|davran)", r"kaba", r"saygisiz", r"azarla", r"bagir", r"rude", r"shout", r"disrespect")),
}
THEMES: Final[dict[str, LazyString]] = {key: name for key, (name, _words) in _CODED.items()} | {"other": _l("Something else")}
_PATTERNS: Final = {key: re.compile(rf"\b(?:{'|'.join(words)})") for key, (_name, words) in _CODED.items()}


def themes_in(comment: str) -> list[str]:
    """The themes whose words a comment holds; `other` where there is none, and nothing for an empty one."""
    if not comment.strip():
        return []
    text = trtext.fold(comment)
    return [key for key, pattern in _PATTERNS.items() if pattern.search(text)] or ["other"]
