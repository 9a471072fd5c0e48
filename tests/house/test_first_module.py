"""The module that docs/authoring.md writes in an afternoon passes the check when it is copied from the page."""

import re
import shutil

import pytest
from click.testing import CliRunner

from tests.conftest import CONTENT
from tests.house.test_authoring_guide import GUIDE
from trainee.cli import cli
from trainee.modules.library.bundle import from_folder

FILES = dict(re.findall(r"^`([a-z0-9.-]+)`\n\n```(?:yaml|markdown)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE))
KEPT = CONTENT.parent / "tests" / "data" / "good" / "thanks"


def content(*args):
    return CliRunner().invoke(cli, ["content", *map(str, args)])


@pytest.fixture
def copied(tmp_path):
    """The module as a trainer copies it from the page, in a content folder with the skills and the cards and nothing else."""
    shutil.copy(CONTENT / "skills.yaml", tmp_path)
    shutil.copytree(CONTENT / "service", tmp_path / "service")
    folder = tmp_path / "modules" / "thanks"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_page_prints_the_files_of_the_sample():
    assert {name: data.decode() for name, data in from_folder(KEPT, "thanks").files.items()} == FILES


def test_what_is_copied_from_the_page_has_no_error_and_the_warnings_the_page_tells_of(copied):
    result = content("check", copied)
    assert result.exit_code == 0
    assert result.stderr == "1 module and 0 policy cards: 0 errors, 5 warnings.\n"
    assert result.stderr.strip() in GUIDE
    for told in ("says 3 minutes", "is a critical error", "1 of 3 questions ask to apply", "has 3 questions", "are of 3 types"):
        assert told in result.stdout


def test_the_page_keeps_its_word_on_size(copied):
    assert (copied / "quiz.yaml").read_text(encoding="utf-8").count("- id: q") == 3
    assert (copied / "a-kind-word.roleplay.yaml").read_text(encoding="utf-8").count("kind: choice") == 4


def test_the_role_play_can_be_drawn_and_both_languages_agreed_on(copied):
    picture = copied.parent / "picture.svg"
    drawn = content("graph", copied / "a-kind-word.roleplay.yaml", "--language", "en", "--out", picture)
    assert drawn.exit_code == 0, drawn.output
    assert "She will be back" in picture.read_text(encoding="utf-8")
    assert content("agree", copied).exit_code == 0
    assert "has changed since" not in content("check", copied).stdout


def test_the_key_and_the_code_are_free_in_the_catalogue():
    assert not (CONTENT / "modules" / "thanks").exists()
    assert not any("code: M98" in path.read_text(encoding="utf-8") for path in CONTENT.glob("modules/*/module.yaml"))


def test_what_we_ship_names_no_company():
    """It is read at any organisation; the invented one has its name in the demonstration alone."""
    read = [one for one in CONTENT.rglob("*") if one.suffix in {".md", ".yaml"} and "demo" not in one.relative_to(CONTENT).parts]
    assert len(read) > 200
    assert [str(one.relative_to(CONTENT)) for one in read if "mavikap" in one.read_text(encoding="utf-8").lower()] == []
