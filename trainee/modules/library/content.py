"""A module as values: frozen, complete, in both languages, ready to be served."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from trainee.kit.words import Text
from trainee.modules.questions import Question
from trainee.modules.roleplays.story import Story


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, heading, list, table or quote: safe HTML in which only card placeholders are still to be filled."""

    kind: ClassVar[str] = "prose"
    index: int
    html: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A sample talk, weak or strong; each line is the speaker, the words, and the side: customer or agent."""

    index: int
    kind: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A question inside a lesson; the same object stands in both languages."""

    kind: ClassVar[str] = "check"
    index: int
    question: Question


@dataclass(frozen=True, slots=True)
class TryIt:
    """What to try in the next contacts: safe HTML."""

    kind: ClassVar[str] = "try"
    index: int
    html: str


Block = Prose | Dialogue | Check | TryIt


@dataclass(frozen=True)
class Lesson:
    """One lesson in both languages, with the same checks in both; blocks are numbered from 0 in each language."""

    key: str
    number: int
    title: Text
    minutes: int
    skills: tuple[str, ...]
    step: str
    blocks_tr: tuple[Block, ...]
    blocks_en: tuple[Block, ...]

    def blocks(self, lang: str) -> tuple[Block, ...]:
        """The lesson as it is read in `lang`."""
        return self.blocks_en if lang == "en" else self.blocks_tr

    @cached_property
    def checks(self) -> tuple[Question, ...]:
        """The questions inside it, in order."""
        return tuple(block.question for block in self.blocks_tr if isinstance(block, Check))

    def check(self, question_id: str) -> Question | None:
        """The check of that id, or None."""
        return next((question for question in self.checks if question.id == question_id), None)


@dataclass(frozen=True)
class Quiz:
    """The questions of a module and how they are put. `pass_mark` is per cent; None means no limit (attempts, minutes) or all (draw)."""

    pass_mark: int
    attempts: int | None
    minutes: int | None
    feedback: str
    confidence: bool
    draw: int | None
    pools: Mapping[str, int]
    questions: tuple[Question, ...]

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    def question(self, question_id: str) -> Question | None:
        """The question of that id, or None."""
        return self._by_id.get(question_id)

    @property
    def length(self) -> int:
        """How many questions one attempt has."""
        return self.draw or len(self.questions)


@dataclass(frozen=True, eq=False)
class Module:
    """One module as its author wrote it. `stories` are its role-plays."""

    key: str
    code: str
    title: Text
    summary: Text
    audience: tuple[str, ...]
    minutes: int
    skills: tuple[str, ...]
    prerequisites: tuple[str, ...]
    objectives: tuple[Text, ...]
    lessons: tuple[Lesson, ...]
    quiz: Quiz
    stories: tuple[Story, ...]

    def lesson(self, key: str) -> Lesson | None:
        """The lesson of that key, or None."""
        return next((lesson for lesson in self.lessons if lesson.key == key), None)

    def story(self, story_id: str) -> Story | None:
        """The role-play of that id, or None."""
        return next((story for story in self.stories if story.id == story_id), None)

    def question(self, question_id: str) -> Question | None:
        """The quiz question of that id, or None."""
        return self.quiz.question(question_id)
