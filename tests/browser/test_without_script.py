"""Everything can be finished in a browser that runs no script: a lesson, a quiz, a role-play to its end, one's own particulars."""

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from tests.browser.conftest import PASSWORD, PATIENCE
from tests.browser.steps import CALL, fill, press, reply, tick
from trainee.kit.db import db
from trainee.modules.library import module, module_or_404
from trainee.modules.progress import PartDone
from trainee.modules.questions import kind_of
from trainee.modules.quizzes import QuizAttempt, queries
from trainee.modules.roleplays.queries import current
from trainee.modules.roleplays.search import explore

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(chromium: Browser, site: str):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.fill("input[name=login]", "amir")
    page.fill("input[name=password]", PASSWORD)
    press(page, "main form .button-primary")
    yield page
    context.close()


def done() -> list[str]:
    db.session.rollback()
    return sorted(db.session.execute(select(PartDone.part)).scalars())


def test_a_lesson_is_finished(plain, site):
    lesson = module_or_404("greeting")[1].lessons[0]
    plain.goto(f"{site}/learn/greeting/{lesson.key}")
    for question in lesson.checks:
        tick(plain.locator(f"#check-{question.id} .option input").first)
        press(plain, f"#check-{question.id} .button-primary")
        expect(plain.locator(f"#check-{question.id} .verdict")).to_have_count(1)
    assert done() == [f"lesson/{lesson.key}"]


def test_a_quiz_is_taken_and_handed_in(plain, site):
    plain.goto(f"{site}/quizzes/greeting/")
    press(plain, "main form .button-primary")
    db.session.rollback()
    attempt = db.session.execute(select(QuizAttempt)).scalar_one()
    press(plain, "#hand-in .button-primary")
    expect(plain.locator("main")).to_contain_text("questions have no answer yet")
    press(plain, "main .button-primary")
    for question in queries.questions_of(module(attempt.version_id), attempt):
        kind = kind_of(question)
        fill(plain, f"#q-{question.id} form", kind.form(question, kind.right(question), attempt.seed))
        press(plain, f"#q-{question.id} form .button-primary")
        expect(plain.locator(f"#q-{question.id} .verdict")).to_have_count(1)
    press(plain, "#hand-in .button-primary")
    expect(plain.locator("main")).to_contain_text("Passed with 100%")
    assert done() == ["quiz"]


def test_a_role_play_is_played_to_its_end(plain, site):
    _version, story = current(CALL)
    ways = explore(story)
    answers = ways[max(ways, key=lambda end: story.endings[end[0]].rank)]
    plain.goto(f"{site}/roleplays/{CALL}/")
    press(plain, "main form .button-primary")
    for given in answers:
        press(plain, reply(plain, given))
    expect(plain.locator(".replies")).to_have_count(0)
    assert done() == [f"roleplay/{CALL}"]


def test_the_language_is_changed_and_a_note_is_kept(plain, site):
    lesson = module_or_404("greeting")[1].lessons[0]
    plain.goto(f"{site}/learn/greeting/{lesson.key}")
    plain.fill("textarea[name=note]", "İlk on saniye")
    press(plain, "#my-note button")
    expect(plain.locator("textarea[name=note]")).to_have_value("İlk on saniye")
    press(plain, ".top button[name=language]")
    expect(plain.locator("html")).to_have_attribute("lang", "tr")
    expect(plain.locator("textarea[name=note]")).to_have_value("İlk on saniye")
