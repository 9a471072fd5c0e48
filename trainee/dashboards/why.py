"""Why a level is what it is: the four lines, the months, the anchors, and every piece of evidence with what it moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from trainee import people, profile, skills
from trainee.dashboards.person import Picture, where
from trainee.dashboards.standing import level_name, place
from trainee.evidence.sources import sources
from trainee.kit.i18n import _, date_words, language, moment_words
from trainee.plans import Training
from trainee.profile import Explanation, MonthFigure, Moved

SIZE = 15


@dataclass(frozen=True, slots=True)
class Piece:
    """One row of the explanation in words. `moved` is in hundredths and carries its sign; `waited` says what time moved before it."""

    happened: str
    where: str
    when: str
    who: str
    sentence: str
    moved: int
    waited: str
    own: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """How the rows add up, in hundredths: `start` + `gained` + `waiting` = `now`, as they are shown."""

    start: int
    gained: int
    waiting: int
    now: int


@dataclass(frozen=True, slots=True)
class Why:
    """The page as values."""

    sum: Sum
    pieces: list[Piece]
    total: int
    page: int
    pages: int
    months: list[tuple[str, float, str]]
    anchors: list[tuple[str, list[str]]]
    withdrawn: list[tuple[str, str, str]]
    told: list[tuple[str, str]]


def why(person_id: int, skill: str, seen: Picture, at: datetime, page: int) -> Why:
    """One skill of one person explained; `page` counts from 1, newest first. Five statements, whatever the history."""
    found = profile.explain(person_id, skill, at)
    # What came on other skills is only worth a row when it moved this one by a point that can be seen.
    steps = [step for step in reversed(found.steps) if step.own or _points(step)]
    pages = max(1, -(-len(steps) // SIZE))
    page = min(max(page, 1), pages)
    shown = steps[(page - 1) * SIZE : page * SIZE]
    names = people.names(step.actor_id for step in shown if step.actor_id is not None)
    return Why(
        sum=_sum(found),
        pieces=[_piece(step, names, seen.offered) for step in shown],
        total=found.figure.n,
        page=page,
        pages=pages,
        months=months(seen.months[skill]["all"] if skill in seen.months else []),
        anchors=anchors(skill, seen.levels[skill].level),
        withdrawn=[(one.happened, moment_words(one.withdrawn_at), one.reason) for one in found.withdrawn],
        told=[(sources[row.source].sentence(row.score), moment_words(row.occurred_at)) for row in found.not_counted if row.source in sources],
    )


def _hundredths(share: float) -> int:
    return int(share * 100 + 0.5) if share >= 0 else -int(-share * 100 + 0.5)


def _sum(found: Explanation) -> Sum:
    start, waiting, now = _hundredths(found.start), _hundredths(found.waiting), _hundredths(found.figure.expected)
    # The middle is what is left, so that what is read adds up to the last figure; it is off from its own rounding by one at most.
    return Sum(start, now - start - waiting, waiting, now)


def _points(step: Moved) -> int:
    return _hundredths(step.after) - _hundredths(step.before)


def _piece(step: Moved, names: Mapping[int, str], offered: Training) -> Piece:
    waited = _hundredths(step.waited)
    words = str(_("Time without evidence had moved it by %(points)s before that.", points=signed(waited))) if waited else ""
    return Piece(
        happened=step.happened,
        where=where(step.item, offered) if step.own else "",
        when=moment_words(step.occurred_at),
        who=names.get(step.actor_id or 0, ""),
        sentence=step.sentence,
        moved=_points(step),
        waited=words,
        own=step.own,
    )


def signed(points: int) -> str:
    """A movement with its sign: +3, −2, ±0."""
    return f"+{points}" if points > 0 else (f"−{-points}" if points < 0 else "±0")


def months(found: Sequence[MonthFigure]) -> list[tuple[str, float, str]]:
    """The months in which a level could be told, for the chart: name, place on the meter, words."""
    told = [month for month in found if month.enough][-12:]
    return [
        (date_words(date(month.year, month.month, 1), "MMM y"), place(month.expected), level_name(min(int(place(month.expected)), 3) + 1))
        for month in told
    ]


def anchors(skill: str, level: int | None) -> list[tuple[str, list[str]]]:
    """What the present level looks like when one watches it, and the next; the first two where no level can be told."""
    here = level or 1
    known = skills.framework().skill(skill).anchors
    return [(level_name(step), [words.of(language()) for words in known[step]]) for step in (here, here + 1) if step in known]
