"""A role-play in writing, with its scripts: what a screen reader is told of a mail, a post and a chat, and nothing axe-core minds on the way."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import faults, too_wide
from tests.browser.steps import reply, rest
from trainee.kit import clock
from trainee.kit.db import db
from trainee.modules.roleplays import actions
from trainee.modules.roleplays.play import moves_of
from trainee.modules.roleplays.queries import current
from trainee.modules.roleplays.search import explore

pytestmark = pytest.mark.browser
MAIL, POST, CHAT, SHOP = "five-year-customer", "public-complaint", "first-message", "at-the-counter"
FIRST = {
    MAIL: """
- main:
  - region "E-mail":
    - article "E-mail from Murat Özkan":
      - term: "From:"
      - definition: Murat Özkan
      - term: "To:"
      - definition: Ada
      - term: "Date:"
      - definition: Sunday 23:10
      - term: "Subject:"
      - definition: Closing my membership
      - paragraph: Please close my Mavikart membership.
      - paragraph: Thank you for five years.
      - paragraph: Murat Özkan
    - group "Customer record":
      - list:
        - listitem: /Fourteen purchases/
    - group /.+/:
      - checkbox /.+/
""",
    POST: """
- main:
  - region "Social media":
    - article "Post by Burak Sezer":
      - paragraph:
        - strong: Burak Sezer
        - text: /@buraksezer/
      - paragraph: /TV came cracked/
      - figure /In the picture[:] A cracked screen/
      - paragraph: /214 likes 31 comments/
      - list "Comments":
        - listitem:
          - strong: Sinan T.
        - listitem:
          - strong: gulay.k
""",
    CHAT: """
- main:
  - region "Chat":
    - group "On your screen":
      - list:
        - listitem: /order number/
    - paragraph: /Barış Akın.*desk came/
""",
    SHOP: """
- main:
  - region "In the shop":
    - group "Kızılay shop, service desk":
      - list "What you see":
        - listitem: /big man/
      - list "What you hear":
        - listitem: /music/
    - paragraph: /Volkan Çetin.*Two hours/
""",
}
LATER = """
- main:
  - region "E-mail":
    - article "E-mail from Ada":
      - term: "From:"
      - definition: Ada
      - term: "To:"
      - definition: Murat Özkan
      - term: "Subject:"
      - definition: "Re: Closing my membership"
    - article "E-mail from Murat Özkan":
      - term: "From:"
      - definition: Murat Özkan
      - term: "Subject:"
      - definition: "Re: Closing my membership"
    - group "What do you write?":
      - term: "To:"
      - definition: Murat Özkan
      - button /.+/
      - button /.+/
"""
BACK = """
- list:
  - listitem:
    - group:
      - article "E-mail from Murat Özkan"
      - group "Customer record"
  - listitem:
    - group:
      - article "E-mail from Ada"
"""


def on(page: Page, given: dict[str, list[str]]) -> None:
    """Answer, and wait for the next scene."""
    before = page.locator(".replies input[name=key]").first.get_attribute("value")
    rest(page)
    page.click(reply(page, given))
    page.wait_for_function("key => document.querySelector('.replies input[name=key]')?.value !== key", arg=before)
    rest(page)


def begin(page: Page, site: str, story: str) -> None:
    """Open a role-play and begin it."""
    page.goto(f"{site}/roleplays/{story}/")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/roleplay-runs/*")
    rest(page)


@pytest.fixture
def finished(cast) -> int:
    """The mails, played to their best end by Amir; made before the site opens, since from then on the test only looks."""
    _version, story = current(MAIL)
    ways = explore(story)
    best = ways[max(ways, key=lambda end: story.endings[end[0]].rank)]
    run_id = actions.begin(cast.amir, MAIL, "a key", clock.now())
    for seq, made in enumerate(moves_of(story, best)):
        given = {
            "criteria" if name == "confirmed" else name: [value] if isinstance(value, str) else list(value) for name, value in made.answer.items()
        }
        actions.move(run_id, cast.amir, seq, made.scene, given, f"key {seq}", "en", clock.now())
    db.session.commit()
    return run_id


@pytest.mark.parametrize("story", FIRST)
def test_what_is_shown_first_is_read_as_what_it_is(signed_in: Callable[[str], Page], site: str, story: str) -> None:
    page = signed_in("amir")
    begin(page, site, story)
    expect(page.locator("body")).to_match_aria_snapshot(FIRST[story])
    assert faults(page) == []
    assert too_wide(page) <= 0


def test_mails_are_a_thread_and_the_answer_to_one_is_told(signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("amir")
    begin(page, site, MAIL)
    _version, story = current(MAIL)
    ways = explore(story)
    best = ways[max(ways, key=lambda end: story.endings[end[0]].rank)]
    for given in best[:2]:
        on(page, given)
    expect(page.locator("body")).to_match_aria_snapshot(LATER)
    expect(page.locator(".mail.bubble-now")).to_be_focused()
    expect(page.get_by_role("status").last).to_contain_text("Saved. From: Murat Özkan To: Ada Subject: Re: Closing my membership")
    assert faults(page) == []
    page.context.set_offline(True)
    page.click(".replies button[name=choice] >> nth=0")
    expect(page.locator("[data-saved][data-state=waiting]:visible").first).to_be_visible()
    assert faults(page) == [], "nor while the line is gone"
    page.context.set_offline(False)


def test_the_look_back_shows_the_mails_that_were_written(finished: int, signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("amir")
    page.goto(f"{site}/roleplay-runs/{finished}/debrief")
    rest(page)
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    expect(page.get_by_role("heading", name="Scene by scene")).to_be_visible()
    expect(page.locator("ol.debrief")).to_match_aria_snapshot(BACK)
    assert faults(page) == []
    assert too_wide(page) <= 0


@pytest.mark.parametrize(("width", "theme"), [(768, "dark"), (1440, "light")])
def test_the_search_and_a_talk_on_a_screen_leave_axe_nothing_to_mind(chromium: Browser, signed_in, site: str, width: int, theme: str) -> None:
    page = signed_in("amir")
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    begin(page, site, POST)
    assert faults(page) == []
    # What it is about stands below whom one writes with, and not below her picture.
    whom, about = page.evaluate("""() => [".stage-name", ".stage-subject"].map(one => {
      const words = document.createRange();
      words.selectNodeContents(document.querySelector(one));
      return words.getBoundingClientRect().x;
    })""")
    assert abs(whom - about) < 1
    page.goto(f"{site}/search?q=greeting")
    rest(page)
    assert faults(page) == []
    assert too_wide(page) <= 0
