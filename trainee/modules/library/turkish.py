"""What the checker says, in Turkish, for who publishes in the browser. The checker itself speaks English, as its files and the command line do.

Each sentence stands in findings.tr.txt beside its Turkish; `{0}`, `{1}` are what the author wrote or what was counted, in any order on the other
side. A sentence that is not there is shown in English and marked so; a test holds all that the broken corpus says against that table.
"""

import re
from functools import cache
from pathlib import Path

_SAID = Path(__file__).with_name("findings.tr.txt")
# What stands in the places of a sentence and is English itself.
_WITHIN = (
    (re.compile(r"\bEnglish\b"), "İngilizce"),
    (re.compile(r"\bTurkish\b"), "Türkçe"),
    (re.compile(r"\bnothing\b"), "hiçbir şey"),
    (re.compile(r" and (\d+) more\b"), r" ve \1 tane daha"),
    (re.compile(r", and (?=`)| and (?=`)"), " ve "),
    (re.compile(r",? or (?=[`'])"), " ya da "),
    (re.compile(r"\b(\d+) questions?\b"), r"\1 soru"),
    (re.compile(r"\b(\d+) types?\b"), r"\1 türde"),
    (re.compile(r"\b(\d+) words?\b"), r"\1 sözcük"),
    (re.compile(r"\b(\d+) of (\d+)\b"), r"\1/\2"),
    (re.compile(r"\b(\d+)%"), r"%\1"),
    (re.compile(r"^This file$"), "Bu dosya"),
)
# What is longer quotes a whole text of the author's, and is left alone.
_LONGEST, _MOST_SENTENCES = 2000, 4
_PLACE = re.compile(r"\{(\d)\}")


@cache
def _table() -> tuple[tuple[re.Pattern[str], tuple[int, ...], str], ...]:
    """The sentences as patterns, with the numbers of their places; what says most itself is tried first."""
    rows = []
    for line in _SAID.read_text(encoding="utf-8").splitlines():
        english, turkish = line.split(" | ")
        numbers = tuple(int(one) for one in _PLACE.findall(english))
        # What stands in a place does not run on into a second sentence.
        pattern = r"((?:(?![.?] [A-Z]).)+?)".join(re.escape(part) for part in _PLACE.split(english)[::2])
        rows.append((len(_PLACE.sub("", english)), re.compile(pattern, re.DOTALL), numbers, turkish))
    return tuple(row[1:] for row in sorted(rows, key=lambda row: -row[0]))


def in_turkish(said: str) -> str | None:
    """The Turkish of what the checker says, one sentence or several; None where it has none, and it is shown as it is."""
    if not said or len(said) > _LONGEST:
        return None if said else ""
    for pattern, numbers, turkish in _table():
        found = pattern.fullmatch(said)
        if found is not None:
            given = dict(zip(numbers, map(_within, found.groups()), strict=True))
            return "".join(given[int(part)] if place % 2 else part for place, part in enumerate(_PLACE.split(turkish)))
    # Several sentences: each by itself, the longest beginning first.
    ends = [one.end() for one in re.finditer(r"[.?](?= [A-Z`])", said)]
    for end in reversed(ends) if len(ends) <= _MOST_SENTENCES else ():
        first, rest = in_turkish(said[:end]), in_turkish(said[end + 1 :])
        if first is not None and rest is not None:
            return f"{first} {rest}"
    return None


def _within(words: str) -> str:
    for english, turkish in _WITHIN:
        words = english.sub(turkish, words)
    return words
