"""What a module changed where teams got it at different times: difference in differences, and why it is not told where it cannot be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from trainee import plans
from trainee.kit.i18n import _l, language
from trainee.modules.library import Module
from trainee.reports.column import Column, Row
from trainee.reports.effect import told_apart
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.kinds.programme import Known
from trainee.reports.population import TeamsThen, chunks
from trainee.reports.report import Report
from trainee.reports.staggered import Course, Rollout, rollout

_MONTH: Final = timedelta(days=30)
_MONTHS: Final = 15
# So many scores make the mean of a team's month.
_EACH_MONTH: Final = 3
_LEVELS = {"3": _l("3 Behaviour"), "4": _l("4 Results")}
_SHOWS = {
    "not_staggered": _l("No two dates to compare"),
    "few_teams": _l("Too few teams to compare"),
    "same": _l("No difference can be told"),
    "better": _l("Better than where they still wait"),
    "worse": _l("Worse than where they still wait"),
}
_Team = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One level of one module."""

    module: Module
    level: str
    found: Rollout
    # Whether it differs by more than chance, with all the others that were looked at.
    apart: bool = False

    @property
    def shows(self) -> str:
        """What can be said of it."""
        if self.found.low is None:
            return self.found.why
        return "same" if not self.apart else "better" if self.found.low > 0 else "worse"


@dataclass
class _Teams:
    """Who is in which team, in which month each completed what, and what was seen and answered there by month."""

    people: dict[_Team, int] = field(default_factory=dict)
    done: dict[str, dict[_Team, list[int]]] = field(default_factory=dict)
    seen: dict[tuple[_Team, str], dict[int, list[float]]] = field(default_factory=dict)
    customers: dict[_Team, dict[int, list[float]]] = field(default_factory=dict)

    def start(self, key: str, team: _Team) -> tuple[bool, int | None]:
        """Whether a team can be compared, and in which month it got the module: half of it completed it then, and less than a quarter before."""
        months, people = sorted(self.done.get(key, {}).get(team, ())), self.people[team]
        if 4 * len(months) < people:
            return True, None
        if 2 * len(months) < people:
            return False, None
        month = months[(people + 1) // 2 - 1]
        return 4 * sum(one < month for one in months) < people, month

    def courses(self, module: Module, level: str) -> list[Course]:
        """Every team that can be compared."""
        found = []
        for team in sorted(self.people):
            fit, start = self.start(module.key, team)
            scores: dict[int, list[float]] = {}
            for some in [self.customers.get(team, {})] if level == "4" else [self.seen.get((team, skill), {}) for skill in module.skills]:
                for month, values in some.items():
                    scores.setdefault(month, []).extend(values)
            if fit:
                found.append(Course(start, {month: sum(one) / len(one) for month, one in scores.items() if len(one) >= _EACH_MONTH}))
        return found


@kinds.register
class RolloutEffect(Report):
    """Two rows for each module that somebody completed: behaviour and results."""

    key = "rollout"
    place = 99
    title = _l("Roll-out effect")
    says = _l(
        "Where teams got a module in different months, each is set beside those that still waited, by how far both moved since the month before "
        "(difference in differences for staggered roll-outs, after Callaway and Sant'Anna). A team got it in the month in which half of it had "
        "completed it, and less than a quarter before. It assumes that without the module all teams would have moved alike, and that no team was "
        "chosen because it was just falling; where that is not so, believe it less. It takes eight teams, two for each date and two that still wait; "
        "where all got it at once, see the programme effect. Only the three months from the roll-out on are looked at."
    )
    takes = ("unit", "team", "module", "since", "until", "left")
    whole = ("executive",)
    period = _l("completed")
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("module_code", _l("Module code")),
        Column("module", _l("Module"), on_page=False),
        Column("level", _l("Level"), "choice", _LEVELS),
        Column("shows", _l("What it shows"), "choice", _SHOWS),
        Column("effect", _l("Effect"), "difference"),
        Column("low", _l("At least"), "difference"),
        Column("high", _l("At most"), "difference"),
        Column("teams", _l("Teams that got it"), "whole"),
        Column("waiting", _l("Teams that waited"), "whole"),
        Column("dates", _l("Different months"), "whole"),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Which module, which level, and what can be told."""
        return self._columns

    def facts(self, asked: Asked) -> Iterator[Told]:
        """Module by module."""
        asked = self.scoped(asked)
        teams = _Teams()
        for members in chunks(asked, once=True):
            _take(teams, [one.id for one in members], TeamsThen(members, asked), asked)
        found = [
            Told(module, level, rollout(teams.courses(module, level)))
            for module in sorted(plans.training().modules.values(), key=lambda one: one.code)
            if asked.filters.module in (None, module.key) and teams.done.get(module.key)
            for level in _LEVELS
        ]
        apart = told_apart([one.found.chance for one in found])
        yield from (replace(one, apart=told) for one, told in zip(found, apart, strict=True))

    def row(self, fact: Told, asked: Asked) -> Row:
        """Its cells."""
        one = fact.found
        about = (fact.module.code, fact.module.title.of(language()), fact.level, fact.shows)
        return (*about, one.effect, one.low, one.high, one.teams, one.waiting, one.dates)


def _take(teams: _Teams, ids: Sequence[int], then: TeamsThen, asked: Asked) -> None:
    known, origin = Known(), asked.at - _MONTHS * _MONTH
    known.take(ids, then, asked)

    def month(moment: datetime) -> int:
        return (moment - origin) // _MONTH

    def add(place: dict[Any, dict[int, list[float]]], key: Any, moment: datetime, score: float) -> None:
        if origin <= moment < asked.at:
            place.setdefault(key, {}).setdefault(month(moment), []).append(score)

    for person_id in known.people:
        team = then.at(person_id, asked.at)
        if team is not None and team[0]:
            teams.people[team] = teams.people.get(team, 0) + 1
    for key, some in known.completed.items():
        for person_id, at in some.items():
            team = then.at(person_id, asked.at)
            if team is not None and team[0]:
                teams.done.setdefault(key, {}).setdefault(team, []).append(month(at))
    for person_id, skills in known.seen.items():
        for skill, (moments, scores) in skills.items():
            for moment, score in zip(moments, scores, strict=True):
                if (team := then.at(person_id, moment)) is not None:
                    add(teams.seen, (team, skill), moment, score)
    for person_id, (moments, scores) in known.customers.items():
        for moment, score in zip(moments, scores, strict=True):
            if (team := then.at(person_id, moment)) is not None:
                add(teams.customers, team, moment, score)
