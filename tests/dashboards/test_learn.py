"""Learn: everybody finds what is hers, and one next step in every module."""

from datetime import date, timedelta
from html import unescape

import pytest

from tests.conftest import AT
from trainee import plans
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.modules import library
from trainee.modules.progress import part_done, required_parts
from trainee.modules.quizzes import actions as quizzes
from trainee.plans.actions import assign


def done(person_id, key, *parts):
    """Let somebody have done these parts of a module; all of them when none is named."""
    _version, module = library.module_or_404(key)
    for part in parts or required_parts(module):
        part_done(person_id, key, part, AT)
    db.session.commit()


def give(person_id, key, by, due=None, why="For the festival weeks."):
    assign(person_id, key, at=AT, given_by_id=by, due_on=due, why=why)
    db.session.commit()


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def for_employees() -> int:
    """How many modules somebody sees who is an employee and nothing more."""
    return sum("employee" in module.audience for module in library.catalogue_modules())


def test_a_stranger_is_sent_to_sign_in(as_):
    for url in ("/learn", "/learn/greeting", "/cards", "/cards/late-delivery"):
        response = as_(None).get(url)
        assert response.status_code in (302, 303)
        assert "/sign-in" in response.location


def test_who_has_nothing_waiting_sees_everything(as_, cast):
    html = page(as_(cast.amir), "/learn")
    for key in ("greeting", "empathy", "meeting-needs", "complaint-handling"):
        assert f'href="/learn/{key}"' in html
    assert f"{for_employees()} modules" in html


def test_what_was_begun_and_what_was_assigned_is_mine(as_, cast):
    done(cast.amir, "greeting", "lesson/first-ten-seconds")
    give(cast.amir, "empathy", cast.chloe, date(2026, 3, 20))
    html = page(as_(cast.amir), "/learn")
    assert 'href="/learn/empathy"' in html
    assert 'href="/learn/greeting"' in html
    assert 'href="/learn/meeting-needs"' not in html
    assert html.index("/learn/empathy") < html.index("/learn/greeting")


def test_another_persons_progress_is_not_mine(as_, cast):
    done(cast.amir, "greeting", "lesson/first-ten-seconds")
    assert f"{for_employees()} modules" in page(as_(cast.beth), "/learn")


def test_a_finished_module_is_under_done_and_nowhere_in_mine(as_, cast):
    done(cast.amir, "greeting")
    assert 'href="/learn/greeting"' in page(as_(cast.amir), "/learn?show=done")
    assert 'href="/learn/greeting"' not in page(as_(cast.amir), "/learn?show=mine")


def test_a_finished_module_that_is_assigned_anew_is_mine_again(as_, cast):
    for part in required_parts(library.module_or_404("greeting")[1]):
        part_done(cast.amir, "greeting", part, AT - timedelta(days=300))
    give(cast.amir, "greeting", cast.chloe)
    assert 'href="/learn/greeting"' in page(as_(cast.amir), "/learn?show=mine")
    assert 'href="/learn/greeting"' not in page(as_(cast.amir), "/learn?show=done")


@pytest.mark.parametrize("words", ["empathy", "EMPATHY", "empati", "EMPATİ", "Empatı", "somut söylemek"])
def test_the_search_finds_a_module_in_either_language(as_, cast, words):
    html = page(as_(cast.amir), f"/learn?show=all&q={words}")
    assert 'href="/learn/empathy"' in html
    assert 'href="/learn/greeting"' not in html


def test_nothing_found_says_what_to_do(as_, cast):
    html = page(as_(cast.amir), "/learn?q=zzz")
    assert "No module fits." in html
    assert "0 modules" in html


def test_a_family_of_skills_filters_and_stays_in_the_address(as_, cast):
    html = page(as_(cast.amir), "/learn?show=all&family=recover")
    assert 'href="/learn/complaint-handling"' in html
    assert 'href="/learn/greeting"' not in html
    assert "/learn?show=done&amp;family=recover" in html


@pytest.mark.parametrize("query", ["show=nonsense", "family=nonsense", "q=" + "x" * 500, "show=done&family='"])
def test_nonsense_in_the_address_breaks_nothing(as_, cast, query):
    assert as_(cast.amir).get(f"/learn?{query}").status_code == 200


