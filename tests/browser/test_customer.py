"""A customer on a phone: from the printed code to thanks on one screen, in both languages, and on a line that breaks."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from tests.browser.walking import Walk
from trainee.dashboards.asking_views import adopted
from trainee.kit.db import db
from trainee.modules import library
from trainee.voice.models import AskLink, Rating, SurveyResponse
from trainee.voice.surveys import actions, sheet
from trainee.voice.surveys.actions import Place

pytestmark = pytest.mark.browser
# The smallest phones that are still sold.
SMALL = {"width": 360, "height": 640}
TEXTS = {"title": {"tr": "Kısa anket", "en": "Short survey"}, "intro": {"tr": "Yanıtlamak zorunda değilsiniz.", "en": "You need not answer."}}
WORDS = {"tr": ("Gönder", "Teşekkür ederiz", "bağlantı yok"), "en": ("Send", "Thank you", "no connection")}


@pytest.fixture
def code(cast: SimpleNamespace, at) -> str:
    """A printed code of Amir's for the short survey after a contact, as it is shipped and as the demonstration prints it."""
    shipped = next(one for one in library.pieces().surveys if one.key == "after-contact")
    survey = adopted(shipped, cast.ela, at)
    actions.open_wave(survey, cast.ela, at)
    (link,) = actions.make_links(survey, "qr", [Place("Till 1", None, cast.amir)], many=True, batch="b", by_id=None, at=at)
    db.session.commit()
    return actions.code_of(db.session.get_one(AskLink, link).receipt)


@pytest.fixture
def asks(cast: SimpleNamespace, at) -> Callable[..., str]:
    """Begin to ask these questions; the code by which they are answered."""

    def ask(*questions: Any, way: str = "qr", many: bool = True, kind: str = "survey") -> str:
        survey = actions.make_survey(kind, TEXTS | {"questions": list(questions)}, key=f"{way}-{len(questions)}", by_id=cast.ela, at=at)
        actions.open_wave(survey, cast.ela, at)
        (link,) = actions.make_links(survey, way, [Place("Till 1", None, cast.amir)], many=many, batch=f"b-{way}-{len(questions)}", by_id=None, at=at)
        db.session.commit()
        return actions.code_of(db.session.get_one(AskLink, link).receipt)

    return ask


def kept() -> tuple[int, int]:
    """How many sheets and marks there are."""
    found = db.session.scalar(select(func.count()).select_from(SurveyResponse)), db.session.scalar(select(func.count()).select_from(Rating))
    db.session.rollback()
    return found[0] or 0, found[1] or 0


def test_a_customer_answers_on_one_screen_in_her_language_and_loses_nothing_on_a_bad_line(code: str, site: str, phone: BrowserContext) -> None:
    for number, lang in enumerate(("en", "tr")):
        send, thanks, waiting = WORDS[lang]
        page = phone.new_page()
        page.set_viewport_size(SMALL)
        walk = Walk(page, f"customer-{lang}")
        with walk.waits():
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
        if lang == "tr":
            walk.tap(button)
            expect(page.locator("[data-wrong]")).to_contain_text(waiting)
            assert kept() == (number, 2 * number)
        # The sending: from the tap, or from the moment at which the line is there again, to the thanks.
        with walk.waits():
            if lang == "tr":
                phone.set_offline(False)
            else:
                walk.tap(button)
            expect(page.get_by_role("heading", name=thanks)).to_be_visible()
        walk.end(lang)
        assert kept() == (number + 1, 2 * (number + 1))
    assert phone.cookies() == []


