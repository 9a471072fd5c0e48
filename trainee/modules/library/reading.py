"""Reads a module from its files, whole, or says everything that is wrong with it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from trainee import service
from trainee.kit import yamltree
from trainee.kit.findings import Findings
from trainee.kit.spelling import meant
from trainee.kit.words import Text
from trainee.modules.library import pictures, scales
from trainee.modules.library.bundle import Bundle, from_archive, from_folder
from trainee.modules.library.content import Lesson, Module, Quiz
from trainee.modules.library.lesson import Around, read_lesson
from trainee.modules.library.readable import look_at_length
from trainee.modules.library.said import look_for_unsafe, look_in_page, look_in_tree
from trainee.modules.library.shape import look_at_lesson, look_at_questions, look_at_story
from trainee.modules.library.wording import Placed, look
from trainee.modules.questions import Question, read_question
from trainee.modules.questions.kind import Slug
from trainee.modules.roleplays.story import Story, read_story

_LESSON = re.compile(r"([1-9][0-9]?)-([a-z0-9]+(?:-[a-z0-9]+)*)\.(tr|en)\.md")
_CARD = re.compile(r"\{\{\s*card:")
_STORY = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.roleplay\.yaml")
_MOST_CHARACTERS = 40

QUIZ_MINUTES = 2
"""Nobody needs longer for a question of a quiz, its feedback included."""


@dataclass(frozen=True)
class Known:
    """What a module may point at: skills, policy cards with the names of their figures, other modules."""

    skills: frozenset[str]
    cards: Mapping[str, frozenset[str] | None]
    """None for the figures of a card that is there and cannot be read."""
    modules: frozenset[str]


class _Head(BaseModel):
    """module.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Slug
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[0-9]{1,3}$")]
    title: Text
    summary: Text
    audience: Annotated[tuple[Literal["employee", "supervisor", "trainer", "hr", "admin", "executive"], ...], Field(min_length=1)]
    minutes: Annotated[int, Field(ge=1, le=600)]
    skills: Annotated[tuple[Slug, ...], Field(min_length=1)]
    prerequisites: tuple[Slug, ...] = ()
    objectives: Annotated[tuple[Text, ...], Field(min_length=1, max_length=8)]


Count = Annotated[int, Field(ge=1, le=500)]


