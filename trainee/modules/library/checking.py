"""Checks content files wherever they lie: everything, one folder of it, or one module."""

import multiprocessing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from trainee import service, skills
from trainee.config import SHIPPED_CONTENT
from trainee.kit import markdown
from trainee.kit.findings import Findings
from trainee.kit.yamltree import Unreadable
from trainee.kit.yamltree import read as read_yaml
from trainee.modules.library import links
from trainee.modules.library.beside import PLACES, read_pieces
from trainee.modules.library.bundle import from_folder
from trainee.modules.library.content import Module
from trainee.modules.library.curriculum import check_coverage, check_paths, check_terms
from trainee.modules.library.reading import Known, Reading, read_whole
from trainee.modules.library.said import look_for_unsafe, look_in_tree
from trainee.modules.library.translated import look_for_stale
from trainee.modules.library.wording import look_at_lengths_everywhere, look_at_verdicts, look_between

WORTH_SPLITTING = 4
"""With fewer modules than this, starting a second process takes longer than it saves."""


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


def check(paths: list[Path], today: date | None = None, processes: int = 1) -> Checked:
    """Check what lies at `paths`: a content folder, `modules`, one module or a file in it, `skills.yaml`, or policy cards.

    With `today` a note tells which policy cards should have been reviewed by then. More than one of the `processes` is used for many modules only,
    and only where a process can be split in two.
    """
    findings, trees = Findings(), _Trees()
    modules: dict[Path, None] = {}
    cards: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            findings.error(str(path), 1, "There is nothing at this path.", "Give a folder such as content/ or content/modules/greeting.")
            continue
        here, cards_here = dict.fromkeys(modules_at(path)), dict.fromkeys(_cards(path))
        modules |= here
        cards |= cards_here
        if not any((here, cards_here, _check_skills(path, findings), _check_beside(path, trees, findings))):
            findings.error(str(path), 1, "There is no content here.", "Give a folder such as content/ or content/modules/greeting.")
    late = [_check_card(card, trees, today, findings) for card in cards]
    read = _read_all({folder: trees.around(folder) for folder in modules}, processes)
    for one in read.values():
        findings.extend(one.findings)
    everywhere = [placed for one in read.values() for placed in one.placed]
    look_between(everywhere, findings)
    look_at_verdicts(everywhere, findings)
    look_at_lengths_everywhere(everywhere, findings)
    whole = {folder: one.module for folder, one in read.items() if one.module is not None}
    for path in paths:
        if (path / "skills.yaml").is_file():
            _check_catalogue(path, read if len(whole) == len(read) else None, trees.within(path), findings)
    _check_between(read, findings)
    return Checked(findings, len(modules), len(cards), (*trees.notes(), *filter(None, late)))


def _check_skills(path: Path, findings: Findings) -> bool:
    """Check the skills that lie at a path; False when there are none."""
    file = path if path.name == "skills.yaml" else path / "skills.yaml"
    if file.is_file():
        skills.read(file, findings)
    return file.is_file()


def _check_beside(path: Path, trees: _Trees, findings: Findings) -> bool:
    """Check what lies beside the modules and was named by itself, such as `glossary.yaml` or `surveys`; False when it is nothing of the kind."""
    root = root_of(path)
    inside = path.resolve().relative_to(root).parts if root else ()
    if root is None or not inside or inside[0] not in PLACES:
        return False
    shown = str(path.parents[len(inside) - 1] if len(path.parents) >= len(inside) else root)
    known, told = trees.within(root), Findings()
    read_pieces(root, told, shown, known.skills, dict.fromkeys(known.modules, ""))
    findings.extend_within(told, "/".join((shown, *inside)))
    return True


def _check_card(path: Path, trees: _Trees, today: date | None, findings: Findings) -> str | None:
    """A sentence when its review is late: no warning, or what is clean would depend on the day."""
    card = service.read_card(path.read_bytes(), str(path), findings)
    if card is None:
        return None
    tree = read_yaml(path.read_bytes(), str(path))
    look_in_tree(tree, findings)
    look_for_unsafe(str(path), path.read_text(encoding="utf-8"), findings)
    known = trees.within(root_of(path) or SHIPPED_CONTENT)
    for lang in ("tr", "en"):
        for href in markdown.links(str(tree.get("body", lang))):
            wrong = links.wrong_with(href, known.modules, known.cards)
            if wrong is not None:
                findings.error(str(path), tree.line("body", lang), *wrong)
    if today is None or not card.stale(today):
        return None
    return (
        f"{path}:{tree.line('review_by')}: This card was to be reviewed by {card.review_by}; its readers are told that it may be out of date. "
        "Read it against its source, then set the next date."
    )


