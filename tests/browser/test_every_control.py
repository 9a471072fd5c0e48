"""Every page of the table of rights, opened in earnest by who may: weight, stillness, the way of the Tab key, and axe-core after its scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab

from tests.browser.conftest import AXE, PASSWORD, PATIENCE
from tests.browser.steps import press, rest
from tests.browser.test_budgets import MOST_BYTES, MOST_SHIFT, SHIFTS
from tests.browser.test_every_page import MINDED, OPEN
from tests.browser.test_keyboard import BEGIN
from tests.house.world import make_world
from tests.pages import ROLES, addresses, may_open

pytestmark = pytest.mark.browser
# Who opens a page first tries it for all: what differs between roles is links. Of a long list the first controls tell how the others do.
MOST_STOPS = 45
# Style sheet, scripts, drawings and typefaces as they come over the wire, and the page's own words, which nothing here packs.
WEIGHED = """() => ["resource", "navigation"].map(kind => performance.getEntriesByType(kind).reduce((sum, one) => sum + one.encodedBodySize, 0))"""
# The longest is a whole module, looked at before it is published.
FRAME, MOST_WORDS = 7_000, 120_000
# Where the focus comes to and whether that shows is written down in the page, so that a press is one message to the browser.
LISTEN = """() => {
  window.went = [];
  addEventListener("focusin", event => {
    const one = event.target;
    const at = window.walk.stops.indexOf(one);
    const box = one.getBoundingClientRect();
    const bars = [...document.querySelectorAll(".tabbar, .player-bar")].filter(bar => ["fixed", "sticky"].includes(getComputedStyle(bar).position));
    const under = bars.some(bar => {
      const over = bar.getBoundingClientRect();
      return !bar.contains(one) && box.height && box.top >= over.top && box.bottom <= over.bottom;
    });
    window.went.push([at, window.walk.looks(one) !== window.walk.before.get(one), under, one.outerHTML.slice(0, 120)]);
  });
}"""


@pytest.fixture
def lived(cast: Any, at: Any) -> Any:
    """Things of Amir's; made before the site opens, since from then on the test only looks."""
    return make_world(cast, at)


@pytest.fixture
def mine(app: Flask, lived: Any) -> dict[str, dict[str, str]]:
    """The pages by the role that tries them, with where each stands: the first role that may open it."""
    found: dict[str, dict[str, str]] = {role: {} for role in ROLES}
    for rule, address in addresses(app, lived, app.url_map.bind("localhost")).items():
        first = next((role for role, username in ROLES.items() if may_open(rule, username)), None)
        if first is not None:
            found[first][rule] = address
    return found


@pytest.fixture
def unhelped(chromium: Browser) -> Iterator[BrowserContext]:
    """A small phone on which nothing is kept for later: what a worker hands out from there tells its size unpacked."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, locale="en-GB", reduced_motion="reduce", has_touch=True, service_workers="block"
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def wrong_way(tab: Tab) -> list[str]:
    """What is wrong with the way of the Tab key: a control left out or out of turn, a focus that does not show, or one that lies under a bar."""
    stops = tab.evaluate(BEGIN)[:MOST_STOPS]
    tab.evaluate(LISTEN)
    # A date has a stop for its day, its month, its year and its calendar; the focus comes to it once.
    dates = sum('type="date"' in one or 'type="datetime-local"' in one or 'type="time"' in one for one in stops)
    for _stop in range(len(stops) + 6 * dates):
        tab.keyboard.press("Tab")
    went = tab.evaluate("window.went")[: len(stops)]
    found = [f"step {number} comes to {on}" for number, (at, _shown, _under, on) in enumerate(went) if at != number]
    found += [f"nothing shows that the focus is on {on}" for _at, shown, _under, on in went if not shown]
    found += [f"under a bar lies {on}" for _at, _shown, under, on in went if under]
    return found + ([f"the focus comes to {len(went)} of {len(stops)}"] if len(went) < len(stops) else [])


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_light_and_still_and_the_keyboard_goes_through_it(
    mine: dict[str, dict[str, str]], unhelped: BrowserContext, site: str, role: str
) -> None:
    tab, username = unhelped.new_page(), ROLES[role]
    if username:
        tab.goto(f"{site}/sign-in")
        tab.fill("input[name=login]", username)
        tab.fill("input[name=password]", PASSWORD)
        press(tab, "main form .button-primary")
    tab.add_init_script(SHIFTS)
    looked, found = 0, list[str]()
    for rule, address in mine[role].items():
        # Files, and pages that only lead to another, have nothing to go through.
        first = tab.request.get(site + address, max_redirects=0)
        if first.status != 200 or "text/html" not in first.headers.get("content-type", ""):
            continue
        looked += 1
        tab.goto(site + address)
        rest(tab)
        (before, words), shift = tab.evaluate(WEIGHED), tab.evaluate("window.shifted")
        if not 20_000 < before + FRAME <= MOST_BYTES:
            found.append(f"{rule}: before its words it weighs {before + FRAME} bytes")
        if words > MOST_WORDS:
            found.append(f"{rule}: its words weigh {words} bytes")
        if shift >= MOST_SHIFT:
            found.append(f"{rule}: it moves under the reader by {shift}")
        found += [f"{rule}: {one}" for one in wrong_way(tab)]
        # As its scripts have left it, and everything that can be unfolded open.
        tab.evaluate(OPEN)
        tab.evaluate(AXE)
        found += [f"{rule}: {one}" for one in tab.evaluate(MINDED)]
    assert looked >= len(mine[role]) / 2
    assert found == [], "\n".join(found)
