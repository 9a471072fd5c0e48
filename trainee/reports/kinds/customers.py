"""What customers said: team by team and month by month, and of nobody alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final

from sqlalchemy import and_, or_, select

from trainee import people
from trainee.kit import trtext
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _l
from trainee.kit.intervals import adjusted_wald, wilson
from trainee.people import Team, Unit
from trainee.reports.column import Adds, Column, Row
from trainee.reports.columns import share_ends
from trainee.reports.figures import CES, CSAT, NPS
from trainee.reports.filters import Asked, counted_to, teams_of
from trainee.reports.kinds import kinds
from trainee.reports.picture import Heat, Trend
from trainee.reports.population import how_many, within
from trainee.reports.report import Report
from trainee.service import model
from trainee.voice import QUESTIONS, Rating
from trainee.voice.arithmetic import PERSON_NPS
from trainee.voice.queries import LEAST

# From so many answers on a recommendation is told of several people together, and of one alone.
_NPS_OF_SEVERAL: Final = 30
_NPS_OF_ONE: Final = 100
_DETRACTORS: Final = 6
_AT_A_TIME: Final = 5_000


@dataclass(slots=True)
class Said:
    """How customers of one team answered one question in one month: `n` answers, of which so many are good and, where that is asked, bad."""

    month: date
    unit: str
    team: str
    question: str
    n: int = 0
    good: int = 0
    bad: int = 0
    # The sum of the answers and of their squares, of which a mean and its interval are made.
    total: int = 0
    squares: int = 0
    # Whom they are about; None for those about nobody in particular.
    people: set[int | None] = field(default_factory=set)

    @property
    def told(self) -> bool:
        """Whether there are enough answers to tell a share."""
        if self.question != "recommend":
            return self.n >= LEAST
        several = len(self.people) > 1 or None in self.people
        return self.n >= (_NPS_OF_SEVERAL if several else _NPS_OF_ONE)

    @property
    def share(self) -> float | None:
        """Good answers among all; None of recommendations, which are told in points."""
        return self.good / self.n if self.told and self.question != "recommend" else None

    @property
    def points(self) -> float | None:
        """The share of good recommendations less that of bad ones, -100 to 100; None of other questions."""
        return 100 * (self.good - self.bad) / self.n if self.told and self.question == "recommend" else None

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """Between what and what the share or, for recommendations, the points lie with 95 % confidence."""
        if not self.told:
            return None, None
        if self.question == "recommend":
            low, high = adjusted_wald(self.good, self.bad, self.n)
            return 100 * low, 100 * high
        return wilson(self.good / self.n, self.n)


def _shared(fact: Said) -> tuple[float, float] | None:
    return (fact.good, fact.n) if fact.question != "recommend" else None


def _recommended(fact: Said) -> tuple[float, float, float] | None:
    return (100.0 * (fact.good - fact.bad), fact.n, fact.good + fact.bad) if fact.question == "recommend" else None


def _points(above: float, below: float, sides: float) -> tuple[float, float]:
    low, high = adjusted_wald(round((sides + above / 100) / 2), round((sides - above / 100) / 2), round(below))
    return 100 * low, 100 * high


# Put together they are counted anew of all answers, and told from as many on as the figures are.
_GOOD = Adds(sums=False, weigh=_shared, least=LEAST, ends=share_ends)
_NPS = Adds(sums=False, weigh=_recommended, least=_NPS_OF_SEVERAL, ends=_points, about=lambda fact: fact.people, least_of_one=PERSON_NPS)


def _trend(question: str) -> Any:
    return lambda fact: (fact.month, fact.good, fact.n) if fact.question == question else None


def _good(measure: str) -> Callable[[], float | None]:
    def found() -> float | None:
        good = model.good_from(measure)
        return None if good is None else good / 100

    return found


@kinds.register
class Customers(Report):
    """One row for each month, team and question."""

    key = "customers"
    place = 95
    title = _l("Customers' voice")
    says = _l(
        "One row for each month, team and question: how many customers answered, and how. A share is told from five answers on. The team is the one "
        "that served them then; nobody is named, and no comment stands here."
    )
    takes = ("unit", "team", "since", "until")
    whole = ("executive",)
    period = _l("answered")
    figures = (CSAT, CES, NPS)
    pictures = (
        Trend(_l("Satisfied customers, month by month"), _trend("satisfied"), least=10, good=_good("csat")),
        Trend(_l("It was easy, month by month"), _trend("easy"), least=10, good=_good("ces")),
        Heat(
            _l("Good answers by team"),
            _l("Team"),
            lambda fact: ((fact.team or "—", fact.question, fact.good, fact.n),) if fact.question != "recommend" else (),
            lambda _asked: {key: one.short for key, one in QUESTIONS.items() if key != "recommend"},
            least=LEAST,
        ),
    )
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("month", _l("Month"), "month"),
        Column("unit", _l("Unit")),
        Column("team", _l("Team")),
        Column("question", _l("Question"), "choice", {key: one.short for key, one in QUESTIONS.items()}),
        Column("n", _l("Answers"), "whole", adds=Adds()),
        Column("good", _l("Good answers"), "share", adds=_GOOD),
        Column("low", _l("At least"), "share"),
        Column("high", _l("At most"), "share"),
        Column("nps", _l("NPS"), "number", adds=_NPS),
        Column("nps_low", _l("NPS at least"), "number"),
        Column("nps_high", _l("NPS at most"), "number"),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """When, where, what, and how it was answered."""
        to = counted_to(asked)
        return tuple(replace(one, so_far=to) if one.kind == "month" else one for one in self._columns)

    def facts(self, asked: Asked) -> Iterator[Said]:
        """Month by month, unit, team and question."""
        asked = self.scoped(asked)
        found: dict[tuple[date, str, str, str], Said] = {}
        for person_id, given_at, question, value, team, unit in _ratings(asked):
            if not within(asked, given_at):
                continue
            month = local_date(given_at, asked.who.time_zone).replace(day=1)
            key = month, unit or "", team or "", question
            said = found.get(key)
            if said is None:
                said = found[key] = Said(*key)
            said.n += 1
            said.good += value >= QUESTIONS[question].good
            said.bad += question == "recommend" and value <= _DETRACTORS
            said.total += value
            said.squares += value * value
            said.people.add(person_id)
        if asked.passed is not None:
            asked.passed(how_many(asked, once=True))
        order = list(QUESTIONS)
        yield from sorted(
            found.values(), key=lambda one: (one.month, trtext.sort_key(one.unit), trtext.sort_key(one.team), order.index(one.question))
        )

    def row(self, fact: Said, asked: Asked) -> Row:
        """Its cells."""
        sides = (*fact.ends, None, None) if fact.question != "recommend" else (None, None, *fact.ends)
        return (fact.month, fact.unit or None, fact.team or None, fact.question, fact.n, fact.share, *sides[:2], fact.points, *sides[2:])


def _ratings(asked: Asked) -> Iterator[tuple[int | None, datetime, str, int, str | None, str | None]]:
    """The answers the surveys' own pages count, each with the team it belonged to when it was given. One statement, read as it comes.

    An answer stays with its team when whoever served leaves, and an answer about nobody in particular counts too.
    """
    statement = (
        select(Rating.person_id, Rating.given_at, Rating.question, Rating.value, Team.name, Unit.name)
        .outerjoin(Team, Team.id == Rating.team_id)
        .outerjoin(Unit, Unit.id == Team.unit_id)
        .where(Rating.question.in_(QUESTIONS), Rating.value.is_not(None), Rating.given_at <= asked.at)
    )
    if not (asked.whole or asked.who.holds("hr", "admin")):
        led = and_(Rating.person_id.is_(None), Team.supervisor_id == asked.who.id)
        statement = statement.where(or_(Rating.person_id.in_(people.visible_to(asked.who)), led))
    teams = teams_of(asked.filters)
    if teams is not None:
        statement = statement.where(Rating.team_id.in_(teams))
    for row in db.session.execute(statement.execution_options(yield_per=_AT_A_TIME)):
        yield tuple(row)
