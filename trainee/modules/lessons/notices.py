"""That somebody is asked how it went, two working days after a lesson gave her something to try."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, func, or_, select

from trainee.kit.clock import local_date, working_days_after
from trainee.kit.i18n import _, _l
from trainee.modules.lessons.models import LessonProgress, TaskReport
from trainee.modules.lessons.tasks import REMEMBERED, WORKING_DAYS
from trainee.modules.library import current_versions
from trainee.modules.library import module as read
from trainee.notices import Asked, Kind, Occasion, Reader, kinds, morning
from trainee.people import Person

_LESSON, _REPORT = (cast(Table, model.__table__) for model in (LessonProgress, TaskReport))


@kinds.register
class HowDidItGo(Kind):
    """She finished a lesson two working days ago, and has not said how its task went."""

    key = "how_did_it_go"
    title = _l("How did it go?")
    timing = _l("Two working days after a lesson gave something to try; of several the one finished first.")
    stops = _l("It stops when they have told, or after two weeks.")
    icon = "message-circle"
    may_be_off = True

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Lessons finished in the last two weeks whose task is not told of, the first one of each person and day. One statement."""
        rows = _to_tell()(people, {"since": at - REMEMBERED, "at": at})
        first: dict[tuple[int, Any], Occasion] = {}
        for row in rows:
            day = working_days_after(local_date(row.moment, row.time_zone), WORKING_DAYS)
            if local_date(at, row.time_zone) >= day:
                reason = {"module": row.module_key, "lesson": row.lesson_key}
                subject, since = f"task/{row.module_key}/{row.lesson_key}", morning(day, row.time_zone)
                first.setdefault((row.person_id, day), Occasion(row.person_id, subject, str(day), since, reason, row=row))
        return list(first.values())

    def settle(self, found: Sequence[Occasion], at: datetime) -> Sequence[Occasion]:
        """Those whose lesson is still offered, each with its title."""
        versions = current_versions()
        kept = []
        for one in found:
            module = read(versions[one.row.module_key]) if one.row.module_key in versions else None
            lesson = next((lesson for lesson in module.lessons if lesson.key == one.row.lesson_key), None) if module is not None else None
            if lesson is not None:
                kept.append(replace(one, reason={**one.reason, "title": {"tr": lesson.title.tr, "en": lesson.title.en}}))
        return kept

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Which lesson."""
        return str(_("“%(lesson)s” gave you something to try. How did it go? Half a minute is enough.", lesson=reader.text(reason["title"])))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Where one tells."""
        return "lessons.task", {"module_key": reason["module"], "lesson_key": reason["lesson"]}


@cache
def _to_tell() -> Asked:
    same = and_(
        _REPORT.c.person_id == _LESSON.c.person_id,
        _REPORT.c.module_key == _LESSON.c.module_key,
        _REPORT.c.lesson_key == _LESSON.c.lesson_key,
    )
    moment = func.coalesce(_REPORT.c.told_at, _LESSON.c.finished_at).label("moment")
    statement = (
        select(_LESSON.c.person_id, _LESSON.c.module_key, _LESSON.c.lesson_key, _LESSON.c.finished_at, moment, Person.time_zone)
        .select_from(_LESSON.join(Person, Person.id == _LESSON.c.person_id).outerjoin(_REPORT, same))
        .where(_LESSON.c.finished_at >= bindparam("since"), _LESSON.c.finished_at <= bindparam("at"), Person.disabled_at.is_(None))
        .where(or_(_REPORT.c.how.is_(None), _REPORT.c.how == "not_yet"))
        .order_by(_LESSON.c.finished_at, _LESSON.c.module_key, _LESSON.c.lesson_key)
    )
    return Asked(statement, _LESSON.c.person_id)
