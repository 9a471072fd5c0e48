"""How wide a band has to be is learned from the bands' own hits and misses, and from nothing that was not known yet."""

import random
from datetime import timedelta
from math import sqrt
from statistics import NormalDist, fmean

import pytest
from sqlalchemy import select, update

from trainee import profile
from trainee.kit.db import db
from trainee.profile import banding, calibrations, store, widths
from trainee.profile.figures import Figure
from trainee.profile.filter import PRODUCT, Memory, Normal, Outlook, Task, sigmoid
from trainee.profile.learning import _Company, _told, learn
from trainee.profile.models import CALIBRATION
from trainee.profile.policy import ALL
from trainee.profile.simulation import Plan, simulate
from trainee.profile.widths import ENOUGH, NARROWEST, NEXT, NEXT_OF, WIDEST, Asked, Judged, Promise, Watch, _in_common, promise

PLAIN = Task()


def judged(*needed):
    found = Judged()
    for one in needed:
        found.add(one)
    return found


@pytest.mark.parametrize(
    ("needed", "width"),
    [
        ([0.25] * (ENOUGH - 1), 1.0),
        ([0.64] * ENOUGH, 0.8),
        ([1.44] * ENOUGH, 1.2),
        ([-3.0] * ENOUGH, NARROWEST),
        ([99.0] * ENOUGH, WIDEST),
        # Four in five are where the filter says, give or take what a hundred can tell.
        ([0.5] * 79 + [1.5] * 21, 1.0),
    ],
)
def test_a_width_moves_from_the_filters_only_as_far_as_enough_bands_prove(needed, width):
    assert judged(*needed).width == pytest.approx(width)


def test_bands_that_are_twice_too_wide_are_found_out_and_then_hold_four_in_five():
    draw = random.Random(2)
    found, held = Judged(), []
    for _ in range(2000):
        told = Promise(0.6, 0.04, 0.01)
        came = draw.gauss(0.6, sqrt(0.01 + 0.01))
        low, high = told.band(found.width)
        held.append(low <= came <= high)
        found.add(told.needed(came))
    assert found.width == pytest.approx(0.5, abs=0.06)
    assert fmean(held[:ENOUGH]) > 0.9
    assert fmean(held[500:]) == pytest.approx(0.8, abs=0.035)


def test_at_the_width_that_was_needed_the_band_ends_where_the_answers_came_to_lie():
    told = Promise(0.5, 0.02, 0.01)
    assert told.band(sqrt(told.needed(0.8)))[1] == pytest.approx(0.8)
    assert told.needed(0.5) < 0


def test_what_is_promised_is_what_drawing_it_many_times_gives():
    theta, draw = Outlook(0.4, 0.7), random.Random(1)
    asked = [Asked(PLAIN, draw.gauss(0, 1), 0.3) for _ in range(NEXT)]
    told = promise(theta, 0.2, asked)
    means = []
    for _ in range(8000):
        here = draw.gauss(0.4, sqrt(0.9))
        means.append(fmean(draw.random() < sigmoid(here - draw.gauss(one.hard, sqrt(one.doubt))) for one in asked))
    assert told.middle == pytest.approx(fmean(means), abs=0.01)
    assert told.doubt + told.chance == pytest.approx(NormalDist.from_samples(means).variance, rel=0.08)


def test_twenty_answers_are_judged_by_what_was_known_when_they_began():
    watch, place = Watch(), (1, "empathy")
    hard, memory = Normal(0.0, 0.5), Memory(2.0, 0.1, 1, 0.0)
    watch.begin(place, Outlook(0.0, 0.5), Normal(0.0, 0.1))
    for number in range(NEXT):
        assert watch.awaits(place)
        watch.answer(place, "same", PLAIN, hard, memory, 0.0, 1.0)
        # What is learned of the question meanwhile comes too late for these twenty.
        hard.m, memory.m = hard.m - 1, float(number)
    assert not watch.awaits(place)
    told = promise(Outlook(0.0, 0.5), 0.1, [Asked(PLAIN, -2.0, 0.6)] * NEXT)
    assert watch.judged.needed == [pytest.approx(told.needed(1.0))]


def test_a_band_is_as_wide_as_those_say_that_had_ended_before_it_began():
    too_wide = [banding._Told((day, 0), (day + 0.5, 0), Promise(0.5, 0.04, 0.0), 0.55, True, 1.0) for day in range(ENOUGH)]
    miss = banding._Told((ENOUGH, 0), (ENOUGH + 1, 0), Promise(0.5, 0.04, 0.0), 0.7, True, 1.0)
    held, _found = banding._learning([*too_wide, miss])
    assert held == ENOUGH
    # The same one, before the others have ended: as wide as the filter says it holds.
    early = miss._replace(began=(-1.0, 0), ended=(0.0, 0))
    held, found = banding._learning([early, *too_wide])
    assert held == ENOUGH + 1
    assert found.n == ENOUGH + 1


