"""What a page may weigh and how still it stands: everything the browser fetches on somebody's first visit, as it comes over the wire."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.steps import CALL, rest

pytestmark = pytest.mark.browser
# The page as it is, style sheet and scripts packed, drawings and both typefaces. The longest lists of a real company come on top: that is content.
MOST_BYTES = 100_000
MOST_SHIFT = 0.05
MAIN = {
    "amir": ("/", "/learn", "/learn/greeting", "/skills", "/me", "/notices", f"/roleplays/{CALL}/", "/quizzes/greeting/"),
    "chloe": ("/team", "/team/skills", "/observations"),
    "ela": ("/people", "/reports", "/surveys"),
    "ferit": ("/scorecards",),
}
SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("who", MAIN)
def test_a_first_visit_is_light_and_nothing_moves_under_the_reader(signed_in: Callable[[str], Page], site: str, who: str) -> None:
    page = signed_in(who)
    page.add_init_script(SHIFTS)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weighed: list[float] = []
    wire.on("Network.loadingFinished", lambda one: weighed.append(one["encodedDataLength"]))
    found: dict[str, Any] = {}
    for address in MAIN[who]:
        weighed.clear()
        answer = page.goto(site + address)
        assert answer is not None and answer.ok, address
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready.then(() => true)")
        rest(page)
        # The page, its style sheet, its script and a typeface at the least: else nothing was weighed.
        assert len(weighed) >= 4
        if sum(weighed) > MOST_BYTES or page.evaluate("window.shifted") >= MOST_SHIFT:
            found[address] = (sum(weighed), page.evaluate("window.shifted"))
    assert found == {}
