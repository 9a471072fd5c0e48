"""A supervisor's line: who needs her and why, and how everybody stands in every skill.

What is said of a person rests on her evidence, her assignments, what is expected of her and the day. So it is worked out when one of these has
changed, for all who changed at once, and kept meanwhile; a page asks one statement for stamps that tell.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from flask import get_template_attribute
from markupsafe import Markup
from sqlalchemy import String, bindparam, func, literal_column, select, type_coerce
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import aliased
from sqlalchemy.types import NullType

from trainee import expectations, plans, profile, skills
from trainee.coaching.sessions import CoachingSession
from trainee.dashboards.need import Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import level_name
from trainee.expectations import Expectation
from trainee.kit import trtext
from trainee.kit.clock import local_date
from trainee.kit.i18n import _, language
from trainee.kit.kept import Kept
from trainee.kit.straight import Straight
from trainee.modules.library import ModuleVersion, current_versions
from trainee.modules.progress import PartDone
from trainee.modules.progress.queries import parts_of_many
from trainee.modules.reviews.models import ReviewSet
from trainee.modules.roleplays.models import RolePlayRun
from trainee.people import Person, ReportingLine, Team, Unit, Viewer
from trainee.people.models import RoleHeld
from trainee.people.queries import below, colleagues
from trainee.plans import Assignment, Open
from trainee.plans.models import ASSIGNMENT, CERTIFICATE, OPENING
from trainee.profile import Gap, Level
from trainee.profile.models import CALIBRATION, STANDING
from trainee.profile.words import DIAGNOSES

_KINDS: Final = sorted(needs, key=lambda kind: kind.order)
# Who leads more people than this has them worked out anew now and then.
_KEPT: Final[Kept[tuple[int, str, date], "Member"]] = Kept("dashboards.line", 3000)


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's place in one skill: the level (None: not enough evidence), what kind of gap there is, and its cell of the map, drawn."""

    level: int | None
    diagnosis: str
    drawn: Markup


