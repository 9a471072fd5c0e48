"""Hours of learning, and what they cost."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from trainee.kit.i18n import _l
from trainee.reports.column import MEAN, Adds, Column, Row
from trainee.reports.columns import WHO, who
from trainee.reports.figures import COST, HOURS, HOURS_EACH, Figure
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.learning import learned
from trainee.reports.picture import Bars
from trainee.reports.population import Member, TeamsThen, chunks
from trainee.reports.report import Report


@dataclass(slots=True)
class Spent:
    """What one person finished while she was in one team. `new`: of several rows of one person the one that counts her."""

    # What stands here stands in no other row.
    first: ClassVar[bool] = True

    member: Member
    place: tuple[str, str]
    new: bool
    rate: int | None
    minutes: int = 0
    parts: int = 0
    completed: int = 0
    modules: set[str] = field(default_factory=set)

    @property
    def cost(self) -> float | None:
        """Her hours at the rate that was given; None where none was."""
        return self.minutes / 60 * self.rate if self.rate is not None else None


def _her(fact: Spent) -> tuple[int, None]:
    return fact.member.id, None


# Whoever was in two teams has two rows, and is one of those whose mean it is.
_OF_HER = Adds(each=_her)
_HOURS = Adds(weigh=lambda fact: (fact.minutes / 60, 1.0), each=_her)
_COST = Adds(weigh=lambda fact: (fact.cost, 1.0) if fact.cost is not None else None, each=_her)
_LONG = {"none": _l("none"), "to_1": _l("up to 1 hour"), "to_3": _l("1 to 3 hours"), "to_6": _l("3 to 6 hours"), "more": _l("more than 6 hours")}


def _long(fact: Spent) -> tuple[tuple[str, float], ...]:
    hours = fact.minutes / 60
    return ((("none" if not hours else "to_1" if hours <= 1 else "to_3" if hours <= 3 else "to_6" if hours <= 6 else "more"), 1.0),)


@kinds.register
class Hours(Report):
    """One row for each person and team she was in."""

    key = "hours"
    place = 35
    title = _l("Hours and cost")
    says = _l(
        "One row for each person and team with the stated minutes of what she finished while she was there. The cost is these hours at the rate you "
        "give; no pay is held here."
    )
    takes = ("unit", "team", "module", "since", "until", "left", "rate")
    period = _l("finished")
    figures = (HOURS, HOURS_EACH, COST)
    pictures = (Bars(_l("How many people learned how long"), _long, lambda: _LONG, _l("Hours")),)
    _own: ClassVar[tuple[Column, ...]] = (
        Column("hours", _l("Hours"), "number", adds=_HOURS),
        Column("parts", _l("Parts finished"), "whole", adds=_OF_HER),
        Column("modules", _l("Modules worked on"), "whole", adds=MEAN),
        Column("completed", _l("Modules completed"), "whole", adds=_OF_HER),
        Column("cost", _l("Cost"), "number", adds=_COST),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who, where, how long, and what came of it."""
        return (*WHO, *self._own)

    def facts(self, asked: Asked) -> Iterator[Spent]:
        """Everybody, those without any hour included; by the team people were in when they finished something."""
        for members in chunks(asked, once=True):
            then = TeamsThen(members, asked)
            found: dict[int, dict[tuple[str, str], Spent]] = {}
            for one in learned(members, asked, then):
                mine = found.setdefault(one.member.id, {})
                spent = mine.setdefault(one.place, Spent(one.member, one.place, not mine, asked.filters.rate))
                spent.minutes += one.minutes
                spent.parts += 1
                spent.completed += one.completes
                spent.modules.add(one.module)
            for member in members:
                if member.id in found:
                    yield from found[member.id].values()
                elif (place := then.at(member.id, asked.at)) is not None:
                    yield Spent(member, place, True, asked.filters.rate)

    def left_out(self, asked: Asked) -> tuple[Figure, ...]:
        """Without a cost of an hour there is none of the hours."""
        return (COST,) if asked.filters.rate is None else ()

    def thing(self, fact: Spent) -> tuple[str, Any]:
        """Of several rows of one person the first counts her."""
        return "new", fact.member.id

    def row(self, fact: Spent, asked: Asked) -> Row:
        """Its cells."""
        hours, cost = round(fact.minutes / 60, 2), round(fact.cost, 2) if fact.cost is not None else None
        return (*who(fact.member, fact.place), hours, fact.parts, len(fact.modules), fact.completed, cost)
