"""Reading figures: one statement, however many skills and however long the history."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnClause, bindparam, column, select, text

from trainee import evidence, skills
from trainee.kit.db import db
from trainee.kit.straight import Straight
from trainee.people import Stay
from trainee.profile import calibrations, policy, store
from trainee.profile.falls import Fall
from trainee.profile.figures import EARLIER_MONTHS, NOTHING, TEAM_OF, Figure, Level, MonthFigure, TeamMonth, month_figure
from trainee.profile.filter import Ability, Facet, as_left, look
from trainee.profile.fold import Difficulties, Line, Person, day_of, end_of_month, fold, moment_of, month_of
from trainee.profile.models import CALIBRATION, MASTERY_MONTH, STANDING

Earlier = Mapping[tuple[str, str], tuple[float, float, int]]


def levels(person_id: int, at: datetime) -> dict[str, Level]:
    """Every skill of the framework as one person stands in it at that moment, in the framework's order."""
    return levels_of([person_id], at)[person_id]


def levels_of(person_ids: Sequence[int], at: datetime) -> dict[int, dict[str, Level]]:
    """The same for many people, in the same one statement."""
    people, earlier, calibration_id = _people(person_ids, month_of(at) - EARLIER_MONTHS)
    known = store.difficulties(calibration_id) if calibration_id is not None else Difficulties()
    return {person_id: _levels(people.get(person_id, Person()), known, at, earlier.get(person_id, {})) for person_id in person_ids}


def _levels(person: Person, known: Difficulties, at: datetime, earlier: Earlier) -> dict[str, Level]:
    day = day_of(at)
    found = {}
    whole = person.line(policy.ALL)
    for skill in skills.framework().skills:
        figure = _figure(whole, known, skill.key, day, earlier.get((policy.ALL, skill.key)), known.width(policy.ALL))
        found[skill.key] = Level(skill.key, figure, _Lines(person, known, skill.key, day, earlier), at, known.falls)
    return found


class _Lines(Mapping[str, Figure]):
    """The four lines of one skill, each worked out when it is asked for: most pages look at few of some eighty."""

    __slots__ = ("_day", "_earlier", "_known", "_person", "_skill", "_told")

    def __init__(self, person: Person, known: Difficulties, skill: str, day: float, earlier: Earlier) -> None:
        self._person, self._known, self._skill, self._day, self._earlier = person, known, skill, day, earlier
        self._told: dict[str, Figure] = {}

    def __getitem__(self, line: str) -> Figure:
        found = self._told.get(line)
        if found is None:
            if line not in evidence.LINES:
                raise KeyError(line)
            earlier = self._earlier.get((line, self._skill))
            found = self._told[line] = _figure(self._person.line(line), self._known, self._skill, self._day, earlier, self._known.width(line))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(evidence.LINES)

    def __len__(self) -> int:
        return len(evidence.LINES)


def _figure(line: Line, known: Difficulties, skill: str, day: float, earlier: tuple[float, float, int] | None, width: float) -> Figure:
    facet = line.facets.get(skill)
    if facet is None:
        return NOTHING
    hard = known.skill(skill)
    mean, var = look(line.who, facet, hard, day)
    return Figure(facet.n, mean, var, moment_of(facet.at), earlier, hard.m, width, as_left(line.who, facet, hard))


def _current() -> Any:
    return select(CALIBRATION.c.id).where(CALIBRATION.c.state == "current").scalar_subquery()


def current_calibration() -> int | None:
    """The number of the calibration in use; None before anything was recorded."""
    found: int | None = db.session.scalar(select(_current()))
    return found


# General levels and deviations come in one statement, so that they belong together. It is written out because building and
# naming it anew for each page would cost more than running it.
_FIGURES = """
        SELECT person_id, calibration_id, '' AS line, '' AS skill, NULL AS al, NULL AS be, NULL AS c, 0 AS n, NULL AS day, abilities,
            NULL AS mean, NULL AS var, NULL AS had
        FROM standing
        WHERE person_id {whose} AND calibration_id = (SELECT id FROM calibration WHERE state = 'current')
        UNION ALL
        SELECT now.person_id, now.calibration_id, now.line, now.skill_key, now.al, now.be, now.c, now.n, now.day, NULL, ago.mean, ago.var, ago.n
        FROM mastery AS now
        LEFT JOIN mastery_month AS ago ON ago.person_id = now.person_id AND ago.calibration_id = now.calibration_id AND ago.line = now.line
            AND ago.skill_key = now.skill_key AND ago.month = :month
        WHERE now.person_id {whose} AND now.calibration_id = (SELECT id FROM calibration WHERE state = 'current')
"""
_READ_AS: tuple[ColumnClause[Any], ...] = (
    column("person_id"), column("calibration_id"), column("line"), column("skill"), column("al"), column("be"), column("c"), column("n"),
    column("day"), column("abilities", STANDING.c.abilities.type), column("mean"), column("var"), column("had"),
)  # fmt: skip
_PEOPLE = text(_FIGURES.format(whose="IN :people")).bindparams(bindparam("people", expanding=True)).columns(*_READ_AS)
# Of one person for herself: what Today and her skills send.
_PERSON = Straight(text(_FIGURES.format(whose="= :person")).columns(*_READ_AS))


