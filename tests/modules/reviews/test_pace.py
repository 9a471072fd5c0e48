"""How long an answer took: by the server's clock, unknown where nobody can say, and a reason for an earlier review and for nothing else."""

import re
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from tests.modules.reviews.conftest import ZONE, question_at, sent
from trainee.evidence.models import EVIDENCE
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.modules import library, pace
from trainee.modules.questions import kinds
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.quizzes.models import ANSWER
from trainee.modules.quizzes.queries import questions_of, shown_as
from trainee.modules.reviews import actions, queries
from trainee.modules.reviews.models import LOG

SECOND = timedelta(seconds=1)


def took(form, at, before=None, what="quiz/1"):
    return pace.taken(form, what, at, before)


def test_the_time_is_that_since_the_page_was_made_or_since_the_answer_before_when_that_is_later(app, at):
    form = {"shown": pace.stamp("quiz/1", at)}
    assert took(form, at + 20 * SECOND) == 20
    assert took(form, at + 20 * SECOND, before=at - 50 * SECOND) == 20
    assert took(form, at + 20 * SECOND, before=at + 15 * SECOND) == 5


def test_what_waited_for_a_line_what_is_not_ours_and_who_was_away_have_no_time(app, at):
    form = {"shown": pace.stamp("quiz/1", at)}
    later = at + 20 * SECOND
    assert took(form | {"waited": "1"}, later) is None
    assert took({}, later) is None
    assert took(form, later, what="quiz/2") is None
    assert took({"shown": form["shown"].replace(form["shown"][:6], "999999")}, later) is None
    assert took({"shown": "é.é"}, later) is None
    assert took(form, at + timedelta(minutes=6)) is None
    assert took(form, at - SECOND) is None
    assert took(form, at + timedelta(minutes=5)) == 300


def test_slow_is_told_by_what_is_usual_for_her(app):
    usual = [18, 20, 22, 19, 25, 21, 20, 17]
    assert pace.slow(60, usual) is True
    assert pace.slow(30, usual) is False
    # Whoever always takes a minute is not slow with one.
    assert pace.slow(60, [3 * one for one in usual]) is False
    assert pace.slow(60, usual[:7]) is None
    assert pace.slow(None, usual) is None
    # A quick person is not slow for taking nine seconds, and one who is as regular as a clock not for one more.
    assert pace.slow(9, [2] * 10) is False
    assert pace.slow(21, [20] * 10) is False


@given(st.lists(st.integers(0, 300), max_size=30), st.integers(0, 300), st.integers(0, 300))
def test_whoever_takes_longer_is_never_less_slow(before, one, other):
    quicker, slower = pace.slow(min(one, other), before), pace.slow(max(one, other), before)
    assert (quicker is None) == (slower is None) == (len(before) < pace.FEWEST)
    assert not (quicker and not slower)


@pytest.mark.parametrize("spread", [0.3, 0.5, 0.7])
def test_of_answers_that_are_as_quick_as_ever_few_are_called_slow(spread):
    rng = Random(1)

    def took(longer=1.0):
        return round(longer * rng.lognormvariate(3, spread))

    called = [pace.slow(took(), [took() for _before in range(15)]) for _time in range(4000)]
    assert sum(called) / len(called) < 0.08
    found = [pace.slow(took(4.0), [took() for _before in range(15)]) for _time in range(1000)]
    assert sum(found) / len(found) > 0.5


# Of a quiz


@pytest.fixture
def attempt(app, cast, at):
    begun = quizzes.begin(cast.amir, "greeting", at, seed="a seed")
    db.session.commit()
    return begun


def seconds(attempt):
    rows = db.session.execute(select(ANSWER.c.question_id, ANSWER.c.seconds).where(ANSWER.c.attempt_id == attempt.id))
    return {row.question_id: row.seconds for row in rows}


def give(attempt, question, at, **more):
    quizzes.save_answer(attempt.id, attempt.person_id, question.id, sent(question, attempt.seed, True, key=f"k-{question.id}", **more), "en", at)


