"""Why a level is what it is: the four lines, the months, the anchors, and every piece of evidence with what it moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from trainee import people, profile, skills
from trainee.dashboards.person import Picture, a_customer, from_enough, seen_by_another, where
from trainee.dashboards.standing import level_name, place
from trainee.evidence.sources import sources
from trainee.kit.i18n import _, _l, date_words, language, moment_words
from trainee.plans import Training
from trainee.profile import Explanation, MonthFigure, Moved
from trainee.profile.policy import ALL, highest
from trainee.voice.holding import from_customer

SIZE = 15
NOTHING_CLOSED: Mapping[int, int] = {}
# What is taken back by itself says why in a word of the log's; here it is said to a reader.
_REASONS = {
    "observed by two": _l("two people saw the same contact, and their marks count together"),
    "looked at by a supervisor": _l("a supervisor looked at the reply, and what they saw counts instead"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One row of the explanation in words. `moved` is in hundredths and carries its sign, `waited` what time had moved before it.

    `opens` is the observation to open for a mark that is not to be read in passing: neither it nor what it moved stands here then. Nor do they of
    what is `held`: a customer's mark while too few answered.
    """

    happened: str
    where: str
    when: str
    who: str
    sentence: str
    moved: int
    waited: int
    own: bool
    opens: int = 0
    held: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """How all rows add up, in hundredths as they are printed: `start` + `gained` + `waiting` = `now`.

    Of one page: `newer` (the rows on the pages before it and the time since the newest), its own pieces with the time
    before each, `earlier` (the rows on the pages after it) and `start` make `now` as well.
    """

    start: int
    gained: int
    waiting: int
    now: int
    newer: int
    earlier: int


@dataclass(frozen=True, slots=True)
class Why:
    """The page as values."""

    line: str
    sum: Sum
    pieces: list[Piece]
    total: int
    page: int
    pages: int
    months: list[tuple[str, float, str]]
    anchors: list[tuple[str, list[str]]]
    withdrawn: list[tuple[str, str, str]]
    told: list[tuple[str, str]]


def why(
    person_id: int,
    skill: str,
    seen: Picture,
    at: datetime,
    page: int,
    line: str = ALL,
    known_by: datetime | None = None,
    closed: Mapping[int, int] = NOTHING_CLOSED,
) -> Why:
    """One skill of one person explained, over all or on one line; `page` counts from 1, newest first. Five statements, whatever the history.

    Of the `closed` rows (with the observation each is from) it tells no more than that there is one; nor of customers' where this skill is `held` in
    what is seen, and then not what they add up to on their own line.
    """
    held = skill in seen.held
    line = ALL if held and line == "customers" else line
    found = profile.explain(person_id, skill, at, line, known_by)
    rows = list(reversed(_rows(found)))
    pages = max(1, -(-len(rows) // SIZE))
    page = min(max(page, 1), pages)
    first = (page - 1) * SIZE
    shown = rows[first : first + SIZE]
    names = people.names(row.step.actor_id for row in shown if row.step.actor_id is not None)
    most = highest(line) if line != ALL or not seen.levels[skill].seen_at_work else 4
    return Why(
        line=line,
        sum=_sum(found, rows, first),
        pieces=[_piece(row, names, seen.offered, closed.get(row.step.evidence_id or 0, 0), held) for row in shown],
        total=found.figure.n,
        page=page,
        pages=pages,
        months=months(seen.months[skill].get(line, ()) if skill in seen.months else (), most),
        anchors=anchors(skill, seen.levels[skill].level),
        withdrawn=[
            (a_customer() if held and from_customer(one.source) else one.happened, moment_words(one.withdrawn_at), _reason(one.reason))
            for one in found.withdrawn
            if one.evidence_id not in closed
        ],
        told=[(sources[row.source].sentence(row.score), moment_words(row.occurred_at)) for row in found.not_counted if row.source in sources],
    )


def _reason(written: str) -> str:
    known = _REASONS.get(written)
    return str(known) if known is not None else written


def _hundredths(share: float) -> int:
    return int(share * 100 + 0.5)


class _Row(NamedTuple):
    """A step that is printed, with the points that are printed for it and for the time before it."""

    step: Moved
    waited: int
    moved: int


def _rows(found: Explanation) -> list[_Row]:
    """The steps that are worth a row, oldest first.

    Not the movements are rounded but the places between them: what is printed is the way from one rounded place to the
    next. So the points add up to the last place however small the movements are, and each is off by less than one. What
    came on other skills and moved this one by less than can be seen has no row; the next one's waiting takes it along.
    """
    rows = []
    place = _hundredths(found.start)
    for step in found.steps:
        before, after = _hundredths(step.before), _hundredths(step.after)
        if step.own or before != after:
            rows.append(_Row(step, before - place, after - before))
            place = after
    return rows


def _sum(found: Explanation, rows: Sequence[_Row], first: int) -> Sum:
    start, now = _hundredths(found.start), _hundredths(found.figure.expected)
    gained = sum(row.moved for row in rows)
    earlier = sum(row.waited + row.moved for row in rows[first + SIZE :])
    here = sum(row.waited + row.moved for row in rows[first : first + SIZE])
    return Sum(start, gained, now - start - gained, now, now - start - here - earlier, earlier)


def _piece(row: _Row, names: Mapping[int, str], offered: Training, opens: int, held: bool) -> Piece:
    step = row.step
    if opens:
        words = _("You could still score this contact yourself, without knowing another mark. It stands in the observation, and counts in the sum.")
        return Piece(seen_by_another(), "", moment_words(step.occurred_at), "", str(words), 0, 0, True, opens)
    if held and step.own and from_customer(step.source):
        words = _("%(told)s It counts in the sum.", told=from_enough())
        return Piece(a_customer(), "", moment_words(step.occurred_at), "", str(words), 0, 0, True, held=True)
    return Piece(
        happened=step.happened,
        where=where(step.item, offered) if step.own else "",
        when=moment_words(step.occurred_at),
        who=names.get(step.actor_id or 0, ""),
        sentence=step.sentence,
        moved=row.moved,
        waited=row.waited,
        own=step.own,
    )


def signed(points: int) -> str:
    """A movement with its sign: +3, −2, ±0."""
    return f"+{points}" if points > 0 else (f"−{-points}" if points < 0 else "±0")


def months(found: Sequence[MonthFigure], most: int) -> list[tuple[str, float, str]]:
    """The months in which a level could be told, for the chart: name, place on the meter, words; no level above `most`."""
    told = [month for month in found if month.enough][-12:]
    return [
        (date_words(date(month.year, month.month, 1), "MMM y"), min(place(month.expected), float(most)), level_name(min(month.level, most)))
        for month in told
    ]


def anchors(skill: str, level: int | None) -> list[tuple[str, list[str]]]:
    """What the present level looks like when one watches it, and the next; the first two where no level can be told."""
    here = level or 1
    known = skills.framework().skill(skill).anchors
    return [(level_name(step), [words.of(language()) for words in known[step]]) for step in (here, here + 1) if step in known]
