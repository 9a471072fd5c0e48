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

# The order of the layers, what a colour is called, and the dark ones: they dress no class of their own.
UNCLASSED = {"layers.css", "tokens.css", "dark.css"}


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


def shipped(static: Path, sources: dict[str, str]) -> tuple[list[str], list[str]]:
    """Of what lies in a folder of static files: those that nothing leads to, and the classes of styles that nothing wears.

    `sources` are the texts of templates and of Python, by name. A file is led to by its address in one of them, by the import of a script that is led
    to itself, or by `url()` of a style; what it says of itself, and what stands in a comment of others, leads nowhere.
    """
    comments = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
    scripts = {path.name: comments.sub("", path.read_text(encoding="utf-8")) for path in (static / "js").glob("*.js")}
    styles = {path.name: comments.sub("", path.read_text(encoding="utf-8")) for path in (static / "css").glob("*.css")}
    written = "\n".join(re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL) for text in sources.values())
    wanted, found = [name for name in scripts if f"js/{name}" in written or f'"js" / "{name}"' in written], set()
    while wanted:
        name = wanted.pop()
        found.add(name)
        wanted += [one for one in re.findall(r"[\"']\./([\w.-]+\.js)[\"']", scripts[name]) if one in scripts and one not in found]
    drawn = set(re.findall(r"url\([\"']?([^\"')]+)", "\n".join(styles.values())))
    unused = [
        path.relative_to(static).as_posix()
        for path in sorted(static.rglob("*"))
        if path.is_file()
        and path.suffix != ".css"
        and not KEPT.search(path.name)
        and not (path.parent.name == "js" and path.name in found)
        and (name := path.relative_to(static).as_posix()) not in drawn
        and name not in written
    ]
    pieces = written + "\n".join(text for name, text in scripts.items() if name in found)
    bare = [
        f"{name}: .{one}"
        for name, text in sorted(styles.items())
        for one in sorted(set(re.findall(r"\.([a-z][\w-]+)", re.sub(r"url\([^)]*\)|:[^{};]*[;}]", "", text))))
        if not _worn(one, pieces)
    ]
    plain = [f"{name}: no class" for name, text in sorted(styles.items()) if name not in UNCLASSED and not re.search(r"\.[a-z][\w-]+[^;{}]*\{", text)]
    return unused, bare + plain


def _worn(name: str, pieces: str) -> bool:
    """Whether that class stands in full somewhere, or its beginning before a value that is put in."""
    parts = name.split("-")
    begun = ["-".join(parts[:many]) + "-" for many in range(1, len(parts))] + ([re.sub(r"\d+$", "", name)] if name[-1].isdigit() else [])
    put_in = rf"|(?<![\w-])(?:{'|'.join(map(re.escape, begun))})(?:\{{|\"|'|\$)" if begun else ""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-]){put_in}", pieces) is not None


def test_every_file_that_is_shipped_to_the_browser_is_used_and_every_style_is_worn() -> None:
    sources = {str(path): path.read_text(encoding="utf-8") for path in TRAINEE.rglob("*") if path.suffix in {".html", ".py"}}
    unused, bare = shipped(Path(assets.FOLDER), sources)
    assert len(list(Path(assets.FOLDER).rglob("*.*"))) > 40
    assert unused == []
    assert bare == []


def test_a_file_that_only_names_itself_is_not_used(tmp_path: Path) -> None:
    files = {
        "js/main.js": 'import("./quiz.js");\n// lodash.js is not here\n',
        "js/quiz.js": "/* quiz.js */",
        "js/lodash.js": "/* lodash.js, js/lodash.js: import('./lodash.js') */\nimport './beside.js';",
        "js/beside.js": "",
        "css/card.css": ".card-good { src: url('fonts/a.woff2') }",
        "css/zzvendor.css": "/* zzvendor.css */ .zz-box { color: red }",
        "css/plain.css": "blink { color: red }",
        "fonts/a.woff2": "",
        "fonts/b.woff2": "",
        "fonts/a-LICENSE.txt": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = '<script src="{{ asset(\'js/main.js\') }}"></script>{# js/lodash.js #}<p class="card-{{ tone }}">'
    unused, bare = shipped(tmp_path, {"base.html": page})
    assert unused == ["fonts/b.woff2", "js/beside.js", "js/lodash.js"]
    assert bare == ["zzvendor.css: .zz-box", "plain.css: no class"]


def test_every_icon_of_the_sprite_is_drawn_somewhere() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in TRAINEE.rglob("*") if path.suffix in {".html", ".js", ".py"})
    names = (assets.FOLDER / "img" / "icons.txt").read_text(encoding="utf-8").split()
    assert [name for name in names if f'"{name}"' not in sources and f"'{name}'" not in sources and f"#{name}" not in sources] == []
