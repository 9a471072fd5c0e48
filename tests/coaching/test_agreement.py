"""The figures of agreement, held against published tables and against sums done by hand."""

from math import sqrt

import pytest

from trainee.coaching.calibration.agreement import LEVELS, agreement, kappa, kappa_of, leans, quadratic, share, student

# Husbands and wives on the same question (Hout, Duncan and Sobel 1987; Agresti, Categorical Data Analysis, 1990). Published for it: kappa 0.129 with
# an asymptotic error of 0.0686 unweighted, and 0.237 with 0.0783 by weights that fall evenly with the distance (R, package vcd).
COUPLES = ((7, 7, 2, 3), (2, 8, 3, 7), (1, 5, 4, 9), (2, 8, 9, 14))


def units(table):
    """A table of two observers as one unit for each that was scored."""
    return [{1: row, 2: column} for row in LEVELS for column in LEVELS for _one in range(table[row - 1][column - 1])]


def linear(one, other):
    return float(abs(one - other))


def nominal(one, other):
    return float(one != other)


def test_kappa_is_the_published_one():
    assert kappa(units(COUPLES), nominal) == pytest.approx(0.1293, abs=5e-5)
    assert kappa(units(COUPLES), linear) == pytest.approx(0.2374, abs=5e-4)


def test_the_jackknife_finds_the_published_error():
    for apart, error in ((nominal, 0.0686), (linear, 0.0783)):
        found = kappa_of(units(COUPLES), apart)
        half = (found.high - found.low) / 2
        assert half == pytest.approx(student(90) * error, rel=0.05)


def test_quadratic_kappa_is_the_sum_done_by_hand():
    # Two observers, four contacts: (1,1) (2,3) (3,3) (4,2). Observed squared distances 0+1+0+4 = 5. Expected: every mark of one against every mark of
    # the other, a quarter each: 1 against 1,3,3,2 is 0+4+4+1 = 9; 2: 1+1+1+0 = 3; 3: 4+0+0+1 = 5; 4: 9+1+1+4 = 15; together 32/4 = 8.
    marks = [(1, 1), (2, 3), (3, 3), (4, 2)]
    assert kappa([{1: one, 2: other} for one, other in marks]) == pytest.approx(1 - 5 / 8)


def test_quadratic_kappa_with_equal_means_and_spreads_is_the_correlation():
    # Fleiss and Cohen 1973: with equal margins the quadratic kappa is Pearson's correlation.
    pairs = [(1, 2), (2, 1), (2, 3), (3, 2), (3, 4), (4, 3), (1, 1), (4, 4)]
    ones, others = [one for one, _other in pairs], [other for _one, other in pairs]
    mean = sum(ones) / len(ones)
    covariance = sum((one - mean) * (other - mean) for one, other in pairs)
    spread = sqrt(sum((one - mean) ** 2 for one in ones) * sum((other - mean) ** 2 for other in others))
    assert kappa([{1: one, 2: other} for one, other in pairs]) == pytest.approx(covariance / spread)


def test_of_three_observers_disagreements_are_added_over_the_pairs():
    three = [{1: 1, 2: 1, 3: 2}, {1: 4, 2: 4, 3: 4}, {1: 2, 2: 3, 3: 2}, {1: 3, 2: 2, 3: 4}]
    observed = expected = 0.0
    for one, other in ((1, 2), (1, 3), (2, 3)):
        pairs = [(unit[one], unit[other]) for unit in three]
        observed += sum(quadratic(*pair) for pair in pairs)
        expected += sum(quadratic(first, second) for first, _x in pairs for _y, second in pairs) / len(pairs)
    assert kappa(three) == pytest.approx(1 - observed / expected)


def test_agreement_at_its_ends():
    same = [{1: level, 2: level} for level in (1, 2, 3, 4, 2)]
    assert kappa(same) == 1
    found = agreement(same)
    assert (found.exact.value, found.within.value, found.kappa.value) == (1, 1, 1)
    # Five out of five do not make it certain.
    assert found.exact.low == pytest.approx(0.566, abs=5e-4)
    # Who always gives the same level cannot be said to agree beyond chance.
    assert kappa([{1: 3, 2: 3}] * 6) is None
    assert agreement([{1: 3, 2: 3}] * 6).kappa is None
    assert kappa([{1: 1, 2: 4}, {1: 4, 2: 1}]) == pytest.approx(-1)
    assert agreement([{1: 2}, {2: 3}]) is None
    assert agreement([]) is None


def test_the_interval_of_a_share_is_wilsons():
    # Newcombe 1998, Statistics in Medicine 17:857, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for hits, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):
        found = share(hits / n, n)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_unit_of_many_observers_is_no_more_comparisons_than_it_has():
    many = agreement([{1: 2, 2: 2, 3: 2, 4: 2, 5: 3}])
    assert many.exact.value == pytest.approx(6 / 10)
    assert many.exact.low == pytest.approx(share(0.6, 4).low)


def test_students_t_is_the_tables():
    for freedom, value in ((4, 2.776), (6, 2.447), (10, 2.228), (30, 2.042), (120, 1.980)):
        assert student(freedom) == pytest.approx(value, rel=0.004)


def test_how_somebody_leans_has_an_interval_from_five_lines_on():
    assert leans([]) is None
    assert leans([1.0, 0.0]).low is None
    found = leans([1.0, 0.0, 1.0, 0.0, 0.5])
    # Mean 0.5, squares 4 * 0.25 = 1, error sqrt(1/4/5) = 0.2236.
    assert found.value == 0.5
    assert found.high - found.value == pytest.approx(2.776 * 0.2236, rel=0.005)
