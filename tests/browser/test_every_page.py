"""Every page as every role in both languages: nothing axe-core minds, and nothing moving or lost on a narrow screen, at 200 %, with wider letters.

The pages are read without a browser (tests/pages.py) and set one after another into one that has their style sheet, in a quarter of the time it
takes to open each. In each language every width and theme has its share of the pages, dealt out by the page's name; pages that are met as several
roles are met in several looks. A page all of whose elements, with their classes and where they stand, were seen on the same page before, as
another role, is left out: only its words differ. In Turkish everything that is folded is open. With its scripts each page is looked at in
test_every_control.py, and a role-play in test_written_talks.py and wherever a journey is walked.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Route
from playwright.sync_api import Page as Tab

from tests.browser.conftest import AXE, PATIENCE
from tests.pages import Page

pytestmark = pytest.mark.browser

# 640 pixels are a screen of 1280 at 200 %.
LOOKS = [(theme, width) for width in (360, 640, 768, 1440) for theme in ("light", "dark")]
SET = """html => {
  const made = new DOMParser().parseFromString(html, "text/html");
  for (const one of made.querySelectorAll("script")) one.remove();
  document.documentElement.lang = made.documentElement.lang;
  document.title = made.title;
  document.body.replaceWith(made.body);
}"""
MINDED = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], elementRef: false, preload: false});
  return found.violations.map(one => `${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 160)}`);
}"""
# WCAG 1.4.12: what a reader may set for herself without losing anything.
SPACED = """
  body, body * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
  p { margin-block-end: 2em !important; }
"""
OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
WIDER = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return "";
  const edge = document.documentElement.clientWidth;
  const all = [...document.body.querySelectorAll("*")];
  const out = all.filter(one => one.getBoundingClientRect().right > edge + 1 && !one.closest("[tabindex='0']")).at(-1);
  return `${wide} pixels wider than the screen: ${out?.outerHTML.slice(0, 160)}`;
}"""
CUT = """() => {
  const lost = [];
  for (const one of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(one);
    // The reader has asked for less motion.
    const moves = `${style.transitionDuration}, ${style.animationDuration}`.split(", ").some(each => parseFloat(each) > .001);
    if (moves) lost.push(`it moves: ${one.outerHTML.slice(0, 160)}`);
    if (one.clientWidth < 2 || !one.textContent.trim()) continue;
    const across = ["hidden", "clip"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
    const down = ["hidden", "clip"].includes(style.overflowY) && one.scrollHeight > one.clientHeight + 1;
    if (across || down) lost.push(`words are cut off: ${one.outerHTML.slice(0, 160)}`);
  }
  return lost;
}"""
LOST = f"""() => {{
  const lost = [({WIDER})()].filter(Boolean);
  return [...lost, ...({CUT})()];
}}"""


def to_look_at(pages: list[Page], language: str) -> Iterator[Page]:
    """The pages of that language, without those of which every element has been seen on the same page before."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for page in pages:
        if page.language == language and not page.shape <= seen[page.rule]:
            seen[page.rule] |= page.shape
            yield page


def dealt_out(pages: list[Page], language: str) -> dict[tuple[str, int], list[Page]]:
    """The pages to look at by how they are looked at: a page has its look by its name, and the next one as the next role, and another in Turkish."""
    dealt: defaultdict[tuple[str, int], list[Page]] = defaultdict(list)
    met: defaultdict[str, int] = defaultdict(int)
    for page in to_look_at(pages, language):
        place = zlib.crc32(page.rule.encode()) + met[page.rule] + (len(LOOKS) // 2 + 1) * (language == "tr")
        dealt[LOOKS[place % len(LOOKS)]].append(page)
        met[page.rule] += 1
    return dealt


@pytest.fixture
def tab(chromium: Browser, app: Flask) -> Iterator[Tab]:
    """A browser that has nothing but the style sheet and the drawings."""

    def serve(route: Route) -> None:
        with app.app_context():
            answer = app.test_client().get(route.request.url.removeprefix("http://trainee.test"))
        route.fulfill(status=answer.status_code, content_type=answer.headers["Content-Type"], body=answer.data)

    context = chromium.new_context(reduced_motion="reduce", bypass_csp=True, java_script_enabled=True)
    context.set_default_timeout(PATIENCE)
    context.route("**/*", serve)
    tab = context.new_page()
    tab.goto("http://trainee.test/sign-in")
    tab.wait_for_load_state("networkidle")
    tab.evaluate(AXE)
    yield tab
    context.close()


@pytest.mark.lasts(60)
@pytest.mark.parametrize("language", ["en", "tr"])
def test_every_page_can_be_used_by_everybody(tab: Tab, pages: list[Page], language: str) -> None:
    found, looked = [], 0
    dealt = dealt_out(pages, language)
    assert set(dealt) == set(LOOKS), "every width and theme has its share"
    for (theme, width), these in dealt.items():
        tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
        tab.set_viewport_size({"width": width, "height": 740})
        for page in these:
            looked += 1
            tab.evaluate(SET, page.html)
            if language == "tr":
                # What is folded away is looked at too; in English the page as it comes.
                tab.evaluate(OPEN)
            here = tab.evaluate(MINDED)
            lost = tab.evaluate(LOST)
            spaced = tab.add_style_tag(content=SPACED)
            lost += [f"with more room between letters, {one}" for one in tab.evaluate(LOST) if one not in lost]
            spaced.evaluate("one => one.remove()")
            found += [f"{page.name}, {theme}, {width}: {one}" for one in [*here, *lost]]
    assert looked > 150
    assert found == [], "\n".join(found)
    # Whatever its share was: no page is wider than the narrowest phone, nor than a screen of 1280 at 200 %.
    for narrow in (360, 640):
        tab.set_viewport_size({"width": narrow, "height": 740})
        for page in (page for (_theme, width), these in dealt.items() for page in these if width != narrow):
            tab.evaluate(SET, page.html)
            if language == "tr":
                tab.evaluate(OPEN)
            if wide := tab.evaluate(WIDER):
                found.append(f"{page.name}, {narrow}: {wide}")
    assert found == [], "\n".join(found)