def test_the_answers_of_a_quiz_keep_their_times(attempt, at):
    first, second, third, fourth = questions_of(library.module(attempt.version_id), attempt)[:4]
    shown = pace.stamp(shown_as(attempt.id), at)
    give(attempt, first, at + 12 * SECOND, shown=shown)
    give(attempt, second, at + 42 * SECOND, shown=shown)
    give(attempt, third, at + 50 * SECOND, shown=shown, waited="1")
    give(attempt, fourth, at + 55 * SECOND)
    assert seconds(attempt) == {first.id: 12, second.id: 30, third.id: None, fourth.id: None}


def test_the_forms_of_a_quiz_carry_the_moment_and_its_page_tells_nothing_of_time(app, as_, cast):
    attempt = quizzes.begin(cast.amir, "greeting", now(), seed="a seed")
    db.session.commit()
    browser = as_(cast.amir)
    [shown] = set(re.findall(r'name="shown" value="([^"]+)"', browser.get(f"/quiz-attempts/{attempt.id}").text))
    assert took({"shown": shown}, now() + SECOND, what=shown_as(attempt.id)) is not None
    question = questions_of(library.module(attempt.version_id), attempt)[0]
    form = sent(question, attempt.seed, True, key="k", shown=pace.stamp(shown_as(attempt.id), now() - 137 * SECOND))
    answer = browser.post(f"/quiz-attempts/{attempt.id}/answers/{question.id}", data=form, headers={"X-Fragment": "1"})
    assert answer.status_code == 200
    assert 137 <= seconds(attempt)[question.id] < 147
    assert not re.search(r"\b1[34]\d\b", re.sub(r"<[^>]*>", "", answer.text))


def test_a_changed_answer_has_no_time(app, cast, at, monkeypatch):
    _version, content = library.module_or_404("greeting")
    quiz = type(content.quiz)(**{**{name: getattr(content.quiz, name) for name in content.quiz.__dataclass_fields__}, "feedback": "end"})
    monkeypatch.setitem(content.__dict__, "quiz", quiz)
    attempt = quizzes.begin(cast.amir, "greeting", at)
    question = content.quiz.question(attempt.drawn[0])
    shown = pace.stamp(shown_as(attempt.id), at)
    give(attempt, question, at + 5 * SECOND, shown=shown)
    form = sent(question, attempt.seed, False, key="again", turn="1", shown=shown)
    quizzes.save_answer(attempt.id, cast.amir, question.id, form, "en", at + 9 * SECOND)
    assert seconds(attempt) == {question.id: None}


# Of a review


@pytest.fixture
def known(takes_quiz, cast, at):
    """What Amir usually takes: about twenty seconds, with every type of question; eight of them are due the next day."""
    takes_quiz(cast.amir, at, wrong=8)
    usual = [18, 20, 22, 19, 25, 21, 20, 17]
    actions.pull(cast.amir, ZONE)
    rows = [
        {"receipt": f"x/{kind}/{number}", "person_id": cast.amir, "item": f"x/quiz/{kind}-{number}", "source": "quiz_answer", "score": 1.0}
        | {"confidence": None, "answered_at": at, "answered_on": at.date(), "answer": None, "kind": kind, "seconds": took, "slow": None}
        for kind in kinds.keys()  # noqa: SIM118  A registry is walked by its kinds, not by their keys.
        for number, took in enumerate(usual)
    ]
    db.session.execute(LOG.insert(), rows)
    db.session.commit()


def answer_after(found, place, seconds, at, right=True):
    form = sent(question_at(found, place), queries.seed_of(found, place), right, shown=pace.stamp(queries.shown_as(found.id), at))
    actions.answer(found.id, found.person_id, place, form, "en", ZONE, at + seconds * SECOND)
    db.session.commit()
    return db.session.execute(select(LOG).where(LOG.c.item == found.items[place - 1][0], LOG.c.source == "spaced_review")).one()


