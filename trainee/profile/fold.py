"""Folding a person's evidence into figures: the one way in which figures are made, live, late, rebuilt or remembered.

The state is plain numbers in memory; where they came from and where they are kept is not known here. Rows must come in
the order in which things happened. A counted row takes one step of the filter on line "all" and one on its own line.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import floor
from typing import NamedTuple

from trainee.evidence import Row
from trainee.profile.falls import Fall
from trainee.profile.filter import PRODUCT, Ability, Constants, Facet, Memory, Normal, Outlook, Task, look, step_one
from trainee.profile.policy import ALL, Rule, rule

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_of(moment: datetime) -> float:
    """A moment as days since 1970, the filter's time."""
    return moment.timestamp() / 86400.0


def moment_of(day: float) -> datetime:
    """The moment of a day since 1970, to the second and never later than it was; what a float of days loses is a ten-thousandth of one."""
    return _EPOCH + timedelta(seconds=floor(day * 86400.0 + 1e-4))


def month_of(moment: datetime) -> int:
    """The calendar month (UTC) of a moment, counted from year 0."""
    moment = moment.astimezone(UTC)
    return moment.year * 12 + moment.month - 1


def end_of_month(month: int) -> datetime:
    """The first moment after that month."""
    return datetime((month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Difficulties:
    """What a calibration learned of items (by difficulty key and skill) and skills; what it never met is at its prior.

    `widths` says by line how much wider than the filter's a band has to be, and from how many bands that was learned; `falls` what many came down in
    at once. Nothing that is folded reads these.
    """

    items: Mapping[str, Normal] = field(default_factory=dict)
    skills: Mapping[str, Normal] = field(default_factory=dict)
    widths: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    falls: tuple[Fall, ...] = ()
    unknown_skill: Normal = field(default_factory=lambda: Normal(0.0, PRODUCT.vb))

    def skill(self, key: str) -> Normal:
        """The difficulty of a skill."""
        return self.skills.get(key, self.unknown_skill)

    def width(self, line: str) -> float:
        """The factor of that line's bands; 1 where none was learned."""
        return self.widths[line][0] if line in self.widths else 1.0


# A skill of one line as it stood when a month ended: line, skill, month, mean, variance, pieces of evidence. A rebuild makes more of them than
# there are rows in the log, and a plain tuple is made in a fifth of the time of a named one.
Closed = tuple[str, str, int, float, float, int]


class Reading(NamedTuple):
    """What a row asks of the filter besides its score: on which line, as what task, against which difficulties, beside which memory."""

    line: str
    task: Task
    skill: Normal
    item: Normal
    memory: str | None
    # Tells a receipt's sitting; None where pieces stand alone.
    sitting: Callable[[str], str] | None


# By source, choices, item, actor and skill; None where the source does not count.
Readings = dict[tuple[str, int, str, int | None, str], Reading | None]


class Line:
    """One person on one line (or on all together): the general level, the skills, and what is remembered of items.

    A memory is kept twice, as the line sees it and as all lines together see it. What was loaded and has not changed lies
    apart, so that only what has changed is saved.
    """

    __slots__ = ("facets", "form", "loaded", "memories", "recalled", "sitting", "who")

    def __init__(self) -> None:
        self.who = Ability(0.0, PRODUCT.vg)
        self.facets: dict[str, Facet] = {}
        self.memories: dict[str, tuple[Memory, Memory]] = {}
        self.loaded: dict[str, Facet] = {}
        self.recalled: dict[str, tuple[Memory, Memory]] = {}
        self.sitting = ""
        self.form: Facet | None = None

    def in_form(self, sitting: str, day: float, k: Constants = PRODUCT) -> Facet:
        """The person's form on that day, to be changed. Runs played one after the other share it: it ends with half a day without any.

        A new one is called by the run it begins with.
        """
        if self.form is None or day - self.form.at > k.pause:
            self.sitting = sitting
            self.form = Facet(0.0, 0.0, k.vf, 0, day)
        return self.form

    def look_at(self, skill: str) -> Facet | None:
        """The person's deviation on a skill, only to be read; None when nothing was seen."""
        return self.facets.get(skill) or self.loaded.get(skill)

    def every_facet(self) -> Iterator[tuple[str, Facet]]:
        """Every skill seen on this line."""
        yield from self.facets.items()
        yield from self.loaded.items()

    def touch(self, skill: str, day: float) -> Facet:
        """The deviation on a skill, to be changed for the first time since it was loaded; at its prior when nothing was seen."""
        found = self.loaded.pop(skill, None)
        if found is None:
            found = Facet(0.0, 0.0, PRODUCT.vu, 0, day)
        self.facets[skill] = found
        return found

    def recall(self, item: str, day: float) -> tuple[Memory, Memory]:
        """What is remembered of an item, as this line and as all see it, to be changed for the first time since it was loaded."""
        found = self.recalled.pop(item, None) or (Memory(0.0, PRODUCT.vr, 0, day), Memory(0.0, PRODUCT.vr, 0, day))
        self.memories[item] = found
        return found


@dataclass(slots=True)
class Person:
    """One person's figures while they are folded."""

    whole: Line = field(default_factory=Line)
    lines: dict[str, Line] = field(default_factory=dict)
    newest_at: datetime | None = None
    newest_id: int = 0
    rows: int = 0
    closed: list[Closed] = field(default_factory=list)
    # Evidence from this moment on belongs to a later month than the newest.
    month_ends: datetime | None = None

    def line(self, line: str) -> Line:
        """One line, "all" for the whole; at its prior when nothing was seen on it."""
        if line == ALL:
            return self.whole
        found = self.lines.get(line)
        if found is None:
            found = self.lines[line] = Line()
        return found

    def every_line(self) -> Iterator[tuple[str, Line]]:
        """The whole and every line on which anything was seen."""
        yield ALL, self.whole
        yield from self.lines.items()

    def outlook(self, line: str, skill: str, day: float, difficulties: Difficulties) -> Outlook:
        """One skill of one line as it stands on `day`."""
        one = self.line(line)
        return look(one.who, one.look_at(skill), difficulties.skill(skill), day)


def fold(rows: Iterable[Row], difficulties: Difficulties, readings: Readings | None = None) -> Person:
    """A person's whole evidence, in order, from nothing.

    `readings` may be handed on from person to person under the same difficulties: people answer the same questions.
    """
    person = Person()
    readings = {} if readings is None else readings
    for row in rows:
        take(person, row, difficulties, readings)
    return person


def item_key(rule: Rule, row: Row) -> str:
    """Whose difficulty a row reads: one item may ask several skills, and is not equally hard in each."""
    return f"{rule.source.difficulty_key(row.item, row.actor_id)}|{row.skill}"


def reading(row: Row, difficulties: Difficulties) -> Reading | None:
    """What a row asks of the filter; None when its source does not count."""
    found = rule(row.source, row.choices)
    if found is None:
        return None
    item = difficulties.items.get(item_key(found, row)) or Normal(*found.prior)
    known = found.source.memory_key(row.item, row.actor_id)
    memory = None if known is None else f"{known}|{row.skill}"
    sitting = found.source.sitting if found.source.sits else None
    return Reading(found.line, found.task, difficulties.skill(row.skill), item, memory, sitting)


def take(person: Person, row: Row, difficulties: Difficulties, readings: Readings | None = None) -> float | None:
    """Take one row in and return the score that was to be expected on line "all"; None when its source does not count.

    `readings` remembers from row to row what such a row asks. Like `step_one` it runs once per row of a long log, and spares calls where it can.
    """
    number, _person_id, skill, source, score, item, at, actor_id, choices, receipt = row
    if person.month_ends is None or at >= person.month_ends:
        _turn_month(person, at, difficulties)
    person.newest_at = at
    person.newest_id = number
    readings = {} if readings is None else readings
    key = (source, choices, item, actor_id, skill)
    try:
        asked = readings[key]
    except KeyError:
        asked = readings[key] = reading(row, difficulties)
    if asked is None:
        return None
    of, task, hard, d, known, sitting = asked
    day = at.timestamp() / 86400.0
    line = person.lines.get(of) or person.line(of)
    whole = person.whole
    own = shared = None
    if known is not None:
        own, shared = line.memories.get(known) or line.recall(known, day)
    form = overall = None
    if sitting is not None and (sat := sitting(receipt)):
        form, overall = line.in_form(sat, day), whole.in_form(sat, day)
    step_one(line.who, line.facets.get(skill) or line.touch(skill, day), hard, own, d, score, day, task, PRODUCT, form)
    return step_one(whole.who, whole.facets.get(skill) or whole.touch(skill, day), hard, shared, d, score, day, task, PRODUCT, overall)


def _turn_month(person: Person, at: datetime, difficulties: Difficulties) -> None:
    """Close every month between the newest evidence and `at`, as each skill stood when the month ended."""
    if person.newest_at is not None:
        lines = [(name, line.who, list(line.every_facet())) for name, line in person.every_line()]
        for month in range(month_of(person.newest_at), month_of(at)):
            day = day_of(end_of_month(month))
            for name, who, facets in lines:
                _close(person.closed, name, who, facets, month, day, difficulties)
    person.month_ends = end_of_month(month_of(at))


def _close(closed: list[Closed], name: str, who: Ability, facets: list[tuple[str, Facet]], month: int, day: float, known: Difficulties) -> None:
    """Note how each of these skills stands on `day`: what `look` says, written out, as a rebuild closes more months than it reads rows."""
    skills, unknown = known.skills, known.unknown_skill
    m, v, vu, tau, beta = who.m, who.v, PRODUCT.vu, PRODUCT.tau, -PRODUCT.beta
    for skill, facet in facets:
        waited = day - facet.at
        phi = (1.0 + waited / tau) ** beta if waited > 0.0 else 1.0
        lean = 1.0 + phi * facet.be
        mean = lean * m + phi * facet.al - (skills.get(skill) or unknown).m
        closed.append((name, skill, month, mean, lean * lean * v + vu + (facet.c - vu) * phi * phi, facet.n))
