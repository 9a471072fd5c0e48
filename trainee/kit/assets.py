"""What pages are dressed in: one stylesheet built from its parts at start-up, scripts, fonts and drawings, each under an address that changes
when its content does, so that browsers may keep it for ever.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from markupsafe import Markup

from trainee.kit.colour import both_themes
from trainee.kit.errors import NotFound
from trainee.kit.i18n import language
from trainee.kit.web import Blueprint, public

FOLDER = Path(__file__).parents[1] / "static"
SHEET = "trainee.css"
FOR_EVER = "public, max-age=31536000, immutable"
PACKED = {".css", ".js", ".svg", ".txt", ".json", ".webmanifest"}
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json"}

bp = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent, plain and packed (None where packing gains nothing)."""

    body: bytes
    packed: bytes | None
    mimetype: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every asset by name, and the stamp that stands for all of their content."""

    stamp: str
    assets: dict[str, Asset]
    newest: float
    addresses: dict[tuple[str, str], str] = field(default_factory=dict)


def stylesheet(folder: Path, colour: str = "") -> str:
    """The parts in `folder` as one sheet: the order of layers first, then every part, then the organisation's colour."""
    parts = [folder / "layers.css", *sorted(part for part in folder.glob("*.css") if part.name != "layers.css")]
    texts = [_both_ways(part.read_text(encoding="utf-8")) if part.name == "dark.css" else part.read_text(encoding="utf-8") for part in parts]
    if colour:
        texts.append(both_themes(colour))
    sheet, inside = "", ""
    for text in map(_smaller, texts):
        layer = _layer(text)
        # A layer that goes on in the next part is not closed and opened again.
        sheet = sheet[:-1] + text[len(layer) :] if layer and layer == inside else sheet + text
        inside = layer
    return sheet


def _layer(text: str) -> str:
    """How a part begins that is one layer and nothing besides; empty of any other part."""
    head = re.match(r"@layer \w+\{", text)
    depth = 0
    for place, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "}" and not depth:
            return head[0] if head and place == len(text) - 1 else ""
    return ""


def _both_ways(dark: str) -> str:
    """The dark theme for those who chose it, and again for devices that are set to dark and whose owner did not choose the light one."""
    device = dark.replace(':root[data-theme="dark"], [data-theme="dark"]', ':root:not([data-theme="light"])')
    return f"{dark}\n@media (prefers-color-scheme: dark) {{\n{device}\n}}"


def _smaller(css: str) -> str:
    """Without comments and the spaces nobody needs; quoted texts in our sheets hold neither."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css).replace(" !important", "!important")
    css = re.sub(r" ([+~]) (?=[.*][a-z ])", r"\1", css)
    return re.sub(r" ?([{};,>]) ?", r"\1", css).replace(";}", "}").replace(": ", ":").strip()


def _shelved(folder: Path, colour: str) -> Iterator[tuple[str, bytes]]:
    yield SHEET, stylesheet(folder / "css", colour).encode("utf-8")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith("css/"):
            yield name, path.read_bytes()


def _newest(folder: Path) -> float:
    return max((path.stat().st_mtime for path in folder.rglob("*")), default=0.0)


def fill(folder: Path = FOLDER, colour: str = "") -> Shelf:
    """Read everything below `folder` once."""
    digest, assets = hashlib.sha256(), {}
    for name, body in _shelved(folder, colour):
        digest.update(name.encode() + b"\0" + body)
        suffix = Path(name).suffix
        kind = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        assets[name] = Asset(body, gzip.compress(body, 9, mtime=0) if suffix in PACKED and len(body) > 500 else None, kind)
    return Shelf(digest.hexdigest()[:12], assets, _newest(folder))


def _shelf() -> Shelf:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # Asked forty times by a page, and a proxy answers slowly.
    shelf: Shelf = app.extensions["assets"]
    if app.config.get("TEMPLATES_AUTO_RELOAD") and _newest(FOLDER) > shelf.newest:
        shelf = app.extensions["assets"] = fill(colour=app.config.get("ORGANISATION_COLOUR", ""))
    return shelf


def address(name: str) -> str:
    """The address of one asset; a name that is not there is our bug and raises KeyError."""
    shelf = _shelf()
    # A page asks some forty times, and the answer hangs on nothing but the name and where the site is mounted.
    place = (request.script_root, name)
    found = shelf.addresses.get(place)
    if found is None:
        if name not in shelf.assets:
            raise KeyError(f"There is no asset {name!r}.")
        found = shelf.addresses[place] = url_for("assets.asset", stamp=shelf.stamp, name=name)
    return found


@bp.route("/assets/<stamp>/<path:name>")
@public
def asset(stamp: str, name: str) -> Response:
    shelf = _shelf()
    found = shelf.assets.get(name)
    if found is None:
        raise NotFound
    packed = found.packed if request.accept_encodings["gzip"] > 0 else None
    response = Response(packed or found.body, mimetype=found.mimetype)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    # A page from before an update asks under the old stamp and gets today's file, which it must not keep under that name.
    response.headers["Cache-Control"] = FOR_EVER if stamp == shelf.stamp else "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def once(template: str, **values: Hashable) -> Markup:
    """A part of a page that hangs on nothing but these values and the reader's language: rendered once per process, then the same for everybody."""
    kept: dict[Any, Markup] = current_app.extensions["once"]
    place = (template, language(), request.script_root, tuple(values.items()))
    found = kept.get(place)
    if found is None or current_app.debug:
        # The template escapes what it shows.
        found = kept[place] = Markup(current_app.jinja_env.get_template(template).render(**values))  # noqa: S704
    return found


def init_app(app: Flask) -> None:
    """Build the shelf and give templates `asset(name)` and `once(template, ...)`."""
    app.extensions["once"] = {}
    app.jinja_env.globals["once"] = once
    app.extensions["assets"] = fill(colour=app.config.get("ORGANISATION_COLOUR", ""))
    app.jinja_env.globals["asset"] = address
    app.register_blueprint(bp)
