"""Searching texts in memory by the beginnings of words, in both languages, and showing where they were met. Asks nobody and keeps nothing."""

import re
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from trainee.kit import trtext

MOST_WORDS, LONGEST = 10, 60
# What a word is worth where it was met: as a whole word of the title, as the beginning of one, beside the title, in the text.
WHOLE, BEGINS, BESIDE, INSIDE = 8, 5, 3, 1
_WORD = re.compile(r"\w+")
_ONE = lru_cache(maxsize=1 << 15)(trtext.fold)


def words_of(query: str) -> tuple[str, ...]:
    """What is looked for: at most ten words, folded, each at most sixty letters long; the same word counts once."""
    return tuple(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(trtext.fold(query))))[:MOST_WORDS]


def tokens(text: str) -> str:
    """A text for `Sought`: its folded words, each with a blank on either side."""
    return f" {' '.join(_WORD.findall(trtext.fold(text)))} "


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing that can be found: its title as the reader sees it, what names it besides (the other language), and its text. All `tokens`."""

    title: str
    beside: str
    text: str

    def score(self, words: tuple[str, ...]) -> int:
        """How well it fits, more is better; 0 unless every word begins a word of it."""
        total = 0
        for word in words:
            begins = f" {word}"
            if f"{begins} " in self.title:
                total += WHOLE
            elif begins in self.title:
                total += BEGINS
            elif begins in self.beside:
                total += BESIDE
            elif begins in self.text:
                total += INSIDE
            else:
                return 0
        return total


def sought(title: str, text: str = "", beside: str = "") -> Sought:
    """Something to be found, from texts as they are written."""
    return Sought(tokens(title), tokens(beside), tokens(text))


def marked(text: str, words: tuple[str, ...]) -> Markup:
    """The text as HTML, with the beginnings of words that are looked for marked."""
    out, at = [], 0
    for found in _WORD.finditer(text):
        if end := _met(found.group(), words):
            out += [escape(text[at : found.start()]), Markup("<mark>{}</mark>").format(found.group()[:end])]
            at = found.start() + end
    return Markup("").join([*out, escape(text[at:])])


def snippet(text: str, words: tuple[str, ...], length: int = 150) -> Markup:
    """About `length` signs of a text around the first place where a word is met, marked; its beginning where none is."""
    text = trtext.squeeze(text)
    first = next((found.start() for found in _WORD.finditer(text) if _met(found.group(), words)), 0)
    start = max(first - length // 3, 0)
    if start:
        start = text.find(" ", start, first) + 1 or first
    end = len(text)
    if end - start > length:
        end = text.rfind(" ", start, start + length)
        end = end if end > first else start + length
    return Markup("{}{}{}").format("… " if start else "", marked(text[start:end], words), " …" if end < len(text) else "")


def _met(word: str, words: tuple[str, ...]) -> int:
    """How many letters at the beginning of a written word are those of a word that is looked for; 0 for none."""
    folded = _ONE(word)
    fit = max((one for one in words if folded.startswith(one)), key=len, default=None)
    if fit is None:
        return 0
    # Folding may make two letters of one (ß), so it is counted in letters as they are written.
    return next(length for length in range(1, len(word) + 1) if _ONE(word[:length]).startswith(fit))
