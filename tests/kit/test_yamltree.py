"""YAML as authors mean it, with the place of everything."""

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, StrictBool

from trainee.kit import yamltree
from trainee.kit.findings import Findings
from trainee.kit.words import Text


def refused(text):
    with pytest.raises(yamltree.Unreadable) as caught:
        yamltree.read(text, "a.yaml")
    return [str(finding) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("12:30", "12:30"),
        ("010", 10),
        ("2026-01-31", "2026-01-31"),
        ("true", True),
        ("~", None),
        ("", None),
        ("0x1f", 31),
        ("1.5", 1.5),
        ("-3", -3),
        ("1_000", "1_000"),
        ("'12'", "12"),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_an_unquoted_word_means_what_yaml_1_2_says(written, meant):
    assert yamltree.read(f"word: {written}\n", "a.yaml").value == {"word": meant}


def test_keys_are_texts_as_they_are_written():
    assert yamltree.read("on: a\n1: b\ntrue: c\n", "a.yaml").value == {"on": "a", "1": "b", "true": "c"}


def test_every_value_remembers_its_line_and_column():
    tree = yamltree.read("a: 1\nb:\n  - c: 2\n    d: {e: 3}\n  - 4\n", "a.yaml")
    assert tree.place("a") == (1, 1)
    assert tree.place("b", 0, "c") == (3, 5)
    assert tree.place("b", 0, "d", "e") == (4, 9)
    assert tree.place("b", 1) == (5, 5)


def test_what_is_missing_has_the_place_of_what_is_around_it():
    tree = yamltree.read("a: 1\nb:\n  - c: 2\n", "a.yaml")
    assert tree.line("b", 0, "nothing", "here") == 3
    assert tree.get("b", 0, "c") == 2
    assert tree.get("b", 7, "c") is None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "written twice here; the first is in line 1"),
        ("a: &x 1\n", 1, "Anchors and aliases"),
        ("a: 1\nb: *x\n", 2, "Anchors and aliases"),
        ("a:\n\tb: 1\n", 2, "indented with a tab"),
        ("a: 1\nb: x\0y\n", 2, "NUL byte"),
        ("a: 1\nb: x\x07y\n", 2, "control character"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        (b"\xff\xfea\x00", 1, "not UTF-8"),
        ("a: \ud800", 1, "not UTF-8"),
        ("a: b: c\n", 1, 'holds ": "'),
        ("a: 'open\n", 2, "close every quote"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: !!python/object:os.system x\n", 1, "is not used here"),
        ("a: !!str 1\n", 1, "is not used here"),
        ("? [a]\n: b\n", 1, "single word"),
        ("", 1, "empty"),
        ("# only a comment\n", 1, "empty"),
        ("[" * 100_000, 1, "nested too deeply"),
        ("a: '" + "x" * 2_000_001 + "'", 1, "two megabytes"),
    ],
)
def test_what_authors_stumble_over_is_refused_with_its_line(text, line, words):
    (first, *_) = refused(text)
    assert first.startswith(f"a.yaml:{line}: ")
    assert words in first


def test_everything_wrong_is_told_at_once():
    assert len(refused("a: &x 1\nb: *x\nc: &y 2\n")) == 3
    assert len(refused("a: 1\na: 2\nb: {c: 1, c: 2}\n")) == 2


def test_a_byte_order_mark_and_windows_line_ends_are_forgiven():
    assert yamltree.read(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "a.yaml").value == {"a": 1, "b": 2}


class Dish(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text
    hot: StrictBool
    price: int
    kind: Literal["soup", "meat"]


def test_a_tree_that_fits_becomes_the_model():
    findings = Findings()
    tree = yamltree.read("dish: {name: {tr: Çorba, en: ' Soup '}, hot: true, price: 40, kind: soup}\n", "a.yaml")
    dish = yamltree.fill(Dish, tree, findings, ("dish",))
    assert dish == Dish(name=Text("Çorba", "Soup"), hot=True, price=40, kind="soup")
    assert len(findings) == 0


def test_what_does_not_fit_is_told_in_our_words_with_place_and_mend():
    findings = Findings()
    tree = yamltree.read("dish:\n  name: {tr: Çorba}\n  hot: yes\n  price: a lot\n  kind: fish\n  prise: 3\n", "a.yaml")
    assert yamltree.fill(Dish, tree, findings, ("dish",)) is None
    assert [str(finding) for finding in findings] == [
        "a.yaml:2: `name.en` is missing. Add `en:` here.",
        "a.yaml:3: `hot` must be true or false. Write `true` or `false` without quotes.",
        "a.yaml:4: `price` must be a whole number. Write digits only.",
        "a.yaml:5: `kind` must be 'soup' or 'meat'. Choose one of these.",
        "a.yaml:6: `prise` is not known here. Look for a slip of the pen, or delete it.",
    ]


def test_an_empty_text_and_a_text_in_one_language_are_told():
    findings = Findings()
    tree = yamltree.read("name: {tr: ' ', en: Soup}\nhot: true\nprice: 1\nkind: soup\n", "a.yaml")
    yamltree.fill(Dish, tree, findings)
    tree = yamltree.read("name: Soup\nhot: true\nprice: 1\nkind: soup\n", "b.yaml")
    yamltree.fill(Dish, tree, findings)
    assert [str(finding) for finding in findings] == [
        "a.yaml:1: `name.tr` is empty. Write something, or delete the line.",
        'b.yaml:1: `name` must be written in both languages. Write `{tr: "...", en: "..."}`.',
    ]


def test_findings_come_by_file_and_line_and_know_errors_from_warnings():
    findings = Findings()
    findings.warn("b.yaml", 2, "Long.", "Cut it.")
    findings.error("a.yaml", 9, "Wrong.")
    findings.error("a.yaml", 9, "Wrong.")
    assert [str(finding) for finding in findings] == ["a.yaml:9: Wrong.", "b.yaml:2: warning: Long. Cut it."]
    assert (len(findings.errors), len(findings.warnings), findings.ok) == (1, 1, False)
