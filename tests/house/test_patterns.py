"""The bench shows everything, what it shows can be read, and a page stays light."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from trainee.kit import assets
from trainee.kit.colour import both_themes, contrast

TRAINEE = Path(assets.FOLDER).parent
TEMPLATES = TRAINEE / "templates"
PAGES = [
    "/patterns",
    "/patterns?theme=dark",
    "/patterns/lesson",
    "/patterns/player",
    *(f"/patterns/stage/{channel}" for channel in ("phone", "chat", "email", "social", "shop", "meeting")),
]


def _all_templates() -> list[Path]:
    return [path for path in TRAINEE.rglob("*.html") if "static" not in path.parts]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_bench_opens_in_both_languages_without_anything_the_policy_forbids(app: Flask, address: str, language: str) -> None:
    answer = app.test_client().get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", answer.text)


def test_every_macro_stands_on_the_bench() -> None:
    shown = "\n".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "patterns").glob("*.html"))
    inside = "\n".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "ui").glob("*.html"))
    macros = {name for path in (TEMPLATES / "ui").glob("*.html") for name in re.findall(r"macro ([a-z]\w*)\(", path.read_text(encoding="utf-8"))}
    # from_wtf needs a form, and base.html draws the flashes; both are made of macros that are shown. Of signed_head nothing can be seen.
    missing = {name for name in macros if not re.search(rf"\b{name}\(", shown) and len(re.findall(rf"\b{name}\(", inside)) < 2}
    assert missing <= {"from_wtf", "signed_head"}


# Players and what is asked inside them, and the page that holds what was typed while a session ran out.
OWN_STAGE = {"again.html", "_check.html", "lesson.html", "task.html", "_question.html"}
BLOCK = re.compile(r"\{%-? (?:(call)(?:\([^)]*\))? (\w+)\(|(macro) (\w+)|(endcall|endmacro))|<form [^>]*method=\"post\"[^>]*>")
FIELD = r"from_wtf|inputs_of|include|\{\{ (?:field|textarea|select|choices|upload|password|check)\("


def _bare(source: str) -> int:
    """How many forms with fields of their own stand on the page itself: in no card, fold or list, and without cards of their own.

    In a section a form of one field may stand bare.
    """
    found = 0
    around: list[str] = []
    for one in BLOCK.finditer(source):
        if one[5]:
            around.pop()
        elif one[1] or one[3]:
            around.append(one[2] or one[4])
        elif not set(around) - {"section"}:
            form = source[one.end() : source.index("</form>", one.end())]
            parts = re.search(r"call(?:\([^)]*\))? (?:card|sheet)\(", form)
            found += len(re.findall(FIELD, form)) > bool(around) and not parts
    return found


def test_the_main_form_of_a_page_stands_in_a_card() -> None:
    form = '<form method="post">{{ from_wtf(form.name) }}</form>'
    assert [_bare(form), _bare(f"{{% call card() %}}{form}{{% endcall %}}"), _bare(f"{{% call row() %}}{{% endcall %}}{form}")] == [1, 0, 1]
    assert [_bare(f"{{% call section() %}}{inside}{{% endcall %}}") for inside in (form, form.replace("{{", "{{ from_wtf(form.day) }}{{"))] == [0, 1]
    bare = {path.name for path in _all_templates() if _bare(path.read_text(encoding="utf-8"))}
    assert bare == OWN_STAGE


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    known = set((assets.FOLDER / "img" / "icons.txt").read_text(encoding="utf-8").split())
    assert set(re.findall(r'<symbol id="([a-z0-9-]+)"', (assets.FOLDER / "img" / "icons.svg").read_text(encoding="utf-8"))) == known
    named = {
        (name, path.name)
        for path in [*_all_templates(), *TRAINEE.rglob("*.py")]
        for name in re.findall(r'\bicon(?:_name)?(?:\(|=|": )"([a-z0-9-]+)"', path.read_text(encoding="utf-8"))
    }
    assert {pair for pair in named if pair[0] not in known} == set()


def test_every_entry_of_the_way_about_has_its_icon() -> None:
    known = set((assets.FOLDER / "img" / "icons.txt").read_text(encoding="utf-8").split())
    entries = re.findall(r'_l\("[^"]+"\), "([a-z0-9-]+)"', (TRAINEE / "navigation.py").read_text(encoding="utf-8"))
    assert entries
    assert set(entries) <= known


def _tokens(sheet: str) -> dict[str, str]:
    first = sheet[sheet.index("{", sheet.index("@layer tokens") + 14) :]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", first[: first.index("}")]))


@pytest.mark.parametrize("name", ["tokens.css", "dark.css"])
def test_words_can_be_read_in_both_themes(name: str) -> None:
    colour = _tokens((assets.FOLDER / "css" / name).read_text(encoding="utf-8"))
    grounds = ["paper", "sheet", "sunk"]
    pairs = [(ink, ground) for ground in grounds for ink in ("ink", "ink-soft", "accent")]
    pairs += [(f"{tone}", f"{tone}-soft") for tone in ("good", "warn", "bad")] + [
        ("ink", f"{tone}-soft") for tone in ("good", "warn", "bad", "accent")
    ]
    pairs += [("accent-strong", "accent-soft"), ("on-accent", "accent"), ("ink", "marker"), ("good", "sheet"), ("bad", "sheet"), ("warn", "paper")]
    assert {pair: round(contrast(colour[pair[0]], colour[pair[1]]), 2) for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 4.5} == {}
    edges = [("line-strong", ground) for ground in grounds]
    assert {pair for pair in edges if contrast(colour[pair[0]], colour[pair[1]]) < 3} == set()


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_any_colour_an_organisation_chooses_stays_readable(colour: str) -> None:
    sheet = both_themes(colour)
    themes = [dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", block)) for block in re.findall(r"\{(--accent[^}]+)\}", sheet)]
    assert len(themes) == 3
    for theme, paper in zip(themes, ("#fffdf8", "#23211d", "#23211d"), strict=True):
        assert contrast(theme["accent"], paper) >= 4.5
        assert contrast(theme["accent"], theme["accent-soft"]) >= 4.5
        assert contrast(theme["on-accent"], theme["accent"]) >= 4.5


def test_a_word_that_is_no_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="write it as"):
        both_themes("blue")


def test_a_page_is_under_100_kilobytes_before_its_content() -> None:
    shelf = assets.fill()
    sent = {name: len(one.packed or one.body) for name, one in shelf.assets.items()}
    always = [
        assets.SHEET,
        "img/icons.svg",
        "img/favicon.svg",
        *(name for name in sent if name.startswith(("js/", "fonts/")) and not name.endswith("txt")),
    ]
    assert sum(sent[name] for name in always) < 90_000
    assert len(gzip.compress(shelf.assets[assets.SHEET].body)) < 18_000


def test_an_asset_is_kept_for_ever_under_its_stamp_and_only_there(app: Flask) -> None:
    client = app.test_client()
    stamp = app.extensions["assets"].stamp
    fresh = client.get(f"/assets/{stamp}/trainee.css", headers={"Accept-Encoding": "gzip"})
    assert (fresh.status_code, fresh.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in fresh.headers["Cache-Control"]
    plain = client.get(f"/assets/{stamp}/trainee.css")
    assert gzip.decompress(fresh.data) == plain.data
    assert client.get("/assets/000000000000/trainee.css").headers["Cache-Control"] == "no-cache"
    for name in ("nothing.css", "../kit/web.py", "css/base.css"):
        assert client.get(f"/assets/{stamp}/{name}").status_code == 404


def test_the_stamp_follows_the_content(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "layers.css").write_text("@layer a;", encoding="utf-8")
    before = assets.fill(tmp_path).stamp
    (tmp_path / "css" / "more.css").write_text("b { color: red; }", encoding="utf-8")
    after = assets.fill(tmp_path)
    assert after.stamp != before
    assert after.assets[assets.SHEET].body == b"@layer a;b{color:red}"
    assert assets.fill(tmp_path, "#21567f").stamp != after.stamp
