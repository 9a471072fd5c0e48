"""Fetch what we copied from npm again: the icons on our list as one sprite, and axe-core for the browser tests.

Run it with a plain Python after changing trainee/static/img/icons.txt or a version below; commit what it writes.
"""

import base64
import hashlib
import io
import json
import re
import tarfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "trainee" / "static" / "img"
AXE = ROOT / "tests" / "browser" / "vendor"
PINS = {
    "lucide-static": ("1.62.0", "sha512-WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA=="),
    "axe-core": ("4.14.1", "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="),
}
REGISTRY = "https://registry.npmjs.org"


def fetch(name: str) -> tarfile.TarFile:
    """The package's archive, refused when it is not the very one we looked at."""
    version, expected = PINS[name]
    with urllib.request.urlopen(f"{REGISTRY}/{name}/-/{name}-{version}.tgz") as answer:
        body = answer.read()
    found = "sha512-" + base64.b64encode(hashlib.sha512(body).digest()).decode()
    if found != expected:
        raise SystemExit(f"{name} {version} has the digest {found}, not {expected}.")
    return tarfile.open(fileobj=io.BytesIO(body))


def member(archive: tarfile.TarFile, path: str) -> str:
    """The text of one file of the package."""
    file = archive.extractfile(f"package/{path}")
    if file is None:
        raise SystemExit(f"There is no {path} in the package.")
    return file.read().decode("utf-8")


def symbol(name: str, svg: str) -> str:
    """One icon as a symbol; the line's weight and colour come from the sprite's user."""
    shapes = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
    if shapes is None:
        raise SystemExit(f"{name} is no drawing.")
    inside = re.sub(r"\s*\n\s*", "", shapes[1]).replace(" />", "/>")
    lines = 'fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {lines}>{inside}</symbol>'


def main() -> None:
    """Write the sprite, axe-core, their licences and the list of both."""
    lucide, axe = fetch("lucide-static"), fetch("axe-core")
    names = (IMAGES / "icons.txt").read_text(encoding="utf-8").split()
    symbols = "\n".join(symbol(name, member(lucide, f"icons/{name}.svg")) for name in names)
    (IMAGES / "icons.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n', encoding="utf-8")
    (IMAGES / "icons-LICENSE.txt").write_text(member(lucide, "LICENSE"), encoding="utf-8")
    AXE.mkdir(parents=True, exist_ok=True)
    (AXE / "axe.min.js").write_text(member(axe, "axe.min.js"), encoding="utf-8")
    (AXE / "axe-LICENSE.txt").write_text(member(axe, "LICENSE"), encoding="utf-8")
    vendored = [
        {"name": name, "version": version, "integrity": digest, "licence": licence, "files": files}
        for (name, (version, digest)), licence, files in zip(
            PINS.items(), ("ISC and MIT", "MPL-2.0"), (["trainee/static/img/icons.svg"], ["tests/browser/vendor/axe.min.js"]), strict=True
        )
    ]
    (ROOT / "tools" / "vendored.json").write_text(json.dumps(vendored, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
