"""The figures that teams may set themselves as goals, for some teams or for everybody, and how far a goal has come."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from trainee import voice
from trainee.coaching import Observation
from trainee.dashboards.chain import LEAST, WINDOW, Figure, seen_at_work, share
from trainee.dashboards.coverage import LATELY
from trainee.evidence.models import EVIDENCE
from trainee.kit.db import db
from trainee.kit.i18n import _l
from trainee.kit.intervals import adjusted_wald
from trainee.modules.progress import PartDone
from trainee.people import Person
from trainee.service.goals import Listed
from trainee.voice.arithmetic import PERSON_NPS

# Sums by team: how many, and the sums that the figure is made of.
Sums = Mapping[int | None, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that may be a goal: its sums by team in one statement, the figure of some of them, and between what targets lie as they are typed."""

    key: str
    title: Any
    what: Any
    sums: Callable[[datetime], Sums]
    figure: Callable[..., Figure]
    least: float
    most: float
    # By which measure of customers the company may say from where on it is good; empty where it never does.
    by: str = ""


def _of_question(instrument: str) -> Any:
    return next((one for one in voice.QUESTIONS.values() if one.instrument == instrument), None)


def _good_answers(instrument: str) -> Callable[[datetime], Sums]:
    """Answers to the first question of that kind, and how many of them were good."""

    def sums(at: datetime) -> Sums:
        question = _of_question(instrument)
        if question is None:
            return {}
        good = func.sum(case((voice.Rating.value >= question.good, 1), else_=0))
        return _answers(question.key, at, good, good)

    return sums


def _promoting(at: datetime) -> Sums:
    """Answers to the question of recommending, how many promote and detract, and of how many people they tell; nobody in particular are several."""
    question = _of_question("nps")
    if question is None:
        return {}
    up, down = (func.sum(case((condition, 1), else_=0)) for condition in (voice.Rating.value >= 9, voice.Rating.value <= 6))
    person = voice.Rating.person_id
    people = func.count(person.distinct()) + case((func.count(person) < func.count(), 2), else_=0)
    return _answers(question.key, at, up, down, people)


def _answers(question: str, at: datetime, *sums: Any) -> Sums:
    rows = select(voice.Rating.team_id, func.count(), *sums).group_by(voice.Rating.team_id)
    rows = rows.where(voice.Rating.question == question, voice.Rating.value.is_not(None))
    rows = rows.where(voice.Rating.given_at >= at - WINDOW, voice.Rating.given_at < at)
    return {row[0]: tuple(value or 0 for value in row[1:]) for row in db.session.execute(rows)}


def _levels(at: datetime) -> Sums:
    rows = select(Person.team_id, func.count(), func.sum(EVIDENCE.c.score), func.count()).join(EVIDENCE, EVIDENCE.c.person_id == Person.id)
    rows = rows.where(*seen_at_work(at - WINDOW, at)).group_by(Person.team_id)
    return {row[0]: (row[1], float(row[2]), row[3]) for row in db.session.execute(rows)}


def _people_who(*conditions: Any, owner: Any) -> Sums:
    did = Person.id.in_(select(owner).where(*conditions))
    rows = select(Person.team_id, func.count(), func.count().filter(did), func.count()).where(Person.disabled_at.is_(None))
    return {row[0]: (row[1], row[2], row[3]) for row in db.session.execute(rows.group_by(Person.team_id))}


def _seen_lately(at: datetime) -> Sums:
    return _people_who(Observation.seen_at > at - LATELY, Observation.seen_at <= at, owner=Observation.person_id)


def _learnt_lately(at: datetime) -> Sums:
    return _people_who(PartDone.first_at > at - LATELY, PartDone.first_at <= at, owner=PartDone.person_id)


def _share_of(n: float, good: float, _other: float) -> Figure:
    return share(int(good), int(n))


def _of_everybody(n: float, did: float, _other: float) -> Figure:
    """A share of people who are all counted and not drawn: there is no chance in it, and so no interval."""
    return Figure("share", did / n if n else None, int(n))


def _level(n: float, total: float, _other: float) -> Figure:
    return Figure("level", 1 + 3 * total / n if n >= LEAST else None, int(n))


def _score(n: float, up: float, down: float, people: float = 0) -> Figure:
    # What all answers tell of one person is hers, whatever team it is called after.
    if n < (PERSON_NPS if people == 1 else LEAST):
        return Figure("score", None, int(n))
    return Figure("score", (up - down) / n, int(n), *adjusted_wald(int(up), int(down), int(n)))


_QUARTER = _l("of the last 90 days")
_MONTH = _l("of the last 30 days")
MEASURES = {
    one.key: one
    for one in (
        Measure("satisfied", _l("Satisfied customers, in percent"), _QUARTER, _good_answers("csat"), _share_of, 1, 100, "csat"),
        Measure("easy", _l("Customers who found it easy, in percent"), _QUARTER, _good_answers("ces"), _share_of, 1, 100, "ces"),
        Measure("recommend", _l("Would recommend us minus would not (NPS), -100 to 100"), _QUARTER, _promoting, _score, -99, 100, "nps"),
        Measure("level", _l("Mean level of what was seen at work, 1 to 4"), _QUARTER, _levels, _level, 1.1, 4),
        Measure("seen", _l("People who were observed, in percent"), _MONTH, _seen_lately, _of_everybody, 1, 100),
        Measure("learnt", _l("People who finished something new, in percent"), _MONTH, _learnt_lately, _of_everybody, 1, 100),
    )
}


def figure_of(measure: Measure, sums: Sums, teams: Collection[int]) -> Figure:
    """The figure of these teams, or of everybody where there are none."""
    rows = [values for team_id, values in sums.items() if not teams or team_id in teams]
    return measure.figure(*[sum(column) for column in zip(*rows, strict=True)] or (0, 0, 0))


def figures_now(goals: Sequence[Listed], at: datetime) -> dict[int, Figure]:
    """How each goal stands, by its id. One statement for each measure that is among them."""
    sums = {key: MEASURES[key].sums(at) for key in {one.goal.measure for one in goals if one.goal.measure in MEASURES}}
    return {one.goal.id: figure_of(MEASURES[one.goal.measure], sums[one.goal.measure], one.teams.keys()) for one in goals if one.goal.measure in sums}


def scaled(measure: Measure, typed: float) -> float:
    """A target as it is typed, in the figure's own scale: 85 percent is 0.85, and so is an NPS of 85."""
    return typed if measure.key == "level" else typed / 100


def state(goal_target: float, begin: Figure, now: Figure) -> str:
    """How a goal stands: reached, on (come nearer by more than chance would), chance (nearer, but that may be chance), off, or few."""
    if now.value is None:
        return "few"
    if now.value >= goal_target - 1e-9:
        return "reached"
    if begin.value is None or now.value <= begin.value:
        return "off"
    return "on" if now.low is None or now.low > begin.value else "chance"


def way_done(goal_target: float, begin: Figure, now: Figure) -> int | None:
    """How much of the way is done, 0 to 100; None where it cannot be told."""
    if now.value is None or begin.value is None or goal_target <= begin.value:
        return None
    return round(100 * min(max((now.value - begin.value) / (goal_target - begin.value), 0.0), 1.0))


def plain(one: Figure) -> dict[str, Any]:
    """A figure as it is kept."""
    return {"kind": one.kind, "value": one.value, "n": one.n, "low": one.low, "high": one.high}
