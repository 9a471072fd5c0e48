"""Two runs of the photographs side by side, page by page, what has changed most first."""

import html
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

# Below this share of its dots a page looks the same: a clock has gone on, a cursor blinked.
SAME = 0.002
# Two dots that differ by less, of 255, are the same colour to an eye.
_NEAR = 16
_STYLE = """
body{font:14px system-ui,sans-serif;margin:16px;background:#eee;color:#222}h1{font-size:20px}table{border-collapse:collapse}
td,th{padding:2px 8px;text-align:left}
main{display:flex;flex-wrap:wrap;gap:10px}figure{margin:0;background:#fff;padding:6px;width:calc(var(--w) * 2 + 6px)}
figure div{display:flex;gap:6px}figure img,figure span{width:var(--w);height:var(--h);object-fit:cover;object-position:top;border:1px solid #ccc}
figcaption{font-size:11px;overflow-wrap:anywhere}
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """One page in one look, as it was and as it is; None where it was not there, or is there no more. `share`: of its dots that differ, 0..1."""

    role: str
    look: str
    name: str
    before: Path | None
    after: Path | None
    share: float


def photographs(folder: Path) -> dict[tuple[str, str, str], Path]:
    """Every photograph of a run by role, look and page; the numbers before their names move when pages come and go and mean nothing."""
    found: dict[tuple[str, str, str], Path] = {}
    seen = Counter[tuple[str, str, str]]()
    for file in sorted(folder.glob("*/*/*.png")):
        key = (file.parts[-3], file.parts[-2], re.sub(r"^\d+-", "", file.stem))
        seen[key] += 1
        many = seen[key]
        found[(*key[:2], key[2] if many == 1 else f"{key[2]} {many}")] = file
    return found


def share(before: Path, after: Path) -> float:
    """The share of dots that differ, 0..1; of two pages of unlike length all that only one of them has differs."""
    with Image.open(before) as old, Image.open(after) as new:
        whole = max(old.width, new.width) * max(old.height, new.height)
        both = 0, 0, min(old.width, new.width), min(old.height, new.height)
        strongest = ImageChops.difference(old.convert("RGB").crop(both), new.convert("RGB").crop(both)).convert("L").histogram()
    return (whole - both[2] * both[3] + sum(strongest[_NEAR:])) / whole


def pairs(before: Path, after: Path) -> list[Pair]:
    """All pages of both runs in the looks that both have, what has changed most first."""
    old, new = photographs(before), photographs(after)
    looks = {key[:2] for key in old} & {key[:2] for key in new}
    found = []
    for key in sorted(key for key in old.keys() | new.keys() if key[:2] in looks):
        was, now = old.get(key), new.get(key)
        found.append(Pair(*key, was, now, share(was, now) if was and now else 1.0))
    return sorted(found, key=lambda pair: -pair.share)


def compare(before: Path, after: Path) -> list[Pair]:
    """Write `compared/` into the folder of the later run: a sheet for each role and look, and the page that leads to them."""
    found = pairs(before, after)
    out = after / "compared"
    out.mkdir(exist_ok=True)
    rows = []
    for role, look in sorted({(pair.role, pair.look) for pair in found}):
        these = [pair for pair in found if (pair.role, pair.look) == (role, look)]
        other = [pair for pair in these if pair.share >= SAME]
        (out / f"{role}-{look}.html").write_text(_sheet(f"{role}, {look}", other, look), encoding="utf-8")
        gone, came = sum(pair.after is None for pair in these), sum(pair.before is None for pair in these)
        told = f"{len(other) - gone - came} changed, {came} new, {gone} gone, {len(these) - len(other)} the same"
        rows.append(f'<tr><th>{html.escape(role)}</th><td><a href="{role}-{look}.html">{look}</a></td><td>{told}</td></tr>')
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Before and after</title><style>{_STYLE}</style><h1>Before and after</h1>'
    (out / "index.html").write_text(f"{head}<table>{''.join(rows)}</table></html>", encoding="utf-8")
    return found


def _sheet(title: str, shown: list[Pair], look: str) -> str:
    wide, high = (240, 480) if int(look.partition("-")[0]) < 700 else (480, 420)
    figures = "".join(f"<figure><div>{_half(one.before)}{_half(one.after)}</div><figcaption>{_words(one)}</figcaption></figure>" for one in shown)
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
    return f"{head}<style>:root{{--w:{wide}px;--h:{high}px}}{_STYLE}</style><h1>{html.escape(title)}</h1><main>{figures}</main></html>"


def _half(file: Path | None) -> str:
    if file is None:
        return "<span></span>"
    address = html.escape(file.resolve().as_uri())
    return f'<a href="{address}"><img loading="lazy" src="{address}" alt=""></a>'


def _words(pair: Pair) -> str:
    state = "new" if pair.before is None else "gone" if pair.after is None else f"{pair.share:.1%} differs"
    return f"{html.escape(pair.name)}<br>{state}"
