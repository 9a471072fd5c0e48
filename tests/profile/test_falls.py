"""A fall that many share is told of the skill and of nobody, and chance alone does not make one."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import update

from trainee import profile
from trainee.evidence import sources
from trainee.kit.db import db
from trainee.people import Person
from trainee.profile.falls import CHANCE, DROP, PEOPLE, SHARE, Fall, Group, Piece, find_falls, groups, shared_falls
from trainee.profile.fold import Difficulties
from trainee.profile.models import CALIBRATION
from trainee.profile.simulation import BEGIN, Plan, simulate

TEAM = 12
PLAN = Plan(people=48, skills=4, days=300)
COMPANY = [Group(None, frozenset(range(1, PLAN.people + 1)))] + [
    Group((team,), frozenset(range(team * TEAM + 1, (team + 1) * TEAM + 1))) for team in range(PLAN.people // TEAM)
]
AT = BEGIN + timedelta(days=PLAN.days)


def company(seed, who=(), skill="skill-1", day=270, by=0.0, plan=PLAN):
    """What a company shows in which the true level of these people in one skill goes down from a day on."""

    def shape(made):
        for person in who:
            levels = made.truth[person, skill]
            levels[day:] = [level - by for level in levels[day:]]

    rows = simulate(seed, plan, shape).rows
    return [
        Piece(row.person_id, row.skill, kind.line, f"{kind.difficulty_key(row.item, row.actor_id)}|{row.skill}", row.score, row.occurred_at)
        for row in rows
        if (kind := sources[row.source]).counts
    ]


def until(pieces, days_ago):
    moment = AT - timedelta(days=days_ago)
    return shared_falls([one for one in pieces if one.at <= moment], COMPANY, moment)


def test_where_nothing_is_the_matter_nothing_is_said():
    nights = told = 0
    for seed in range(4):
        pieces = company(seed)
        for ago in (0, 30, 60):
            nights += 1
            told += bool(until(pieces, ago))
    assert told / nights <= CHANCE


def test_what_a_whole_company_came_down_in_is_said_of_it_once_and_of_no_other_skill():
    for seed in (1, 2):
        falls = shared_falls(company(seed, range(1, PLAN.people + 1), by=1.2), COMPANY, AT)
        assert falls
        assert {(fall.teams, fall.skill) for fall in falls} == {(None, "skill-1")}
        assert len({fall.line for fall in falls}) == len(falls)
        for fall in falls:
            assert fall.drop >= DROP
            assert fall.fell >= SHARE * fall.people
            assert BEGIN + timedelta(days=240) <= fall.since <= AT


def test_what_one_team_came_down_in_is_said_of_that_team():
    found = [fall for seed in (1, 2, 3) for fall in shared_falls(company(seed, range(13, 25), by=2.5), COMPANY, AT)]
    assert found
    assert {(fall.teams, fall.skill) for fall in found} == {((1,), "skill-1")}


def test_two_who_came_down_far_are_no_fall_of_the_team():
    assert shared_falls(company(1, (13, 14), by=4.0), COMPANY, AT) == ()


def scores(people, day, item, share, times=4):
    """Each of these people meets an item a few times on some days, and so large a share goes well."""
    draw = Random(f"{day}{item}")
    return [
        Piece(person, "empathy", "knowledge", item, float(draw.random() < share), AT - timedelta(days=day, minutes=number))
        for person in people
        for number in range(times)
    ]


def test_a_harder_question_is_no_fall_and_the_same_people_at_the_same_questions_are():
    people = range(1, 21)
    known = [piece for day in (150, 120, 90) for piece in scores(people, day, "easy", 0.9) + scores(people, day, "hard", 0.4)]
    # Only the hard one is asked now, and it goes as it always went.
    assert shared_falls([*known, *scores(people, 10, "hard", 0.4)], [Group(None, frozenset(people))], AT) == ()
    # A question nobody knows says nothing, however few get it right.
    assert shared_falls([*known, *scores(people, 10, "new", 0.1)], [Group(None, frozenset(people))], AT) == ()
    [fall] = shared_falls([*known, *scores(people, 10, "easy", 0.4)], [Group(None, frozenset(people))], AT)
    assert fall.drop == pytest.approx(0.5, abs=0.12)


def test_fewer_people_than_that_are_nobodys_process():
    few = range(1, PEOPLE)
    known = [piece for day in (150, 120, 90) for piece in scores(few, day, "easy", 1.0)]
    assert shared_falls([*known, *scores(few, 10, "easy", 0.0)], [Group(None, frozenset(few))], AT) == ()
    more = range(1, PEOPLE + 1)
    known = [piece for day in (150, 120, 90) for piece in scores(more, day, "easy", 1.0)]
    assert shared_falls([*known, *scores(more, 10, "easy", 0.0)], [Group(None, frozenset(more))], AT)


def test_groups_are_the_company_its_units_and_teams_without_those_who_left_and_none_twice(cast):
    found = groups()
    everybody = next(one for one in found if one.teams is None)
    assert cast.amir in everybody.people
    db.session.execute(update(Person).where(Person.id == cast.amir).values(disabled_at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert all(cast.amir not in one.people for one in groups())
    assert len({one.people for one in found}) == len(found)
    for one in found:
        assert one.people <= everybody.people


def test_a_night_finds_it_in_the_log_keeps_it_with_the_calibration_and_a_rebuild_hands_it_on(cast, at):
    people = [cast.amir, cast.beth, cast.gus, cast.chloe, cast.dev, cast.zoe, cast.ela, cast.ferit]
    told = []
    for day in (200, 170, 140, 110, 20, 18, 16, 14):
        for number, person in enumerate(people):
            for item in range(3):
                when = at - timedelta(days=day, hours=number)
                told.append(profile.Showing(person, "empathy", "quiz_answer", float(day > 100), f"m/quiz/{item}", when, f"q/{person}/{item}/{day}"))
    profile.record(sorted(told, key=lambda one: one.occurred_at), at)
    db.session.commit()
    [fall] = find_falls(at)
    assert (fall.skill, fall.line, fall.people, fall.fell) == ("empathy", "knowledge", len(people), len(people))
    assert fall.teams is None or len(fall.teams) >= 1
    for _step in profile.learn_calibration(at):
        db.session.commit()
    assert profile.falls() == (fall,)
    for _step in profile.rebuild(at + timedelta(hours=1)):
        db.session.commit()
    assert profile.falls() == (fall,)


def test_calibrations_from_before_say_nothing(app, cast, shows, at):
    assert profile.falls() == ()
    shows(cast.amir, "quiz_answer", 1.0, 2)
    db.session.execute(update(CALIBRATION).values(falls=None))
    db.session.commit()
    assert profile.falls() == ()
    assert Difficulties().falls == ()


class Wanted:
    level = 3
    since = None


def gap_of(cast, at):
    return next(one for one in profile.gaps(cast.amir, {"empathy": Wanted()}, at) if one.diagnosis == "knowledge")


def test_a_gap_that_came_with_the_fall_is_the_processs_and_one_that_was_there_before_is_hers(cast, shows, at):
    shows(cast.amir, "quiz_answer", 0.0, 12)
    gap = gap_of(cast, at)
    fall = Fall(None, "empathy", "knowledge", at - timedelta(days=20), 12, 9, 0.18)
    shared = profile.with_falls(gap, [fall])
    assert (gap.diagnosis, shared.diagnosis, shared.shared, shared.sentence) == ("knowledge", "impact", fall, gap.sentence)
    assert profile.with_falls(gap, [fall._replace(line="observed")]) is gap
    assert profile.with_falls(gap, [fall._replace(skill="apology")]) is gap
    # By then it had been open for months.
    assert profile.with_falls(gap, [fall._replace(since=at + timedelta(days=60))]) is gap
