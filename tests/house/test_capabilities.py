"""What the document on the company's service promises: every row is there, and every page and module it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = [line.split("|")[1:-1] for line in (ROOT / "docs" / "capabilities.md").read_text(encoding="utf-8").splitlines() if re.match(r"\| \d", line)]


def test_every_statement_has_its_row_once_and_in_order():
    assert [int(row[0]) for row in ROWS] == list(range(1, 115))
    assert all(len(row) == 4 and row[3].strip() for row in ROWS)


def test_every_page_that_is_named_exists(app):
    named = {found for row in ROWS for found in re.findall(r"`([a-z_]+\.[a-z_]+)`", row[2])}
    assert named - {rule.endpoint for rule in app.url_map.iter_rules()} == set()
    assert len(named) > 60


def test_what_is_true_names_a_page_and_what_is_missing_says_so():
    for number, _asked, where, state in ROWS:
        if state.strip().startswith("yes"):
            assert "`" in where, number
        else:
            assert state.strip().startswith(("partly:", "missing", "see ")), number


def test_every_module_that_is_named_is_shipped():
    named = {found for row in ROWS for part in re.findall(r"module_page` \(([^)]*)\)", row[2]) for found in re.findall(r"`([a-z-]+)`", part)}
    assert named and all((ROOT / "content" / "modules" / one).is_dir() for one in named)