@dataclass(frozen=True, slots=True)
class Reason:
    """One need of a person as it is drawn: its badge with the tone, the sentence, and the next thing to do."""

    badge: str
    tone: str
    said: Said


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the line: her needs by kind, the most pressing first, and a cell for each skill that has one.

    `drawn` is her row of the list, `head` that of the map; `words` is what a search finds her by. `reasons` are her needs in full.
    """

    id: int
    name: str
    team: str
    team_id: int | None
    needs: tuple[str, ...]
    rank: tuple[float, ...]
    sort: Hashable
    words: str
    drawn: Markup
    head: Markup
    cells: Mapping[str, Cell]
    reasons: tuple["Reason", ...]

    def drawn_for(self, show: str) -> Markup:
        """Her row with the reason that was asked for before the others."""
        if show not in self.needs or show == self.needs[0]:
            return self.drawn
        mine = self.needs.index(show)
        return _drawn(self.id, self.name, (self.reasons[mine], *self.reasons[:mine], *self.reasons[mine + 1 :]))

    @property
    def needs_me(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.needs)


def _told(model: Any, *more: Any) -> Any:
    """How many rows of a table are about a person and whatever else tells that one of them has changed, in one word: one look at her rows."""
    words: Any = cast_to(func.count(), String)
    for one in more:
        words = words.concat(literal_column("'/'")).concat(func.coalesce(cast_to(one, String), literal_column("''")))
    return select(words).where(model.person_id == Person.id).correlate(Person).scalar_subquery()


def _stamps() -> list[Any]:
    """What tells that something said of a person has changed; beside `Person` stands her `Team`."""
    current = select(CALIBRATION.c.id).where(CALIBRATION.c.state == "current").scalar_subquery()
    expected: list[Any] = [func.count(), func.max(Expectation.id), func.count(Expectation.closed_at), func.max(Expectation.closed_at)]
    offered: list[Any] = [func.max(ModuleVersion.id), func.count(ModuleVersion.retired_at)]
    return [
        current,
        select(STANDING.c.rows).where(STANDING.c.person_id == Person.id, STANDING.c.calibration_id == current).correlate(Person).scalar_subquery(),
        _told(PartDone, func.max(PartDone.last_at)),
        _told(Assignment, func.count(Assignment.ended_at), func.max(Assignment.id)),
        _told(RolePlayRun, func.count(RolePlayRun.finished_at)),
        _told(ReviewSet, func.count(ReviewSet.finished_at)),
        _told(RoleHeld, func.aggregate_strings(RoleHeld.role, ",")),
        Person.hired_on,
        # Of whoever leads a team, what is expected of the team is not.
        Team.supervisor_id,
        # These are the same for everybody, and asked once.
        *[select(one).select_from(Expectation).scalar_subquery() for one in expected],
        *[select(one).select_from(ModuleVersion).scalar_subquery() for one in offered],
        *[kind.stamp for kind in needs if kind.stamp is not None],
    ]


def _as_sent(stamps: Sequence[Any]) -> list[Any]:
    """The stamps as the driver reads them: they are compared and never looked into."""
    return [type_coerce(stamp, NullType()).label(f"stamp_{number}") for number, stamp in enumerate(stamps)]


def _line() -> Any:
    who: Any = bindparam("who")
    # Whether she reports to the viewer herself, by a line of either kind.
    own = select(ReportingLine.id).where(ReportingLine.supervisor_id == who, ReportingLine.person_id == Person.id, ReportingLine.until.is_(None))
    return (
        select(Person.id, Person.name, Person.job, Person.team_id, Team.name.label("team"), Person.time_zone)
        .add_columns(*_as_sent(_stamps()), own.correlate(Person).exists().label("own"))
        .outerjoin(Team, Team.id == Person.team_id)
        .where(Person.id.in_(below(who)), Person.id != who, Person.disabled_at.is_(None))
        .order_by(Person.name_sort)
    )


_LINE: Final = Straight(_line())


def _one() -> Any:
    """The same stamps for the page of one person, and what else stands there."""
    names: list[Any] = [Person.name, Person.job, Person.team_id, Team.name, Unit.name]
    more = [_told(ReportingLine, func.count(ReportingLine.until), func.max(ReportingLine.id)), _told(CoachingSession, *_changes())]
    more += [_told(CERTIFICATE.c, func.count(CERTIFICATE.c.withdrawn_at)), _opened(), _above()]
    of = select(Person.id).add_columns(*names, *_as_sent([*_stamps(), *more]))
    of = of.outerjoin(Team, Team.id == Person.team_id).outerjoin(Unit, Unit.id == Team.unit_id)
    return of.where(Person.id == bindparam("person"))


def _above() -> Any:
    """What those are called who supervise her."""
    above = aliased(Person)
    names = select(func.aggregate_strings(above.name, ",")).join(ReportingLine, ReportingLine.supervisor_id == above.id)
    return names.where(ReportingLine.person_id == Person.id, ReportingLine.until.is_(None)).correlate(Person).scalar_subquery()


def _opened() -> Any:
    """How many steps of somebody's paths were opened early."""
    mine = select(func.count()).select_from(OPENING.join(ASSIGNMENT, ASSIGNMENT.c.id == OPENING.c.assignment_id))
    return mine.where(ASSIGNMENT.c.person_id == Person.id).correlate(Person).scalar_subquery()


def _changes() -> list[Any]:
    held, cancelled = func.count(CoachingSession.held_at), func.count(CoachingSession.cancelled_at)
    return [held, cancelled, func.max(CoachingSession.promised_at), func.min(CoachingSession.promised_at)]


_ONE: Final = Straight(_one())


def stamp_of(person_id: int, at: datetime, day: date) -> Hashable:
    """What changes whenever anything on the page of a person might. One statement."""
    return (day, *_ONE({"person": person_id, "at": at, "day": day}))


def _team() -> Any:
    current = select(CALIBRATION.c.id).where(CALIBRATION.c.state == "current").scalar_subquery()
    shown = select(STANDING.c.rows).where(STANDING.c.person_id == Person.id, STANDING.c.calibration_id == current).correlate(Person).scalar_subquery()
    return select(Person.id, shown.label("shown")).where(Person.id.in_(colleagues(bindparam("person")))).order_by(Person.id)