class _QuizHead(BaseModel):
    """quiz.yaml, without its questions, which are read one by one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pass_mark: Annotated[int, Field(ge=1, le=100)]
    attempts: Count | None
    minutes: Count | None
    feedback: Literal["immediate", "end"]
    confidence: StrictBool
    draw: Count | None = None
    pools: dict[Slug, Count] = Field(default_factory=dict)
    questions: Annotated[list[Any], Field(min_length=1, max_length=500)]


@dataclass
class _Desk:
    """One reading: the bundle, what it may point at (None: do not look), and what was found."""

    bundle: Bundle
    known: Known | None
    findings: Findings
    # Whether these files were published before, and so have been searched for everything that takes long to find.
    published: bool = False
    # Whether pages will be made of it; who only checks it needs none.
    to_show: bool = True
    trees: dict[str, yamltree.Tree] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    around: Around = field(default_factory=Around)

    def path(self, name: str) -> str:
        return f"{self.bundle.shown}/{name}"

    def text(self, name: str) -> str | None:
        """A file as text; None after telling that it is missing or no text."""
        data = self.bundle.files.get(name)
        if data is None:
            self.findings.error(self.path(name), 1, "The file is missing.", "Copy one from docs/authoring.md.")
            return None
        try:
            text = yamltree.decode(data, self.path(name))
        except yamltree.Unreadable as unreadable:
            self.findings.extend(unreadable.findings)
            return None
        service.check_tokens(self.path(name), text, self.known.cards if self.known else None, self.findings)
        if not self.published:
            look_for_unsafe(self.path(name), text, self.findings)
        return text

    def tree(self, name: str) -> yamltree.Tree | None:
        """A YAML file with its places; None after telling what is wrong."""
        text = self.text(name)
        if text is None:
            return None
        try:
            self.trees[name] = yamltree.read(text, self.path(name))
        except yamltree.Unreadable as unreadable:
            self.findings.extend(unreadable.findings)
            return None
        return self.trees[name]

    def check_skill(self, skill: str, path: str, line: int) -> None:
        """Tell when there is no such skill."""
        if self.known is not None and skill not in self.known.skills:
            self.findings.error(path, line, f"There is no skill `{skill}`.", meant(skill, self.known.skills, "skill"))


def read_module(folder: Path, known: Known | None = None, shown: str | None = None) -> tuple[Module | None, Findings]:
    """The module in a folder, and everything there is to say about it; None when there are errors."""
    try:
        return read_bundle(from_folder(folder, shown), known)
    except yamltree.Unreadable as unreadable:
        return None, unreadable.findings


def read_archive(data: bytes, known: Known | None = None) -> tuple[Module | None, Findings]:
    """The module in a ZIP archive, and everything there is to say about it; None when there are errors."""
    try:
        return read_bundle(from_archive(data), known)
    except yamltree.Unreadable as unreadable:
        return None, unreadable.findings


def read_bundle(bundle: Bundle, known: Known | None = None, published: bool = False) -> tuple[Module | None, Findings]:
    """The module in these files, and everything there is to say about it; None when there are errors.

    Without `known` names of skills, cards and other modules are taken on trust. What was `published` before is read without the long search
    through its role-plays.
    """
    reading = read_whole(bundle, known, published)
    return reading.module, reading.findings


@dataclass(frozen=True)
class Reading:
    """A module that was read, with what there is to say about it and the places of its questions; no module when there are errors."""

    module: Module | None
    findings: Findings
    placed: tuple[Placed, ...] = ()
    trees: Mapping[str, yamltree.Tree] = field(default_factory=dict)
    """Its YAML files with their places, as far as they could be read."""

    def line(self, *at: str | int) -> int:
        """The line of what lies at that path in module.yaml."""
        return self.trees["module.yaml"].line(*at)


def read_whole(bundle: Bundle, known: Known | None = None, published: bool = False, to_show: bool = True) -> Reading:
    """The same as `read_bundle`, with the places of the questions: for looking at many modules together.

    Without `to_show` the lessons hold their words in bare tags and not the HTML of their pages.
    """
    desk = _Desk(bundle, known, Findings(), published, to_show)
    return Reading(_read(desk), desk.findings, tuple(desk.placed), desk.trees)


def _read(desk: _Desk) -> Module | None:
    _check_names(desk)
    desk.around = _around(desk)
    head = _read_head(desk)
    lessons = _read_lessons(desk)
    quiz = _read_quiz(desk, sorted({key for _number, key in _lesson_files(desk)}))
    stories = _read_stories(desk)
    if not desk.published:
        _look_at_languages(desk)
    if head is None or quiz is None or not desk.findings.ok:
        return None
    _check_together(desk, head, lessons, quiz, stories)
    if not desk.published:
        _look_at_shape(desk, head, lessons, quiz, stories)
        for name in sorted(set(desk.around.pictures) - desk.around.shown):
            desk.findings.warn(desk.path(name), 1, "No lesson shows this picture.", "Show it, or take it out of the folder.")
        _place(desk, lessons, quiz)
        look(desk.placed, desk.findings)
    if not desk.findings.ok:
        return None
    names = ("key", "code", "title", "summary", "minutes")
    return Module(
        **{name: getattr(head, name) for name in names},
        audience=head.audience,
        skills=head.skills,
        prerequisites=head.prerequisites,
        objectives=head.objectives,
        lessons=tuple(lessons),
        quiz=quiz,
        stories=tuple(stories),
    )


def _look_at_languages(desk: _Desk) -> None:
    for tree in desk.trees.values():
        look_in_tree(tree, desk.findings)
        scales.look_in_tree(tree, desk.findings)
    for name, text in desk.pages.items():
        scales.look_in_page(desk.path(name), text, desk.findings)
        look_in_page(desk.path(name), text, name.rsplit(".", 2)[1], desk.findings)


def _look_at_shape(desk: _Desk, head: _Head, lessons: list[Lesson], quiz: Quiz, stories: list[Story]) -> None:
    for lesson in lessons:
        paths = {lang: desk.path(f"{lesson.number}-{lesson.key}.{lang}.md") for lang in ("tr", "en")}
        look_at_length(lesson, head.audience, paths["tr"], desk.findings)
        record = desk.pages[f"{lesson.number}-{lesson.key}.tr.md"].split("\n---", 1)[0].split("\n")
        line = next((number for number, words in enumerate(record, 1) if words.startswith("minutes:")), 1)
        look_at_lesson(lesson, head.audience, paths, line, desk.findings)
    tree = desk.trees["quiz.yaml"]
    look_at_questions(quiz.questions, tree.path, tree.line("questions"), desk.findings)
    for story in stories:
        place = desk.trees[f"{story.id}.roleplay.yaml"]
        look_at_story(story, place.path, place.line("scenes"), desk.findings)


def _place(desk: _Desk, lessons: list[Lesson], quiz: Quiz) -> None:
    """Find where each question stands: a check in the Turkish file of its lesson, the others in quiz.yaml."""
    for lesson in lessons:
        name = f"{lesson.number}-{lesson.key}.tr.md"
        lines = desk.bundle.files[name].decode("utf-8", "replace").split("\n")
        opened = [number for number, words in enumerate(lines, 1) if words.startswith(":::") and "check" in words]
        desk.placed += [Placed(check, desk.path(name), line) for check, line in zip(lesson.checks, opened, strict=False)]
    tree = desk.trees["quiz.yaml"]
    desk.placed += [Placed(question, tree.path, tree.line("questions", index)) for index, question in enumerate(quiz.questions)]


def _check_names(desk: _Desk) -> None:
    for name in desk.bundle.files:
        if (
            name not in ("module.yaml", "quiz.yaml")
            and not pictures.NAME.fullmatch(name)
            and not _LESSON.fullmatch(name)
            and not _STORY.fullmatch(name)
        ):
            mend = "Call it `1-some-words.tr.md`, `1-some-words.en.md`, `some-words.roleplay.yaml` or `some-words.svg`, or move it elsewhere."
            desk.findings.error(desk.path(name), 1, "This file is no part of a module.", mend)


def _around(desk: _Desk) -> Around:
    """What lessons may point at; a picture that cannot be shown is told here."""
    shown = sorted(name for name in desk.bundle.files if pictures.NAME.fullmatch(name))
    if not desk.published:
        for name in shown:
            for wrong in dict.fromkeys(pictures.wrong_with(name, desk.bundle.files[name])):
                desk.findings.error(desk.path(name), 1, wrong, "Save it anew as a plain picture: SVG with shapes and text, PNG or JPEG.")
    if desk.known is None:
        return Around(shown, to_show=desk.to_show)
    return Around(shown, desk.known.modules, desk.known.cards, to_show=desk.to_show)


def _read_head(desk: _Desk) -> _Head | None:
    tree = desk.tree("module.yaml")
    head = yamltree.fill(_Head, tree, desk.findings) if tree is not None else None
    if tree is None or head is None:
        return None
    if head.key != desk.bundle.name:
        desk.findings.error(tree.path, tree.line("key"), f"`key: {head.key}` is not the name of the folder.", f"Write `key: {desk.bundle.name}`.")
    for index, skill in enumerate(head.skills):
        desk.check_skill(skill, tree.path, tree.line("skills", index))
    for index, key in enumerate(head.prerequisites):
        if key == head.key:
            desk.findings.error(tree.path, tree.line("prerequisites", index), "A module cannot come before itself.", "Delete it.")
        elif desk.known is not None and key not in desk.known.modules:
            desk.findings.warn(
                tree.path,
                tree.line("prerequisites", index),
                f"There is no module `{key}` here yet.",
                meant(key, desk.known.modules - {head.key}, "other module"),
            )
    return head


def _read_lessons(desk: _Desk) -> list[Lesson]:
    found = _lesson_files(desk)
    if not found:
        desk.findings.error(desk.path("1-first-lesson.tr.md"), 1, "The module has no lessons.", "Write one, in both languages.")
    _check_numbers(desk, list(found))
    lessons = [_read_lesson(desk, number, key, langs) for (number, key), langs in sorted(found.items())]
    return [lesson for lesson in lessons if lesson is not None]


def _lesson_files(desk: _Desk) -> dict[tuple[int, str], set[str]]:
    """Number and key of each lesson there is a file of, with its languages: also of those that cannot be read."""
    found: dict[tuple[int, str], set[str]] = {}
    for name in desk.bundle.files:
        match = _LESSON.fullmatch(name)
        if match:
            found.setdefault((int(match[1]), match[2]), set()).add(match[3])
    return found


def _check_numbers(desk: _Desk, found: list[tuple[int, str]]) -> None:
    for number, key in sorted(found):
        path = desk.path(f"{number}-{key}.tr.md")
        if sum(other == number for other, _key in found) > 1:
            desk.findings.error(path, 1, f"Two lessons have the number {number}.", "The two languages of one lesson share number and key.")
        if sum(other == key for _number, other in found) > 1:
            desk.findings.error(path, 1, f"Two lessons have the key `{key}`.", "Give each its own.")
        if number > 1 and not any(other == number - 1 for other, _key in found):
            desk.findings.error(path, 1, f"There is a lesson {number} but none before it with number {number - 1}.", "Number the lessons 1, 2, 3.")
        if key == "quiz":
            desk.findings.error(path, 1, "A lesson cannot be called `quiz`.", "Choose another word.")


def _read_lesson(desk: _Desk, number: int, key: str, langs: set[str]) -> Lesson | None:
    names = {lang: f"{number}-{key}.{lang}.md" for lang in ("tr", "en")}
    texts: dict[str, str] = {}
    for lang, name in names.items():
        if lang not in langs:
            language = "Turkish" if lang == "tr" else "English"
            desk.findings.error(desk.path(name), 1, f"The lesson is not written in {language}.", "Write it, with the same checks.")
            continue
        text = desk.text(name)
        if text is not None:
            texts[lang] = desk.pages[name] = text
    if len(texts) < 2:
        return None
    lesson = read_lesson(key, number, texts, {lang: desk.path(name) for lang, name in names.items()}, desk.findings, desk.around, not desk.published)
    if lesson is not None:
        _check_lesson_skills(desk, lesson, names["tr"], texts["tr"])
    return lesson


def _check_lesson_skills(desk: _Desk, lesson: Lesson, name: str, text: str) -> None:
    """Tell unknown skills where they stand: in the record, or in the first line of a check."""
    lines = text.split("\n")
    for start, skills in (("skills:", lesson.skills), (":::check", [check.skill for check in lesson.checks])):
        for skill in sorted(set(skills)):
            line = next((number for number, words in enumerate(lines, 1) if words.startswith(start) and skill in words), 1)
            desk.check_skill(skill, desk.path(name), line)


def _read_quiz(desk: _Desk, lessons: list[str]) -> Quiz | None:
    tree = desk.tree("quiz.yaml")
    head = yamltree.fill(_QuizHead, tree, desk.findings) if tree is not None else None
    if tree is None or not isinstance(tree.get("questions"), list):
        return None
    questions = []
    for index in range(len(tree.value["questions"])):
        question = read_question(tree, ("questions", index), desk.findings)
        if question is not None:
            _check_question(desk, tree, index, question, lessons)
            questions.append(question)
        elif isinstance(skill := tree.get("questions", index, "skill"), str):
            desk.check_skill(skill, tree.path, tree.line("questions", index, "skill"))
    if head is None or len(questions) < len(head.questions):
        return None
    _check_question_ids(desk, tree, questions)
    _check_draw(desk, tree, head, questions)
    names = ("pass_mark", "attempts", "minutes", "feedback", "confidence", "draw", "pools")
    return Quiz(**{name: getattr(head, name) for name in names}, questions=tuple(questions))


def _check_question(desk: _Desk, tree: yamltree.Tree, index: int, question: Question, lessons: list[str]) -> None:
    at = ("questions", index)
    desk.check_skill(question.skill, tree.path, tree.line(*at, "skill"))
    if question.why is None:
        desk.findings.error(tree.path, tree.line(*at), f"The question `{question.id}` has no explanation.", "Add `why: {tr: ..., en: ...}`.")
    if question.lesson is None:
        desk.findings.error(tree.path, tree.line(*at), f"The question `{question.id}` names no lesson to reread.", "Add `lesson:`.")
    elif question.lesson not in lessons:
        mend = meant(question.lesson, lessons) if lessons else "Write the lesson first."
        desk.findings.error(tree.path, tree.line(*at, "lesson"), f"There is no lesson `{question.lesson}` in this module.", mend)


def _check_question_ids(desk: _Desk, tree: yamltree.Tree, questions: list[Question]) -> None:
    seen: dict[str, int] = {}
    for index, question in enumerate(questions):
        line = tree.line("questions", index, "id")
        if question.id in seen:
            mend = "Give it another; ids never change once people have answered."
            desk.findings.error(tree.path, line, f"The id `{question.id}` is used in line {seen[question.id]} already.", mend)
        seen.setdefault(question.id, line)


def _check_draw(desk: _Desk, tree: yamltree.Tree, head: _QuizHead, questions: list[Question]) -> None:
    have = Counter(question.pool for question in questions)
    if head.draw is not None and head.draw > len(questions):
        desk.findings.error(tree.path, tree.line("draw"), f"{head.draw} of {len(questions)} questions cannot be drawn.", "Draw fewer or write more.")
    for pool, count in head.pools.items():
        if have[pool] < count:
            desk.findings.error(
                tree.path, tree.line("pools", pool), f"The pool `{pool}` has {have[pool]} questions, not {count}.", "Draw fewer or write more."
            )
    if head.pools and sum(head.pools.values()) != (head.draw or 0):
        desk.findings.error(tree.path, tree.line("pools"), f"The pools give {sum(head.pools.values())} questions.", "Make `draw` the same number.")
    for index, question in enumerate(questions):
        if (question.pool is not None) != bool(head.pools) or (question.pool is not None and question.pool not in head.pools):
            wanted = f"one of {', '.join(head.pools)}" if head.pools else "no pool: there are no `pools:` above"
            mend = meant(question.pool, head.pools) if question.pool and head.pools else "Change `pool:`."
            desk.findings.error(tree.path, tree.line("questions", index, "pool"), f"The question `{question.id}` needs {wanted}.", mend)


def _read_stories(desk: _Desk) -> list[Story]:
    stories = []
    for name in sorted(desk.bundle.files):
        match = _STORY.fullmatch(name)
        tree = desk.tree(name) if match else None
        if match is None or tree is None:
            continue
        text = desk.bundle.files[name].decode("utf-8", "replace")
        for found in _CARD.finditer(text):
            desk.findings.error(
                tree.path,
                text.count("\n", 0, found.start()) + 1,
                "Cards are not filled in a role-play.",
                "Put the rule on the agent's card, in words.",
            )
        story = read_story(tree, desk.findings, desk.known.skills if desk.known else None, searched=not desk.published)
        if story is None:
            continue
        if story.id != match[1]:
            desk.findings.error(tree.path, tree.line("id"), f"`id: {story.id}` is not the name of the file.", f"Write `id: {match[1]}`.")
        stories.append(story)
    return stories


def _check_together(desk: _Desk, head: _Head, lessons: list[Lesson], quiz: Quiz, stories: list[Story]) -> None:
    """What only shows when everything is read."""
    tree = desk.trees["module.yaml"]
    needed = sum(lesson.minutes for lesson in lessons)
    mend = "Correct `minutes`; it counts lessons and quiz together."
    if needed > head.minutes:
        desk.findings.warn(tree.path, tree.line("minutes"), f"The lessons alone take {needed} minutes, the module says {head.minutes}.", mend)
    most = needed + QUIZ_MINUTES * len(quiz.questions)
    if head.minutes > most:
        message = (
            f"The lessons take {needed} minutes, and {len(quiz.questions)} questions no more than {most - needed}: the module says {head.minutes}."
        )
        desk.findings.warn(tree.path, tree.line("minutes"), message, mend)
    taught = {*head.skills}
    for lesson in lessons:
        taught.update(lesson.skills)
    for index, question in enumerate(quiz.questions):
        if question.skill not in taught:
            place = desk.trees["quiz.yaml"]
            message = f"The question `{question.id}` is evidence for `{question.skill}`, which no lesson here teaches."
            desk.findings.warn(place.path, place.line("questions", index, "skill"), message, "Name the skill in a lesson or choose another.")
    longest = max((len(story.id) for story in stories), default=0)
    if longest > _MOST_CHARACTERS:
        desk.findings.error(
            tree.path, 1, f"The name of a role-play is longer than {_MOST_CHARACTERS} characters.", "Shorten the file's name and its id."
        )
