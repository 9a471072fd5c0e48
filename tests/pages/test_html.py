"""Every page is valid HTML, by the W3C's own checker, and every page of the table of rights is among those we look at."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.permissions import TABLE
from tests.pages import LANGUAGES, ROLES, Page, distinct

pytestmark = pytest.mark.pages
CHECKER = Path(sys.prefix) / "vnu.jar"
# What is meant: with its markers hidden by the style sheet a list is none to VoiceOver unless it says that it is one.
MEANT = ".*role is unnecessary for element.*"
# What opens and is no page: files, pictures, scripts, what programs read; and where the world of the tests leads elsewhere.
NO_PAGE = {
    "assets.asset",
    "calendars.feed",
    "csrf_token",
    "handbook.file",
    "healthz",
    "imports.refused",
    "lessons.picture",
    "people.photo",
    "plans.paper",
    "privacy.my_data_file",
    "publishing.picture",
    "roleplays.graph_picture",
    "roster.worker",
    # With people here it leads to the site's first page; tests/browser/test_beginning.py looks at it.
    "starting.begin",
    "starting.logo_file",
    # Without a provider both lead to the ordinary door.
    "people.provider_back",
    "people.provider_sign_in",
}


@pytest.mark.lasts(45)
def test_every_page_that_anybody_may_open_is_looked_at(app, pages: list[Page]) -> None:
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    missing = {rule for rule in TABLE if rule in readable and not rule.startswith(("api.", "patterns."))} - {page.rule for page in pages}
    assert sorted(missing) == sorted(NO_PAGE)
    for role in ROLES:
        assert [len({page.rule for page in pages if (page.role, page.language) == (role, language)}) for language in LANGUAGES]


@pytest.mark.lasts(45)
@pytest.mark.skipif(
    shutil.which("java") is None or not CHECKER.exists(), reason="the W3C's checker is not here: it needs Java, and tools/vnu.py fetches it"
)
def test_every_page_is_valid_html(pages: list[Page], tmp_path: Path) -> None:
    shown = {f"{number}.html": page for number, page in enumerate(distinct(pages))}
    for name, page in shown.items():
        (tmp_path / name).write_text(page.html, encoding="utf-8")
    done = subprocess.run(
        [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-Xss16m",
            "-jar",
            str(CHECKER),
            "--format",
            "json",
            "--stdout",
            "--exit-zero-always",
            "--filterpattern",
            MEANT,
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)["messages"]
    said = [f"{shown[one['url'].rpartition('/')[2]].name}: {one['message']} {one.get('extract', '')[:120]!r}" for one in found]
    assert len(shown) > 400
    assert list(dict.fromkeys(said)) == []
