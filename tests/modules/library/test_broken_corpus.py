"""Every file of the broken corpus produces its finding, and the good module none."""

import re
from pathlib import Path

import pytest

from trainee.kit import yamltree
from trainee.modules.library.bundle import Bundle, from_folder
from trainee.modules.library.checking import check, known_in
from trainee.modules.library.reading import read_bundle
from trainee.modules.library.turkish import in_turkish

DATA = Path(__file__).resolve().parents[2] / "data"
CONTENT = Path(__file__).resolve().parents[3] / "content"
GOOD = from_folder(DATA / "good" / "tidy-desk", "tidy-desk")
CASES = yamltree.read((DATA / "broken" / "expected.yaml").read_bytes(), "expected.yaml").value
NEAR = yamltree.read((DATA / "good" / "near" / "near.yaml").read_bytes(), "near.yaml").value
KNOWN = known_in(CONTENT)


def test_the_good_module_has_nothing_to_mend():
    module, findings = read_bundle(GOOD, KNOWN)
    assert [str(finding) for finding in findings] == []
    assert module is not None
    assert [lesson.key for lesson in module.lessons] == ["first-look", "clearing-up"]
    assert [story.id for story in module.stories] == ["lost-form"]


def read_with(case, folder):
    """The good module with one of its files taken from elsewhere, read: the module, and what there is to say."""
    beside = {name: (folder / file).read_bytes() for name, file in case.get("also", {}).items()}
    files = {**GOOD.files, case["as"]: (folder / case["file"]).read_bytes(), **beside}
    return read_bundle(Bundle("tidy-desk", files, "tidy-desk"), KNOWN)


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_each_broken_file_is_told_with_file_line_and_reason(case):
    module, findings = read_with(case, DATA / "broken")
    told = [str(finding) for finding in findings]
    warned = "warning: " if case.get("warning") else ""
    assert (module is None) is not bool(warned), "an error stops publishing, a warning does not"
    assert any(line.startswith(f"tidy-desk/{case['at']}: {warned}") and case["says"] in line for line in told), "\n".join(told)
    assert [str(finding) for finding in findings if not finding.mend] == [], "each finding says how to mend it"


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_whoever_reads_turkish_is_told_all_of_it_in_turkish(case):
    _module, findings = read_with(case, DATA / "broken")
    for finding in findings:
        for said in (finding.message, finding.mend):
            told = in_turkish(said)
            assert told is not None, said
            # What the author wrote is quoted as it stands.
            bare = re.sub(r"`[^`]*`|“[^”]*”|'[^']*'|\([^)]*\)|[\w-]+(?:, [\w-]+)+", "", told)
            assert not re.search(r"\b(?:the|is|not|and|or|it|of|in|must|write)\b", bare), told


def test_what_is_said_of_nothing_known_stays_as_it_is():
    assert in_turkish("The moon is full.") is None
    assert in_turkish("There is no skill `a`. The moon is full.") is None
    assert in_turkish("") == ""


def test_two_sentences_are_told_each_by_itself():
    assert in_turkish("Use one of a, b. Or write the card.") == "Şunlardan birini kullanın: a, b. Ya da kartı yazın."


@pytest.mark.parametrize("case", NEAR, ids=[case["file"] for case in NEAR])
def test_each_file_that_only_comes_close_is_left_in_peace(case):
    module, findings = read_with(case, DATA / "good" / "near")
    assert [str(finding) for finding in findings] == []
    assert module is not None


def test_every_file_of_the_corpus_is_expected_to_say_something():
    beside = {file for case in CASES for file in case.get("also", {}).values()}
    assert {path.name for path in (DATA / "broken").iterdir()} - {"expected.yaml", "README.md"} == {case["file"] for case in CASES} | beside
    assert {path.name for path in (DATA / "good" / "near").iterdir()} - {"near.yaml", "README.md"} == {case["file"] for case in NEAR}


def test_there_are_as_many_good_files_as_broken_ones():
    """Each comes close to a broken one and must produce nothing; what we ship is not counted."""
    assert len(CASES) >= 40
    assert len(NEAR) >= len(CASES)
    texts = [(DATA / "good" / "near" / case["file"]).read_bytes() for case in NEAR]
    assert len({*texts, *GOOD.files.values()}) == len(NEAR) + len(GOOD.files), "no two of them are the same file"


def test_what_we_ship_has_nothing_to_mend():
    checked = check([CONTENT], processes=2)
    assert [str(finding) for finding in checked.findings] == []
    assert (checked.modules, checked.cards) >= (4, 11)


def test_every_rule_in_the_docs_is_shown_by_a_file_or_a_test_that_there_is():
    root = DATA.parents[1]
    page = (root / "docs" / "checker.md").read_text(encoding="utf-8")
    shown = [name for line in page.splitlines() if line.startswith("| ") for name in re.findall(r"`([\w.-]+)`", line.rsplit("|", 2)[1])]
    files = {path.name.split(".")[0] for path in (DATA / "broken").iterdir()}
    tests = "\n".join(path.name + path.read_text(encoding="utf-8") for path in (root / "tests" / "modules").rglob("test_*.py"))
    assert [name for name in shown if name not in files and name not in tests] == []
    assert len(shown) > 60
