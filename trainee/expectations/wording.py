"""Telling wording that nobody can watch ("be friendlier") from wording two people would agree on, in Turkish and in English.

What counts as vague is data: `vague.yaml` says which words, and when.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from trainee.kit import trtext
from trainee.kit.words import Text

_FILE = Path(__file__).with_name("vague.yaml")
_SENTENCE = re.compile(r"[^.!?;\n…]+[.!?;\n…]*")
_WORD = re.compile(r"[a-z0-9]+")
# A figure or somebody's very words can be checked, whatever stands beside them.
_CHECKED = re.compile("[0-9\"“”«»]|(?<![a-z])'[^']+'(?![a-z])")
# Fewer words than these say nothing that could be watched.
_FEWEST = 3
# By so many first letters two words of a language are taken for the same, whatever their endings.
_ALIKE = 5

Pattern = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vague:
    """A sentence that nobody can watch, and the words that make it so (empty: it is too short)."""

    sentence: str
    words: str


@dataclass(frozen=True, slots=True)
class Book:
    """The words of one language, as patterns of folded words; one that ends in a hyphen stands for any ending."""

    always: tuple[Pattern, ...]
    alone: tuple[Pattern, ...]
    seen: tuple[Pattern, ...]


@cache
def _books() -> list[Book]:
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return [Book(*(tuple(_pattern(words) for words in kinds[kind]) for kind in ("always", "alone", "seen"))) for kinds in read.values()]


def _pattern(words: str) -> Pattern:
    return tuple(trtext.fold(words).split())


def vague(text: str) -> Vague | None:
    """The first sentence of a text in either language that nobody can watch, or None."""
    for sentence in (found.group().strip() for found in _SENTENCE.finditer(text)):
        words = _WORD.findall(trtext.fold(sentence))
        if not words or _CHECKED.search(trtext.fold(sentence)):
            continue
        # By the words of both languages, whichever box it was written in.
        found = next((place for book in _books() if (place := _held_up(book, words)) is not None), None)
        if found is not None:
            return Vague(sentence, _as_written(sentence, found))
        if len(words) < _FEWEST and len(text.split()) == len(sentence.split()):
            return Vague(sentence, "")
    return None


def _held_up(book: Book, words: Sequence[str]) -> tuple[int, int] | None:
    return _first(book.always, words) or (None if _first(book.seen, words) else _first(book.alone, words))


def _first(patterns: Sequence[Pattern], words: Sequence[str]) -> tuple[int, int] | None:
    """From which word to which the first pattern fits."""
    fitting = [(begin, begin + len(pattern)) for pattern in patterns for begin in _places(pattern, words)]
    return min(fitting, key=lambda place: (place[0], -place[1]), default=None)


def _places(pattern: Pattern, words: Sequence[str]) -> Iterator[int]:
    for begin in range(len(words) - len(pattern) + 1):
        if all(_fits(part, word) for part, word in zip(pattern, words[begin:], strict=False)):
            yield begin


def _fits(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("-") else word == part


def _as_written(sentence: str, place: tuple[int, int]) -> str:
    """The words of the sentence as they were typed."""
    # Folding keeps the number of words; what separates them in the typed text is what the pattern of words leaves out.
    typed = re.findall(r"\w+", sentence)
    return " ".join(typed[place[0] : place[1]]) if len(typed) == len(_WORD.findall(trtext.fold(sentence))) else sentence


def better_example(text: str, anchors: Sequence[Text], lang: str) -> str:
    """Of a level's anchors the one that is closest to what was meant, in `lang`; empty when there is none."""
    meant = _stems(text)
    ranked = sorted(anchors, key=lambda anchor: -len(meant & _stems(anchor.of(lang))))
    return ranked[0].of(lang) if ranked else ""


def _stems(text: str) -> set[str]:
    return {word[:_ALIKE] for word in _WORD.findall(trtext.fold(text)) if len(word) >= _ALIKE}
