"""The page's own scripts in a real browser: answers that cannot be lost, and a bench without anything axe-core would mind."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.browser.conftest import PATIENCE
from trainee.app import create_app
from trainee.config import Config
from trainee.kit.patterns import CHANNELS

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
QUEUE = "trainee.queue.guest"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with its bench, served with forged forms refused as in earnest."""
    folder = tmp_path_factory.mktemp("bench")
    app = create_app(Config(environment="test", data_dir=str(folder), secret_key="t" * 40, default_language="en"))
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def player(phone: BrowserContext, site: str) -> Page:
    page = phone.new_page()
    page.goto(f"{site}/patterns/player")
    # The scripts come after the page; until then the form would be sent the plain way.
    page.wait_for_selector("form[data-ready]")
    return page


def _answer(page: Page, value: str | None) -> None:
    if value:
        page.check(f"input[name=answer][value={value}]")
    page.click(".form-actions button")


def _waiting(page: Page) -> list[dict[str, Any]]:
    kept = page.evaluate(f"localStorage.getItem('{QUEUE}')")
    return json.loads(kept) if kept else []


def _state(page: Page, state: str) -> None:
    page.wait_for_selector(f".player-bar [data-saved][data-state={state}]")


def _posts(page: Page) -> list[str]:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    return sent


def test_an_answer_brings_the_next_question_without_loading_a_page(player: Page) -> None:
    player.evaluate("window.stayed = true")
    _answer(player, "a")
    player.wait_for_selector("text=Question 2 of 10")
    _state(player, "saved")
    assert player.evaluate("window.stayed")
    expect(player.locator(".stem-words")).to_be_focused()
    expect(player.locator("[data-live]")).to_have_text("Saved")


def test_a_bad_form_and_a_refusal_are_shown_in_place_and_keep_the_question(player: Page) -> None:
    _answer(player, None)
    expect(player.locator(".notice-bad").first).to_contain_text("choose an answer")
    _answer(player, "refuse")
    expect(player.locator("[data-refusal]")).to_contain_text("finished")
    expect(player.locator("input[value=refuse]")).to_be_checked()
    assert _waiting(player) == []


def test_an_answer_given_without_a_line_waits_and_is_sent_once_when_the_line_returns(player: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    _answer(player, "b")
    _state(player, "waiting")
    assert [item["key"] for item in _waiting(player)] == ["bench-1"]
    sent = _posts(player)
    phone.set_offline(False)
    player.wait_for_selector("text=Question 2 of 10")
    _state(player, "saved")
    assert (len(sent), _waiting(player)) == (1, [])


def test_an_answer_survives_closing_the_tab(player: Page, phone: BrowserContext, site: str) -> None:
    player.route("**/patterns/player", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    _answer(player, "b")
    _state(player, "waiting")
    player.close()
    again = phone.new_page()
    sent = _posts(again)
    again.goto(f"{site}/patterns")
    again.wait_for_selector("[data-saved-everywhere][data-state=saved]", state="attached")
    assert (len(sent), _waiting(again)) == (1, [])
    assert "key=bench-1" in sent[0]


def test_a_server_in_trouble_keeps_the_answer_waiting(player: Page) -> None:
    _answer(player, "a")
    player.wait_for_selector("text=Question 2 of 10")
    player.route("**/patterns/player", lambda route: route.fulfill(status=503, body="busy") if route.request.method == "POST" else route.continue_())
    _answer(player, "a")
    _state(player, "waiting")
    assert len(_waiting(player)) == 1
    player.unroute("**/patterns/player")
    player.evaluate("window.dispatchEvent(new Event('online'))")
    player.wait_for_selector("text=Question 3 of 10")


def test_a_page_that_was_open_too_long_fetches_a_new_token_and_loses_nothing(player: Page, phone: BrowserContext) -> None:
    phone.clear_cookies()
    _answer(player, "a")
    player.wait_for_selector("text=Question 2 of 10")


def test_signed_out_the_answer_stays_and_the_way_in_is_offered(player: Page) -> None:
    player.route("**/patterns/player", lambda route: route.fulfill(status=401, body="") if route.request.method == "POST" else route.continue_())
    _answer(player, "a")
    expect(player.locator("[data-queue-note] a")).to_have_attribute("href", re.compile(r"/sign-in\?next="))
    assert len(_waiting(player)) == 1


def test_nobody_sends_what_somebody_else_answered(player: Page, phone: BrowserContext, site: str) -> None:
    player.evaluate("""() => {
        document.body.dataset.person = '';
        localStorage.setItem('trainee.person', '8');
        localStorage.setItem('trainee.queue.8', JSON.stringify([{key: 'k', url: '/patterns/player', body: 'key=k&answer=a', page: '/x'}]));
    }""")
    sent = _posts(player)
    _answer(player, "a")
    expect(player.locator("[data-queue-note]")).to_contain_text("Somebody else")
    assert sent == []
    assert len(json.loads(player.evaluate("localStorage.getItem('trainee.queue.8')"))) == 1


def test_without_script_the_same_form_works(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{site}/patterns/player")
    page.check("input[value=a]")
    page.click(".form-actions button")
    expect(page.locator(".stem .eyebrow")).to_have_text("Question 2 of 10")
    context.close()


def test_an_order_can_be_made_with_the_keyboard(phone: BrowserContext, site: str) -> None:
    page = phone.new_page()
    page.goto(f"{site}/patterns")
    page.wait_for_selector("[data-ordering][data-ready]")
    first = page.locator("[data-ordering] [data-item]").first
    words = first.locator(".ordering-words").inner_text()
    first.locator(".ordering-tools button").last.press("Enter")
    expect(page.locator("[data-ordering] .ordering-words").nth(1)).to_have_text(words)
    expect(page.locator("[data-live]")).to_have_text("Place 2 / 3")
    assert page.locator("[data-ordering] select").evaluate_all("all => all.map(one => one.value)") == ["1", "2", "3"]


def test_the_chosen_theme_is_kept(phone: BrowserContext, site: str) -> None:
    page = phone.new_page()
    page.goto(f"{site}/patterns")
    page.click("[data-theme-switch]")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(26, 25, 22)"


# Contrast depends on the theme and what is cut off on the width: two pictures show all four.
@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1440, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(chromium: Browser, site: str, theme: Any, width: int) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, locale="tr-TR", bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    for address in ("/patterns", "/patterns/lesson", "/patterns/player", *(f"/patterns/stage/{channel}" for channel in CHANNELS)):
        page.goto(site + address)
        page.evaluate("document.fonts.ready")
        page.evaluate(AXE)
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})")
        troubles += [f"{address}: {one['id']} {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            troubles.append(f"{address}: wider than the screen")
    context.close()
    assert troubles == []
