"""The skill framework as values: frozen, in the order of its file, the same in every request until it is loaded anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from trainee.kit.words import Text

LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the framework: a level, a quality, a step of the service sequence or a critical error."""

    key: str
    name: Text
    definition: Text | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A group of skills that belong together."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Skill:
    """Something to be good at, with the anchors of each level 1 to 4; a retired one is kept for the evidence it has."""

    key: str
    family: str
    quality: str
    step: str
    name: Text
    definition: Text
    anchors: Mapping[int, tuple[Text, ...]]
    retired: bool = False


@dataclass(frozen=True)
class Framework:
    """The whole framework. `skills` holds what is current; `skill(key)` also finds retired ones."""

    levels: Mapping[int, Term]
    families: tuple[Family, ...]
    qualities: Mapping[str, Term]
    steps: Mapping[str, Term]
    critical_errors: Mapping[str, Term]
    every_skill: tuple[Skill, ...]
    # The level to reach per job group: {group: {skill key or "default": level}}.
    targets: Mapping[str, Mapping[str, int]]

    @cached_property
    def skills(self) -> tuple[Skill, ...]:
        """The skills in use, family by family."""
        return tuple(skill for skill in self.every_skill if not skill.retired)

    @cached_property
    def _by_key(self) -> dict[str, Skill]:
        return {skill.key: skill for skill in self.every_skill}

    def skill(self, key: str) -> Skill:
        """The skill of that key, in use or retired; KeyError when there never was one."""
        return self._by_key[key]

    def __contains__(self, key: object) -> bool:
        skill = self._by_key.get(key) if isinstance(key, str) else None
        return skill is not None and not skill.retired

    def of_family(self, family: str) -> tuple[Skill, ...]:
        """The skills in use of one family."""
        return tuple(skill for skill in self.skills if skill.family == family)

    def target(self, group: str, skill: str) -> int | None:
        """The level expected of a job group in a skill, or None when nothing is expected."""
        wanted = self.targets.get(group, {})
        return wanted.get(skill, wanted.get("default"))
