"""Every try at a quiz: who, at which version, when, and with what result."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple, cast

from sqlalchemy import case, select

from trainee import plans
from trainee.kit.db import stored_moment
from trainee.kit.i18n import _, _l, language, percent
from trainee.kit.straight import as_stored
from trainee.modules.library import ModuleVersion
from trainee.modules.quizzes.models import QuizAttempt
from trainee.reports.column import MEAN, Column, Row
from trainee.reports.columns import WHO, who
from trainee.reports.figures import ATTEMPTS, PASSED, PASSED_AT_FIRST
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Bars, Trend
from trainee.reports.population import Member, TeamsThen, chunks, within
from trainee.reports.report import Report

_RESULTS = {"passed": _l("Passed"), "not_passed": _l("Not passed"), "open": _l("Not handed in")}


class Tried(NamedTuple):
    """One attempt, with the cells of its row. There may be millions, so it is no more than a tuple."""

    cells: Row
    number: int
    handed_in: bool
    passed: bool
    started_at: datetime
    score: float | None


def _tenth(fact: Tried) -> tuple[tuple[int, float], ...]:
    return ((min(int(fact.score * 10), 9), 1.0),) if fact.score is not None else ()


def _tenths() -> Mapping[int, str]:
    return {place: _("%(low)s to %(high)s", low=percent(place / 10), high=percent((place + 1) / 10)) for place in range(10)}


@kinds.register
class Attempts(Report):
    """One row for each try at a quiz."""

    key = "attempts"
    place = 25
    title = _l("Quiz attempts")
    says = _l("One row for each try at a quiz, handed in or not, with its result. The team is the one she was in when she began.")
    takes = ("unit", "team", "module", "since", "until", "left")
    period = _l("begun")
    figures = (ATTEMPTS, PASSED, PASSED_AT_FIRST)
    pictures = (
        Trend(_l("Tries that passed, month by month"), lambda fact: (fact.started_at, float(fact.passed), 1.0) if fact.handed_in else None, least=10),
        Bars(_l("How the results are spread"), _tenth, _tenths, _l("Result")),
    )
    _own: ClassVar[tuple[Column, ...]] = (
        Column("module_code", _l("Module code")),
        Column("module", _l("Module")),
        Column("module_version", _l("Version"), "whole", on_page=False),
        Column("attempt", _l("Try"), "whole"),
        Column("started_at", _l("Begun on"), "moment"),
        Column("handed_in_at", _l("Handed in on"), "moment"),
        Column("quiz_pct", _l("Result"), "share", adds=MEAN),
        Column("result", _l("How it ended"), "choice", _RESULTS),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who, at what, when, and how it ended."""
        return (*WHO, *self._own)

    def facts(self, asked: Asked) -> Iterator[Tried]:
        """Each person's attempts, module by module. Days select by when they were begun."""
        for row in self.rows(asked):
            yield Tried(row, cast(int, row[8]), row[12] != "open", row[12] == "passed", cast(datetime, row[9]), cast("float | None", row[11]))

    def row(self, fact: Tried, asked: Asked) -> Row:
        """Its cells."""
        return fact.cells

    def rows(self, asked: Asked) -> Iterator[Row]:
        """The rows with every moment read."""
        names = _Names()
        for members, then, tried in _chunks(asked):
            for member in members:
                for row in tried.get(member.id, ()):
                    begun, handed_in = stored_moment(row[4]), stored_moment(row[5]) if row[5] is not None else None
                    if within(asked, begun) and (place := then.at(member.id, begun)) is not None:
                        yield (*who(member, place), *names[row[1]], row[2], row[3], begun, handed_in, *row[6:])

    def batches(self, asked: Asked) -> Iterator[list[Row]]:
        """The rows as they come from the database, those of a chunk of people at once: a million of them are waited for."""
        if asked.filters.since is not None or asked.filters.until is not None:
            yield from super().batches(asked)
            return
        names = _Names()
        for members, then, tried in _chunks(asked):
            batch: list[Row] = []
            for member in members:
                found = tried.get(member.id, ())
                place = then.always(member.id)
                if place is not None:
                    about = who(member, place)
                    batch += [(*about, *names[row[1]], *row[2:]) for row in found]
                else:
                    batch += _moved(member, found, then, names)
            if batch:
                yield batch


class _Names(dict[str, tuple[str, str]]):
    """Code and title of each module, by its key; of one that is no longer in use its key twice."""

    def __init__(self) -> None:
        super().__init__({module.key: (module.code, module.title.of(language())) for module in plans.training().modules.values()})

    def __missing__(self, key: str) -> tuple[str, str]:
        return key, key


def _moved(member: Member, found: Sequence[Any], then: TeamsThen, names: _Names) -> Iterator[Row]:
    """The rows of somebody who was in several teams."""
    for row in found:
        place = then.at(member.id, stored_moment(row[4]))
        if place is not None:
            yield (*who(member, place), *names[row[1]], *row[2:])


def _chunks(asked: Asked) -> Iterator[tuple[list[Member], TeamsThen, dict[int, list[Any]]]]:
    """People, where they were when, and their attempts, in the order of a key of their table; moments as the database keeps them."""
    one = QuizAttempt
    result = case((one.handed_in_at.is_(None), "open"), (one.passed.is_(True), "passed"), else_="not_passed")
    columns = (one.person_id, one.module_key, ModuleVersion.number, one.number, one.started_at, one.handed_in_at, one.score, result)
    statement = select(*columns).join(ModuleVersion, ModuleVersion.id == one.version_id).order_by(one.person_id, one.module_key, one.number)
    if asked.filters.module is not None:
        statement = statement.where(one.module_key == asked.filters.module)
    for members in chunks(asked, once=True):
        found: dict[int, list[Any]] = {}
        for person_id, rows in groupby(as_stored(statement.where(one.person_id.in_([member.id for member in members]))), key=itemgetter(0)):
            found[person_id] = list(rows)
        yield members, TeamsThen(members, asked), found
