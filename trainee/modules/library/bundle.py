"""The files of one module, from a folder, an archive or the database: one format, whichever door they came through."""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from trainee.kit.findings import Findings
from trainee.kit.yamltree import Unreadable

MOST_FILES = 200
LARGEST_FILE = 1_000_000
LARGEST_BUNDLE = 8_000_000


@dataclass(frozen=True)
class Bundle:
    """The files of one module by name. `name` is the module's folder, `shown` what findings call that folder."""

    name: str
    files: Mapping[str, bytes]
    shown: str

    @property
    def digest(self) -> str:
        """SHA-256 over names and contents, in order of names; line ends and everything else count."""
        digest = hashlib.sha256()
        for name, data in sorted(self.files.items()):
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()

    def packed(self) -> bytes:
        """All files in one compressed piece, as they are kept in the database."""
        texts = {name: data.decode("latin-1") for name, data in sorted(self.files.items())}
        return zlib.compress(json.dumps(texts, ensure_ascii=False).encode(), 9)


def unpacked(name: str, data: bytes) -> Bundle:
    """What `packed` made, as a bundle again."""
    texts: dict[str, str] = json.loads(zlib.decompress(data))
    return Bundle(name, {file: text.encode("latin-1") for file, text in texts.items()}, name)


def from_folder(folder: Path, shown: str | None = None) -> Bundle:
    """The files of a folder, without hidden ones and editors' copies; Unreadable when there are too many or one is too large."""
    shown = shown or str(folder)
    files: dict[str, bytes] = {}
    findings = Findings()
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.endswith("~"):
            continue
        if not path.is_file() or path.is_symlink():
            findings.error(f"{shown}/{path.name}", 1, "Only files belong in a module's folder.", "Move it elsewhere.")
        elif path.stat().st_size > LARGEST_FILE:
            _tell_large(findings, f"{shown}/{path.name}")
        elif len(files) == MOST_FILES:
            findings.error(shown, 1, f"More than {MOST_FILES} files.", "Make two modules of it.")
            break
        else:
            files[path.name] = path.read_bytes()
    if len(findings):
        raise Unreadable(findings)
    return Bundle(folder.resolve().name, files, shown)


def _tell_large(findings: Findings, path: str) -> None:
    findings.error(path, 1, f"The file is larger than {LARGEST_FILE // 1_000_000} megabyte.", "Make it smaller.")


def from_archive(data: bytes, shown: str = "archive.zip") -> Bundle:
    """The files of a ZIP archive that holds one module, in a folder or at its top; Unreadable when it holds anything else.

    What the archive says about itself is not believed: names are looked at one by one, and no more is unpacked than may be.
    """
    findings = Findings()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _unzipped(archive, shown, findings)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, UnicodeDecodeError, ValueError):
        findings.error(shown, 1, "This is not a ZIP archive we can read.", "Make a plain ZIP archive, without a password.")
        files = {}
    if not len(findings) and not files:
        findings.error(shown, 1, "The archive is empty.", "Put the module's folder into it.")
    folders = {PurePosixPath(name).parent.as_posix() for name in files}
    if not len(findings) and len(folders) != 1:
        findings.error(shown, 1, "The archive holds more than one folder.", "Put one module into it, with all its files side by side.")
    if len(findings):
        raise Unreadable(findings)
    return Bundle(PurePosixPath(folders.pop()).name, {PurePosixPath(name).name: content for name, content in files.items()}, shown)


def _unzipped(archive: zipfile.ZipFile, shown: str, findings: Findings) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
    if len(entries) > MOST_FILES:
        findings.error(shown, 1, f"More than {MOST_FILES} files.", "Put one module into one archive.")
        return {}
    for entry in entries:
        if not _is_plain(entry):
            findings.error(shown, 1, f"The archive holds {entry.filename[:80]!r}, which leads out of it or is no plain file.", "Take it out.")
            continue
        if entry.filename in files:
            findings.error(shown, 1, f"{entry.filename} is in the archive twice.", "Take one of them out.")
            continue
        with archive.open(entry) as opened:
            content = opened.read(LARGEST_FILE + 1)
        total += len(content)
        if len(content) > LARGEST_FILE:
            _tell_large(findings, f"{shown}/{entry.filename}")
        if total > LARGEST_BUNDLE:
            findings.error(shown, 1, "The archive holds far more than a module.", "Take out what does not belong to it.")
            return {}
        files[entry.filename] = content
    return files


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or (PurePosixPath(name).name.startswith(".") and ".." not in PurePosixPath(name).parts)


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    path = PurePosixPath(name)
    # The upper half of the attributes is the Unix mode; 0o12 there is a symbolic link.
    linked = entry.external_attr >> 28 == 0o12
    return not (linked or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or len(path.parts) > 2)
