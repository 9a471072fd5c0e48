"""The reviews' pages: six questions of every view, with script and without."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.modules.reviews.conftest import question_at, sent
from trainee.evidence.models import EVIDENCE
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.modules.reviews import queries
from trainee.modules.reviews.drawing import ITEMS
from trainee.modules.reviews.models import SET

FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def due(takes_quiz, cast):
    """Amir missed eight questions yesterday."""
    takes_quiz(cast.amir, now() - timedelta(days=1), wrong=8)


@pytest.fixture
def drawn(due, as_, cast):
    """His set of today, begun in the browser."""
    assert as_(cast.amir).post("/reviews/sets").status_code == 303
    return queries.set_on(cast.amir, local_date(now(), "Europe/Istanbul"))


def form_of(found, place, right=True):
    return sent(question_at(found, place), queries.seed_of(found, place), right, key=f"review-{found.id}-{place}")


def reviews_written():
    return db.session.scalar(select(func.count()).where(EVIDENCE.c.source == "spaced_review"))


def test_a_stranger_is_sent_to_sign_in(as_):
    assert "/sign-in" in as_(None).get("/reviews").location


def test_who_has_answered_nothing_yet_reads_what_will_come_here(as_, cast):
    html = as_(cast.zoe).get("/reviews").text
    assert "come back here after a while" in html


def test_what_waits_is_begun_with_one_button_and_opening_the_page_writes_nothing(due, as_, cast):
    html = as_(cast.amir).get("/reviews").text
    assert 'action="/reviews/sets"' in html
    assert "Not today" in html
    assert db.session.scalar(select(func.count()).select_from(SET)) == 0


def test_the_set_asks_four_questions_and_tells_no_answer(drawn, as_, cast):
    html = as_(cast.amir).get("/reviews").text
    assert len(re.findall(r"<form[^>]+/reviews/sets/\d+/answers/\d", html)) == ITEMS
    for place in range(1, ITEMS + 1):
        question = question_at(drawn, place)
        assert question.why is None or question.why.en not in html
    assert "Play one turn" in html


@pytest.mark.parametrize("right", [True, False])
def test_an_answer_is_explained_at_once_in_place(drawn, as_, cast, right):
    answer = as_(cast.amir).post(f"/reviews/sets/{drawn.id}/answers/1", data=form_of(drawn, 1, right), headers=FRAGMENT)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<section")
    assert ("That is right." in answer.text) == right
    assert reviews_written() == 1


def test_without_script_the_same_answer_leads_back_to_its_place(drawn, as_, cast):
    browser = as_(cast.amir)
    answer = browser.post(f"/reviews/sets/{drawn.id}/answers/2", data=form_of(drawn, 2))
    assert (answer.status_code, answer.location) == (303, "/reviews#r-2")
    assert f"1 of {ITEMS} answered" in browser.get("/reviews").text


def test_pressing_twice_answers_once(drawn, as_, cast):
    browser = as_(cast.amir)
    first, again = (browser.post(f"/reviews/sets/{drawn.id}/answers/1", data=form_of(drawn, 1), headers=FRAGMENT) for _time in range(2))
    assert first.text == again.text
    assert reviews_written() == 1


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_an_empty_answer_is_told_so_and_nothing_is_kept(drawn, as_, cast, headers):
    answer = as_(cast.amir).post(f"/reviews/sets/{drawn.id}/answers/1", data={"key": "k"}, headers=headers)
    assert answer.status_code == 422
    assert reviews_written() == 0


def test_nobody_answers_in_anothers_set(drawn, as_, cast):
    for who in (cast.beth, cast.chloe, cast.ela):
        assert as_(who).post(f"/reviews/sets/{drawn.id}/answers/1", data=form_of(drawn, 1)).status_code == 404


def test_not_today_is_one_press_and_can_be_taken_back(due, as_, cast):
    browser = as_(cast.amir)
    assert browser.post("/reviews/skips").location == "/"
    assert "if you have a moment after all" in browser.get("/reviews").text
    browser.post("/reviews/sets")
    assert "data-quiz" in browser.get("/reviews").text


def test_a_set_left_in_the_middle_opens_where_it_was(drawn, as_, cast):
    browser = as_(cast.amir)
    browser.post(f"/reviews/sets/{drawn.id}/answers/1", data=form_of(drawn, 1))
    browser.post("/reviews/skips")
    assert "Go on" in browser.get("/reviews").text
    browser.post("/reviews/sets")
    assert f"1 of {ITEMS} answered" in browser.get("/reviews").text


def test_statements_stay_the_same_however_long_the_history(drawn, takes_quiz, as_, cast, counting):
    browser = as_(cast.amir)
    browser.get("/reviews")
    counting.clear()
    browser.get("/reviews")
    opened = len(counting)
    counting.clear()
    browser.post(f"/reviews/sets/{drawn.id}/answers/1", data=form_of(drawn, 1), headers=FRAGMENT)
    answered = len(counting)
    for days in range(60, 40, -1):
        takes_quiz(cast.amir, now() - timedelta(days=days), wrong=1)
    browser.get("/reviews")
    counting.clear()
    browser.get("/reviews")
    assert len(counting) == opened <= 8
    counting.clear()
    browser.post(f"/reviews/sets/{drawn.id}/answers/2", data=form_of(drawn, 2), headers=FRAGMENT)
    assert len(counting) == answered <= 20
