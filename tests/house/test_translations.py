"""Every string has its Turkish, whole, and one idea has one word (docs/words.md)."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tools import translations
from trainee.kit import trtext

PO = translations.PO
WORDS = Path(__file__).resolve().parent.parent.parent / "docs" / "words.md"

# English word: what its Turkish begins with or holds, in small letters; and the messages in which it means something else.
GLOSSARY: dict[str, tuple[str, set[str]]] = {
    r"role-plays?": ("canlandırma", set()),
    r"quiz(zes)?": ("sınav", set()),
    r"questions?": ("soru", set()),
    r"lessons?": ("ders", set()),
    r"modules?": ("modül", set()),
    r"checks": ("kontrol soru", set()),
    r"skills?": ("beceri", set()),
    r"levels?": ("düzey", set()),
    r"evidence": ("kanıt", set()),
    r"expectations?": ("beklenti", set()),
    # The gap in a sentence that is to be filled in is no gap between what is expected and what is shown.
    r"gaps?": ("açık", {"Fill the gap", "First gap", "Second gap", "Gap %(number)s", "Write something in every gap first."}),
    r"supervisors?": ("yönetici", set()),
    r"trainers?": ("eğitmen", set()),
    # A number that everybody has had a Turkish name for since long before this site.
    r"employees?": ("çalışan", {"Employee number", "Employee number (if there is one)"}),
    r"observations?": ("gözlem", set()),
    r"coach(ing|ed)?": ("koçluk", set()),
    r"suggestions?": ("öneri", set()),
    r"policy cards?": ("bilgi kart", set()),
    r"roster": ("liste", set()),
    r"shifts?": ("nöbet", set()),
    r"teams?": ("ekip", set()),
    r"sign in": ("giriş yap", set()),
    r"sign out": ("çıkış yap", set()),
    r"attempts?|tries": ("dene", set()),
    r"hand in": ("teslim", set()),
    r"notes?": ("not", set()),
    r"customers?": ("müşteri", set()),
    r"passwords?": ("parola", set()),
    r"critical errors?": ("kritik hata", set()),
    r"HR": ("insan kaynakları", set()),
}
# What is written alike in both languages.
ALIKE = {"%(name)s, %(when)s", "CES", "CSAT", "Excel", "JSON", "NPS", "PDF"}


def _messages() -> list[tuple[str, tuple[str, ...]]]:
    with PO.open("rb") as file:
        found = [message for message in read_po(file, locale="tr") if message.id]
    return [(one.id if isinstance(one.id, str) else one.id[0], (one.string,) if isinstance(one.string, str) else tuple(one.string)) for one in found]


MESSAGES = _messages()


def test_nothing_is_missing_fuzzy_left_over_or_without_its_placeholders() -> None:
    assert translations.problems() == []


def test_the_file_says_that_turkish_has_two_forms_and_every_plural_has_both() -> None:
    assert "Plural-Forms: nplurals=2; plural=(n != 1);" in PO.read_text(encoding="utf-8")
    assert {len(strings) for _english, strings in MESSAGES} == {1, 2}


def test_no_english_is_left() -> None:
    assert [english for english, strings in MESSAGES if english in strings and english not in ALIKE] == []


def test_no_sentence_stands_inside_an_f_string_where_it_would_not_be_collected() -> None:
    hidden = []
    for file in sorted((PO.parents[4] / "trainee").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [one.func.id for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
                hidden += [f"{file.name}:{node.lineno}" for name in calls if name in {"_", "_l", "_n"}]
    assert hidden == []


def test_blanks_at_the_ends_are_kept() -> None:
    assert [
        english
        for english, strings in MESSAGES
        for one in strings
        if (one[:1].isspace(), one[-1:].isspace()) != (english[:1].isspace(), english[-1:].isspace())
    ] == []


@pytest.mark.parametrize("word", GLOSSARY)
def test_one_idea_has_one_word(word: str) -> None:
    stem, elsewhere = GLOSSARY[word]
    # In a placeholder it is a name of ours and nobody reads it.
    pattern = re.compile(rf"(?<!%\()\b(?:{word})\b", re.IGNORECASE if word != "HR" else 0)
    meant = [(english, strings) for english, strings in MESSAGES if pattern.search(english)]
    assert meant, f"No message says {word} any more: take it out of the list."
    assert [
        (english, strings) for english, strings in meant if english not in elsewhere and not all(stem in trtext.lower(one, "tr") for one in strings)
    ] == []


def test_an_exception_is_still_needed() -> None:
    known = {english for english, _strings in MESSAGES}
    assert {english for _stem, elsewhere in GLOSSARY.values() for english in elsewhere} | ALIKE <= known


def test_the_list_of_words_is_sorted() -> None:
    terms = re.findall(r"^\| \*\*(.+?)\*\* \|", WORDS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(terms) > 40
    assert terms == sorted(terms, key=lambda term: trtext.lower(term, "en"))
