"""One term, one word: docs/words.md is the glossary, and every message and every text of the content is held against its Turkish."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house.test_translations import MESSAGES, WORDS
from trainee.kit import trtext

CONTENT = Path(__file__).resolve().parents[2] / "content"
# Everyday English as well, so that a machine cannot tell in which sense a sentence means it; people read these.
EVERYDAY = {
    *(
        "answer, reply",
        "attempt, try",
        "check",
        "code",
        "contact",
        "draw",
        "fall",
        "figure",
        "gap",
        "job",
        "licence",
        "line",
        "part",
        "points, score",
    ),
    *("review", "talk", "certainty", "coaching loop", "import", "path"),
}
# In the lessons and role-plays, which are prose about customers, only what can mean nothing else.
IN_CONTENT = {
    *(
        "account",
        "calibration",
        "correction",
        "duty roster",
        "employee",
        "evidence",
        "expectation",
        "HR",
        "lesson",
        "module",
        "password",
        "policy card",
    ),
    *("promoter", "questionnaire", "quiz", "rating", "role-play", "skill", "suggestion", "supervisor", "target"),
}
# The messages in which a term means something else, or is rightly left out because the sentence says it otherwise.
ELSEWHERE: dict[str, set[str]] = {
    "account": {
        "%(num)d person still reports to this account and needs another supervisor.",
    },
    "anchor": {
        "anchors of this card",
    },
    "colleague": {
        "Nobody makes herself anonymous. Please ask another colleague in HR.",
        "Only the colleague who was observed can say that she has read it.",
    },
    "employee": {
        "Employee number",
        "Employee number (if there is one)",
    },
    "link": {
        "Four links with their figures, and teams beside their customers.",
        "Four links, each with how many stand behind it. They go together; that is no proof that one brings about the other.",
    },
    "practice": {
        "Thank you. What is hard at first gets easier with practice; the lesson and its role-play are there whenever you like.",
    },
}
# Consonants that soften before an ending.
SOFT = {one: f"[{pair}]" for pair in ("kğ", "td", "çc", "pb") for one in pair}


def _english(term: str) -> re.Pattern[str]:
    """The term in one or many; a placeholder's name is read by nobody."""
    forms = [f"{re.escape(one[:-1])}(?:y|ies)" if one.endswith("y") else f"{re.escape(one)}(?:e?s)?" for one in term.split(", ")]
    return re.compile(rf"(?<!%\()\b(?:{'|'.join(forms)})\b", 0 if term == "HR" else re.IGNORECASE)


def _stem(word: str, last_of_many: bool) -> str:
    if word.endswith(("mak", "mek")):
        return re.escape(word[:-3])
    if last_of_many:
        # The second noun of two has an ending that gives way to others: kartı, kartları.
        word = re.sub(r"(?<=[aeıioöuü])s[ıiuü]$|[ıiuü]$", "", word)
    return re.escape(word[:-1]) + SOFT.get(word[-1], re.escape(word[-1]))


def _turkish(words: str) -> re.Pattern[str]:
    """Any of the words, with whatever endings."""
    found = []
    for one in re.split(r"[,;]", re.sub(r"\(.*?\)|\*|(?<=teslim) etmek", "", trtext.lower(words, "tr"))):
        parts = one.split()
        found.append(r"\b" + r"\w*\W+".join(_stem(part, len(parts) > 1 and number == len(parts)) for number, part in enumerate(parts, 1)))
    return re.compile("|".join(found))


@cache
def glossary() -> dict[str, str]:
    """Each English term of the table with its Turkish."""
    return dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \|", WORDS.read_text(encoding="utf-8"), re.MULTILINE))


def astray(term: str, pairs: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, tuple[str, ...]]]:
    """The pairs of English and Turkish that say the term in English and another word in Turkish."""
    english, turkish = _english(term), _turkish(glossary()[term])
    return [(one, said) for one, said in pairs if english.search(one) and not all(turkish.search(trtext.lower(each, "tr")) for each in said)]


@cache
def of_content() -> list[tuple[str, tuple[str, ...]]]:
    """Every text of the content that stands in both languages beside each other."""
    found = []

    def gather(node: Any) -> None:
        if isinstance(node, dict) and isinstance(node.get("en"), str) and isinstance(node.get("tr"), str):
            found.append((node["en"], (node["tr"],)))
        for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            gather(inner)

    for file in sorted(CONTENT.rglob("*.yaml")):
        # The quick one of the safe loaders.
        gather(yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506
    return found


@pytest.mark.parametrize("term", sorted(set(glossary()) - EVERYDAY))
def test_a_term_has_one_word_in_every_message(term: str) -> None:
    assert [one for one in astray(term, MESSAGES) if one[0] not in ELSEWHERE.get(term, set())] == []


@pytest.mark.parametrize("term", sorted(IN_CONTENT))
def test_a_term_has_one_word_in_every_text_of_the_content(term: str) -> None:
    assert len(of_content()) > 5000
    assert astray(term, of_content()) == []


def test_the_lists_hold_only_what_is_needed() -> None:
    assert set(glossary()) >= EVERYDAY | IN_CONTENT | set(ELSEWHERE)
    listed = [(term, message) for term, messages in ELSEWHERE.items() for message in messages]
    assert [(term, message) for term, message in listed if message not in {one[0] for one in astray(term, MESSAGES)}] == []


def test_another_word_is_found() -> None:
    assert astray("evidence", [("What the evidence says", ("Delillerin dediği",)), ("Evidence", ("Kanıtlar",))]) == [
        ("What the evidence says", ("Delillerin dediği",))
    ]
    assert astray("policy card", [("Policy cards", ("Bilgi kartları",)), ("Two policy cards", ("İki politika kartı",))]) == [
        ("Two policy cards", ("İki politika kartı",))
    ]
