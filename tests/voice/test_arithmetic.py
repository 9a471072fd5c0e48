"""The figures against hand-computed and published values, and how seldom chance makes the page speak."""

from collections import Counter
from random import Random

import pytest

from trainee.voice import arithmetic
from trainee.voice.arithmetic import apart, gap, look, mean, nps, response_rate, student, top_two


def counted(*values):
    return Counter(values)


def test_nps_is_promoters_less_detractors_among_all():
    assert nps(counted(10, 9, 8, 7, 6, 0)).value == 0
    # 60 of 100 promote and 20 detract: +40, and not the 2 that dividing by the detractors would make.
    assert nps({10: 60, 8: 20, 3: 20}).value == 40
    assert nps({10: 60, 8: 25, 3: 15}).value == 45
    assert nps({9: 7}).value == 100 and nps({0: 7}).value == -100
    assert nps({}).value is None
    assert arithmetic.classes({10: 2, 9: 1, 8: 4, 7: 1, 6: 3, 0: 1}) == (3, 5, 4)


@pytest.mark.parametrize(("n", "half"), [(25, 33), (60, 21), (400, 8), (1000, 5)])
def test_the_nps_interval_is_as_wide_as_published(n, half):
    share = (0.5, 0.2) if n == 1000 else (0.55, 0.25)
    found = nps({10: round(share[0] * n), 8: n - round(share[0] * n) - round(share[1] * n), 3: round(share[1] * n)})
    assert abs((found.high - found.low) / 2 - half) < 3.2
    assert -100 <= found.low < found.value < found.high <= 100


def test_the_adjusted_wald_is_the_one_of_rocks():
    # By hand: 5 of 10 promote and 2 detract; with 3/4, 3/2 and 3/4 more, 5.75 and 2.75 of 13: 23.08 +- 1.96 * sqrt((8.5/13 - 0.2308^2) / 13).
    found = nps({10: 5, 8: 3, 3: 2})
    assert (found.value, found.low, found.high) == (30, pytest.approx(-19.05, abs=0.01), pytest.approx(65.20, abs=0.01))


def test_csat_is_the_top_two_of_five_with_wilsons_interval():
    found = top_two({5: 10, 4: 5, 3: 100, 1: 33})
    assert (round(found.value, 2), round(found.low, 2), round(found.high, 2)) == (10.14, 6.24, 16.05)
    assert top_two({}).value is None
    rate = response_rate(15, 148)
    assert (round(rate.value, 2), rate.n, round(rate.low, 2), round(rate.high, 2)) == (10.14, 148, 6.24, 16.05)


@pytest.mark.parametrize(("df", "published"), [(1, 12.706), (3, 3.182), (4, 2.776), (5, 2.571), (9, 2.262), (20, 2.086), (60, 2.000), (1000, 1.962)])
def test_students_quantile_is_that_of_the_tables(df, published):
    assert abs(student(df) - published) < 0.0035


def test_ces_is_the_mean_of_seven_with_students_interval():
    found = mean(counted(4, 5, 6, 7, 3))
    # Mean 5, standard deviation sqrt(2.5), five answers: 5 +- 2.776 * 0.7071.
    assert (found.value, found.n) == (5, 5)
    assert (found.low, found.high) == (pytest.approx(3.037, abs=0.003), pytest.approx(6.963, abs=0.003))
    assert mean([]).value is None and mean([4]).high == float("inf")


def test_the_gap_is_what_was_found_less_what_is_expected():
    found = gap([(6.5, 5.5), (7.0, 6.5), (6.0, 4.5)])
    assert found.value == pytest.approx(-1.0)
    assert found.low == pytest.approx(-1 - 4.303 * 0.5 / 3**0.5, abs=0.01)


ANSWERS = {
    "nps": ((10, 8, 3), (5, 3, 2)),
    "nps, as many against as for": ((10, 8, 3), (38, 30, 32)),
    "csat": ((5, 3), (82, 18)),
    "csat, nearly all content": ((5, 3), (95, 5)),
    "ces": (tuple(range(1, 8)), (2, 2, 4, 8, 20, 30, 34)),
}


def stable(rng, answers, n):
    values, weights = ANSWERS[answers]
    return Counter(rng.choices(values, weights, k=n))


