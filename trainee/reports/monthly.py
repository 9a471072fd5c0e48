"""What many people did, counted month by month by the database: as many people as there are, in a handful of statements.

The rules are those of the reports of each thing, which tell every row; a test compares both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, cast

from sqlalchemy import ColumnElement, Integer, Table, and_, case, func, literal, select, true, tuple_, union_all

from trainee import plans
from trainee.coaching.observations.models import Dispute, Observation, ObservationLine
from trainee.coaching.observations.present import level_that_stands
from trainee.coaching.sessions.models import CoachingSession
from trainee.kit.clock import local_date, months_after, start_of_day
from trainee.kit.db import UtcDateTime, db
from trainee.modules.progress.models import PartDone
from trainee.modules.progress.queries import required_parts
from trainee.modules.quizzes.models import QuizAttempt
from trainee.reports.filters import Asked
from trainee.reports.population import days_asked, narrowed, stood_then, theirs

_PART: Final = cast(Table, PartDone.__table__).c
_TRY: Final = cast(Table, QuizAttempt.__table__).c
_SEEN: Final = cast(Table, Observation.__table__).c
_TALK: Final = cast(Table, CoachingSession.__table__).c
_LINE: Final = cast(Table, ObservationLine.__table__).c
_DISPUTE: Final = cast(Table, Dispute.__table__).c
_GOOD_FROM: Final = 3


@dataclass(slots=True)
class Month:
    """What happened in the month that begins on that day. Good lines are those at level 3 or 4."""

    # What stands here stands in no other row.
    first: ClassVar[bool] = True

    month: date
    people: int = 0
    minutes: int = 0
    parts: int = 0
    completed: int = 0
    tries: int = 0
    handed_in: int = 0
    passed: int = 0
    contacts: int = 0
    lines: int = 0
    good: int = 0
    held: int = 0


def months(asked: Asked) -> list[Month]:
    """Every month from the first in which anything happened to the last, on the viewer's calendar. Eight statements."""
    course = _Course(asked)
    if not course.months:
        return []
    course.learned()
    course.tried()
    # Observations and sessions belong to no module.
    if asked.filters.module is None:
        course.observed()
        course.talked()
    return course.told()


