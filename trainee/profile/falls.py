"""A fall that many share at once: what speaks of a process and not of the people who work in it.

Somebody who slips does so by herself. When a new rule, a broken tool or an empty shelf is the matter, many come down in the same weeks. So for
every skill and line, and for every team, unit and the whole company, it is asked whether people's scores of one period lie below their own scores
of the half year before, further than chance explains. A score is told by what it is above or below what the same question, scene, observer or shop
brought until then, so that a harder question is no fall; a question that was never asked before says nothing here (`missed.py` looks at that). How
much a person's mean moves by chance is learned from all persons, skills and periods of the line; that what an item brought is itself only an
estimate, shared by everybody who meets it, is counted in. What is allowed is divided by all that is looked at in a night (Bonferroni).

This module is arithmetic on values, and one function that reads. What it came to is in docs/measurements.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import erfc, sqrt
from typing import Final, NamedTuple

from sqlalchemy import select

from trainee.evidence import sources
from trainee.evidence.models import EVIDENCE
from trainee.kit.db import db
from trainee.people import Person, Team, Unit

# The probability that chance alone makes any skill speak of any group in a night.
CHANCE: Final = 0.05
# A fall is shared by so many people at least, by so large a share of them, and comes to so many points of one on average.
PEOPLE: Final = 5
SHARE: Final = 0.6
DROP: Final = 0.08
# How long ago a period may have begun, how long each is, and how long before it people's own scores are looked for. A new one begins in the middle
# of the last.
LATELY: Final = timedelta(days=90)
PERIOD: Final = timedelta(days=28)
EARLIER: Final = timedelta(days=180)
_STEP: Final = PERIOD / 2
_EPOCH: Final = datetime(2024, 1, 1, tzinfo=UTC)
# So many scores in a period and before it say how one person moved; so many answers before say what an item brings.
_NOW: Final = 2
_BEFORE: Final = 3
_KNOWN: Final = 5
# What chance does to one score, until the log has said it: its standard deviation, worth so many persons.
_SPREAD: Final = 0.4
_WORTH: Final = 30


class Piece(NamedTuple):
    """One score, as far as a fall needs it: `item` is what it is compared with."""

    person_id: int
    skill: str
    line: str
    item: str
    score: float
    at: datetime


class Group(NamedTuple):
    """People who work together: the teams they are in (None: the whole company), and who they are."""

    teams: tuple[int, ...] | None
    people: frozenset[int]


class Fall(NamedTuple):
    """That many of a group came down in one line of a skill since some day: so many of how many, and by how much of the points on average."""

    teams: tuple[int, ...] | None
    skill: str
    line: str
    since: datetime
    people: int
    fell: int
    drop: float

    def concerns(self, team_id: int | None) -> bool:
        """Whether that team is among those it is said of."""
        return self.teams is None or team_id in self.teams


@dataclass(slots=True)
class _Scores:
    """One person's scores on one line of one skill, each above or below what its item brings."""

    total: float = 0.0
    items: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def n(self) -> int:
        return sum(self.items.values())

    def add(self, item: str, above: float) -> None:
        self.total += above
        self.items[item] += 1


class _Brought(NamedTuple):
    """What an item brought on average until a period began, and the variance of that mean."""

    mean: float
    var: float


class _Moved(NamedTuple):
    """How one person's mean moved; `doubt` is by how many times a single score's variance that may be chance, `on` what of it hangs on each item."""

    by: float
    doubt: float
    on: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Cell:
    """Everybody's movement in one line of a skill in one period."""

    skill: str
    line: str
    begins: datetime
    moved: Mapping[int, _Moved]
    brought: Mapping[str, _Brought]


def find_falls(at: datetime) -> tuple[Fall, ...]:
    """What the log says of everybody who works here now. Three statements."""
    return shared_falls(list(_pieces(at)), groups(), at)


def _pieces(at: datetime) -> Iterator[Piece]:
    of = EVIDENCE.c
    taken = select(of.retracts_id).where(of.retracts_id.is_not(None))
    # What is asked again because it was missed is no sample of what somebody can do.
    counted = {kind.key: kind for kind in sources if kind.counts and not kind.chosen}
    statement = select(of.person_id, of.skill_key, of.source, of.item, of.score, of.occurred_at, of.actor_id).where(
        of.occurred_at > at - LATELY - EARLIER - PERIOD,
        of.occurred_at <= at,
        of.source.in_(list(counted)),
        of.retracts_id.is_(None),
        of.id.not_in(taken),
    )
    for person_id, skill, source, item, score, occurred_at, actor_id in db.session.execute(statement.execution_options(yield_per=1000)):
        kind = counted[source]
        yield Piece(person_id, skill, kind.line, f"{kind.difficulty_key(item, actor_id)}|{skill}", score, occurred_at)


def groups() -> list[Group]:
    """The whole company, every unit with what lies in it, and every team: the widest first, and of those with the same people only one."""
    above = {row.id: row.parent_id for row in db.session.execute(select(Unit.id, Unit.parent_id))}
    of_team: dict[int, set[int]] = defaultdict(set)
    inside: dict[int, set[int]] = defaultdict(set)
    everybody = set()
    rows = select(Person.id, Person.team_id, Team.unit_id).outerjoin(Team, Team.id == Person.team_id).where(Person.disabled_at.is_(None))
    for person_id, team_id, unit_id in db.session.execute(rows):
        everybody.add(person_id)
        if team_id is None:
            continue
        of_team[team_id].add(person_id)
        while unit_id is not None:
            inside[unit_id].add(team_id)
            unit_id = above[unit_id]
    together = {tuple(sorted(some)) for some in [*inside.values(), *({team} for team in of_team)]}
    found = [Group(None, frozenset(everybody)), *(Group(teams, frozenset().union(*(of_team[team] for team in teams))) for teams in together)]
    widest = sorted(found, key=lambda one: (-len(one.people), one.teams is not None, one.teams or ()))
    return list({one.people: one for one in reversed(widest)}.values())[::-1]