@pytest.mark.parametrize("url", ["/learn", "/learn?show=all&q=a&family=connect"])
def test_the_catalogue_asks_the_same_number_of_statements_whatever_was_done(as_, cast, counting, url):
    client = as_(cast.amir)
    page(client, url)
    counting.clear()
    page(client, url)
    few = len(counting)
    for key in ("greeting", "empathy", "meeting-needs"):
        done(cast.amir, key)
        give(cast.amir, key, cast.chloe)
    counting.clear()
    page(client, url)
    assert len(counting) == few
    assert few <= 6


def test_a_modules_page_begins_with_the_first_lesson(as_, cast):
    html = page(as_(cast.amir), "/learn/greeting")
    assert 'class="button button-primary" href="/learn/greeting/first-ten-seconds"' in html
    assert html.count("button-primary") == 1
    assert "0 of" in html


def test_a_modules_page_goes_on_with_what_is_not_done(as_, cast):
    _version, module = library.module_or_404("greeting")
    lessons = [f"lesson/{lesson.key}" for lesson in module.lessons]
    done(cast.amir, "greeting", *lessons[:2])
    assert f'class="button button-primary" href="/learn/greeting/{module.lessons[2].key}"' in page(as_(cast.amir), "/learn/greeting")
    done(cast.amir, "greeting", *lessons)
    assert 'class="button button-primary" href="/quizzes/greeting/"' in page(as_(cast.amir), "/learn/greeting")
    done(cast.amir, "greeting", *lessons, "quiz")
    assert f'class="button button-primary" href="/roleplays/{module.stories[0].id}/"' in page(as_(cast.amir), "/learn/greeting")


def test_a_finished_module_offers_the_quiz_once_more(as_, cast):
    done(cast.amir, "greeting")
    html = page(as_(cast.amir), "/learn/greeting")
    assert "Take the quiz once more" in html


def test_a_finished_module_leads_back_into_the_attempt_that_is_open(as_, cast):
    done(cast.amir, "greeting")
    attempt = quizzes.begin(cast.amir, "greeting", now())
    db.session.commit()
    html = page(as_(cast.amir), "/learn/greeting")
    assert f'class="button button-primary" href="/quiz-attempts/{attempt.id}"' in html
    assert "Go on with the quiz" in html and "once more" not in html


def test_the_reason_for_an_assignment_is_on_the_modules_page(as_, cast):
    give(cast.amir, "empathy", cast.chloe, why="Three calls last week ended cold.")
    assert "Three calls last week ended cold." in page(as_(cast.amir), "/learn/empathy")
    assert "Three calls last week ended cold." not in page(as_(cast.beth), "/learn/empathy")
    assert plans.open_assignments(cast.beth, {}) == []


def test_there_is_no_page_of_a_module_that_is_not(as_, cast):
    assert as_(cast.amir).get("/learn/no-such-module").status_code == 404


def test_the_modules_page_asks_the_same_number_of_statements_whatever_was_done(as_, cast, counting):
    client = as_(cast.amir)
    page(client, "/learn/greeting")
    counting.clear()
    page(client, "/learn/greeting")
    few = len(counting)
    for key in ("greeting", "empathy", "meeting-needs"):
        done(cast.amir, key)
    counting.clear()
    page(client, "/learn/greeting")
    assert len(counting) == few
    assert few <= 10


def test_who_asks_customers_reads_every_survey_and_guide_in_her_language(as_, cast):
    found = library.pieces()
    for client, lang in ((as_(cast.chloe), "en"), (as_(cast.ferit), "en")):
        shown = unescape(client.get("/guides").text)
        for one in (*found.surveys, *found.interviews):
            assert one.title.of(lang) in shown
        assert found.interviews[0].questions[-1].probe.of(lang) in shown
        assert found.surveys[-1].questions[0].text.of(lang) in shown
        assert "/guides" in client.get("/learn").text
    assert as_(cast.beth).get("/guides").status_code == 403
    assert "/guides" not in as_(cast.beth).get("/learn").text
