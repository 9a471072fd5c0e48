"""A supervisor's line: who needs her and why, and how everybody stands in every skill.

What is said of a person rests on her evidence, her assignments, what is expected of her and the day. So it is worked out when one of these has
changed, for all who changed at once, and kept meanwhile; a page asks one statement for stamps that tell.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask import get_template_attribute
from markupsafe import Markup
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from trainee import expectations, plans, profile, skills
from trainee.coaching.sessions import CoachingSession
from trainee.dashboards.need import Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.person import DIAGNOSES
from trainee.dashboards.standing import level_name, skill_name
from trainee.expectations import Expectation, Target
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
class Member:
    """One person of the line: her needs by kind, the most pressing first, and a cell for each skill that has one.

    `drawn` is her row of the list, `head` that of the map; `words` is what a search finds her by.
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

    @property
    def needs_me(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.needs)


def _count(model: Any, *more: Any) -> list[Any]:
    """How many rows of a table are about a person, and whatever else tells that one of them has changed."""
    told: list[Any] = [func.count(), *more]
    return [select(one).where(model.person_id == Person.id).correlate(Person).scalar_subquery() for one in told]


def _led_by() -> Any:
    return select(Team.supervisor_id).where(Team.id == Person.team_id).correlate(Person).scalar_subquery()


def _stamps() -> list[Any]:
    current = select(CALIBRATION.c.id).where(CALIBRATION.c.state == "current").scalar_subquery()
    expected: list[Any] = [func.count(), func.max(Expectation.id), func.count(Expectation.closed_at), func.max(Expectation.closed_at)]
    offered: list[Any] = [func.max(ModuleVersion.id), func.count(ModuleVersion.retired_at)]
    return [
        current,
        select(STANDING.c.rows).where(STANDING.c.person_id == Person.id, STANDING.c.calibration_id == current).correlate(Person).scalar_subquery(),
        *_count(PartDone, func.max(PartDone.last_at)),
        *_count(Assignment, func.count(Assignment.ended_at), func.max(Assignment.id)),
        *_count(RolePlayRun, func.count(RolePlayRun.finished_at)),
        *_count(ReviewSet, func.count(ReviewSet.finished_at)),
        *_count(RoleHeld, func.aggregate_strings(RoleHeld.role, ",")),
        Person.hired_on,
        # The supervisor of her team, of whom what is expected of the team is not.
        _led_by(),
        # These are the same for everybody, and asked once.
        *[select(one).select_from(Expectation).scalar_subquery() for one in expected],
        *[select(one).select_from(ModuleVersion).scalar_subquery() for one in offered],
        *[kind.stamp for kind in needs if kind.stamp is not None],
    ]


def _line() -> Any:
    who: Any = bindparam("who")
    stamps: list[Any] = [stamp.label(f"stamp_{number}") for number, stamp in enumerate(_stamps())]
    return (
        select(Person.id, Person.name, Person.job, Person.team_id, Team.name.label("team"), Person.time_zone)
        .add_columns(*stamps)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(Person.id.in_(below(who)), Person.id != who, Person.disabled_at.is_(None))
        .order_by(Person.name_sort)
    )


_LINE: Final = Straight(_line())


def _one() -> Any:
    """The same stamps for the page of one person, and what else stands there."""
    names: list[Any] = [Person.name, Person.job, Person.team_id, Team.name, Unit.name]
    more = [*_count(ReportingLine, func.count(ReportingLine.until), func.max(ReportingLine.id)), *_count(CoachingSession, *_changes())]
    more += [*_count(CERTIFICATE.c, func.count(CERTIFICATE.c.withdrawn_at)), _opened(), _above()]
    stamps: list[Any] = [stamp.label(f"stamp_{number}") for number, stamp in enumerate([*_stamps(), *more])]
    of = select(Person.id).add_columns(*names, *stamps).outerjoin(Team, Team.id == Person.team_id).outerjoin(Unit, Unit.id == Team.unit_id)
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


@dataclass(frozen=True, slots=True)
class Line:
    """Everybody in a viewer's line, the most pressing first, and a stamp that changes when anything said of any of them might."""

    members: list[Member]
    stamp: Hashable

    @property
    def needing(self) -> int:
        """How many there is something to do about."""
        return sum(one.needs_me for one in self.members)

    @property
    def names(self) -> dict[int, str]:
        """Everybody's name by id."""
        return {one.id: one.name for one in self.members}

    def teams(self) -> dict[int, str]:
        """The teams of these people, by id."""
        return {one.team_id: one.team for one in self.members if one.team_id is not None}


