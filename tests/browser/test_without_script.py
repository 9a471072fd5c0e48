"""Everything can be finished in a browser that runs no script: a lesson, a quiz, a role-play to its end, one's own particulars."""

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from tests.browser.conftest import PASSWORD
from trainee.kit.db import db
from trainee.modules.library import module, module_or_404
from trainee.modules.progress import PartDone
from trainee.modules.questions import kind_of
from trainee.modules.quizzes import QuizAttempt, queries
from trainee.modules.roleplays.queries import current
from trainee.modules.roleplays.search import explore

pytestmark = pytest.mark.browser
CALL = "late-washing-machine"


@pytest.fixture
def plain(chromium: Browser, site: str):
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="en-GB")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.fill("input[name=login]", "amir")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form .button-primary")
    yield page
    context.close()


def fill(page: Page, part: str, fields: dict[str, list[str]]) -> None:
    """Fill a form with its own controls."""
    for name, values in fields.items():
        for value in values:
            chosen = page.locator(f"{part} [name='{name}'][value='{value}']")
            if chosen.count() and chosen.first.get_attribute("type") in {"radio", "checkbox"}:
                chosen.first.check(force=True)
            elif page.locator(f"{part} select[name='{name}']").count():
                page.locator(f"{part} select[name='{name}']").select_option(value)
            else:
                page.locator(f"{part} [name='{name}']").fill(value)


def done() -> list[str]:
    db.session.rollback()
    return sorted(db.session.execute(select(PartDone.part)).scalars())


def test_a_lesson_is_finished(plain, site):
    lesson = module_or_404("greeting")[1].lessons[0]
    plain.goto(f"{site}/learn/greeting/{lesson.key}")
    for question in lesson.checks:
        plain.locator(f"#check-{question.id} .option input").first.check(force=True)
        plain.click(f"#check-{question.id} .button-primary")
        assert plain.locator(f"#check-{question.id} .verdict").count() == 1
    assert done() == [f"lesson/{lesson.key}"]


def test_a_quiz_is_taken_and_handed_in(plain, site):
    plain.goto(f"{site}/quizzes/greeting/")
    plain.click("main form .button-primary")
    db.session.rollback()
    attempt = db.session.execute(select(QuizAttempt)).scalar_one()
    for question in queries.questions_of(module(attempt.version_id), attempt):
        kind = kind_of(question)
        fill(plain, f"#q-{question.id} form", kind.form(question, kind.right(question), attempt.seed))
        plain.click(f"#q-{question.id} form .button-primary")
        assert plain.locator(f"#q-{question.id} .verdict").count() == 1
    plain.click("#hand-in .button-primary")
    assert "Passed with 100%" in plain.locator("main").inner_text()
    assert done() == ["quiz"]


def test_a_role_play_is_played_to_its_end(plain, site):
    _version, story = current(CALL)
    ways = explore(story)
    answers = ways[max(ways, key=lambda end: story.endings[end[0]].rank)]
    plain.goto(f"{site}/roleplays/{CALL}/")
    plain.click("main form .button-primary")
    for given in answers:
        if "choice" in given:
            plain.click(f".replies button[name=choice][value='{given['choice']}']")
        elif "text" in given:
            plain.fill("textarea[name=text]", given["text"])
            plain.click(".replies-typed .button-primary")
        elif "confirmed" in given:
            for box in plain.locator(".replies-check input[name=criteria]").all():
                box.set_checked(box.get_attribute("value") in given["confirmed"], force=True)
            plain.click(".replies-check .button-primary")
        else:
            fill(plain, ".replies", {"cues": given["cues"]})
            plain.click(".replies .button-primary")
    assert plain.locator(".replies").count() == 0
    assert done() == [f"roleplay/{CALL}"]


def test_the_language_is_changed_and_a_note_is_kept(plain, site):
    lesson = module_or_404("greeting")[1].lessons[0]
    plain.goto(f"{site}/learn/greeting/{lesson.key}")
    plain.fill("textarea[name=note]", "İlk on saniye")
    plain.click("#note button")
    assert plain.locator("textarea[name=note]").input_value() == "İlk on saniye"
    plain.click(".top button[name=language]")
    assert plain.locator("html").get_attribute("lang") == "tr"
    assert plain.locator("textarea[name=note]").input_value() == "İlk on saniye"
