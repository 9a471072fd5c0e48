"""What was learned, tried and seen at work, month by month."""

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar, Final

from trainee.kit.i18n import _l
from trainee.reports.column import MEAN, Adds, Column, Row
from trainee.reports.columns import share_ends
from trainee.reports.figures import HOURS, LINES_AT_LEVEL
from trainee.reports.filters import Asked, counted_to
from trainee.reports.kinds import kinds
from trainee.reports.monthly import Month, months
from trainee.reports.picture import Trend
from trainee.reports.report import Report

_LEAST: Final = 10
_HOURS = Adds(weigh=lambda fact: (fact.minutes / 60, 1.0))
_PASSED = Adds(sums=False, weigh=lambda fact: (fact.passed, fact.handed_in), least=_LEAST)
_GOOD = Adds(sums=False, weigh=lambda fact: (fact.good, fact.lines), least=_LEAST, ends=share_ends)


@kinds.register
class Progress(Report):
    """One row for each month."""

    key = "progress"
    place = 15
    title = _l("Progress over time")
    says = _l(
        "One row for each month: what people finished, how their tries at quizzes went, and what was seen of them at work. Each thing counts for the "
        "team they were in when it happened. A share is told from ten on."
    )
    takes = ("unit", "team", "module", "since", "until", "left")
    whole = ("executive",)
    period = _l("happened")
    figures = (HOURS, LINES_AT_LEVEL)
    pictures = (
        Trend(_l("Hours of learning, month by month"), lambda fact: (fact.month, fact.minutes / 60, 1.0), share=False),
        Trend(_l("Tries at quizzes that passed, month by month"), lambda fact: (fact.month, fact.passed, fact.handed_in), least=_LEAST),
        Trend(_l("Lines at level 3 or 4 at work, month by month"), lambda fact: (fact.month, fact.good, fact.lines), least=_LEAST),
    )
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("month", _l("Month"), "month"),
        Column("people", _l("People who learned"), "whole", adds=MEAN),
        Column("hours", _l("Hours"), "number", adds=_HOURS),
        Column("parts", _l("Parts finished"), "whole", adds=Adds()),
        Column("completed", _l("Modules completed"), "whole", adds=Adds()),
        Column("tries", _l("Tries begun"), "whole", adds=Adds()),
        Column("passed", _l("Passed"), "share", adds=_PASSED),
        Column("contacts", _l("Observations"), "whole", adds=Adds()),
        Column("good", _l("Lines at level 3 or 4"), "share", adds=_GOOD),
        Column("held", _l("Sessions held"), "whole", adds=Adds()),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """The month, and what happened in it."""
        to = counted_to(asked)
        return tuple(replace(one, so_far=to) if one.kind == "month" else one for one in self._columns)

    def facts(self, asked: Asked) -> Iterator[Month]:
        """Every month from the first in which anything happened to the last; the same rules as in the reports of each thing."""
        yield from months(self.scoped(asked))

    def row(self, fact: Month, asked: Asked) -> Row:
        """Its cells."""
        passed = fact.passed / fact.handed_in if fact.handed_in >= _LEAST else None
        good = fact.good / fact.lines if fact.lines >= _LEAST else None
        hours = round(fact.minutes / 60, 2)
        return (fact.month, fact.people, hours, fact.parts, fact.completed, fact.tries, passed, fact.contacts, good, fact.held)
