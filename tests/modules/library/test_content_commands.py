"""`trainee content check` and `publish`, as an author runs them."""

import json
import re
import shutil
from datetime import date

import pytest
from click.testing import CliRunner

from tests.conftest import CONTENT
from trainee.cli import cli
from trainee.kit import yamltree
from trainee.kit.errors import Refusal
from trainee.modules import library
from trainee.modules.library.checking import check

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


def summary(result):
    """The first line that is said of a check; notes on cards whose review is late may follow, on whatever day this runs."""
    return result.stderr.splitlines()[0]


def test_a_clean_folder_says_so_and_exits_0(folder):
    result = run("check", folder)
    assert (result.exit_code, result.stdout) == (0, "")
    assert summary(result) == f"1 module and {CARDS} policy cards: nothing to mend."


def test_errors_come_as_file_line_message_and_exit_1(folder):
    path = folder / "modules" / "tidy-desk" / "module.yaml"
    path.write_text(path.read_text().replace("minutes: 20", "minutes: many"))
    result = run("check", folder)
    assert result.exit_code == 1
    assert result.stdout == f"{path}:8: `minutes` must be a whole number. Write digits only.\n"
    assert summary(result).endswith("1 error, 0 warnings.")


@pytest.mark.parametrize("part", ["modules", "modules/tidy-desk", "modules/tidy-desk/quiz.yaml"])
def test_one_module_can_be_checked_alone(folder, part):
    assert summary(run("check", folder / part)) == "1 module and 0 policy cards: nothing to mend."


@pytest.mark.parametrize("part", ["service", "service/cards"])
def test_the_cards_can_be_checked_alone(folder, part):
    assert summary(run("check", folder / part)) == f"0 modules and {CARDS} policy cards: nothing to mend."


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
    # Names are compared also where something else is wrong with one of the two.
    lesson = other / "1-first-look.tr.md"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("step: greet", "step: great"), encoding="utf-8")
    told = run("check", folder).stdout
    assert "other-desk/1-first-look.tr.md:5: " in told
    assert "The code M90 is used by other-desk too" in told
    assert "There is a role-play `lost-form` in other-desk too" in told


def test_prerequisites_that_lead_back_are_told(folder):
    other = folder / "modules" / "other-desk"
    shutil.copytree(folder / "modules" / "tidy-desk", other)
    for path, key, before in ((other, "other-desk", "tidy-desk"), (folder / "modules" / "tidy-desk", "tidy-desk", "other-desk")):
        head = path / "module.yaml"
        head.write_text(head.read_text().replace("key: tidy-desk", f"key: {key}").replace("prerequisites: []", f"prerequisites: [{before}]"))
    head = other / "module.yaml"
    head.write_text(head.read_text().replace("code: M90", "code: M91"))
    told = run("check", folder).stdout
    assert "modules/tidy-desk/module.yaml:10: The prerequisites of `tidy-desk` lead back to it by way of `other-desk`" in told


def test_the_general_comes_before_the_specific_told_at_the_entry(folder):
    other = folder / "modules" / "other-desk"
    shutil.copytree(folder / "modules" / "tidy-desk", other)
    head = (other / "module.yaml").read_text().replace("key: tidy-desk", "key: other-desk").replace("code: M90", "code: M91")
    (other / "module.yaml").write_text(head)
    later = folder / "modules" / "tidy-desk" / "module.yaml"
    later.write_text(later.read_text().replace("prerequisites: []", "prerequisites:\n  - other-desk"))
    assert f"{later}:11: `other-desk` comes first by the prerequisites and later on the curriculum" in run("check", folder).stdout


def test_a_module_in_no_content_folder_is_checked_against_what_is_shipped_and_that_is_said(sample, tmp_path):
    shutil.copytree(sample.folder, tmp_path / "tidy-desk")
    head = tmp_path / "tidy-desk" / "module.yaml"
    head.write_text(head.read_text().replace("[greeting, empathy]", "[greeting, empaty]"))
    result = run("check", tmp_path / "tidy-desk")
    assert result.stdout == f"{head}:9: There is no skill `empaty`. Did you mean `empathy`?\n"
    assert "looked up in the content that comes with the program" in result.stderr


def test_a_lesson_that_cannot_be_read_brings_no_findings_on_who_points_at_it(folder):
    lesson = folder / "modules" / "tidy-desk" / "1-first-look.tr.md"
    lesson.write_text(lesson.read_text().replace("---\n", "", 1))
    assert run("check", folder).stdout == (
        f"{lesson}:1: The lesson does not begin with its record. Begin with `---`, then title, minutes, skills and step, then `---`.\n"
    )


