"""What was noticed in a measure month by month, whether people worked otherwise meanwhile, and what the board did about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trainee.kit.i18n import _, date_words, number
from trainee.voice import arithmetic
from trainee.voice.arithmetic import Figure
from trainee.voice.measures import queries
from trainee.voice.measures.measure import Measure, change_words
from trainee.voice.measures.queries import MONTH, MONTHS, WINDOW, Course
from trainee.voice.queries import LEAST

# So much of a level, both ways, is no other way of working; and so many marks it takes to say so.
_SAME = 0.25
# Fewer marks on either side, or an interval that reaches half a level down, leave open whether people work as before.
FEW, _WIDE = 30, 0.5


@dataclass(frozen=True, slots=True)
class Event:
    """Something noticed: when, whether for better, in a sentence, whether it still holds, and how the team was seen to work meanwhile."""

    when: str
    up: bool
    words: str
    still: bool
    work: str
    # Whether people were seen to work as before while customers were let down: then it is the process.
    process: bool
    # Whether that rests on few marks, or they lie too far apart to say it plainly.
    unsure: bool = False


def events(key: str, measure: Measure, course: Course, team_id: int | None, at: datetime) -> list[Event]:
    """What was noticed, the newest first; for what fell, how the team's work was seen in those three months and the three before: two statements."""
    found, edges = [], queries.looks(at)
    for one in reversed(course.noticed):
        ends = edges[one.first + 1]
        work = _Work("") if one.up or team_id is None else _work(team_id, ends)
        when, words = date_words(queries.looked_on(ends), "d MMMM y"), change_words(key, measure, one.change)
        found.append(Event(when, one.up, words, one.last == MONTHS - 1, work.words, work.alike, work.unsure))
    return found


def risen(key: str, measure: Measure, course: Course, at: datetime) -> str:
    """Since when a measure that was noticed to have fallen has risen again, and from what to what; empty where it has not, or by chance."""
    found = course.risen
    if found is None:
        return ""
    month = date_words(queries.looked_on(queries.looks(at)[found.since]), "LLLL y")
    words = {"month": month, "before": measure.say(key, found.low.value), "after": measure.say(key, found.now.value)}
    return str(_("Since %(month)s it has risen again: from %(before)s to %(after)s. That is further than chance goes.", **words))


@dataclass(frozen=True, slots=True)
class _Work:
    """How a team was seen to work, in a sentence; whether that was alike, and whether it is not sure."""

    words: str
    alike: bool = False
    unsure: bool = False


def unsure(moved: Figure, *seen: Figure) -> bool:
    """Whether it stays open that two groups of marks are alike: one has few, or `moved`, their difference in levels, may be half a level down."""
    return min(one.n for one in seen) < FEW or moved.low < -_WIDE


def _work(team_id: int, ends: datetime) -> _Work:
    """How a team was seen to work in three months and in the three before."""
    begins = ends - WINDOW * MONTH
    now, before = queries.seen_at_work(team_id, begins, ends), queries.seen_at_work(team_id, begins - WINDOW * MONTH, begins)
    if now.n < LEAST or now.value is None:
        return _Work(str(_("Hardly anybody was observed at work meanwhile: nobody can say whether it is the people or the process.")))
    words = {"level": number(now.value, 1), "n": now.n}
    moved = arithmetic.difference(before, now) if before.n >= LEAST else None
    if moved is None:
        return _beside_others(team_id, now, begins, ends)
    words |= {"before": number(before.value or 0, 1), "m": before.n}
    if moved.high < 0 and (moved.value or 0) < -_SAME:
        told = _("At work the team was seen at level %(level)s of 4 (%(n)s marks), and at %(before)s before (%(m)s): lower, too.", **words)
        return _Work(str(told))
    if unsure(moved, before, now):
        told = _("At work the team was seen at level %(level)s of 4 (%(n)s marks), and at %(before)s before (%(m)s): few marks.", **words)
        return _Work(str(told), alike=True, unsure=True)
    told = _("At work the team was seen at level %(level)s of 4 (%(n)s marks), as before (%(before)s, %(m)s marks).", **words)
    return _Work(str(told), alike=True)


def _beside_others(team_id: int, now: Figure, begins: datetime, ends: datetime) -> _Work:
    """Where nobody was observed before, a team is set beside all the others of the same months."""
    others = queries.seen_at_work(team_id, begins, ends, others=True)
    words = {"level": number(now.value or 0, 1), "n": now.n, "others": number(others.value or 0, 1), "m": others.n}
    moved = arithmetic.difference(others, now) if others.n >= LEAST else None
    if moved is None or (moved.high < 0 and (moved.value or 0) < -_SAME):
        told = _("At work the team was seen at level %(level)s of 4 (%(n)s marks), all others at %(others)s (%(m)s): lower, too.", **words)
        return _Work(str(told))
    if unsure(moved, others, now):
        told = _("At work the team was seen at level %(level)s of 4 (%(n)s marks), all others at %(others)s (%(m)s marks): few marks.", **words)
        return _Work(str(told), alike=True, unsure=True)
    told = _("At work the team was seen at level %(level)s of 4 (%(n)s marks), like all others (%(others)s, %(m)s marks).", **words)
    return _Work(str(told), alike=True)


def marks(cards: list[Any], at: datetime) -> list[dict[str, Any]]:
    """When cards were opened and closed, as places in the history: 0 at its first point, 1 at its last; what lies outside is left out."""
    first = at - (MONTHS - WINDOW) * MONTH
    found = []
    for card in cards:
        for moment, words in ((card.opened_at, _("put on the board")), (card.closed_at, _("closed"))):
            if moment is not None and moment >= first:
                found.append({"at": (moment - first) / (at - first), "words": f"{date_words(moment, 'd MMM y')}: {words}"})
    return found
