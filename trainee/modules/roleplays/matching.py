"""Finding phrases in what somebody typed, forgiving case, accents and the two Turkish i's."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from trainee.kit.trtext import fold, squeeze

_BETWEEN = r"(?:(?![.!?;:]\s)\W)+"
_GAP = rf"\w*(?:{_BETWEEN}\w+){{0,8}}?{_BETWEEN}"
# A full stop within an hour, as in 18.00, ends nothing.
_CLAUSE_ENDS = re.compile(r"[.!?;:,]+(?=\s|$)|\n|\s(?:ama|fakat|but)\s", re.IGNORECASE)


# A rubric compares one reply with dozens of phrases that never change.
@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text as it is compared: folded, one space between words, straight apostrophes."""
    straight = unicodedata.normalize("NFC", text).replace("’", "'").replace("‘", "'")
    return squeeze(fold(straight))


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases to look for, per language."""

    tr: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tr or self.en)

    def of(self, language: str) -> tuple[str, ...]:
        """The phrases of one language."""
        return self.en if language == "en" else self.tr

    def hit(self, text: str, language: str) -> str | None:
        """The first phrase found in the text."""
        return next((phrase for phrase in self.of(language) if found(phrase, text)), None)


def clauses(text: str) -> list[str]:
    """The parts of a text that say one thing each: a "not" in one of them says nothing of the next."""
    return [part.strip() for part in _CLAUSE_ENDS.split(text) if part.strip()]


def found(phrase: str, text: str) -> bool:
    """Whether `phrase` begins at the start of a word in `text`; with `=` in front it must end at the end of a word too.

    Turkish joins its endings to the word, so `arıyor` finds `arıyorum`, while `=ama` does not find `aman` or `arama`. A ` * ` stands for up to
    eight words of the same sentence. Accents are forgiven, because many people write `ozur dilerim` on a phone.
    """
    if " * " in phrase:
        return _with_gaps(phrase).search(plain(text)) is not None
    wanted, text = plain(phrase.removeprefix("=")), plain(text)
    # Without a pattern: a rubric tries hundreds of phrases, and making a pattern of each takes longer than looking for it.
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not (at and _in_word(text[at - 1])) and not (phrase.startswith("=") and end < len(text) and _in_word(text[end])):
            return True
        at = text.find(wanted, at + 1)
    return False


def most_met(phrases: Iterable[str], texts: Sequence[str]) -> tuple[int, str | None]:
    """In how many texts one of the phrases is found, and the phrase that is found in most of them; None where none is."""
    together = "\n".join(texts)
    # Hardly any phrase is found anywhere, which one look at all texts shows.
    hits = {phrase: {number for number, text in enumerate(texts) if found(phrase, text)} for phrase in phrases if found(phrase, together)}
    if not hits:
        return 0, None
    return len(set().union(*hits.values())), max(hits, key=lambda phrase: len(hits[phrase]))


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


@lru_cache(maxsize=4096)
def _with_gaps(phrase: str) -> re.Pattern[str]:
    wanted = _GAP.join(re.escape(plain(part)) for part in phrase.removeprefix("=").split(" * "))
    return re.compile(rf"(?<!\w){wanted}" + (r"(?!\w)" if phrase.startswith("=") else ""))
