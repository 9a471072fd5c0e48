"""No English is left on a Turkish page and no Turkish on an English one: every visible word, against the words only the other language has."""

import ast
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

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
# What is called the same in both, and what a page of one language means to show of the other: names of languages and encodings, the Turkish "you".
BOTH = {"tr": {"english", "turkish", "hr", "qr"}, "en": {"türkçe", "siz", "web", "hizmet"}}
# By page: the names by which other programs know a thing stand before what it is.
MEANT = {"tokens.tokens": {"assignments", "runs", "evidence", "figures", "people", "attempts", "mastery"}}
# What no reader takes for a word: addresses, keys, names of files, columns and time zones.
CODE = re.compile(r"https?://\S+|\b\w+(?:[_/.|]\w+)+\b|\b[a-z]+\d*(?:-[a-z0-9]+)+\b|\bUTF-\d+ \w+")


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
    return set(WORD.findall(trtext.lower(text, language)))


@cache
def only_in(language: str) -> frozenset[str]:
    """Words of our own messages that only that language has."""
    english, turkish = set[str](), set[str]()
    with translations.PO.open("rb") as file:
        for message in read_po(file, locale="tr"):
            if message.id:
                for one in message.id if isinstance(message.id, tuple) else (message.id,):
                    english |= words(re.sub(r"%\(\w+\)[sd]", " ", one), "en")
                for one in message.string if isinstance(message.string, tuple) else (message.string,):
                    turkish |= words(re.sub(r"%\(\w+\)[sd]", " ", one), "tr")
    return frozenset(english - turkish if language == "en" else turkish - english)


@cache
def content_words() -> dict[str, frozenset[str]]:
    """The words of the content we ship: the modules' texts are in one language each; elsewhere Turkish has a letter that English lacks."""
    found: dict[str, set[str]] = {"tr": set(), "en": set()}
    for file in sorted((TESTS.parent / "content").rglob("*")):
        if file.suffix in {".md", ".yaml"}:
            for line in file.read_text(encoding="utf-8").splitlines():
                language = "tr" if file.name.endswith(".tr.md") or re.match(r"\s*-?\s*tr:", line) or trtext.surely_turkish(line) else "en"
                found[language] |= words(line, language)
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
    return re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in sorted(said, key=len, reverse=True) if len(one) > 2))


def left(page: Page) -> list[str]:
    """Pieces of the page with a word that only the other language has."""
    reader = _Said()
    reader.feed(page.html)
    language, other = reader.language, "en" if reader.language == "tr" else "tr"
    foreign = ((only_in(other) - content_words()[language]) | words(LITTLE[language], language)) - BOTH[language] - MEANT.get(page.rule, set())
    found = []
    for piece in reader.pieces:
        # What people wrote is looked for only where something is strange: that is slow, and hardly any piece is.
        strange = words(piece, language) & foreign and words(CODE.sub(" ", written().sub(" ", piece)), language) & foreign
        if strange:
            found.append(f"{sorted(strange)} in {piece[:120]!r}")
    return found


def test_the_words_that_tell_the_languages_apart_are_many_and_seen(pages: list[Page]) -> None:
    assert min(len(only_in(language) - content_words()[other]) for language, other in (("en", "tr"), ("tr", "en"))) > 300
    one = next(page for page in pages if page.rule == "library.learn" and page.language == "tr")
    assert left(Page(one.language, one.role, one.rule, one.address, one.html.replace("</h1>", " of the week</h1>", 1))) != left(one)


@pytest.mark.parametrize("language", ["tr", "en"])
def test_a_page_speaks_one_language(pages: list[Page], language: str) -> None:
    found = Counter(f"{one} ({page.rule})" for page in distinct(pages) if page.language == language for one in left(page))
    assert found == Counter()
