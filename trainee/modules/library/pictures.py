"""Pictures of lessons: which may be shown, and how they are sent so that they can do nothing but be seen."""

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from trainee.kit.photos import TooManyDotsError, UnreadableError, open_photo

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.(?:svg|png|jpg|jpeg)")
LARGEST = 300_000
WIDEST = 4000

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = {
    *("svg", "g", "defs", "symbol", "use", "title", "desc", "text", "tspan", "textPath", "style", "marker", "mask", "pattern", "clipPath"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "linearGradient", "radialGradient", "stop"),
}
_LINKS = frozenset(("href", "{http://www.w3.org/1999/xlink}href", "src"))
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#|['\"]?#)|@import|expression\(", re.ASCII)
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
_FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG"}


def kind(name: str) -> str:
    """The media type of a picture, by its name."""
    return _TYPES[name.rpartition(".")[2]]


def wrong_with(name: str, data: bytes) -> Iterator[str]:
    """Why a file cannot be shown as a picture, in sentences."""
    if len(data) > LARGEST:
        yield f"The picture is larger than {LARGEST // 1000} kilobytes."
    elif name.endswith(".svg"):
        yield from _wrong_with_drawing(data)
    else:
        yield from _wrong_with_photo(name, data)


def _wrong_with_drawing(data: bytes) -> Iterator[str]:
    # A document type may define entities that grow without end, so a drawing has none.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        yield "The drawing has a document type (<!DOCTYPE or <!ENTITY)."
        return
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  # Without a document type there is nothing to expand.
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        yield f"The drawing cannot be read: {error}."
        return
    if root.tag != f"{_SVG}svg":
        yield "The file is no SVG drawing."
        return
    for element in root.iter():
        name = str(element.tag).removeprefix(_SVG)
        if name not in _SHAPES:
            yield f"The drawing holds <{name}>: it may hold shapes and text only."
        for attribute, value in element.attrib.items():
            if attribute.startswith("on"):
                yield f"The drawing holds `{attribute}`, which would run a script."
            elif (attribute in _LINKS and not value.strip().startswith("#")) or _OUTSIDE.search(value):
                yield "The drawing fetches something from elsewhere."
        if name == "style" and _OUTSIDE.search(element.text or ""):
            yield "The drawing fetches something from elsewhere."


def _wrong_with_photo(name: str, data: bytes) -> Iterator[str]:
    wanted = _FORMATS[name.rpartition(".")[2]]
    try:
        size = open_photo(data, [wanted]).size
    except TooManyDotsError as error:
        size = error.size
    except UnreadableError:
        yield f"The file is no {wanted} picture, or is damaged."
        return
    if max(size) > WIDEST:
        yield f"The picture is {size[0]} by {size[1]} dots; {WIDEST} is the most."


def clean(name: str, data: bytes) -> bytes:
    """A picture that was checked, as it is sent: a photo without what the camera wrote beside it (place, time, device)."""
    if name.endswith(".svg"):
        return data
    wanted = _FORMATS[name.rpartition(".")[2]]
    sent = io.BytesIO()
    photo = open_photo(data, [wanted])
    photo.info = {key: value for key, value in photo.info.items() if key in ("transparency", "gamma")}
    photo.save(sent, wanted, **({"quality": 88} if wanted == "JPEG" else {"optimize": True}))
    return sent.getvalue()