@pytest.mark.parametrize(("answers", "n"), [(answers, 20) for answers in ANSWERS] + [("nps", 12), ("nps", 60), ("csat", 60)])
def test_on_answers_that_do_not_change_chance_speaks_in_fewer_than_one_year_of_twenty(answers, n):
    rng, years, alarms, measure = Random(7), 300, 0, answers[:4].rstrip(",")
    for _year in range(years):
        months = [stable(rng, answers, n) for _month in range(26)]
        alarms += any(look(measure, months[:seen]).kind not in ("steady", "too_few") for seen in range(15, 27))
    assert alarms / years < 0.05


@pytest.mark.parametrize("answers", ["nps", "csat", "ces"])
def test_nor_does_it_in_the_first_year_of_which_the_past_is_still_short(answers):
    rng, years, alarms = Random(8), 300, 0
    for _year in range(years):
        months = [stable(rng, answers, 20) for _month in range(15)]
        alarms += bool(arithmetic.noticed(answers, months))
    assert alarms / years < 0.05


@pytest.mark.parametrize("measure", ["nps", "csat", "ces"])
def test_a_real_fall_is_told(measure):
    bad = {"nps": {10: 25, 8: 30, 3: 45}, "csat": {5: 50, 3: 50}, "ces": {2: 40, 4: 30, 6: 30}}[measure]
    rng = Random(3)
    past = [stable(rng, measure, 60) for _month in range(12)]
    assert look(measure, [*past, *[Counter(bad)] * 3]).kind == "falls"
    assert look(measure, [*past[:6], *[Counter(bad)] * 5]).kind == "lower"
    assert look(measure, [*[Counter(bad)] * 12, *past[:3]]).kind == "higher"


def test_recommending_that_slips_from_plus_15_to_minus_10_within_a_year_is_told():
    # 403 answers at +15, then 148 of three months at -10: 3.2 standard errors, which one look brings about by chance once in 700.
    before = [Counter({10: 15, 8: 10, 3: 9}), *[Counter({10: 18, 8: 11, 3: 12})] * 9]
    after = [Counter({10: 17, 8: 11, 3: 21}), Counter({10: 17, 8: 11, 3: 22}), Counter({10: 16, 8: 11, 3: 22})]
    then, now = nps(arithmetic.together(before)), nps(arithmetic.together(after))
    assert (round(then.value), then.n, round(now.value), now.n) == (15, 403, -10, 148)
    found = look("nps", [*before, *after])
    assert found.kind in ("lower", "falls") and found.after == now
    assert -3.3 < apart("nps", arithmetic.together(before), arithmetic.together(after)) < -3.0
    assert look("nps", [*before, *before[1:4]]).kind == "steady"


@pytest.mark.parametrize("measure", ["nps", "csat", "ces"])
def test_a_slow_slide_is_told_before_it_has_gone_far(measure):
    # One content customer in twenty-five is lost month after month: each step alone is chance, and six of them are not.
    good, bad = {"nps": (10, 3), "csat": (5, 2), "ces": (7, 3)}[measure]
    months = [Counter({good: 40, bad: 10})] * 9 + [Counter({good: 40 - 2 * step, bad: 10 + 2 * step}) for step in range(1, 9)]
    seen = [look(measure, months[:end]).kind for end in range(9, len(months) + 1)]
    assert seen[0] == "steady" and seen[6] in ("falls", "lower")


def test_three_falls_in_a_row_are_told_and_two_are_not():
    past = [Counter({5: 90, 3: 10})] * 11
    falls = [Counter({5: good, 3: 100 - good}) for good in (92, 85, 78, 70)]
    found = look("csat", past + falls)
    assert (found.kind, found.before.n, found.after.n) == ("falls", 300, 300)
    assert (found.before.value, found.after.value) == (pytest.approx(272 / 3), pytest.approx(233 / 3))
    again = [Counter({5: good, 3: 100 - good}) for good in (85, 92, 88, 84)]
    assert look("csat", past + again).kind == "steady"
    # Three falls of next to nothing are chance.
    assert look("csat", past + [Counter({5: good, 3: 100 - good}) for good in (90, 89, 88, 87)]).kind == "steady"


