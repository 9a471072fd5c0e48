"""A supervisor's line: what each person needs, in a sentence, and who is good at what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from trainee import expectations, plans, profile, skills
from trainee.dashboards.standing import level_name, place, skill_name
from trainee.expectations import Target
from trainee.kit import trtext
from trainee.kit.clock import local_date
from trainee.kit.i18n import _, _n, date_words, language
from trainee.modules.library import current_versions
from trainee.modules.progress.queries import parts_of_many
from trainee.people import Viewer
from trainee.plans import Open
from trainee.profile import Gap, Level, TeamMonth
from trainee.profile.policy import threshold

QUIET = timedelta(days=30)
PAGE = 50
_MONTHS = 12
# Gaps smaller than this, in certainty that there is one, are not worth a supervisor's first look.
_CLEAR = 0.75


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the line. `need` is overdue, gap, falling, quiet or none: what speaks first; `words` says it in a sentence."""

    id: int
    name: str
    job: str
    team: str
    need: str
    words: str
    rank: tuple[int, float]
    levels: Mapping[str, Level]

    @property
    def needs_me(self) -> bool:
        """Whether there is anything to do."""
        return self.need != "none"


def members(viewer: Viewer, line: Sequence[Any], at: datetime) -> list[Member]:
    """Everybody in the viewer's line (`people.team_of`), those who need her most first. Seven statements, whether they are three or three hundred."""
    ids = [row.id for row in line]
    if not ids:
        return []
    levels = profile.levels_of(ids, at)
    targets = expectations.targets_of(ids, at)
    todo: dict[int, list[Open]] = {}
    for one in plans.with_progress(plans.assignments_of(ids), parts_of_many(ids), current_versions()):
        if one.progress.completed_at is None:
            todo.setdefault(one.person_id, []).append(one)
    day = local_date(at, viewer.time_zone)
    found = [_member(row, levels[row.id], targets[row.id], todo.get(row.id, []), at, day) for row in line]
    return sorted(found, key=lambda one: (one.rank, trtext.sort_key(one.name)))


def _member(row: Any, levels: Mapping[str, Level], targets: Mapping[str, Target], todo: Sequence[Open], at: datetime, day: date) -> Member:
    need, words, rank = _need(levels, targets, todo, at, day)
    return Member(row.id, row.name, row.job, row.team or "", need, words, rank, levels)


def _need(
    levels: Mapping[str, Level], targets: Mapping[str, Target], todo: Sequence[Open], at: datetime, day: date
) -> tuple[str, str, tuple[int, float]]:
    late = [one for one in todo if one.due_on is not None and one.due_on < day]
    if late:
        worst = min(late, key=lambda one: one.due_on or day)
        days = (day - (worst.due_on or day)).days
        title = worst.name
        return "overdue", str(_n("“%(title)s” is %(num)d day late.", "“%(title)s” is %(num)d days late.", days, title=title)), (0, -days)
    last = max((level.figure.last_at for level in levels.values() if level.figure.last_at is not None), default=None)
    if last is None or at - last > QUIET:
        return "quiet", _quiet(last, at), (2, 0.0)
    gap = largest_gap(levels, targets)
    if gap is not None:
        return "gap", f"{skill_name(gap.skill)}: {gap.sentence}", (1, -gap.size * gap.certainty)
    falling = next((key for key, level in levels.items() if level.trend == "falling"), None)
    if falling is not None:
        return "falling", str(_("%(skill)s is going down lately.", skill=skill_name(falling))), (1, 0.0)
    return "none", str(_("On the way; nothing needs you just now.")), (3, 0.0)


def _quiet(last: datetime | None, at: datetime) -> str:
    if last is None:
        return str(_("Nothing has been seen yet: a first module would be a beginning."))
    return str(_n("Nothing for %(num)d day.", "Nothing for %(num)d days.", (at - last).days))


