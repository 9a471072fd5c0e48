"""Question and item analysis: how hard a question is, whether it separates, and what is picked.

Facility is the mean score; discrimination the correlation of the question's score with the rest of the quiz, so that the question does not
correlate with itself (corrected item-total correlation: Henrysson 1963, Psychometrika 28:211). What it is called follows Ebel and Frisbie (1991,
Essentials of Educational Measurement, 5th edition): 0.40 very good, 0.30 good, 0.20 fair, below that it does not separate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, Final

from sqlalchemy import select

from trainee import plans
from trainee.kit.db import db
from trainee.modules.library import Module
from trainee.modules.questions import Question, kind_of
from trainee.modules.quizzes.models import ANSWER, QuizAttempt
from trainee.reports.filters import Asked
from trainee.reports.population import Member, TeamsThen, chunks, within

FACILITY_FROM: Final = 10
DISCRIMINATION_FROM: Final = 30
# What most people get right tells hardly anything of them, and so does what most get wrong.
TOO_EASY, TOO_HARD = 0.9, 0.3


@dataclass(slots=True)
class Item:
    """One question: the sums that its figures are made of, and who picked what. `rest`: their score in the rest of the quiz."""

    n: int = 0
    points: float = 0.0
    squares: float = 0.0
    rest: float = 0.0
    rest_squares: float = 0.0
    products: float = 0.0
    left_open: int = 0
    picks: dict[str, list[float]] = field(default_factory=dict)

    def add(self, score: float, rest: float, picked: Sequence[str]) -> None:
        """One person's first try."""
        self.n += 1
        self.points += score
        self.squares += score * score
        self.rest += rest
        self.rest_squares += rest * rest
        self.products += score * rest
        for one in picked:
            found = self.picks.setdefault(one, [0.0, 0.0])
            found[0] += 1
            found[1] += rest

    @property
    def facility(self) -> float | None:
        """The mean score, 0..1; None below ten people."""
        return self.points / self.n if self.n >= FACILITY_FROM else None

    @property
    def discrimination(self) -> float | None:
        """The correlation with the rest of the quiz, -1..1; None below thirty people, and where everybody scored alike."""
        if self.n < DISCRIMINATION_FROM:
            return None
        spread = self.n * self.squares - self.points**2
        rest = self.n * self.rest_squares - self.rest**2
        if spread <= 1e-9 or rest <= 1e-9:
            return None
        return (self.n * self.products - self.points * self.rest) / sqrt(spread * rest)

    @property
    def verdict(self) -> str:
        """few, easy, hard, weak (does not separate), fair or good."""
        if self.facility is None:
            return "few"
        if self.facility > TOO_EASY:
            return "easy"
        if self.facility < TOO_HARD:
            return "hard"
        if self.discrimination is None:
            return "few"
        return "weak" if self.discrimination < 0.2 else "fair" if self.discrimination < 0.3 else "good"


def items(asked: Asked) -> dict[tuple[str, str], Item]:
    """Every question that was drawn for somebody's first try, by module and id. Days select by when the try was begun."""
    modules, found = plans.training().modules, dict[tuple[str, str], Item]()
    for members in chunks(asked, once=True):
        then = TeamsThen(members, asked)
        answers = _answers(members)
        for attempt in _firsts(members, asked.filters.module):
            module = modules.get(attempt.module_key)
            if module is None or not within(asked, attempt.started_at) or then.at(attempt.person_id, attempt.started_at) is None:
                continue
            for question_id, score, rest, picked in _scored(attempt, answers.get(attempt.id, {}), module):
                item = found.setdefault((attempt.module_key, question_id), Item())
                item.add(score, rest, picked)
                item.left_open += question_id not in answers.get(attempt.id, {})
    return found


def in_order(found: dict[tuple[str, str], Item]) -> Iterator[tuple[Module, Question, Item]]:
    """The questions in use, in the order of the modules' codes and of their quizzes."""
    for module in sorted(plans.training().modules.values(), key=lambda one: one.code):
        for question in module.quiz.questions:
            item = found.get((module.key, question.id))
            if item is not None:
                yield module, question, item


def _scored(attempt: Any, answers: dict[str, Any], module: Module) -> Iterator[tuple[str, float, float, Sequence[str]]]:
    """For each question drawn: its score, that of the rest, and what was picked. One left open counts as wrong."""
    drawn = list(attempt.drawn)
    whole = sum(answers[one].score for one in drawn if one in answers)
    for one in drawn:
        given = answers.get(one)
        score = given.score if given is not None else 0.0
        rest = (whole - score) / (len(drawn) - 1) if len(drawn) > 1 else 0.0
        yield one, score, rest, _picked(module, one, given)


def _picked(module: Module, question_id: str, given: Any) -> Sequence[str]:
    question = module.question(question_id)
    if question is None or given is None:
        return ()
    known = {option.id for option in kind_of(question).options(question)}
    if not known:
        return ()
    try:
        return [one for one in kind_of(question).mark(question, given.answer).chosen if one in known]
    except (KeyError, TypeError, ValueError):
        # An answer to an earlier wording of it, of another type; its score counts all the same.
        return ()


def _firsts(members: Sequence[Member], module: str | None) -> Sequence[Any]:
    one = QuizAttempt
    columns = (one.id, one.person_id, one.module_key, one.drawn, one.started_at)
    wanted = (one.person_id.in_([member.id for member in members]), one.number == 1, one.handed_in_at.is_not(None))
    statement = select(*columns).where(*wanted).order_by(one.id)
    return db.session.execute(statement if module is None else statement.where(one.module_key == module)).all()


def _answers(members: Sequence[Member]) -> dict[int, dict[str, Any]]:
    one = QuizAttempt
    statement = (
        select(ANSWER.c.attempt_id, ANSWER.c.question_id, ANSWER.c.answer, ANSWER.c.score)
        .join(one.__table__, one.id == ANSWER.c.attempt_id)
        .where(one.person_id.in_([member.id for member in members]), one.number == 1, one.handed_in_at.is_not(None))
    )
    found: dict[int, dict[str, Any]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.attempt_id, {})[row.question_id] = row
    return found