class _Course:
    """The months between the first and the last thing that anybody did, filled thing by thing."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.months = [Month(first) for first in self._firsts()]
        self._used: set[int] = set()

    def told(self) -> list[Month]:
        """Those from the first in which something happened to the last."""
        return self.months[min(self._used) : max(self._used) + 1] if self._used else []

    def _firsts(self) -> list[date]:
        """The first day of every month that may be told of."""
        moments = [_PART.first_at, _TRY.started_at, _SEEN.seen_at, _TALK.promised_at]
        ends = union_all(*(select(func.min(one).label("first"), func.max(one).label("last")) for one in moments)).subquery()
        first, last = db.session.execute(select(func.min(ends.c.first, type_=UtcDateTime()), func.max(ends.c.last, type_=UtcDateTime()))).one()
        if first is None:
            return []
        days = [local_date(one, self._asked.who.time_zone) for one in (first, last)]
        since, until = (self._asked.filters.since or days[0]), (self._asked.filters.until or days[1])
        found = [max(days[0], since).replace(day=1)]
        while (after := months_after(found[-1], 1)) <= min(days[1], until):
            found.append(after)
        return found

    def learned(self) -> None:
        """The people who finished parts, these parts with their stated minutes, and the modules that were completed by them. Three statements."""
        training, wanted = plans.training(), self._asked.filters.module
        mine = _PART.module_key == wanted if wanted is not None else true()
        for month, people in self._counted(_PART.person_id, _PART.first_at, func.count(_PART.person_id.distinct()), where=mine):
            month.people = people
        each = (_PART.module_key, _PART.part)
        for month, many, key, part in self._counted(_PART.person_id, _PART.first_at, func.count(), *each, where=mine, by=each):
            known = training.part(key, part)
            month.minutes += many * (known.minutes if known is not None else 0)
            month.parts += many
        done = self._completed({key: required_parts(module) for key, module in training.modules.items() if wanted in (None, key)})
        if done is not None:
            for month, completed in self._counted(done.person_id, done.at, func.count()):
                month.completed = completed

    def _completed(self, needed: Mapping[str, Sequence[str]]) -> Any:
        """Who completed which module when: the moment at which the last of its parts was done for the first time."""
        if not needed:
            return None
        required = tuple_(_PART.module_key, _PART.part).in_([(key, part) for key, parts in needed.items() for part in parts])
        many = case({key: len(parts) for key, parts in needed.items()}, value=_PART.module_key)
        whole = (
            select(_PART.person_id, func.max(_PART.first_at, type_=UtcDateTime()).label("at"))
            .where(required, theirs(self._asked, _PART.person_id))
            .group_by(_PART.person_id, _PART.module_key)
            .having(func.count() == many)
        )
        return whole.subquery("completed").c

    def tried(self) -> None:
        """Tries at quizzes by the month in which they were begun. One statement."""
        handed_in = _TRY.handed_in_at.is_not(None)
        sums = (func.count(), _many(handed_in), _many(handed_in & _TRY.passed.is_(True)))
        wanted = self._asked.filters.module
        mine = _TRY.module_key == wanted if wanted is not None else true()
        for month, *found in self._counted(_TRY.person_id, _TRY.started_at, *sums, where=mine):
            month.tries, month.handed_in, month.passed = found

    def observed(self) -> None:
        """Observations that their people may read, and how their lines stand. One statement."""
        level = level_that_stands(_LINE, _DISPUTE)
        disputed = and_(_DISPUTE.observation_id == _LINE.observation_id, _DISPUTE.skill_key == _LINE.skill_key)
        each = select(_LINE.observation_id, func.count(level).label("lines"), _many(level >= _GOOD_FROM).label("good"))
        each = each.select_from(ObservationLine).outerjoin(Dispute, disputed).group_by(_LINE.observation_id)
        if narrowed(self._asked):
            each = each.where(_LINE.observation_id.in_(select(_SEEN.id).where(theirs(self._asked, _SEEN.person_id))))
        # First each contact by itself, as its lines lie: sorting them all by month takes longer than all the rest.
        marked = each.subquery("marked")
        sums = (func.count(), func.coalesce(func.sum(marked.c.lines), 0), func.coalesce(func.sum(marked.c.good), 0))

        def beside(statement: Any) -> Any:
            return statement.outerjoin(marked, marked.c.observation_id == _SEEN.id)

        for month, *found in self._counted(_SEEN.person_id, _SEEN.seen_at, *sums, where=_SEEN.released_at.is_not(None), joined=beside):
            # PostgreSQL sums whole numbers as decimals.
            month.contacts, month.lines, month.good = map(int, found)

    def talked(self) -> None:
        """Sessions that were held, by the month for which they were promised. One statement."""
        for month, held in self._counted(_TALK.person_id, _TALK.promised_at, func.count(), where=_TALK.held_at.is_not(None)):
            month.held = held

    def _month(self, moment: Any) -> ColumnElement[int]:
        """The place of a moment's month among the months."""
        begins = [start_of_day(one.month, self._asked.who.time_zone) for one in self.months]

        def halved(low: int, high: int) -> ColumnElement[int]:
            # Halves of halves, so that ten years take seven comparisons a row and not sixty.
            if low == high:
                return literal(low, Integer)
            middle = (low + high + 1) // 2
            return case((moment < literal(begins[middle], UtcDateTime()), halved(low, middle - 1)), else_=halved(middle, high))

        return halved(0, len(begins) - 1)

    def _counted(self, person_id: Any, moment: Any, *what: Any, where: Any = None, by: Sequence[Any] = (), joined: Any = None) -> Iterator[Any]:
        """Each month with `what`, of the people, days and teams that are asked for; grouped by more where `by` says so."""
        statement = select(self._month(moment).label("month"), *what).select_from(person_id.table)
        if joined is not None:
            statement = joined(statement)
        stood = stood_then(self._asked, person_id, moment)
        if stood is not None:
            statement = statement.join(*stood)
        asked = (theirs(self._asked, person_id), days_asked(self._asked, moment))
        for place, *found in db.session.execute(statement.where(*asked, *([] if where is None else [where])).group_by("month", *by)):
            self._used.add(place)
            yield self.months[place], *found


def _many(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((which, 1)))
