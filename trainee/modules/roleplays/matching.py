"""Finding phrases in what somebody typed, forgiving case, accents and the two Turkish i's."""

import unicodedata
from functools import lru_cache

from trainee.kit.trtext import fold, squeeze


# A rubric compares one reply with dozens of phrases that never change.
@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text as it is compared: folded, one space between words, straight apostrophes."""
    straight = unicodedata.normalize("NFC", text).replace("’", "'").replace("‘", "'")
    return squeeze(fold(straight))


def found(phrase: str, text: str) -> bool:
    """Whether `phrase` begins at the start of a word in `text`; with `=` in front it must end at the end of a word too.

    Turkish joins its endings to the word, so `arıyor` finds `arıyorum`, while `=ama` does not find `aman` or `arama`.
    Accents are forgiven, because many people write `ozur dilerim` on a phone.
    """
    wanted, text = plain(phrase.removeprefix("=")), plain(text)
    # Without a pattern: a rubric tries hundreds of phrases, and making a pattern of each takes longer than looking for it.
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not (at and _in_word(text[at - 1])) and not (phrase.startswith("=") and end < len(text) and _in_word(text[end])):
            return True
        at = text.find(wanted, at + 1)
    return False


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"
