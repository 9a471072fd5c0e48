"""People who answer, remember and forget by rules that are known, to see whether fitting finds them again."""

from collections.abc import Sequence
from random import Random

from trainee.modules.reviews.fitting import AGAIN, DEFAULTS, GOOD, HARD, Curve, History, Reply, Weights
from trainee.modules.reviews.memory import RETENTION

# People keep things longer or shorter than others by about so much (a standard deviation of the logarithm).
_UNLIKE = 0.3
# The share of right first answers, of right answers that cost an effort, and of days on which somebody takes her set.
_KNOWN, _EFFORT, _COMES = 0.7, 0.1, 0.5
# So many questions a day they are asked.
_ASKED = 5


def company(truth: Weights, people: int, days: int, seed: int, items: int = 30) -> dict[int, Sequence[History]]:
    """Histories by person: questions met over the first two thirds of the time, and five a day of those that the library's weights call due."""
    rng = Random(seed)
    return {who: _person(Curve(truth), days, items, rng) for who in range(1, people + 1)}


def _person(truth: Curve, days: int, items: int, rng: Random) -> list[History]:
    talent = rng.lognormvariate(0.0, _UNLIKE)
    believed = Curve(DEFAULTS)
    # By question: the day of the last answer, the true state, the believed state, and when it is due by that.
    cards: dict[int, list[float]] = {}
    histories: dict[int, list[Reply]] = {}
    met = sorted(rng.randrange(days * 2 // 3) for _item in range(items))
    for day in range(days):
        for item in (number for number, on in enumerate(met) if on == day):
            rating = _rated(rng.random() < _KNOWN, rng)
            histories[item] = [Reply(rating, 0)]
            cards[item] = [day, *truth.first(rating), *believed.first(rating)]
        if rng.random() < _COMES:
            due = [item for item, card in cards.items() if day - card[0] >= max(_interval(card[3], believed), 1)]
            for item in sorted(due, key=lambda one: cards[one][0])[:_ASKED]:
                last, stability, difficulty, thought, hard = cards[item]
                gap = day - int(last)
                chance = truth.recalled(stability * talent, gap)
                reply = Reply(_rated(rng.random() < chance, rng), gap)
                histories[item].append(reply)
                was = believed.recalled(thought, gap)
                cards[item] = [
                    day,
                    *truth.next(stability, difficulty, reply, truth.recalled(stability, gap)),
                    *believed.next(thought, hard, reply, was),
                ]
    return list(histories.values())


def _interval(stability: float, curve: Curve) -> int:
    """After how many days it is as likely forgotten as is allowed."""
    decay = -curve.weights[20]
    return int(stability / (0.9 ** (1 / decay) - 1) * (RETENTION ** (1 / decay) - 1) + 0.5)


def _rated(right: bool, rng: Random) -> int:
    return (HARD if rng.random() < _EFFORT else GOOD) if right else AGAIN
