"""No word of a filter is cut off: a choice and what a search says of itself are read whole on every width above a phone's."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import press, rest

pytestmark = pytest.mark.browser
CUT = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  return [...document.querySelectorAll("main input[placeholder], main select")].filter(one => one.checkVisibility()).flatMap(one => {
    const style = getComputedStyle(one);
    pen.font = style.font;
    const words = one.placeholder || one.selectedOptions?.[0]?.text || "";
    const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return pen.measureText(words).width > room + 1 ? [`${words}: ${pen.measureText(words).width} in ${room}`] : [];
  });
}"""


@pytest.mark.parametrize("path", ["/expectations/people", "/audit", "/people"])
def test_a_filter_says_all_its_words(cast: Any, signed_in: Callable[[str], Page], site: str, path: str) -> None:
    page = signed_in("ela")
    press(page, ".top button[name=language]")
    expect(page.locator("html")).to_have_attribute("lang", "tr")
    for wide in (720, 768, 1440):
        page.set_viewport_size({"width": wide, "height": 900})
        page.goto(site + path)
        rest(page)
        expect(page.locator("main :is(input[placeholder], select)").first).to_be_visible()
        assert page.evaluate(CUT) == [], wide
