"""Fitting the scheduler to the people it serves: how long what was answered like that is kept, by all answers that came after one.

Five of FSRS-6's weights are fitted, as logarithms of what they are multiplied by: how long a question is kept that was first answered wrongly,
with effort or well, how much longer after each success, and how long after a lapse. The others stay the library's, whose own optimizer needs
torch. Arithmetic on values; nothing here knows the database.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final, NamedTuple

from fsrs.scheduler import DEFAULT_PARAMETERS

# Below this nothing is fitted: so many answers that another one to the same question preceded by a day or more, of so many people.
ENOUGH_ANSWERS: Final = 400
ENOUGH_PEOPLE: Final = 30
# A fit must be better on people it has not seen by so many standard errors.
_SURELY: Final = 2.0
_FOLDS: Final = 5
# Before anything is seen, a factor of two from the library's weights, up or down, is one standard deviation; a factor of five is out of reach.
_PRIOR: Final = log(2.0)
_REACH: Final = log(5.0)
_FACTORS: Final = (0, 1, 2, 8, 11)
_GROWTH: Final = 8
# The library allows a lapse no larger weight than this.
_MOST_AFTER_LAPSE: Final = 5.0
# How far each round of the search looks to both sides, and how often it looks there.
_ROUNDS: Final = (_REACH, 0.5, 0.15)
_LOOKS: Final = 7
_GOLDEN: Final = (sqrt(5.0) - 1) / 2
_LEAST_STABILITY: Final = 0.001
AGAIN, HARD, GOOD = 1, 2, 3

Weights = tuple[float, ...]
DEFAULTS: Final[Weights] = tuple(map(float, DEFAULT_PARAMETERS))


class Reply(NamedTuple):
    """One answer to a question: its rating (1 to 3), and the whole days since the one before; the first one's days are 0."""

    rating: int
    days: int


History = Sequence[Reply]
"""All answers of one person to one question, oldest first."""


def weights_of(factors: Sequence[float]) -> Weights:
    """The scheduler's weights for these five logarithms; nothing is ever kept longer after a worse first answer."""
    found = list(DEFAULTS)
    for place, factor in zip(_FACTORS, factors, strict=True):
        # The growth stands in the exponent already.
        found[place] = found[place] + factor if place == _GROWTH else found[place] * exp(factor)
    found[11] = min(found[11], _MOST_AFTER_LAPSE)
    found[1] = min(found[1], found[2])
    found[0] = min(found[0], found[1])
    return tuple(found)


