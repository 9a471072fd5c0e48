"""A text changed in one language only is told; one changed in both, or agreed anew, is not."""

import shutil
from pathlib import Path

from trainee.kit.findings import Findings
from trainee.modules.library.bundle import from_folder
from trainee.modules.library.reading import read_module
from trainee.modules.library.translated import NAME, agree, look_for_stale

DESK = Path(__file__).resolve().parents[2] / "data" / "good" / "tidy-desk"


def told(folder: Path) -> list[str]:
    findings = Findings()
    look_for_stale(folder, findings)
    return [str(finding).removeprefix(f"{folder}/") for finding in findings]


def change(folder: Path, name: str, before: str, after: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_question_a_scene_and_a_piece_of_a_lesson_changed_in_one_language_are_told(tmp_path):
    folder = tmp_path / "tidy-desk"
    shutil.copytree(DESK, folder)
    digest = from_folder(folder).digest
    assert told(folder) == [], "nobody has agreed yet"
    agree(folder)
    assert told(folder) == []
    assert from_folder(folder).digest == digest, "the record is no part of the module"
    change(folder, "quiz.yaml", "What is seen first?", "What do they see first?")
    change(folder, "lost-form.roleplay.yaml", 'tr: "Formum nerede?"', 'tr: "Formum kayıp!"')
    change(folder, "1-first-look.tr.md", "Hoş geldiniz", "Hoş geldiniz efendim")
    words = told(folder)
    changed = "has changed since, and the"
    assert any(line.startswith(f"quiz.yaml:16: warning: The English {changed} Turkish has not: “What do they see first?”") for line in words), words
    assert any(f"warning: The Turkish {changed} English has not: “Formum kayıp!”" in line for line in words), words
    assert any(line.startswith(f"1-first-look.tr.md:28: warning: The Turkish {changed} English has not: “Çalışan: ") for line in words), words
    assert len(words) == 3
    change(folder, "quiz.yaml", "Önce ne görülür?", "Önce neyi görürler?")
    assert len(told(folder)) == 2, "changed in both"
    agree(folder)
    assert told(folder) == []
    assert (folder / NAME).is_file()


def test_the_line_that_changed_is_told_with_its_first_words_and_no_inner_name(tmp_path):
    folder = tmp_path / "tidy-desk"
    shutil.copytree(DESK, folder)
    agree(folder)
    lines = (folder / "2-clearing-up.en.md").read_text(encoding="utf-8").split("\n")
    at = next(number for number, line in enumerate(lines, 1) if number > lines.index("---", 1) + 1 and len(line.split()) > 8)
    lines[at - 1] += " Really."
    (folder / "2-clearing-up.en.md").write_text("\n".join(lines), encoding="utf-8")
    (found,) = told(folder)
    assert found.startswith(f"2-clearing-up.en.md:{at}: warning: The English has changed since")
    assert "#" not in found
    assert " ".join(lines[at - 1].split()[:4]) in found


def test_a_block_taken_out_of_both_languages_says_nothing_about_the_others(tmp_path):
    folder = tmp_path / "tidy-desk"
    shutil.copytree(DESK, folder)
    agree(folder)
    for lang in ("tr", "en"):
        path = folder / f"1-first-look.{lang}.md"
        text = path.read_text(encoding="utf-8")
        before, _open, after = text.partition(":::weak")
        path.write_text(before + after.partition("\n:::\n")[2], encoding="utf-8")
    assert told(folder) == []


def test_a_block_taken_out_of_one_language_is_told_once_as_the_missing_block_it_is(tmp_path):
    folder = tmp_path / "tidy-desk"
    shutil.copytree(DESK, folder)
    agree(folder)
    path = folder / "1-first-look.tr.md"
    before, _open, after = path.read_text(encoding="utf-8").partition(":::try")
    path.write_text(before + after.partition("\n:::\n")[2], encoding="utf-8")
    assert told(folder) == []
    assert [finding.line for finding in read_module(folder)[1].errors if "has no task to try" in finding.message] == [1]


def test_a_record_that_cannot_be_read_is_told_once(tmp_path):
    folder = tmp_path / "tidy-desk"
    shutil.copytree(DESK, folder)
    agree(folder)
    record = folder / NAME
    record.write_text("".join(" ".join(line.split()[:3]) + "\n" for line in record.read_text(encoding="ascii").splitlines()), encoding="ascii")
    assert told(folder) == [
        f"{NAME}:1: warning: This record of what was agreed on cannot be read. "
        f"Read both languages against each other, then run: trainee content agree {folder}"
    ]