def line_of(viewer: Viewer, at: datetime) -> Line:
    """The viewer's line. One statement where nothing has changed, a dozen where something has, whether they are three or three hundred."""
    day, lang = local_date(at, viewer.time_zone), language()
    rows = {row[0]: row for row in _LINE({"who": viewer.id, "at": at, "day": day})}
    # Her own day is another than the reader's where she lives in another zone.
    stamps = {(who, lang, day): (row, local_date(at, row[5])) for who, row in rows.items()}
    found = _KEPT.many(stamps, lambda missing: _worked_out([rows[who] for who, _lang, _day in missing], lang, at, day))
    return Line(sorted(found.values(), key=lambda one: (one.rank, one.sort)), (lang, day, viewer.time_zone, tuple(rows.values())))


def _worked_out(rows: Sequence[Any], lang: str, at: datetime, day: date) -> dict[tuple[int, str, date], Member]:
    ids = [row[0] for row in rows]
    todo: dict[int, list[Open]] = {}
    for one in plans.with_progress(plans.assignments_of(ids), parts_of_many(ids), current_versions()):
        if one.progress.completed_at is None:
            todo.setdefault(one.person_id, []).append(one)
    seen = Seen(ids, profile.levels_of(ids, at), expectations.targets_of(ids, at), todo, at, day)
    said = {kind.key: kind.of(seen) for kind in _KINDS}
    return {(row[0], lang, day): _member(row, {key: mine[row[0]] for key, mine in said.items() if row[0] in mine}, seen) for row in rows}


def _member(row: Any, said: Mapping[str, Said], seen: Seen) -> Member:
    who, name, job, team_id, team = row[:5]
    first = next(((kind, said[kind.key]) for kind in _KINDS if kind.key in said), None)
    rank = (first[0].order, -first[1].weight) if first is not None else (100.0, 0.0)
    words = first[1].words if first is not None else str(_("On the way; nothing needs you just now."))
    drawn = get_template_attribute("dashboards/_line.html", "member")(who, name, words, first, max(len(said) - 1, 0))
    cells = {key: _cell(level, seen.targets[who].get(key)) for key, level in seen.levels[who].items() if level.figure.n or key in seen.targets[who]}
    search = trtext.fold(f"{name} {team or ''} {job}")
    head = get_template_attribute("dashboards/_line.html", "head")(who, name)
    return Member(who, name, team or "", team_id, tuple(said), rank, trtext.sort_key(name), search, drawn, head, cells)


def narrowed(found: Sequence[Member], words: str, show: str) -> list[Member]:
    """Those whose name, team or job holds the words, and with `show` those with that need, or "needs" for any."""
    key = trtext.fold(words)
    return [one for one in found if key in one.words and (not show or show in one.needs or (show == "needs" and one.needs_me))]


def _cell(level: Level, target: Target | None) -> Cell:
    gap = profile.find(level, target.level) if target is not None else None
    diagnosis = gap.diagnosis if gap is not None else ""
    below_it = gap is not None and gap.diagnosis != "unknown"
    draw = get_template_attribute("dashboards/_line.html", "cell")
    words = ", ".join(_cell_words(level, gap))
    return Cell(level.level, diagnosis, draw(skill_name(level.skill), words, level.level or 0, level.certainty == "first", below_it, level.trend))


def _cell_words(level: Level, gap: Gap | None) -> list[str]:
    if level.level is None:
        words = [str(_("Not enough evidence yet"))]
    else:
        words = [level_name(level.level)]
        if level.certainty == "first":
            words.append(str(_("a first impression")))
        if level.trend == "rising":
            words.append(str(_("rising")))
        if level.trend == "falling":
            words.append(str(_("falling")))
    if gap is not None and gap.diagnosis != "unknown":
        words.append(str(DIAGNOSES[gap.diagnosis]))
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
    rows: list[tuple[Member, list[Cell | None]]]


def skills_map(found: Sequence[Member], skill: str = "", family: str = "", quality: str = "") -> Map:
    """The map of these people, of one skill, family or service quality where it is narrowed to one. No statement."""
    book = skills.framework()
    known = {key for one in found for key in one.cells}
    shown = [
        one for one in book.skills if one.key in known and skill in ("", one.key) and family in ("", one.family) and quality in ("", one.quality)
    ]
    heads = [(each.name.of(language()), sum(1 for one in shown if one.family == each.key)) for each in book.families]
    rows = [(one, [one.cells.get(each.key) for each in shown]) for one in found]
    return Map([head for head in heads if head[1]], [Head(one.key, one.name.of(language())) for one in shown], rows)


def with_gap(found: Sequence[Member], diagnosis: str, skill: str = "") -> list[Member]:
    """Those with a gap of that kind, in that skill where one is named."""
    return [one for one in found if any(cell.diagnosis == diagnosis for key, cell in one.cells.items() if skill in ("", key))]
