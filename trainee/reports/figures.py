"""Every figure once: what it is called, what it means, and how it is counted. A page, a file and the command line take it from here.

A figure is counted from facts, the same that the rows of a report are made of. `weigh` says of one fact how much it adds to the upper and the
lower part of the fraction, or None where the fact does not belong to it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, Literal

from trainee.kit.i18n import _, _l, number, percent
from trainee.kit.intervals import adjusted_wald, wilson
from trainee.voice.arithmetic import PERSON_NPS, student

# share: 0..1 · points: -100..100, a difference of two shares
Unit = Literal["share", "count", "hours", "mean", "points", "money"]
# What a fact adds above and below the line; of points also how many of it are on either side, and of a mean the sum of the squares, which their
# intervals need.
Weigh = Callable[[Any], tuple[float, ...] | None]
_LEFT_OUT = _l("the filters leave out what it counts")
# Units of which nothing is divided.
_ADDED = ("count", "hours", "money")
UNITS = {
    "share": _l("a share"),
    "count": _l("a number"),
    "hours": _l("hours"),
    "mean": _l("a mean"),
    "points": _l("points from -100 to +100"),
    "money": _l("an amount of money"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its definition in a sentence, its unit, from how many facts it is told, and whether these are a sample of more (an interval)."""

    key: str
    title: Any
    says: Any
    unit: Unit
    weigh: Weigh
    # A share of fewer says more about chance, or about one person, than about the whole.
    least: int = 1
    sample: bool = False
    # What is said where there is nothing to count.
    nothing: Any = "—"
    # The columns by which it is judged: of rows that a condition on one of them has picked it says nothing.
    by: tuple[str, ...] = ()
    # Why it is not told where what is asked for leaves it out.
    why_not: Any = _LEFT_OUT
    # Whom a fact tells about, and from how many on it is told where all of them tell about one and the same person.
    about: Callable[[Any], Collection[int | None]] | None = None
    least_of_one: int = 0

    def counts(self, fact: Any) -> bool:
        """Whether a fact stands behind it: of a number what adds to it, of a share and a mean all they are made of."""
        weight = self.weigh(fact)
        if weight is None:
            return False
        return bool(weight[0]) if self.unit in _ADDED else bool(weight[0] or weight[1])


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure counted: `value` of `n` facts (a share and a mean of those, a count and hours in all), None below its least number."""

    figure: Figure
    n: float
    value: float | None
    low: float | None = None
    high: float | None = None
    # Whether the filters leave out what it counts, so that nothing can be said of it here.
    left_out: bool = False

    @property
    def words(self) -> str:
        """The value as people read it."""
        if self.left_out:
            return str(_("not counted here"))
        if self.value is None:
            few = _("too few to tell (%(n)s of %(least)s)", n=number(self.n), least=number(self.figure.least))
            return str(few if self.n else self.figure.nothing)
        if self.figure.unit == "share":
            return percent(self.value)
        if self.figure.unit == "points":
            return signed(self.value)
        return number(self.value, 0 if self.figure.unit in ("count", "money") else 1)

    @property
    def between(self) -> str:
        """Between what and what it very likely lies (95 % confidence), where it is a sample; empty elsewhere."""
        if self.left_out:
            return str(self.figure.why_not)
        if self.low is None or self.high is None:
            return ""
        told: Callable[[float], str] = percent
        if self.figure.unit in ("points", "mean"):
            told = signed if self.figure.unit == "points" else _to_one_place
        return str(_("very likely between %(low)s and %(high)s", low=told(self.low), high=told(self.high)))

    @property
    def counted(self) -> str:
        """Of how many it is told; empty where it says that itself, and where it is left out."""
        if self.left_out or self.figure.unit in _ADDED:
            return ""
        return str(_("Counted here: %(n)s.", n=number(self.n)))


def _to_one_place(value: float) -> str:
    return number(value, 1)


def signed(points: float) -> str:
    """Points with their sign, as NPS is written."""
    return f"+{number(points)}" if round(points) > 0 else number(points)


def measure(figures: Sequence[Figure], facts: Iterable[Any], left_out: Collection[Figure] = ()) -> list[Measured]:
    """All these figures in one pass over the facts; those that are `left_out` by the filters have no value."""
    upper, lower, sides = [0.0] * len(figures), [0.0] * len(figures), [0.0] * len(figures)
    people: list[set[int | None]] = [set() for _figure in figures]
    for fact in facts:
        for place, figure in enumerate(figures):
            weight = figure.weigh(fact)
            if weight is not None:
                if figure.about is not None:
                    people[place].update(figure.about(fact))
                upper[place] += weight[0]
                lower[place] += weight[1]
                sides[place] += weight[2] if len(weight) > 2 else 0.0
    told = [replace(one, least=one.least_of_one) if _one_person(about) else one for one, about in zip(figures, people, strict=True)]
    found = [_measured(*one) for one in zip(told, upper, lower, sides, strict=True)]
    return [Measured(figure, 0.0, None, left_out=True) if figure in left_out else one for figure, one in zip(figures, found, strict=True)]


def _one_person(people: set[int | None]) -> bool:
    return len(people) == 1 and None not in people


def _measured(figure: Figure, upper: float, lower: float, sides: float) -> Measured:
    if figure.unit in _ADDED:
        # However the same minutes are put together, the same hours are told: nothing of the last binary places is left to be rounded.
        return Measured(figure, lower, round(upper, 9))
    if lower < figure.least or not lower:
        return Measured(figure, lower, None)
    value = upper / lower
    if figure.unit == "points":
        low, high = adjusted_wald(round((sides + upper) / 2), round((sides - upper) / 2), round(lower))
        return Measured(figure, lower, 100 * value, 100 * low, 100 * high)
    if figure.sample and figure.unit == "share":
        low, high = wilson(value, round(lower))
        return Measured(figure, lower, value, low, high)
    if figure.sample and figure.unit == "mean" and lower > 1:
        half = student(round(lower) - 1) * sqrt(max(sides - upper * value, 0.0) / (lower - 1) / lower)
        return Measured(figure, lower, value, value - half, value + half)
    return Measured(figure, lower, value)


def _yes(value: bool) -> tuple[float, float]:
    return (1.0 if value else 0.0), 1.0


# What is assigned -----------------------------------------------------------------------------------------------------------

_COUNTS = ("done", "open", "overdue")

COMPLETION = Figure(
    "completion",
    _l("Completion"),
    _l("Of everything assigned that still counts (not excused, withdrawn or no longer applying), the share that is completed."),
    "share",
    lambda fact: _yes(fact.state == "done") if fact.state in _COUNTS else None,
    by=("state", "completed_at"),
)
ON_TIME = Figure(
    "on_time",
    _l("On time"),
    _l("Of everything with a last day that is completed or overdue, the share completed on that day or before, where she lives."),
    "share",
    lambda fact: _yes(fact.on_time) if fact.on_time is not None else None,
    by=("state", "completed_at"),
)
OVERDUE = Figure(
    "overdue",
    _l("Overdue"),
    _l("Assignments whose last day has passed and that are not completed."),
    "count",
    lambda fact: _yes(fact.state == "overdue"),
    by=("state", "completed_at"),
)
HOURS = Figure(
    "hours",
    _l("Hours of learning"),
    _l("The minutes stated for every lesson, quiz and role-play that was finished, each counted once, in hours. What is stated is reading time."),
    "hours",
    lambda fact: (fact.minutes / 60, 1.0) if fact.first else None,
    by=("minutes", "hours"),
)
QUIZ_BEST = Figure(
    "quiz_best",
    _l("Best quiz result"),
    _l("The mean of the best result of everybody who handed in the module's quiz."),
    "share",
    lambda fact: (fact.quiz_best, 1.0) if fact.first and fact.quiz_best is not None else None,
    by=("quiz_best_pct",),
)
MODULES_DONE = Figure(
    "modules_done",
    _l("Modules completed"),
    _l("Of all modules that somebody was given or began, the share in which every lesson, the quiz and the role-plays are done."),
    "share",
    lambda fact: _yes(fact.completed_at is not None) if fact.first else None,
    by=("completed_at",),
)

ATTEMPTS = Figure("attempts", _l("Attempts"), _l("Tries at a quiz, handed in or not."), "count", lambda _fact: (1.0, 1.0))
PASSED = Figure(
    "passed",
    _l("Passed"),
    _l("Of all tries that were handed in, the share that passed."),
    "share",
    lambda fact: _yes(fact.passed) if fact.handed_in else None,
    by=("result", "quiz_pct"),
)
PASSED_AT_FIRST = Figure(
    "passed_at_first",
    _l("Passed at the first try"),
    _l("Of all first tries that were handed in, the share that passed."),
    "share",
    lambda fact: _yes(fact.passed) if fact.handed_in and fact.number == 1 else None,
    by=("result", "quiz_pct"),
)

# Skills ---------------------------------------------------------------------------------------------------------------------

REACHED = Figure(
    "reached",
    _l("At the expected level"),
    _l("Of all skills of which a level is expected and known, the share where the level is the expected one or higher."),
    "share",
    lambda fact: _yes(fact.level >= fact.target) if fact.level is not None and fact.target is not None else None,
    by=("skill_level", "gap"),
)
UNKNOWN = Figure(
    "unknown",
    _l("Not enough evidence yet"),
    _l("Of all skills of which a level is expected, the share of which too little is known to tell one."),
    "share",
    lambda fact: _yes(fact.level is None) if fact.target is not None else None,
    by=("skill_level", "level_confidence"),
)
GAPS = Figure(
    "gaps",
    _l("Open gaps"),
    _l("Skills in which somebody is likely below what is expected of her, and it can be said where the chain breaks."),
    "count",
    lambda fact: _yes(fact.gap not in ("", "unknown")),
    by=("skill_level", "gap"),
)

# Certification --------------------------------------------------------------------------------------------------------------


def _in_state(*states: str) -> Weigh:
    return lambda fact: _yes(fact.state in states)


VALID = Figure(
    "valid",
    _l("Valid"),
    _l("Certificates that are valid today, those to be renewed soon included."),
    "count",
    _in_state("valid", "window"),
    by=("state", "certificate_valid_until"),
)
EXPIRING = Figure(
    "expiring",
    _l("To be renewed"),
    _l("Valid certificates whose time for renewal has begun."),
    "count",
    _in_state("window"),
    by=("state", "certificate_valid_until"),
)
EXPIRED = Figure(
    "expired",
    _l("Expired"),
    _l("Certificates whose last day has passed, and none after them."),
    "count",
    _in_state("expired"),
    by=("state", "certificate_valid_until"),
)

# Expectations ---------------------------------------------------------------------------------------------------------------

ACKNOWLEDGED = Figure(
    "acknowledged",
    _l("Acknowledged"),
    _l("Of the expectations that somebody was asked to read, the share she has acknowledged."),
    "share",
    lambda fact: _yes(fact.answer == "acknowledged"),
    by=("answer", "expectation_ack_at"),
)
EXPECTATIONS_REACHED = Figure(
    "expectations_reached",
    _l("Reached"),
    _l("Of the expectations whose status can be told, the share whose level is reached."),
    "share",
    lambda fact: _yes(fact.status == "reached") if fact.status != "unknown" else None,
    by=("status", "skill_level"),
)
AT_RISK = Figure(
    "at_risk",
    _l("At risk"),
    _l("Expectations that are more likely missed than reached by their day."),
    "count",
    lambda fact: _yes(fact.status == "at_risk"),
    by=("status", "skill_level"),
)

# Observation and coaching ---------------------------------------------------------------------------------------------------

OBSERVATIONS = Figure("observations", _l("Observations"), _l("Contacts that somebody watched and wrote down."), "count", lambda _fact: (1.0, 1.0))
LINES_AT_LEVEL = Figure(
    "lines_at_level",
    _l("Lines at level 3 or 4"),
    _l("Of all lines that were marked, the share at Proficient or Role model; what was struck after a dispute is left out."),
    "share",
    lambda fact: (fact.good, fact.lines) if fact.lines else None,
    least=10,
    sample=True,
    by=("good_lines", "good", "mean_level"),
)
AGREEMENT = Figure(
    "agreement",
    _l("Agreement of two observers"),
    _l("Of the lines of contacts that two people scored without seeing each other's marks, the share where both gave the same level."),
    "share",
    lambda fact: (fact.same, fact.twice) if fact.twice else None,
    least=20,
    sample=True,
)
HELD = Figure(
    "held",
    _l("Sessions held"),
    _l("Of the coaching sessions whose day has come and that were not called off, the share that was held."),
    "share",
    lambda fact: _yes(fact.held_at is not None) if fact.state not in ("promised", "cancelled") else None,
    by=("state", "held_at"),
)
CLOSED = Figure(
    "closed",
    _l("Loops closed"),
    _l("Of the sessions held whose follow-up day has come, the share after which the skill was seen at work often enough to compare."),
    "share",
    lambda fact: _yes(fact.state == "closed") if fact.follow_up_came else None,
    by=("state", "good_after"),
)

# Role-plays -----------------------------------------------------------------------------------------------------------------

RUNS = Figure(
    "runs",
    _l("Role-plays begun"),
    _l("Role-plays that somebody began from the start; replays are left out."),
    "count",
    lambda fact: (fact.runs, 1.0) if fact.first else None,
)
RUNS_LEFT = Figure(
    "runs_left",
    _l("Left in the middle"),
    _l("Of the role-plays that were begun, the share that has no ending and was not touched for seven days."),
    "share",
    lambda fact: (fact.left, fact.runs) if fact.first and fact.runs else None,
)
GOOD_ENDINGS = Figure(
    "good_endings",
    _l("Best endings"),
    _l("Of the role-plays that were played to an end, the share with an ending of the best rank."),
    "share",
    lambda fact: (fact.best, fact.finished) if fact.first and fact.finished else None,
)
CRITICAL_RUNS = Figure(
    "critical_runs",
    _l("With a critical error"),
    _l("Of the role-plays that were played to an end, the share in which a critical error was made."),
    "share",
    lambda fact: (fact.critical_runs, fact.finished) if fact.first and fact.finished else None,
)

# Questions ------------------------------------------------------------------------------------------------------------------

FACILITY = Figure(
    "facility",
    _l("Facility"),
    _l("The mean score of a question at everybody's first try that was handed in; a question left open counts as wrong."),
    "share",
    lambda fact: (fact.points, fact.n) if fact.n else None,
    least=10,
    by=("facility", "verdict"),
)
UNSEPARATING = Figure(
    "unseparating",
    _l("Questions that do not separate"),
    # Below 0.20 the correlation with the rest of the quiz is called poor (Ebel and Frisbie 1991).
    _l(
        "Questions answered by 30 people or more, neither very easy nor very hard, that hardly tell those who know from those who do not: who does "
        "well in the rest of the quiz does little better here than the others (discrimination below 0.20). What is very easy or very hard seldom "
        "tells them apart either; it is counted under that name."
    ),
    "count",
    # What a question is called and what is counted under that name are one thing: the first that fits, and what is to be mended first.
    lambda fact: _yes(fact.item.verdict == "weak") if fact.discrimination is not None else None,
    by=("facility", "discrimination", "verdict"),
)

# Time, money, effect --------------------------------------------------------------------------------------------------------

HOURS_EACH = Figure(
    "hours_each",
    _l("Hours each"),
    _l("The hours of learning of everybody the filters select, those without any included, for each person."),
    "mean",
    lambda fact: (fact.minutes / 60, 1.0 if fact.new else 0.0),
    by=("hours",),
)
COST = Figure(
    "cost",
    _l("Cost of the hours"),
    _l("The hours of learning times the cost of an hour that you gave in the filters. No pay is held here."),
    "money",
    lambda fact: (fact.cost, 1.0) if fact.cost is not None else None,
    why_not=_l("the filters give no cost of an hour"),
    by=("hours", "cost"),
)
EFFECTS_TOLD = Figure(
    "effects_told",
    _l("Effects that can be told"),
    _l("Of the lines on behaviour and results, the share with at least twelve people on either side, so that a comparison can be made."),
    "share",
    lambda fact: _yes(fact.effect is not None) if fact.level in ("3", "4") else None,
    by=("effect", "low", "high", "shows"),
)

# Suggestions ----------------------------------------------------------------------------------------------------------------

ANSWERED_IN_TIME = Figure(
    "answered_in_time",
    _l("Suggestions answered in time"),
    _l("Of the suggestions that are answered or whose day has come, the share answered on that day or before, where the responder lives."),
    "share",
    lambda fact: _yes(fact.in_time) if fact.in_time is not None else None,
    by=("answered_at", "in_time"),
)
UNANSWERED = Figure(
    "unanswered",
    _l("Suggestions without an answer"),
    _l("Suggestions that nobody has answered yet, their day come or not."),
    "count",
    lambda fact: _yes(fact.answered_at is None),
    by=("answered_at", "decision"),
)

# Customers ------------------------------------------------------------------------------------------------------------------

_NOT_MEASURED = _l("not measured")
CSAT = Figure(
    "csat",
    _l("CSAT"),
    _l("Of the customers who said how satisfied they were, the share with 4 or 5 of 5."),
    "share",
    lambda fact: (fact.good, fact.n) if fact.question == "satisfied" else None,
    least=5,
    sample=True,
    nothing=_NOT_MEASURED,
    by=("good", "low", "high"),
)
CES = Figure(
    "ces",
    _l("CES"),
    _l("What customers answered on average when asked whether it was easy to settle their matter, from 1 (not at all) to 7 (completely)."),
    "mean",
    lambda fact: (fact.total, fact.n, fact.squares) if fact.question == "easy" else None,
    least=5,
    sample=True,
    nothing=_NOT_MEASURED,
    by=("good", "low", "high"),
)
NPS = Figure(
    "nps",
    _l("NPS"),
    _l(
        "The share of those who would recommend us with 9 or 10 of 10, minus the share of those with 0 to 6; who gave 7 or 8 counts among all, "
        "and is on neither side."
    ),
    "points",
    lambda fact: (fact.good - fact.bad, fact.n, fact.good + fact.bad) if fact.question == "recommend" else None,
    least=30,
    sample=True,
    nothing=_NOT_MEASURED,
    by=("nps", "nps_low", "nps_high"),
    about=lambda fact: fact.people,
    least_of_one=PERSON_NPS,
)

FIGURES = tuple(one for one in list(vars().values()) if isinstance(one, Figure))
"""All of them, in the order in which they stand here."""
