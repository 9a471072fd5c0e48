"""One term, one word: docs/words.md is the glossary, and every message and every text of the content is held against its Turkish."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house import literals
from tests.house.test_translations import MESSAGES, TRAINEE, WORDS
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
        "Only the colleague who was observed can say that it was read.",
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
# Beginnings of what ends like "kaydedin" or "seçiniz" and orders nobody: nouns, what is yours, a short form that ends so by itself, and what is to be
# done by nobody in particular.
NO_ORDER = {
    *("%(num)d trouble", "Your files", "Your tables", "Suggest something"),
    *(
        "Ask me first",
        "Ask me only when my observer does",
        "Do not ask me again",
        "Do not send it to me any more",
        "Keep it",
        "Let it come by itself",
    ),
}
# The same of headings.
NO_ORDER_HEAD = {
    *("For whoever runs the machine", "For you", "For yourself", "Of one team", "To look up"),
    *(
        "Held: the one thing you agreed on",
        "How you saw it yourself",
        "Left for now; only you see this",
        "Said by you",
        "Welcome",
        "Welcome, %(name)s",
    ),
    *("What you showed", "What you will be able to do", "What you write about it", "What, and how", "When each fits, and what the law gives anyway"),
    *("Your answer", "Your decision", "Your own view first", "Your own words", "Your reply", "Your requests", "Your result", "Your side"),
}
# With these a button begins that names a thing; what is named for how it looks on the designer's bench, and what only stands beside an address.
NO_VERB = {"A", "An", "The", "All", "Another", "As", "New", "Only", "To"}
NO_BUTTON = {"A deed", "A link", "The whole width", "late", "not held yet"}
# Names of pages and kinds of files, and what English writes so.
NAMES = {"HR", "I", "JSON", "Learn", "Today", "XLSX"}
POLITE = re.compile(r"\w{2}[ıiuü]n(?:[ıiuü]z)?$")
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


@cache
def on_buttons() -> dict[str, tuple[str, ...]]:
    """What stands on buttons, and on links that look like one, in English and Turkish; sentences and questions beside an address are none."""
    found = set()
    for path in sorted(TRAINEE.rglob("*")):
        if path.suffix == ".html":
            found |= literals.buttons_in_template(path.read_text(encoding="utf-8"))
        elif path.suffix == ".py":
            found |= literals.buttons_in_python(path.read_text(encoding="utf-8"))
    return {english: turkish for english, turkish in MESSAGES if english in found and not english.endswith((".", "!", "?"))}


def polite(label: str) -> bool:
    """Whether one of its parts ends as an order to *siz* does."""
    parts = re.split(r"[,;:.?]| (?:ve|ya da) ", re.sub(r"%\(\w+\)[sd]", "", trtext.lower(label, "tr")))
    return any(POLITE.search(part.strip(" “”…()")) for part in parts)


def capitals(label: str) -> list[str]:
    """The words after the first that begin with a capital and are no names."""
    return [one for one in re.findall(r"(?<!^)\b[A-Z]\w*", re.sub(r"%\(\w+\)[sd]", "", label)) if one not in NAMES]


def test_a_turkish_button_speaks_in_the_short_form() -> None:
    labels = on_buttons()
    assert {"Save", "Choose a file", "Show", "Begin", "Offer it", "Write a rule", "Show the password", "See why", "Add a channel"} <= set(labels)
    assert {english for english, turkish in labels.items() if any(map(polite, turkish))} - NO_ORDER == set()
    assert {english for english in NO_ORDER if not any(map(polite, labels[english]))} == set()


def test_a_heading_names_the_thing_and_a_fold_speaks_as_a_button_does() -> None:
    found = {label for path in TRAINEE.rglob("*.html") for label in literals.headings_in_template(path.read_text(encoding="utf-8"))}
    assert literals.headings_in_template('{% call card(title=_("A")) %}{{ fold(_("B") if x else _("C"), open=_("D")) }}{% endcall %}') == {
        "A",
        "B",
        "C",
    }
    assert {"Close the goal", "State targets", "Today's figures"} <= found
    said = {one: turkish for one, turkish in MESSAGES if one in found and not one.startswith("Please") and not one.endswith((".", "!", "?"))}
    assert {english for english, turkish in said.items() if any(map(polite, turkish))} - NO_ORDER - NO_ORDER_HEAD == set()
    assert {english for english in NO_ORDER_HEAD if not any(map(polite, said.get(english, ())))} == set()


def test_an_english_button_is_a_deed_in_the_case_of_a_sentence() -> None:
    labels = {english for english in on_buttons() if english not in NO_BUTTON}
    assert {one for one in labels if one[0].islower() or capitals(one)} == set()
    assert {one for one in labels if one.split()[0] in NO_VERB} == set()
    assert capitals("Save The note") == ["The"] and capitals("Go to Today (JSON): %(title)s Now") == ["Now"]


@pytest.mark.parametrize(
    "label", ["Önerin", "Kaydediniz", "Bilgi kartı yazın", "Önce okuyun, sonra yanıtla", "Önce bakın: %(title)s", "Kaydedin ve sürdür", "SEÇİN"]
)
def test_an_order_to_siz_is_seen(label: str) -> None:
    assert polite(label)


@pytest.mark.parametrize(
    "label", ["Öner", "Kaydet", "Bilgi kartı yaz", "Yeniden sun", "Önce: %(title)s", "Sizin için hazırla", "İnsan kaynaklarına gönder"]
)
def test_the_short_form_is_let_be(label: str) -> None:
    assert not polite(label)


@pytest.mark.parametrize(
    "planted",
    [
        '{{ button(_("Press it"), kind="quiet") }}',
        '{{ link_button(label=_("Press it"), href="#") if may else "" }}',
        '{{ post_button(_("Press it") if may else other, "#") }}',
        '{{ empty(_("Nothing"), action=(_("Press it"), "#") if may else none) }}',
        '{% set a %}<button class="reply" type="submit"><svg></svg><span>{{ _("Press it") }}</span></button>{% endset %}',
        '<a class="button button-small" href="{{ url }}">{{ _("Press it") }}</a>{{ _("Nothing") }}',
        '<button type="button" aria-label="{{ _(\'Press it\') }}"></button>',
    ],
)
def test_what_stands_on_a_button_is_found_in_a_template(planted: str) -> None:
    assert literals.buttons_in_template(planted) == {"Press it"}
    assert literals.buttons_in_template('<label class="label">{{ _("A name") }}</label><a href="#">{{ _("A link") }}</a>') == set()


@pytest.mark.parametrize(
    "planted",
    [
        'verb = _("Press it") if may else other',
        'lead_deed = _l("Press it")',
        'Duty("eye", str(_("Nothing")), words, there, verb=str(_("Press it")))',
        'action = (str(_("Press it")), url_for("a.b"))',
        'Task("eye", str(_("Nothing")), title, url, str(_("Press it")), 1)',
    ],
)
def test_what_stands_on_a_button_is_found_in_python(planted: str) -> None:
    assert literals.buttons_in_python(planted) == {"Press it"}


# What people who have learned statistics call it; for everybody else the sentence says what it means, and may name the term once in brackets.
LEARNED = re.compile(
    r"\b(wald|wilson|newcombe|student's|rocks \d|kirkpatrick \d|standard errors?|(confidence )?intervals?|medians?|p-values?|variance)\b"
    r"|covariance|95 in 100|100['’]de 95|%95|kovaryans|güven aralığı|standart hata|student'ın|ortanca|bağıntı",
    re.IGNORECASE,
)


def _learned(message: str) -> str | None:
    found = LEARNED.search(re.sub(r"\([^()]*\)", "", message))
    return found[0] if found else None


def test_no_page_speaks_as_a_statistician_does() -> None:
    assert _learned("The interval is the adjusted Wald interval.") and _learned("Yanında güven aralığı durur.")
    assert _learned("between 51% and 55% with 95 in 100 confidence") and _learned("%95 güvenle bulunduğu yer")
    assert _learned("Very likely between 3 and 5 (95 % confidence interval).") is None
    found = {text for message, turkish in MESSAGES for text in (message, *turkish) if _learned(text)}
    assert found == set(), "\n".join(found)
