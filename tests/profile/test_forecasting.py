"""What is foretold comes about as often as it is said, where the truth is known; and a status says what the figures say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import sqrt
from random import Random
from statistics import fmean

import pytest

from trainee.profile import calibrations, policy
from trainee.profile.figures import EARLIER_MONTHS, Figure, Level, MonthFigure
from trainee.profile.filter import logit, look
from trainee.profile.fold import day_of, fold, month_of
from trainee.profile.forecasting import forecast, level_then, status
from trainee.profile.simulation import BEGIN, Company, Plan, simulate

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)
CUT, AHEAD = 160, (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Case:
    """One person and skill: how it stood, and where it truly was after so many days."""

    level: Level
    truth: dict[int, float]


def steady(company: Company) -> None:
    """Everybody goes up or down in every skill by a pace of her own."""
    draw = Random(7)
    for whose, days in company.truth.items():
        pace = draw.gauss(0.05, 0.15) / 30
        company.truth[whose] = [level + pace * (day - 120) for day, level in enumerate(days)]


@cache
def cases(seed: int, shape: Callable[[Company], None] | None = None) -> list[Case]:
    company = simulate(seed, Plan(people=30, skills=5, days=260), shape)
    return list(_cases(company, BEGIN + timedelta(days=CUT)))


def _cases(company: Company, cut: datetime) -> Iterator[Case]:
    past = [row for row in company.rows if row.occurred_at < cut]
    known = calibrations.learn(past)
    month = month_of(cut) - EARLIER_MONTHS
    for person_id in range(1, company.plan.people + 1):
        person = fold((row for row in past if row.person_id == person_id), known)
        earlier = {skill: (mean, var, n) for line, skill, closed, mean, var, n in person.closed if (line, closed) == (policy.ALL, month)}
        whole = person.line(policy.ALL)
        for skill, facet in whole.facets.items():
            mean, var = look(whole.who, facet, known.skill(skill), day_of(cut))
            level = Level(skill, Figure(facet.n, mean, var, cut, earlier.get(skill)), {}, cut)
            yield Case(level, {days: company.true_level(person_id, skill, CUT + days) for days in (0, *AHEAD)})


def origin(found: list[Case]) -> float:
    """Where the truth's zero lies on the estimate's scale: what is hard and what is easy is only known relative to each other."""
    return fmean(one.level.figure.mean - one.truth[0] for one in found)


def wrong_by(found: list[Case], days: int, still: bool = False) -> float:
    """The error of what is foretold, or of saying that nothing changes."""
    shift, errors = origin(found), []
    for one in found:
        told = forecast(one.level, 3, one.level.at + timedelta(days=days))
        assert told is not None
        mean = one.level.figure.mean if still else told.outlook.mean
        errors.append((mean - shift - one.truth[days]) ** 2)
    return sqrt(fmean(errors))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("shape", [None, steady], ids=["as it comes", "steady"])
def test_the_range_holds_the_truth_about_four_times_in_five(seed, shape):
    found = cases(seed, shape)
    shift = origin(found)
    assert len(found) == 150
    for days in AHEAD:
        told = [(one, forecast(one.level, 3, one.level.at + timedelta(days=days))) for one in found]
        held = [abs(told.outlook.mean - shift - one.truth[days]) <= 1.2816 * sqrt(told.outlook.var) for one, told in told if told is not None]
        assert 0.70 <= fmean(held) <= 0.93


def test_of_those_said_to_be_on_track_most_arrive_and_of_those_at_risk_few():
    """Who is below the target today: of those said to arrive within two months more than half do, of the others clearly fewer."""
    arrived: dict[str, list[bool]] = {"on_track": [], "at_risk": []}
    for seed in (1, 2):
        found = cases(seed, steady)
        for one in found:
            for target in (2, 3):
                told = status(one.level, target, one.level.at + timedelta(days=60))
                if told in arrived:
                    arrived[told].append(one.truth[60] + origin(found) >= policy.threshold(target))
    assert fmean(arrived["on_track"]) > 0.5
    assert len(arrived["at_risk"]) > 50
    assert fmean(arrived["at_risk"]) < 0.35


def test_where_people_go_steadily_it_foretells_better_than_saying_that_nothing_changes_and_elsewhere_hardly_worse():
    going = [one for seed in (1, 2) for one in cases(seed, steady)]
    assert wrong_by(going, 90) < wrong_by(going, 90, still=True)
    standing = [one for seed in (1, 2) for one in cases(seed)]
    assert wrong_by(standing, 90) < 1.03 * wrong_by(standing, 90, still=True)


def level(mean: float, n: int = 20, var: float = 0.3, earlier: tuple[float, float, int] | None = None, work: bool = True) -> Level:
    lines = {"observed": Figure(n if work else 0, mean, var, AT)}
    return Level("empathy", Figure(n, mean, var, AT, earlier), lines, AT)


def in_days(days: int) -> datetime:
    return AT + timedelta(days=days)


@pytest.mark.parametrize(
    ("found", "target", "until", "then", "said"),
    [
        (level(0.0, n=2), 3, None, None, "unknown"),
        (level(0.0, var=1.5), 3, None, None, "unknown"),
        (level(1.0), 3, in_days(30), None, "reached"),
        (level(3.0, work=False), 4, in_days(30), None, "on_track"),
        (level(-1.0), 3, in_days(30), None, "at_risk"),
        (level(-1.0), 1, None, None, "reached"),
        (level(0.55, earlier=(-0.6, 0.35, 10)), 3, in_days(60), None, "on_track"),
        (level(0.55, earlier=(1.2, 0.35, 10)), 3, in_days(60), None, "at_risk"),
        # Its time is over: what counts is how it stood then.
        (level(1.0), 3, in_days(-1), 2, "missed"),
        (level(-1.0), 3, in_days(-1), 3, "reached"),
        (level(1.0), 3, in_days(-1), None, "unknown"),
    ],
)
def test_a_status_says_what_the_figures_say(found, target, until, then, said):
    assert status(found, target, until, then) == said


def test_the_further_ahead_the_wider_the_range():
    widths = []
    for days in (10, 60, 180, 360):
        told = forecast(level(0.0, earlier=(-0.3, 0.4, 10)), 3, in_days(days))
        low, high = told.outlook.band()
        widths.append(high - low)
    assert widths == sorted(widths)
    assert len(set(widths)) == 4


def test_a_range_is_told_in_levels():
    told = forecast(level(0.3, var=0.4), 3, in_days(30))
    assert told.levels[0] <= told.levels[1] <= told.levels[2]
    assert told.levels[0] < told.levels[2]


def test_what_moves_no_more_than_by_itself_is_hardly_carried_on():
    """The less evidence a movement rests on, the less of it is believed."""
    clear = forecast(level(0.3, var=0.3, earlier=(-0.3, 0.31, 19)), 3, in_days(90))
    vague = forecast(level(0.3, var=0.3, earlier=(-0.3, 0.9, 3)), 3, in_days(90))
    assert clear.outlook.mean > vague.outlook.mean > 0.3


def test_nothing_is_foretold_of_too_little_evidence_and_of_what_is_over():
    assert forecast(level(0.0, n=1), 3, in_days(30)) is None
    assert forecast(level(0.0), 3, in_days(-1)) is None


def test_a_level_then_is_that_of_the_end_of_the_month():
    def month(number: int, score: float, enough: bool = True) -> MonthFigure:
        return MonthFigure(2026, number, score, 0.0, 1.0, 9, enough, logit(score), 0.01)

    months = [month(1, 0.5), month(2, 0.7), month(3, 0.9)]
    assert [level_then(months, date(2026, number, 10)) for number in (1, 2, 3, 7)] == [2, 3, 4, 4]
    assert level_then(months, date(2025, 12, 31)) is None
    assert level_then([replace(months[0], enough=False)], date(2026, 1, 31)) is None
    assert logit(0.7) > policy.threshold(3)