def _people(person_ids: Sequence[int], month: int = 0) -> tuple[dict[int, Person], dict[int, Earlier], int | None]:
    """Everybody's figures, those a month closed with (`month` 0: of none), and the calibration they belong to."""
    people: dict[int, Person] = {}
    earlier: dict[int, dict[tuple[str, str], tuple[float, float, int]]] = {}
    calibration_id: int | None = None
    rows: Sequence[Any]
    if len(person_ids) == 1:
        rows = _PERSON({"person": person_ids[0], "month": month})
    else:
        rows = db.session.execute(_PEOPLE, {"people": list(person_ids), "month": month}).all()
    for person_id, under, line, skill, al, be, c, n, day, abilities, mean, var, had in rows:
        calibration_id = under
        person = people.get(person_id)
        if person is None:
            person = people[person_id] = Person()
        if abilities is None:
            person.line(line).facets[skill] = Facet(al, be, c, n, day)
            if had is not None:
                earlier.setdefault(person_id, {})[line, skill] = (mean, var, had)
        else:
            for of, (m, v, *_form) in abilities.items():
                person.line(of).who = Ability(m, v)
    return people, dict(earlier), calibration_id


def falls() -> tuple[Fall, ...]:
    """What many came down in at once, by the calibration in use. One statement, and another where this process has not read it yet."""
    number = current_calibration()
    return store.difficulties(number).falls if number is not None else ()


def histories(person_ids: Sequence[int], at: datetime, line: str = policy.ALL) -> dict[int, dict[str, list[MonthFigure]]]:
    """Month by month, per person and skill: every closed month since the first evidence, and the present one as it stands at `at`."""
    found = _months(person_ids, at, [line])
    return {person_id: {skill: list(course[line]) for skill, course in mine.items()} for person_id, mine in found.items()}


class Course(Mapping[str, Sequence[MonthFigure]]):
    """The months of one skill, line by line and "all", oldest first; each line's are worked out when they are asked for."""

    __slots__ = ("_closed", "_known", "_told")

    def __init__(self, known: Difficulties) -> None:
        self._known = known
        self._closed: dict[str, list[tuple[int, float, float, int]]] = {}
        self._told: dict[str, list[MonthFigure]] = {}

    def __getitem__(self, line: str) -> Sequence[MonthFigure]:
        if line not in self._told:
            self._told[line] = [month_figure(*one, self._known.width(line)) for one in self._closed[line]]
        return self._told[line]

    def __iter__(self) -> Iterator[str]:
        return iter(self._closed)

    def __len__(self) -> int:
        return len(self._closed)

    @property
    def falls(self) -> tuple[Fall, ...]:
        """What many came down in at once, in whatever skill, by the calibration these months belong to."""
        return self._known.falls

    def closed(self, line: str) -> list[tuple[int, float, float, int]]:
        """The months of a line as numbers, to be added to: month, mean, variance, pieces of evidence."""
        return self._closed.setdefault(line, [])


def courses(person_ids: Sequence[int], at: datetime) -> dict[int, dict[str, Course]]:
    """The months of every skill on every line, per person, in the two statements that one line takes."""
    return dict(_months(person_ids, at, policy.EVERY_LINE))


def _months(person_ids: Sequence[int], at: datetime, lines: Sequence[str]) -> dict[int, dict[str, Course]]:
    people, _earlier, calibration_id = _people(person_ids)
    if calibration_id is None:
        return {person_id: {} for person_id in person_ids}
    known = store.difficulties(calibration_id)
    closed = MASTERY_MONTH.c
    query = (
        select(closed.person_id, closed.line, closed.skill_key, closed.month, closed.mean, closed.var, closed.n)
        .where(closed.person_id.in_(person_ids), closed.calibration_id == calibration_id, closed.line.in_(lines), closed.month < month_of(at))
        .order_by(closed.person_id, closed.line, closed.skill_key, closed.month)
    )
    found: dict[int, dict[str, Course]] = {person_id: defaultdict(partial(Course, known)) for person_id in person_ids}
    for person_id, line, skill, month, mean, var, n in db.session.execute(query):
        found[person_id][skill].closed(line).append((month, mean, var, n))
    for person_id, person in people.items():
        for line in lines:
            _until_now(person, known, at, line, found[person_id])
    return found


