"""What the photographs of the site rest on: which page an address is, and what was not photographed."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import TimeoutError as Late

from tools.compared import compare, pairs
from tools.reached import filled
from tools.screenshots import ONE, Album, Site, unseen
from tools.sheets import Look, Shot, sheet


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
    assert [one for one in missed if one.startswith("api.") or "graph_picture" in one] == [], "files, and what programs read, are no pages"


def test_a_page_that_a_state_shows_counts_as_photographed_and_what_is_no_page_is_not_missed(tmp_path: Path) -> None:
    missed = unseen(Site(tmp_path, 8123), [Shot("states", "debrief", "/roleplay-runs/7/debrief"), Shot("empty", "setup-module", "/setup/module")])
    assert {"roleplays.debrief", "starting.module"}.isdisjoint(missed)
    assert "roleplays.run" in missed
    assert {"healthz", "assets.asset", "lessons.picture"}.isdisjoint(missed)


def test_an_address_that_nothing_leads_to_is_filled_in_from_those_of_other_pages(tmp_path: Path) -> None:
    site, seen = Site(tmp_path, 8123), ["/people/7", "/people/9", "/learn/greeting/first-ten-seconds", "/learn/empathy"]
    assert filled(site.rules, "voice.ratings_of", seen) == ["/people/7/ratings", "/people/9/ratings"]
    tasks = filled(site.rules, "lessons.task", seen)
    assert tasks[0] == "/learn/greeting/first-ten-seconds/task", "what stood together comes first"
    assert "/learn/empathy/first-ten-seconds/task" in tasks
    assert filled(site.rules, "search.search", seen) == ["/search"]
    assert filled(site.rules, "quizzes.result", seen) == []


def test_the_pages_of_an_installation_with_one_thing_in_it_are_there(tmp_path: Path) -> None:
    site = Site(tmp_path, 8123)
    assert [rule for rule, values in ONE.values() if site.rule_of(site.rules.build(rule, values)) != rule] == []


@pytest.mark.parametrize("problem", [Late("Timeout 60000ms exceeded.\nCall log"), KeyError("people.person"), RuntimeError("trainee people import")])
def test_what_does_not_come_is_told_and_keeps_nothing_else_from_being_photographed(
    tmp_path: Path, problem: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    album = Album("states", Look(360, "light", "tr"), tmp_path)
    with album.attempt("quiz-without-a-line"):
        raise problem
    with album.attempt("lesson"):
        pass
    assert album.broken == ["states 360-light-tr quiz-without-a-line"]
    assert capsys.readouterr().out.startswith("states 360-light-tr quiz-without-a-line broke off: ")
    with pytest.raises(ZeroDivisionError), album.attempt("a bug of ours"):
        _ = 1 // 0


def test_a_sheet_shows_every_photograph_with_its_page_and_address() -> None:
    look = Look(360, "dark", "tr")
    shown = sheet("a & b", [(Shot("hr", "people.directory", "/people?q=<x>"), f"hr/{look.name}/001.png")], "../")
    assert '<img loading="eager" src="../hr/360-dark-tr/001.png" alt="">' in shown
    assert "a &amp; b" in shown
    assert "/people?q=&lt;x&gt;" in shown


def photograph(folder: Path, name: str, colour: str, high: int = 100) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (100, high), colour).save(folder / name)


def test_two_runs_are_set_side_by_side_by_page_whatever_its_number_and_what_changed_most_comes_first(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    photograph(before, "hr/360-light-tr/001-people.png", "white")
    photograph(after, "hr/360-light-tr/002-people.png", "white")
    photograph(before, "hr/360-light-tr/002-reports.png", "white")
    photograph(after, "hr/360-light-tr/003-reports.png", "white", 125)
    photograph(before, "hr/360-light-tr/003-me.png", "white")
    photograph(after, "hr/360-light-tr/004-me.png", "black")
    photograph(before, "hr/360-light-tr/004-old.png", "white")
    photograph(after, "hr/360-light-tr/001-fresh.png", "white")
    # A look that only one run has is not said to be new or gone.
    photograph(after, "hr/1440-dark-en/001-people.png", "black")
    found = pairs(before, after)
    assert [(pair.name, pair.share) for pair in found] == [
        ("fresh", 1.0), ("me", 1.0), ("old", 1.0), ("reports", pytest.approx(0.2)), ("people", 0.0)
    ]  # fmt: skip
    compare(before, after)
    assert "2 changed, 1 new, 1 gone, 1 the same" in (after / "compared" / "index.html").read_text(encoding="utf-8")
    sheet = (after / "compared" / "hr-360-light-tr.html").read_text(encoding="utf-8")
    assert (before / "hr/360-light-tr/003-me.png").as_uri() in sheet
    assert (after / "hr/360-light-tr/004-me.png").as_uri() in sheet
    assert "002-people.png" not in sheet
