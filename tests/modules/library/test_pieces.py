"""What lies beside the modules is read and checked, and the catalogue as a whole is looked at."""

import shutil
from pathlib import Path

import pytest

from trainee.kit.findings import Findings
from trainee.modules.library.beside import read_pieces
from trainee.modules.library.checking import check, known_in

CONTENT = Path(__file__).resolve().parents[3] / "content"
DESK = Path(__file__).resolve().parents[2] / "data" / "good" / "tidy-desk"

SLIPS = [
    ("glossary.yaml", "key: ces", "key: csat", "`csat` is there twice"),
    ("glossary.yaml", 'tr: ["CES"]', 'tr: ["CSAT"]', "is explained by `csat` too"),
    ("glossary.yaml", "    meaning:\n", "    meanings:\n", "`terms[1].meaning` is missing"),
    ("paths.yaml", "key: new-starter-store", "key: new-starter-contact-centre", "`new-starter-contact-centre` is there twice"),
    ("paths.yaml", "our-service, greeting", "our-service, our-service", "`our-service` is twice in"),
    ("paths.yaml", "our-service, greeting", "our-service, greetings", "There is no module `greetings`"),
    ("paths.yaml", "days: 90", "days: 30", "The days of `new-starter-contact-centre` do not rise"),
    ("scorecards/phone.yaml", "key: phone", "key: fax", "is not the name of the file"),
    ("scorecards/phone.yaml", "key: phone", "key: fax", "`fax` is no channel"),
    ("scorecards/phone.yaml", "weight: 10", "weight: 11", "The weights make 101"),
    ("scorecards/phone.yaml", "skill: greeting", "skill: greetings", "There is no skill `greetings`"),
    ("scorecards/phone.yaml", "skill: greeting", "skill: empathy", "`empathy` is there twice"),
    ("scorecards/phone.yaml", "[disrespect,", "[rudeness,", "`rudeness` is no critical error"),
    ("surveys/after-contact.yaml", "id: easy", "id: satisfied", "`satisfied` is there twice"),
    ("surveys/after-contact.yaml", "low: 1, high: 5", "low: 5, high: 5", "The scale of `satisfied` has no ends"),
    ("surveys/after-contact.yaml", "kind: text,", "kind: text, low: 1,", "asks for words and has a scale"),
    ("surveys/recommend.yaml", "low: 0, high: 10", "low: 1, high: 10", "is asked from 0 to 10, and this scale goes from 1 to 10"),
    ("surveys/recommend.yaml", "(0: hiç", "(1: hiç", "The words (tr) name the ends 1 and 10, and the scale goes from 0 to 10"),
    ("surveys/after-contact.yaml", "(1: not at all, 5: very)", "(1: not at all, 7: very)", "The words (en) name the ends 1 and 7"),
    ("surveys/after-contact.yaml", "Üç kısa soru", "[Üç kısa soru](javascript:a)", "is unsafe and is not shown"),
    ("surveys/service-quality.yaml", "kind: questionnaire", "kind: pulse", "A short survey has six questions at the most"),
    ("interviews/customer.yaml", "id: q2", "id: q1", "`q1` is there twice"),
    ("interviews/customer.yaml", "minutes: 30", "minutes: 300", "`minutes` must be 120 or less"),
]


def copied(to: Path) -> Path:
    """What we ship without its modules, to be broken."""
    for name in ("skills.yaml", "glossary.yaml", "paths.yaml"):
        shutil.copy(CONTENT / name, to / name)
    for name in ("scorecards", "surveys", "interviews", "service"):
        shutil.copytree(CONTENT / name, to / name)
    return to


def test_what_we_ship_has_seven_scorecards_and_the_long_questionnaire_and_nothing_to_mend():
    findings, known = Findings(), known_in(CONTENT)
    pieces = read_pieces(CONTENT, findings, "content", known.skills, dict.fromkeys(known.modules, ""))
    assert [str(finding) for finding in findings] == []
    assert len(pieces.scorecards) == 7
    assert len(pieces.paths) == 7
    long = next(survey for survey in pieces.surveys if survey.kind == "questionnaire")
    assert len(long.questions) == 22
    assert {one.quality for one in long.questions} == {"reliability", "flexibility", "trust", "empathy", "aesthetics"}


# What every customer meets first: what service means here, the greeting, the first impression.
TRUNK = ("our-service", "greeting", "first-impressions")
# It is for those who know the basics, and its own summary says so.
ON_TOP = {"complaint-desk"}


def shipped_paths():
    known = known_in(CONTENT)
    return read_pieces(CONTENT, Findings(), "content", known.skills, dict.fromkeys(known.modules, "")).paths


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.key)
def test_on_every_path_we_ship_the_trunk_comes_before_every_branch(path):
    first = [module for module in path.modules if module in TRUNK]
    assert list(path.modules[: len(first)]) == first == [module for module in TRUNK if module in first]
    assert (set(TRUNK[1:]) <= set(first)) is (path.key not in ON_TOP)
    if path.key in ON_TOP:
        assert "On top of the basics" in path.summary.en and "Temel yolun üstüne" in path.summary.tr


