"""Which questions a day's set holds: what was surely wrong, then what brings most, mixed over skills."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Protocol

from trainee.modules.reviews.memory import recalled

# So many questions a day are about three minutes for who reads each of them whole, with all its answers and why (docs/journeys.md).
ITEMS: Final = 4
# Where too few are due, what falls due within so many days fills the set up.
AHEAD: Final = timedelta(days=7)
# What a question is worth where there is no gap: keeping what one has.
_KEEPING: Final = 0.3


class Drawable(Protocol):
    """A card as it lies in the drawer."""

    @property
    def item(self) -> str: ...

    @property
    def skill_key(self) -> str: ...

    @property
    def stability(self) -> float: ...

    @property
    def due_on(self) -> date: ...

    @property
    def last_on(self) -> date: ...

    @property
    def surely_wrong(self) -> bool: ...


def drawn(cards: Sequence[Drawable], gains: Mapping[str, float], day: date, most: int = ITEMS) -> list[str]:
    """The items of a set, in the order in which they are asked. Nothing that was answered on that day comes again.

    `gains` says how far below its target each skill is; a question of a larger gap, and one more likely forgotten, brings more, and each
    further question of the same skill less.
    """
    rested = sorted((card for card in cards if card.last_on < day), key=lambda card: (card.due_on, card.item))
    chosen = [card for card in rested if card.surely_wrong][:most]
    taken = Counter(card.skill_key for card in chosen)
    due = [card for card in rested if card.due_on <= day and not card.surely_wrong]
    ahead = [card for card in rested if day < card.due_on <= day + AHEAD and not card.surely_wrong]
    for pile in (due, ahead):
        worth = {card.item: (1 - recalled(card.stability, card.last_on, day)) * (_KEEPING + gains.get(card.skill_key, 0.0)) for card in pile}
        while pile and len(chosen) < most:
            # Of equals the one that has waited longest: the pile is in that order, and max takes the first.
            best = max(pile, key=lambda card: worth[card.item] / (1 + taken[card.skill_key]))
            pile.remove(best)
            chosen.append(best)
            taken[best.skill_key] += 1
    return [card.item for card in chosen]
