"""A staggered roll-out: against values worked out by hand, on companies without any effect, and where it says why it tells nothing."""

import random
from datetime import timedelta

import pytest

from trainee import plans
from trainee.kit.db import db
from trainee.modules.progress import part_done
from trainee.modules.progress.queries import required_parts
from trainee.people.queries import viewer_named
from trainee.reports.filters import Asked, Filters
from trainee.reports.kinds import kinds
from trainee.reports.kinds.rollout import _Teams
from trainee.reports.staggered import Course, rollout


def test_the_effect_is_the_mean_over_dates_and_months_against_teams_that_still_wait():
    def team(start, *scores):
        return Course(start, dict(enumerate(scores)))

    courses = [
        team(1, 0.50, 0.70, 0.80),
        team(1, 0.40, 0.60, 0.70),
        team(2, 0.30, 0.30, 0.50),
        team(2, 0.50, 0.54, 0.74),
        team(None, 0.60, 0.60, 0.62),
        team(None, 0.20, 0.24, 0.22),
        team(None, 0.40, 0.40, 0.42),
        team(None, 0.70, 0.74, 0.74),
    ]
    found = rollout(courses)
    # Date 1, month 1: +0.20 and +0.20 against 0, .04, 0, .04, 0, .04 of six that wait (0.02): 0.18.
    # Date 1, month 2: +0.30 and +0.30 against .02, .02, .02, .04 of four (0.025): 0.275.
    # Date 2, month 2: +0.20 and +0.20 against .02, -.02, .02, 0 of four (0.005): 0.195.
    assert found.effect == pytest.approx((0.18 + 0.275 + 0.195) / 3)
    assert (found.teams, found.waiting, found.dates) == (4, 4, 2)
    assert found.low < found.effect < found.high and found.chance < 0.01


def _company(draw, starts, effect=0.0):
    teams = []
    for start in starts:
        level = draw.gauss(0.6, 0.1)
        has = {month: effect if start is not None and month >= start else 0.0 for month in range(10)}
        # All move together, upward and with the seasons: a plain before and after would take that for an effect.
        teams.append(Course(start, {month: level + 0.02 * month + 0.01 * (month % 4) + draw.gauss(0, 0.05) + has[month] for month in range(10)}))
    return teams


@pytest.mark.parametrize("starts", [[3, 3, 6, 6, None, None, None, None], [3] * 3 + [5] * 3 + [7] * 3 + [None] * 3, [3] * 3 + [5] * 3 + [7] * 4])
def test_without_an_effect_it_cries_wolf_as_rarely_as_it_says_and_an_effect_lies_in_its_interval(starts):
    draw, wrong, missed, companies = random.Random(5), 0, 0, 400
    for _number in range(companies):
        found = rollout(_company(draw, starts))
        wrong += found.low > 0 or found.high < 0
        found = rollout(_company(draw, starts, 0.2))
        missed += not found.low <= 0.2 <= found.high
    # Five of a hundred are what 95 % confidence means; of 400 more than 36 would be worse than one case in a thousand.
    assert wrong <= 36 and missed <= 36


@pytest.mark.parametrize(
    ("starts", "why"),
    [
        ([3] * 6 + [None] * 6, "not_staggered"),
        ([None] * 12, "not_staggered"),
        ([3, 3, 6, 6, None, None], "few_teams"),
        ([2, 3, 4, 5, 6, 7, None, None, None], "few_teams"),
        ([3] * 6 + [6] * 6, "few_teams"),
    ],
)
def test_it_tells_nothing_and_says_why_where_the_roll_out_is_not_staggered_or_teams_are_few(starts, why):
    found = rollout(_company(random.Random(1), starts, 0.5))
    assert (found.why, found.effect, found.low) == (why, None, None)


def test_a_month_without_scores_is_no_month():
    courses = [
        Course(one.start, {month: score for month, score in one.months.items() if month != 4})
        for one in _company(random.Random(2), [3, 3, 6, 6] + [None] * 4)
    ]
    assert rollout(courses).effect is not None
    assert rollout([Course(one.start, {}) for one in courses]).why == "few_teams"


def test_a_team_got_it_when_half_of_it_had_and_hardly_anybody_before():
    teams = _Teams(people={("A", "u"): 4, ("B", "u"): 4, ("C", "u"): 4, ("D", "u"): 5})
    teams.done["m"] = {("A", "u"): [5, 5, 6], ("B", "u"): [1, 5, 5], ("C", "u"): [5], ("D", "u"): [4]}
    told = {team[0]: teams.start("m", team) for team in teams.people}
    # B had a quarter of it long before, C has a quarter and no half: neither can be compared. Of five in D one is less than a quarter.
    assert told == {"A": (True, 5), "B": (False, 5), "C": (False, None), "D": (True, None)}


def test_the_report_has_two_rows_a_module_and_says_why_nothing_is_told(cast, at):
    for part in required_parts(plans.training().modules["greeting"]):
        part_done(cast.amir, "greeting", part, at - timedelta(days=100))
    db.session.commit()
    asked = Asked(viewer_named("ela"), Filters(), at)
    facts = list(kinds["rollout"].facts(asked))
    assert [(one.level, one.shows) for one in facts] == [("3", "not_staggered"), ("4", "not_staggered")]
    assert kinds["rollout"].row(facts[0], asked)[4:7] == (None, None, None)
