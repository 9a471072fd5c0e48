"""Fitting the scheduler: it finds again what is true, does nothing on too little, and refuses what foretells no better."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import log

import pytest
from fsrs import Card, Rating
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from trainee import timetable
from trainee.kit.db import db
from trainee.modules.reviews import actions, fitting, nightly, queries
from trainee.modules.reviews.fitting import (
    AGAIN,
    DEFAULTS,
    ENOUGH_ANSWERS,
    ENOUGH_PEOPLE,
    GOOD,
    Curve,
    Fit,
    Reply,
    enough,
    fit,
    foretold,
    judge,
    weights_of,
)
from trainee.modules.reviews.memory import SCHEDULER
from trainee.modules.reviews.models import FIT, LOG, ReviewLog
from trainee.modules.reviews.simulation import company

SHORTER = (-0.7, -0.7, -0.7, 0.0, 0.0)
SLOWER = (0.0, 0.0, 0.0, -0.7, 0.0)
replies = st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.integers(0, 200)), min_size=1, max_size=12)


def result(steps):
    """What a generator returns in the end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def factors(weights):
    """The five logarithms that make these weights of the library's."""
    return [log(weights[0] / DEFAULTS[0]), log(weights[1] / DEFAULTS[1]), log(weights[2] / DEFAULTS[2]), weights[8] - DEFAULTS[8]]


@given(replies)
@settings(deadline=None)
def test_the_curve_is_the_librarys(answers):
    curve, day = Curve(DEFAULTS), datetime(2026, 1, 1, 12, tzinfo=UTC)
    card, state = Card(card_id=1, due=day), None
    for rating, days in answers:
        if state is None:
            state = curve.first(rating)
        else:
            day += timedelta(days=days)
            assert curve.recalled(state[0], days) == pytest.approx(SCHEDULER.get_card_retrievability(card, day))
            state = curve.next(*state, Reply(rating, days), curve.recalled(state[0], days))
        card, _log = SCHEDULER.review_card(card, Rating(rating), day)
        assert state == (pytest.approx(card.stability), pytest.approx(card.difficulty))


def test_a_loss_is_that_of_every_answer_that_came_a_day_or_more_after_another():
    curve = Curve(DEFAULTS)
    likely = curve.recalled(DEFAULTS[2], 4)
    first = Reply(GOOD, 0)
    assert curve.loss([first, Reply(GOOD, 0)]) == 0
    assert curve.loss([first, Reply(GOOD, 4)]) == pytest.approx(-log(likely))
    assert curve.loss([first, Reply(AGAIN, 4)]) == pytest.approx(-log(1 - likely))
    assert foretold([first, Reply(GOOD, 0), Reply(GOOD, 4)]) == 1


@settings(max_examples=50)
@given(st.lists(st.floats(-1.6, 1.6), min_size=5, max_size=5))
def test_whatever_is_tried_the_library_takes_it_and_worse_first_answers_are_not_kept_longer(tried):
    weights = weights_of(tried)
    assert SCHEDULER.__class__(weights).parameters == weights
    assert weights[0] <= weights[1] <= weights[2]
    assert weights_of([0.0] * 5) == DEFAULTS


@pytest.mark.parametrize("truth", [SHORTER, tuple(-one for one in SHORTER), SLOWER])
def test_what_is_true_of_a_company_is_found_again_by_direction_and_size(truth):
    people = company(weights_of(truth), people=50, days=50, seed=4)
    found = factors(result(fit([one for histories in people.values() for one in histories])))
    for place, true in enumerate(truth[:4]):
        # Few first answers are given with effort, so that of these little is known.
        assert found[place] == pytest.approx(true, abs=0.6 if place == 1 else 0.4), place
        if true:
            assert found[place] / true > 0.3, place


def test_a_company_that_forgets_sooner_is_told_from_one_by_the_book():
    shorter = result(judge(company(weights_of((-1.1, -1.1, -1.1, 0.0, 0.0)), people=40, days=24, seed=2)))
    assert shorter.better
    assert not shorter.worse
    assert shorter.people == 40
    usual = result(judge(company(DEFAULTS, people=30, days=20, seed=2)))
    assert not usual.better


def test_a_fit_is_taken_only_when_it_is_better_by_more_than_noise():
    found = Fit(DEFAULTS, 500, 40, loss=0.50, loss_before=0.52, noise=0.009)
    assert found.better
    assert not replace(found, noise=0.011).better
    assert not replace(found, loss=0.53).better
    assert [replace(found, loss=loss).worse for loss in (0.51, 0.52, 0.53)] == [False, True, True]


def histories(people, answers):
    return {who: [[Reply(GOOD, 0), *[Reply(GOOD, 3)] * answers]] for who in range(people)}


