"""What is expected and not shown yet, which of the four gaps it is, and in one sentence why.

The chain runs from knowing to the customer: a gap is where it breaks first. Each line is judged with its certainty, and
what nobody has seen often enough is called that and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal, Protocol

from trainee import skills
from trainee.kit.i18n import _, _l, language
from trainee.profile import policy
from trainee.profile.falls import Fall
from trainee.profile.figures import Figure, Level, MonthFigure
from trainee.profile.filter import logit
from trainee.profile.fold import month_of
from trainee.profile.queries import courses, levels_of

Diagnosis = Literal["knowledge", "practice", "transfer", "impact", "unknown"]
# Whether a gap is closing: it is; too slowly to say when; it is not; it is too early to say; nothing came lately that would say it.
Pace = Literal["closing", "slow", "standing", "early", "quiet"]
GAP_OF_LINE: Final[Mapping[str, Diagnosis]] = {"knowledge": "knowledge", "practice": "practice", "observed": "transfer", "customers": "impact"}
# The line that comes before it in the chain.
_BEFORE: Final[Mapping[str, str]] = {"practice": "knowledge", "observed": "practice", "customers": "observed"}

# A line is low when it reaches the target with less than this probability: more likely below than not, also after one better mark. Fine from here on.
_LOW: Final = 0.4
_FINE: Final = 0.5
CLEAR: Final = 0.75
_NEARLY_CERTAIN: Final = 0.95
# A pace is told from at least so many months, and not further ahead than so many.
_PACE: Final = 2
_AHEAD: Final = 24
# Over those months an expected score has to come so much nearer: as much a month as is worth the word of a trend.
_WORTH: Final = 0.03
# What is said where there is too little to say more.
_UNTOLD: Final = {
    "none": _l("There is no evidence yet. An observation would tell most."),
    "few": _l("There is not enough evidence yet to say. An observation would tell most."),
    "unlike": _l("What there is does not agree well enough yet to say. An observation would tell most."),
    "work": _l("What was practised is there. Real work does not show it clearly yet: an observation would tell."),
    "perhaps": _l("It may well be there already. An observation would tell."),
    "while": _l("Without the time that has passed since it was last seen it is where it is expected. An observation would tell."),
}
# Every `line` of `Lacking`.
LACKING: Final = (*GAP_OF_LINE, *_UNTOLD, "together")


class Target(Protocol):
    """What is expected in one skill: the level to reach, 1 to 4, and since when it is, where that is known."""

    @property
    def level(self) -> int: ...

    @property
    def since(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the sentence of a gap tells: the line where the chain breaks, its level, and that of the line before it where that can be told.

    `line` is one of `LACKING`. The levels are those that stand beside the lines on the page, and no figures nobody could look up there, or, where
    `faded`, those that stood there when the last evidence came; below 0 it is the level that is surely not reached, where no more can be told.
    """

    line: str
    level: int = 0
    beside: int = 0
    # Whether the line before is where it is expected; None where that cannot be told.
    well: bool | None = None
    # Whether the line before shows the most its kind of evidence can, and more is expected.
    most: bool = False
    # Whether time alone has moved what stands on the page since.
    faded: bool = False

    @property
    def sentence(self) -> str:
        """It, in the reader's language."""
        if self.faded:
            return str(_("Without the time that has passed since it was last seen: %(sentence)s", sentence=self._sentence()))
        return self._sentence()

    def _sentence(self) -> str:
        if self.line in _UNTOLD:
            return str(_UNTOLD[self.line])
        low = _place_below(-self.level) if self.level < 0 else _place_at(self.level)
        beside = _place_at(self.beside) if self.beside else ""
        if self.line == "together":
            words = _(
                "All together it stands %(level)s, and no kind of evidence says yet on its own where it lacks. An observation would tell most.",
                level=low,
            )
            return str(words)
        if self.line == "knowledge":
            return str(_("Quizzes stand %(knowledge)s: the lesson first, then reviews.", knowledge=low))
        if self.line == "practice":
            return _practice(low, beside, self.well)
        return _transfer(low, beside, self.well, self.most) if self.line == "observed" else _impact(low, beside, self.well)


