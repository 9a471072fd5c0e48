"""What is expected and not shown yet, which of the four gaps it is, and in one sentence why.

The chain runs from knowing to the customer: a gap is where it breaks first. Each line is judged with its certainty, and
what nobody has seen often enough is called that and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from trainee.kit.i18n import _, percent
from trainee.profile import policy
from trainee.profile.figures import Figure, Level, MonthFigure
from trainee.profile.filter import logit
from trainee.profile.fold import month_of
from trainee.profile.queries import courses, levels_of

Diagnosis = Literal["knowledge", "practice", "transfer", "impact", "unknown"]
GAP_OF_LINE: Final[Mapping[str, Diagnosis]] = {"knowledge": "knowledge", "practice": "practice", "observed": "transfer", "customers": "impact"}

# A line is called low when it reaches the target with less than this probability, and fine when with more than that.
_LOW: Final = 0.25
_FINE: Final = 0.5
CLEAR: Final = 0.75
_NEARLY_CERTAIN: Final = 0.95
# A pace is told from at least so many months, and not further ahead than so many.
_PACE: Final = 2
_AHEAD: Final = 24


class Target(Protocol):
    """What is expected in one skill: the level to reach, 1 to 4, and since when it is, where that is known."""

    @property
    def level(self) -> int: ...

    @property
    def since(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Gap:
    """An expectation that is not met, or not seen to be met; `size` is on the logit scale, from where she stands to the target.

    `certainty` is the probability that the figure it rests on is below the target. `line` names the line where the chain
    breaks. `open_months` says for how many months it has been open; `closes_in` in how many it closes at the present pace.
    """

    skill: str
    target: int
    level: Level
    diagnosis: Diagnosis
    line: str | None
    size: float
    certainty: float
    sentence: str
    open_months: int = 0
    closes_in: int | None = None

    @property
    def pieces(self) -> int:
        """How many pieces of evidence it rests on: those of the line where the chain breaks, or all there are."""
        return self.level.lines[self.line].n if self.line is not None else self.level.figure.n


def clearness(gap: Gap) -> tuple[bool, bool, float, str]:
    """What gaps are ordered by wherever they are shown: those that surely are there first, of these the largest; what nobody can judge last."""
    return gap.diagnosis == "unknown", gap.certainty < CLEAR, -gap.size * gap.certainty, gap.skill


def gaps(person_id: int, targets: Mapping[str, Target], at: datetime) -> list[Gap]:
    """One person's gaps, the clearest and largest first, those nobody can judge yet last."""
    return gaps_of({person_id: targets}, at)[person_id]


def gaps_of(targets: Mapping[int, Mapping[str, Target]], at: datetime) -> dict[int, list[Gap]]:
    """The same for many people, in three statements."""
    people = list(targets)
    levels = levels_of(people, at)
    months = courses(people, at)
    found = {}
    for person_id, wanted in targets.items():
        mine = [
            gap
            for skill, target in wanted.items()
            if skill in levels[person_id] and (gap := find(levels[person_id][skill], target.level, months[person_id].get(skill), target.since))
        ]
        found[person_id] = sorted(mine, key=clearness)
    return found


def find(level: Level, target: int, months: Mapping[str, Sequence[MonthFigure]] | None = None, since: datetime | None = None) -> Gap | None:
    """The gap between a level and its target, or None when there is none.

    `months` are those of the skill, line by line (of `courses`): without them no age and no pace is told. A gap is not
    older than `since`, from when it is expected.
    """
    if target <= 1:
        return None
    lines = {line: figure for line, figure in level.lines.items() if _recent(figure, level.at)}
    line = _breaks_at(level, target, lines)
    if line is None:
        below = level.figure.enough and level.figure.reaches(target) < _LOW
        if level.figure.enough and not below:
            return None
        return Gap(level.skill, target, level, "unknown", None, 0.0, 0.0, _below(level) if below else _not_enough(level))
    shown = lines[line]
    size = max(policy.threshold(target) - shown.mean, 0.0)
    open_months, closes = _course((months or {}).get(line, ()), target)
    if since is not None:
        open_months = min(open_months, max(month_of(level.at) - month_of(since), 0))
    sentence = _sentence(line, lines, target)
    return Gap(level.skill, target, level, GAP_OF_LINE[line], line, size, 1.0 - shown.reaches(target), sentence, open_months, closes)


def _recent(figure: Figure, at: datetime) -> bool:
    return figure.n >= policy.ENOUGH_PIECES and figure.last_at is not None and at - figure.last_at <= policy.RECENT


def _breaks_at(level: Level, target: int, lines: Mapping[str, Figure]) -> str | None:
    """The first line that is surely too low; else, when the whole is too low, the weakest of those that are likely too low."""
    for line, figure in lines.items():
        if figure.reaches(target) < _LOW:
            return line
    if not level.figure.enough or level.figure.reaches(target) >= _FINE:
        return None
    # A line that is not enough for a level may be surely low all the same; it is never the weakest by guess.
    low = [line for line, figure in lines.items() if figure.enough and figure.reaches(target) < _FINE]
    return min(low, key=lambda line: lines[line].reaches(target), default=None)