def test_a_card_past_its_review_is_told_with_the_date_and_nothing_is_wrong(folder):
    path = folder / "service" / "cards" / "late-delivery.yaml"
    path.write_text(re.sub("review_by: .*", "review_by: 2026-02-01", path.read_text()))
    late = [note for note in check([folder], date(2026, 2, 2)).notes if "late-delivery" in note]
    assert len(late) == 1
    assert "was to be reviewed by 2026-02-01" in late[0]
    assert [note for note in check([folder], date(2026, 2, 1)).notes if "late-delivery" in note] == []
    assert list(check([folder], date(2026, 2, 2)).findings) == []


def test_a_questionnaire_that_lost_a_statement_is_told(folder):
    shutil.copytree(CONTENT / "surveys", folder / "surveys")
    path = folder / "surveys" / "service-quality.yaml"
    path.write_text("\n".join(line for line in path.read_text().split("\n") if "{id: e5," not in line))
    assert "The questionnaire has 21 statements on a service quality, and it is one of 22" in run("check", folder).stdout


def test_advice_is_shown_when_asked_for_and_counted_otherwise(folder):
    shutil.copytree(CONTENT / "modules" / "our-service", folder / "modules" / "our-service")
    for card in (folder / "service" / "cards").iterdir():
        card.write_text(re.sub(r"(?m)^review_by: .*", "review_by: 2999-01-01", card.read_text("utf-8")), "utf-8")
    quiet = run("check", folder)
    assert quiet.exit_code == 0
    said, counted = quiet.stderr.splitlines()[-2:]
    assert said.endswith("nothing to mend.")
    assert re.fullmatch(r"\d+ pieces? of advice: --advice shows them\.", counted)
    told = run("check", folder, "--advice").stderr
    assert re.search(r"advice: In \d of 9 scenes the best reply is best whatever came before", told)


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


def test_all_that_is_wrong_with_a_question_of_no_type_is_said_at_once(folder):
    path = folder / "modules" / "tidy-desk" / "quiz.yaml"
    words = path.read_text()
    for name, wrong in (("type", "singel"), ("level", "aply"), ("skill", "reliabilty")):
        words = re.sub(rf"(?m)^(\s+(?:- )?{name}: )\S+", rf"\g<1>{wrong}", words, count=1)
    path.write_text(words)
    said = run("check", folder).stdout
    assert "`type: singel` is no type of question." in said
    assert "`level` must be" in said
    assert "There is no skill `reliabilty`." in said


def test_one_circle_of_prerequisites_is_one_finding_with_the_way_round(folder):
    keys = ["first-desk", "second-desk", "third-desk", "tidy-desk"]
    for number, key in enumerate(keys):
        path = folder / "modules" / key
        if key != "tidy-desk":
            shutil.copytree(folder / "modules" / "tidy-desk", path)
            for name in ("lost-form.roleplay.yaml", "quiz.yaml"):
                text = (path / name).read_text()
                (path / name).write_text(text.replace("id: lost-form", f"id: lost-{key}"))
            (path / "lost-form.roleplay.yaml").rename(path / f"lost-{key}.roleplay.yaml")
        head = (path / "module.yaml").read_text().replace("key: tidy-desk", f"key: {key}").replace("code: M90", f"code: M{91 + number}")
        (path / "module.yaml").write_text(head.replace("prerequisites: []", f"prerequisites: [{keys[number - 1]}]"))
    told = [line for line in run("check", folder).stdout.splitlines() if "lead back" in line]
    assert len(told) == 1
    way = "first-desk → tidy-desk → third-desk → second-desk → first-desk"
    assert f"modules/first-desk/module.yaml:10: The prerequisites of `first-desk` lead back to it by way of `tidy-desk`: {way}." in told[0]


def test_errors_are_told_before_warnings(folder):
    desk = folder / "modules" / "tidy-desk"
    assert run("agree", desk).exit_code == 0
    lesson = desk / "1-first-look.tr.md"
    lesson.write_text(lesson.read_text().replace("Hoş geldiniz", "Hoş geldiniz efendim"))
    late = desk / "quiz.yaml"
    late.write_text(late.read_text().replace("{{card:greeting-standard}}", "{{card:greeting-standart}}"))
    told = run("check", folder).stdout.splitlines()
    assert "quiz.yaml" in told[0]
    assert "warning" not in told[0]
    assert "1-first-look.tr.md" in told[-1]
    assert "warning: The Turkish has changed since" in told[-1]


def test_a_circle_in_a_story_is_one_finding_however_much_lies_behind_it(folder):
    shutil.copytree(CONTENT / "modules" / "greeting", folder / "modules" / "greeting")
    path = folder / "modules" / "greeting" / "two-at-once.roleplay.yaml"
    text = path.read_text()
    assert text.count("next: s3\n") == 2
    path.write_text(text.replace("next: s3\n", "next: s1\n"))
    told = [line for line in run("check", folder).stdout.splitlines() if "two-at-once" in line]
    assert len(told) == 1, told
    assert "From the scene `s1` there may be no way to an ending, nor from `s2`. Break the circle." in told[0]


