"""When a question should come back: FSRS, run over the log of answers, day by day.

It decides when, and never how good anybody is: that is the profile's figure, which reads the same answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Protocol

from fsrs import Card, Rating, Scheduler, State
from fsrs.scheduler import DEFAULT_PARAMETERS

from trainee.profile.missed import MISSED

# With what probability a question should still be known when it comes back.
RETENTION: Final = 0.85


def _scheduler(weights: Sequence[float]) -> Scheduler:
    # The library's learning steps of minutes are made for flash cards. Chance is off, so that a log always gives the same cards.
    return Scheduler(weights, learning_steps=(), relearning_steps=(), desired_retention=RETENTION, maximum_interval=180, enable_fuzzing=False)


SCHEDULER: Final = _scheduler(DEFAULT_PARAMETERS)
WRONG: Final = MISSED
KNOWN: Final = 0.9


class Answered(Protocol):
    """One row of the log."""

    @property
    def score(self) -> float: ...

    @property
    def confidence(self) -> str | None: ...

    @property
    def answered_on(self) -> date: ...

    @property
    def slow(self) -> bool | None: ...

    @property
    def weights(self) -> Sequence[float] | None:
        """The weights in use when it was given; None for the library's."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is believed of one question in one head; `stability` is in days, and `due_on` is always later than `last_on`."""

    stability: float
    difficulty: float
    due_on: date
    last_on: date
    surely_wrong: bool

    def recalled(self, day: date) -> float:
        """The probability that it would be answered on that day, 0 to 1."""
        return recalled(self.stability, self.last_on, day)


def rating(score: float, slow: bool | None = None) -> Rating:
    """How the scheduler is told of an answer: right but slow for her is 'hard'. There is no 'easy': two grades of right cost little."""
    if score < WRONG:
        return Rating.Again
    return Rating.Hard if slow or score < KNOWN else Rating.Good


@lru_cache(maxsize=64)
def _fitted(weights: tuple[float, ...]) -> Scheduler:
    return _scheduler(weights)


def remember(answers: Iterable[Answered]) -> Memory:
    """The card that a log of answers, in their order, adds up to; at least one."""
    card = Card(card_id=1, due=datetime(2000, 1, 1, tzinfo=UTC))
    surely_wrong = False
    for one in answers:
        # At noon of each day: whole days lie between two answers, whatever the hours.
        scheduler = SCHEDULER if one.weights is None else _fitted(tuple(one.weights))
        card, _log = scheduler.review_card(card, rating(one.score, one.slow), _noon(one.answered_on))
        surely_wrong = one.confidence == "sure" and one.score < WRONG
    assert card.stability is not None
    assert card.difficulty is not None
    assert card.last_review is not None
    last_on = card.last_review.date()
    # Who was sure of something wrong may be saying it to customers: it waits for no interval.
    return Memory(card.stability, card.difficulty, last_on + timedelta(days=1) if surely_wrong else card.due.date(), last_on, surely_wrong)


def recalled(stability: float, last_on: date, day: date) -> float:
    """The probability that what was last answered on `last_on` would be answered on `day`. No weight that is fitted stands in it."""
    moment = _noon(last_on)
    card = Card(card_id=1, state=State.Review, stability=stability, due=moment, last_review=moment)
    return float(SCHEDULER.get_card_retrievability(card, _noon(day)))


@lru_cache(maxsize=64)
def first_days(score: float, weights: tuple[float, ...] | None = None) -> int:
    """After how many days a question comes back that was answered once, like that, by these weights; None for the library's."""
    moment = datetime(2000, 1, 1, 12, tzinfo=UTC)
    scheduler = SCHEDULER if weights is None else _fitted(weights)
    card, _log = scheduler.review_card(Card(card_id=1, due=moment), rating(score), moment)
    return int((card.due - moment).days)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