def on_one_screen(page: Page) -> None:
    """Nothing has to be scrolled, and whatever is touched is large enough for a thumb."""
    expect(page.locator("main form button")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth")
    small = """[...document.querySelectorAll('.ask-step, summary, main button, .tool')].map((one) => one.getBoundingClientRect())
        .filter((box) => box.width && Math.min(box.width, box.height) < 43.9).length"""
    assert page.evaluate(small) == 0


def waited(page: Page) -> None:
    """Nobody reads it in less than two seconds; the page was made before its first byte came."""
    page.wait_for_function("() => performance.now() - performance.getEntriesByType('navigation')[0].responseStart > 2200")


def test_five_questions_stand_on_one_screen_one_open_at_a_time_with_and_without_script(asks, site: str, phone: BrowserContext, chromium) -> None:
    words = sheet.own_words(5, {"tr": "Bir şeyi değiştirebilseydiniz ne olurdu?", "en": "If you could change one thing, what would it be?"})
    code = asks(*(sheet.of_bank(key) for key in ("recommend", "satisfied", "easy", "listened")), words)
    bare = chromium.new_context(viewport=SMALL, java_script_enabled=False)
    for context in (phone, bare):
        for lang in ("tr", "en"):
            page = context.new_page()
            page.set_viewport_size(SMALL)
            page.goto(f"{site}/s/{code}?lang={lang}")
            expect(page.locator("details[open]")).to_have_count(1)
            if context is phone:
                on_one_screen(page)
            # The second question, by hand where there is no script: opening it closes the first.
            if context is phone:
                page.locator("label:has(input[name=recommend][value='9'])").tap()
            else:
                page.locator("#ask-satisfied").click()
            expect(page.locator("details[open] input[name=satisfied]").first).to_be_attached()
            expect(page.locator("details[open]")).to_have_count(1)
            if context is phone:
                on_one_screen(page)
            page.close()
    bare.close()


def test_a_browser_that_knows_no_common_name_reaches_and_sends_every_question_with_and_without_script(asks, site: str, phone, chromium) -> None:
    words = sheet.own_words(5, {"tr": "Bir şeyi değiştirebilseydiniz ne olurdu?", "en": "If you could change one thing, what would it be?"})
    code = asks(*(sheet.of_bank(key) for key in ("recommend", "satisfied", "easy", "listened")), words)
    assert kept() == (0, 0)
    bare = chromium.new_context(viewport=SMALL, java_script_enabled=False)
    for number, context in enumerate((phone, bare), start=1):
        page = context.new_page()
        page.set_viewport_size(SMALL)
        page.goto(f"{site}/s/{code}?lang=en")
        folds = page.locator("details")
        expect(folds).to_have_count(5)
        page.eval_on_selector_all("details", "all => all.forEach(one => one.removeAttribute('name'))")
        expect(page.locator("details[name]")).to_have_count(0)
        for place in range(4):
            if context is bare and place:
                folds.nth(place).locator("summary").click()
            mark = folds.nth(place).locator("label").last
            expect(mark).to_be_visible()
            mark.click()
            expect(folds.nth(place).locator("input:checked")).to_have_count(1)
            # With script one is open at a time here, too; without it those before stay open, and nothing is out of reach.
            expect(page.locator("details[open]")).to_have_count(1 if context is phone else place + 1)
        if context is phone:
            on_one_screen(page)
        else:
            folds.nth(4).locator("summary").click()
        folds.nth(4).locator("textarea").fill("A chair.")
        while page.evaluate("performance.now() - performance.getEntriesByType('navigation')[0].responseStart") < 2200:
            page.wait_for_timeout(100)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        # Four marks and her words.
        assert kept() == (number, 5 * number)
        page.close()
    bare.close()


def test_three_questions_and_a_kiosk_stand_open_on_one_screen(asks, site: str, phone: BrowserContext) -> None:
    questions = [sheet.of_bank(key) for key in ("satisfied", "easy", "recommend")]
    for code in (asks(*questions), asks(*questions[:2], way="kiosk")):
        for lang in ("tr", "en"):
            page = phone.new_page()
            page.set_viewport_size(SMALL)
            page.goto(f"{site}/s/{code}?lang={lang}")
            on_one_screen(page)
            page.close()


def test_what_was_answered_without_a_line_is_sent_when_the_page_is_opened_again(asks, site: str, phone: BrowserContext) -> None:
    code = asks(sheet.of_bank("satisfied"), way="link", many=False)
    page = phone.new_page()
    page.goto(f"{site}/s/{code}?lang=en")
    page.locator("label:has(input[name=satisfied][value='4'])").tap()
    waited(page)
    phone.set_offline(True)
    page.locator("main form button").tap()
    expect(page.locator("[data-wrong]")).to_contain_text("or open it again later")
    page.close()
    phone.set_offline(False)
    assert kept() == (0, 0)
    again = phone.new_page()
    again.goto(f"{site}/s/{code}?lang=en")
    expect(again.get_by_role("heading", name="Thank you")).to_be_visible()
    assert kept() == (1, 1)
    again.goto(f"{site}/s/{code}?lang=en")
    expect(again.get_by_role("heading", name="This has been answered")).to_be_visible()


def test_what_is_half_filled_in_is_there_after_loading_anew_until_it_is_sent_and_never_on_a_kiosk(asks, site: str, phone) -> None:
    many = [sheet.of_bank(key) for key in ("satisfied", "easy", "listened", "kept_promise", "buy_again")]
    many.append(sheet.own_words(6, {"tr": "Neden?", "en": "Why?"}))
    chosen = "input[name=easy][value='6']"
    codes = {way: asks(*many, way=way, kind="questionnaire") for way in ("link", "kiosk")}
    five = [*many[:3], sheet.of_bank("recommend"), many[-1]]
    short = {1: asks(many[0], way="qr"), 5: asks(*five, way="link", many=False)}
    assert kept() == (0, 0)
    page = phone.new_page()
    for way, code in codes.items():
        page.goto(f"{site}/s/{code}?lang=en")
        page.locator(f"label:has({chosen})").tap()
        page.locator("textarea").fill("Half of it")
        page.reload()
        expect(page.locator("main form button")).to_be_visible()
        expect(page.locator("input:checked")).to_have_count(int(way == "link"))
        expect(page.locator("textarea")).to_have_value("Half of it" if way == "link" else "")
        if way == "link":
            expect(page.locator(chosen)).to_be_checked()
            # Another tab knows nothing of it.
            other = phone.new_page()
            other.goto(page.url)
            expect(other.locator("main form button")).to_be_visible()
            expect(other.locator("input:checked")).to_have_count(0)
            other.close()
            waited(page)
            page.locator("main form button").tap()
            expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
            assert page.evaluate("Object.keys(sessionStorage).length") == 0
    assert kept() == (1, 2) and phone.cookies() == []
    # A short one, too, and in the other language: one question, and five of which the next without a mark stands open.
    for count, code in short.items():
        page.goto(f"{site}/s/{code}?lang=en")
        first = page.locator("input[name=satisfied][value='4']")
        page.locator("label:has(input[name=satisfied][value='4'])").tap()
        expect(first).to_be_checked()
        page.get_by_role("link", name="Türkçe").tap()
        expect(page.locator("html")).to_have_attribute("lang", "tr")
        expect(first).to_be_checked()
        expect(page.locator("details[open] input[name=easy]")).to_have_count(7 if count == 5 else 0)
        waited(page)
        page.locator("main form button").tap()
        expect(page.get_by_role("heading", name="Teşekkür ederiz")).to_be_visible()
        assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_a_kiosk_without_a_line_goes_on_to_the_next_customer_and_loses_neither(asks, site: str, phone: BrowserContext) -> None:
    code = asks(sheet.of_bank("satisfied"), way="kiosk")
    page = phone.new_page()
    page.goto(f"{site}/s/{code}?lang=en")
    waited(page)
    phone.set_offline(True)
    for mark in ("2", "5"):
        page.locator(f"label:has(input[name=satisfied][value='{mark}'])").tap()
        page.locator("main form button").tap()
        expect(page.locator("[data-wrong]")).to_contain_text("Your answer is kept here")
        # The next one finds it as the first did.
        expect(page.locator("[data-wrong]")).to_have_count(0)
        expect(page.locator("input[name=satisfied]:checked")).to_have_count(0)
    assert kept() == (0, 0)
    phone.set_offline(False)
    page.goto(f"{site}/s/{code}?lang=en")
    page.wait_for_function("() => !localStorage.getItem('trainee.queue.survey')")
    expect(page.locator("input[name=satisfied]:checked")).to_have_count(0)
    assert kept() == (2, 2)