def test_a_right_answer_that_was_slow_for_her_comes_back_sooner_and_shows_the_same(known, begins, cast, at):
    day = at + timedelta(days=1)
    found = begins(cast.amir, day)
    quick = answer_after(found, 1, 15, day)
    slow = answer_after(found, 2, 200, day + 60 * SECOND)
    assert [(row.seconds, row.slow, row.score) for row in (quick, slow)] == [(15, False, 1.0), (200, True, 1.0)]
    cards = {row.item: row for row in queries.cards_of(cast.amir)}
    assert cards[slow.item].stability < cards[quick.item].stability
    told = db.session.execute(select(EVIDENCE).where(EVIDENCE.c.source == "spaced_review")).all()
    assert [row.score for row in told] == [1.0, 1.0]
    assert all(set(row.detail) == {"question", "version", "confidence"} for row in told)


def test_an_answer_of_a_quiz_is_compared_with_those_before_it(known, cast, at):
    attempt = quizzes.begin(cast.amir, "greeting", at + timedelta(days=1), seed="b")
    moment = at + timedelta(days=1)
    for number, question in enumerate(questions_of(library.module(attempt.version_id), attempt)):
        shown = pace.stamp(shown_as(attempt.id), moment)
        moment += (200 if number == 3 else 15) * SECOND
        give(attempt, question, moment, shown=shown)
    db.session.commit()
    actions.pull(cast.amir, ZONE)
    rows = db.session.execute(select(LOG.c.seconds, LOG.c.slow).where(LOG.c.answered_at > at + timedelta(hours=1)).order_by(LOG.c.answered_at)).all()
    assert [row.slow for row in rows] == [number == 3 for number in range(len(rows))]
    assert len(rows) > 4


def test_nobody_is_compared_with_anybody_else_or_with_another_type_of_question(known, begins, cast, at):
    db.session.execute(update(LOG).where(LOG.c.receipt.like("x/%")).values(person_id=cast.beth))
    db.session.commit()
    found = begins(cast.amir, at + timedelta(days=1))
    assert answer_after(found, 1, 200, at + timedelta(days=1)).slow is None


def test_an_answer_to_a_review_takes_one_statement_more_with_its_time(known, begins, cast, at, counting):
    day = at + timedelta(days=1)
    found = begins(cast.amir, day)
    answer_after(found, 1, 15, day)
    counting.clear()
    answer_after(found, 2, 200, day + 60 * SECOND)
    # Less the one that reads the row for this test.
    timed = len(counting) - 1
    form = sent(question_at(found, 3), queries.seed_of(found, 3), True)
    counting.clear()
    actions.answer(found.id, cast.amir, 3, form, "en", ZONE, day + 300 * SECOND)
    # One more, for what is usual for her; the set is closed without another.
    assert timed == len(counting) + 1 <= 13, "\n".join(counting)


def test_the_forms_of_a_set_carry_the_moment(takes_quiz, as_, cast):
    takes_quiz(cast.amir, now() - timedelta(days=1), wrong=8)
    browser = as_(cast.amir)
    browser.post("/reviews/sets")
    [shown] = set(re.findall(r'name="shown" value="([^"]+)"', browser.get("/reviews").text))
    found = queries.set_on(cast.amir, local_date(now(), ZONE))
    assert took({"shown": shown}, now() + SECOND, what=queries.shown_as(found.id)) is not None
    form = sent(question_at(found, 1), queries.seed_of(found, 1), True, shown=pace.stamp(queries.shown_as(found.id), now() - 137 * SECOND))
    answer = browser.post(f"/reviews/sets/{found.id}/answers/1", data=form, headers={"X-Fragment": "1"})
    assert 137 <= db.session.scalar(select(LOG.c.seconds).where(LOG.c.source == "spaced_review")) < 147
    assert not re.search(r"\b1[34]\d\b", re.sub(r"<[^>]*>", "", answer.text))
