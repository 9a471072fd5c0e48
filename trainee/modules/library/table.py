"""What the modules cover, as a document: modules by skills, types of question and channels."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from trainee.kit.errors import Refusal
from trainee.kit.findings import Findings
from trainee.modules.library.content import Module
from trainee.modules.library.reading import read_module
from trainee.modules.questions import kinds
from trainee.modules.roleplays.plot import CHANNELS

_APPLIED = {"apply", "analyse", "evaluate", "create"}

_HEAD = """# The curriculum

What the modules in `content/modules/` cover. This page is written by a command and a test holds it up to date:

```
.venv/bin/trainee content table content/ > docs/curriculum.md
```
"""


def read_all(content: Path) -> list[Module]:
    """Every module of a content folder, in the order of the curriculum; Refusal when one cannot be read."""
    found, findings = [], Findings()
    folders = sorted(path for path in (content / "modules").glob("[!.]*") if path.is_dir())
    if not folders:
        raise Refusal(f"There are no modules in {content}. Give a content folder such as content/.")
    for folder in folders:
        module, told = read_module(folder)
        findings.extend(told)
        if module is not None:
            found.append(module)
    if not findings.ok:
        raise Refusal("\n".join(str(finding) for finding in findings.errors))
    return sorted(found, key=lambda module: (len(module.code), module.code))


def document(modules: Sequence[Module]) -> str:
    """The tables, as Markdown."""
    stories = [story for module in modules for story in module.stories]
    questions = sum(len(module.quiz.questions) for module in modules)
    checks = sum(len(lesson.checks) for module in modules for lesson in module.lessons)
    lessons = sum(len(module.lessons) for module in modules)
    counted = f"{len(modules)} modules, {lessons} lessons with {checks} checks, {questions} quiz questions, {len(stories)} role-plays."
    return "\n\n".join((_HEAD + "\n" + counted, _modules(modules), _skills(modules), _channels(modules))) + "\n"


def _modules(modules: Sequence[Module]) -> str:
    types = list(kinds.keys())
    rows = []
    for module in modules:
        by_type = Counter(question.type for question in module.quiz.questions)
        applied = sum(question.level in _APPLIED for question in module.quiz.questions)
        share = f"{round(100 * applied / len(module.quiz.questions))} %"
        counts = [str(by_type[name] or "") for name in types]
        rows.append([module.code, module.title.en, str(len(module.lessons)), str(module.minutes), str(len(module.quiz.questions)), share, *counts])
    head = ["", "module", "lessons", "minutes", "questions", "apply or above", *(f"`{name}`" for name in types)]
    return "## Modules and types of question\n\n" + _table(head, rows)


def _skills(modules: Sequence[Module]) -> str:
    skills = sorted({skill for module in modules for lesson in module.lessons for skill in lesson.skills})
    rows = []
    for skill in skills:
        cells = [_cell(module, skill) for module in modules]
        rows.append([f"`{skill}`", *cells])
    told = "L: taught in a lesson, Q: asked in the quiz or a check, R: scored in a role-play."
    return f"## Modules and skills\n\n{told}\n\n" + _table(["", *(module.code for module in modules)], rows)


def _cell(module: Module, skill: str) -> str:
    taught = any(skill in lesson.skills for lesson in module.lessons)
    asked = any(question.skill == skill for question in (*module.quiz.questions, *(check for lesson in module.lessons for check in lesson.checks)))
    played = any(skill in story.skills for story in module.stories)
    return "".join(letter for letter, there in (("L", taught), ("Q", asked), ("R", played)) if there)


def _channels(modules: Sequence[Module]) -> str:
    rows = []
    for module in modules:
        for story in module.stories:
            kinds_of = Counter(scene.kind for scene in story.scenes.values())
            scenes = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds_of.items()))
            marks = ["x" if story.channel == channel else "" for channel in CHANNELS]
            rows.append([module.code, f"`{story.id}`", *marks, scenes, str(len(story.endings)), str(story.minutes)])
    return "## Role-plays and channels\n\n" + _table(["", "role-play", *CHANNELS, "scenes", "endings", "minutes"], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
