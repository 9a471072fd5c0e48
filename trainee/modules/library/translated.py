"""Knows from the files alone when one language of a text has changed since both were last agreed to say the same.

Beside the files of a module lies `.translated`, one line a text: its name, a digest of each language as they were when somebody said that they
agree, and short digests of the lines of each, by which the line that changed is found again. A text of which one digest is another now, and the
other is not, has a stale translation. Whoever changes both languages need not say so; whoever changes one, and finds the other still right,
agrees anew. Published versions know nothing of it.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trainee.kit import yamltree
from trainee.kit.findings import Findings

NAME = ".translated"

_LESSON = re.compile(r"([1-9][0-9]?-[a-z0-9-]+)\.tr\.md")


Lines = tuple[tuple[int, str], ...]
"""What is written, line by line, each with its number in the file."""

_NAMES = {"tr": "Turkish", "en": "English"}
_FIRST_WORDS = 6
_WORD = re.compile(r"\w")
_MARKS = re.compile(r"^(?:[-*#>]+|\[[ xX]\]|\s)+")


@dataclass(frozen=True, slots=True)
class Unit:
    """Some words that belong together (a question, a scene, a piece of a lesson) in both languages, and where they stand."""

    name: str
    said: Mapping[str, Lines]
    paths: Mapping[str, str]

    def digest(self, lang: str) -> str:
        """A digest of all the words of one language."""
        return _digest(" ".join(words for _line, words in self.said[lang]))


@dataclass(frozen=True, slots=True)
class _Agreed:
    """A text as it was when both languages were said to agree: a digest of each, and short ones of its lines."""

    whole: Mapping[str, str]
    lines: Mapping[str, frozenset[str]]


def agree(folder: Path) -> int:
    """Write down that all texts of a module say the same in both languages now; how many there are."""
    units = list(_units(folder, str(folder)))
    lines = sorted(f"{unit.name} {unit.digest('tr')} {unit.digest('en')} {_short(unit, 'tr')} {_short(unit, 'en')}" for unit in units)
    (folder / NAME).write_text("\n".join(lines) + "\n", encoding="ascii")
    return len(units)


def _short(unit: Unit, lang: str) -> str:
    return ",".join(dict.fromkeys(_digest(words)[:6] for _line, words in unit.said[lang])) or "-"


def _kept(folder: Path) -> dict[str, list[_Agreed]] | None:
    """What was agreed on, by name; None where a line is not as `agree` writes it.

    The pieces of a lesson stand together: they are known by their words, not by their place.
    """
    kept: dict[str, list[_Agreed]] = {}
    for line in (folder / NAME).read_text(encoding="ascii", errors="replace").splitlines():
        name, *digests = line.split()
        if len(digests) != 4:
            return None
        tr, en, *short = digests
        lines = {lang: frozenset(each.split(",")) for lang, each in zip(("tr", "en"), short, strict=True)}
        kept.setdefault(_group(name), []).append(_Agreed({"tr": tr, "en": en}, lines))
    return kept


def _group(name: str) -> str:
    lesson, _sign, number = name.rpartition("#")
    return lesson if number.isdigit() else name


def look_for_stale(folder: Path, findings: Findings, trees: Mapping[str, yamltree.Tree] | None = None) -> None:
    """Warn of every text of which one language changed and the other did not. Where nobody has agreed yet nothing is told.

    `trees`: the YAML files that were read already, by name.
    """
    if not (folder / NAME).is_file():
        return
    kept = _kept(folder)
    if kept is None:
        mend = f"Read both languages against each other, then run: trainee content agree {folder}"
        findings.warn(f"{folder}/{NAME}", 1, "This record of what was agreed on cannot be read.", mend)
        return
    for unit in _units(folder, str(folder), trees or {}):
        agreed = kept.get(_group(unit.name), [])
        changed = _changed(unit, agreed)
        if changed is None:
            continue
        other = "en" if changed == "tr" else "tr"
        line, words = _where(unit, changed, agreed)
        message = f"The {_NAMES[changed]} has changed since, and the {_NAMES[other]} has not: “{words}”."
        mend = f"Change the {_NAMES[other]} too; if it still says the same, run: trainee content agree {folder}"
        findings.warn(unit.paths[changed], line, message, mend)


def _changed(unit: Unit, agreed: Sequence[_Agreed]) -> str | None:
    """The language of a text that changed alone; None when both did, or none."""
    tr, en = unit.digest("tr"), unit.digest("en")
    same_tr = [one for one in agreed if one.whole["tr"] == tr]
    if any(one.whole["en"] == en for one in same_tr):
        return None
    if same_tr:
        return "en"
    return "tr" if any(one.whole["en"] == en for one in agreed) else None


def _where(unit: Unit, lang: str, agreed: Sequence[_Agreed]) -> tuple[int, str]:
    """The line that changed, and its first words; where a line was only taken away, the first one."""
    said = [(line, words) for line, words in unit.said[lang] if _WORD.search(words) and not words.startswith(":::")] or list(unit.said[lang])
    known = frozenset[str]().union(*(one.lines.get(lang, frozenset()) for one in agreed))
    new = [(line, words) for line, words in said if _digest(words)[:6] not in known]
    line, told = (new or said or [(1, "")])[0]
    words = _MARKS.sub("", told).split()
    return line, " ".join(words[:_FIRST_WORDS]) + ("…" if len(words) > _FIRST_WORDS else "")


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
    """A lesson in its pieces, cut where a block begins or ends; none where the files have not the same blocks: another finding says so."""
    files = {lang: f"{name}.{lang}.md" for lang in ("tr", "en")}
    cut = {lang: _cut((folder / file).read_text(encoding="utf-8", errors="replace")) for lang, file in files.items()}
    if len(cut["tr"]) == len(cut["en"]):
        paths = {lang: f"{shown}/{file}" for lang, file in files.items()}
        for number, (tr, en) in enumerate(zip(cut["tr"], cut["en"], strict=True)):
            yield Unit(f"{name}#{number}", {"tr": tuple(tr), "en": tuple(en)}, paths)


def _cut(text: str) -> list[list[tuple[int, str]]]:
    pieces: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(":::"):
            pieces.append([])
        if line.strip():
            pieces[-1].append((number, line))
    return pieces


def _texts(tree: yamltree.Tree, name: str) -> Iterator[Unit]:
    """The texts of a YAML file, those of one item of a list (a question, a scene, an ending) together."""
    found: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for path, value in walk(tree.value, ()):
        unit = f"{name}#{path[0]}"
        item = tree.get(*path[:2]) if len(path) > 1 and isinstance(path[1], int) else None
        if isinstance(item, dict):
            unit = f"{name}#{path[0]}.{item.get('id', path[1])}"
        said = found.setdefault(unit, {"tr": [], "en": []})
        for lang, lines in said.items():
            lines.append((tree.line(*path, lang), str(value[lang])))
    paths = dict.fromkeys(("tr", "en"), tree.path)
    yield from (Unit(unit.replace(" ", "_"), {lang: tuple(lines) for lang, lines in said.items()}, paths) for unit, said in found.items())


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
