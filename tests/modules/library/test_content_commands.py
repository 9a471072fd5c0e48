"""`trainee content check` and `publish`, as an author runs them."""

import shutil

import pytest
from click.testing import CliRunner

from tests.conftest import CONTENT
from trainee.cli import cli
from trainee.modules import library

CARDS = len(list((CONTENT / "service" / "cards").glob("*.yaml")))


@pytest.fixture
def folder(sample, tmp_path):
    """A content folder of one's own with the sample module in it."""
    (tmp_path / "service").mkdir()
    shutil.copytree(CONTENT / "service" / "cards", tmp_path / "service" / "cards")
    shutil.copy(CONTENT / "skills.yaml", tmp_path / "skills.yaml")
    shutil.copytree(sample.folder, tmp_path / "modules" / "tidy-desk")
    return tmp_path


def run(*args, app=None):
    return CliRunner().invoke(cli, ["content", *map(str, args)], obj=lambda: app)


def test_a_clean_folder_says_so_and_exits_0(folder):
    result = run("check", folder)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"1 module and {CARDS} policy cards: nothing to mend.\n"


def test_errors_come_as_file_line_message_and_exit_1(folder):
    path = folder / "modules" / "tidy-desk" / "module.yaml"
    path.write_text(path.read_text().replace("minutes: 20", "minutes: many"))
    result = run("check", folder)
    assert result.exit_code == 1
    assert result.stdout == f"{path}:8: `minutes` must be a whole number. Write digits only.\n"
    assert result.stderr.endswith("1 error, 0 warnings.\n")


@pytest.mark.parametrize("part", ["modules", "modules/tidy-desk", "modules/tidy-desk/quiz.yaml"])
def test_one_module_can_be_checked_alone(folder, part):
    assert run("check", folder / part).stderr == "1 module and 0 policy cards: nothing to mend.\n"


@pytest.mark.parametrize("part", ["service", "service/cards"])
def test_the_cards_can_be_checked_alone(folder, part):
    assert run("check", folder / part).stderr == f"0 modules and {CARDS} policy cards: nothing to mend.\n"


def test_a_card_with_another_name_and_a_review_before_its_time_is_told(folder):
    path = folder / "service" / "cards" / "late-delivery.yaml"
    path.write_text(path.read_text().replace("key: late-delivery", "key: delivery-late"))
    assert "`key: delivery-late` is not the name of the file" in run("check", path).stdout
    path.write_text(path.read_text().replace("key: delivery-late", "key: late-delivery").replace("review_by: 2026", "review_by: 2020"))
    assert "`review_by` lies before `valid_from`" in run("check", path).stdout


def test_a_path_that_is_not_there_is_an_error(folder):
    result = run("check", folder / "nothing")
    assert result.exit_code == 1
    assert "There is nothing at this path" in result.stdout


def test_a_folder_without_content_is_an_error(tmp_path):
    assert "There is no content here" in run("check", tmp_path).stdout


def test_two_modules_with_one_code_and_one_role_play_are_told(folder):
    other = folder / "modules" / "other-desk"
    shutil.copytree(folder / "modules" / "tidy-desk", other)
    head = other / "module.yaml"
    head.write_text(head.read_text().replace("key: tidy-desk", "key: other-desk"))
    told = run("check", folder).stdout
    assert "The code M90 is used by other-desk too" in told
    assert "There is a role-play `lost-form` in other-desk too" in told


def test_prerequisites_that_lead_back_are_told(folder):
    other = folder / "modules" / "other-desk"
    shutil.copytree(folder / "modules" / "tidy-desk", other)
    for path, key, before in ((other, "other-desk", "tidy-desk"), (folder / "modules" / "tidy-desk", "tidy-desk", "other-desk")):
        head = path / "module.yaml"
        head.write_text(head.read_text().replace("key: tidy-desk", f"key: {key}").replace("prerequisites: []", f"prerequisites: [{before}]"))
    assert "The prerequisites of `tidy-desk` lead back to it" in run("check", folder).stdout


def test_publishing_a_folder_makes_it_the_version_in_use(fresh, folder):
    result = run("publish", folder / "modules" / "tidy-desk", app=fresh)
    assert result.exit_code == 0, result.output
    assert "tidy-desk is published" in result.stdout
    assert "tidy-desk" in library.current_versions()


def test_publishing_a_broken_folder_publishes_nothing(fresh, folder):
    (folder / "modules" / "tidy-desk" / "quiz.yaml").unlink()
    result = run("publish", folder / "modules" / "tidy-desk", app=fresh)
    assert result.exit_code == 1
    assert "quiz.yaml:1: The file is missing" in result.stderr
    assert "tidy-desk" not in library.current_versions()
