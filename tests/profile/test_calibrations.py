"""Calibrations are learned beside the figures in use, and take their place in one step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.profile.conftest import figures
from tests.profile.test_recording import drawn
from trainee import evidence, profile
from trainee.evidence import Row
from trainee.evidence.source import ANCHOR
from trainee.kit.db import db
from trainee.profile import calibrations, policy, store
from trainee.profile.filter import Normal
from trainee.profile.fold import day_of, fold
from trainee.profile.models import CALIBRATION, FIGURES, STANDING
from trainee.profile.simulation import Plan, simulate


def run_through(job):
    return list(job)


def states():
    return list(db.session.execute(select(CALIBRATION.c.state, func.count()).group_by(CALIBRATION.c.state).order_by(CALIBRATION.c.state)).tuples())


def test_the_first_calibration_knows_nothing(app, cast, showing, at):
    profile.record([showing(cast.amir, at)], at)
    current = calibrations.in_state("current")
    assert current is not None
    assert (current.events, current.policy) == (0, policy.key())
    known = store.read(current.id)
    assert (dict(known.items), dict(known.skills)) == ({}, {})


def test_beginning_twice_begins_once(app, at):
    calibrations.begin(at)
    calibrations.begin(at)
    assert states() == [("current", 1)]


def test_the_database_refuses_two_current_calibrations(app, at):
    calibrations.begin(at)
    store.begin_calibration(
        {"id": 1, "state": "current", "policy": "x", "learned_at": at, "events": 9, "item_difficulties": {}, "skill_difficulties": {}}
    )
    assert states() == [("current", 1)]


def test_a_question_that_all_get_wrong_becomes_hard_and_a_severe_observer_severe(app, cast, showing, at):
    people = [cast.amir, cast.beth, cast.chloe, cast.dev, cast.gus, cast.zoe]
    run = []
    for day in range(6):
        for person in people:
            moment = at - timedelta(days=30 - day)
            run += [
                showing(person, moment, 0.0, item="m/quiz/hard"),
                showing(person, moment, 1.0, item="m/quiz/easy"),
                showing(person, moment, 0.25, item="card/l1", source="observation_line", actor_id=cast.hana),
                showing(person, moment, 1.0, item="card/l1", source="observation_line", actor_id=cast.iris),
            ]
    profile.record(run, at)
    run_through(profile.learn_calibration(at))
    current = calibrations.in_state("current")
    assert current is not None
    hard = store.read(current.id).items
    assert hard["m/quiz/hard|empathy"].m > 0.5
    assert hard["m/quiz/easy|empathy"].m < -0.5
    assert hard[f"card/l1@{cast.hana}|empathy"].m > hard[f"card/l1@{cast.iris}|empathy"].m + 1
    assert all(0 < one.v < 1.5 for one in hard.values())


def test_learning_finds_the_difficulties_of_a_simulated_company():
    company = simulate(11, Plan(people=40, days=120))
    known = calibrations.learn(company.rows)
    assert set(known.skills) == {f"skill-{number}" for number in range(8)}
    scores = {}
    for row in company.rows:
        if row.source == "quiz_answer":
            scores.setdefault(f"{row.item}|{row.skill}", []).append(row.score)
    asked = [key for key, given in scores.items() if len(given) >= 15]
    easiest = sorted(asked, key=lambda key: -sum(scores[key]) / len(scores[key]))
    few = len(easiest) // 4
    mean = lambda keys: sum(known.items[key].m for key in keys) / len(keys)  # noqa: E731
    assert mean(easiest[:few]) < mean(easiest[few:-few]) < mean(easiest[-few:])


def test_what_a_judge_decided_says_nothing_of_how_severe_the_observer_is(app, at):
    def known(actor):
        rows = [Row(number, number, "empathy", "observation_line", 0.0, "observer/5/empathy", at, actor, 0) for number in range(1, 30)]
        return calibrations.learn(rows).items["observer/5/empathy@5|empathy"].v

    assert known(5) < 0.8 * ANCHOR[1]
    assert known(9) == ANCHOR[1]


def test_what_observers_mark_alike_moves_the_scale_and_not_what_a_mark_means(at):
    """Two observers who see the same people: only how they differ is learned, and their mean stays the anchor."""
    rows = []
    for number in range(240):
        who = number % 2 + 8
        rows.append(Row(number + 1, number // 2 % 12, "empathy", "observation_line", 1 / 3 if who == 8 else 0.0, "l1", at, who, 0))
    known = calibrations.learn(rows)
    kind, strict = known.items["l1@8|empathy"].m, known.items["l1@9|empathy"].m
    assert strict - kind > 0.3
    assert kind < ANCHOR[0] < strict
    assert (kind + strict) / 2 == pytest.approx(ANCHOR[0], abs=0.2)
    # So the people are told low, as they were marked, instead of being taken for what is usual.
    marks = [row for row in rows if row.person_id == 3 and row.actor_id == 8]
    look = fold(marks, known).outlook("observed", "empathy", day_of(at), known)
    assert look.expected < policy.CUTS[1]


def test_a_new_calibration_makes_figures_as_if_it_had_always_been(app, cast, showing, at):
    run = drawn(showing, cast, at, 1, n=60)
    profile.record(run[:40], at)
    run_through(profile.learn_calibration(at))
    profile.record(run[40:], at)
    current = calibrations.in_state("current")
    assert current is not None
    assert current.events == 40
    live = figures()
    run_through(profile.rebuild(at))
    assert figures() == live


def test_nothing_is_learned_when_nothing_was_recorded_since(app, cast, showing, at):
    profile.record(drawn(showing, cast, at, 2), at)
    run_through(profile.learn_calibration(at))
    before = calibrations.in_state("current")
    assert run_through(profile.learn_calibration(at)) == []
    assert calibrations.in_state("current") == before


def test_retired_figures_are_cleared_and_retired_difficulties_kept(app, cast, showing, at):
    profile.record(drawn(showing, cast, at, 2), at)
    run_through(profile.learn_calibration(at))
    run_through(profile.rebuild(at))
    assert states() == [("current", 1), ("retired", 2)]
    for table in (*FIGURES, STANDING):
        assert db.session.scalar(select(func.count(table.c.calibration_id.distinct()))) == 1


def test_a_clearing_that_was_interrupted_is_ended_by_the_next_rebuild(app, cast, showing, at, monkeypatch):
    monkeypatch.setattr(calibrations, "_BATCH", 1)
    profile.record(drawn(showing, cast, at, 4), at)
    job = profile.rebuild(at)
    while states() != [("current", 1), ("retired", 1)]:
        next(job)
    next(job)
    job.close()
    standings = select(func.count()).select_from(STANDING)
    # Two people under the new one, and one of them still under the old one.
    assert db.session.scalar(standings) == 3
    run_through(profile.rebuild(at))
    assert db.session.scalar(standings) == 2
    for table in FIGURES:
        assert db.session.scalar(select(func.count(table.c.calibration_id.distinct()))) == 1


def test_until_the_last_step_the_old_figures_are_shown(app, cast, showing, at):
    profile.record(drawn(showing, cast, at, 3), at)
    before = profile.levels(cast.amir, at)
    job = profile.learn_calibration(at)
    seen = [profile.levels(cast.amir, at) == before for _ in job]
    # Nobody yet (twice, around the learning), both people, the switch, the clearing.
    assert seen == [True, True, True, False, False]


def test_an_interrupted_rebuild_goes_on_where_it_stopped(app, cast, showing, at, monkeypatch):
    monkeypatch.setattr(calibrations, "_BATCH", 1)
    profile.record(drawn(showing, cast, at, 4), at)
    before = figures()
    job = profile.rebuild(at)
    assert [next(job).done, next(job).done] == [1, 2]
    job.close()
    assert states() == [("current", 1), ("folding", 1)]
    assert figures() == before
    assert {step.done for step in run_through(profile.rebuild(at))} == {2}
    assert states() == [("current", 1), ("retired", 1)]
    assert figures() == before


def test_what_is_recorded_while_a_rebuild_runs_is_in_it(app, cast, showing, at):
    profile.record(drawn(showing, cast, at, 5), at)
    job = profile.rebuild(at)
    next(job)
    profile.record([showing(cast.amir, at), showing(cast.gus, at)], at)
    live = figures()
    run_through(job)
    assert figures() == live
    assert profile.levels(cast.gus, at)["empathy"].figure.n == 1


def test_a_rebuild_under_another_policy_begins_anew(app, cast, showing, at, monkeypatch):
    monkeypatch.setattr(calibrations, "_BATCH", 1)
    profile.record(drawn(showing, cast, at, 6), at)
    next(profile.rebuild(at))
    monkeypatch.setattr(policy, "key", lambda: "another")
    assert not profile.up_to_date()
    run_through(profile.rebuild(at))
    assert profile.up_to_date()
    assert states() == [("current", 1), ("retired", 1)]


def test_a_past_date_is_read_with_the_difficulties_known_then(app, cast, showing, at):
    before = at - timedelta(days=20)
    profile.record([showing(cast.amir, before, 1.0, item=f"m/quiz/{number}") for number in range(6)], before)
    believed = profile.levels(cast.amir, before)
    run_through(profile.learn_calibration(before + timedelta(days=1)))
    assert profile.levels(cast.amir, before) != believed
    assert profile.believed_on(cast.amir, before) == believed


def test_progress_comes_to_its_end(app, cast, showing, at):
    profile.record(drawn(showing, cast, at, 7), at)
    steps = run_through(profile.rebuild(at))
    assert steps[-1] == profile.Progress(2, 2)
    assert [step.done for step in steps] == sorted(step.done for step in steps)


def test_people_are_folded_in_portions():
    portions = list(calibrations._portions({1: 3000, 2: 2000, 3: 1, 4: 9000, 5: 1}))
    assert portions == [[1, 2], [3, 4], [5]]


@pytest.mark.parametrize("name", ["vg", "gain"])
def test_the_policys_name_changes_with_its_constants(monkeypatch, name):
    before = policy.key()
    policy.key.cache_clear()
    monkeypatch.setattr(policy, "PRODUCT", replace(policy.PRODUCT, **{name: 9.0}))
    try:
        assert policy.key() != before
    finally:
        monkeypatch.undo()
        policy.key.cache_clear()
    assert policy.key() == before


def test_difficulties_survive_being_stored(app, at):
    calibrations.begin(at)
    current = calibrations.in_state("current")
    assert current is not None
    assert store.pack({"a": Normal(0.1, 0.2)}) == {"a": [0.1, 0.2]}
    assert evidence.newest_id() == 0