def test_too_little_is_too_few_answers_or_too_few_people():
    each = -(-ENOUGH_ANSWERS // ENOUGH_PEOPLE)
    assert enough(histories(ENOUGH_PEOPLE, each))
    assert not enough(histories(ENOUGH_PEOPLE, each - 1))
    assert not enough(histories(ENOUGH_PEOPLE - 1, each * 100))
    # Whoever never met a question again is not one of the people that were learned from.
    assert not enough(histories(ENOUGH_PEOPLE - 1, each * 100) | {99: [[Reply(GOOD, 0)]]})
    assert result(judge(histories(ENOUGH_PEOPLE, each - 1))) is None


# Of a night


@pytest.fixture
def answered(cast, at):
    """Write a log in which everybody of the cast answers questions of her own again and again; half of what comes after a first answer is wrong."""

    def write(times=6, items=12, wrong=2, since=at, first=0):
        rows = []
        for person_id in vars(cast).values():
            for number in range(first, first + items):
                for time in range(times):
                    moment = since + timedelta(days=number % 3 + 3 * time)
                    row = {"person_id": person_id, "item": f"m/quiz/q{number}", "source": "spaced_review", "confidence": None, "answer": None}
                    row |= {"score": float(time == 0 or time % wrong > 0), "answered_at": moment, "answered_on": moment.date()}
                    rows.append(row | {"receipt": f"r/{person_id}/{number}/{moment.isoformat()}", "kind": "single", "seconds": None, "slow": None})
        db.session.execute(LOG.insert(), rows)
        db.session.commit()

    return write


@pytest.fixture
def few(monkeypatch):
    """Let a handful of people be enough."""
    monkeypatch.setattr(fitting, "ENOUGH_PEOPLE", 6)


def fits():
    db.session.rollback()
    return list(db.session.execute(select(FIT).order_by(FIT.c.id)))


def test_a_night_with_too_little_to_learn_from_keeps_nothing(answered, at):
    answered()
    timetable.fit_reviews(at)
    assert fits() == []


def test_a_night_keeps_what_it_found_and_says_how_good_it_is(answered, few, at):
    answered()
    timetable.fit_reviews(at + timedelta(days=30))
    [found] = fits()
    assert (found.used_from, found.log_size) == (at + timedelta(days=30, hours=1), found.people * 72)
    assert found.loss < found.loss_before
    # Half is forgotten after three days: less is kept than the library thinks.
    assert found.weights[2] < DEFAULTS[2]


def test_a_night_on_which_the_log_has_hardly_grown_computes_nothing(answered, few, at):
    answered()
    timetable.fit_reviews(at)
    answered(items=1, since=at, first=12)
    timetable.fit_reviews(at + timedelta(days=1))
    assert len(fits()) == 1
    answered(items=1, since=at, first=13)
    timetable.fit_reviews(at + timedelta(days=2))
    assert len(fits()) == 2


def test_a_night_that_is_cut_short_changes_nothing(answered, few, at):
    answered()
    steps = nightly.refit(at)
    for _step in range(20):
        next(steps)
        db.session.commit()
    steps.close()
    assert fits() == []


def found(**more):
    return Fit(weights_of(SHORTER), 500, 40, **({"loss": 0.5, "loss_before": 0.6, "noise": 0.01} | more))


def used(at, **more):
    db.session.execute(FIT.insert(), {**nightly._row(found(**more), nightly._in_use(), at), "fitted_at": at, "log_size": 1})
    return fits()[-1] if db.session.commit() is None else None


def test_what_is_in_use_stays_while_it_is_doubtful_and_goes_when_it_is_no_better_than_the_librarys(app, at):
    assert used(at, loss=0.7).used_from is None
    assert used(at).used_from == at + timedelta(hours=1)
    assert used(at, noise=0.2).used_from is None
    assert tuple(nightly._in_use()) == pytest.approx(weights_of(SHORTER))
    back = used(at, loss=0.7)
    assert (tuple(back.weights), back.used_from) == (DEFAULTS, at + timedelta(hours=1))
    assert used(at, loss=0.7).used_from is None


def test_a_card_keeps_its_state_and_is_scheduled_by_the_new_weights_from_then_on(takes_quiz, begins, replies, cast, at):
    takes_quiz(cast.amir, at, wrong=0)
    actions.pull(cast.amir, "Europe/Istanbul")
    before = {row.item: row for row in queries.cards_of(cast.amir)}
    used(at + timedelta(hours=1))
    actions.refold(cast.amir, {item: row.skill_key for item, row in before.items()})
    assert {row.item: row for row in queries.cards_of(cast.amir)} == before
    takes_quiz(cast.beth, at + timedelta(hours=1))
    takes_quiz(cast.beth, at + timedelta(hours=3))
    actions.pull(cast.beth, "Europe/Istanbul")
    logs = queries.logs_of(cast.beth, [row.item for row in queries.cards_of(cast.beth)])
    told = {(row.weights is not None) for answers in logs.values() for row in answers}
    assert told == {True, False}


def test_the_histories_are_whole_and_each_persons_her_own(answered, cast, at):
    answered(times=3, items=4)
    found = nightly.histories()
    assert set(found) == set(vars(cast).values())
    assert all([[reply.days for reply in one] for one in some] == [[0, 3, 3]] * 4 for some in found.values())
    assert {tuple(reply.rating for reply in one) for some in found.values() for one in some} == {(3, 3, 1)}
    assert db.session.query(ReviewLog).count() == len(found) * 12


def test_of_a_long_log_the_newest_is_taken_and_no_more_than_so_much_of_one_person(answered, cast, at, monkeypatch):
    answered(times=3, items=4)
    monkeypatch.setattr(nightly, "_MOST_EACH", 7)
    assert {sum(map(len, some)) for some in nightly.histories().values()} == {6}
    monkeypatch.setattr(nightly, "_MOST", 21)
    assert len(nightly.histories()) == 3
