"""What is expected and not shown yet, which of the four gaps it is, and in one sentence why.

The chain runs from knowing to the customer: a gap is where it breaks first. Each line is judged with its certainty, and
what nobody has seen often enough is called that and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from trainee.kit.i18n import _, percent
from trainee.profile import policy
from trainee.profile.figures import Figure, Level, MonthFigure
from trainee.profile.filter import logit
from trainee.profile.fold import month_of
from trainee.profile.queries import beginnings, histories, levels_of

Diagnosis = Literal["knowledge", "practice", "transfer", "impact", "unknown"]
GAP_OF_LINE: Final[Mapping[str, Diagnosis]] = {"knowledge": "knowledge", "practice": "practice", "observed": "transfer", "customers": "impact"}

# A line is called low when it reaches the target with less than this probability, and fine when with more than that.
_LOW: Final = 0.25
_FINE: Final = 0.5
_CLEAR: Final = 0.75
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


def gaps(person_id: int, targets: Mapping[str, Target], at: datetime) -> list[Gap]:
    """One person's gaps, the clearest and largest first, those nobody can judge yet last."""
    return gaps_of({person_id: targets}, at)[person_id]


def gaps_of(targets: Mapping[int, Mapping[str, Target]], at: datetime) -> dict[int, list[Gap]]:
    """The same for many people, in four statements."""
    people = list(targets)
    levels = levels_of(people, at)
    months = histories(people, at)
    begun = beginnings(people)
    found = {}
    for person_id, wanted in targets.items():
        mine = [
            gap
            for skill, target in wanted.items()
            if skill in levels[person_id]
            and (gap := find(levels[person_id][skill], target.level, months[person_id].get(skill, []), begun[person_id], target.since))
        ]
        found[person_id] = sorted(mine, key=lambda gap: (gap.diagnosis == "unknown", -gap.size * gap.certainty, gap.skill))
    return found


def find(
    level: Level, target: int, months: list[MonthFigure], begun: Mapping[tuple[str, str], int] | None = None, since: datetime | None = None
) -> Gap | None:
    """The gap between a level and its target, or None when there is none.

    `begun` (from `beginnings`) and `since`, from when it is expected, keep a gap from being called older than what it rests on.
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
    told, closes = _course(months, target)
    first = (begun or {}).get((line, level.skill), month_of(level.at)) if begun is not None else 0
    open_months = min(told, month_of(level.at) - max(first, month_of(since) if since is not None else 0))
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


def _course(months: list[MonthFigure], target: int) -> tuple[int, int | None]:
    """At how many ends of months it was open, and in how many more it closes; the present month has not ended."""
    cut = policy.CUTS[target - 2]
    told = [month for month in months if month.enough]
    since = -1
    for month in reversed(told):
        if month.expected >= cut:
            break
        since += 1
    if len(told) <= _PACE or told[-1].expected >= cut:
        return max(since, 0), None
    pace = (logit(told[-1].expected) - logit(told[-1 - _PACE].expected)) / _PACE
    left = logit(cut) - logit(told[-1].expected)
    if pace <= 0.0 or left / pace > _AHEAD:
        return max(since, 0), None
    return max(since, 0), max(1, round(left / pace))


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
    # Of a line that is not enough for a level it is said that it is well only where that is clear.
    at = {of: percent(figure.expected) for of, figure in lines.items() if of == line or figure.enough or figure.reaches(target) > _CLEAR}
    if line == "knowledge":
        return str(_("Quizzes are at %(knowledge)s: the lesson first, then reviews.", knowledge=at["knowledge"]))
    if line == "practice":
        return _practice(at)
    return _transfer(at) if line == "observed" else _impact(at)


def _practice(at: Mapping[str, str]) -> str:
    if "knowledge" not in at:
        return str(_("Role-plays are at %(practice)s: to be practised.", practice=at["practice"]))
    words = _(
        "Quizzes are at %(knowledge)s, role-plays at %(practice)s: known, and to be practised.", knowledge=at["knowledge"], practice=at["practice"]
    )
    return str(words)


def _transfer(at: Mapping[str, str]) -> str:
    if "practice" not in at:
        return str(_("Observations are at %(observed)s: coaching beside the work helps most.", observed=at["observed"]))
    words = _(
        "Role-plays are at %(practice)s, observations at %(observed)s: it works in practice and not yet at work.",
        practice=at["practice"],
        observed=at["observed"],
    )
    return str(words)


def _impact(at: Mapping[str, str]) -> str:
    if "observed" not in at:
        return str(_("Customers are at %(customers)s: look at the process before the person.", customers=at["customers"]))
    words = _(
        "Observations are at %(observed)s, customers at %(customers)s: look at the process before the person.",
        observed=at["observed"],
        customers=at["customers"],
    )
    return str(words)
