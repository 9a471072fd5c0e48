"""What every page is before any script has run: its words are there, its forms go somewhere, and nothing waits for a script to be seen."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.pages import VOID, Page, distinct
from trainee.kit import assets

pytestmark = pytest.mark.pages
TRAINEE = Path(assets.FOLDER).parent
# What is kept beside a file because its licence asks for that, and the list the sprite is made from.
KEPT = re.compile(r"-LICENSE\.txt$|icons\.txt$")


class _Plain(HTMLParser):
    """A page as a browser without script meets it."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[dict[str, str]] = []
        self.forms: list[dict[str, str]] = []
        self.buttons: list[tuple[int, dict[str, str]]] = []
        self.loose: list[dict[str, str]] = []
        self.headings = 0
        self.words = ""
        self._open: list[tuple[str, bool]] = []

    def _inside(self, tag: str) -> bool:
        return any(tag == one for one, _hidden in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "script":
            self.scripts.append(said)
        elif tag == "form":
            self.forms.append(said)
        elif tag == "button" and said.get("type", "submit") == "submit":
            self.buttons.append((len(self.forms) if self._inside("form") else 0, said))
        elif tag == "button" and "hidden" not in said and not any(hidden for _tag, hidden in self._open):
            self.loose.append(said)
        elif tag == "h1" and self._inside("main"):
            self.headings += 1
        if tag not in VOID:
            self._open.append((tag, "hidden" in said))

    def handle_endtag(self, tag: str) -> None:
        if self._inside(tag):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._inside("main"):
            self.words += data


def plain(page: Page) -> _Plain:
    """The page, read."""
    reader = _Plain()
    reader.feed(page.html)
    return reader


def wanting(page: Page, app: Flask) -> list[str]:
    """What the page would lack without script."""
    found, one = [], plain(page)
    adapter = app.url_map.bind("localhost")
    if one.headings != 1:
        found.append(f"{one.headings} headings of the first order")
    if len(one.words.split()) < 3:
        found.append("no words")
    # A module waits until the page stands; any other script would hold up the first paint.
    found += [f"a script that holds up the page: {script}" for script in one.scripts if script.get("type") != "module"]
    found += [f"a button that does nothing without script: {button}" for button in one.loose]
    for number, form in enumerate(one.forms, 1):
        try:
            adapter.match(form.get("action", page.address).partition("?")[0].partition("#")[0] or "/", form.get("method", "get").upper())
        except HTTPException:
            found.append(f"a form that leads nowhere: {form}")
        if not any(of == number and "hidden" not in button for of, button in one.buttons):
            found.append(f"a form without a button to send it: {form}")
    return [f"{page.name}: {one}" for one in found]


def test_every_page_can_be_read_and_used_without_script(app: Flask, pages: list[Page]) -> None:
    assert [one for page in distinct(pages) for one in wanting(page, app)] == []


def test_every_file_that_is_shipped_to_the_browser_is_used() -> None:
    texts = [
        path.read_text(encoding="utf-8")
        for folder in ("templates", "static")
        for path in (TRAINEE / folder).rglob("*")
        if path.suffix in {".html", ".css", ".js"}
    ]
    sources = "\n".join([*texts, *(path.read_text(encoding="utf-8") for path in TRAINEE.rglob("*.py"))])
    files = [path for path in sorted(Path(assets.FOLDER).rglob("*")) if path.is_file() and path.suffix != ".css"]
    assert len(files) > 15
    assert [path.name for path in files if path.name not in sources and not KEPT.search(path.name)] == []


def test_every_icon_of_the_sprite_is_drawn_somewhere() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in TRAINEE.rglob("*") if path.suffix in {".html", ".js", ".py"})
    names = (assets.FOLDER / "img" / "icons.txt").read_text(encoding="utf-8").split()
    assert [name for name in names if f'"{name}"' not in sources and f"'{name}'" not in sources and f"#{name}" not in sources] == []
