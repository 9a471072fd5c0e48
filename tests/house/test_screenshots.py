"""What the photographs of the site rest on: which page an address is, and what was not photographed."""

from pathlib import Path

from tools.screenshots import Look, Shot, Site, sheet, unseen


def test_an_address_is_the_page_it_opens_and_what_is_no_page_of_ours_is_none(tmp_path: Path) -> None:
    site = Site(tmp_path, 8123)
    assert site.rule_of("/") == "dashboards.today"
    assert site.rule_of("http://127.0.0.1:8123/learn/greeting?q=a") == "library.module_page"
    assert [site.rule_of(one) for one in ("http://127.0.0.1:9/learn", "https://example.org/learn", "/nowhere")] == [None, None, None]


def test_pages_that_were_not_photographed_are_told_and_what_cannot_be_opened_is_not(tmp_path: Path) -> None:
    site = Site(tmp_path, 8123)
    missed = unseen(site, [Shot("employee", "dashboards.today", "/")])
    assert "library.learn" in missed
    assert "dashboards.today" not in missed
    assert "people.sign_out" not in missed


def test_a_sheet_shows_every_photograph_with_its_page_and_address() -> None:
    look = Look(360, "dark", "tr")
    shown = sheet("a & b", [(Shot("hr", "people.directory", "/people?q=<x>"), f"hr/{look.name}/001.png")], "../")
    assert '<img loading="eager" src="../hr/360-dark-tr/001.png" alt="">' in shown
    assert "a &amp; b" in shown
    assert "/people?q=&lt;x&gt;" in shown
