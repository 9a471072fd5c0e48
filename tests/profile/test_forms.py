"""The choices of one run of a role-play are made in one form, and tell less together than as many made apart."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from tests.profile.conftest import figures
from trainee import profile
from trainee.profile import calibrations
from trainee.profile.evaluation import Replay, errors, read_log
from trainee.profile.filter import PRODUCT
from trainee.profile.simulation import Plan, as_csv, simulate


def choices(showing, person, at, run, scores, skills=("empathy",), pause=timedelta(minutes=1)):
    """One run: a choice a minute on these skills in turn."""
    return [
        showing(
            person,
            at + turn * pause,
            score,
            skill=skills[turn % len(skills)],
            source="roleplay_choice",
            item=f"story-{run}/{turn}",
            receipt=f"roleplay_choice/{run}/{turn}/{skills[turn % len(skills)]}",
        )
        for turn, score in enumerate(scores)
    ]


def expected(person, at):
    return profile.levels(person, at)["empathy"].figure.expected


def test_one_bad_run_moves_a_level_less_than_as_many_bad_days(app, cast, showing, at):
    before = at - timedelta(days=60)
    for person in (cast.amir, cast.beth):
        profile.record([showing(person, before + timedelta(days=day), float(day % 4 != 0)) for day in range(30)], at)
    start = expected(cast.amir, at)
    profile.record(choices(showing, cast.amir, at, 1, [0.0] * 10), at)
    for run in range(10):
        profile.record(choices(showing, cast.beth, at - timedelta(days=9 - run), 100 + run, [0.0]), at)
    one, many = (start - expected(person, at + timedelta(hours=1)) for person in (cast.amir, cast.beth))
    assert 0.05 < one < 0.9 * many


def test_runs_of_one_evening_share_a_form_and_a_long_pause_begins_a_new_one(app, cast, showing, at):
    together, apart = cast.amir, cast.beth
    profile.record(choices(showing, together, at, 1, [0.0] * 4), at)
    profile.record(choices(showing, apart, at, 2, [0.0] * 2), at)
    profile.record(choices(showing, apart, at + timedelta(minutes=2), 3, [0.0] * 2), at)
    assert expected(apart, at + timedelta(days=1)) == pytest.approx(expected(together, at + timedelta(days=1)))
    profile.record(choices(showing, cast.gus, at, 4, [0.0] * 4), at)
    profile.record(choices(showing, cast.zoe, at, 5, [0.0] * 4, pause=timedelta(hours=13)), at)
    assert expected(cast.zoe, at + timedelta(days=2)) < expected(cast.gus, at + timedelta(days=2))


SKILLS = ("empathy", "greeting", "reliability", "complaint-handling", "de-escalation")


def test_one_evening_of_careless_role_plays_does_not_undo_months_of_observed_work(app, cast, showing, at):
    """Five runs of whatever came first, ten choices each: no skill that was seen often at work comes down by more than a level."""
    seen = [
        showing(cast.amir, at - timedelta(days=7 * number + 2), (1.0, 2 / 3)[number % 2], skill=skill, source="observation_line", actor_id=cast.chloe)
        for number in range(20)
        for skill in SKILLS
    ]
    well = [choices(showing, cast.amir, at - timedelta(days=30 * run + 20), 50 + run, [1.0] * 9 + [0.67], SKILLS) for run in range(5)]
    profile.record([*seen, *(one for run in well for one in run)], at)
    before = profile.levels(cast.amir, at)
    picked = Random(7)
    for run in range(5):
        careless = [picked.choice((0.0, 0.33, 0.67)) for _ in range(10)]
        profile.record(choices(showing, cast.amir, at + timedelta(minutes=20 * run), 60 + run, careless, SKILLS), at)
    after = profile.levels(cast.amir, at + timedelta(hours=2))
    for skill in SKILLS:
        assert after[skill].level is not None
        assert before[skill].level is not None
        assert before[skill].level - after[skill].level <= 1
        assert after[skill].level >= 3
    assert any(after[skill].figure.expected < before[skill].figure.expected - 0.05 for skill in SKILLS)


def test_a_run_adds_up_choice_by_choice_late_and_rebuilt_to_the_same(app, cast, showing, at):
    run = choices(showing, cast.amir, at, 1, [0.0, 1.0, 0.5, 0.0, 1.0, 0.0], ("empathy", "greeting"))
    other = choices(showing, cast.amir, at + timedelta(hours=2), 2, [1.0, 0.0], ("empathy", "greeting"))
    for one in (*run[:3], *run[4:], *other):
        profile.record([one], at)
    profile.record([run[3]], at)
    live = figures()
    assert any(len(line) > 2 for row in live["standing"] for _name, line in row[-1])
    list(profile.rebuild(at))
    assert figures() == live
    profile.record(choices(showing, cast.beth, at, 3, [0.0, 1.0, 0.5, 0.0, 1.0, 0.0], ("empathy", "greeting")), at)
    at_once = figures(cast.beth)
    list(profile.rebuild(at))
    assert figures(cast.beth) == at_once


def test_the_rows_of_a_run_still_add_up_to_the_figure(app, cast, showing, at):
    profile.record(choices(showing, cast.amir, at, 1, [0.0, 1.0, 0.5, 1.0], ("empathy", "greeting")), at)
    later = at + timedelta(days=3)
    told = profile.explain(cast.amir, "empathy", later)
    assert told.start + sum(step.waited + step.moved for step in told.steps) + told.waiting == pytest.approx(told.figure.expected)
    assert told.figure.expected == pytest.approx(expected(cast.amir, later))


def loss(tmp_path, form, variance):
    """Log-loss of every answer predicted from the past only, in a company whose runs are played in forms that vary so much."""
    path = tmp_path / "runs.csv"
    path.write_text(as_csv(simulate(2, Plan(people=40, choices=10, roleplay=1.8, form=form)).rows), encoding="utf-8")
    log = read_log(path)
    told = Replay(replace(PRODUCT, vf=variance)).run(log.answers, learning=True)
    return errors("runs", [answer.score for answer in log.answers], told).log_loss


def test_where_forms_vary_answers_are_predicted_better_and_where_they_do_not_hardly_worse(tmp_path):
    assert loss(tmp_path, 0.8, PRODUCT.vf) < loss(tmp_path, 0.8, 0.0) - 0.003
    assert loss(tmp_path, 0.0, PRODUCT.vf) < loss(tmp_path, 0.0, 0.0) + 0.0015


def test_difficulties_are_learned_with_the_form_of_each_run(tmp_path):
    company = simulate(2, Plan(people=10, choices=10, roleplay=1.8, form=0.8))
    apart = [row._replace(receipt="") for row in company.rows]
    together, alone = calibrations.learn(company.rows).items, calibrations.learn(apart).items
    assert any(abs(together[key].m - alone[key].m) > 0.01 for key in together if key.startswith("story/"))
