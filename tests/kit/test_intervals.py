"""How sure a share is, and the difference of two."""

import pytest

from trainee.coaching.calibration import agreement
from trainee.kit.intervals import Share, adjusted_wald, change, wilson
from trainee.voice import queries as voice
from trainee.voice.survey import QUESTIONS


def test_a_share_of_nothing_lies_anywhere_and_no_share_leaves_zero_to_one():
    assert Share(0, 0).interval == (0.0, 1.0)
    assert wilson(0.0, 5)[0] == pytest.approx(0.0, abs=1e-12)
    assert wilson(1.0, 5)[1] == pytest.approx(1.0)


def test_the_example_of_the_method_comes_out_as_published():
    # Newcombe (1998, Statistics in Medicine 17:857), table I: 81 of 263.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    # Newcombe (1998, Statistics in Medicine 17:873), table II (a): 56 of 70 against 48 of 80.
    assert change(Share(48, 80), Share(56, 70)) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize(("good", "n"), [(0, 3), (4, 7), (81, 263), (15, 15)])
def test_every_page_gives_one_share_the_same_interval(good, n):
    measured = agreement.share(good / n, n)
    rated = voice.Share(next(iter(QUESTIONS.values())), n, good)
    assert (measured.low, measured.high) == rated.interval == Share(good, n).interval


@pytest.mark.parametrize(("n", "half"), [(25, 33), (60, 21), (400, 8)])
def test_a_net_score_lies_where_its_sampling_error_says(n, half):
    # Of 100 answers 55 recommend and 25 advise against: +30, give or take about as many points as the plain error of so many answers.
    up, down = round(0.55 * n), round(0.25 * n)
    low, high = adjusted_wald(up, down, n)
    assert 100 * (high - low) / 2 == pytest.approx(half, abs=2.5)
    assert low < (up - down) / n < high


def test_the_interval_of_a_net_score_is_wide_where_all_agree_and_turns_with_its_sides():
    assert adjusted_wald(0, 0, 0) == (-1.0, 1.0)
    # Three promoters and nobody else: Rocks' three pseudo-answers keep it from being certain. Six answers, 3.75 and 0.75 at the ends.
    low, high = adjusted_wald(3, 0, 3)
    assert (low, high) == (pytest.approx(0.5 - 1.959964 * ((0.75 - 0.25) / 6) ** 0.5), 1.0)
    assert adjusted_wald(2, 7, 12) == tuple(-one for one in reversed(adjusted_wald(7, 2, 12)))
