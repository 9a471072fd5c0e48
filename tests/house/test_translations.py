"""Every string has its Turkish, whole, and one idea has one word (docs/words.md)."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.house import literals
from tools import translations
from trainee.kit import trtext

PO = translations.PO
TRAINEE = PO.parents[3]
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
# Names of the two languages, a survey's printed sheet that says it in both, and the class of a page without a menu.
WRITTEN = {"English", "Türkçe", "Size nasıl hizmet ettik?", "How did we serve you?", "Bir yanıt için", "for one answer", "player"}
# What speaks to the command line, to programs or to the designer's bench, or is the demonstration's; and what is found wrong in content, which
# trainee/modules/library/turkish.py says in Turkish.
CONSOLE = {"cli.py", "app.py", "backup.py", "config.py", "migrate.py", "api/openapi.py", "api/resources.py", "kit/assets.py", "kit/patterns.py"}
CONSOLE |= {"privacy/again.py", "modules/library/table.py"}
AUTHORS = {"kit/yamltree.py", "kit/spelling.py", "service/card.py", "skills/reading.py", "skills/scorecards/reading.py"}
AUTHORS |= {f"modules/roleplays/{name}.py" for name in ("checks", "doubts", "reading", "story")}
AUTHORS |= {
    f"modules/library/{name}.py" for name in ("beside", "bundle", "checking", "curriculum", "lesson", "links", "pictures", "readable", "reading")
}
AUTHORS |= {f"modules/library/{name}.py" for name in ("said", "scales", "shape", "translated", "turkish", "uploading", "wording")}
FOLDERS = ("demo/", "migrations/", "modules/questions/", "modules/roleplays/scenes/", "modules/roleplays/shows/")
# A survey's questions, which are written in both; and what a program at the other end is sent to try the line.
SAID_IN_BOTH = {"Mükemmel bir hizmet ekibi...", "An excellent service team...", "Bizim ekibimiz...", "Our team...", "Hello from Trainee."}
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
    for file in sorted((TRAINEE).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [one.func.id for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
                hidden += [f"{file.name}:{node.lineno}" for name in calls if name in {"_", "_l", "_n"}]
    assert hidden == []


def test_no_template_says_anything_in_words_of_its_own() -> None:
    seen = ["Dashboard overview", "Please try again later.", "You receive this mail.", "Nothing yet", "Loading…"]
    planted = '{% extends "b" %}<b title="Dashboard overview">{{ _("Fine") }}</b>\n<p>Please try again later.</p>{{ empty("Nothing yet") }}'
    assert literals.in_template(planted) == [seen[0], seen[1], seen[3]]
    assert [one for text in (seen[2], f'<b aria-label="{seen[4]}"></b>') for one in literals.in_template(text)] == [seen[2], seen[4]]
    files = sorted(
        path for path in TRAINEE.rglob("*") if path.suffix in {".html", ".txt"} and (TRAINEE / "templates" in path.parents or path.stem == "ask")
    )
    assert {"errors/page.html", "notices/mail.txt", "notices/mail.html"} <= {"/".join(path.parts[-2:]) for path in files}
    said = [(path.name, one) for path in files for one in literals.in_template(path.read_text(encoding="utf-8"))]
    assert [(name, one) for name, one in said if not {line.strip("¤ ") for line in one.split("\n")} - {""} <= WRITTEN] == []
    assert {line.strip("¤ ") for _name, one in said for line in one.split("\n")} - {""} == WRITTEN


@pytest.mark.parametrize(
    "planted",
    [
        'flash("Everything was stored properly.")',
        'flash("saved")',
        'flash(_("Fine.") if fine else "Not so fine")',
        'raise Refusal("It is closed", status=410)',
        'raise Forbidden(message="no")',
        'form.name.errors = ["too long"]',
        'mail.set_content(f"Your code is {code}")',
        'words = "You have three days left"',
        'said = {"title": "Saved."}',
    ],
)
def test_a_sentence_without_its_turkish_is_seen_in_python(planted: str) -> None:
    assert len(list(literals.in_python(planted))) == 1
    assert list(literals.in_python('flash(_("Saved."))\nraise Refusal(_n("%(num)d is left.", "%(num)d are left.", n), code="too_many")')) == []


def test_every_sentence_of_python_goes_through_the_catalogue() -> None:
    said = {}
    for path in sorted(TRAINEE.rglob("*.py")):
        name = path.relative_to(TRAINEE).as_posix()
        if name not in CONSOLE | AUTHORS and not name.startswith(FOLDERS) and not path.stem.endswith("commands"):
            said |= {text: f"{name}:{line}: {text}" for line, text in literals.in_python(path.read_text(encoding="utf-8"))}
    assert [where for text, where in said.items() if text not in SAID_IN_BOTH] == []
    assert set(said) == SAID_IN_BOTH
    assert [name for name in sorted(CONSOLE | AUTHORS) if not any(literals.in_python((TRAINEE / name).read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize(
    "planted",
    [
        '"Loading…"',
        "`please wait for the others`",
        '"Please wait"',
        "'Saved.'",
        "`<p>try it again</p>`",
        '`<b title="Dashboard overview"></b>`',
        "`${n} are left`",
    ],
)
def test_a_sentence_is_seen_in_a_script(planted: str) -> None:
    assert len(literals.in_script(f"say({planted})  // Some words")) == 1


def test_a_script_says_nothing_that_its_page_did_not_give_it() -> None:
    scripts = {path.name: path.read_text(encoding="utf-8") for path in sorted((TRAINEE / "static" / "js").glob("*.js"))}
    assert len(scripts) > 5
    assert [(name, said) for name, source in scripts.items() for said in literals.in_script(source)] == []
    # What is left without comments, strings and expressions holds no quote: they were told apart rightly.
    assert [name for name, source in scripts.items() if re.search(r"[\"'`]", literals.left_of_script(source))] == []


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
