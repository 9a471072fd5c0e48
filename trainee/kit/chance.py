"""How likely it is that something happens so often by chance alone."""

from collections.abc import Iterable

UNLIKELY = 0.05
"""What happens by chance in fewer than one case of twenty is worth a look."""


def at_least(hits: int, chances: Iterable[float]) -> float:
    """The probability, 0..1, of `hits` or more successes among independent trials that succeed with these chances.

    The Poisson binomial distribution, added up trial by trial (exact, no approximation).
    """
    spread = [1.0]
    for chance in chances:
        spread = [stay * (1 - chance) + come * chance for stay, come in zip([*spread, 0.0], [0.0, *spread], strict=True)]
    return sum(spread[hits:])