_TEAM: Final = Straight(_team())


def team_stamp_of(person_id: int) -> Hashable:
    """What changes whenever somebody else comes to work in the same team, leaves it, or shows something. One statement."""
    return tuple(_TEAM({"person": person_id}))


class Line:
    """Everybody in a viewer's line, and a stamp that changes when anything said of any of them might.

    The people are worked out when they are asked for: whoever has kept what was made of them under the same stamp needs none of it. `own` are
    the ids of those who report to the viewer herself.
    """

    def __init__(self, stamp: Hashable, own: frozenset[int], work_out: Callable[[], list[Member]]) -> None:
        self.stamp = stamp, own
        self.own = own
        self._work_out = work_out

    @cached_property
    def members(self) -> list[Member]:
        """Her own people, then those further below, of each the most pressing first.

        A dozen statements where something has changed, however many they are; none where nothing has.
        """
        return sorted(self._work_out(), key=lambda one: (one.id not in self.own, one.rank, one.sort))

    @property
    def needing(self) -> tuple[int, int]:
        """About how many there is something to do: of those who come first for the viewer, and of those further below who come first for others."""
        first = self.own or self.names.keys()
        own = sum(one.needs_me for one in self.members if one.id in first)
        return own, sum(one.needs_me for one in self.members) - own

    @property
    def names(self) -> dict[int, str]:
        """Everybody's name by id."""
        return {one.id: one.name for one in self.members}

    def teams(self) -> dict[int, str]:
        """The teams of these people, by id."""
        return {one.team_id: one.team for one in self.members if one.team_id is not None}


def line_of(viewer: Viewer, at: datetime) -> Line:
    """The viewer's line. One statement, whether they are three or three hundred."""
    day, lang = local_date(at, viewer.time_zone), language()
    found = _LINE({"who": viewer.id, "at": at, "day": day})
    # Whose people they are is the viewer's; everything else is the same for whoever asks.
    rows, own = [row[:-1] for row in found], frozenset(row[0] for row in found if row[-1])
    # Where somebody lives in another zone her own day turns at another hour than the reader's.
    days = tuple([local_date(at, zone) for zone in sorted({row[5] for row in rows})])
    return Line((lang, day, viewer.time_zone, days, tuple(rows)), own, lambda: _members(rows, lang, at, day))


def _members(rows: Sequence[Any], lang: str, at: datetime, day: date) -> list[Member]:
    by_id = {row[0]: row for row in rows}
    stamps = {(who, lang, day): (row, local_date(at, row[5])) for who, row in by_id.items()}
    found = _KEPT.many(stamps, lambda missing: _worked_out([by_id[who] for who, _lang, _day in missing], lang, at, day))
    return list(found.values())


def _worked_out(rows: Sequence[Any], lang: str, at: datetime, day: date) -> dict[tuple[int, str, date], Member]:
    ids = [row[0] for row in rows]
    todo: dict[int, list[Open]] = {}
    for one in plans.with_progress(plans.assignments_of(ids), parts_of_many(ids), current_versions()):
        if one.progress.completed_at is None:
            todo.setdefault(one.person_id, []).append(one)
    falls = profile.falls()
    shared = {row[0]: frozenset(fall.skill for fall in falls if fall.concerns(row[3])) for row in rows} if falls else {}
    expected = expectations.expected_of(ids, at)
    targets, coming = {who: one.targets for who, one in expected.items()}, {who: one.coming for who, one in expected.items()}
    seen = Seen(ids, profile.levels_of(ids, at), targets, todo, at, day, shared, coming)
    said = {kind.key: kind.of(seen) for kind in _KINDS}
    gaps = profile.gaps_in_company(seen.levels, targets, {row[0]: row[3] for row in rows}, at)
    of = {row[0]: {key: mine[row[0]] for key, mine in said.items() if row[0] in mine} for row in rows}
    return {(row[0], lang, day): _member(row, of[row[0]], seen, gaps.get(row[0], {})) for row in rows}


