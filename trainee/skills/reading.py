"""Reads skills.yaml into a Framework, or says what is wrong with it, line by line and all at once."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from trainee.kit.findings import Findings
from trainee.kit.spelling import meant
from trainee.kit.words import Text, Written
from trainee.kit.yamltree import Tree, Unreadable, fill
from trainee.kit.yamltree import read as read_yaml
from trainee.skills.frame import LEVELS, Family, Framework, Skill, Term

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", max_length=120)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Level(_Form):
    key: int = Field(ge=1, le=4)
    name: Text


class _Named(_Form):
    key: Word
    name: Text
    definition: Text | None = None


class _Lines(_Form):
    tr: list[Written] = Field(min_length=1)
    en: list[Written] = Field(min_length=1)


class _Skill(_Form):
    key: Word
    family: Word
    quality: Word
    step: Word
    name: Text
    definition: Text
    anchors: dict[int, _Lines]


class _File(_Form):
    levels: list[_Level] = Field(min_length=4, max_length=4)
    families: list[_Named] = Field(min_length=1)
    qualities: list[_Named] = Field(min_length=1)
    steps: list[_Named] = Field(min_length=1)
    critical_errors: list[_Named] = Field(default_factory=list)
    skills: list[_Skill] = Field(min_length=1)
    targets: dict[Word, dict[Word, Annotated[int, Field(ge=1, le=4)]]] = Field(default_factory=dict)


def read(path: Path, findings: Findings) -> Framework | None:
    """The framework written in the file at `path`; None, with every error in `findings`, when it cannot be used."""
    try:
        tree = read_yaml(path.read_bytes(), str(path))
    except OSError as error:
        findings.error(str(path), 1, f"The file cannot be read: {error.strerror}.", "Check its name and its rights.")
        return None
    except Unreadable as refused:
        findings.extend(refused.findings)
        return None
    file = fill(_File, tree, findings)
    if file is None:
        return None
    heard = Findings()
    _check_keys(file, tree, heard)
    _check_skills(file, tree, heard)
    _check_targets(file, tree, heard)
    findings.extend(heard)
    return _framework(file) if heard.ok else None


def _check_keys(file: _File, tree: Tree, findings: Findings) -> None:
    for part in ("levels", "families", "qualities", "steps", "critical_errors", "skills"):
        seen: set[object] = set()
        for index, entry in enumerate(getattr(file, part)):
            if entry.key in seen:
                findings.error(tree.path, tree.line(part, index), f"`{entry.key}` stands twice among the {part}.", "Rename or delete one of them.")
            seen.add(entry.key)


def _check_skills(file: _File, tree: Tree, findings: Findings) -> None:
    known = {
        "family": {family.key for family in file.families},
        "quality": {quality.key for quality in file.qualities},
        "step": {step.key for step in file.steps},
    }
    for index, skill in enumerate(file.skills):
        for part, keys in known.items():
            if getattr(skill, part) not in keys:
                line = tree.line("skills", index, part)
                findings.error(tree.path, line, f"There is no {part} `{getattr(skill, part)}`.", meant(getattr(skill, part), keys))
        for level in LEVELS:
            lines = skill.anchors.get(level)
            if lines is None:
                findings.error(tree.path, tree.line("skills", index, "anchors"), f"Level {level} of `{skill.key}` has no anchors.", "Add them.")
            elif len(lines.tr) != len(lines.en):
                line = tree.line("skills", index, "anchors", str(level))
                findings.error(tree.path, line, "The two languages have different numbers of anchors.", "Translate each one, in the same order.")
        for level in sorted(set(skill.anchors) - set(LEVELS)):
            findings.error(tree.path, tree.line("skills", index, "anchors", str(level)), f"There is no level {level}.", "Levels are 1 to 4.")


def _check_targets(file: _File, tree: Tree, findings: Findings) -> None:
    keys = {skill.key for skill in file.skills} | {"default"}
    for group, wanted in file.targets.items():
        for key in sorted(set(wanted) - keys):
            findings.error(tree.path, tree.line("targets", group, key), f"There is no skill `{key}`.", meant(key, keys))


def _terms(entries: Iterable[_Named]) -> dict[str, Term]:
    return {entry.key: Term(entry.key, entry.name, entry.definition) for entry in entries}


def _framework(file: _File) -> Framework:
    order = {family.key: place for place, family in enumerate(file.families)}
    skills = [
        Skill(
            key=skill.key,
            family=skill.family,
            quality=skill.quality,
            step=skill.step,
            name=skill.name,
            definition=skill.definition,
            anchors={
                level: tuple(Text(tr=tr, en=en) for tr, en in zip(skill.anchors[level].tr, skill.anchors[level].en, strict=True)) for level in LEVELS
            },
        )
        for skill in file.skills
    ]
    return Framework(
        levels={level.key: Term(str(level.key), level.name) for level in sorted(file.levels, key=lambda level: level.key)},
        families=tuple(Family(family.key, family.name) for family in file.families),
        qualities=_terms(file.qualities),
        steps=_terms(file.steps),
        critical_errors=_terms(file.critical_errors),
        every_skill=tuple(sorted(skills, key=lambda skill: order[skill.family])),
        targets=file.targets,
    )
