"""Recording adds up at once, in any order, once per receipt, with few statements; taking back leaves no trace in the figures."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.profile.conftest import figures
from trainee import evidence, profile
from trainee.kit.db import db
from trainee.profile import calibrations

SOURCES = ["quiz_answer", "spaced_review", "roleplay_choice", "observation_line", "customer_rating", "self_assessment"]


def drawn(showing, cast, at, seed, n=40):
    """A few months of mixed evidence of two people, in the order in which it happened."""
    draw = random.Random(seed)
    run = []
    moment = at - timedelta(days=150)
    for _ in range(n):
        moment += timedelta(days=draw.choice((0, 1, 2, 9)), minutes=draw.randrange(60))
        source = draw.choice(SOURCES)
        run.append(
            showing(
                draw.choice((cast.amir, cast.beth)),
                moment,
                draw.choice((0.0, 0.25, 0.5, 1.0)),
                skill=draw.choice(("empathy", "greeting", "reliability")),
                source=source,
                item=f"item-{draw.randrange(6)}",
                choices=draw.choice((0, 4)),
                actor_id=cast.chloe if source == "observation_line" else None,
            )
        )
    return run


def test_the_first_answer_moves_the_level(app, cast, showing, at):
    (one,) = profile.record([showing(cast.amir, at)], at)
    assert one.new
    assert one.expected == pytest.approx(0.5)
    level = profile.levels(cast.amir, at)["empathy"]
    assert level.figure.n == 1
    assert level.figure.expected > 0.5
    assert level.lines["knowledge"].n == 1
    assert level.lines["practice"].n == 0


def test_pressing_twice_counts_once(app, cast, showing, at):
    answer = showing(cast.amir, at)
    profile.record([answer], at)
    before = figures()
    (again,) = profile.record([answer], at)
    assert not again.new
    assert again.expected is None
    assert figures() == before


def test_recording_nothing_does_nothing(app, at, counting):
    counting.clear()
    assert profile.record([], at) == []
    assert counting == []


def test_every_showing_gets_its_answer_in_its_place(app, cast, showing, at):
    run = [showing(person, at + timedelta(minutes=number)) for number, person in enumerate((cast.beth, cast.amir, cast.beth, cast.amir))]
    profile.record(run[1:2], at)
    done = profile.record(run, at)
    assert [one.receipt for one in done] == [showing.receipt for showing in run]
    assert [one.new for one in done] == [True, False, True, True]


def test_what_does_not_count_is_written_and_moves_nothing(app, cast, showing, at):
    profile.record([showing(cast.amir, at, source="self_assessment")], at)
    assert len(list(evidence.in_order([cast.amir]))) == 1
    assert figures()["mastery"] == []
    assert profile.levels(cast.amir, at)["empathy"].figure.n == 0


def test_somebody_who_does_not_exist_is_refused(app, showing, at):
    with pytest.raises(IntegrityError):
        profile.record([showing(999_999, at)], at)


@pytest.mark.parametrize("seed", range(4))
def test_one_by_one_or_all_at_once_gives_the_same_figures(app, cast, showing, at, seed):
    run = drawn(showing, cast, at, seed)
    for one in run:
        profile.record([one], at)
    singly = without_ids(figures())
    db.session.rollback()
    profile.record(run, at)
    assert without_ids(figures()) == singly


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), data=st.data())
def test_any_order_of_arrival_gives_the_same_figures(app, cast, showing, at, seed, data):
    run = drawn(showing, cast, at, seed, n=12)
    # Two things at one moment keep the order in which they were recorded, so moments are made different.
    run = [replace_moment(one, number) for number, one in enumerate(run)]
    profile.record(run, at)
    in_order = without_ids(figures())
    db.session.rollback()
    for one in data.draw(st.permutations(run)):
        profile.record([one], at)
    assert without_ids(figures()) == in_order
    db.session.rollback()


def replace_moment(one, number):
    return evidence.Showing(
        one.person_id, one.skill, one.source, one.score, one.item, one.occurred_at + timedelta(seconds=number), one.receipt,
        one.detail, one.actor_id, one.choices,
    )  # fmt: skip


def without_ids(found):
    return found | {"standing": [row[:3] + row[4:] for row in found["standing"]]}


@pytest.mark.parametrize("seed", range(3))
def test_taking_back_equals_never_having_been(app, cast, showing, at, seed):
    run = drawn(showing, cast, at, seed)
    profile.record(run[:20] + run[21:], at)
    never = figures()
    db.session.rollback()
    done = profile.record(run, at)
    wrong = done[20].evidence_id
    assert wrong is not None
    assert profile.retract(wrong, "wrong person", at)
    # Rows and ids of the log differ; what people can do does not.
    for table in ("mastery", "item_memory", "mastery_month"):
        assert figures()[table] == never[table]


def test_taking_back_and_adding_again_equals_never(app, cast, showing, at):
    run = drawn(showing, cast, at, 7)
    done = profile.record(run, at)
    before = figures()
    assert done[5].evidence_id is not None
    profile.retract(done[5].evidence_id, "typed into the wrong form", at)
    profile.record([evidence.Showing(**{**as_values(run[5]), "receipt": "typed again"})], at)
    after = figures()
    for table in ("mastery", "item_memory", "mastery_month"):
        assert after[table] == before[table]


def as_values(one):
    return {name: getattr(one, name) for name in one.__slots__}


def test_taking_back_twice_says_that_nothing_stood(app, cast, showing, at):
    (one,) = profile.record([showing(cast.amir, at)], at)
    assert one.evidence_id is not None
    assert profile.retract(one.evidence_id, "wrong", at) is True
    assert profile.retract(one.evidence_id, "wrong", at) is False
    with pytest.raises(LookupError):
        profile.retract(999_999, "never was", at)


def test_taking_back_the_only_evidence_leaves_nothing(app, cast, showing, at):
    (one,) = profile.record([showing(cast.amir, at)], at)
    assert one.evidence_id is not None
    profile.retract(one.evidence_id, "wrong", at)
    assert profile.levels(cast.amir, at)["empathy"].figure.n == 0
    profile.record([showing(cast.amir, at - timedelta(days=3))], at)
    assert profile.levels(cast.amir, at)["empathy"].figure.n == 1


def test_late_evidence_refolds_its_own_person_only(app, cast, showing, at):
    profile.record(drawn(showing, cast, at, 3), at)
    before = figures(cast.beth)
    (late,) = profile.record([showing(cast.amir, at - timedelta(days=400))], at)
    assert late.new
    assert late.expected is None
    assert figures(cast.beth) == before


@pytest.mark.parametrize("seed", range(4))
def test_a_rebuild_equals_the_increments_exactly(app, cast, showing, at, seed):
    run = drawn(showing, cast, at, seed, n=80)
    late = run.pop(30)
    for one in run:
        profile.record([one], at)
    done = profile.record([late], at)
    profile.record(drawn(showing, cast, at, seed + 100, n=10), at)
    assert done[0].evidence_id is not None
    profile.retract(done[0].evidence_id, "wrong", at)
    before = figures()
    for _ in profile.rebuild(at):
        pass
    assert figures() == before


def test_a_rebuild_brings_deleted_figures_back(app, cast, showing, at):
    profile.record(drawn(showing, cast, at, 5, n=60), at)
    before = figures()
    for table in ("mastery", "item_memory", "mastery_month", "standing"):
        db.session.execute(text(f"DELETE FROM {table}"))
    for _ in profile.rebuild(at):
        pass
    assert figures() == before


def statements(counting, act):
    counting.clear()
    act()
    return len(counting)


def test_one_answer_costs_six_statements_however_long_the_history(app, cast, showing, at, counting):
    calibrations.begin(at)
    profile.record([showing(cast.amir, at - timedelta(days=1))], at)
    few = statements(counting, lambda: profile.record([showing(cast.amir, at)], at))
    profile.record([showing(cast.amir, at + timedelta(minutes=number), item=f"m/quiz/q{number % 7}") for number in range(300)], at)
    many = statements(counting, lambda: profile.record([showing(cast.amir, at + timedelta(hours=9))], at))
    assert few == many == 6


def test_a_replayed_answer_costs_one_statement(app, cast, showing, at, counting):
    answer = showing(cast.amir, at)
    profile.record([answer], at)
    assert statements(counting, lambda: profile.record([answer], at)) == 1


def test_a_whole_attempt_costs_no_more_than_one_answer(app, cast, showing, at, counting):
    profile.record([showing(cast.amir, at - timedelta(days=1))], at)
    attempt = [showing(cast.amir, at + timedelta(minutes=number)) for number in range(12)]
    assert statements(counting, lambda: profile.record(attempt, at)) == 6


def test_the_first_answer_of_a_month_closes_the_month_with_one_more(app, cast, showing, at, counting):
    profile.record([showing(cast.amir, at - timedelta(days=1))], at)
    assert statements(counting, lambda: profile.record([showing(cast.amir, at + timedelta(days=30))], at)) == 7


def test_late_evidence_costs_one_more_statement_for_every_sixty_figures_of_the_history(app, cast, showing, at, counting):
    def late() -> None:
        profile.record([showing(cast.amir, at - timedelta(days=500))], at)

    profile.record([showing(cast.amir, at - timedelta(minutes=number)) for number in range(3)], at)
    few = statements(counting, late)
    profile.record([showing(cast.amir, at + timedelta(minutes=number)) for number in range(200)], at)
    assert statements(counting, late) <= few + 1 + 200 // 60
