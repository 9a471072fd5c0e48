"""What a screen reader is told of the skills map and of a role-play: roles, names, their order, and what is said without being asked for."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CALL, rest
from tests.house.world import make_world
from trainee.modules.roleplays.queries import current

pytestmark = pytest.mark.browser
MAP = """
- main:
  - navigation "Where you are":
    - list:
      - listitem:
        - link "Team"
  - heading "Skills map" [level=1]
  - search:
    - searchbox "Search by name or team"
    - button "Show"
    - paragraph: 2 people
  - group "People and their skills":
    - 'table "People and their skills: for each the level and how sure it is"':
      - rowgroup:
        - row:
          - columnheader "Connect and understand"
          - columnheader "Deliver and be trusted"
        - row:
          - columnheader "Name"
          - columnheader "Greeting and first impression"
          - columnheader "Empathy"
          - columnheader "Discovering needs"
      - rowgroup:
        - row /Amir Kaya/:
          - rowheader "Amir Kaya":
            - link "Amir Kaya"
          - cell "Not enough evidence yet"
          - cell "Not enough evidence yet, To find out"
          - cell "Not enough evidence yet"
        - row /Beth Öğüt/:
          - rowheader "Beth Öğüt":
            - link "Beth Öğüt"
"""
BRIEF = """
- main:
  - paragraph: Role-play
  - heading "The washing machine that did not come" [level=1]
  - button "Begin"
  - article:
    - paragraph: You will talk with
    - heading "Nermin Aksoy" [level=2]
"""
TALK = """
- main:
  - heading "The washing machine that did not come" [level=1]
  - link "Leave the talk; you can go on later"
  - strong: Nermin Aksoy
  - timer "Time on the line"
  - progressbar "Scene 1"
  - region "Phone call":
    - paragraph: /Nermin Aksoy .+/
    - group "What do you say?":
      - button /.+/
      - button /.+/
      - button /.+/
  - group: Your information card
"""


@pytest.fixture
def lived(cast: SimpleNamespace, at: Any) -> Any:
    """Things of Amir's; made before the site opens, since from then on the test only looks."""
    return make_world(cast, at)


def test_the_skills_map_is_a_table_whose_cells_say_level_and_gap(lived: Any, signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("chloe")
    page.goto(f"{site}/team/skills")
    expect(page.locator("body")).to_match_aria_snapshot(MAP)
    # Every cell of a person is under the skill it tells of.
    table = page.get_by_role("table", name="People and their skills")
    expect(table.get_by_role("row", name="Amir Kaya").get_by_role("cell")).to_have_count(table.locator("thead tr").nth(1).locator("th").count() - 1)


def test_a_role_play_is_read_in_the_order_in_which_it_happens(signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("amir")
    page.goto(f"{site}/roleplays/{CALL}/")
    expect(page.locator("body")).to_match_aria_snapshot(BRIEF)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/roleplay-runs/*")
    expect(page.locator("body")).to_match_aria_snapshot(TALK)
    before = page.locator(".replies input[name=key]").first.get_attribute("value")
    said = page.locator(".replies button[name=choice]").first
    mine = said.inner_text()
    rest(page)
    said.click()
    page.wait_for_function("key => document.querySelector('.replies input[name=key]')?.value !== key", arg=before)
    now = page.locator(".bubble-now")
    # The customer's new line is told by the live region, and the reader stands on it; what was said before stands above it.
    words = now.locator(".bubble-words").first.inner_text()
    expect(now.first).to_be_focused()
    expect(page.get_by_role("status").last).to_have_text(f"Saved. {current(CALL)[1].customer.name}: {words}")
    expect(page.get_by_role("region", name="Phone call").get_by_role("paragraph")).to_contain_text(["Hello?", mine, words])
