"""Observing on a phone against a line that drops."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from tests.browser.steps import rest, tick
from trainee.coaching import Observation, ObservationLine
from trainee.coaching.observations import ObservationDraft
from trainee.kit.db import db
from trainee.skills.scorecards import current_card

pytestmark = pytest.mark.browser
SEND = "main form[data-draft] .button-primary"


@pytest.fixture
def form(signed_in: Callable[[str], Page], site: str, cast: SimpleNamespace) -> Page:
    """Chloe's phone with the form of an observation of Amir open."""
    page = signed_in("chloe")
    page.goto(f"{site}/people/{cast.amir}/observations/new?card=phone")
    page.wait_for_selector("form[data-drafting]")
    return page


def mark(page: Page, skill: str, level: str) -> None:
    tick(page.locator(f"input[name=level_{skill}][value='{level}']"))


def many(model: type) -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_without_a_line_every_mark_stays_and_is_sent_once_when_it_returns(form: Page, phone: BrowserContext) -> None:
    skills = current_card("phone").skills
    phone.set_offline(True)
    for number, skill in enumerate(skills):
        mark(form, skill, "2" if number % 2 else "3")
    form.click(SEND)
    form.locator("form[data-draft] [data-saved][data-state=waiting]").wait_for()
    assert many(Observation) == 0
    sent: list[str] = []
    form.on("request", lambda request: sent.append(request.url) if request.method == "POST" and request.url.endswith("/new") else None)
    phone.set_offline(False)
    form.wait_for_url(re.compile(r"/observations/\d+$"))
    assert len(sent) == 1
    assert many(Observation) == 1
    found = {row.skill_key: row.level for row in db.session.execute(select(ObservationLine.skill_key, ObservationLine.level))}
    assert found == {skill: 2 if number % 2 else 3 for number, skill in enumerate(skills)}
    assert many(ObservationDraft) == 0


def test_a_tab_that_is_closed_without_a_line_loses_nothing(form: Page, phone: BrowserContext, site: str) -> None:
    first, second = current_card("phone").skills[:2]
    with form.expect_response(lambda answer: answer.url.endswith("/drafts")):
        mark(form, first, "3")
    assert many(ObservationDraft) == 1
    phone.set_offline(True)
    mark(form, second, "4")
    form.fill(f"textarea[name=note_{second}]", "Asked twice what she needs.")
    form.wait_for_function("() => Object.values(localStorage).some((value) => value.includes('Asked+twice'))")
    form.close()
    phone.set_offline(False)
    # What waits on the device is sent from whatever page is opened; there she goes on with it.
    again = phone.new_page()
    again.goto(f"{site}/observations?show=by-me")
    rest(again)
    again.goto(f"{site}/observations?show=by-me")
    again.get_by_role("link", name="Go on with it").click()
    expect(again.locator(f"input[name=level_{first}][value='3']")).to_be_checked()
    expect(again.locator(f"input[name=level_{second}][value='4']")).to_be_checked()
    expect(again.locator(f"textarea[name=note_{second}]")).to_have_value("Asked twice what she needs.")


def test_what_is_missing_is_told_at_once_where_it_is_missing_also_without_a_line(form: Page, phone: BrowserContext) -> None:
    first, second, *others = current_card("phone").skills
    phone.set_offline(True)
    mark(form, first, "1")
    for skill in others:
        mark(form, skill, "3")
    for part, do in ((f"#line-{first}", lambda: form.fill(f"textarea[name=note_{first}]", "No greeting.")), (f"#line-{second}", lambda: None)):
        form.click(SEND)
        box = form.locator("[data-refusal=missing]")
        expect(form.locator(part).locator("[data-refusal=missing]")).to_be_in_viewport()
        expect(box).to_have_count(1)
        do()
    expect(form.locator("form[aria-busy=true]")).to_have_count(0)
    phone.set_offline(False)
