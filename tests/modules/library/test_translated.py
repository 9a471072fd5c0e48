"""A text changed in one language only is told; one changed in both, or agreed anew, is not."""

import shutil
from pathlib import Path

from trainee.kit.findings import Findings
from trainee.modules.library.bundle import from_folder
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
    assert any(line.startswith("quiz.yaml:9: warning: The English of `quiz.yaml#questions.q01` has changed since") for line in words), words
    assert any("The Turkish of `lost-form.roleplay.yaml#scenes.s1` has changed" in line for line in words), words
    assert any(line.startswith("1-first-look.tr.md:26: warning: The Turkish of") for line in words), words
    assert len(words) == 3
    change(folder, "quiz.yaml", "Önce ne görülür?", "Önce neyi görürler?")
    assert len(told(folder)) == 2, "changed in both"
    agree(folder)
    assert told(folder) == []
    assert (folder / NAME).is_file()
