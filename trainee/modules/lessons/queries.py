"""What a lesson's page needs to know of its reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.modules.lessons.models import CheckAnswer, LessonNote, LessonProgress
from trainee.modules.library import asked, reviewed
from trainee.modules.library.content import Lesson, Module
from trainee.modules.questions import Answer


@dataclass(frozen=True, slots=True)
class Reader:
    """One person in one lesson: where she is, her note, and her answers by check."""

    paragraph: int
    finished: bool
    note: str
    answers: Mapping[str, Answer]


def lesson_of(module: Module, lesson_key: str) -> Lesson:
    """That lesson of the module; NotFound when there is none."""
    lesson = module.lesson(lesson_key)
    if lesson is None:
        raise NotFound
    return lesson


def reader(person_id: int, version_id: int, module_key: str, lesson_key: str) -> Reader:
    """Where somebody is in a lesson. Two statements."""
    here = (
        select(LessonProgress.paragraph, LessonProgress.finished_at, LessonNote.words)
        .select_from(LessonProgress)
        .outerjoin(
            LessonNote,
            (LessonNote.person_id == LessonProgress.person_id)
            & (LessonNote.module_key == LessonProgress.module_key)
            & (LessonNote.lesson_key == LessonProgress.lesson_key),
        )
        .where(LessonProgress.person_id == person_id, LessonProgress.module_key == module_key, LessonProgress.lesson_key == lesson_key)
    )
    row = db.session.execute(here).one_or_none()
    answers = db.session.execute(
        select(CheckAnswer.check_id, CheckAnswer.answer).where(
            CheckAnswer.person_id == person_id,
            CheckAnswer.module_key == module_key,
            CheckAnswer.lesson_key == lesson_key,
            CheckAnswer.version_id == version_id,
        )
    )
    given = {one.check_id: one.answer for one in answers}
    if row is None:
        return Reader(0, False, "", given)
    return Reader(row.paragraph, row.finished_at is not None, row.words or "", given)


def seed_of(person_id: int, version_id: int, lesson_key: str) -> str:
    """From which the order of a check's options is drawn: the same for one reader each time she opens the lesson."""
    return f"{person_id}/{version_id}/{lesson_key}"


def shown_check(lesson: Lesson, check_id: str, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
    """What the check's part of the page needs; before it is answered nothing in it tells which option is right."""
    question = lesson.check(check_id)
    if question is None:
        raise NotFound
    part = asked(question, seed, lang) if answer is None else reviewed(question, answer, seed, lang)
    return {"id": check_id, "part": part, "answered": answer is not None}
