"""A customer on a phone: from the printed code to thanks on one screen, in both languages, and on a line that breaks."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import func, select

from tests.browser.conftest import faults, too_wide
from trainee.kit.db import db
from trainee.voice.models import AskLink, Rating, SurveyResponse
from trainee.voice.surveys import actions, sheet
from trainee.voice.surveys.actions import Place

TEXTS = {"title": {"tr": "Kısa anket", "en": "Short survey"}, "intro": {"tr": "Yanıtlamak zorunda değilsiniz.", "en": "You need not answer."}}
# How long a tap takes a person who reads before it, in seconds; and reading the page once.
A_TAP, READING = 2, 6
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
    page = phone.new_page()
    page.goto(f"{site}/s/{code}?lang=en")
    for number, lang in enumerate(("en", "tr")):
        send, thanks, waiting = WORDS[lang]
        if lang == "tr":
            page.goto(f"{site}/s/{code}?lang=en")
            page.get_by_role("link", name="Türkçe").click()
        button = page.get_by_role("button", name=send)
        expect(button).to_be_visible()
        # Nothing has to be scrolled: the button and what stands below it end above the fold.
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight") and too_wide(page) == 0
        assert faults(page) == []
        taps = 0
        for name, mark in (("satisfied", 4), ("easy", 6)):
            page.locator(f"label:has(input[name={name}][value='{mark}'])").click()
            expect(page.locator(f"input[name={name}][value='{mark}']")).to_be_checked()
            taps += 1
        # Nobody reads it in less; what comes faster is asked to look once more. The page was made before its first byte came.
        page.wait_for_function("() => performance.now() - performance.getEntriesByType('navigation')[0].responseStart > 2200")
        if lang == "tr":
            phone.set_offline(True)
        button.click()
        taps += 1
        if lang == "tr":
            expect(page.locator("[data-wrong]")).to_contain_text(waiting)
            assert kept() == (number, 2 * number)
            phone.set_offline(False)
        expect(page.get_by_role("heading", name=thanks)).to_be_visible()
        assert READING + A_TAP * taps < 20
        assert kept() == (number + 1, 2 * (number + 1))
    assert phone.cookies() == []
