"""Folding a person's evidence into figures: the one way in which figures are made, live, late, rebuilt or remembered.

The state is plain numbers in memory; where they came from and where they are kept is not known here. Rows must come in
the order in which things happened. A counted row takes one step of the filter on line "all" and one on its own line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from trainee.evidence import Row
from trainee.profile.filter import PRODUCT, Ability, Facet, Memory, Normal, Outlook, look, step
from trainee.profile.policy import ALL, Rule, rule

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_of(moment: datetime) -> float:
    """A moment as days since 1970, the filter's time."""
    return (moment - _EPOCH).total_seconds() / 86400.0


def moment_of(day: float) -> datetime:
    """The moment of a day since 1970, to the second."""
    return _EPOCH + timedelta(seconds=round(day * 86400.0))


def month_of(moment: datetime) -> int:
    """The calendar month (UTC) of a moment, counted from year 0."""
    moment = moment.astimezone(UTC)
    return moment.year * 12 + moment.month - 1


def end_of_month(month: int) -> datetime:
    """The first moment after that month."""
    return datetime((month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Difficulties:
    """What a calibration learned of items (by difficulty key and skill) and skills; what it never met is at its prior."""

    items: Mapping[str, Normal] = field(default_factory=dict)
    skills: Mapping[str, Normal] = field(default_factory=dict)
    unknown_item: Normal = field(default_factory=lambda: Normal(0.0, PRODUCT.vd))
    unknown_skill: Normal = field(default_factory=lambda: Normal(0.0, PRODUCT.vb))

    def skill(self, key: str) -> Normal:
        """The difficulty of a skill."""
        return self.skills.get(key, self.unknown_skill)


class Closed(NamedTuple):
    """A skill of one line as it stood when a month ended."""

    line: str
    skill: str
    month: int
    mean: float
    var: float
    n: int


@dataclass(slots=True)
class Person:
    """One person's figures while they are folded; `touched` names what has changed since it was loaded."""

    abilities: dict[str, Ability] = field(default_factory=dict)
    facets: dict[tuple[str, str], Facet] = field(default_factory=dict)
    memories: dict[tuple[str, str], Memory] = field(default_factory=dict)
    newest_at: datetime | None = None
    newest_id: int = 0
    rows: int = 0
    touched: set[tuple[str, str]] = field(default_factory=set)
    recalled: set[tuple[str, str]] = field(default_factory=set)
    closed: list[Closed] = field(default_factory=list)
    # Evidence from this moment on belongs to a later month than the newest.
    month_ends: datetime | None = None

    def ability(self, line: str) -> Ability:
        """The general level on one line, at its prior when nothing was seen."""
        found = self.abilities.get(line)
        if found is None:
            found = self.abilities[line] = Ability(0.0, PRODUCT.vg)
        return found

    def outlook(self, line: str, skill: str, day: float, difficulties: Difficulties) -> Outlook:
        """One skill of one line as it stands on `day`."""
        return look(self.ability(line), self.facets.get((line, skill)), difficulties.skill(skill), day)


def fold(rows: Iterable[Row], difficulties: Difficulties) -> Person:
    """A person's whole evidence, in order, from nothing."""
    person = Person()
    for row in rows:
        take(person, row, difficulties)
    return person


def item_key(rule: Rule, row: Row) -> str:
    """Whose difficulty a row reads: one item may ask several skills, and is not equally hard in each."""
    return f"{rule.source.difficulty_key(row.item, row.actor_id)}|{row.skill}"


def take(person: Person, row: Row, difficulties: Difficulties) -> float | None:
    """Take one row in and return the score that was to be expected on line "all"; None when its source does not count."""
    if person.month_ends is None or row.occurred_at >= person.month_ends:
        _turn_month(person, row.occurred_at, difficulties)
    person.newest_at = row.occurred_at
    person.newest_id = row.id
    found = rule(row.source, row.choices)
    if found is None:
        return None
    skill = row.skill
    day = day_of(row.occurred_at)
    skills = (difficulties.skill(skill),)
    item = difficulties.items.get(item_key(found, row), difficulties.unknown_item)
    known = found.source.memory_key(row.item, row.actor_id)
    _step(person, found.line, skill, known, skills, item, row.score, day, found)
    return _step(person, ALL, skill, known, skills, item, row.score, day, found)


def _step(
    person: Person, line: str, skill: str, known: str | None, skills: tuple[Normal], item: Normal, score: float, day: float, found: Rule
) -> float:
    who = person.abilities.get(line)
    if who is None:
        who = person.ability(line)
    place = (line, skill)
    facet = person.facets.get(place)
    if facet is None:
        facet = person.facets[place] = Facet(0.0, 0.0, PRODUCT.vu, 0, day)
    memory = None
    if known is not None:
        memo = (line, f"{known}|{skill}")
        memory = person.memories.get(memo)
        if memory is None:
            memory = person.memories[memo] = Memory(0.0, PRODUCT.vr, 0, day)
        person.recalled.add(memo)
    person.touched.add(place)
    return step(who, (facet,), skills, memory, item, score, day, found.task)


def _turn_month(person: Person, at: datetime, difficulties: Difficulties) -> None:
    """Close every month between the newest evidence and `at`, as each skill stood when the month ended."""
    if person.newest_at is not None:
        for month in range(month_of(person.newest_at), month_of(at)):
            day = day_of(end_of_month(month))
            for (line, skill), facet in person.facets.items():
                mean, var = look(person.ability(line), facet, difficulties.skill(skill), day)
                person.closed.append(Closed(line, skill, month, mean, var, facet.n))
    person.month_ends = end_of_month(month_of(at))
