"""Chloe on her phone closes the gap between what Amir can and what he does at work; he disagrees with one line, and Hana finds that he is right.

Turkish while Chloe finds, observes, coaches and assigns; English from the follow-up on. A month passes, by the server's own clock.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.browser.conftest import PASSWORD, PATIENCE, faults, too_wide
from tests.browser.steps import press, rest, tick
from tests.noon import Shown
from trainee import coaching, expectations, profile
from trainee.coaching.sessions import CoachingSession
from trainee.kit import clock
from trainee.kit.db import db
from trainee.profile import Showing
from trainee.skills.scorecards import current_card

pytestmark = pytest.mark.browser
SKILL = "empathy"
ACTION = "Önce müşterinin sözünü bitirmesini bekler, sonra tek cümleyle özetler."
Opens = Callable[[str, str], Page]


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the day, counted from today; the house has one place that reads the clock."""
    monkeypatch.setattr(clock, "datetime", Shown)

    def is_(number: int) -> None:
        Shown.set(datetime.now(UTC) + timedelta(days=number))

    is_(0)
    return is_


@pytest.fixture
def gap(app: Any, cast: SimpleNamespace, day: Callable[[int], None]) -> None:
    """Amir knows how to listen and plays it well, and at work he interrupts: seen by two, told nobody to put right."""
    day(-30)
    today = clock.now()
    asked = {"why": "Müşteriler sözlerinin kesildiğini söylüyor.", "ways": ("observation",), "rhythm": "monthly", "audience": "nobody"}
    begins = today - timedelta(days=60)
    terms = expectations.Terms(skill=SKILL, level=3, starts_on=clock.local_date(begins, "Europe/Istanbul"), **asked)
    expectations.acknowledge(expectations.issue(expectations.Scope("person", cast.amir), terms, by_id=cast.chloe, at=begins), cast.amir, begins)
    for number in range(24):
        when = today - timedelta(days=50 - number)
        source, item = ("quiz_answer", "empathy/quiz") if number % 2 else ("roleplay_choice", "late-washing-machine")
        profile.record([Showing(cast.amir, SKILL, source, 1.0, f"{item}/{number}", when, f"{source}/{number}")], when)
    for number in range(8):
        when = today - timedelta(days=30 - number)
        see = {"observer_id": cast.hana if number % 2 else cast.chloe, "person_id": cast.amir, "seen_at": when, "channel": "phone", "shared": ""}
        see["card_id"] = current_card("phone").id
        made = coaching.observe(**see, lines=[coaching.Line(SKILL, 2), coaching.Line("greeting", 3)], receipt=f"before {number}", at=when)
        coaching.acknowledge(db.session.get_one(coaching.Observation, made), when)
    db.session.commit()


@pytest.fixture
def opens(chromium: Browser, gap: None, site: str) -> Iterator[Opens]:
    """Opens a phone of one's own, signs in and reads in that language."""
    contexts = []

    def sign_in(username: str, language: str) -> Page:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, locale=language, reduced_motion="reduce", has_touch=True)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site}/sign-in")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        # Weeks pass.
        tick(page.locator("input[name=remember]"))
        page.click("main form .button-primary")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        if page.get_attribute("html", "lang") != language:
            press(page, ".top button[name=language]")
            expect(page.locator("html")).to_have_attribute("lang", language)
        return page

    yield sign_in
    for context in contexts:
        context.close()


def look(page: Page) -> None:
    """Nothing axe minds, nothing cut off."""
    assert faults(page) == []
    assert too_wide(page) <= 0, page.url


def mark(page: Page, name: str, value: str) -> None:
    tick(page.locator(f"input[name={name}][value='{value}']"))


def watch(page: Page, empathy: str, greeting: str, note: str = "") -> str:
    """Fill in the open form as one does on a phone and send it; where the observation stands."""
    mark(page, f"level_{SKILL}", empathy)
    mark(page, "level_greeting", greeting)
    if note:
        page.fill("textarea[name=note_greeting]", note)
    tick(page.locator("input[name=rest]"))
    rest(page)
    page.click("main form[data-draft] .button-primary")
    page.wait_for_url(re.compile(r"/observations/\d+$"))
    return page.url


def expected(cast: SimpleNamespace, skill: str) -> float:
    db.session.rollback()
    return profile.levels(cast.amir, clock.now())[skill].lines["observed"].expected


def follow_up(chloe: Page, site: str) -> None:
    """Three weeks after the talk Team says whose follow-up is due; that one and two more close the loop."""
    chloe.goto(f"{site}/team")
    row = chloe.locator("li.row", has_text="Amir Kaya")
    expect(row).to_contain_text("see whether what was agreed shows at work")
    with chloe.expect_navigation():
        row.get_by_role("link", name="Observe").click()
    expect(chloe.locator("main")).to_contain_text("to see Empathy again")
    watch(chloe, "3", "3")


