"""How long a text takes to read, and how hard it is, in Turkish and in English."""

import re
from functools import lru_cache

from trainee.kit import trtext

WORDS_A_MINUTE = {"tr": 166, "en": 228}
"""Trauzettel-Klosinski and Dietz (2012), "Standardized assessment of reading performance: the new international reading speed texts IReST",
Investigative Ophthalmology & Visual Science 53(9): words a minute of adults, in Turkish 166 (sd 25) and in English 228 (sd 30)."""

TOO_MANY = 1.5
LEAST, SLACK = 5, 3
"""So few minutes are never too many, and so many more than were promised are no matter."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?…:]+(?=[\s\"”’)]|$)|\n\s*\n")
_VOWELS = re.compile(r"[aeıioöuüâîû]")
_ENGLISH = re.compile(r"[aeiouy]+")


def words(text: str) -> list[str]:
    """The words of a text; numbers and signs are none."""
    return _WORD.findall(text)


def seconds(text: str, lang: str) -> float:
    """How many seconds an adult reads this text at an ordinary pace. The source stands at `WORDS_A_MINUTE`."""
    return 60 * _count(text) / WORDS_A_MINUTE[lang]


@lru_cache(maxsize=2000)
def _count(text: str) -> int:
    # A lesson is timed by its promise, by one sitting and by its module, one after the other.
    return len(words(text))


def far_from(promised: int, needed: float, too_long: float) -> bool:
    """Whether a promise in minutes misleads: by half too many, or too few for what is longer than `too_long` times as much."""
    if needed > promised:
        return needed - promised > SLACK and needed > too_long * promised
    return promised > LEAST and promised >= TOO_MANY * needed


def ease(text: str, lang: str) -> float | None:
    """How easily a text reads, about 0 (hard) to 100 (easy); None when it has too few words to say.

    Turkish: Ateşman (1997), "Türkçede okunabilirliğin ölçülmesi", Dil Dergisi 58: 198.825 - 40.175 x syllables per word - 2.610 x words
    per sentence; 90 to 100 very easy, 70 to 89 easy, 50 to 69 middling, 30 to 49 hard. English: Flesch (1948), "A new readability
    yardstick", Journal of Applied Psychology 32(3): 206.835 - 84.6 x syllables per word - 1.015 x words per sentence; 60 to 70 is plain.
    """
    low = trtext.lower(text, lang)
    found = words(low)
    if len(found) < 100:
        return None
    sentences = max(1, sum(1 for piece in _SENTENCE.split(text) if _WORD.search(piece)))
    syllables = (len(_VOWELS.findall(low)) if lang == "tr" else sum(map(_syllables, found))) / len(found)
    length = len(found) / sentences
    if lang == "tr":
        return 198.825 - 40.175 * syllables - 2.610 * length
    return 206.835 - 84.6 * syllables - 1.015 * length


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> int:
    """An English word has a syllable for each run of vowels, less a silent e at its end; a Turkish one simply for each vowel."""
    silent = (word.endswith("e") and not word.endswith(("le", "ee"))) or (word.endswith("ed") and not word.endswith(("ted", "ded")))
    return max(1, len(_ENGLISH.findall(word)) - silent)
