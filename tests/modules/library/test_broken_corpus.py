"""Every file of the broken corpus produces its finding, and the good module none."""

from pathlib import Path

import pytest

from trainee.kit import yamltree
from trainee.modules.library.bundle import Bundle, from_folder
from trainee.modules.library.checking import check, known_in
from trainee.modules.library.reading import read_bundle

DATA = Path(__file__).resolve().parents[2] / "data"
CONTENT = Path(__file__).resolve().parents[3] / "content"
GOOD = from_folder(DATA / "good" / "tidy-desk", "tidy-desk")
CASES = yamltree.read((DATA / "broken" / "expected.yaml").read_bytes(), "expected.yaml").value
KNOWN = known_in(CONTENT)


def test_the_good_module_has_nothing_to_mend():
    module, findings = read_bundle(GOOD, KNOWN)
    assert [str(finding) for finding in findings] == []
    assert module is not None
    assert [lesson.key for lesson in module.lessons] == ["first-look", "clearing-up"]
    assert [story.id for story in module.stories] == ["lost-form"]


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_each_broken_file_is_told_with_file_line_and_reason(case):
    files = {**GOOD.files, case["as"]: (DATA / "broken" / case["file"]).read_bytes()}
    module, findings = read_bundle(Bundle("tidy-desk", files, "tidy-desk"), KNOWN)
    told = [str(finding) for finding in findings]
    assert module is None
    assert any(line.startswith(f"tidy-desk/{case['at']}: ") and case["says"] in line for line in told), "\n".join(told)


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_each_finding_says_how_to_mend_it(case):
    files = {**GOOD.files, case["as"]: (DATA / "broken" / case["file"]).read_bytes()}
    _module, findings = read_bundle(Bundle("tidy-desk", files, "tidy-desk"), KNOWN)
    assert [str(finding) for finding in findings.errors if not finding.mend] == []


def test_every_file_of_the_corpus_is_expected_to_say_something():
    assert {path.name for path in (DATA / "broken").iterdir()} - {"expected.yaml"} == {case["file"] for case in CASES}


def test_what_we_ship_has_nothing_to_mend():
    checked = check([CONTENT])
    assert [str(finding) for finding in checked.findings] == []
    assert (checked.modules, checked.cards) >= (4, 11)