def test_a_card_that_cannot_be_read_is_told_once_and_those_who_name_it_are_not(folder):
    card = folder / "service" / "cards" / "greeting-standard.yaml"
    card.write_text(re.sub("review_by: .*", "review_by: 2001-01-01", card.read_text()))
    line = next(number for number, words in enumerate(card.read_text().splitlines(), 1) if words.startswith("review_by"))
    assert run("check", folder).stdout == f"{card}:{line}: `review_by` lies before `valid_from`. Look at the years.\n"


def test_a_card_that_is_missing_is_told_wherever_it_is_named_in_the_order_of_files_and_lines(folder):
    (folder / "service" / "cards" / "greeting-standard.yaml").unlink()
    told = [line for line in run("check", folder).stdout.splitlines() if "There is no policy card `greeting-standard`" in line]
    places = [line.split(": ")[0].rpartition("/")[2].split(":") for line in told]
    assert len(places) == 3
    assert places == sorted(places, key=lambda place: (place[0], int(place[1])))
    desk = folder / "modules" / "tidy-desk"
    assert all("card:greeting-standard" in (desk / name).read_text().splitlines()[int(line) - 1] for name, line in places)


def test_links_on_a_card_are_looked_at(folder):
    card = folder / "service" / "cards" / "late-delivery.yaml"
    text = card.read_text()
    assert "body:" in text

    def told(link):
        tree = yamltree.read(text, "card").value
        tree["body"]["en"] += f" [more]({link})"
        card.write_text(json.dumps(tree, ensure_ascii=False))
        return run("check", folder).stdout

    assert "The link `javascript:go` is unsafe and is not shown" in told("javascript:go")
    assert "The link `/cards/late-deliveri` leads nowhere. Did you mean `late-delivery`?" in told("/cards/late-deliveri")
    assert told("/cards/late-delivery") == told("https://example.org/law") == told("/learn/tidy-desk") == ""


@pytest.mark.parametrize("part", ["glossary.yaml", "paths.yaml", "surveys", "surveys/recommend.yaml", "scorecards/phone.yaml", "interviews"])
def test_what_lies_beside_the_modules_can_be_checked_alone(folder, part):
    for name in ("glossary.yaml", "paths.yaml"):
        shutil.copy(CONTENT / name, folder / name)
    for name in ("scorecards", "surveys", "interviews"):
        shutil.copytree(CONTENT / name, folder / name)
    result = run("check", folder / part)
    wrong = "There is no module" if part == "paths.yaml" else ""
    assert all(wrong and wrong in line for line in result.stdout.splitlines()), result.stdout
    path = folder / part if part.endswith(".yaml") else next((folder / part).glob("*.yaml"))
    path.write_text(path.read_text() + "\nnonsense: 1\n")
    assert f"{path}:" in run("check", folder / part).stdout
    assert "`nonsense` is not known here" in run("check", folder / part).stdout
    assert "nonsense" not in run("check", folder / "modules" / "tidy-desk").stdout


def test_each_path_without_content_is_told_beside_one_with(folder, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    assert run("check", folder, empty).stdout == f"{empty}:1: There is no content here. Give a folder such as content/ or content/modules/greeting.\n"


def test_a_role_play_there_is_not_and_a_place_that_cannot_be_written_to_are_told_in_a_sentence(folder):
    story = folder / "modules" / "tidy-desk" / "lost-form.roleplay.yaml"
    for args, words in (
        (("graph", "greeting/two-at-one"), "Did you mean `greeting/two-at-once`?"),
        (("graph", story, "--out", folder / "nowhere" / "picture.svg"), "The picture cannot be written to"),
        (("agree", folder / "service"), "There is no module at"),
    ):
        result = run(*args)
        assert (result.exit_code, result.stdout) == (1, ""), words
        assert words in result.stderr
        assert "Traceback" not in result.stderr
    with pytest.raises(Refusal, match="There are no modules in"):
        CliRunner().invoke(cli, ["content", "table", str(folder / "service")], catch_exceptions=False)


def test_a_graph_is_drawn_in_either_language_with_what_decides(folder):
    out = folder / "picture.svg"
    for language, words in (("tr", "öteki durumlarda"), ("en", "otherwise")):
        assert run("graph", CONTENT / "modules" / "greeting" / "two-at-once.roleplay.yaml", "--out", out, "--language", language).exit_code == 0
        assert words in out.read_text()