def test_a_night_judges_every_line_by_its_own_and_what_all_evidence_says_by_all():
    company = simulate(5, Plan(people=12, skills=1, days=60, roleplay=8.0))
    found = learn(company.rows)
    assert set(found.widths) == {ALL, "knowledge", "practice", "observed"}
    assert all(width == 1.0 for width, _n in found.widths.values())
    for line, source in (("knowledge", "quiz_answer"), ("observed", "observation_line")):
        each = sum(row.source == source for row in company.rows) / 12
        assert 0 < found.widths[line][1] <= 12 * (each // NEXT_OF[line])
    assert found.widths[ALL][1] >= sum(found.widths[line][1] for line in NEXT_OF)
    assert "knowledge" not in learn(row for row in company.rows if row.source != "quiz_answer").widths
    assert learn(row for row in company.rows if row.source == "customer_rating").widths == {}


@pytest.mark.parametrize(("needed", "own", "others"), [(2.25, 1.5, 1.5), (0.36, 0.6, 1.0)])
def test_a_line_with_too_few_bands_of_its_own_is_widened_by_those_of_all_and_not_narrowed(needed, own, others):
    few, many = Judged([4.0] * 3), Judged([0.36] * (ENOUGH - 3))
    assert Judged.together([few, many]).n == ENOUGH
    assert Judged.together([few, many]).width == pytest.approx(0.6)
    whole, alone = _Company(), {line: _Company() for line in NEXT_OF}
    alone["knowledge"].watch["knowledge"].answers = Judged([needed] * ENOUGH)
    alone["observed"].watch["observed"].marks.add(Promise(0.5, 0.01, 0.0), 0.9, 1.0, 1.0)
    told = _told(whole, alone)
    assert told == {"knowledge": (pytest.approx(own), ENOUGH), "observed": (pytest.approx(others), 1)}


def marks(spread, n=600, seed=3):
    """Bands of five marks of people who are known to within 0.5, each mark lying so widely around what is to be expected of her."""
    draw, watch = random.Random(seed), Watch("observed")
    for person in range(n):
        theta = draw.gauss(0.4, 0.5)
        place = (person, "empathy")
        watch.begin(place, Outlook(0.4, 0.25), Normal(0.0, 0.0))
        for number in range(NEXT_OF["observed"]):
            score = min(max(draw.gauss(sigmoid(theta), spread), 0.0), 1.0)
            watch.answer(place, f"card{number}", PLAIN, Normal(0.0, 0.0), None, 0.0, score)
    return watch


def test_how_widely_marks_lie_is_learned_from_themselves_and_the_level_does_not_enter():
    for spread in (0.1, 0.2):
        watch = marks(spread)
        assert watch.marks.dispersion == pytest.approx(spread**2 / 0.235, rel=0.2)
        # Believed as unsure as they are, the bands hold as many as they promise without being made wider or narrower.
        assert watch.judged.n == 600
        assert watch.judged.width == pytest.approx(1.0, abs=0.1)


def test_people_who_differ_more_than_was_believed_are_found_out_by_their_marks():
    draw, watch = random.Random(1), Watch("observed")
    for person in range(600):
        theta, place = draw.gauss(0.0, 1.0), (person, "empathy")
        watch.begin(place, Outlook(0.0, 0.25), Normal(0.0, 0.0))
        for number in range(NEXT_OF["observed"]):
            watch.answer(place, f"card{number}", PLAIN, Normal(0.0, 0.0), None, 0.0, min(max(draw.gauss(sigmoid(theta), 0.1), 0.0), 1.0))
    assert watch.judged.width > 1.6


def test_what_the_marks_of_one_observer_or_one_run_share_does_not_even_out():
    apart = [Asked(PLAIN, 0.0, 0.4, f"card{number}") for number in range(5)]
    one_observer = [Asked(PLAIN, 0.0, 0.4, "card@7")] * 5
    assert _in_common(apart, 0.25) == 0.0
    assert _in_common(one_observer, 0.25) == pytest.approx(0.25**2 * 0.4 * 0.8)
    one_run, two_runs = ([one._replace(sitting=f"run{number % runs}") for number, one in enumerate(apart)] for runs in (1, 2))
    assert _in_common(one_run, 0.25) == pytest.approx(0.25**2 * PRODUCT.vf)
    assert _in_common(two_runs, 0.25) == pytest.approx(0.25**2 * PRODUCT.vf * 13 / 25)
    narrow, wide = Promise(0.5, 0.01, 0.01), Promise(0.5, 0.01, 0.01, shared=0.02)
    assert wide.band()[0] < narrow.band()[0]
    assert wide.needed(0.9) < narrow.needed(0.9)


def test_a_learned_width_narrows_every_band_and_moves_no_figure(app, cast, shows, at):
    shows(cast.amir, "observation_line", 0.75, 12)
    before = profile.levels(cast.amir, at)["empathy"].figure
    month = profile.histories([cast.amir], at)[cast.amir]["empathy"][-1]
    number = calibrations.in_state("current").id
    db.session.execute(update(CALIBRATION).values(widths={"all": [0.5, 300]}))
    db.session.commit()
    app.extensions[store._CACHE].clear()
    after = profile.levels(cast.amir, at)["empathy"]
    assert (after.figure.mean, after.figure.var, after.figure.reliability) == (before.mean, before.var, before.reliability)
    assert before.low < after.figure.low < after.figure.high < before.high
    assert after.figure.reaches(3) != before.reaches(3)
    assert after.lines["observed"].width == 1.0
    narrowed = profile.histories([cast.amir], at)[cast.amir]["empathy"][-1]
    assert month.low < narrowed.low < narrowed.high < month.high
    explained = profile.explain(cast.amir, "empathy", at).figure
    assert (explained.low, explained.high) == (after.figure.low, after.figure.high)
    for _step in profile.rebuild(at + timedelta(hours=1)):
        db.session.commit()
    rebuilt = calibrations.in_state("current")
    assert rebuilt.id != number
    assert store.read(rebuilt.id).widths == {"all": (0.5, 300)}


def test_calibrations_from_before_widths_were_learned_are_as_wide_as_the_filter_says(app, cast, shows, at):
    shows(cast.amir, "observation_line", 0.75, 4)
    db.session.execute(update(CALIBRATION).values(widths=None))
    db.session.commit()
    number = db.session.execute(select(CALIBRATION.c.id)).scalar_one()
    assert store.read(number).width(ALL) == 1.0
    assert Figure(4, 0.0, 1.0, at).doubt == 1.0
    assert widths.NARROWEST < 1.0 < widths.WIDEST
