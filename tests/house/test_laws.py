"""Laws a machine can hold in a second."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "trainee").rglob("*.py"))


def test_human_text_is_never_cased_by_pythons_own_functions():
    # Text of machines and of no language: settings, log levels, class names, passwords.
    allowed = {"trainee/kit/trtext.py", "trainee/config.py", "trainee/kit/logs.py", "trainee/kit/db.py", "trainee/people/passwords.py"}
    allowed.add("trainee/modules/roleplays/reading.py")  # Findings for authors are English.
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SOURCES
        if str(path.relative_to(ROOT)) not in allowed
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\.(lower|upper|title|casefold|capitalize|swapcase)\(\)", line) and "ascii" not in line
    ]
    assert found == []


def test_the_clock_is_read_in_views_jobs_and_commands_only():
    allowed = re.compile(r"(views|learn|commands|cli|timetable|web|door|patterns|clock|demo/.*)\.py$|/demo/")
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if re.search(r"from trainee\.kit\.clock import .*\bnow\b", path.read_text(encoding="utf-8")) and not allowed.search(str(path))
    ]
    assert found == []


def test_nothing_reads_the_machines_clock_past_the_one_place():
    """Neither the house nor a test that should be the same at every hour; what drives a real browser has a real day."""
    allowed = {Path("trainee/kit/clock.py"), Path("tests/noon.py"), Path("tests/browser/test_supervisor.py")}
    read = re.compile(r"\bdatetime\.now\(|\butcnow\(|\bdate\.today\(")
    found = [
        str(path.relative_to(ROOT))
        for path in [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
        if path.relative_to(ROOT) not in allowed and path != Path(__file__) and read.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_actions_and_queries_never_commit():
    found = [
        f"{path.relative_to(ROOT)}"
        for path in SOURCES
        if path.name in {"actions.py", "queries.py", "models.py"}
        and "demo" not in path.parts
        and "session.commit()" in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_imports_go_downstairs_only():
    done = subprocess.run([str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_template_carries_script_or_style_of_its_own():
    for path in sorted((ROOT / "trainee/templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text), path


def test_browser_tests_wait_for_what_they_look_for():
    """What is read at once after a press may be read on the page one is just leaving: on a busy machine it is."""
    at_once = re.compile(r"assert .*\.(count|inner_text|text_content|input_value|get_attribute|is_visible|is_checked|is_hidden)\(|assert \w+\.url\b")
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for path in sorted((ROOT / "tests" / "browser").glob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if at_once.search(line)
    ]
    assert found == []


def test_migrations_stand_in_one_line_by_their_numbers():
    """Two that were written at once under one number would leave a database that cannot be brought up to date."""
    files = sorted((ROOT / "trainee/migrations/versions").glob("0*.py"))
    assert [path.name[:4] for path in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    for number, path in enumerate(files, 1):
        said = dict(re.findall(r"^(revision|down_revision) = ['\"]?(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert said == {"revision": f"{number:04}", "down_revision": f"{number - 1:04}" if number > 1 else "None"}, path.name