def test_a_supervisor_closes_the_loop_and_is_put_right_on_one_line(
    opens: Opens, site: str, cast: SimpleNamespace, day: Callable[[int], None]
) -> None:
    # Turkish: she finds whom the gap concerns, and why.
    chloe = opens("chloe", "tr")
    chloe.goto(f"{site}/team")
    row = chloe.locator("li.row", has_text="Amir Kaya")
    expect(row).to_contain_text("Empati")
    look(chloe)
    with chloe.expect_navigation():
        row.get_by_role("link", name="Gözlemle").click()
    expect(chloe.locator("input[name=card_id]")).to_have_value(str(current_card("phone").id))
    look(chloe)
    watch(chloe, "2", "3")
    look(chloe)
    # She promises a talk about it.
    chloe.goto(f"{site}/people/{cast.amir}")
    with chloe.expect_navigation():
        chloe.locator("#gaps").get_by_role("link", name="Koçluk görüşmesi hazırla").first.click()
    expect(chloe.locator("select[name=skill]")).to_have_value(SKILL)
    look(chloe)
    chloe.click("#promise .button-primary")
    chloe.wait_for_url(re.compile(r"/coaching/\d+"))
    talk = chloe.url.partition("#")[0]
    # Two days later it is held: one action, and the day of the follow-up.
    day(-28)
    chloe.goto(talk)
    chloe.fill("#agreement [name=seen]", "Müşteri cümlesini bitirmeden çözüme geçti.")
    chloe.fill("#agreement [name=action]", ACTION)
    chloe.click("#agreement .button-primary")
    chloe.wait_for_selector("#agreed")
    expect(chloe.locator("#loop")).to_contain_text("0")
    look(chloe)
    # And a role-play is assigned.
    chloe.goto(f"{site}/people/{cast.amir}/assignments/new?skill={SKILL}")
    chloe.select_option("select[name=what]", "roleplay/late-washing-machine")
    chloe.fill("textarea[name=why]", "Dinlemeyi işe taşımak için.")
    look(chloe)
    press(chloe, "main .card form .button-primary")
    expect(chloe.locator("#assignments")).to_contain_text("Dinlemeyi işe taşımak için.")
    # English: the follow-up is due, and two more are seen.
    day(-14)
    press(chloe, ".top button[name=language]")
    expect(chloe.locator("html")).to_have_attribute("lang", "en")
    follow_up(chloe, site)
    for number, greeting, note in ((-12, "3", ""), (-10, "1", "No name, no greeting.")):
        day(number)
        before = expected(cast, "greeting")
        chloe.goto(f"{site}/people/{cast.amir}/observations/new?card=phone")
        seen = watch(chloe, "3", greeting, note)
    marked = expected(cast, "greeting")
    assert marked < before
    chloe.goto(talk)
    expect(chloe.locator("main .badge").first).to_contain_text("Loop closed")
    expect(chloe.locator("#loop")).to_contain_text("0 of 9 observations at level 3 or above")
    expect(chloe.locator("#loop")).to_contain_text("3 of 3 observations at level 3 or above")
    expect(chloe.locator("#loop")).to_contain_text("Clearly more often than before.")
    look(chloe)
    # Amir finds on Today what was seen of him, and does not agree with one line.
    amir = opens("amir", "en")
    amir.goto(f"{site}/")
    amir.locator("main a", has_text="Chloe Irmak saw you at work").first.click()
    expect(amir).to_have_url(seen)
    amir.click("#line-greeting summary:has-text('I see this differently')")
    amir.fill("#line-greeting textarea", "The recording begins after my greeting.")
    amir.click("#line-greeting form button")
    amir.wait_for_url(re.compile(r"/observations/disputes/\d+$"))
    disputed = amir.url
    look(amir)
    amir.goto(seen)
    press(amir, "button:has-text('I have read this')")
    # Hana, who did not score it, decides.
    hana = opens("hana", "en")
    hana.goto(f"{site}/observations/disputes")
    hana.get_by_role("link", name="Amir Kaya").click()
    hana.wait_for_url(disputed)
    mark(hana, "outcome", "changed")
    hana.select_option("select[name=level]", "3")
    hana.fill("textarea[name=reply]", "I have heard it: he greets by name.")
    look(hana)
    press(hana, "main form .button-primary")
    expect(hana.locator("main")).to_contain_text("I have heard it: he greets by name.")
    # The figures move back, and both of them are told.
    assert expected(cast, "greeting") > marked
    assert expected(cast, "greeting") >= before - 0.02
    for page in (chloe, amir):
        page.goto(f"{site}/")
        expect(page.locator("main")).to_contain_text("The dispute is decided: another level fits better.")
        look(page)
    amir.goto(seen)
    expect(amir.locator("#line-greeting")).to_contain_text("It was marked 1 first.")
    db.session.rollback()
    assert db.session.execute(select(CoachingSession.action)).scalars().all() == [ACTION]


def test_two_supervisors_who_write_in_one_session_never_overwrite_each_other(opens: Opens, site: str, cast: SimpleNamespace) -> None:
    chloe, hana = opens("chloe", "en"), opens("hana", "en")
    chloe.goto(f"{site}/people/{cast.amir}/coaching?skill={SKILL}")
    chloe.click("#promise .button-primary")
    chloe.wait_for_url(re.compile(r"/coaching/\d+"))
    talk = chloe.url.partition("#")[0]
    hana.goto(talk)
    # What is typed in one part is not lost when another is saved.
    chloe.fill("#private textarea", "Ask about his shifts.")
    for page, words in ((chloe, "He cut in twice."), (hana, "He sums up well by now.")):
        page.fill("#coach textarea[name=behaviour]", words)
        press(page, "#coach form button")
    expect(chloe.locator("#coach textarea[name=behaviour]")).to_have_value("He cut in twice.")
    expect(chloe.locator("#private textarea")).to_have_value("Ask about his shifts.")
    expect(hana.locator("#coach")).to_contain_text("Somebody else has written here meanwhile")
    expect(hana.locator("#coach")).to_contain_text("He cut in twice.")
    expect(hana.locator("#coach textarea[name=behaviour]")).to_have_value("He sums up well by now.")
    look(hana)
    # She takes both together, knowing what stands there.
    hana.fill("#coach textarea[name=behaviour]", "He cut in twice; he sums up well by now.")
    press(hana, "#coach form button")
    chloe.goto(talk)
    expect(chloe.locator("#coach textarea[name=behaviour]")).to_have_value("He cut in twice; he sums up well by now.")
