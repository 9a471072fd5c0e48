"""Amir on his phone: he signs in, reads a lesson, takes the quiz while the line drops, plays the same call to two endings, and sees what moved."""

import re
from random import Random

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import faults, too_wide
from tests.browser.steps import CALL, fill, press, reply, rest, tick
from trainee.evidence.models import Evidence
from trainee.kit.db import db
from trainee.modules.library import module, module_or_404
from trainee.modules.questions import kind_of
from trainee.modules.quizzes import QuizAnswer, QuizAttempt, queries
from trainee.modules.roleplays.models import RolePlayRun
from trainee.modules.roleplays.queries import current
from trainee.modules.roleplays.search import explore

pytestmark = pytest.mark.browser


def look(page: Page) -> None:
    """Nothing axe minds, nothing cut off."""
    assert faults(page) == []
    assert too_wide(page) <= 0, page.url


def answer(page: Page, attempt: QuizAttempt, question, right: bool = True, offline: bool = False) -> None:
    kind = kind_of(question)
    given = kind.right(question) if right else kind.guess(question, Random(1))
    part = f"#q-{question.id}"
    page.locator(part).wait_for(state="visible")
    if not offline:
        rest(page)
    fill(page, f"{part} form", kind.form(question, given, attempt.seed))
    tick(page.locator(f"{part} [name=confidence][value=fairly]"))
    page.click(f"{part} form .button-primary")


def press_without_answering(page: Page, question) -> None:
    """Press Answer with nothing answered: she is told at once, and nothing waits to be sent."""
    part = f"#q-{question.id}"
    # In the order that is shown every ordering is an answer already.
    if question.type == "ordering":
        return
    page.click(f"{part} form .button-primary")
    page.locator(f"{part} [data-refusal=missing]").wait_for()
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('trainee.queue.')).length") == 0


def saved_answers(attempt_id: int) -> list[str]:
    db.session.rollback()
    return sorted(db.session.execute(select(QuizAnswer.question_id).where(QuizAnswer.attempt_id == attempt_id)).scalars())


def read_first_lesson(page: Page, site: str) -> None:
    page.goto(f"{site}/learn/greeting")
    look(page)
    lesson = module_or_404("greeting")[1].lessons[0]
    page.goto(f"{site}/learn/greeting/{lesson.key}")
    look(page)
    for question in lesson.checks:
        part = f"#check-{question.id}"
        tick(page.locator(f"{part} .option input").first)
        page.click(f"{part} .button-primary")
        page.locator(f"{part} .verdict").wait_for()
    look(page)


def take_the_quiz(page: Page, site: str) -> None:
    page.goto(f"{site}/quizzes/greeting/")
    look(page)
    page.click("main form .button-primary")
    page.wait_for_url("**/quiz-attempts/*")
    look(page)
    db.session.rollback()
    attempt = db.session.execute(select(QuizAttempt).order_by(QuizAttempt.id.desc())).scalars().first()
    asked = queries.questions_of(module(attempt.version_id), attempt)
    answer(page, attempt, asked[0])
    page.locator(f"#q-{asked[0].id} .verdict").wait_for()
    look(page)
    page.click(f"#q-{asked[0].id} [data-next]")
    # The line drops: two answers are given and wait on the phone.
    page.context.set_offline(True)
    press_without_answering(page, asked[1])
    for question in asked[1:3]:
        answer(page, attempt, question, offline=True)
        page.locator("[data-saved][data-state=waiting]:visible").first.wait_for()
        page.click(f"#q-{question.id} [data-next]")
    assert saved_answers(attempt.id) == [asked[0].id]
    # What is said of one answer stands beside that answer, and not beside the button of a question that has none.
    expect(page.locator(f"#q-{asked[3].id} [data-saved]")).not_to_have_attribute("data-state", re.compile("."))
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator(f"#q-{asked[2].id} .verdict").wait_for(state="attached")
    rest(page)
    assert saved_answers(attempt.id) == sorted(question.id for question in asked[:3])
    for question in asked[3:]:
        answer(page, attempt, question)
        page.locator(f"#q-{question.id} .verdict").wait_for()
        page.click(f"#q-{question.id} [data-next]")
    page.click("#hand-in .button-primary")
    page.wait_for_url("**/result")
    look(page)
    db.session.rollback()
    receipts = db.session.execute(select(Evidence.receipt).where(Evidence.source == "quiz_answer")).scalars().all()
    assert sorted(receipts) == sorted(f"quiz_answer/{attempt.id}/{question.id}" for question in asked)


def play(page: Page, site: str, answers) -> str:
    """Play the call with these answers; the ending's title."""
    page.goto(f"{site}/roleplays/{CALL}/")
    look(page)
    page.click("main form .button-primary")
    page.wait_for_url("**/roleplay-runs/*")
    look(page)
    # Before anything was said there is nothing to skip: the first line stands whole below the bar.
    assert page.evaluate("location.hash") == "#now" and page.evaluate("scrollY") == 0
    for given in answers:
        before = page.locator(".replies input[name=key]").first.get_attribute("value")
        rest(page)
        page.click(reply(page, given))
        page.wait_for_function("key => document.querySelector('.replies input[name=key]')?.value !== key", arg=before)
    look(page)
    page.goto(page.url.rstrip("/") + "/debrief")
    look(page)
    return page.locator("h1").first.inner_text()


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_amirs_evening(signed_in, site, cast, lang):
    page = signed_in("amir")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" and "ERR_INTERNET_DISCONNECTED" not in message.text else None,
    )
    if lang == "tr":
        press(page, ".top button[name=language]")
        expect(page.locator("html")).to_have_attribute("lang", "tr")
    look(page)
    page.goto(f"{site}/learn")
    look(page)
    read_first_lesson(page, site)
    take_the_quiz(page, site)
    _version, story = current(CALL)
    ways = explore(story)
    best = max(ways, key=lambda end: story.endings[end[0]].rank)
    worst = min(ways, key=lambda end: story.endings[end[0]].rank)
    play(page, site, ways[best])
    play(page, site, ways[worst])
    db.session.rollback()
    endings = db.session.execute(select(RolePlayRun.ending).order_by(RolePlayRun.id)).scalars().all()
    assert endings == [best[0], worst[0]]
    for address in ("/skills", "/skills/reliability", "/me", "/"):
        page.goto(f"{site}{address}")
        look(page)
    assert problems == []


def test_handing_in_with_answers_missing_waits_for_the_line_too(signed_in, site):
    page = signed_in("amir")
    page.goto(f"{site}/quizzes/greeting/")
    page.click("main form .button-primary")
    page.wait_for_url("**/quiz-attempts/*")
    page.goto(page.url + "/handing-in")
    look(page)
    page.context.set_offline(True)
    page.click("form [type=submit]:visible >> nth=-1")
    page.locator("[data-saved][data-state=waiting]:visible").first.wait_for()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/result")
    look(page)