def team_histories(team_ids: Sequence[int], at: datetime) -> dict[int, dict[str, list[TeamMonth]]]:
    """Month by month per team and skill: the mean of those who were in the team *then*, where a level could be told of at least three.

    Read off the months that were closed and, for the present one, off the figures as they stand; the log is not read. Four statements.
    """
    calibration_id = current_calibration()
    stays = db.session.execute(select(Stay.team_id, Stay.person_id, Stay.since, Stay.until).where(Stay.team_id.in_(team_ids))).all()
    if calibration_id is None or not stays:
        return {team_id: {} for team_id in team_ids}
    months = histories(sorted({stay.person_id for stay in stays}), at)
    sums: dict[tuple[int, str, int], list[float]] = {}
    for stay in stays:
        for skill, mine in months[stay.person_id].items():
            for one in mine:
                month = one.year * 12 + one.month - 1
                ended = min(end_of_month(month), at)
                if one.enough and stay.since < ended and (stay.until is None or stay.until >= ended):
                    sums.setdefault((stay.team_id, skill, month), []).append(one.expected)
    found: dict[int, dict[str, list[TeamMonth]]] = {team_id: {} for team_id in team_ids}
    for (team_id, skill, month), shares in sorted(sums.items()):
        if len(shares) >= TEAM_OF:
            one_month = TeamMonth(month // 12, month % 12 + 1, sum(shares) / len(shares), len(shares))
            found[team_id].setdefault(skill, []).append(one_month)
    return found


def _until_now(person: Person, known: Difficulties, at: datetime, line: str, months: dict[str, Course]) -> None:
    # Months are closed when the next evidence comes; those that wait for it, and the present one, are read off the figures as they stand.
    one = person.line(line)
    for skill, facet in one.facets.items():
        closed = months[skill].closed(line)
        first = closed[-1][0] + 1 if closed else month_of(moment_of(facet.at))
        for month in range(first, month_of(at) + 1):
            moment = min(end_of_month(month), at)
            mean, var = look(one.who, facet, known.skill(skill), day_of(moment))
            closed.append((month, mean, var, facet.n))


def believed_on(person_id: int, moment: datetime) -> dict[str, Level]:
    """What was believed of a person at a past moment: from what had been recorded by then, with the difficulties known then."""
    return believed_of([person_id], moment)[person_id]


def believed_of(person_ids: Iterable[int], moment: datetime) -> dict[int, dict[str, Level]]:
    """The same for many people; the log is folded anew in memory and nothing is kept."""
    moment = moment.astimezone(UTC)
    known = calibrations.at_time(moment)
    found = {}
    for person_id, person in _folded(person_ids, known, moment).items():
        found[person_id] = _levels(person, known, moment, _earlier(person, moment))
    return found


def believed_course(person_id: int, moment: datetime) -> tuple[dict[str, Level], dict[str, Course]]:
    """What was believed of a person at a past moment, and the months up to it as they would have been drawn then."""
    moment = moment.astimezone(UTC)
    known = calibrations.at_time(moment)
    person = _folded([person_id], known, moment)[person_id]
    months: dict[str, Course] = defaultdict(partial(Course, known))
    for line, skill, month, mean, var, n in person.closed:
        months[skill].closed(line).append((month, mean, var, n))
    for line in policy.EVERY_LINE:
        _until_now(person, known, moment, line, months)
    return _levels(person, known, moment, _earlier(person, moment)), dict(months)


def _folded(person_ids: Iterable[int], known: Difficulties, moment: datetime) -> dict[int, Person]:
    ids = list(person_ids)
    people = {person_id: Person() for person_id in ids}
    for person_id, rows in groupby(evidence.in_order(ids, known_by=moment), key=attrgetter("person_id")):
        people[person_id] = fold((row for row in rows if row.occurred_at <= moment), known)
    return people


def _earlier(person: Person, moment: datetime) -> Earlier:
    month = month_of(moment) - EARLIER_MONTHS
    return {(line, skill): (mean, var, n) for line, skill, closed, mean, var, n in person.closed if closed == month}