def _course(months: Sequence[MonthFigure], target: int) -> tuple[int, int | None]:
    """At how many ends of months the line was below, and in how many more it reaches the target; the present month has not ended."""
    since = -1
    for month in reversed(months):
        if not _was_below(month, target):
            break
        since += 1
    told = [month for month in months if month.n >= policy.ENOUGH_PIECES]
    if len(told) <= _PACE or since < 0:
        return max(since, 0), None
    cut = logit(policy.CUTS[target - 2])
    now, then = (logit(month.expected) for month in (told[-1], told[-1 - _PACE]))
    pace = (now - then) / _PACE
    if pace <= 0.0 or (cut - now) / pace > _AHEAD:
        return since, None
    return since, max(1, round((cut - now) / pace))


def _was_below(month: MonthFigure, target: int) -> bool:
    """What `_breaks_at` asks of a line today: surely too low, or enough for a level and likely too low."""
    chance = month.reaches(target)
    return month.n >= policy.ENOUGH_PIECES and (chance < _LOW or (month.enough and chance < _FINE))


def _not_enough(level: Level) -> str:
    missing = policy.ENOUGH_PIECES - level.figure.n
    if level.figure.n == 0:
        return str(_("There is no evidence yet. An observation would tell most."))
    if missing > 0:
        return str(_("There is not enough evidence yet to say. An observation would tell most."))
    return str(_("What there is does not agree well enough yet to say. An observation would tell most."))


def _below(level: Level) -> str:
    words = _(
        "All together it is at %(share)s, and no kind of evidence says yet on its own where it lacks. An observation would tell most.",
        share=percent(level.figure.expected),
    )
    return str(words)


def _sentence(line: str, lines: Mapping[str, Figure], target: int) -> str:
    """Why the gap is where it is: the line where the chain breaks beside the one before it, which is well only where it likely is."""
    low = percent(lines[line].expected)
    before = {"practice": "knowledge", "observed": "practice", "customers": "observed"}.get(line, "")
    well = _well(lines[before], target) if before in lines else None
    beside = percent(lines[before].expected) if well is not None else ""
    if line == "knowledge":
        return str(_("Quizzes are at %(knowledge)s: the lesson first, then reviews.", knowledge=low))
    if line == "practice":
        return _practice(low, beside, well)
    return _transfer(low, beside, well) if line == "observed" else _impact(low, beside, well)


def _well(figure: Figure, target: int) -> bool | None:
    """Whether a line likely reaches the target; None where that cannot be told: of one that is not enough for a level only what is clear is said."""
    chance = figure.reaches(target)
    if not figure.enough:
        return True if chance > CLEAR else None
    return chance >= _FINE


def _practice(low: str, beside: str, well: bool | None) -> str:
    if well is None:
        return str(_("Role-plays are at %(practice)s: to be practised.", practice=low))
    if well:
        return str(_("Quizzes are at %(knowledge)s, role-plays at %(practice)s: known, and to be practised.", knowledge=beside, practice=low))
    words = _(
        "Role-plays are at %(practice)s, and quizzes, at %(knowledge)s, are not quite there either: practise, and reread the lesson beside it.",
        knowledge=beside,
        practice=low,
    )
    return str(words)


def _transfer(low: str, beside: str, well: bool | None) -> str:
    if well is None:
        return str(_("Observations are at %(observed)s: coaching beside the work helps most.", observed=low))
    if well:
        words = _(
            "Role-plays are at %(practice)s, observations at %(observed)s: it works in practice and not yet at work.",
            practice=beside,
            observed=low,
        )
    else:
        words = _(
            "Observations are at %(observed)s, and role-plays, at %(practice)s, are not quite there either: practise, with coaching beside the work.",
            practice=beside,
            observed=low,
        )
    return str(words)


def _impact(low: str, beside: str, well: bool | None) -> str:
    if well is None:
        words = _("Customers are at %(customers)s, and the work was not watched often enough to say why: an observation would tell.", customers=low)
    elif well:
        words = _(
            "Observations are at %(observed)s, customers at %(customers)s: look at the process before the person.",
            observed=beside,
            customers=low,
        )
    else:
        words = _(
            "Customers are at %(customers)s, and observations, at %(observed)s, are not quite there either: look at both, the process and the work.",
            observed=beside,
            customers=low,
        )
    return str(words)


def surely_reached(level: Level, target: int) -> bool:
    """Whether a level that has no gap is also clearly where it is expected to be, and not merely not known to be below."""
    return target <= 1 or (level.level is not None and level.level >= target and level.figure.reaches(target) >= CLEAR)


def how_sure(gap: Gap) -> str:
    """How sure it is that the line is below what is expected, in a few words; empty where nothing is claimed."""
    if gap.line is None:
        return ""
    if gap.certainty >= _NEARLY_CERTAIN:
        return str(_("We are nearly certain of it."))
    return str(_("We are fairly sure of it.") if gap.certainty >= CLEAR else _("That is likely, and not sure yet."))
