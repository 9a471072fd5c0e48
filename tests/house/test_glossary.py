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
# What is still called by another word; whoever brings one into line takes it out here, and no new one comes in.
NOT_YET: dict[str, set[str]] = {
    "certificate": {
        "Certificate",
        "Certificate no.",
        "Certificates that are valid today, those to be renewed soon included.",
        "Certificates whose last day has passed, and none after them.",
        "Everything that is to be held of a person: account, teams, supervisors, training, certificates, expectations, observations, coaching.",
        "Is this certificate valid?",
        "One row for each certification that somebody holds or works for, with its newest certificate and how it stands today.",
        "QR code that leads to the page which says whether this certificate is valid",
        "So that other systems of the organisation know of a completed assignment, a certificate or an expectation "
        "that was not reached, without your name.",
        "This certificate has expired.",
        "This certificate is valid.",
        "This certificate was withdrawn, so it is not printed any more.",
        "This certificate was withdrawn.",
        "Valid certificates whose time for renewal has begun.",
        "a certificate was issued",
        "certificate",
        "withdrew a certificate",
    },
    "certification": {
        "Certification",
        "Certifications made",
        "How certifications stand",
        "One row for each certification that somebody holds or works for, with its newest certificate and how it stands today.",
        "asked for a certification",
        "certification",
        "certifications came up for renewal",
        "made a certification",
    },
    "first guess": {
        "a first guess",
    },
    "follow-up observation": {
        "Follow-up observation with %(name)s",
    },
    "message": {
        "Hours for messages",
        "What became of messages",
        "Wishes for messages",
    },
    "pulse": {
        "Answers to the pulse have no words and no names. Suggestions stay as long as the idea is of use.",
        "Quarters of the pulse answered",
        "That you answered the pulse",
        "The pulse asks those who work in a team that somebody else leads.",
    },
    "rating": {
        "Ratings from a file",
        "customers’ ratings",
    },
    "review set": {
        "Review sets",
    },
    "scorecard": {
        "Versions of scorecards published",
    },
    "self-review": {
        "Observations, self-reviews and disputes",
        "left out a self-review",
        "show observations whose time for a self-review is over",
    },
    "theme": {
        "themes",
    },
    "wave": {
        "closed a wave of a survey",
        "opened a wave of a survey",
        "wave of a survey",
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
    assert [one for one in astray(term, MESSAGES) if one[0] not in ELSEWHERE.get(term, set()) | NOT_YET.get(term, set())] == []


@pytest.mark.parametrize("term", sorted(IN_CONTENT))
def test_a_term_has_one_word_in_every_text_of_the_content(term: str) -> None:
    assert len(of_content()) > 5000
    assert astray(term, of_content()) == []


def test_the_lists_hold_only_what_is_needed() -> None:
    assert set(glossary()) >= EVERYDAY | IN_CONTENT | set(ELSEWHERE) | set(NOT_YET)
    listed = [(term, message) for some in (ELSEWHERE, NOT_YET) for term, messages in some.items() for message in messages]
    assert [(term, message) for term, message in listed if message not in {one[0] for one in astray(term, MESSAGES)}] == []


def test_another_word_is_found() -> None:
    assert astray("evidence", [("What the evidence says", ("Delillerin dediği",)), ("Evidence", ("Kanıtlar",))]) == [
        ("What the evidence says", ("Delillerin dediği",))
    ]
    assert astray("policy card", [("Policy cards", ("Bilgi kartları",)), ("Two policy cards", ("İki politika kartı",))]) == [
        ("Two policy cards", ("İki politika kartı",))
    ]
