"""A supervisor expects something on her phone, without script; the person reads it on Today, objects, is answered and acknowledges it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, PATIENCE, faults, too_wide
from tests.browser.steps import press

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(chromium: Browser, site: str) -> Iterator[Callable[[str], Page]]:
    """A phone of one's own for each person, in which no script runs."""
    contexts = []

    def sign_in(username: str, script: bool = False) -> Page:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=script, locale="en-GB")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site}/sign-in")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        press(page, "main form .button-primary")
        return page

    yield sign_in
    for context in contexts:
        context.close()


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value='{value}']").locator("xpath=ancestor::label[1]").click()


def test_something_is_expected_objected_to_answered_and_acknowledged(plain, site, cast):
    chloe = plain("chloe")
    chloe.goto(f"{site}/people/{cast.amir}/expectations")
    press(chloe, "text=Set an expectation")
    expect(chloe.locator("select[name=whom]")).to_have_value(f"person/{cast.amir}")
    chloe.select_option("select[name=skill]", "empathy")
    choose(chloe, "level", "3")
    press(chloe, "main form .button-primary")
    chloe.fill("textarea[name=why]", "Customers say they are cut short.")
    chloe.fill("textarea[name=words_en]", "Be friendlier.")
    choose(chloe, "ways", "observation")
    choose(chloe, "rhythm", "monthly")
    choose(chloe, "audience", "nobody")
    press(chloe, "button[value=issue]")
    # What nobody can watch is caught, and nothing typed is lost.
    expect(chloe.locator("#words_en-errors")).to_contain_text("Two people could not agree")
    expect(chloe.locator("textarea[name=why]")).to_have_value("Customers say they are cut short.")
    chloe.fill("textarea[name=words_en]", "Lets the customer finish before she answers.")
    press(chloe, "button[value=issue]")
    expect(chloe.locator("h1")).to_contain_text("Empathy: Proficient")
    here = chloe.url
    amir = plain("amir")
    amir.goto(f"{site}/")
    press(amir, "text=Empathy: Proficient")
    expect(amir).to_have_url(here)
    amir.click("text=I do not agree")
    amir.fill("textarea[name=note]", "Once a month is too little.")
    press(amir, "text=Send my objection")
    chloe.goto(f"{site}/expectations/people")
    expect(chloe.locator("#objections")).to_contain_text("Once a month is too little.")
    press(chloe, "#objections a:has-text('Amir Kaya')")
    chloe.fill("textarea[name=reply]", "Then twice; I come on Fridays too.")
    press(chloe, "button:has-text('Answer')")
    amir.goto(f"{site}/")
    press(amir, "text=Empathy: Proficient")
    expect(amir.locator("main")).to_contain_text("Then twice; I come on Fridays too.")
    press(amir, "button:has-text('I have read it')")
    amir.goto(f"{site}/")
    expect(amir.locator("main")).not_to_contain_text("Empathy: Proficient")
    looked_at = plain("chloe", True)
    for address in (
        here,
        f"{site}/expectations/people",
        f"{site}/expectations/new",
        f"{site}/people/{cast.amir}/expectations",
        f"{site}/expectations",
    ):
        looked_at.goto(address)
        assert faults(looked_at) == []
        assert too_wide(looked_at) == 0