def test_the_standard_error_is_the_larger_of_the_two_ways_to_tell_it():
    # By hand, 40 of 60 good after 190 of 200: shares 2/3 and 0.95; of their own (13.333+0.75)/63/60 + (9.5+0.75)/203/200, as one 230 of 260 good.
    own = (13 + 1 / 3 + 0.75) / 63 / 60 + (9.5 + 0.75) / 203 / 200
    one = (260 * (230 / 260) * (30 / 260) + 0.75) / 263 * (1 / 60 + 1 / 200)
    assert own > one and apart("csat", {5: 190, 3: 10}, {5: 40, 3: 20}) == pytest.approx((2 / 3 - 0.95) / own**0.5)
    assert apart("csat", {5: 40, 3: 20}, {5: 190, 3: 10}) == -apart("csat", {5: 190, 3: 10}, {5: 40, 3: 20})
    own = (0.75 / 63 / 60) + (0.75 + 200 * 0.16) / 203 / 200
    one = (260 * (220 / 260) * (40 / 260) + 0.75) / 263 * (1 / 60 + 1 / 200)
    assert one > own and apart("csat", {5: 160, 3: 40}, {5: 60}) == pytest.approx(0.2 / one**0.5)


def test_too_few_answers_say_nothing():
    assert look("nps", [Counter({10: 1})] * 15).kind == "too_few"
    assert look("nps", []).kind == "too_few"
    assert apart("csat", {5: 9}, {1: 500}) == 0.0


def test_what_was_noticed_is_told_from_the_month_on_in_which_it_could_be_known():
    months = [{5: 48, 2: 12}] * 8 + [{5: 33, 2: 27}] * 3 + [{5: 50, 2: 10}] * 4
    found = arithmetic.noticed("csat", months)
    assert [one.up for one in found][:1] == [False] and found[0].first in (8, 9) and found[0].last >= 10
    assert found[0].change.before.value > found[0].change.after.value
    assert arithmetic.noticed("csat", [{5: 48, 2: 12}] * 15) == [] == arithmetic.noticed("nps", [{9: 3}] * 15)


def test_after_a_noticed_fall_it_is_told_that_it_rose_again_and_chance_is_not():
    good, bad = {5: 48, 2: 12}, {5: 33, 2: 27}
    found = arithmetic.risen("csat", [good] * 8 + [bad] * 4 + [{5: 45, 2: 15}] * 3)
    # The low are three of the bad months, and what follows them begins with the last bad or the first good one.
    assert (found.low.value, found.now.value) == (pytest.approx(55), pytest.approx(75)) and found.since in (11, 12)
    assert found.low.high < found.now.low
    # Nothing noticed; still low; a little higher, as chance brings it; and a rise that shares its months with the low.
    for months in ([good] * 15, [good] * 8 + [bad] * 7, [good] * 8 + [bad] * 4 + [{5: 37, 2: 23}] * 3, [good] * 11 + [bad] * 3 + [good]):
        assert arithmetic.risen("csat", months) is None
    # Thirty answers are the least there is to say it from, on both sides.
    assert arithmetic.risen("csat", [good] * 8 + [bad] * 4 + [{5: 9}] * 3) is None


@pytest.mark.parametrize("measure", ["csat", "ces"])
def test_where_it_fell_and_stays_low_chance_hardly_ever_tells_that_it_rose_again(measure):
    rng, years, told, low = Random(9), 120, 0, {"csat": {5: 60, 3: 40}, "ces": {2: 30, 4: 30, 6: 40}}[measure]
    for _year in range(years):
        fell = [Counter(rng.choices(list(low), list(low.values()), k=20)) for _month in range(12)]
        months = [stable(rng, measure, 20) for _month in range(10)] + fell
        told += any(arithmetic.risen(measure, months[seen - 15 : seen]) is not None for seen in range(15, 23))
    assert told / years < 0.05


def test_two_means_alike_may_spread_differently():
    near, far = ([{5: 40 + by, 2: 20 - by} for by in ways] for ways in ((-1, 0, 1), (-15, 0, 15)))
    tight, wide = arithmetic.spread("csat", near), arithmetic.spread("csat", far)
    assert tight.n == wide.n == 3 and tight.between < tight.chance < 7 < 20 < wide.between
    assert arithmetic.spread("csat", near[:2]) is None and arithmetic.spread("csat", [{5: 3}] * 9) is None
    assert arithmetic.deviation([1.0, 3.0]) == pytest.approx(2**0.5) and arithmetic.deviation([4.0]) is None


def test_the_difference_of_two_waves_has_the_margin_of_both():
    before, after = mean([5, 6, 4, 5] * 8), mean([6, 7, 5, 6] * 8)
    moved = arithmetic.difference(before, after)
    half = ((before.high - before.low) ** 2 + (after.high - after.low) ** 2) ** 0.5 / 2
    assert moved.value == 1 and (moved.high - moved.low) / 2 == pytest.approx(half) and moved.low > 0
    assert arithmetic.difference(before, mean([])) is None
