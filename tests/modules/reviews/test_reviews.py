"""The reviews of a day: where the cards come from, what a set asks, and that each answer counts once."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import delete, func, select

from tests.modules.reviews.conftest import ZONE, question_at, sent
from trainee.evidence.models import EVIDENCE
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.modules import library
from trainee.modules.library import actions as publishing
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.reviews import ReviewLog, actions, queries
from trainee.modules.reviews.drawing import ITEMS
from trainee.modules.reviews.fitting import weights_of
from trainee.modules.reviews.models import CARD, FIT, LOG, SET

DAY = timedelta(days=1)


def cards(person_id):
    return {row.item: row for row in queries.cards_of(person_id)}


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def reviews_written():
    return count(select(EVIDENCE.c.id).where(EVIDENCE.c.source == "spaced_review").subquery())


# Where the cards come from


def test_every_answered_question_has_a_card_and_wrong_ones_return_first(takes_quiz, checks, begins, cast, at):
    asked = takes_quiz(cast.amir, at, wrong=3)
    asked += checks(cast.amir, at)
    actions.pull(cast.amir, ZONE)
    found = cards(cast.amir)
    assert set(found) == set(asked)
    assert all(found[item].due_on == at.date() + DAY for item in asked[:3])
    assert all(found[item].due_on > at.date() + DAY for item in asked[3:])


def test_looking_again_changes_nothing(takes_quiz, cast, at):
    takes_quiz(cast.amir, at)
    assert actions.pull(cast.amir, ZONE) > 0
    before = cards(cast.amir)
    assert actions.pull(cast.amir, ZONE) == 0
    assert cards(cast.amir) == before


def test_nobody_elses_answers_become_cards(takes_quiz, cast, at):
    takes_quiz(cast.beth, at)
    assert actions.pull(cast.amir, ZONE) == 0
    assert cards(cast.amir) == {}


def test_an_answer_whose_solution_may_not_be_seen_yet_makes_no_card(app, cast, at, monkeypatch):
    version_id, content = library.module_or_404("greeting")
    monkeypatch.setitem(content.__dict__, "quiz", type(content.quiz)(**{**vars_of(content.quiz), "feedback": "end"}))
    attempt = quizzes.begin(cast.amir, "greeting", at)
    question = content.quiz.question(attempt.drawn[0])
    quizzes.save_answer(attempt.id, cast.amir, question.id, sent(question, attempt.seed, False, key="k"), "en", at)
    assert actions.pull(cast.amir, ZONE) == 0
    # Handed in after a review that came between, it still finds its place in the log.
    quizzes.hand_in(attempt.id, cast.amir, at + 3 * DAY)
    assert actions.pull(cast.amir, ZONE) == 1
    assert cards(cast.amir)[f"greeting/quiz/{question.id}"].last_on == at.date()
    assert version_id == attempt.version_id


def vars_of(quiz):
    return {name: getattr(quiz, name) for name in quiz.__dataclass_fields__}


def test_deleting_the_cards_and_folding_the_log_again_gives_the_same_cards(takes_quiz, checks, begins, replies, cast, at):
    takes_quiz(cast.amir, at, wrong=4, sure=2)
    checks(cast.amir, at + DAY)
    dice = Random(3)
    for days in range(1, 40, 3):
        found = begins(cast.amir, at + days * DAY)
        for place in range(1, len(found.items) + 1 if found else 1):
            replies(found, place, at + days * DAY, right=dice.random() < 0.6, confidence=dice.choice(["sure", "guess"]))
    before = cards(cast.amir)
    assert any(row.surely_wrong for row in before.values())
    db.session.execute(delete(CARD))
    actions.refold(cast.amir, {item: row.skill_key for item, row in before.items()})
    assert cards(cast.amir) == before


# What a set asks


def test_a_day_brings_four_and_what_was_surely_wrong_comes_first(takes_quiz, begins, cast, at):
    asked = takes_quiz(cast.amir, at, wrong=8, sure=2)
    items = [item for item, _version in begins(cast.amir, at + DAY).items]
    assert len(items) == ITEMS
    assert set(items[:2]) == set(asked[:2])


def test_beginning_again_is_the_same_set(takes_quiz, begins, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    first = begins(cast.amir, at + DAY)
    again = begins(cast.amir, at + DAY + timedelta(hours=2))
    assert (again.id, again.items) == (first.id, first.items)
    assert count(SET) == 1


@pytest.mark.parametrize("seed", range(4))
def test_no_question_is_ever_asked_or_counted_twice_in_one_day(takes_quiz, begins, replies, cast, at, seed):
    dice = Random(seed)
    takes_quiz(cast.amir, at, wrong=6, sure=3)
    for days in range(1, 25):
        moment = at + days * DAY
        if dice.random() < 0.2:
            # What is surely wrong comes before everything else, but not on the day itself: here it would be asked twice.
            takes_quiz(cast.amir, moment, wrong=2 + dice.randrange(5), sure=2)
        found = begins(cast.amir, moment)
        # Only drawing a set brings the cards up to date with the quiz of the day.
        answered = {row.item for row in cards(cast.amir).values() if row.last_on == moment.date()}
        asked = [item for item, _version in found.items] if found else []
        assert len(asked) == len(set(asked)) <= ITEMS
        assert not answered.intersection(asked)
        for place in range(1, dice.randint(0, len(asked)) + 1):
            replies(found, place, moment, right=dice.random() < 0.5)
            replies(found, place, moment + timedelta(minutes=1))
    days = select(LOG.c.item, LOG.c.answered_on).where(LOG.c.source == "spaced_review").group_by(LOG.c.item, LOG.c.answered_on)
    assert db.session.execute(days.having(func.count() > 1)).all() == []


def test_what_a_quiz_asked_after_the_set_was_drawn_makes_room_for_something_else(takes_quiz, checks, begins, replies, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    checks(cast.amir, at, right=False)
    today = at + DAY
    drawn = [item for item, _version in begins(cast.amir, today).items]
    replies(begins(cast.amir, today), 1, today)
    met = set(takes_quiz(cast.amir, today + timedelta(hours=1), wrong=2))
    found = begins(cast.amir, today + timedelta(hours=2))
    asked = [item for item, _version in found.items]
    assert met.intersection(drawn[1:])
    assert asked[0] == drawn[0]
    assert not met.intersection(asked[1:])
    assert len(asked) == len(set(asked))
    for place in range(2, len(asked) + 1):
        replies(found, place, today + timedelta(hours=2))
    assert queries.set_on(cast.amir, today.date()).finished_at is not None


def test_what_is_no_longer_taught_is_not_asked(takes_quiz, begins, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    publishing.retire("greeting", at)
    db.session.commit()
    assert begins(cast.amir, at + DAY) is None
    assert cards(cast.amir)


def test_a_set_has_a_roleplay_to_play_a_turn_of(takes_quiz, begins, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    story = library.roleplay(begins(cast.amir, at + DAY).story)
    assert story is not None


# Answering


def test_an_answer_is_evidence_under_its_receipt_and_moves_the_card(takes_quiz, begins, replies, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    found = begins(cast.amir, at + DAY)
    item = found.items[0][0]
    replies(found, 1, at + DAY)
    row = db.session.execute(select(EVIDENCE).where(EVIDENCE.c.source == "spaced_review")).one()
    assert row.receipt == f"spaced_review/{cast.amir}/{item}/2026-03-12"
    assert (row.item, row.score, row.skill_key) == (item, 1.0, question_at(found, 1).skill)
    card = cards(cast.amir)[item]
    assert (card.last_on, card.due_on > card.last_on) == ((at + DAY).date(), True)


def test_the_first_answer_of_a_day_counts(takes_quiz, begins, replies, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    found = begins(cast.amir, at + DAY)
    replies(found, 1, at + DAY, right=False)
    replies(found, 1, at + DAY, right=True)
    assert reviews_written() == 1
    assert queries.answers_of(found)[found.items[0][0]].score < 0.6


def test_an_answer_that_waited_on_the_phone_over_night_is_kept_once_on_the_day_it_arrives(takes_quiz, begins, replies, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    yesterday = begins(cast.amir, at + DAY)
    today = begins(cast.amir, at + 2 * DAY)
    both = {item for item, _version in yesterday.items} & {item for item, _version in today.items}
    item = sorted(both)[0]
    replies(yesterday, [one for one, _version in yesterday.items].index(item) + 1, at + 2 * DAY)
    replies(today, [one for one, _version in today.items].index(item) + 1, at + 2 * DAY, right=False)
    assert reviews_written() == 1
    assert item in queries.answers_of(today)


def test_a_set_is_finished_with_its_last_answer(takes_quiz, begins, replies, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    found = begins(cast.amir, at + DAY)
    for place in range(1, ITEMS + 1):
        assert found.finished_at is None
        replies(found, place, at + DAY, right=place % 2 == 0)
    assert found.finished_at == at + DAY


def test_a_question_that_is_not_in_the_set_and_somebody_elses_set_are_refused(takes_quiz, begins, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    found = begins(cast.amir, at + DAY)
    for place in (0, ITEMS + 1):
        with pytest.raises(Refusal):
            actions.answer(found.id, cast.amir, place, {}, "en", ZONE, at)
    with pytest.raises(NotFound):
        actions.answer(found.id, cast.beth, 1, {}, "en", ZONE, at)


# Leaving it out


def test_leaving_a_set_for_another_day_costs_nothing(takes_quiz, begins, replies, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    found = begins(cast.amir, at + DAY)
    replies(found, 1, at + DAY)
    before, rows = cards(cast.amir), reviews_written()
    actions.skip(cast.amir, ZONE, at + DAY)
    assert (cards(cast.amir), reviews_written(), count(ReviewLog)) == (before, rows, len(before) + 1)
    # Nothing piles up: the next day brings four and not more.
    assert len(begins(cast.amir, at + 2 * DAY).items) == ITEMS


def test_what_was_left_can_be_taken_up_again_the_same_day(takes_quiz, begins, cast, at):
    takes_quiz(cast.amir, at, wrong=8)
    actions.skip(cast.amir, ZONE, at + DAY)
    assert len(begins(cast.amir, at + DAY).items) == ITEMS


def test_a_day_begins_at_midnight_where_one_lives(takes_quiz, begins, cast, at):
    # Noon in Istanbul; twelve hours later it is Thursday there and still Wednesday in London.
    takes_quiz(cast.amir, at, wrong=8)
    assert begins(cast.amir, at) is None
    night = at + timedelta(hours=12, minutes=5)
    assert queries.waiting(cast.amir, ZONE, night).due == 8
    assert queries.waiting(cast.amir, "Europe/London", night).due == 0


def test_answers_without_cards_are_told_of_before_a_set_is_begun(takes_quiz, checks, begins, cast, at):
    takes_quiz(cast.amir, at, wrong=3)
    checks(cast.amir, at, right=False)
    assert queries.waiting(cast.amir, ZONE, at).due == 0
    told = queries.waiting(cast.amir, ZONE, at + DAY).due
    assert told >= 4
    actions.pull(cast.amir, ZONE)
    db.session.execute(SET.insert(), {"person_id": cast.amir, "day": at.date(), "items": [], "drawn_at": at + timedelta(hours=1)})
    assert queries.waiting(cast.amir, ZONE, at + DAY).due == told


def in_use(factors, since):
    """Let weights that differ by these logarithms be in use from that moment on."""
    row = {"weights": list(weights_of(factors)), "used_from": since, "fitted_at": since - timedelta(hours=1), "log_size": 1}
    db.session.execute(FIT.insert(), row | {"answers": 500, "people": 40, "loss": 0.3, "loss_before": 0.4, "noise": 0.01})


@pytest.mark.parametrize("factors", [(0.7, 0.7, 0.7, 0.0, 0.0), (-1.2, -1.2, -1.2, 0.0, 0.0)])
def test_what_has_no_card_yet_is_counted_by_the_weights_that_were_in_use(takes_quiz, checks, cast, at, factors):
    """Before cards are made as many are told of, on every day, as afterwards; answers of before the change keep the interval they were given."""
    takes_quiz(cast.amir, at, wrong=3)
    in_use(factors, at + 2 * DAY)
    takes_quiz(cast.amir, at + 3 * DAY, "empathy", wrong=3, sure=1)
    checks(cast.amir, at + 3 * DAY, right=True)
    days = [at + number * DAY for number in range(4, 30)]
    told = [queries.waiting(cast.amir, ZONE, day).due for day in days]
    # A question that is asked a second time has one card and two answers: the first one's is not told of any more.
    twice = len(queries.unseen(cast.amir)) - len({one.item for one in queries.unseen(cast.amir)})
    actions.pull(cast.amir, ZONE)
    db.session.execute(SET.insert(), {"person_id": cast.amir, "day": at.date(), "items": [], "drawn_at": at + 4 * DAY})
    found = [queries.waiting(cast.amir, ZONE, day).due for day in days]
    assert twice == 0
    assert told == found
    assert found[-1] == len(cards(cast.amir))


def test_drawing_takes_the_same_number_of_statements_however_much_was_answered(takes_quiz, checks, begins, cast, at, counting):
    takes_quiz(cast.amir, at, wrong=2)
    checks(cast.amir, at)
    # The first drawing of a process reads the modules and difficulties it needs.
    begins(cast.amir, at)
    takes_quiz(cast.amir, at, wrong=2)
    counting.clear()
    begins(cast.amir, at + DAY)
    first = len(counting)
    for module in ("empathy", "complaint-handling", "meeting-needs"):
        takes_quiz(cast.amir, at + 2 * DAY, module=module, wrong=9)
        checks(cast.amir, at + 2 * DAY, module=module)
    counting.clear()
    begins(cast.amir, at + 3 * DAY)
    assert len(counting) == first
    assert first <= 17
