"""What a lesson's page needs to know of its reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, literal, select

from trainee.kit.errors import NotFound
from trainee.kit.straight import Straight
from trainee.modules.lessons.models import CheckAnswer, LessonNote, LessonProgress
from trainee.modules.library import asked, reviewed
from trainee.modules.library.content import Lesson, Module
from trainee.modules.questions import Answer


@dataclass(frozen=True, slots=True)
class Reader:
    """One person in one lesson: where she is, her note, and her answers by check; `read` names the lessons of the module she has finished."""

    paragraph: int
    finished: bool
    read: frozenset[str]
    note: str
    answers: Mapping[str, Answer]


def lesson_of(module: Module, lesson_key: str) -> Lesson:
    """That lesson of the module; NotFound when there is none."""
    lesson = module.lesson(lesson_key)
    if lesson is None:
        raise NotFound
    return lesson


def _of_reader() -> Any:
    place, note, answer = (cast(Table, model.__table__) for model in (LessonProgress, LessonNote, CheckAnswer))
    nothing = select(literal(1).label("one")).subquery()

    def here(table: Table) -> Any:
        return (table.c.person_id == bindparam("person")) & (table.c.module_key == bindparam("module")) & (table.c.lesson_key == bindparam("lesson"))

    read = place.alias()
    keys = select(func.aggregate_strings(read.c.lesson_key, ",")).where(
        read.c.person_id == bindparam("person"), read.c.module_key == bindparam("module"), read.c.finished_at.is_not(None)
    )
    finished = keys.scalar_subquery().label("read")
    return select(place.c.paragraph, place.c.finished_at, finished, note.c.words, answer.c.check_id, answer.c.answer).select_from(
        nothing.outerjoin(place, here(place))
        .outerjoin(note, here(note))
        .outerjoin(answer, here(answer) & (answer.c.version_id == bindparam("version")))
    )


# A lesson is the page that is read most.
_OF_READER = Straight(_of_reader())


def reader(person_id: int, version_id: int, module_key: str, lesson_key: str) -> Reader:
    """Where somebody is in a lesson. One statement, with a row for each check that is answered, or a single one."""
    values = {"person": person_id, "version": version_id, "module": module_key, "lesson": lesson_key}
    rows = _OF_READER(values)
    paragraph, finished_at, read, words, _check, _answer = rows[0]
    given = {check_id: answer for *_rest, check_id, answer in rows if check_id is not None}
    return Reader(paragraph or 0, finished_at is not None, frozenset((read or "").split(",")), words or "", given)


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
