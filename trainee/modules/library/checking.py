"""Checks content files wherever they lie: everything, one folder of it, or one module."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from trainee import service, skills
from trainee.config import SHIPPED_CONTENT
from trainee.kit import trtext
from trainee.kit.findings import Findings
from trainee.kit.yamltree import Unreadable
from trainee.kit.yamltree import read as read_yaml
from trainee.modules.library.bundle import from_folder
from trainee.modules.library.content import Module
from trainee.modules.library.pieces import Pieces, read_pieces
from trainee.modules.library.readable import explained_in
from trainee.modules.library.reading import Known, Reading, read_whole
from trainee.modules.library.said import look_in_tree
from trainee.modules.library.translated import look_for_stale
from trainee.modules.library.wording import look_at_verdicts, look_between


@dataclass(frozen=True)
class Checked:
    """What was looked at, and what there is to say about it."""

    findings: Findings
    modules: int
    cards: int
    notes: tuple[str, ...] = ()
    """What else the author should know of how it was looked at, in sentences."""


@dataclass
class _Trees:
    """The content folders that were met, each with what may be pointed at in it."""

    known: dict[Path, Known] = field(default_factory=dict)
    strays: list[Path] = field(default_factory=list)
    """The modules that lie in no content folder."""

    def around(self, folder: Path) -> Known:
        """What a module may point at: what its content folder holds, or what comes with the program where it lies in none."""
        root = root_of(folder)
        if root is None:
            self.strays.append(folder)
        known = self.within(root or SHIPPED_CONTENT)
        return known if root else Known(known.skills, known.cards, known.modules | {folder.name})

    def within(self, root: Path) -> Known:
        """What a content folder holds, read once."""
        root = root.resolve()
        if root not in self.known:
            self.known[root] = known_in(root)
        return self.known[root]

    def notes(self) -> tuple[str, ...]:
        """Which modules lie in no content folder, in a sentence."""
        if not self.strays:
            return ()
        names = ", ".join(str(folder) for folder in self.strays)
        return (
            f"No folder around {names} has a skills.yaml, so names of skills, cards and modules were looked up in the content that comes with the "
            "program.",
        )


def check(paths: list[Path], today: date | None = None) -> Checked:
    """Check what lies at `paths`: a content folder, `modules`, one module or a file in it, `skills.yaml`, or policy cards.

    With `today` a note tells which policy cards should have been reviewed by then.
    """
    findings = Findings()
    modules: dict[Path, None] = {}
    cards: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            findings.error(str(path), 1, "There is nothing at this path.", "Give a folder such as content/ or content/modules/greeting.")
            continue
        modules |= dict.fromkeys(modules_at(path))
        cards |= dict.fromkeys(_cards(path))
        if (path / "skills.yaml").is_file() or path.name == "skills.yaml":
            skills.read(path if path.is_file() else path / "skills.yaml", findings)
    late = [_check_card(card, today, findings) for card in cards]
    trees = _Trees()
    read = {folder: _read(folder, trees.around(folder)) for folder in modules}
    for folder, one in read.items():
        findings.extend(one.findings)
        look_for_stale(folder, findings, one.trees)
    everywhere = [placed for one in read.values() for placed in one.placed]
    look_between(everywhere, findings)
    look_at_verdicts(everywhere, findings)
    whole = {folder: one.module for folder, one in read.items() if one.module is not None}
    for path in paths:
        if (path / "skills.yaml").is_file():
            _check_catalogue(path, read if len(whole) == len(read) else None, trees.within(path), findings)
    _check_between({folder: one for folder, one in read.items() if one.module is not None}, findings)
    if not modules and not cards and not len(findings) and not any("skills.yaml" in str(path) for path in paths):
        findings.error(str(paths[0]), 1, "There is no content here.", "Give a folder such as content/ or content/modules/greeting.")
    return Checked(findings, len(modules), len(cards), (*trees.notes(), *filter(None, late)))


def _check_card(path: Path, today: date | None, findings: Findings) -> str | None:
    """A sentence when its review is late: no warning, or what is clean would depend on the day."""
    card = service.read_card(path.read_bytes(), str(path), findings)
    if card is None:
        return None
    tree = read_yaml(path.read_bytes(), str(path))
    look_in_tree(tree, findings)
    if today is None or not card.stale(today):
        return None
    return (
        f"{path}:{tree.line('review_by')}: This card was to be reviewed by {card.review_by}; its readers are told that it may be out of date. "
        "Read it against its source, then set the next date."
    )


def _read(folder: Path, known: Known | None) -> Reading:
    try:
        return read_whole(from_folder(folder, str(folder)), known)
    except Unreadable as unreadable:
        return Reading(None, unreadable.findings)


def _check_catalogue(root: Path, read: Mapping[Path, Reading] | None, known: Known, findings: Findings) -> None:
    """What only shows over the whole content folder: what lies beside the modules, and whether every skill is taught, practised and observed.

    `read` is None when some modules could not be read: then nobody knows what they teach.
    """
    pieces = read_pieces(root, findings, str(root), known.skills, dict.fromkeys(known.modules, ""))
    modules = [one.module for one in read.values() if one.module is not None] if read else []
    if not read or not modules:
        return
    _check_terms(root, modules, pieces, findings)
    codes = {module.key: _order_of(module) for module in modules}
    for folder, one in read.items():
        for place, before in enumerate(one.module.prerequisites if one.module else ()):
            if codes.get(before, ("", 0)) > codes[folder.name]:
                message = f"`{before}` comes first by the prerequisites and later on the curriculum: the general belongs before the specific."
                findings.error(f"{folder}/module.yaml", one.line("prerequisites", place), message, "Change the codes, or the prerequisite.")
    # A folder with learning paths holds a whole curriculum; one without may hold a single module.
    if pieces.paths:
        _check_coverage(root, known, modules, pieces, findings)


def _check_terms(root: Path, modules: list[Module], pieces: Pieces, findings: Findings) -> None:
    """A word that is explained must stand where it is explained: in the text of a lesson, in each language."""
    if not pieces.terms:
        return
    tree = read_yaml((root / "glossary.yaml").read_bytes(), f"{root}/glossary.yaml")
    for lang in ("tr", "en"):
        told = trtext.fold(" ".join(words for module in modules for lesson in module.lessons for words in explained_in(lesson, lang)))
        for number, term in enumerate(pieces.terms):
            if not any(re.search(rf"(?<!\w){re.escape(trtext.fold(form))}", told) for form in term.forms.of(lang)):
                message = f"No lesson holds a form of `{term.key}` ({lang}), so nobody sees what it means."
                mend = "Write it as the lessons do, use it in one, or take it out."
                findings.warn(tree.path, tree.line("terms", number, "forms"), message, mend)


def _check_coverage(root: Path, known: Known, modules: list[Module], pieces: Pieces, findings: Findings) -> None:
    """Every skill must be taught, practised and observed somewhere."""
    taught = {skill for module in modules for lesson in module.lessons for skill in lesson.skills}
    practised = {skill for module in modules for story in module.stories for skill in story.skills}
    observed = {line.skill for card in pieces.scorecards for line in card.lines}
    for skill in sorted(known.skills):
        for where, found, mend in (
            ("taught in no lesson", taught, "Name it in a lesson's `skills`, and teach it there."),
            ("practised in no role-play", practised, "Score it in a role-play."),
            ("on no scorecard, so nobody observes it", observed, "Put it on a card in scorecards/."),
        ):
            if skill not in found:
                findings.error(f"{root}/skills.yaml", 1, f"The skill `{skill}` is {where}.", mend)


def _order_of(module: Module) -> tuple[str, int]:
    letters = module.code.rstrip("0123456789")
    return letters, int(module.code.removeprefix(letters))


def modules_at(path: Path) -> Iterator[Path]:
    if path.is_file():
        if (path.parent / "module.yaml").is_file():
            yield path.parent
    elif (path / "module.yaml").is_file() or path.parent.name == "modules":
        yield path
    else:
        folder = path if path.name == "modules" else path / "modules"
        if folder.is_dir():
            yield from sorted(child for child in folder.iterdir() if child.is_dir() and not child.name.startswith("."))


def _cards(path: Path) -> Iterator[Path]:
    if path.is_file():
        if path.parent.name == "cards":
            yield path
    else:
        folder = path if path.name == "cards" else path / "cards" if path.name == "service" else path / "service" / "cards"
        if folder.is_dir():
            yield from sorted(folder.glob("*.yaml"))


def root_of(path: Path) -> Path | None:
    """The content folder that `path` lies in: the nearest one around it with a skills.yaml."""
    around = path.resolve()
    return next((folder for folder in (around, *around.parents) if (folder / "skills.yaml").is_file()), None)


def known_in(root: Path) -> Known:
    """What the modules of a content folder may point at. What is wrong with the files themselves is told by who checks them."""
    frame = skills.read(root / "skills.yaml", Findings())
    cards = service.read_cards(root / "service" / "cards", Findings())
    folders = (root / "modules").iterdir() if (root / "modules").is_dir() else ()
    return Known(
        frozenset(skill.key for skill in frame.skills) if frame else frozenset(),
        {key: frozenset(card.figures) for key, card in cards.items()},
        frozenset(path.name for path in folders),
    )


def _check_between(read: Mapping[Path, Reading], findings: Findings) -> None:
    """What only shows when several modules are looked at: two with one name, circles of prerequisites."""
    stories: dict[str, Path] = {}
    codes: dict[str, Path] = {}
    modules = {folder: one.module for folder, one in read.items() if one.module is not None}
    for folder, module in modules.items():
        if module.code in codes:
            message = f"The code {module.code} is used by {codes[module.code].name} too."
            findings.error(f"{folder}/module.yaml", read[folder].line("code"), message, "Give each its own.")
        codes.setdefault(module.code, folder)
        for story in module.stories:
            if story.id in stories:
                path = f"{folder}/{story.id}.roleplay.yaml"
                findings.error(path, 1, f"There is a role-play `{story.id}` in {stories[story.id].name} too.", "Give one of them another name.")
            stories.setdefault(story.id, folder)
    _check_circles(read, modules, findings)


def _check_circles(read: Mapping[Path, Reading], modules: Mapping[Path, Module], findings: Findings) -> None:
    """Tell a circle of prerequisites once, at the entry that goes against the order of the curriculum, with the way round."""
    before = {module.key: module.prerequisites for module in modules.values()}
    codes = {module.key: _order_of(module) for module in modules.values()}
    entries = [(folder, module, place, ahead) for folder, module in modules.items() for place, ahead in enumerate(module.prerequisites)]
    told: set[str] = set()
    for folder, module, place, ahead in sorted(entries, key=lambda entry: codes.get(entry[3], ("", 0)) <= codes[entry[1].key]):
        way = _way_back(module.key, ahead, before)
        if not way or module.key in told:
            continue
        others = {key for key in before if _way_back(key, module.key, before) and _way_back(module.key, key, before)} - set(way)
        more = f" ({len(others)} more hang in the circle: {', '.join(f'`{key}`' for key in sorted(others)[:3])}{' …' if len(others) > 3 else ''})"
        told |= {*way, *others}
        message = f"The prerequisites of `{module.key}` lead back to it by way of `{ahead}`: {' → '.join(way)}{more if others else ''}."
        findings.error(f"{folder}/module.yaml", read[folder].line("prerequisites", place), message, "Take one of them out.")


def _way_back(key: str, through: str, before: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A shortest way by prerequisites from a module over another back to it; empty when there is none."""
    seen = {through}
    ways: list[tuple[str, ...]] = [(key, through)]
    for way in ways:
        if way[-1] == key:
            return way
        for ahead in before.get(way[-1], ()):
            if ahead not in seen:
                seen.add(ahead)
                ways.append((*way, ahead))
    return ()
