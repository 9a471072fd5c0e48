"""What trainings are worth, on the four levels of Kirkpatrick: reaction, learning, behaviour, results."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any, ClassVar, Final

from sqlalchemy import select

from trainee import plans
from trainee.coaching.observations.disputes import disputes_of
from trainee.coaching.observations.models import Observation, ObservationLine
from trainee.coaching.observations.present import stands
from trainee.kit.db import db
from trainee.kit.i18n import _l, language
from trainee.modules.library import Module
from trainee.modules.progress.queries import parts_of_many, progress, required_parts
from trainee.modules.quizzes.models import QuizAttempt
from trainee.reports.column import Column, Row
from trainee.reports.effect import Compared, compared, told_apart
from trainee.reports.figures import EFFECTS_TOLD
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Range, Ranges
from trainee.reports.population import TeamsThen, chunks, within
from trainee.reports.report import FEWEST, Report
from trainee.voice import QUESTIONS, Rating

_WINDOW: Final = timedelta(days=90)
# Of one person so many pieces are needed on each side: one is chance.
_EACH_SIDE: Final = 2
_LEVELS = {"1": _l("1 Reaction"), "2": _l("2 Learning"), "3": _l("3 Behaviour"), "4": _l("4 Results")}
_BY = {
    "nothing": _l("is not asked here"),
    "quiz": _l("best result in the module's quiz"),
    "seen": _l("observation lines of the skills it trains"),
    "customers": _l("how satisfied customers were"),
}
_SHOWS = {
    "not_measured": _l("Not measured"),
    "told": _l("Measured, with nothing to compare it to"),
    "few": _l("Too few people to tell"),
    "same": _l("No difference can be told"),
    "better": _l("Better than without it"),
    "worse": _l("Worse than without it"),
}
# Scores of one person in the order of their moments, with these moments beside them.
_Series = tuple[list[datetime], list[float]]


@dataclass(frozen=True, slots=True)
class Effect:
    """One level of one module."""

    module: Module
    level: str
    by: str
    people: int
    mean: float | None
    compared: Compared | None
    # Whether it differs by more than chance, with all the others that were looked at.
    apart: bool = False

    @property
    def effect(self) -> float | None:
        """What it changed; None where that cannot be told."""
        return self.compared.effect if self.compared is not None else None

    @property
    def shows(self) -> str:
        """What can be said of it."""
        if self.compared is None:
            return "not_measured" if self.mean is None else "told"
        if not self.compared.trained and not self.compared.others:
            return "not_measured"
        if self.compared.low is None or self.compared.high is None:
            return "few"
        return "same" if not self.apart else "better" if self.compared.low > 0 else "worse"


def _gather(found: dict[Any, Any], fact: Effect) -> None:
    if fact.compared is not None and fact.compared.effect is not None:
        found[fact.module.code, fact.level] = fact


def _ranges(found: dict[Any, Any]) -> list[Range]:
    return [
        Range(code, str(_LEVELS[level]), one.compared.effect, one.compared.low, one.compared.high, one.compared.trained)
        for (code, level), one in found.items()
    ]


@kinds.register
class Programme(Report):
    """Four rows for each module that somebody completed."""

    key = "programme"
    place = 98
    title = _l("Programme effect")
    says = _l(
        "Four rows for each module, one for each level: reaction, learning, behaviour, results (after Kirkpatrick). What stood before and after is "
        "no effect: the weakest are sent to trainings, and who stood low by chance stands higher the next time by herself. Only the column Effect "
        "compares those who completed it with those who did not, with where each stood before taken off, 90 days on either side. Of many modules "
        "some differ by chance, and what is told takes that into account. It goes together with the training; that this caused it is not proved."
    )
    takes = ("unit", "team", "module", "since", "until", "left")
    whole = ("executive",)
    period = _l("completed")
    figures = (EFFECTS_TOLD,)
    pictures = (
        Ranges(
            _l("Effect of each module"),
            _l("A bar that crosses the middle line may as well be no effect at all."),
            _gather,
            _ranges,
            differences=True,
        ),
    )
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("module_code", _l("Module code")),
        Column("module", _l("Module"), on_page=False),
        Column("level", _l("Level"), "choice", _LEVELS),
        Column("by", _l("Measured by"), "choice", _BY),
        Column("people", _l("People who completed it"), "whole"),
        Column("shows", _l("What it shows"), "choice", _SHOWS),
        Column("effect", _l("Effect"), "difference"),
        Column("low", _l("At least"), "difference"),
        Column("high", _l("At most"), "difference"),
        Column("mean", _l("Afterwards"), "share"),
        Column("trained", _l("People compared"), "whole"),
        Column("others", _l("With so many others"), "whole"),
        Column("trained_before", _l("They before"), "share"),
        Column("trained_after", _l("They after"), "share"),
        Column("others_before", _l("Others before"), "share"),
        Column("others_after", _l("Others after"), "share"),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Which module, which level, and what can be told."""
        return self._columns

    def facts(self, asked: Asked) -> Iterator[Effect]:
        """Module by module, level by level. Days select by when it was completed."""
        asked = self.scoped(asked)
        known = Known()
        for members in chunks(asked, once=True):
            known.take([one.id for one in members], TeamsThen(members, asked), asked)
        found = [
            one
            for module in sorted(plans.training().modules.values(), key=lambda one: one.code)
            if asked.filters.module in (None, module.key) and known.completed.get(module.key)
            for one in _effects(module, known)
        ]
        apart = told_apart([one.compared.chance if one.compared is not None else None for one in found])
        yield from (replace(one, apart=told) for one, told in zip(found, apart, strict=True))

    def row(self, fact: Effect, asked: Asked) -> Row:
        """Its cells. Of fewer than five people no mean is told."""
        one = fact.compared
        about = (fact.module.code, fact.module.title.of(language()), fact.level, fact.by, fact.people, fact.shows)
        mean = fact.mean if fact.people >= FEWEST else None
        if one is None:
            return (*about, None, None, None, mean, None, None, None, None, None, None)
        sides = (one.trained_before, one.trained_after) if one.trained >= FEWEST else (None, None)
        other = (one.others_before, one.others_after) if one.others >= FEWEST else (None, None)
        return (*about, one.effect, one.low, one.high, mean, one.trained, one.others, *sides, *other)