def _read_all(known: Mapping[Path, Known], processes: int) -> dict[Path, Reading]:
    """Every module with what it may point at, read; side by side where that is worth while."""
    if processes < 2 or len(known) < WORTH_SPLITTING or "fork" not in multiprocessing.get_all_start_methods():
        return {folder: _read(folder, one) for folder, one in known.items()}
    # The largest first, so that nobody waits at the end for one who has just begun.
    folders = sorted(known, key=_size, reverse=True)
    with multiprocessing.get_context("fork").Pool(processes) as workers:
        found = dict(zip(folders, workers.starmap(_read, [(folder, known[folder]) for folder in folders], chunksize=1), strict=True))
    return {folder: found[folder] for folder in known}


def _size(folder: Path) -> int:
    # Playing a role-play every way there is takes longer than reading the rest.
    return sum(path.stat().st_size * (4 if path.name.endswith(".roleplay.yaml") else 1) for path in folder.iterdir())


def _read(folder: Path, known: Known | None) -> Reading:
    """One module with all there is to say about it alone, and no more of it than a look at all modules together needs."""
    try:
        read = read_whole(from_folder(folder, str(folder)), known, to_show=False)
    except Unreadable as unreadable:
        return Reading(None, unreadable.findings)
    look_for_stale(folder, read.findings, read.trees)
    return replace(read, trees={name: tree for name, tree in read.trees.items() if name == "module.yaml"})


def _check_catalogue(root: Path, read: Mapping[Path, Reading] | None, known: Known, findings: Findings) -> None:
    """What only shows over the whole content folder: what lies beside the modules, and whether every skill is taught, practised and observed.

    `read` is None when some modules could not be read: then nobody knows what they teach.
    """
    pieces = read_pieces(root, findings, str(root), known.skills, dict.fromkeys(known.modules, ""))
    modules = [one.module for one in read.values() if one.module is not None] if read else []
    if not read or not modules:
        return
    check_terms(root, modules, pieces, findings)
    check_paths(root, modules, pieces, findings)
    codes = {module.key: _order_of(module) for module in modules}
    for folder, one in read.items():
        for place, before in enumerate(one.module.prerequisites if one.module else ()):
            if codes.get(before, ("", 0)) > codes[folder.name]:
                message = f"`{before}` comes first by the prerequisites and later on the curriculum: the general belongs before the specific."
                findings.error(f"{folder}/module.yaml", one.line("prerequisites", place), message, "Change the codes, or the prerequisite.")
    # A folder with learning paths holds a whole curriculum; one without may hold a single module.
    if pieces.paths:
        check_coverage(root, known.skills, modules, pieces, findings)


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
    files = {path.stem for path in (root / "service" / "cards").glob("*.yaml")}
    folders = (root / "modules").iterdir() if (root / "modules").is_dir() else ()
    return Known(
        frozenset(skill.key for skill in frame.skills) if frame else frozenset(),
        {key: frozenset(cards[key].figures) if key in cards else None for key in sorted(files | cards.keys())},
        frozenset(path.name for path in folders),
    )


def _check_between(read: Mapping[Path, Reading], findings: Findings) -> None:
    """What only shows when several modules are looked at: two with one name, circles of prerequisites.

    Names are looked at in modules with other errors too.
    """
    stories: dict[str, Path] = {}
    codes: dict[str, Path] = {}
    for folder, one in read.items():
        code = one.trees["module.yaml"].get("code") if "module.yaml" in one.trees else None
        if isinstance(code, str):
            if code in codes:
                message = f"The code {code} is used by {codes[code].name} too."
                findings.error(f"{folder}/module.yaml", one.line("code"), message, "Give each its own.")
            codes.setdefault(code, folder)
        for path in sorted(folder.glob("*.roleplay.yaml")):
            if path.name in stories:
                name = path.name.removesuffix(".roleplay.yaml")
                message = f"There is a role-play `{name}` in {stories[path.name].name} too."
                findings.error(f"{folder}/{path.name}", 1, message, "Give one of them another name.")
            stories.setdefault(path.name, folder)
    modules = {folder: one.module for folder, one in read.items() if one.module is not None}
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
