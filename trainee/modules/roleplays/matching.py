"""Finding phrases in what somebody typed, forgiving case, accents and the two Turkish i's."""

import re
import unicodedata
from functools import lru_cache

from trainee.kit.trtext import fold


# A rubric compares one reply with dozens of phrases that never change.
@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text as it is compared: folded, one space between words, straight apostrophes."""
    straight = unicodedata.normalize("NFC", text).replace("’", "'").replace("‘", "'")
    return re.sub(r"\s+", " ", fold(straight)).strip()


def found(phrase: str, text: str) -> bool:
    """Whether `phrase` begins at the start of a word in `text`; with `=` in front it must end at the end of a word too.

    Turkish joins its endings to the word, so `arıyor` finds `arıyorum`, while `=ama` does not find `aman` or `arama`.
    Accents are forgiven, because many people write `ozur dilerim` on a phone.
    """
    whole = phrase.startswith("=")
    wanted = re.escape(plain(phrase.removeprefix("=")))
    return re.search(rf"(?<!\w){wanted}" + (r"(?!\w)" if whole else ""), plain(text)) is not None
