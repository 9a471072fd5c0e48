"""Coaching sessions: promised, held, and what showed at work afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from trainee import skills
from trainee.coaching import sessions
from trainee.coaching.sessions.words import STATES
from trainee.kit.clock import local_date
from trainee.kit.i18n import _, _l, language
from trainee.kit.intervals import Share
from trainee.reports.column import Adds, Column, Row
from trainee.reports.columns import WHO, first_of, who
from trainee.reports.figures import CLOSED, HELD
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Bars, Range, Ranges
from trainee.reports.population import Member, TeamsThen, chunks, within
from trainee.reports.report import Report

# A share of fewer lines on either side says nothing.
_TOLD_FROM: Final = 5


@dataclass(frozen=True, slots=True)
class Talked:
    """One session of one person."""

    member: Member
    place: tuple[str, str]
    seen: sessions.Seen
    follow_up_came: bool

    @property
    def held_at(self) -> object:
        """When it was held; None while it was not."""
        return self.seen.row.held_at

    @property
    def state(self) -> str:
        """promised, missed, cancelled, agreed, due, early or closed."""
        return self.seen.state


def _gather(found: dict[Any, Any], fact: Talked) -> None:
    """Add up both sides of every loop that has both; each session counts its own."""
    loop = fact.seen.loop
    if fact.held_at is None or not loop.before.n or not loop.after.n:
        return
    both = found.setdefault(fact.seen.row.skill_key, [0, 0, 0, 0])
    for place, many in enumerate((loop.before.good, loop.before.n, loop.after.good, loop.after.n)):
        both[place] += many


def _ranges(found: dict[Any, Any]) -> list[Range]:
    told = []
    for skill, (good, n, good_after, n_after) in sorted(found.items()):
        name = skills.framework().skill(skill).name.of(language())
        before, after = Share(good, n), Share(good_after, n_after)
        if min(n, n_after) >= _TOLD_FROM:
            told.append(Range(name, str(_("before")), before.share, *before.interval, n))
            told.append(Range(name, str(_("after")), after.share, *after.interval, n_after))
    return told


_BEFORE = Adds(sums=False, weigh=lambda fact: (fact.seen.loop.before.good, fact.seen.loop.before.n), least=_TOLD_FROM)
_AFTER = Adds(sums=False, weigh=lambda fact: (fact.seen.loop.after.good, fact.seen.loop.after.n), least=_TOLD_FROM)


@kinds.register
class Coaching(Report):
    """One row for each coaching session."""

    key = "coaching"
    place = 90
    title = _l("Coaching")
    says = _l(
        "One row for each coaching session: whom, on which skill, when it was promised and held, and what was seen since. "
        "What was said and agreed stays out."
    )
    takes = ("unit", "team", "skill", "since", "until", "left")
    period = _l("promised for a day")
    figures = (HELD, CLOSED)
    pictures = (
        Ranges(
            _l("Before and after, skill by skill"),
            _l(
                "Lines at level 3 or 4 at work, up to 180 days before a session and since. Where somebody was coached because she stood low, some of "
                "the difference comes by itself: it is no proof that coaching worked."
            ),
            _gather,
            _ranges,
        ),
        Bars(_l("How sessions stand"), lambda fact: ((fact.state, 1.0),), lambda: first_of(STATES), _l("How it stands")),
    )
    _own: ClassVar[tuple[Column, ...]] = (
        Column("coach", _l("Supervisor")),
        Column("skill_code", _l("Skill code"), on_page=False),
        Column("skill", _l("Skill")),
        Column("promised_at", _l("Promised for"), "moment"),
        Column("held_at", _l("Held on"), "moment"),
        Column("state", _l("How it stands"), "choice", first_of(STATES)),
        Column("action_by", _l("Action to be done by"), "date"),
        Column("follow_up_on", _l("Follow-up on"), "date"),
        Column("good_before", _l("At level 3 or 4 before"), "share", adds=_BEFORE),
        Column("good_after", _l("At level 3 or 4 since"), "share", adds=_AFTER),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Who with whom, when, and what came of it."""
        return (*WHO, *self._own)

    def facts(self, asked: Asked) -> Iterator[Talked]:
        """Each person's sessions, in the order in which they were promised for."""
        for members in chunks(asked, once=True):
            then, known = TeamsThen(members, asked), {one.id: (place, one) for place, one in enumerate(members)}
            found = sessions.of_people(list(known), asked.at)
            for one in sorted(found, key=lambda one: (known[one.row.person_id][0], one.row.promised_at, one.row.id)):
                member = known[one.row.person_id][1]
                place = then.at(member.id, one.row.promised_at)
                if place is not None and within(asked, one.row.promised_at) and asked.filters.skill in (None, one.row.skill_key):
                    came = one.row.follow_up_on is not None and one.row.follow_up_on <= local_date(asked.at, member.time_zone)
                    yield Talked(member, place, one, came)

    def row(self, fact: Talked, asked: Asked) -> Row:
        """Its cells."""
        row, loop = fact.seen.row, fact.seen.loop
        name = skills.framework().skill(row.skill_key).name.of(language())
        shares = (loop.before.share if loop.before.n else None, loop.after.share if loop.after.n else None)
        own = (row.coach, row.skill_key, name, row.promised_at, row.held_at, fact.state, row.action_by, row.follow_up_on, *shares)
        return (*who(fact.member, fact.place), *own)
