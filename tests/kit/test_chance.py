"""How often chance alone would do it."""

import pytest

from trainee.kit.chance import at_least


@pytest.mark.parametrize(
    ("hits", "chances", "probability"),
    [(0, [0.5], 1.0), (1, [0.5], 0.5), (2, [0.5, 0.5], 0.25), (1, [0.5, 0.25], 0.625), (3, [0.5, 0.5], 0.0), (10, [0.5] * 10, 0.5**10)],
)
def test_the_chance_of_so_many_hits_is_exact(hits, chances, probability):
    assert at_least(hits, chances) == pytest.approx(probability)


def test_more_hits_are_never_likelier_than_fewer():
    spread = [at_least(hits, [0.3, 0.25, 0.5, 0.2]) for hits in range(5)]
    assert spread == sorted(spread, reverse=True)
