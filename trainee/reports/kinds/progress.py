"""What was learned, tried and seen at work, month by month."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from trainee.kit.clock import local_date, months_after
from trainee.kit.i18n import _l
from trainee.reports.column import Column, Row
from trainee.reports.figures import HOURS, LINES_AT_LEVEL
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.kinds.attempts import Attempts
from trainee.reports.kinds.coaching import Coaching
from trainee.reports.kinds.observations import Observations
from trainee.reports.learning import learned
from trainee.reports.picture import Trend
from trainee.reports.population import TeamsThen, chunks
from trainee.reports.report import Report


@dataclass(slots=True)
class Month:
    """What happened in the month that begins on that day. Good lines are those at level 3 or 4."""

    # What stands here stands in no other row.
    first: ClassVar[bool] = True

    month: date
    people: set[int] = field(default_factory=set)
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


@kinds.register
class Progress(Report):
    """One row for each month."""

    key = "progress"
    place = 15
    title = _l("Progress over time")
    says = _l(
        "One row for each month: what people finished, how their tries at quizzes went, and what was seen of them at work. Each thing counts for the "
        "team they were in when it happened."
    )
    takes = ("unit", "team", "module", "since", "until", "left")
    whole = ("executive",)
    period = _l("happened")
    figures = (HOURS, LINES_AT_LEVEL)
    pictures = (
        Trend(_l("Hours of learning, month by month"), lambda fact: (fact.month, fact.minutes / 60, 1.0), share=False),
        Trend(_l("Tries at quizzes that passed, month by month"), lambda fact: (fact.month, fact.passed, fact.handed_in), least=10),
        Trend(_l("Lines at level 3 or 4 at work, month by month"), lambda fact: (fact.month, fact.good, fact.lines), least=10),
    )
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("month", _l("Month"), "month"),
        Column("people", _l("People who learned"), "whole"),
        Column("hours", _l("Hours"), "number"),
        Column("parts", _l("Parts finished"), "whole"),
        Column("completed", _l("Modules completed"), "whole"),
        Column("tries", _l("Tries begun"), "whole"),
        Column("passed", _l("Passed"), "share"),
        Column("contacts", _l("Observations"), "whole"),
        Column("good", _l("Lines at level 3 or 4"), "share"),
        Column("held", _l("Sessions held"), "whole"),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """The month, and what happened in it."""
        return self._columns

    def facts(self, asked: Asked) -> Iterator[Month]:
        """Every month from the first in which anything happened to the last; the same rules as in the reports of each thing."""
        asked = self.scoped(asked)
        months: dict[date, Month] = {}

        def of(moment: datetime) -> Month:
            first = local_date(moment, asked.who.time_zone).replace(day=1)
            return months.setdefault(first, Month(first))

        for members in chunks(asked, once=True):
            for one in learned(members, asked, TeamsThen(members, asked)):
                month = of(one.finished_at)
                month.people.add(one.member.id)
                month.minutes += one.minutes
                month.parts += 1
                month.completed += one.completes
        for tried in Attempts().facts(asked):
            month = of(tried.started_at)
            month.tries += 1
            month.handed_in += tried.handed_in
            month.passed += tried.handed_in and tried.passed
        # Observations and sessions belong to no module.
        if asked.filters.module is None:
            for contact in Observations().facts(asked):
                month = of(contact.observation.seen_at)
                month.contacts += 1
                month.lines += contact.lines
                month.good += contact.good
            for talked in Coaching().facts(asked):
                if talked.seen.row.held_at is not None:
                    of(talked.seen.row.promised_at).held += 1
        if months:
            month_, last = min(months), max(months)
            while month_ <= last:
                yield months.get(month_, Month(month_))
                month_ = months_after(month_, 1)

    def row(self, fact: Month, asked: Asked) -> Row:
        """Its cells."""
        passed = fact.passed / fact.handed_in if fact.handed_in else None
        good = fact.good / fact.lines if fact.lines else None
        hours = round(fact.minutes / 60, 2)
        return (fact.month, len(fact.people), hours, fact.parts, fact.completed, fact.tries, passed, fact.contacts, good, fact.held)
