"""Reading on, answering checks, taking notes."""

from datetime import datetime

from trainee import profile
from trainee.kit.db import insert_once, upsert
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.modules.lessons.models import CheckAnswer, LessonNote, LessonProgress, TaskReport
from trainee.modules.lessons.queries import reader, seed_of
from trainee.modules.lessons.tasks import HOW
from trainee.modules.library.content import Lesson, Module
from trainee.modules.progress import part_done
from trainee.modules.questions import kind_of
from trainee.modules.questions.kind import Form

LONGEST_NOTE = 10_000
LONGEST_REPORT = 2_000


def keep_place(person_id: int, module: Module, lesson: Lesson, paragraph: int, at: datetime) -> None:
    """Remember the paragraph a person has come to. One statement."""
    last = max(len(lesson.blocks_tr), len(lesson.blocks_en)) - 1
    values = {
        "person_id": person_id,
        "module_key": module.key,
        "lesson_key": lesson.key,
        "paragraph": min(max(paragraph, 0), last),
        "started_at": at,
        "seen_at": at,
        "finished_at": None,
    }
    upsert(LessonProgress, values, ["person_id", "module_key", "lesson_key"], ["paragraph", "seen_at"])


def answer_check(person_id: int, version_id: int, module: Module, lesson: Lesson, check_id: str, form: Form, lang: str, at: datetime) -> bool:
    """Save the answer to a check; whether it is the first. The first answer counts; sending it again changes nothing."""
    question = lesson.check(check_id)
    if question is None:
        raise Refusal(_("That question is not part of this lesson. Load the page again to see it as it is now."), 404, "not_in_lesson")
    kind = kind_of(question)
    answer = kind.read(question, form, seed_of(person_id, version_id, lesson.key), lang)
    score = kind.mark(question, answer).score
    row = {
        "person_id": person_id,
        "version_id": version_id,
        "module_key": module.key,
        "lesson_key": lesson.key,
        "check_id": check_id,
        "answer": answer,
        "score": score,
        "answered_at": at,
    }
    if insert_once(CheckAnswer, row, ["person_id", "module_key", "lesson_key", "check_id", "version_id"]) is None:
        return False
    profile.record(
        [
            profile.Showing(
                person_id=person_id,
                skill=question.skill,
                source="embedded_check",
                score=score,
                item=f"{module.key}/{lesson.key}/{check_id}",
                occurred_at=at,
                receipt=f"embedded_check/{person_id}/{version_id}/{lesson.key}/{check_id}",
                detail={"module": module.key, "lesson": lesson.key, "check": check_id, "version": version_id},
                choices=kind.choices(question),
            )
        ],
        at,
    )
    _finish_when_all_are_answered(person_id, version_id, module, lesson, at)
    return True


def _finish_when_all_are_answered(person_id: int, version_id: int, module: Module, lesson: Lesson, at: datetime) -> None:
    known = reader(person_id, version_id, module.key, lesson.key)
    if known.finished or any(question.id not in known.answers for question in lesson.checks):
        return
    values = {
        "person_id": person_id,
        "module_key": module.key,
        "lesson_key": lesson.key,
        "paragraph": known.paragraph,
        "started_at": at,
        "seen_at": at,
        "finished_at": at,
    }
    upsert(LessonProgress, values, ["person_id", "module_key", "lesson_key"], ["finished_at", "seen_at"])
    part_done(person_id, module.key, f"lesson/{lesson.key}", at)


def keep_note(person_id: int, module: Module, lesson: Lesson, words: str, at: datetime) -> None:
    """Keep what a person noted for herself, in place of what stood there. Refusal when it is too long."""
    if len(words) > LONGEST_NOTE:
        raise Refusal(_("A note can have %(n)d characters. Please shorten it; nothing was changed.", n=LONGEST_NOTE), 422, "note")
    insert_once(
        LessonProgress,
        {
            "person_id": person_id,
            "module_key": module.key,
            "lesson_key": lesson.key,
            "paragraph": 0,
            "started_at": at,
            "seen_at": at,
            "finished_at": None,
        },
        ["person_id", "module_key", "lesson_key"],
    )
    values = {"person_id": person_id, "module_key": module.key, "lesson_key": lesson.key, "words": words.strip(), "written_at": at}
    upsert(LessonNote, values, ["person_id", "module_key", "lesson_key"], ["words", "written_at"])


def report_task(person_id: int, module: Module, lesson: Lesson, how: str, words: str, at: datetime) -> None:
    """Keep how it went with the lesson's task, in place of what was said before. Refusal when nothing is chosen or the words are too long."""
    if how not in HOW:
        raise Refusal(_("Please choose how it went."), 422, "how")
    if len(words) > LONGEST_REPORT:
        raise Refusal(_("This can have %(n)d characters. Please shorten it; nothing was changed.", n=LONGEST_REPORT), 422, "words")
    row = {
        "person_id": person_id,
        "module_key": module.key,
        "lesson_key": lesson.key,
        "how": how,
        "words": words.strip(),
        "told_at": at,
    }
    upsert(TaskReport, row, ["person_id", "module_key", "lesson_key"], ["how", "words", "told_at"])