class Curve:
    """FSRS-6 as plain arithmetic: the library's own steps, a tenth of its time. A test holds the two to the same figures."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._decay = -weights[20]
        self._factor = 0.9 ** (1 / self._decay) - 1
        self._growth = exp(weights[8])
        self._short = exp(weights[17] * weights[18])
        self._easy = weights[4] - exp(weights[5] * 3) + 1

    def first(self, rating: int) -> tuple[float, float]:
        """Stability in days and difficulty after a first answer."""
        w = self.weights
        return max(w[rating - 1], _LEAST_STABILITY), min(max(w[4] - exp(w[5] * (rating - 1)) + 1, 1.0), 10.0)

    def recalled(self, stability: float, days: int) -> float:
        """The probability that it is still known after so many days."""
        return float((1 + self._factor * days / stability) ** self._decay)

    def next(self, stability: float, difficulty: float, reply: Reply, recalled: float) -> tuple[float, float]:
        """Stability and difficulty after another answer, before which the probability of knowing it was `recalled`."""
        w, rating = self.weights, reply.rating
        if reply.days < 1:
            grown = exp(w[17] * (rating - 3 + w[18])) * stability ** -w[19]
            stability *= grown if rating == AGAIN else max(grown, 1.0)
        elif rating == AGAIN:
            lapsed = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * exp((1 - recalled) * w[14])
            stability = min(lapsed, stability / self._short)
        else:
            growth = self._growth * (11 - difficulty) * stability ** -w[9] * (exp((1 - recalled) * w[10]) - 1)
            stability *= 1 + growth * (w[15] if rating == HARD else 1.0)
        moved = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
        return max(stability, _LEAST_STABILITY), min(max(w[7] * self._easy + (1 - w[7]) * moved, 1.0), 10.0)

    def loss(self, history: History) -> float:
        """The logarithmic loss, in nats and summed, of foretelling every answer that came a day or more after another one."""
        stability, difficulty = self.first(history[0].rating)
        found = 0.0
        for reply in history[1:]:
            recalled = self.recalled(stability, reply.days)
            if reply.days:
                # Nobody is ever as sure as a probability of 0 or 1.
                likely = min(max(recalled, 1e-4), 1 - 1e-4)
                found -= log(1 - likely if reply.rating == AGAIN else likely)
            stability, difficulty = self.next(stability, difficulty, reply, recalled)
        return found


def foretold(history: History) -> int:
    """How many answers of a history are foretold from those before."""
    return sum(reply.days > 0 for reply in history[1:])


def fit(histories: Sequence[History]) -> Generator[None, None, Weights]:
    """The weights that these histories and the prior make likeliest. Yields between steps, so that whoever runs it can stop."""
    factors = [0.0] * len(_FACTORS)

    def cost(place: int, value: float) -> float:
        tried = [*factors[:place], value, *factors[place + 1 :]]
        curve = Curve(weights_of(tried))
        return sum(map(curve.loss, histories)) + sum(factor * factor for factor in tried) / (2 * _PRIOR * _PRIOR)

    for reach in _ROUNDS:
        for place in range(len(factors)):
            low, high = max(factors[place] - reach, -_REACH), min(factors[place] + reach, _REACH)
            first, second = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
            costs = cost(place, first), cost(place, second)
            for _look in range(_LOOKS - 2):
                if costs[0] < costs[1]:
                    high, second, first = second, first, second - _GOLDEN * (second - low)
                    costs = cost(place, first), costs[0]
                else:
                    low, first, second = first, second, first + _GOLDEN * (high - first)
                    costs = costs[1], cost(place, second)
                yield
            factors[place] = first if costs[0] < costs[1] else second
    return weights_of(factors)


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights fitted to all, and how weights fitted in the same way foretold the answers of people they had not seen.

    Losses are in nats an answer; `noise` is the standard error of their difference, person by person.
    """

    weights: Weights
    answers: int
    people: int
    loss: float
    loss_before: float
    noise: float

    @property
    def better(self) -> bool:
        """Whether it is better than the library's weights by more than noise."""
        return self.loss_before - self.loss > _SURELY * self.noise

    @property
    def worse(self) -> bool:
        """Whether it is no better than the library's weights at all."""
        return self.loss >= self.loss_before


def enough(people: Mapping[int, Sequence[History]]) -> bool:
    """Whether there is enough to fit anything to: histories by person."""
    answers = [sum(map(foretold, histories)) for histories in people.values()]
    return sum(answers) >= ENOUGH_ANSWERS and sum(count > 0 for count in answers) >= ENOUGH_PEOPLE


def judge(people: Mapping[int, Sequence[History]]) -> Generator[None, None, Fit | None]:
    """Fit, and foretell each fifth of the people by weights fitted to the others; None where there is too little to learn from."""
    if not enough(people):
        return None
    known = {who: [one for one in people[who] if foretold(one)] for who in sorted(people)}
    # For each person: answers, losses by weights she has no part in, losses by the library's.
    told: list[tuple[int, float, float]] = []
    before = Curve(DEFAULTS)
    for fold in range(_FOLDS):
        held = [histories for place, histories in enumerate(known.values()) if place % _FOLDS == fold and histories]
        others = [one for place, histories in enumerate(known.values()) if place % _FOLDS != fold for one in histories]
        after = Curve((yield from fit(others)))
        told += [(sum(map(foretold, some)), sum(map(after.loss, some)), sum(map(before.loss, some))) for some in held]
    answers = sum(count for count, _after, _before in told)
    loss, loss_before = sum(row[1] for row in told) / answers, sum(row[2] for row in told) / answers
    won = loss_before - loss
    # People differ more than answers do, so the noise is that of people.
    noise = sqrt(sum((one - other - won * count) ** 2 for count, other, one in told)) / answers
    weights = yield from fit([one for histories in known.values() for one in histories])
    return Fit(weights, answers, len(told), loss, loss_before, noise)
