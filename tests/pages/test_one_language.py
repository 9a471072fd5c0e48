"""No English is left on a Turkish page and no Turkish on an English one: every visible word, against the words only the other language has."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import CAST
from tests.pages import VOID, Page, distinct
from tools import translations
from trainee.kit import trtext

pytestmark = pytest.mark.pages
TESTS = Path(__file__).resolve().parent.parent
WORD = re.compile(r"[^\W\d_]{2,}")
SAID = ("aria-label", "title", "placeholder", "alt", "aria-valuetext", "aria-description")
# Little words that stand in nearly every sentence of one language; those that are words in both (on, at, her, in, not, or) are not among them.
LITTLE = {
    "tr": "the of your and is are this with for you from by it that been when where why there they she his we has have was were will would",
    "en": "ve bir bu için ile değil var yok olan olarak daha çok ya mi mı da ki sonra önce kadar gibi göre siz biz",
}
# Words of buttons and notices of any site, whether ours uses them or not.
LITTLE["tr"] += (
    " overview dashboard loading try again later please wait stored uploaded updated success properly something went wrong oops sorry welcome"
)
LITTLE["tr"] += " click tap submit dismiss logout login username receive because found today tomorrow page button press these those them our all any"
# What is called the same in both, and what a page of one language means to show of the other: names of languages and encodings, the Turkish "you".
# A month's short name is a word of the other, and one who learns of GROW learns what its letters stand for.
BOTH = {"tr": {"english", "turkish", "hr", "qr", "may"}, "en": {"türkçe", "siz", "web", "hizmet"}}
# By page: the names by which other programs know a thing stand before what it is, those of encodings, and those that a picture of a role-play gives
# its endings, above their words.
MEANT = {
    "tokens.tokens": {"assignments", "runs", "evidence", "figures", "people", "attempts", "mastery"},
    "imports.columns": {"windows", "dos", "ext"},
    "publishing.draft": {"gone", "polite", "returned"},
}
# What no reader takes for a word: addresses, keys, names of files, columns and time zones.
CODE = re.compile(r"https?://\S+|\b\w+(?:[_/.|]\w+)+\b|\b[a-z]+\d*(?:-[a-z0-9]+)+\b|\bUTF-\d+ \w+")

# The marks of a lesson: what kind of box begins, and where a figure of a card is put in.
MARKS = re.compile(r"(?m)^\s*:::.*$|\{\{.*?\}\}")


class _Said(HTMLParser):
    """What a page says in its own language, piece by piece; parts that say they are in another language, or are code, are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.language = ""
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        # A page that customers answer is in the language of its link, whoever opens it.
        self.language = self.language or said.get("lang") or ""
        apart = bool(self._open and self._open[-1][1]) or said.get("lang", self.language) != self.language
        apart = apart or tag in {"script", "style", "code", "textarea"} or said.get("translate") == "no"
        if tag not in VOID:
            self._open.append((tag, apart))
        if not apart:
            self.pieces += [str(said[name]) for name in SAID if said.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if any(tag == one for one, _apart in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self._open and self._open[-1][1]):
            self.pieces.append(data.strip())


def words(text: str, language: str) -> set[str]:
    """Its words in small letters."""
    return set(WORD.findall(small(text, language)))


def small(text: str, language: str) -> str:
    """In small letters, and without the dot that an İ of a name keeps beside it where the language has none."""
    return trtext.lower(text, language).replace("\u0307", "")


@cache
def messages() -> dict[str, frozenset[str]]:
    """The words of our own messages, by language."""
    found: dict[str, set[str]] = {"en": set(), "tr": set()}
    with translations.PO.open("rb") as file:
        for message in read_po(file, locale="tr"):
            if message.id:
                for language, said in (("en", message.id), ("tr", message.string)):
                    for one in said if isinstance(said, tuple) else (said,):
                        found[language] |= words(re.sub(r"%\(\w+\)[sd]", " ", one), language)
    return {language: frozenset(one) for language, one in found.items()}


def only_in(language: str) -> frozenset[str]:
    """Words of our own messages that only that language has."""
    return messages()[language] - messages()["en" if language == "tr" else "tr"]


def _said_in(language: str | None, value: Any, sure: bool = False) -> Iterator[tuple[str | None, str]]:
    """Each text of a file of content with the language it is in: that of the key it stands under; None for names and whatever is the same in both."""
    if isinstance(value, dict):
        for key, one in value.items():
            own = re.search(r"(?:^|_)(tr|en)$", str(key))
            yield from _said_in(own[1] if own else language, one, sure or own is not None)
    elif isinstance(value, list):
        for one in value:
            yield from _said_in(language, one, sure)
    elif isinstance(value, str) and language is None and " / " in value:
        turkish, _slash, english = value.rpartition(" / ")
        yield from (("tr", turkish), ("en", english))
    elif isinstance(value, str) and (sure or not re.fullmatch(r"[a-z0-9_.:-]+", value)):
        yield language, value


def _texts(file: Path) -> Iterator[tuple[str | None, str]]:
    if file.suffix == ".md":
        _none, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
        yield file.name.split(".")[-2], f"{yaml.safe_load(head)['title']}\n{MARKS.sub(' ', body)}"
        return
    value = yaml.safe_load(file.read_text(encoding="utf-8"))
    if file.name == "english.yaml":
        # What people of the demonstration wrote in Turkish, with its English.
        yield from (pair for turkish, english in value.items() for pair in (("tr", turkish), ("en", english)))
    else:
        yield from _said_in("tr" if file.parent.name == "demo" else None, value)


@cache
def content_words() -> dict[str, frozenset[str]]:
    """The words of the content we ship, by the language in which they are written there."""
    found: dict[str, set[str]] = {"tr": set(), "en": set()}
    for file in sorted((TESTS.parent / "content").rglob("*")):
        if file.suffix in {".md", ".yaml"}:
            for language, text in _texts(file):
                for one in (language,) if language else ("tr", "en"):
                    found[one] |= words(CODE.sub(" ", text), one)
    return {language: frozenset(one) for language, one in found.items()}


@cache
def written() -> re.Pattern[str]:
    """What people of the tests wrote, and what they are called: it stands on pages of both languages as it was written."""
    said = {name for full, _roles in CAST.values() for name in (full, *full.split())}
    for name in ("house/world.py", "conftest.py"):
        for node in ast.walk(ast.parse((TESTS / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
                text = node.value if isinstance(node.value, str) else node.value.decode("utf-8", "ignore")
                said |= {text, *re.split(r"[\n,]", text)}
    return re.compile("|".join(rf"(?<![\w-]){re.escape(one)}(?![\w-])" for one in sorted(said, key=len, reverse=True) if len(one) > 2))


@cache
def foreign(language: str) -> frozenset[str]:
    """The words by which one knows on a page of that language that the other was left there: of our messages and of the content we ship."""
    other = "en" if language == "tr" else "tr"
    theirs = (only_in(other) | (content_words()[other] - messages()[language])) - content_words()[language]
    return theirs | words(LITTLE[language], other)


def strange(text: str, language: str, known: Collection[str] = ()) -> set[str]:
    """Words of a text that only the other language has; the I of either language is tried, since "Invite" in small Turkish letters is no English."""
    return {found for one in set(WORD.findall(text)) if (found := _betrays(one, language))} - BOTH[language] - set(known)


@cache
def _betrays(word: str, language: str) -> str:
    theirs, ours = small(word, "en" if language == "tr" else "tr"), small(word, language)
    mine = ours in messages()[language] or ours in content_words()[language]
    return theirs if theirs in foreign(language) and not mine else ""


def left(page: Page) -> list[str]:
    """Pieces of the page with a word that only the other language has."""
    reader = _Said()
    reader.feed(page.html)
    known = MEANT.get(page.rule, set())
    # What people wrote is looked for only where something is strange: that is slow, and hardly any piece is.
    pieces = [piece for piece in reader.pieces if strange(piece, reader.language, known)]
    found = ((strange(CODE.sub(" ", written().sub(" ", piece)), reader.language, known), piece) for piece in pieces)
    return [f"{sorted(words)} in {piece[:120]!r}" for words, piece in found if words]


ENGLISH = ["Save", "Next lesson", "Search customers", "Print report", "Open message", "Customer comments", "Delete answer"]
ENGLISH += ["Download evidence", "Settings", "Invite", "INVITE PEOPLE", "Takdir message", "Look at this list carefully"]
ENGLISH += [
    "Dashboard overview",
    "Please try again later",
    "You receive this mail because you are here.",
    "Loading…",
    "Everything was stored properly.",
]
TURKISH = ["Kaydet", "Sonraki ders", "Müşteri ara", "Rapor yazdır", "İletiyi aç", "Yanıtı sil", "Ayarlar", "Işık", "KAPAT", "Praise ekle"]


def planted(page: Page, label: str) -> Page:
    """The page with a button of that label."""
    return Page(page.language, page.role, page.rule, page.address, page.html.replace("</h1>", f"</h1><button>{label}</button>", 1))


@pytest.mark.parametrize(("language", "labels"), [("tr", ENGLISH), ("en", TURKISH)])
def test_a_short_label_in_the_other_language_is_seen(pages: list[Page], language: str, labels: list[str]) -> None:
    one = next(page for page in pages if page.rule == "library.learn" and page.language == language)
    assert [label for label in labels if len(left(planted(one, label))) != 1 + len(left(one))] == []


def test_nearly_every_word_that_only_one_language_has_is_looked_for() -> None:
    for other, language in (("en", "tr"), ("tr", "en")):
        assert len(only_in(other)) > 1000
        assert len(only_in(other) & foreign(language)) > 0.97 * len(only_in(other))


def test_a_file_of_content_is_read_value_by_value_in_the_language_of_each() -> None:
    said: dict[str, Any] = {"key": "next-lesson", "name": "Barış Akın", "words_en": ["Hello"], "source": "Kural / A rule"}
    said["title"] = {"tr": "Karşılama", "en": "Greeting"}
    found = [(None, "Barış Akın"), ("en", "Hello"), ("tr", "Kural"), ("en", "A rule"), ("tr", "Karşılama"), ("en", "Greeting")]
    assert list(_said_in(None, said)) == found


@pytest.mark.parametrize("language", ["tr", "en"])
def test_a_page_speaks_one_language(pages: list[Page], language: str) -> None:
    found = Counter(f"{one} ({page.rule})" for page in distinct(pages) if page.language == language for one in left(page))
    assert found == Counter()


@pytest.mark.parametrize("language", ["tr", "en"])
def test_a_page_that_says_no_speaks_one_language(
    app: Flask, cast: SimpleNamespace, as_: Callable[[Any], FlaskClient], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_(cast.amir)
    client.post("/language", data={"language": language, "next": "/"})
    answers = [client.get("/nothing-here"), client.get("/setup"), client.get("/language")]
    # One application serves all tests: what comes after this one sends no token.
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answers += [client.post("/me/profile", data={"name": "…"}), client.post("/sign-in", data={"password": "…"})]
    assert [one.status_code for one in answers] == [404, 403, 405, 400, 400]
    found = [Page(language, "employee", "errors", "/", one.text) for one in answers]
    assert [left(planted(page, "Dashboard Kapat")) != [] for page in found[:1]] == [True]
    assert [one for page in found for one in left(page)] == []


# Words of both languages, and names of columns and commands that stand in a Turkish sentence as they are typed.
MEANT_IN_TURKISH = {"at", "days", "notices", "people", "post", "run", "say", "student", "tire", "worker"}


def english_in(turkish: str) -> set[str]:
    """Words of a Turkish text that the English content has and the Turkish does not."""
    text = CODE.sub(" ", re.sub(r"%\(\w+\)[sd]", " ", turkish))
    return words(text, "tr") & (content_words()["en"] - content_words()["tr"]) - MEANT_IN_TURKISH


def test_no_english_word_was_left_within_a_turkish_message() -> None:
    assert english_in("Takdir message") == {"message"}
    found = Counter[str]()
    with translations.PO.open("rb") as file:
        for message in read_po(file, locale="tr"):
            for one in message.string if isinstance(message.string, tuple) else (message.string,):
                if message.id and (left := english_in(one)):
                    found[f"{sorted(left)} in {one[:120]!r}"] += 1
    assert found == Counter()
