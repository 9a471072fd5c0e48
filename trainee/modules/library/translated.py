"""Knows from the files alone when one language of a text has changed since both were last agreed to say the same.

Beside the files of a module lies `.translated`, one line a text: its name, and a digest of each language as they were when somebody said that
they agree. A text of which one digest is another now, and the other is not, has a stale translation. Whoever changes both languages need not
say so; whoever changes one, and finds the other still right, agrees anew. Published versions know nothing of it.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trainee.kit import yamltree
from trainee.kit.findings import Findings

NAME = ".translated"

_LESSON = re.compile(r"([1-9][0-9]?-[a-z0-9-]+)\.tr\.md")


@dataclass(frozen=True, slots=True)
class Unit:
    """Some words that belong together (a question, a scene, a piece of a lesson) in both languages, and where they stand."""

    name: str
    tr: str
    en: str
    path: str
    line: int


def agree(folder: Path) -> int:
    """Write down that all texts of a module say the same in both languages now; how many there are."""
    units = list(_units(folder, str(folder)))
    lines = sorted(f"{unit.name} {_digest(unit.tr)} {_digest(unit.en)}" for unit in units)
    (folder / NAME).write_text("\n".join(lines) + "\n", encoding="ascii")
    return len(units)


def look_for_stale(folder: Path, findings: Findings, trees: Mapping[str, yamltree.Tree] | None = None) -> None:
    """Warn of every text of which one language changed and the other did not. Where nobody has agreed yet nothing is told.

    `trees`: the YAML files that were read already, by name.
    """
    if not (folder / NAME).is_file():
        return
    kept = {}
    for line in (folder / NAME).read_text(encoding="ascii", errors="replace").splitlines():
        name, _space, digests = line.partition(" ")
        kept[name] = tuple(digests.split())
    for unit in _units(folder, str(folder), trees or {}):
        before, now = kept.get(unit.name), (_digest(unit.tr), _digest(unit.en))
        if before is None or len(before) != 2 or (before[0] == now[0]) == (before[1] == now[1]):
            continue
        changed, other = ("Turkish", "English") if before[1] == now[1] else ("English", "Turkish")
        message = f"The {changed} of `{unit.name}` has changed since, and the {other} has not."
        mend = f"Change the {other} too; if it still says the same, run: trainee content agree {folder}"
        findings.warn(unit.path, unit.line, message, mend)


def _digest(words: str) -> str:
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()[:10]


def _units(folder: Path, shown: str, trees: Mapping[str, yamltree.Tree] = MappingProxyType({})) -> Iterator[Unit]:
    for path in sorted(folder.iterdir()):
        found = _LESSON.fullmatch(path.name)
        if found and (folder / f"{found[1]}.en.md").is_file():
            yield from _pieces(folder, shown, found[1])
        elif path.suffix == ".yaml" and not path.name.startswith("."):
            tree = trees.get(path.name) or _tree(path, f"{shown}/{path.name}")
            if tree is not None:
                yield from _texts(tree, path.name)


def _tree(path: Path, shown: str) -> yamltree.Tree | None:
    try:
        return yamltree.read(path.read_bytes(), shown)
    except yamltree.Unreadable:
        return None


def _pieces(folder: Path, shown: str, name: str) -> Iterator[Unit]:
    """A lesson in its pieces, cut where a block begins or ends; both files have the same ones, or another finding says so."""
    both = [_cut((folder / f"{name}.{lang}.md").read_text(encoding="utf-8", errors="replace")) for lang in ("tr", "en")]
    for number, ((line, tr), (_line, en)) in enumerate(zip(*both, strict=False)):
        yield Unit(f"{name}#{number}", tr, en, f"{shown}/{name}.tr.md", line)


def _cut(text: str) -> list[tuple[int, str]]:
    pieces: list[tuple[int, str]] = [(1, "")]
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(":::"):
            pieces.append((number, ""))
        pieces[-1] = (pieces[-1][0], f"{pieces[-1][1]}\n{line}")
    return pieces


def _texts(tree: yamltree.Tree, name: str) -> Iterator[Unit]:
    """The texts of a YAML file, those of one item of a list (a question, a scene, an ending) together."""
    found: dict[str, tuple[list[str], list[str], int]] = {}
    for path, value in walk(tree.value, ()):
        unit, line = f"{name}#{path[0]}", tree.line(path[0])
        item = tree.get(*path[:2]) if len(path) > 1 and isinstance(path[1], int) else None
        if isinstance(item, dict):
            unit, line = f"{name}#{path[0]}.{item.get('id', path[1])}", tree.line(*path[:2])
        tr, en, _line = found.setdefault(unit, ([], [], line))
        tr.append(str(value["tr"]))
        en.append(str(value["en"]))
    yield from (Unit(unit.replace(" ", "_"), "\n".join(tr), "\n".join(en), tree.path, line) for unit, (tr, en, line) in found.items())


def walk(value: Any, at: yamltree.Path) -> Iterator[tuple[yamltree.Path, dict[str, Any]]]:
    """Everything below a value that is written in both languages, with its path."""
    if isinstance(value, dict) and len(value) == 2 and "tr" in value and "en" in value and at:
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, (dict, list)):
                yield from walk(inner, (*at, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            if isinstance(inner, (dict, list)):
                yield from walk(inner, (*at, number))
