"""The keyboard alone: Tab goes through the page in the order of the page, shows where it is, and comes out again at the end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CALL, press, rest

pytestmark = pytest.mark.browser
# Pressed one by one here; every other page of the table of rights is gone through in test_every_control.py.
MAIN = {
    "amir": ("/", "/learn/greeting", "/skills", "/me", f"/roleplays/{CALL}/"),
    "chloe": ("/team", "/team/skills"),
    "ela": ("/people/new", "/reports"),
}
# Everything Tab should stop at, in order; of radios that belong together one. The focus may show on a label or beside the control.
BEGIN = """() => {
  const looks = (one) => {
    const all = [one, one.closest("label"), one.closest("li, .card"), one.nextElementSibling, one.parentElement].filter(Boolean);
    return all.map(part => getComputedStyle(part)).map(s => [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow].join()).join(";");
  };
  const radios = new Set();
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(one => {
    if (one.disabled || one.type === "hidden" || one.tabIndex < 0 || !one.checkVisibility({visibilityProperty: true})) return false;
    if (one.type !== "radio") return true;
    const group = `${one.form?.action} ${one.name}`;
    const mates = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(one.name)}"]`)].filter(mate => mate.form === one.form);
    const stop = mates.find(mate => mate.checked) ?? mates[0];
    if (one !== stop || radios.has(group)) return false;
    radios.add(group);
    return true;
  });
  window.walk = {stops, looks, before: new Map(stops.map(one => [one, looks(one)]))};
  return stops.map(one => one.outerHTML.slice(0, 120));
}"""
NOW = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return [-1, true, ""];
  return [window.walk.stops.indexOf(one), window.walk.looks(one) !== window.walk.before.get(one), one.outerHTML.slice(0, 120)];
}"""


def walk(page: Page) -> None:
    """Tab from the head of the page to its end."""
    stops = page.evaluate(BEGIN)
    assert len(stops) > 5
    for number, stop in enumerate(stops):
        page.keyboard.press("Tab")
        at, shown, on = page.evaluate(NOW)
        # A date has a stop for its day, its month, its year and its calendar.
        while at == number - 1 and 'type="date"' in on:
            page.keyboard.press("Tab")
            at, shown, on = page.evaluate(NOW)
        assert at == number, f"{page.url}: after {number} steps the focus is on {on or 'nothing'}, not on {stop}"
        assert shown, f"{page.url}: nothing shows that the focus is on {on}"
    page.keyboard.press("Tab")
    at, _shown, on = page.evaluate(NOW)
    assert at in {-1, 0}, f"{page.url}: after the last control the focus is on {on}"


@pytest.mark.parametrize("who", MAIN)
def test_tab_goes_through_every_control_in_order_and_shows_where_it_is(signed_in: Callable[[str], Page], site: str, who: str) -> None:
    page = signed_in(who)
    for address in MAIN[who]:
        answer = page.goto(site + address)
        assert answer is not None and answer.ok, address
        rest(page)
        walk(page)


def test_in_a_role_play_too(signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("amir")
    page.goto(f"{site}/roleplays/{CALL}/")
    press(page, "main form .button-primary")
    page.goto(page.url.partition("#")[0])
    rest(page)
    walk(page)


def test_the_first_stop_leads_to_the_content(signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("amir")
    page.goto(f"{site}/learn")
    rest(page)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)
