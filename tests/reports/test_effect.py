"""Whether a training helped, and whether a question separates: against values worked out otherwise."""

import random

import pytest

from trainee.reports.effect import compared, told_apart
from trainee.reports.items import Item


def test_where_both_stood_alike_before_the_effect_is_the_difference_after():
    before = [0.1 * place for place in range(12)]
    found = compared([(one, one + 0.2) for one in before], [(one, one + 0.05) for one in before])
    assert (found.effect, found.trained, found.others) == (pytest.approx(0.15), 12, 12)
    assert found.others_after == pytest.approx(sum(before) / 12 + 0.05)


def test_it_is_the_regression_on_group_and_before():
    draw = random.Random(4)
    arms = [[(one := draw.random(), 0.3 + 0.5 * one + 0.1 * group + draw.gauss(0, 0.1)) for _person in range(15)] for group in (1, 0)]
    found = compared(*arms)
    # The same least squares by the normal equations of after ~ 1 + group + before, solved by elimination.
    rows = [(1.0, float(group), before, after) for group, arm in ((1, arms[0]), (0, arms[1])) for before, after in arm]
    sums = [[sum(row[i] * row[j] for row in rows) for j in range(4)] for i in range(3)]
    for place in range(3):
        for other in range(3):
            if other != place:
                times = sums[other][place] / sums[place][place]
                sums[other] = [mine - times * its for mine, its in zip(sums[other], sums[place], strict=True)]
    beta = [sums[place][3] / sums[place][place] for place in range(3)]
    assert found.effect == pytest.approx(beta[1])
    left = sum((after - sum(b * x for b, x in zip(beta, row, strict=True))) ** 2 for *row, after in rows) / (30 - 3)
    assert found.high - found.effect == pytest.approx(2.0518 * (left * _inverse(rows)) ** 0.5, rel=1e-3)


def _inverse(rows) -> float:
    """The variance of the group's coefficient for a unit of error: one over what is left of `group` when 1 and before are taken off."""
    xs, gs = [row[2] for row in rows], [row[1] for row in rows]
    x, g = sum(xs) / len(xs), sum(gs) / len(gs)
    slope = sum((a - x) * (b - g) for a, b in zip(xs, gs, strict=True)) / sum((a - x) ** 2 for a in xs)
    return 1 / sum((b - g - slope * (a - x)) ** 2 for a, b in zip(xs, gs, strict=True))


def test_sending_the_weakest_is_not_taken_for_an_effect():
    """Everybody stays as she is, and the half that happened to do worst is trained: before and after would cry wolf, this does not."""
    draw, wrong, plain = random.Random(7), 0, 0
    for _company in range(200):
        people = []
        for _person in range(40):
            truth = draw.gauss(0.6, 0.1)
            people.append((truth + draw.gauss(0, 0.12), truth + draw.gauss(0, 0.12)))
        people.sort()
        found = compared(people[:20], people[20:])
        wrong += found.low > 0 or found.high < 0
        plain += found.trained_after - found.trained_before > 0.03
    # Five of a hundred are what 95 % confidence means; of two hundred more than twenty would be worse than one case in a thousand.
    assert wrong <= 20
    assert plain > 150


def test_too_few_people_are_told_no_effect_and_all_alike_neither():
    pairs = [(0.1 * place, 0.5) for place in range(11)]
    assert compared(pairs, pairs).effect is None
    assert compared([(0.5, 0.9)] * 12, [(0.5, 0.1)] * 12).effect is None
    assert compared([], []).trained_before is None


def test_of_many_differences_only_those_are_told_that_chance_does_not_make():
    # Benjamini and Hochberg (1995), the example of fifteen comparisons: four are told.
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert told_apart(chances) == [True] * 4 + [False] * 11
    assert told_apart([None, 0.04]) == [False, True]
    assert told_apart([None]) == [False]


def _item(pairs, picked=()) -> Item:
    found = Item()
    for score, rest in pairs:
        found.add(score, rest, picked)
    return found


def test_facility_and_discrimination_are_those_one_works_out_by_hand():
    # Twenty who know the rest (0.9) get it right, ten who do not (0.3) get it wrong but for two: r = 0.8528.
    item = _item([(1.0, 0.9)] * 20 + [(0.0, 0.3)] * 8 + [(1.0, 0.3)] * 2)
    assert item.facility == pytest.approx(22 / 30)
    assert item.discrimination == pytest.approx(0.8528, abs=1e-4)
    assert item.verdict == "good"


@pytest.mark.parametrize(
    ("pairs", "verdict"),
    [
        ([(1.0, 0.5)] * 9, "few"),
        ([(1.0, 0.5)] * 10, "easy"),
        ([(0.0, 0.5)] * 10, "hard"),
        ([(1.0, 0.5)] * 5 + [(0.0, 0.5)] * 5, "few"),
        ([(1.0, 0.4), (0.0, 0.6)] * 15, "weak"),
        ([(1.0, 0.6)] * 9 + [(1.0, 0.4)] * 6 + [(0.0, 0.6)] * 6 + [(0.0, 0.4)] * 9, "fair"),
    ],
)
def test_a_question_is_called_what_its_figures_say(pairs, verdict):
    assert _item(pairs).verdict == verdict
