"""What was seen of people at work, contact by contact."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import select

from trainee.coaching.observations.disputes import disputes_of
from trainee.coaching.observations.models import CONTEMPT, Observation, ObservationLine
from trainee.coaching.observations.present import critical_stands, stands
from trainee.coaching.scorecards.forms import CHANNEL_NAMES
from trainee.kit.db import db
from trainee.kit.i18n import _l
from trainee.people import Person
from trainee.reports.column import Adds, Column, Row
from trainee.reports.columns import WHO, who
from trainee.reports.figures import AGREEMENT, LINES_AT_LEVEL, OBSERVATIONS
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Bars, Trend
from trainee.reports.population import Member, TeamsThen, chunks, within
from trainee.reports.report import Report

_FROM_GOOD = 3
_LICENSED = {"yes": _l("Counts in full"), "no": _l("Without a licence")}


@dataclass(frozen=True, slots=True)
class Contact:
    """One observation that its person may read: how many of its lines count and are good, and how many were scored twice and alike."""

    member: Member
    place: tuple[str, str]
    observation: Any
    lines: int
    good: int
    mean: float | None
    criticals: int
    disputed: int
    twice: int
    same: int


# Levels are whole, so their sum is known of their mean.
_LEVELS = Adds(sums=False, weigh=lambda fact: (round(fact.mean * fact.lines), fact.lines) if fact.lines else None)


@kinds.register
class Observations(Report):
    """One row for each observation."""

    key = "observations"
    place = 80
    title = _l("Observation and calibration")
    says = _l(
        "One row for each contact that somebody watched and the person was shown: by whom, on which channel, and how its lines stand after disputes. "
        "What was written beside them stays out."
    )
    takes = ("unit", "team", "skill", "since", "until", "left")
    period = _l("seen")
    figures = (OBSERVATIONS, LINES_AT_LEVEL, AGREEMENT)
    pictures = (
        Trend(_l("Lines at level 3 or 4, month by month"), lambda fact: (fact.observation.seen_at, fact.good, fact.lines), least=10),
        Bars(_l("On which channel"), lambda fact: ((fact.observation.channel, 1.0),), lambda: CHANNEL_NAMES, _l("Channel")),
    )
    _own: ClassVar[tuple[Column, ...]] = (
        Column("seen_at", _l("Seen on"), "moment"),
        Column("observer", _l("Observer")),
        Column("licensed", _l("Observer's licence"), "choice", _LICENSED),
        Column("channel", _l("Channel"), "choice", CHANNEL_NAMES),
        Column("lines", _l("Lines marked"), "whole", adds=Adds()),
        Column("good_lines", _l("At level 3 or 4"), "whole", adds=Adds()),
        Column("mean_level", _l("Mean level"), "number", adds=_LEVELS),
        Column("critical_errors", _l("Critical errors"), "whole", adds=Adds()),
        Column("disputes", _l("Disputed lines"), "whole", adds=Adds()),
        Column("acknowledged_at", _l("Read on"), "moment"),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who, by whom, and how it stands."""
        return (*WHO, *self._own)

    def facts(self, asked: Asked) -> Iterator[Contact]:
        """Each person's observations, in the order in which they were seen."""
        for members in chunks(asked, once=True):
            then, known = TeamsThen(members, asked), {one.id: (place, one) for place, one in enumerate(members)}
            rows = sorted(_seen(list(known)), key=lambda row: (known[row.person_id][0], row.seen_at, row.id))
            lines, disputes = _lines(list(known), asked.filters.skill), disputes_of([row.id for row in rows])
            earlier: dict[tuple[int, str, str], tuple[int, int]] = {}
            for row in rows:
                member = known[row.person_id][1]
                twice, same = _twice(row, lines.get(row.id, []), earlier)
                place = then.at(member.id, row.seen_at)
                if place is not None and within(asked, row.seen_at) and (asked.filters.skill is None or row.id in lines):
                    yield _contact(member, place, row, lines.get(row.id, []), disputes[row.id], twice, same)

    def row(self, fact: Contact, asked: Asked) -> Row:
        """Its cells."""
        seen = fact.observation
        licensed = "yes" if seen.licensed else "no"
        own = (seen.seen_at, seen.observer, licensed, seen.channel, fact.lines, fact.good, fact.mean, fact.criticals, fact.disputed)
        return (*who(fact.member, fact.place), *own, seen.acknowledged_at)


def _seen(person_ids: Sequence[int]) -> Sequence[Any]:
    one = Observation
    columns = (one.id, one.person_id, one.observer_id, one.seen_at, one.channel, one.contact, one.licensed, one.acknowledged_at)
    statement = select(*columns, Person.name.label("observer")).join(Person, Person.id == one.observer_id)
    return db.session.execute(statement.where(one.person_id.in_(person_ids), one.released_at.is_not(None))).all()


def _lines(person_ids: Sequence[int], skill: str | None) -> dict[int, list[Any]]:
    line = ObservationLine
    statement = (
        select(line.observation_id, line.skill_key, line.level, line.critical)
        .join(Observation, Observation.id == line.observation_id)
        .where(Observation.person_id.in_(person_ids), Observation.released_at.is_not(None))
    )
    if skill is not None:
        statement = statement.where(line.skill_key == skill)
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.observation_id, []).append(row)
    return found


def _twice(row: Any, lines: Sequence[Any], earlier: dict[tuple[int, str, str], tuple[int, int]]) -> tuple[int, int]:
    """How many lines of this contact another observer had marked, as they were marked, and how many alike; its own are noted for whoever comes."""
    if not row.contact:
        return 0, 0
    marks = {line.skill_key: 1 if line.critical else line.level for line in lines}
    twice = same = 0
    for skill, level in marks.items():
        other = earlier.get((row.person_id, row.contact, skill))
        if level is not None and other is not None and other[0] != row.observer_id:
            twice += 1
            same += other[1] == level
        elif level is not None and other is None:
            earlier[row.person_id, row.contact, skill] = row.observer_id, level
    return twice, same


def _contact(member: Member, place: tuple[str, str], row: Any, lines: Sequence[Any], disputes: Mapping[str, Any], twice: int, same: int) -> Contact:
    levels = [level for line in lines if (level := stands(line, disputes.get(line.skill_key))) is not None]
    mean = round(sum(levels) / len(levels), 2) if levels else None
    good = sum(level >= _FROM_GOOD for level in levels)
    standing = [line for line in lines if critical_stands(line, disputes.get(line.skill_key))]
    # A contact without respect is one error, in however many lines it counts.
    criticals = len({CONTEMPT if line.critical == CONTEMPT else line.skill_key for line in standing})
    return Contact(member, place, row, len(levels), good, mean, criticals, len(disputes), twice, same)
