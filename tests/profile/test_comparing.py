"""Worse than the team: hardly ever said of those who are as good as it, mostly said of those who are not, where the truth is known."""

from dataclasses import replace
from statistics import fmean

import pytest

from trainee.evidence import Row
from trainee.profile import behind_team, calibrations
from trainee.profile.comparing import CHANCE
from trainee.profile.figures import Figure, Level
from trainee.profile.fold import day_of, fold, moment_of
from trainee.profile.policy import ALL
from trainee.profile.simulation import Plan, simulate

TEAM = 10
PLAN = Plan(choices=10, roleplay=1.8, form=0.7)


def teams(plan):
    return [range(first, first + TEAM) for first in range(1, plan.people + 1, TEAM)]


def alike(company):
    """Everybody of a team is as good as everybody else in it, in everything and on every day."""
    for ids in teams(company.plan):
        for (person, skill), _days in list(company.truth.items()):
            if person in ids:
                company.truth[person, skill] = company.truth[ids[0], skill]


def one_behind(by):
    """The first of each team is as good as the others on average, and the second worse than that by so much."""

    def shape(company):
        for ids in teams(company.plan):
            for skill in {skill for _person, skill in company.truth}:
                others = [company.truth[person, skill] for person in ids[2:]]
                average = [fmean(days) for days in zip(*others, strict=True)]
                company.truth[ids[0], skill] = average
                company.truth[ids[1], skill] = [level - by for level in average]

    return shape


def levels(company):
    """Everybody's levels on the last day, with difficulties learned from the log."""
    known = calibrations.learn(company.rows)
    at = company.rows[-1].occurred_at
    mine: dict[int, list[Row]] = {}
    for row in company.rows:
        mine.setdefault(row.person_id, []).append(row)
    found = {}
    for person_id, rows in mine.items():
        person = fold(rows, known)
        found[person_id] = {}
        for skill, facet in person.whole.facets.items():
            outlook = person.outlook(ALL, skill, day_of(at), known)
            figure = Figure(facet.n, outlook.mean, outlook.var, moment_of(facet.at), None, known.skill(skill).m)
            lines = {name: line.look_at(skill) for name, line in person.lines.items()}
            stands = {name: (one.n, *person.outlook(name, skill, day_of(at), known)) for name, one in lines.items() if one is not None}
            found[person_id][skill] = Level(skill, figure, {name: Figure(*one, None) for name, one in stands.items()}, at)
    return found


def flagged(company, places):
    """Of those who stand at these places of their teams, who is said to be behind in anything."""
    stand = levels(company)
    found = []
    for ids in teams(company.plan):
        for place in places:
            others = [stand[other] for other in ids if other != ids[place]]
            found.append(bool(behind_team(stand[ids[place]], others)))
    return found


@pytest.mark.parametrize("plan", [PLAN, replace(PLAN, quiz=8.0, roleplay=0.6, observed=2.0, customers=2.0)], ids=["much evidence", "little evidence"])
def test_of_equals_at_most_one_in_twenty_is_flagged(plan):
    told = [one for seed in (41, 42, 43, 44) for one in flagged(simulate(seed, plan, alike), range(TEAM))]
    assert len(told) == 240
    assert fmean(told) <= 0.05


def test_who_is_truly_worse_is_found_and_who_is_average_among_unequals_is_not():
    worse, average = [], []
    for seed in (51, 52, 53):
        company = simulate(seed, PLAN, one_behind(1.5))
        worse += flagged(company, [1])
        average += flagged(company, [0])
    assert fmean(worse) >= 0.8
    assert fmean(average) <= 0.05


def level(mean, var=0.4, n=9, skill="empathy", at=None):
    return Level(skill, Figure(n, mean, var, at), {}, at)


def test_the_rule_asks_for_enough_evidence_and_three_colleagues(at):
    low, team = {"empathy": level(-3.0, at=at)}, [{"empathy": level(1.0, at=at)} for _ in range(3)]
    (found,) = behind_team(low, team)
    assert (found.skill, found.colleagues) == ("empathy", 3)
    assert found.by > 4 and found.chance < 0.001
    assert behind_team(low, team[:2]) == []
    assert behind_team({"empathy": level(-3.0, n=2, at=at)}, team) == []
    assert behind_team(low, [*team[:2], {"empathy": level(1.0, var=1.5, at=at)}]) == []


def test_the_more_skills_are_compared_the_clearer_it_must_be(at):
    def board(mean, many):
        return {f"s{number}": level(mean if number == 0 else 1.0, skill=f"s{number}", at=at) for number in range(many)}

    alone = behind_team(board(0.0, 1), [board(1.0, 1)] * 5)
    assert alone and CHANCE / 20 < alone[0].chance <= CHANCE
    assert behind_team(board(0.0, 20), [board(1.0, 20)] * 5) == []


def test_who_was_only_watched_has_to_be_further_behind_as_her_observer_may_be_the_strict_one(at):
    """The same figures, resting on quizzes or on observers alone; nothing else of her is known."""

    def board(mean, line):
        return {"empathy": Level("empathy", Figure(9, mean, 0.4, at), {line: Figure(9, mean, 0.4, at)}, at)}

    told, seen = (behind_team(board(0.0, line), [board(1.2, line)] * 9) for line in ("knowledge", "observed"))
    assert told
    assert not seen
    assert behind_team(board(-1.5, "observed"), [board(1.2, "observed")] * 9)


def test_who_has_little_evidence_in_a_good_team_is_not_behind_for_being_drawn_to_the_average(at):
    """Both are as good as the others as far as one can see: twice as much doubt, half as far from the average."""
    reliability = 1 - 0.8 / 1.8
    little = {"empathy": level(2.0 * reliability, var=0.8, n=4, at=at)}
    assert behind_team(little, [{"empathy": level(2.0 * (1 - 0.2 / 1.8), var=0.2, at=at)}] * 5) == []
