"""Where a reader is: one entry of the navigation is marked on every page, it is the one she expects, and the way back begins with it."""

import re
from dataclasses import dataclass
from html import unescape

import pytest

from tests.house.permissions import EVERYBODY, SIGNED_IN, TABLE
from tests.pages import Page

pytestmark = pytest.mark.pages
# What everybody reads of the company and some write is written where it is read, and modules where they lie.
WRITTEN = {"model", "handbook", "service", "complaints", "board", "walks", "goals", "jobs", "publishing", "roleplays"}
# One comes here from anywhere and goes on from here to anywhere.
NOWHERE = {"search.search"}
OWN = {"/learn", "/me"}


@dataclass(frozen=True)
class Place:
    """Where one page says it lies: every entry shown, the one that is marked, and the way back."""

    entries: tuple[str, ...]
    marked: tuple[str, ...]
    crumbs: tuple[str, ...]


def place_of(page: Page) -> Place | None:
    """Nothing for pages without a way about: those for guests, and the players."""
    bar = re.search(r'<nav class="tabbar".*?</nav>', page.html, re.S)
    if bar is None or 'class="shell player' in page.html:
        return None
    links = re.findall(r'<a href="([^"]+)"( aria-current="page")?', bar[0])
    crumbs = re.search(r'<nav class="crumbs".*?</nav>', page.html, re.S)
    back = re.findall(r'href="([^"]+)"', crumbs[0]) if crumbs else []
    return Place(tuple(url for url, _current in links), tuple(url for url, current in links if current), tuple(unescape(url) for url in back))


@pytest.fixture
def placed(pages: list[Page]) -> list[tuple[Page, Place]]:
    """The pages of one language that lie somewhere; where a page lies is the same in both."""
    return [(page, place) for page in pages if page.language == "en" and page.rule not in NOWHERE and (place := place_of(page)) is not None]


def test_every_page_lies_under_one_entry_and_the_way_back_begins_with_it(placed):
    assert len(placed) > 300
    wrong = []
    for page, place in placed:
        here = page.address.split("?")[0]
        if len(place.marked) != 1:
            wrong.append(f"{page.name}: {len(place.marked)} entries are marked")
        elif here in place.entries:
            if place.marked[0] != here or place.crumbs:
                wrong.append(f"{page.name} is an entry: {place.marked}, {place.crumbs}")
        elif place.crumbs[:1] != place.marked or set(place.crumbs[1:]) & set(place.entries):
            wrong.append(f"{page.name} under {place.marked} says {place.crumbs}")
    assert not wrong, "\n".join(wrong)


def test_what_is_done_for_others_is_never_under_ones_own_learning(placed):
    wrong = []
    for page, place in placed:
        may = TABLE[page.rule].may
        for_others = may is not EVERYBODY and may is not SIGNED_IN and "amir" not in may
        if for_others and page.rule.split(".")[0] not in WRITTEN and set(place.marked) & OWN:
            wrong.append(f"{page.name} under {place.marked}")
    assert not wrong, "\n".join(wrong)


def test_the_page_above_says_the_same_way_back(placed):
    known = {(page.role, page.address): place for page, place in placed}
    wrong = []
    for page, place in placed:
        if len(place.crumbs) < 2:
            continue
        above = known.get((page.role, place.crumbs[-1]))
        if above is not None and above.crumbs != place.crumbs[:-1]:
            wrong.append(f"{page.name}: {place.crumbs}, and the page above says {above.crumbs}")
    assert not wrong, "\n".join(wrong)
