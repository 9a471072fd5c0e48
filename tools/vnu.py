"""Fetch the W3C's own checker of HTML (the npm package vnu-jar, which npm itself is not needed for) where there is a Java to run it.

    python tools/vnu.py .venv/vnu.jar

It is 30 MB and only tests need it, so it is not among our files. Where there is no Java, or the registry is out of reach, it says so in a line, and
the test that needs it is left out.
"""

import base64
import hashlib
import io
import shutil
import sys
import tarfile
import urllib.request
from pathlib import Path

VERSION = "26.9.27"
DIGEST = "sha512-TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA=="
ADDRESS = f"https://registry.npmjs.org/vnu-jar/-/vnu-jar-{VERSION}.tgz"


def fetched() -> bytes:
    """The checker; refused when it is not the very one we looked at."""
    with urllib.request.urlopen(ADDRESS, timeout=120) as answer:
        body = answer.read()
    found = "sha512-" + base64.b64encode(hashlib.sha512(body).digest()).decode()
    if found != DIGEST:
        raise OSError(f"it has the digest {found}, not {DIGEST}")
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        file = archive.extractfile("package/build/dist/vnu.jar")
        if file is None:
            raise OSError("there is no vnu.jar in it")
        return file.read()


def main() -> None:
    """Write it where we are told to."""
    place = Path(sys.argv[1])
    if shutil.which("java") is None:
        print("There is no Java on this machine, so no page is shown to the W3C's checker. On Debian: apt-get install default-jre-headless")
        return
    try:
        body = fetched()
    except OSError as problem:
        print(f"The W3C's checker could not be fetched ({problem}), so no page is shown to it.")
        return
    place.with_suffix(".part").write_bytes(body)
    place.with_suffix(".part").replace(place)


if __name__ == "__main__":
    main()