@pytest.mark.parametrize(("name", "before", "after", "says"), SLIPS)
def test_a_slip_beside_the_modules_is_told(tmp_path, name, before, after, says):
    root = copied(tmp_path)
    text = (root / name).read_text(encoding="utf-8")
    assert before in text
    (root / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    findings, known = Findings(), known_in(CONTENT)
    read_pieces(root, findings, "content", known.skills, dict.fromkeys(known.modules, ""))
    told = [str(finding) for finding in findings]
    assert any(line.startswith(f"content/{name}:") and says in line for line in told), told
    assert all(finding.mend for finding in findings.errors if "is missing" not in finding.message)


def test_a_skill_nobody_teaches_practises_or_observes_is_told(tmp_path):
    root = copied(tmp_path)
    (root / "scorecards" / "meeting.yaml").unlink()
    shutil.copytree(DESK, root / "modules" / "tidy-desk")
    told = [str(finding) for finding in check([root]).findings]
    for words in ("`expectation-setting` is on no scorecard", "`empathy` is practised in no role-play", "`trust-building` is taught in no lesson"):
        assert any(words in line for line in told), told
    assert not any("`greeting` is" in line for line in told)


def test_the_general_comes_before_the_specific(tmp_path):
    root = copied(tmp_path)
    for name, code, before in (("tidy-desk", "M02", "[other-desk]"), ("other-desk", "M03", "[]")):
        folder = root / "modules" / name
        shutil.copytree(DESK, folder)
        head = (folder / "module.yaml").read_text(encoding="utf-8")
        head = head.replace("key: tidy-desk", f"key: {name}").replace("M90", code).replace("prerequisites: []", f"prerequisites: {before}")
        (folder / "module.yaml").write_text(head, encoding="utf-8")
    told = [str(finding) for finding in check([root]).findings]
    assert any("tidy-desk/module.yaml:10: `other-desk` comes first by the prerequisites and later on the curriculum" in line for line in told), told
    assert any("asks word for word (tr) what `c1` asks" in line for line in told), "the two modules ask the same"


def test_a_word_of_the_glossary_that_no_lesson_holds_is_told(tmp_path):
    root = copied(tmp_path)
    shutil.copytree(CONTENT / "modules" / "empathy", root / "modules" / "empathy")
    told = [str(finding) for finding in check([root]).findings.warnings if "glossary.yaml" in str(finding)]
    assert any("No lesson holds a form of `nps` (tr)" in line for line in told)
    assert not any("`surface-acting`" in line for line in told), "that one stands in a lesson of this module"


def desks(root: Path, **before: str) -> Path:
    """A content folder with modules that are alike but for their names, codes and prerequisites."""
    for number, (name, prerequisites) in enumerate(before.items()):
        folder = root / "modules" / name
        shutil.copytree(DESK, folder)
        head = (folder / "module.yaml").read_text(encoding="utf-8")
        head = (
            head.replace("key: tidy-desk", f"key: {name}")
            .replace("M90", f"M{number:02}")
            .replace("prerequisites: []", f"prerequisites: {prerequisites}")
        )
        (folder / "module.yaml").write_text(head, encoding="utf-8")
    return root


PATH = """paths:
  - key: first-weeks
    title: {tr: "İlk haftalar", en: "First weeks"}
    summary: {tr: "Masadan başlayın.", en: "Begin at the desk."}
    audience: [employee]
    steps:
      - {days: 30, modules: [%s]}
      - {days: 60, modules: [%s]}
"""


def told_of_paths(root):
    return [str(finding).removeprefix(f"{root}/") for finding in check([root]).findings if "paths.yaml" in str(finding)]


def test_a_path_that_goes_against_the_prerequisites_is_told_at_its_line(tmp_path):
    root = desks(copied(tmp_path), first="[]", second="[first]")
    (root / "paths.yaml").write_text(PATH % ("second", "first"), encoding="utf-8")
    assert told_of_paths(root) == [
        "paths.yaml:7: On the path `first-weeks` the module `second` comes before `first`, which is to be finished first. "
        "Put it after that one: it stays locked until then for whom the path is assigned to."
    ]
    (root / "paths.yaml").write_text(PATH % ("second, first", "third"), encoding="utf-8")
    assert "`second` comes before `first`" in told_of_paths(root)[0], "within one stage too"


def test_a_path_in_order_or_without_what_comes_before_is_left_in_peace(tmp_path):
    root = desks(copied(tmp_path), first="[]", second="[first]", third="[]")
    for stages in (("first", "second"), ("first, second", "third"), ("second", "third")):
        (root / "paths.yaml").write_text(PATH % stages, encoding="utf-8")
        assert told_of_paths(root) == []


def test_a_module_on_a_path_for_others_than_it_is_meant_for_is_told(tmp_path):
    root = desks(copied(tmp_path), first="[]", second="[first]")
    (root / "paths.yaml").write_text((PATH % ("first", "second")).replace("[employee]", "[hr]"), encoding="utf-8")
    assert "paths.yaml:7: warning: The path `first-weeks` is for `hr`, and the module `first` on it is for `employee`." in told_of_paths(root)[0]
    (root / "paths.yaml").write_text((PATH % ("first", "second")).replace("[employee]", "[hr, employee]"), encoding="utf-8")
    assert told_of_paths(root) == []
