"""What trains which skill: the lessons, quizzes and role-plays of the modules in use, by skill."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from trainee.kit.words import Text
from trainee.modules import library
from trainee.modules.library import Module
from trainee.modules.library.content import Lesson
from trainee.modules.questions import Question
from trainee.modules.reviews.queries import question_of

_PLACE = "trainee.plans.training"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One part of a module that trains a skill; `kind` is lesson, quiz or roleplay, `part` its name in progress, `difficulty` 1..3 for role-plays."""

    kind: str
    module: Module
    part: str
    title: Text
    minutes: int
    difficulty: int
    endpoint: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Training:
    """The modules in use and their parts, by skill and by the names under which progress and runs know them."""

    versions: Mapping[str, int]
    modules: Mapping[str, Module]
    by_skill: Mapping[str, tuple[Part, ...]]
    by_name: Mapping[tuple[str, str], Part]
    stories: Mapping[str, Part]

    def part(self, module_key: str, part: str) -> Part | None:
        """One part by its module and its name in progress."""
        return self.by_name.get((module_key, part))


def training(published: tuple[int, int] | None = None) -> Training:
    """The training in use. It is the same for everybody, so it is put together once per process and set of versions.

    With `published`, the newest version there is and how many are retired, it is only asked which are in use when one of these has changed.
    """
    kept: tuple[Any, Training] | None = current_app.extensions.get(_PLACE)
    if kept is not None and published is not None and kept[0] == published:
        return kept[1]
    versions = library.current_versions()
    found = kept[1] if kept is not None and kept[1].versions == versions else _put_together(versions)
    current_app.extensions[_PLACE] = published, found
    return found


def placed(item: str, offered: Training) -> tuple[Module, Lesson, Question] | None:
    """The module, lesson and question an item names, in the versions in use; None when it is none of ours any more, or its lesson is not known."""
    parts = item.split("/")
    module = offered.modules.get(parts[0])
    question = question_of(module, item) if module is not None and len(parts) == 3 else None
    if module is None or question is None:
        return None
    lesson = module.lesson(question.lesson or "" if parts[1] == "quiz" else parts[1])
    return (module, lesson, question) if lesson is not None else None


def _put_together(versions: Mapping[str, int]) -> Training:
    modules = {name: library.module(version_id) for name, version_id in versions.items()}
    by_skill: dict[str, list[Part]] = {}
    by_name: dict[tuple[str, str], Part] = {}
    stories: dict[str, Part] = {}
    for module in modules.values():
        for part, skills in _parts(module):
            by_name[module.key, part.part] = part
            if part.kind == "roleplay":
                stories[part.values["story"]] = part
            for skill in skills:
                by_skill.setdefault(skill, []).append(part)
    return Training(versions, modules, {skill: tuple(parts) for skill, parts in by_skill.items()}, by_name, stories)


def _parts(module: Module) -> list[tuple[Part, list[str]]]:
    found = []
    for lesson in module.lessons:
        values = {"module_key": module.key, "lesson_key": lesson.key}
        part = Part("lesson", module, f"lesson/{lesson.key}", lesson.title, lesson.minutes, 0, "lessons.lesson", values)
        found.append((part, list(lesson.skills)))
    if module.quiz is not None:
        # A minute for each question, unless the author set a limit.
        minutes = module.quiz.minutes or module.quiz.length
        part = Part("quiz", module, "quiz", module.title, minutes, 0, "quizzes.quiz", {"module_key": module.key})
        found.append((part, sorted({question.skill for question in module.quiz.questions})))
    for story in module.stories:
        part = Part("roleplay", module, f"roleplay/{story.id}", story.title, story.minutes, story.difficulty, "roleplays.brief", {"story": story.id})
        found.append((part, list(story.skills)))
    return found