def shared_falls(pieces: Sequence[Piece], groups: Sequence[Group], at: datetime) -> tuple[Fall, ...]:
    """The same from the scores of a company: what chance alone does not explain, of the widest group it can be said of."""
    cells = [cell for begins in _periods(at) for cell in _cells(pieces, begins)]
    spread = _spreads(cells)
    looks = [(group, cell, who) for group in groups for cell in cells if len(who := group.people & cell.moved.keys()) >= PEOPLE]
    allowed = CHANCE / len(looks) if looks else 0.0
    best: dict[tuple[Group, str, str], tuple[float, Fall]] = {}
    for group, cell, who in looks:
        judged = _judged(group, cell, who, spread[cell.line])
        place = (group, cell.skill, cell.line)
        if judged is not None and judged[0] <= allowed and (place not in best or judged[0] < best[place][0]):
            best[place] = judged
    found: list[tuple[float, frozenset[int], Fall]] = []
    for (group, skill, line), (chance, fall) in sorted(best.items(), key=lambda one: -len(one[0][0].people)):
        # What is said of all of them is not said of some of them again.
        if not any(group.people <= people and (told.skill, told.line) == (skill, line) for _chance, people, told in found):
            found.append((chance, group.people, fall))
    return tuple(fall for _chance, _people, fall in sorted(found, key=lambda one: (one[0], one[2].skill, one[2].line)))


def _periods(at: datetime) -> Iterator[datetime]:
    begins = _EPOCH + _STEP * ((at - LATELY - _EPOCH) // _STEP + 1)
    while begins <= at:
        yield begins
        begins += _STEP


def _cells(pieces: Iterable[Piece], begins: datetime) -> Iterator[_Cell]:
    before, during = [], []
    for one in pieces:
        if begins - EARLIER <= one.at < begins:
            before.append(one)
        elif begins <= one.at < begins + PERIOD:
            during.append(one)
    brought = _brought(before)
    then, now = _scores(before, brought), _scores(during, brought)
    for (skill, line), mine in now.items():
        earlier = then.get((skill, line), {})
        moved = {
            person_id: _moved(earlier[person_id], scores)
            for person_id, scores in mine.items()
            if person_id in earlier and scores.n >= _NOW and earlier[person_id].n >= _BEFORE
        }
        if len(moved) >= PEOPLE:
            yield _Cell(skill, line, begins, moved, brought)


def _brought(before: Iterable[Piece]) -> dict[str, _Brought]:
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for one in before:
        mine = sums[one.item]
        mine[0] += 1.0
        mine[1] += one.score
        mine[2] += one.score * one.score
    found = {}
    for item, (n, total, squares) in sums.items():
        if n >= _KNOWN:
            mean = total / n
            # A few answers that were all alike do not say that the next ones will be.
            var = (max(squares - n * mean * mean, 0.0) + _SPREAD * _SPREAD) / n
            found[item] = _Brought(mean, var / n)
    return found


def _scores(pieces: Iterable[Piece], brought: Mapping[str, _Brought]) -> dict[tuple[str, str], dict[int, _Scores]]:
    found: dict[tuple[str, str], dict[int, _Scores]] = defaultdict(lambda: defaultdict(_Scores))
    for one in pieces:
        if one.item in brought:
            found[one.skill, one.line][one.person_id].add(one.item, one.score - brought[one.item].mean)
    return found


def _moved(then: _Scores, now: _Scores) -> _Moved:
    on: dict[str, float] = defaultdict(float)
    for item, times in now.items.items():
        on[item] += times / now.n
    for item, times in then.items.items():
        on[item] -= times / then.n
    return _Moved(now.total / now.n - then.total / then.n, 1.0 / now.n + 1.0 / then.n, on)


def _spreads(cells: Iterable[_Cell]) -> dict[str, float]:
    """By line, the variance of one score that movements around their common mean speak of."""
    sums: dict[str, list[float]] = defaultdict(lambda: [_WORTH * _SPREAD * _SPREAD, float(_WORTH)])
    for cell in cells:
        weight = sum(1.0 / one.doubt for one in cell.moved.values())
        mean = sum(one.by / one.doubt for one in cell.moved.values()) / weight
        mine = sums[cell.line]
        mine[0] += sum((one.by - mean) ** 2 / one.doubt for one in cell.moved.values())
        mine[1] += len(cell.moved) - 1
    return {line: total / n for line, (total, n) in sums.items()}


def _judged(group: Group, cell: _Cell, who: Collection[int], spread: float) -> tuple[float, Fall] | None:
    """How probable so low a mean is where nothing is the matter, and the fall it would be; None where too few came down, or not far enough."""
    moved = [cell.moved[person_id] for person_id in who]
    weight = sum(1.0 / one.doubt for one in moved)
    by = sum(one.by / one.doubt for one in moved) / weight
    fell = sum(one.by < 0.0 for one in moved)
    if -by < DROP or fell < SHARE * len(moved):
        return None
    on: dict[str, float] = defaultdict(float)
    for one in moved:
        for item, share in one.on.items():
            on[item] += share / one.doubt / weight
    var = spread / weight + sum(share * share * cell.brought[item].var for item, share in on.items())
    fall = Fall(group.teams, cell.skill, cell.line, cell.begins, len(moved), fell, -by)
    return 0.5 * erfc(-by / sqrt(2.0 * var)), fall
