"""What a recommendation really does: before and after in the log, beside what happens where nothing of the kind was done.

Whoever is below what is expected comes nearer by herself: who was scored low by chance is scored higher the next time (regression to the mean),
and people learn from one another. So the share of the gap that closes around a deed is told less the share that closes on the same days where
there was none. What is left is drawn to our judgement while it is noisier than that. Arithmetic on values, and functions that read and write.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import hypot, sqrt
from statistics import fmean
from typing import Final, NamedTuple

from sqlalchemy import insert, select

from trainee import evidence, expectations
from trainee.kit.db import db
from trainee.kit.kept import Kept
from trainee.plans.models import EFFECT
from trainee.plans.recommendation import Effect, Effects
from trainee.plans.recommendations import recommendations
from trainee.profile import GAP_OF_LINE
from trainee.profile.fold import day_of
from trainee.profile.policy import CUTS, rule

# So far back and ahead is looked, at so many pieces at most and so few at least; two cases of one person and skill lie as far apart.
DAYS: Final = 60.0
MOST: Final = 5
LEAST: Final = 3
# Fewer cases, and fewer to compare with, say nothing, not even how noisy they are.
FEWEST: Final = 5
COMPARED: Final = 20


@dataclass(slots=True)
class _Course:
    """One person's scores on one line of one skill, in order, and on which days each kind of thing was done about the skill."""

    days: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    def around(self, first: float, last: float, cut: float) -> tuple[float, float] | None:
        """How far below the cut she was before `first`, and by how much she came nearer after `last`; None where that cannot be told."""
        before = self.scores[bisect_left(self.days, first - DAYS) : bisect_left(self.days, first)][-MOST:]
        after = self.scores[bisect_right(self.days, last) : bisect_right(self.days, last + DAYS)][:MOST]
        if len(before) < LEAST or len(after) < LEAST or (was := fmean(before)) >= cut:
            return None
        return cut - was, fmean(after) - was


Place = tuple[int, str]
_Courses = dict[str, dict[Place, _Course]]
_Done = dict[str, dict[Place, list[float]]]


def measured(
    rows: Iterable[evidence.Row], deeds: Mapping[str, Iterable[tuple[int, str, datetime]]], cuts: Mapping[Place, float]
) -> dict[tuple[str, str], Effect]:
    """The effects in a log: `deeds` are what leaves no evidence of its own, by kind; `cuts` the score that is expected, by person and skill."""
    courses: _Courses = {line: defaultdict(_Course) for line in GAP_OF_LINE}
    done: _Done = {kind.key: defaultdict(list) for kind in recommendations}
    of_source = {kind.shown_by: kind.key for kind in recommendations if kind.shown_by}
    for row in rows:
        found, place, day = rule(row.source, row.choices), (row.person_id, row.skill), day_of(row.occurred_at)
        if found is None or place not in cuts:
            continue
        course = courses[found.line][place]
        course.days.append(day)
        course.scores.append(row.score)
        if row.source in of_source:
            done[of_source[row.source]][place].append(day)
    for key, some in deeds.items():
        for person_id, skill, moment in some:
            done[key][person_id, skill].append(day_of(moment))
    return _effects(courses, done, cuts)


def _effects(courses: _Courses, done: _Done, cuts: Mapping[Place, float]) -> dict[tuple[str, str], Effect]:
    found: dict[tuple[str, str], Effect] = {}
    for kind in recommendations:
        for line, diagnosis in GAP_OF_LINE.items():
            effect = _effect(courses[line], done[kind.key], cuts) if diagnosis in kind.gains else None
            if effect is not None:
                found[kind.key, diagnosis] = effect
    return found


def _effect(courses: Mapping[Place, _Course], done: Mapping[Place, Sequence[float]], cuts: Mapping[Place, float]) -> Effect | None:
    deeds = {place: sorted(some) for place, some in done.items()}
    cases = [case for place, course in courses.items() for case in _cases(course, deeds.get(place, []), cuts[place])]
    if len(cases) < FEWEST:
        return None
    days = sorted(case.day for case in cases)
    others = [other for place, course in courses.items() for other in _without(course, deeds.get(place, []), cuts[place], days)]
    if len(others) < COMPARED:
        return None
    (with_it, error), (without, other_error) = _closed(cases), _closed(others)
    return Effect(with_it - without, hypot(error, other_error), len(cases), len(others))


class _Case(NamedTuple):
    """How far somebody was below on a day, and by how much she came nearer."""

    day: float
    gap: float
    moved: float


def _closed(found: Sequence[_Case]) -> tuple[float, float]:
    """The share of these gaps that closed, a ratio of sums, and its standard error (Cochran 1977, 6.3)."""
    whole = sum(one.gap for one in found)
    share = sum(one.moved for one in found) / whole
    return share, sqrt(sum((one.moved - share * one.gap) ** 2 for one in found)) / whole


def _cases(course: _Course, deeds: Sequence[float], cut: float) -> Iterable[_Case]:
    """Around each deed: what is done again within a day belongs to it, and what follows within the time that is looked at is no case of its own."""
    place = 0
    free = float("-inf")
    while place < len(deeds):
        first = last = deeds[place]
        while place < len(deeds) and deeds[place] <= first + 1.0:
            last = deeds[place]
            place += 1
        found = course.around(first, last, cut) if first > free else None
        if found is not None:
            free = last + DAYS
            yield _Case(first, *found)


def _without(course: _Course, deeds: Sequence[float], cut: float, days: Sequence[float]) -> Iterable[_Case]:
    """On the days of the cases, so that what happened to everybody then is in both: whoever had no such deed in the time that is looked at."""
    free = float("-inf")
    for day in days:
        quiet = day > free and bisect_left(deeds, day - DAYS) == bisect_right(deeds, day + DAYS)
        found = course.around(day, day, cut) if quiet else None
        if found is not None:
            free = day + DAYS
            yield _Case(day, *found)


def measure_advice(at: datetime) -> int:
    """Measure every kind of recommendation by the whole log, and keep what came of it; how many could be measured."""
    return keep_effects(effects_in_log(at), at)


def effects_in_log(at: datetime) -> dict[tuple[str, str], Effect]:
    """The effect of every kind of recommendation on every kind of gap, by the whole log; those that can be told. Reads, and takes its time."""
    wanted = expectations.targets_of(evidence.people_with_evidence(), at)
    cuts = {(who, skill): CUTS[target.level - 2] for who, mine in wanted.items() for skill, target in mine.items() if target.level > 1}
    return measured(evidence.of_everyone(), {kind.key: kind.deeds() for kind in recommendations}, cuts)


def keep_effects(found: Mapping[tuple[str, str], Effect], at: datetime) -> int:
    """Keep what was measured; how many they are."""
    rows = [{"measured_at": at, "kind": kind, "diagnosis": diagnosis, **effect._asdict()} for (kind, diagnosis), effect in found.items()]
    if rows:
        db.session.execute(insert(EFFECT), rows)
    return len(rows)


_KEPT: Kept[str, Effects] = Kept("plans.effects", 1)


def effects(newest: int) -> Effects:
    """What was measured last; `newest` is the highest number in the table (0: nothing yet). One statement when it has changed, else none."""
    return _KEPT.one("effects", newest, _read) if newest else {}


def _read() -> Effects:
    last = select(EFFECT.c.measured_at).order_by(EFFECT.c.id.desc()).limit(1).scalar_subquery()
    rows = select(EFFECT).where(EFFECT.c.measured_at == last)
    return {(row.kind, row.diagnosis): Effect(row.share, row.error, row.cases, row.compared) for row in db.session.execute(rows)}
