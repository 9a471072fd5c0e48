"""The content folder as one curriculum: words explained where they stand, every skill taught and seen, paths in an order one can follow."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from trainee.kit import trtext
from trainee.kit.findings import Findings
from trainee.kit.yamltree import read as read_yaml
from trainee.modules.library.beside import LearningPath, Pieces
from trainee.modules.library.content import Module
from trainee.modules.library.readable import explained_in


def check_terms(root: Path, modules: list[Module], pieces: Pieces, findings: Findings) -> None:
    """A word that is explained must stand where it is explained: in the text of a lesson, in each language."""
    if not pieces.terms:
        return
    tree = read_yaml((root / "glossary.yaml").read_bytes(), f"{root}/glossary.yaml")
    for lang in ("tr", "en"):
        told = trtext.fold(" ".join(words for module in modules for lesson in module.lessons for words in explained_in(lesson, lang)))
        for number, term in enumerate(pieces.terms):
            if not any(_begins_a_word(trtext.fold(form), told) for form in term.forms.of(lang)):
                message = f"No lesson holds a form of `{term.key}` ({lang}), so nobody sees what it means."
                mend = "Write it as the lessons do, use it in one, or take it out."
                findings.warn(tree.path, tree.line("terms", number, "forms"), message, mend)


def _begins_a_word(form: str, told: str) -> bool:
    # Looking for the words themselves and then at the letter before them is many times quicker than one pattern for both.
    place = told.find(form)
    while place > 0 and (told[place - 1].isalnum() or told[place - 1] == "_"):
        place = told.find(form, place + 1)
    return place >= 0


def check_coverage(root: Path, skills: Iterable[str], modules: list[Module], pieces: Pieces, findings: Findings) -> None:
    """Every skill must be taught, practised and observed somewhere."""
    taught = {skill for module in modules for lesson in module.lessons for skill in lesson.skills}
    practised = {skill for module in modules for story in module.stories for skill in story.skills}
    observed = {line.skill for card in pieces.scorecards for line in card.lines}
    for skill in sorted(skills):
        for where, found, mend in (
            ("taught in no lesson", taught, "Name it in a lesson's `skills`, and teach it there."),
            ("practised in no role-play", practised, "Score it in a role-play."),
            ("on no scorecard, so nobody observes it", observed, "Put it on a card in scorecards/."),
        ):
            if skill not in found:
                findings.error(f"{root}/skills.yaml", 1, f"The skill `{skill}` is {where}.", mend)


def check_paths(root: Path, modules: list[Module], pieces: Pieces, findings: Findings) -> None:
    """A path is followed from top to bottom: what a module builds on may not come after it, and each must be meant for those the path is for."""
    if not pieces.paths:
        return
    tree = read_yaml((root / "paths.yaml").read_bytes(), f"{root}/paths.yaml")
    there = {module.key: module for module in modules}
    for number, path in enumerate(pieces.paths):
        for step, place, key in _entries(path):
            module = there.get(key)
            if module is None:
                continue
            line = tree.line("paths", number, "steps", step, "modules", place)
            after = path.modules[path.modules.index(key) + 1 :]
            for before in (one for one in module.prerequisites if one in after):
                message = f"On the path `{path.key}` the module `{key}` comes before `{before}`, which is to be finished first."
                findings.error(tree.path, line, message, "Put it after that one: it stays locked until then for whom the path is assigned to.")
            if not set(path.audience) & set(module.audience):
                message = f"The path `{path.key}` is for {_listed(path.audience)}, and the module `{key}` on it is for {_listed(module.audience)}."
                findings.warn(tree.path, line, message, "Add them to the `audience` of the module, or take it off the path.")


def _entries(path: LearningPath) -> Iterator[tuple[int, int, str]]:
    """Every module of a path with its stage and its place in it."""
    for step, stage in enumerate(path.steps):
        for place, key in enumerate(stage.modules):
            yield step, place, key


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
