"""A customer on a phone: from the printed code to thanks on one screen, in both languages, and on a line that breaks."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import func, select

from tests.browser.walking import Walk
from trainee.kit.db import db
from trainee.voice.models import AskLink, Rating, SurveyResponse
from trainee.voice.surveys import actions, sheet
from trainee.voice.surveys.actions import Place

pytestmark = pytest.mark.browser
TEXTS = {"title": {"tr": "Kısa anket", "en": "Short survey"}, "intro": {"tr": "Yanıtlamak zorunda değilsiniz.", "en": "You need not answer."}}
WORDS = {"tr": ("Gönder", "Teşekkür ederiz", "bağlantı yok"), "en": ("Send", "Thank you", "no connection")}


@pytest.fixture
def code(cast: SimpleNamespace, at) -> str:
    """A printed code of Amir's for a survey of three questions that is being asked."""
    questions = [sheet.of_bank("satisfied"), sheet.of_bank("easy"), sheet.own_words(3, {"tr": "Neyi değiştirelim?", "en": "What should we change?"})]
    survey = actions.make_survey("survey", TEXTS | {"questions": questions}, key="short", by_id=cast.ela, at=at)
    actions.open_wave(survey, cast.ela, at)
    (link,) = actions.make_links(survey, "qr", [Place("Till 1", None, cast.amir)], many=True, batch="b", by_id=None, at=at)
    db.session.commit()
    return actions.code_of(db.session.get_one(AskLink, link).receipt)


def kept() -> tuple[int, int]:
    """How many sheets and marks there are."""
    found = db.session.scalar(select(func.count()).select_from(SurveyResponse)), db.session.scalar(select(func.count()).select_from(Rating))
    db.session.rollback()
    return found[0] or 0, found[1] or 0


def test_a_customer_answers_on_one_screen_in_her_language_and_loses_nothing_on_a_bad_line(code: str, site: str, phone: BrowserContext) -> None:
    for number, lang in enumerate(("en", "tr")):
        send, thanks, waiting = WORDS[lang]
        page = phone.new_page()
        walk = Walk(page, f"customer-{lang}")
        page.goto(f"{site}/s/{code}?lang=en")
        if lang == "tr":
            page.get_by_role("link", name="Türkçe").click()
            expect(page.locator("html")).to_have_attribute("lang", "tr")
        button = page.get_by_role("button", name=send)
        expect(button).to_be_visible()
        # Nothing has to be scrolled: the button and what stands below it end above the fold.
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        # Who writes nothing reads neither the question for words nor what stands below the button.
        walk.step("read, answer two questions, send", "main h1", ".asking-intro", "fieldset.ask", "main form button")
        for name, mark in (("satisfied", 4), ("easy", 6)):
            walk.tap(f"label:has(input[name={name}][value='{mark}'])")
            expect(page.locator(f"input[name={name}][value='{mark}']")).to_be_checked()
        # Nobody reads it in less; what comes faster is asked to look once more. The page was made before its first byte came.
        page.wait_for_function("() => performance.now() - performance.getEntriesByType('navigation')[0].responseStart > 2200")
        if lang == "tr":
            phone.set_offline(True)
        walk.tap(button)
        if lang == "tr":
            expect(page.locator("[data-wrong]")).to_contain_text(waiting)
            assert kept() == (number, 2 * number)
            phone.set_offline(False)
        expect(page.get_by_role("heading", name=thanks)).to_be_visible()
        walk.end(lang)
        assert kept() == (number + 1, 2 * (number + 1))
    assert phone.cookies() == []