def largest_gap(levels: Mapping[str, Level], targets: Mapping[str, Target]) -> Gap | None:
    """The clearest gap of one person, or None; only what is likely below its target is looked at closely."""
    found = None
    for skill, target in targets.items():
        level = levels.get(skill)
        # An ample look first: three hundred people have five thousand skills.
        if level is None or level.figure.n == 0 or not _may_be_low(level, target):
            continue
        gap = profile.find(level, target.level, [])
        if gap is None or gap.diagnosis == "unknown" or gap.certainty < _CLEAR:
            continue
        if found is None or gap.size * gap.certainty > found.size * found.certainty:
            found = gap
    return found


def _may_be_low(level: Level, target: Target) -> bool:
    wanted = threshold(target.level)
    return any(line.n and line.mean < wanted for line in level.lines.values())


def narrowed(found: Sequence[Member], words: str, show: str) -> list[Member]:
    """Those whose name or team holds the words, and with `show` "needs" only those with something to do."""
    key = trtext.fold(words)
    return [one for one in found if key in trtext.fold(f"{one.name} {one.team}") and (show != "needs" or one.needs_me)]


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's place in one skill: 0 to 4 steps filled (0: not enough evidence), how sure, and the whole in words."""

    steps: int
    certainty: str
    below: bool
    words: str


@dataclass(frozen=True, slots=True)
class Map:
    """People x skills: the families with their width, the skills, and a row of cells for each person."""

    families: list[tuple[str, int]]
    skills: list[str]
    rows: list[tuple[Member, list[Cell]]]


def skills_map(found: Sequence[Member], at: datetime) -> Map:
    """The map of these people. Two statements: what is expected of them."""
    targets = expectations.targets_of([one.id for one in found], at) if found else {}
    book = skills.framework()
    wanted = {skill for mine in targets.values() for skill in mine}
    shown = [skill for skill in book.skills if skill.key in wanted or any(one.levels[skill.key].figure.n for one in found)]
    heads = [(family.name.of(language()), sum(1 for skill in shown if skill.family == family.key)) for family in book.families]
    rows = [(one, [_cell(one.levels[skill.key], targets.get(one.id, {}).get(skill.key)) for skill in shown]) for one in found]
    return Map([head for head in heads if head[1]], [skill.name.of(language()) for skill in shown], rows)


@dataclass(frozen=True, slots=True)
class Course:
    """How a team came along in one skill: for each month its name, the place on the meter (0 to 4) and words."""

    skill: str
    months: list[tuple[str, float, str]]


def courses(found: Sequence[Any], at: datetime) -> list[tuple[str, list[Course]]]:
    """For each team of these people, how it came along month by month in every skill that can be told for two months or more; by the team then."""
    names = {row.team_id: row.team for row in found if row.team_id is not None}
    book = skills.framework()
    told = []
    for team_id, mine in profile.team_histories(sorted(names), at).items() if names else ():
        shown = [Course(skill_name(one.key), _months(mine[one.key])) for one in book.skills if len(mine.get(one.key, ())) > 1]
        if shown:
            told.append((names[team_id], shown))
    return sorted(told, key=lambda pair: trtext.sort_key(pair[0]))


def _months(found: Sequence[TeamMonth]) -> list[tuple[str, float, str]]:
    months = []
    for one in found[-_MONTHS:]:
        here = place(one.expected)
        people_words = _n("%(num)d person", "%(num)d people", one.people)
        words = f"{level_name(min(int(here), 3) + 1)}, {people_words}"
        months.append((date_words(date(one.year, one.month, 1), "MMM y"), here, words))
    return months


def _cell(level: Level, target: Target | None) -> Cell:
    if level.level is None:
        return Cell(0, "none", False, str(_("Not enough evidence yet")))
    below = target is not None and level.level < target.level
    words = [level_name(level.level)]
    if level.certainty == "first":
        words.append(str(_("a first impression")))
    if below:
        words.append(str(_("below what is expected")))
    if level.trend == "rising":
        words.append(str(_("rising")))
    if level.trend == "falling":
        words.append(str(_("falling")))
    return Cell(level.level, "first" if level.certainty == "first" else "plain", below, ", ".join(words))