@dataclass(frozen=True, slots=True)
class Gap:
    """An expectation that is not met, or not seen to be met; `size` is on the logit scale, from where she stands to the target.

    `certainty` is the probability that the figure it rests on is below the target, and never rises by waiting. `line` names the line where the
    chain breaks. `open_months` says for how many ends of months it has been open; `pace` whether it is closing, and `closes_in` in how many months.
    `shared` is the fall of many that it is a part of, if it is.
    """

    skill: str
    target: int
    level: Level
    diagnosis: Diagnosis
    line: str | None
    size: float
    certainty: float
    lacking: Lacking
    open_months: int = 0
    pace: Pace = "early"
    closes_in: int | None = None
    shared: Fall | None = None
    # Whether the line before the one where the chain breaks is well; None where that cannot be told.
    well_before: bool | None = None

    @property
    def below(self) -> bool:
        """Whether something is said to be below what is expected, and not merely not known: one rule for every page."""
        return self.certainty > 0.0

    @property
    def open_since(self) -> date:
        """The first day of the month at whose end it was there for the first time."""
        month = month_of(self.level.at) - self.open_months
        return date(month // 12, month % 12 + 1, 1)

    @property
    def sentence(self) -> str:
        """Why it is where it is, in the reader's language."""
        return self.lacking.sentence

    @property
    def pieces(self) -> int:
        """How many pieces of evidence it rests on: those of the line where the chain breaks, or all there are."""
        return self.level.lines[self.line].n if self.line is not None else self.level.figure.n


def clearness(gap: Gap) -> tuple[bool, bool, float, str]:
    """What gaps are ordered by wherever they are shown: those that surely are there first, of these the largest; what nobody can judge last.

    Surely there is nothing of a skill whose own level cannot be told yet.
    """
    sure = gap.certainty >= CLEAR and gap.level.figure.enough
    return gap.diagnosis == "unknown", not sure, -gap.size * gap.certainty, gap.skill


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

    Whether there is one, and which, is judged as the last pieces of evidence left the figures: waiting brings no gap and takes none away, it only
    makes less sure what is said of one. Of each line no more is asked than its kind of evidence can show. `months` are those of the skill, line by
    line (of `courses`): without them no age and no pace is told. A gap is not older than `since`, from when it is expected.
    """
    if target <= 1:
        return None
    left = level.settled
    recent = {line: figure.settled for line, figure in level.lines.items() if _recent(figure, level.at)}
    lines = {line: figure for line, figure in recent.items() if figure.enough}
    # Of a line of which no level can be told no more is said than that it is surely below one, as its own words are.
    unsure = {line: figure for line, figure in recent.items() if not figure.enough and figure.below is not None}
    line = _breaks_at(left, target, lines, unsure)
    if line is None:
        found = _without_line(level, left, target)
        return _aged(found, (months or {}).get(policy.ALL, ()), target, since) if found is not None and found.below else found
    asked, before = _asked(line, target), _BEFORE.get(line, "")
    size = max(policy.threshold(asked) - recent[line].mean, 0.0)
    well = _well(before, lines.get(before), target)
    lacking = _lacking(line, recent, well, target)
    faded = any(_told_of(one, recent[one]) != _told_of(one, level.lines[one]) for one in (line, before) if one == line or lacking.beside)
    lacking = replace(lacking, faded=faded)
    gap = Gap(level.skill, target, level, GAP_OF_LINE[line], line, size, level.lines[line].short_of(asked), lacking, well_before=well)
    return _aged(gap, (months or {}).get(line, ()), asked, since)


def _asked(line: str, target: int) -> int:
    """What is asked of one line: the target, or, where its kind of evidence cannot show that much by itself, the most it can."""
    return min(target, policy.highest(line))


def _aged(gap: Gap, months: Sequence[MonthFigure], target: int, since: datetime | None) -> Gap:
    """The same with how long it has been open, and whether it is closing."""
    open_months = _open_months(months, target)
    if since is not None:
        open_months = min(open_months, max(month_of(gap.level.at) - month_of(since), 0))
    pace, closes_in = _pace(months, target)
    return replace(gap, open_months=open_months, pace=pace, closes_in=closes_in)


def _well(line: str, before: Figure | None, target: int) -> bool | None:
    """Whether the line before the break is where it is expected; None where that cannot be told."""
    if before is None:
        return None
    asked = _asked(line, target)
    return None if before.at_least and before.level < asked else before.level >= asked


def _without_line(level: Level, left: Level, target: int) -> Gap | None:
    """Where no line says on its own where it lacks: what is below all the same, or cannot be told; None where it is reached."""
    if not left.figure.enough:
        return Gap(level.skill, target, level, "unknown", None, 0.0, 0.0, _not_enough(level))
    if _is_below(left, target):
        size = max(policy.threshold(target) - left.figure.mean, 0.0)
        return Gap(level.skill, target, level, "unknown", None, size, level.figure.short_of(target), _below(level, left))
    if _told(level) < target:
        return Gap(level.skill, target, level, "unknown", None, 0.0, 0.0, _not_clear(level, left, target))
    return None


def _told(level: Level) -> int:
    return level.level or 0


def _is_below(level: Level, target: int) -> bool:
    """Whether the level that is told lies below; where it is told as the least there is, it may be higher."""
    if not level.figure.enough or _told(level) >= target:
        return False
    if level.figure.reaches(target) > _FINE:
        # The likeliest score lies below and the likelier half does not: that is not known to be below.
        return False
    return not (level.figure.at_least or level.held_back) or level.figure.reaches(target) < _LOW


def with_falls(found: Gap, falls: Iterable[Fall]) -> Gap:
    """The same, diagnosed as the process's where its line came down with that of many others and was not too low before."""
    since = month_of(found.level.at) - found.open_months
    fall = next((one for one in falls if (one.skill, one.line) == (found.skill, found.line) and month_of(one.since) <= since), None)
    return found if fall is None else replace(found, diagnosis="impact", shared=fall)


def gaps_in_company(
    levels: Mapping[int, Mapping[str, Level]], targets: Mapping[int, Mapping[str, Target]], teams: Mapping[int, int | None], at: datetime
) -> dict[int, dict[str, Gap]]:
    """Everybody's gaps by skill without their age, those that many share told as such, as on the pages of one person.

    No statement, and two where somebody's gap may be a part of a fall: then it has to be asked since when it is open.
    """
    found = {
        who: {skill: gap for skill, target in wanted.items() if skill in levels[who] and (gap := find(levels[who][skill], target.level))}
        for who, wanted in targets.items()
        if who in levels
    }
    parts = [(who, skill, falls) for who, mine in found.items() for skill, gap in mine.items() if (falls := _falls_of(gap, teams.get(who)))]
    months = courses(sorted({who for who, _skill, _falls in parts}), at) if parts else {}
    for who, skill, falls in parts:
        target = targets[who][skill]
        gap = find(levels[who][skill], target.level, months[who].get(skill), target.since)
        if gap is not None:
            found[who][skill] = with_falls(gap, falls)
    return found


def _falls_of(gap: Gap, team_id: int | None) -> list[Fall]:
    return [one for one in gap.level.falls if (one.skill, one.line) == (gap.skill, gap.line) and one.concerns(team_id)]


def _recent(figure: Figure, at: datetime) -> bool:
    return figure.last_at is not None and at - figure.last_at <= policy.RECENT


def _breaks_at(level: Level, target: int, lines: Mapping[str, Figure], unsure: Mapping[str, Figure]) -> str | None:
    """The first line that is too low; else, when the whole is below, the weakest of those that are."""
    for line in level.lines:
        asked = _asked(line, target)
        if (line in lines and lines[line].reaches(asked) < _LOW) or (line in unsure and (unsure[line].below or asked + 1) <= asked):
            return line
    if not _is_below(level, target):
        return None
    low = [
        line
        for line, figure in lines.items()
        if figure.level < _asked(line, target) and not figure.at_least and figure.reaches(_asked(line, target)) <= _FINE
    ]
    return min(low, key=lambda line: lines[line].reaches(_asked(line, target)), default=None)


def _open_months(months: Sequence[MonthFigure], target: int) -> int:
    """At how many ends of months the line was below; the present month has not ended.

    It is below now. A month after which nothing came on the line until the next one ended is as the next one: waiting opened no gap.
    """
    since = -1
    later = None
    for month in reversed(months):
        if later is not None and month.n != later.n and not _was_below(month, target):
            break
        since, later = since + 1, month
    return max(since, 0)


def _pace(months: Sequence[MonthFigure], target: int) -> tuple[Pace, int | None]:
    """Whether the line comes nearer to the target, and in how many months it is there; time alone is no pace."""
    told = [month for month in months if month.n >= policy.ENOUGH_PIECES]
    if len(told) <= _PACE:
        return "early", None
    if told[-1].n == told[-1 - _PACE].n:
        return "quiet", None
    cut = logit(policy.CUTS[target - 2])
    now, then = (logit(month.expected) for month in (told[-1], told[-1 - _PACE]))
    pace = (now - then) / _PACE
    if told[-1].expected - told[-1 - _PACE].expected < _WORTH:
        return "standing", None
    return ("slow", None) if (cut - now) / pace > _AHEAD else ("closing", max(1, round((cut - now) / pace)))


def _was_below(month: MonthFigure, target: int) -> bool:
    """What is asked of a line today: that it is too low, or told below; where no level can be told, that it is surely below."""
    if not month.enough:
        return month.n >= policy.ENOUGH_PIECES and month.reaches(target) < policy.SURELY_NOT
    return month.reaches(target) < _LOW or month.level < target


def _not_enough(level: Level) -> Lacking:
    if level.figure.n == 0:
        return Lacking("none")
    return Lacking("few" if level.figure.n < policy.ENOUGH_PIECES else "unlike")


def _not_clear(level: Level, left: Level, target: int) -> Lacking:
    if level.held_back:
        return Lacking("work")
    return Lacking("perhaps" if level.figure.at_least or _told(left) < target else "while")


def _below(level: Level, left: Level) -> Lacking:
    return Lacking("together", left.level or 1, faded=level.level != left.level)


def below_words(figure: Figure) -> str:
    """What is said of a figure of which no more can be told than what it surely is below; empty where not even that."""
    return _below_word(figure.below) if figure.below is not None else ""


def _below_word(level: int) -> str:
    return str(_("below %(level)s", level=_word(level)))


def _place_at(level: int) -> str:
    return str(_("at “%(level)s”", level=_word(level)))


def _place_below(level: int) -> str:
    return str(_("below “%(level)s”", level=_word(level)))


def _word(level: int) -> str:
    return skills.framework().levels[level].name.of(language())


def _lacking(line: str, stood: Mapping[str, Figure], well: bool | None, target: int) -> Lacking:
    """Why the gap is where it is: the line where the chain breaks beside the one before it, which is well only where it is told so."""
    before = _BEFORE.get(line, "")
    if well is None:
        return Lacking(line, _told_of(line, stood[line]))
    beside = _told_of(before, stood[before])
    return Lacking(line, _told_of(line, stood[line]), beside, well, most=well and beside < target)


def _told_of(line: str, figure: Figure) -> int:
    """The level that is told of a line; below 0 that which it is surely below, where no more can be told."""
    return min(figure.level, policy.highest(line)) if figure.enough else -(figure.below or 2)


def _practice(low: str, beside: str, well: bool | None) -> str:
    if well is None:
        return str(_("Role-plays stand %(practice)s: to be practised.", practice=low))
    if well:
        words = _("Quizzes stand %(knowledge)s, role-plays %(practice)s: known, and to be practised.", knowledge=beside, practice=low)
    else:
        words = _(
            "Role-plays stand %(practice)s, and quizzes, %(knowledge)s, are not quite there either: practise, and reread the lesson.",
            knowledge=beside,
            practice=low,
        )
    return str(words)


def _transfer(low: str, beside: str, well: bool | None, most: bool) -> str:
    if well is None:
        return str(_("Observations stand %(observed)s: coaching beside the work helps most.", observed=low))
    if well and most:
        words = _(
            "Role-plays stand %(practice)s, which is the most they can show, and observations %(observed)s: the last step has to be seen at work.",
            practice=beside,
            observed=low,
        )
    elif well:
        words = _(
            "Role-plays stand %(practice)s, observations %(observed)s: it works in practice and not yet at work.",
            practice=beside,
            observed=low,
        )
    else:
        words = _(
            "Observations stand %(observed)s, and role-plays, %(practice)s, are not quite there either: practise, and coaching.",
            practice=beside,
            observed=low,
        )
    return str(words)


def _impact(low: str, beside: str, well: bool | None) -> str:
    if well is None:
        words = _("Customers put it %(customers)s, and the work was not watched often enough to say why: an observation would tell.", customers=low)
    elif well:
        words = _(
            "Observations stand %(observed)s, customers %(customers)s: look at the process before the person.",
            observed=beside,
            customers=low,
        )
    else:
        words = _(
            "Customers put it %(customers)s, and observations, %(observed)s, are not quite there either: look at process and work.",
            observed=beside,
            customers=low,
        )
    return str(words)


def surely_reached(level: Level, target: int) -> bool:
    """Whether a level that has no gap is also clearly where it is expected to be, and not merely not known to be below.

    It was when the last evidence came, and still is: what only time has moved there is not.
    """
    return target <= 1 or (min(level.level or 0, level.settled.level or 0) >= target and level.figure.surely_at(target) >= CLEAR)


def how_sure(gap: Gap) -> str:
    """How sure it is that the line is below what is expected, in a few words; empty where nothing is claimed."""
    if not gap.certainty:
        return ""
    if gap.certainty >= _NEARLY_CERTAIN:
        return str(_("We are nearly certain that this is below what is expected."))
    if gap.certainty >= _FINE:
        return str(
            _("We are fairly sure that this is below what is expected.")
            if gap.certainty >= CLEAR
            else _("That this is below what is expected is likely, and not sure yet.")
        )
    return str(_("Whether this is below what is expected is not sure yet: it is close."))
