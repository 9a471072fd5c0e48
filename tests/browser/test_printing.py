"""On paper: what is read stays, what is pressed goes, and no table is cut off or loses its heads on the second page."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.steps import rest
from tests.house.world import make_world
from tests.pages import addresses
from trainee import profile
from trainee.kit.db import db

pytestmark = pytest.mark.browser
# What people print, and who does.
PRINTED = {
    "amir": ("plans.certificate", "roleplays.debrief", "privacy.my_data", "dashboards.why", "service.card"),
    "ela": ("reports.report", "surveys.sheet", "people.manage", "complaints.complaint"),
    "chloe": ("dashboards.person", "dashboards.skills_map"),
}
SEEN = """() => [...document.querySelectorAll("nav, button, .button, main textarea, .filters, .report-filters, .skip, .top-tools, .foot")]
  .filter(one => one.checkVisibility({visibilityProperty: true})).map(one => one.outerHTML.slice(0, 120))"""
# Wider than the paper is cut off, also in a box that scrolls on a screen.
CUT = """() => [...document.querySelectorAll("main, main *")]
  .filter(one => one.checkVisibility() && one.clientWidth > 2 && one.scrollWidth > one.clientWidth + 1)
  .filter(one => ["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX)).map(one => one.outerHTML.slice(0, 120))"""
# An address after a link is noise; those that are read off the paper are written as words.
AFTER = """() => [...document.querySelectorAll("main a")].map(one => getComputedStyle(one, "::after").content).filter(one => one.includes("http"))"""
MANY = """() => {
  const body = document.querySelector(".report-rows tbody");
  const row = body.rows[0];
  for (let more = 0; more < 90; more += 1) body.append(row.cloneNode(true));
}"""

# Seven rows with names of their own, where the sheet has room for three of them.
LOW = """room => {
  const body = document.querySelector(".report-rows tbody");
  const row = body.rows[0];
  body.replaceChildren(...[1, 2, 3, 4, 5, 6, 7].map(which => {
    const one = row.cloneNode(true);
    one.cells[0].textContent = `Row${which}`;
    return one;
  }));
  const push = document.createElement("div");
  push.style.blockSize = `${room}mm`;
  document.querySelector("main").prepend(push);
}"""
PUSH = """room => {
  const push = document.querySelector("#push") ?? document.createElement("div");
  push.id = "push";
  push.style.blockSize = `${room}mm`;
  document.querySelector("main").prepend(push);
  document.querySelectorAll("details.family").forEach(one => { one.open = true; });
}"""
TOLD_OF_A_SKILL = """() => [...document.querySelectorAll(".skill")].map(one => [
  one.closest(".family").querySelector(".family-name").innerText,
  one.parentElement.firstElementChild === one,
  (one.querySelector(".meter-label, .unknown-head a")).innerText,
  [...one.querySelectorAll(".line-name")].length,
])"""
WHOLE_CODES = """() => [...document.querySelectorAll(".sheet-code")].map(one => one.getClientRects().length)"""


@pytest.fixture
def lived(cast: Any, at: Any) -> Any:
    """Things of Amir's; made before the site opens, since from then on the test only looks."""
    return make_world(cast, at)


@pytest.fixture
def places(app: Any, lived: Any) -> dict[str, str]:
    """Where each page of the table of rights stands."""
    return addresses(app, lived, app.url_map.bind("localhost"))


@pytest.mark.parametrize("who", PRINTED)
def test_on_paper_stands_what_is_read_and_nothing_to_press(places: dict[str, str], signed_in: Callable[[str], Page], site: str, who: str) -> None:
    page = signed_in(who)
    # An A4 sheet less its margins.
    page.set_viewport_size({"width": 688, "height": 1000})
    for rule in PRINTED[who]:
        answer = page.goto(site + places[rule])
        assert answer is not None and answer.ok, rule
        rest(page)
        page.emulate_media(media="print", reduced_motion="reduce")
        assert page.evaluate(SEEN) == [], rule
        assert page.evaluate(CUT) == [], rule
        assert page.evaluate(AFTER) == [], rule
        page.emulate_media(media="screen", reduced_motion="reduce")
        words = PdfReader(io.BytesIO(page.pdf())).pages[0].extract_text()
        assert len(words.split()) > 5, rule


@pytest.fixture
def months(lived: Any, cast: Any, at: Any) -> None:
    """Two months in which Amir was seen, so that there is a chart with its table."""
    for days in (70, 35, 1):
        seen = at - timedelta(days=days)
        profile.record([profile.Showing(cast.amir, "empathy", "observation_line", 0.6, "call", seen, f"printed {days}", actor_id=cast.chloe)], seen)
    db.session.commit()


def test_what_lies_folded_on_the_screen_stands_on_the_paper(months: None, signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("amir")
    for address, wanted in (("/me/data", ("amir@mavikapi.example", "Amir", "Employee")), ("/skills/empathy", ("Month", "Level"))):
        answer = page.goto(site + address)
        assert answer is not None and answer.ok
        rest(page)
        folds = page.locator("details.fold-paper")
        expect(folds.first).to_be_attached()
        assert folds.evaluate_all("all => all.every(one => !one.open)")
        words = set(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(page.pdf())).pages).split())
        cells = page.locator("details.fold-paper :is(th, td)").all_text_contents()
        assert {*wanted, *(word for one in cells for word in one.split())} <= words
        # Whose it is and of when, and no words that only lead somewhere else.
        assert address == "/me/data" or ({"Kaya", "11", "2026"} <= words and not words & {"Show", "Its"})


def test_a_wide_table_lies_across_and_its_heads_come_again_on_each_page(lived: Any, signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("ela")
    page.goto(f"{site}/reports/training_record")
    rest(page)
    heads = page.locator(".report-rows thead th")
    first, last = heads.first.inner_text(), heads.last.inner_text()
    page.evaluate(MANY)
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(paper) > 2
    assert all(one.mediabox.width > one.mediabox.height for one in paper)
    for one in paper[1:-1]:
        words = one.extract_text().split()
        assert set(first.split()) | set(last.split()) <= set(words)


def test_a_short_table_is_not_broken_between_sheets(lived: Any, signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("ela")
    for room in (0, 60, 80, 100, 120):
        page.goto(f"{site}/reports/training_record")
        rest(page)
        page.evaluate(LOW, room)
        sheets = [one.extract_text() for one in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages]
        holding = [sum(f"Row{which}" in sheet for which in range(1, 8)) for sheet in sheets]
        assert sorted(holding)[-1] == 7 == sum(holding), room


def test_pictures_lie_beside_each_other_and_begin_on_the_first_sheet(places: dict[str, str], signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("ela")
    page.goto(f"{site}/reports/progress")
    rest(page)
    titles = page.locator(".picture .curve-title").all_inner_texts()
    first = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages[0]
    assert first.mediabox.width > first.mediabox.height
    words = " ".join(first.extract_text().split())
    assert len(titles) > 2
    assert [one for one in titles if one not in words] == []
    page.emulate_media(media="print", reduced_motion="reduce")
    # A sheet that lies on its side has room for three, an upright one for two.
    for wide, many in ((1040, 3), (688, 2)):
        page.set_viewport_size({"width": wide, "height": 700})
        boxes = page.evaluate("() => [...document.querySelectorAll('.picture')].map(one => one.getBoundingClientRect().toJSON())")
        assert len({round(box["x"]) for box in boxes}) == many


def test_a_family_keeps_its_first_skill_and_no_link_is_printed_that_leads_nowhere(
    places: dict[str, str], signed_in: Callable[[str], Page], site: str
) -> None:
    page = signed_in("chloe")
    page.goto(site + places["dashboards.person"])
    rest(page)
    page.evaluate(PUSH, 0)
    skills = page.evaluate(TOLD_OF_A_SKILL)
    assert any(first for _, first, _, _ in skills)
    # Families follow each other on a sheet, and one that does not fit goes on with its next skill on the next.
    assert len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages) < 5
    for room in range(0, 260, 40):
        page.evaluate(PUSH, room)
        sheets = [" ".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages]
        assert not any("Why?" in sheet for sheet in sheets)
        for family, first, skill, _ in skills:
            assert not first or any(family in sheet and skill in sheet.partition(family)[2] for sheet in sheets), (room, family)


def test_one_code_alone_is_large_and_no_address_breaks_within_its_code(places: dict[str, str], signed_in: Callable[[str], Page], site: str) -> None:
    page = signed_in("ela")
    page.goto(site + places["surveys.sheet"])
    rest(page)
    page.emulate_media(media="print", reduced_motion="reduce")
    for wide in (320, 688):
        page.set_viewport_size({"width": wide, "height": 1000})
        broken = page.evaluate(WHOLE_CODES)
        assert broken and set(broken) == {1}
    page.evaluate("() => [...document.querySelectorAll('.sheet-card')].slice(1).forEach(one => one.remove())")
    box = page.locator(".sheet-card svg").bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert abs(box["x"] + box["width"] / 2 - 344) < 4
