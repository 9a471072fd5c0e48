"""Options that stand for others: "all of the above", "none of these", "both", "a and c", in the many ways they are put."""

import re

_ONE = {
    "tr": r"(?:[a-e]|[1-5]|ilk|birinci|ikinci|ucuncu|dorduncu|besinci)",
    "en": r"(?:[a-e]|[1-5]|first|second|third|fourth|fifth|last)",
}
_ANSWERS = {
    "tr": r"(?:secene[kg]\w*|yanit\w*|cevap\w*|cevab\w*|sik(?:ki\w*|lar\w*)?|madde\w*|ifade\w*|oneri\w*|davranis\w*)",
    "en": r"(?:answers?|options?|choices?|statements?|reply|replies|items?|suggestions?|responses?|behaviours?)",
}
# What may still follow without saying anything of its own: "... are all correct", "... would do", "... de kabul edilebilir".
_RIGHT = {
    "tr": (
        r"(?: de| da)?(?: (?:ayni derecede )?(?:dogru\w*|yanlis\w*|uygun\w*|gecerli\w*|iyi\w*|mumkun\w*|kabul ed\w*|soylenebilir|"
        r"yapilabilir|olabilir|olur|yeterli\w*))?(?: degil\w*)?"
    ),
    "en": (
        r"(?:(?: (?:is|are|would be|can be|will be|seem|seems|were))(?: (?:all|both|equally|also|just as))?"
        r" (?:correct|right|true|wrong|false|fine|good|ok|okay|acceptable|possible|suitable|appropriate|valid|sensible)|"
        r" (?:correct|true|wrong|false)| (?:apply|applies|work|works|fit|fits|count)|"
        r" (?:would|will|could|can) (?:do|work|apply|be (?:correct|right|fine|said|used)))?"
        r"(?: (?:here|equally|too))?"
    ),
}
_HOW_MANY_TR = r"(?:hepsi|tumu|tamami|hicbiri|ikisi|ucu|dordu|birkaci|birden fazlasi|bazilari)"


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


def _turkish() -> re.Pattern[str]:
    one, answers, right = _ONE["tr"], _ANSWERS["tr"], _RIGHT["tr"]
    return _any_of(
        # yukarıdakilerin hepsi, seçeneklerin hiçbiri, bunların ikisi, bu cümlelerin tümü
        r"\b(?:yukarida\w*|oncekiler\w*|secenekler\w*|yanitlar\w*|cevaplar\w*|siklar\w*|bunlarin|"
        rf"bu (?:secenek|yanit|cevap|ifade|madde|oneri|davranis|cumle)l[ae]r\w*)(?: secenekler\w*)? (?:her )?{_HOW_MANY_TR}\b",
        r"\bve .? ?siklari\b",
        # hepsi doğru, her ikisi de, hiçbirini
        rf"^(?:her )?(?:hepsi|tumu|tamami|hicbiri|ikisi|ucu|dordu|birden fazlasi)(?:ni|nu|si)?{right}$",
        # bütün seçenekler, diğer iki yanıt, ilk ikisi
        rf"^(?:hicbir|butun|tum|her|diger(?: iki| uc)?|ilk (?:iki|uc)|son (?:iki|uc)) {answers}(?: (?:hepsi|tumu|hicbiri))?{right}$",
        rf"^ilk (?:iki|uc)(?:si|su)?{right}$",
        # yalnızca a ve c, hem a hem de b şıkkı, birinci ile üçüncü seçenek; "1 ile 3" alone is a span
        rf"^(?![1-5] (?:ile|veya|ya da) [1-5]$)(?:yalnizca |yalniz |sadece )?(?:hem )?{one}(?: {answers})?(?: {one})*"
        rf"(?: (?:ve|ile|veya|ya da|hem de|hem))+ {one}(?: {answers})?(?: birlikte| ayni anda)?{right}$",
    )


def _english() -> re.Pattern[str]:
    one, answers, right = _ONE["en"], _ANSWERS["en"], _RIGHT["en"]
    return _any_of(
        # all of them are acceptable, neither of the two, more than one of these; "two" alone is a number
        r"^(?:all|none|both|any|either|neither|each|every one|more than one|(?:several|most|two|three)(?= of))(?: of)?(?: (?:the|these|those|them))?"
        rf"(?: (?:above|previous|preceding|two|three|four|other|others))?(?: {answers})?(?: above)?{right}$",
        rf"^(?:everything|nothing) above{right}$",
        rf"\b(?:all|none|any|both|each|neither|either|two|more than one) of the (?:above|previous|preceding|other {answers})\b",
        r"\bboth [a-e] and [a-e]\b",
        r"^all the (?:above|others?)$",
        # the options above, every answer is right; "no reply" is something one may do
        rf"^(?:the |all )?(?:options?|answers?) above{right}$",
        rf"^(?!(?:no|any) \w+$)(?:every|no|any|each) (?:other )?{answers}(?: above)?{right}$",
        # a and c, the first and the second answer, the last two; "1 or 2" alone is a span
        rf"^(?![1-5] or [1-5]$)(?:only )?(?:both )?(?:(?:options?|answers?) )?(?:the )?{one}(?: {answers})?(?: {one})*(?: and| or| as well as)"
        rf" (?:the )?{one}(?: {answers})?(?: together)?{right}$",
        rf"^(?:the )?(?:first|last|other) (?:two|three)(?: {answers})?{right}$",
    )


_OTHERS = {"tr": _turkish(), "en": _english()}


def stands_for_others(plain: str, lang: str) -> bool:
    """Whether an option, folded and without signs, only points at others of its question."""
    return _OTHERS[lang].search(plain) is not None
