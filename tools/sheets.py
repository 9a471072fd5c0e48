"""Contact sheets: the photographs of the site on one page, so that the whole product is seen at a glance."""

import html
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser

# So many photographs on one picture of a contact sheet: more are too tall to be looked at.
ON_ONE = 48


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    width: int
    theme: str
    language: str

    @property
    def name(self) -> str:
        """For names of files."""
        return f"{self.width}-{self.theme}-{self.language}"


@dataclass(slots=True)
class Shot:
    """One page as one role, and its photographs by look."""

    role: str
    rule: str
    address: str
    files: dict[str, str] = field(default_factory=dict)


STYLE = """
body{font:14px system-ui,sans-serif;margin:16px;background:#eee;color:#222}h1{font-size:20px}h2{font-size:15px;margin:20px 0 6px}
main{display:flex;flex-wrap:wrap;gap:10px}figure{margin:0;background:#fff;padding:6px;width:var(--w)}figure a{display:block;height:var(--h);
overflow:hidden;border:1px solid #ccc}figure img{display:block;width:100%}figcaption{font-size:11px;
overflow-wrap:anywhere}td,th{padding:2px 8px;text-align:left}
"""


def sheet(title: str, shots: Iterable[tuple[Shot, str]], up: str, wide: int = 180, high: int = 320) -> str:
    """Many photographs on one page."""
    figures = "".join(
        f'<figure><a href="{up}{file}"><img loading="eager" src="{up}{file}" alt=""></a>'
        f"<figcaption>{html.escape(shot.rule)}<br>{html.escape(shot.address)}</figcaption></figure>"
        for shot, file in shots
    )
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
    return f"{head}<style>:root{{--w:{wide}px;--h:{high}px}}{STYLE}</style><h1>{html.escape(title)}</h1><main>{figures}</main></html>"


def picture(chromium: Browser, words: str, file: Path) -> None:
    """A contact sheet as one picture, whole."""
    beside = file.with_suffix(".part.html")
    beside.write_text(words, encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1600, "height": 900})
    page = context.new_page()
    page.goto(beside.resolve().as_uri())
    page.screenshot(path=file, full_page=True)
    context.close()
    beside.unlink()


def bind(chromium: Browser, shots: list[Shot], looks: list[Look], out: Path, missed: list[str]) -> None:
    """The contact sheets, as pages and as pictures, and the page that leads to them; and what was not reached (`missed`)."""
    (out / "sheets").mkdir(exist_ok=True)
    rows = []
    for role in dict.fromkeys(shot.role for shot in shots):
        cells = ""
        for look in looks:
            these = [(shot, shot.files[look.name]) for shot in shots if shot.role == role and look.name in shot.files]
            if not these:
                continue
            name = f"{role}-{look.name}"
            wide, high = (180, 400) if look.width < 700 else (300, 320)
            pictures = ""
            for part, first in enumerate(range(0, len(these), ON_ONE), 1):
                some = sheet(f"{role}, {look.name}, part {part}", these[first : first + ON_ONE], "../", wide, high)
                picture(chromium, some, out / "sheets" / f"{name}-{part}.png")
                pictures += f' <a href="sheets/{name}-{part}.png">picture {part}</a>'
            (out / "sheets" / f"{name}.html").write_text(sheet(f"{role}, {look.name}", these, "../", wide, high), encoding="utf-8")
            cells += f'<td><a href="sheets/{name}.html">{look.name}</a> ({len(these)}){pictures}</td>'
        rows.append(f"<tr><th>{html.escape(role)}</th>{cells}</tr>")
    missed = "".join(f"<li>{html.escape(name)}</li>" for name in missed)
    told = f"<h2>Pages that no link led to</h2><ul>{missed}</ul>" if missed else ""
    (out / "index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Trainee, photographed</title><style>{STYLE}</style>'
        f"<h1>Trainee, photographed</h1><table>{''.join(rows)}</table>{told}</html>",
        encoding="utf-8",
    )
