"""The "try it" of a lesson: two working days after the lesson was finished its reader is asked how it went.

That day is not written down anywhere: it follows from when the lesson was finished, or from when "not yet" was said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, String, Table, and_, bindparam, func, literal_column, null, or_, select

from trainee.kit.clock import end_of_day, working_days_after
from trainee.kit.db import UtcDateTime, db
from trainee.kit.i18n import LazyString, _l
from trainee.modules.lessons.models import LessonProgress, TaskReport

WORKING_DAYS = 2
# A task of a lesson finished longer ago than this is not asked about any more: nobody remembers it.
REMEMBERED = timedelta(days=14)
HOW: Mapping[str, LazyString] = {
    "well": _l("I tried it, and it went well"),
    "hard": _l("I tried it, and it was hard"),
    "not_yet": _l("Not yet; please ask me again"),
    "never": _l("It does not fit my work; please do not ask again"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """How it went, and what the person wrote about it."""

    how: str
    words: str
    told_at: datetime


def asked_since(at: datetime, time_zone: str) -> datetime:
    """Whoever finished a lesson up to this moment is asked by now how its task went; `at` is aware, the days are those of the zone."""
    today = at.astimezone(ZoneInfo(time_zone)).date()
    return end_of_day(_last_day(today), time_zone)


def _last_day(today: date) -> date:
    day = today
    while working_days_after(day, WORKING_DAYS) > today:
        day -= timedelta(days=1)
    return day


def asking() -> Any:
    """The lesson whose task is asked about next: of person `person`, finished after `remembered`, finished or put off before `asked_since`."""
    lesson, report = (cast(Table, model.__table__) for model in (LessonProgress, TaskReport))
    same = and_(report.c.person_id == lesson.c.person_id, report.c.module_key == lesson.c.module_key, report.c.lesson_key == lesson.c.lesson_key)
    return (
        select(
            literal_column("'task'", String).label("kind"),
            lesson.c.module_key,
            lesson.c.lesson_key,
            literal_column("0", Integer).label("number"),
            lesson.c.finished_at,
            null().cast(UtcDateTime).label("at"),
        )
        .select_from(lesson.outerjoin(report, same))
        .where(
            lesson.c.person_id == bindparam("person"),
            lesson.c.finished_at >= bindparam("remembered"),
            func.coalesce(report.c.told_at, lesson.c.finished_at) <= bindparam("asked_since"),
            or_(report.c.how.is_(None), report.c.how == "not_yet"),
        )
    )


def wanted(at: datetime, time_zone: str) -> dict[str, datetime]:
    """What `asking` is to be given besides the person."""
    return {"remembered": at - REMEMBERED, "asked_since": asked_since(at, time_zone)}


def next_asked(person_id: int, at: datetime, time_zone: str) -> tuple[str, str] | None:
    """The module and lesson whose task she is asked about next, the oldest first; None when there is none. One statement."""
    row = db.session.execute(asking().order_by("finished_at").limit(1), {"person": person_id, **wanted(at, time_zone)}).first()
    return None if row is None else (row.module_key, row.lesson_key)


def report_of(person_id: int, module_key: str, lesson_key: str) -> Report | None:
    """What she said of one task; None as long as she did not. One statement."""
    found = db.session.get(TaskReport, (person_id, module_key, lesson_key))
    return None if found is None else Report(found.how, found.words, found.told_at)