def _member(row: Any, said: Mapping[str, Said], seen: Seen, gaps: Mapping[str, Gap]) -> Member:
    who, name, job, team_id, team = row[:5]
    kinds = [kind for kind in _KINDS if kind.key in said]
    rank = (kinds[0].order, -said[kinds[0].key].weight) if kinds else (100.0, 0.0)
    reasons = tuple(Reason(said[kind.key].badge or kind.badge, kind.tone, said[kind.key]) for kind in kinds)
    drawn = _drawn(who, name, reasons)
    cells = {key: _cell(level, gaps.get(key)) for key, level in seen.levels[who].items() if level.figure.n or key in seen.targets[who]}
    search = trtext.fold(f"{name} {team or ''} {job}")
    head = get_template_attribute("dashboards/_line.html", "head")(who, name)
    return Member(who, name, team or "", team_id, tuple(said), rank, trtext.sort_key(name), search, drawn, head, cells, reasons)


def _drawn(who: int, name: str, reasons: Sequence[Reason]) -> Markup:
    drawn: Markup = get_template_attribute("dashboards/_line.html", "member")(who, name, reasons)
    return drawn


def narrowed(found: Sequence[Member], words: str, show: str) -> list[Member]:
    """Those whose name, team or job holds the words, and with `show` those with that need, or "needs" for any."""
    key = trtext.fold(words)
    return [one for one in found if key in one.words and (not show or show in one.needs or (show == "needs" and one.needs_me))]


def _cell(level: Level, gap: Gap | None) -> Cell:
    diagnosis = gap.diagnosis if gap is not None else ""
    below_it = gap is not None and gap.below
    trend = level.trend if level.trend in ("rising", "falling") else ""
    signs = (f"d{level.level or 0}", "first" if level.certainty == "first" else "", "below" if below_it else "", trend)
    # A team of fifty has more than a thousand of them: the picture is the style sheet's, and the words are what is read aloud and told on top.
    draw = get_template_attribute("dashboards/_line.html", "cell")
    return Cell(level.level, diagnosis, draw(" ".join(filter(None, signs)), ", ".join(_cell_words(level, gap))))


def _cell_words(level: Level, gap: Gap | None) -> list[str]:
    if level.level is None:
        words = [str(_("Not enough evidence yet"))]
    else:
        words = [level_name(level.level)]
        if level.certainty == "first":
            words.append(str(_("a first guess")))
        if level.trend == "rising":
            words.append(str(_("rising")))
        if level.trend == "falling":
            words.append(str(_("falling")))
    if gap is not None and gap.below:
        words.append(str(_("To find out") if gap.diagnosis == "unknown" else DIAGNOSES[gap.diagnosis]))
    return words


@dataclass(frozen=True, slots=True)
class Head:
    """A skill as a column of the map."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Map:
    """People x skills: the families with their width, the skills, and the people, each with a cell (or None) for every skill."""

    families: list[tuple[str, int]]
    skills: list[Head]
    rows: list[Markup]
    # How many of the rows are the viewer's own people.
    own: int


def skills_map(found: Sequence[Member], own: Collection[int], skill: str = "", family: str = "", quality: str = "") -> Map:
    """The map of these people, her own first, of one skill, family or service quality where it is narrowed to one. No statement."""
    book = skills.framework()
    known = {key for one in found for key in one.cells}
    shown = [
        one for one in book.skills if one.key in known and skill in ("", one.key) and family in ("", one.family) and quality in ("", one.quality)
    ]
    heads = [(each.name.of(language()), sum(1 for one in shown if one.family == each.key)) for each in book.families]
    keys, empty = [each.key for each in shown], Markup("<td></td>")
    rows = [one.head + Markup("").join(one.cells[key].drawn if key in one.cells else empty for key in keys) for one in found]
    mine = sum(one.id in own for one in found)
    return Map([head for head in heads if head[1]], [Head(one.key, one.name.of(language())) for one in shown], rows, mine)


def with_gap(found: Sequence[Member], diagnosis: str, skill: str = "") -> list[Member]:
    """Those with a gap of that kind, in that skill where one is named."""
    return [one for one in found if any(cell.diagnosis == diagnosis for key, cell in one.cells.items() if skill in ("", key))]