@dataclass
class Known:
    """What is known of everybody: when each module was completed, its best results, and the scores that observers and customers gave."""

    completed: dict[str, dict[int, datetime]] = field(default_factory=dict)
    # Whoever completed it at all, within the days asked for or not, is nobody to compare with.
    ever: dict[str, set[int]] = field(default_factory=dict)
    quizzes: dict[str, dict[int, float]] = field(default_factory=dict)
    seen: dict[int, dict[str, _Series]] = field(default_factory=dict)
    customers: dict[int, _Series] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)

    def take(self, ids: Sequence[int], then: TeamsThen, asked: Asked) -> None:
        """Some hundred people more, in five statements."""
        self.people.update(person_id for person_id in ids if then.at(person_id, asked.at) is not None)
        modules = plans.training().modules
        for (person_id, key), parts in parts_of_many(ids).items():
            done = progress(required_parts(modules[key]), parts).completed_at if key in modules else None
            if done is not None:
                self.ever.setdefault(key, set()).add(person_id)
                if within(asked, done) and then.at(person_id, done) is not None:
                    self.completed.setdefault(key, {})[person_id] = done
        for person_id, key, score in _best(ids):
            self.quizzes.setdefault(key, {})[person_id] = max(score, self.quizzes.get(key, {}).get(person_id, 0.0))
        for person_id, skill, moment, score in _lines(ids):
            _add(self.seen.setdefault(person_id, {}).setdefault(skill, ([], [])), moment, score)
        for person_id, moment, score in _ratings(ids):
            _add(self.customers.setdefault(person_id, ([], [])), moment, score)


def _add(series: _Series, moment: datetime, score: float) -> None:
    series[0].append(moment)
    series[1].append(score)


def _effects(module: Module, known: Known) -> Iterator[Effect]:
    done = known.completed[module.key]
    results = [known.quizzes.get(module.key, {}).get(person_id) for person_id in done]
    told = [one for one in results if one is not None]
    yield Effect(module, "1", "nothing", len(done), None, None)
    yield Effect(module, "2", "quiz", len(done), sum(told) / len(told) if told else None, None)

    def at_work(person_id: int) -> list[_Series]:
        mine = known.seen.get(person_id, {})
        return [mine[skill] for skill in module.skills if skill in mine]

    def with_customers(person_id: int) -> list[_Series]:
        return [known.customers[person_id]] if person_id in known.customers else []

    for level, by, series in (("3", "seen", at_work), ("4", "customers", with_customers)):
        found = _compared(done, known.people - known.ever[module.key], series)
        yield Effect(module, level, by, len(done), None, found)


def _compared(done: Mapping[int, datetime], others: set[int], series: Any) -> Compared:
    """Each of those who completed it around her own day, all others around the middle one of these days."""
    middle = median_low(done.values())
    trained = [pair for person_id, at in sorted(done.items()) if (pair := _pair(series(person_id), at)) is not None]
    rest = [pair for person_id in sorted(others) if (pair := _pair(series(person_id), middle)) is not None]
    return compared(trained, rest)


def _pair(series: Sequence[_Series], at: datetime) -> tuple[float, float] | None:
    """The mean scores of the days before and after; None where either rests on too little."""
    before, after = _between(series, at - _WINDOW, at), _between(series, at, at + _WINDOW)
    if min(len(before), len(after)) < _EACH_SIDE:
        return None
    return sum(before) / len(before), sum(after) / len(after)


def _between(series: Sequence[_Series], since: datetime, until: datetime) -> list[float]:
    return [score for moments, scores in series for score in scores[bisect_left(moments, since) : bisect_left(moments, until)]]


def _best(ids: Sequence[int]) -> Iterator[tuple[int, str, float]]:
    one = QuizAttempt
    for row in db.session.execute(
        select(one.person_id, one.module_key, one.score).where(one.person_id.in_(ids), one.handed_in_at.is_not(None), one.score.is_not(None))
    ):
        yield row.person_id, row.module_key, row.score


def _lines(ids: Sequence[int]) -> Iterator[tuple[int, str, datetime, float]]:
    """Every line that stands, as a score 0..1, in the order of its moments."""
    one, line = Observation, ObservationLine
    statement = (
        select(one.id, one.person_id, one.seen_at, line.skill_key, line.level, line.critical)
        .join(line, line.observation_id == one.id)
        .where(one.person_id.in_(ids), one.released_at.is_not(None))
        .order_by(one.seen_at, one.id)
    )
    rows = db.session.execute(statement).all()
    disputes = disputes_of(list({row.id for row in rows}))
    for row in rows:
        level = stands(row, disputes[row.id].get(row.skill_key))
        if level is not None:
            yield row.person_id, row.skill_key, row.seen_at, (level - 1) / 3


def _ratings(ids: Sequence[int]) -> Iterator[tuple[int, datetime, float]]:
    statement = select(Rating.person_id, Rating.given_at, Rating.value).where(Rating.person_id.in_(ids), Rating.question == "satisfied")
    for row in db.session.execute(statement.order_by(Rating.given_at, Rating.id)):
        yield row.person_id, row.given_at, QUESTIONS["satisfied"].score(row.value)
