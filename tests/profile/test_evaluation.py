"""The evaluation counts errors rightly, and the model keeps its promises where the truth is known."""

import gzip
import random
from math import log, sqrt
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from trainee.cli import cli
from trainee.profile import calibrations
from trainee.profile.evaluation import BadLog, as_svg, as_text, auc, calibration_table, errors, evaluate, read_log
from trainee.profile.fold import day_of, fold
from trainee.profile.simulation import Plan, as_csv, simulate, spread

HEAD = "person,skill,item,score,occurred_at,source\n"
ROW = "p1,empathy,q1,1,2026-03-01T09:00:00+03:00,quiz_answer\n"


@pytest.fixture(scope="module")
def company():
    return simulate(5, Plan(people=50, days=150))


@pytest.fixture(scope="module")
def path(company, tmp_path_factory):
    path = tmp_path_factory.mktemp("log") / "company.csv"
    path.write_text(as_csv(company.rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def judged(path):
    return evaluate(read_log(path), folds=5)


# Figures


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.sampled_from([0.1, 0.2, 0.5, 0.9])), min_size=1, max_size=40))
def test_auc_is_the_share_of_pairs_in_the_right_order(pairs):
    right = [q for y, q in pairs if y]
    wrong = [q for y, q in pairs if not y]
    wins = sum((one > other) + 0.5 * (one == other) for one in right for other in wrong)
    expected = wins / (len(right) * len(wrong)) if right and wrong else 0.5
    assert auc([y for y, _ in pairs], [q for _, q in pairs]) == pytest.approx(expected)


def test_a_half_right_answer_counts_half_on_both_sides():
    assert auc([0.5], [0.3]) == pytest.approx(0.5)
    assert auc([1.0, 0.5, 0.0], [0.9, 0.5, 0.1]) == pytest.approx((0.5 + 1.0 + 0.125 + 0.5) / (1.5 * 1.5))


def test_errors_are_what_their_names_say():
    told = errors("x", [1.0, 0.0, 1.0, 1.0], [0.8, 0.4, 0.6, 0.6])
    assert told.log_loss == pytest.approx(-(log(0.8) + log(0.6) + 2 * log(0.6)) / 4)
    assert told.rmse == pytest.approx(sqrt((0.04 + 0.16 + 0.16 + 0.16) / 4))
    assert told.calibration_error == pytest.approx((0.2 + 0.4 + 0.8) / 4)


def test_a_sure_error_costs_much_and_not_everything():
    assert errors("x", [0.0], [1.0]).log_loss < 20


def test_the_table_has_twenty_bins_of_equal_width():
    table = calibration_table([1.0] * 21, [number / 20 for number in range(21)])
    assert len(table) == 20
    assert [one.n for one in table] == [1] * 19 + [2]


# Files


def read(tmp_path, text, name="log.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_log(path)


def test_a_gzipped_file_reads_like_a_plain_one(path, tmp_path):
    zipped = tmp_path / "company.csv.gz"
    zipped.write_bytes(gzip.compress(path.read_bytes()))
    assert read_log(zipped) == read_log(path)


def test_columns_may_come_in_any_order_and_more_of_them(tmp_path):
    text = "source,score,note,item,skill,person,occurred_at\nquiz_answer,0.5,x,q1,a|b,p1,2026-03-01 09:00\n"
    (answer,) = read(tmp_path, text).answers
    assert (answer.person, answer.skills, answer.item, answer.score) == ("p1", ("a", "b"), "q1", 0.5)


def test_answers_are_read_in_the_order_in_which_they_were_given(tmp_path):
    rows = [ROW.replace("q1", f"q{hour}").replace("T09", f"T{hour:02}") for hour in (11, 9, 10)]
    assert [answer.item for answer in read(tmp_path, HEAD + "".join(rows)).answers] == ["q9", "q10", "q11"]


def test_what_is_never_counted_is_left_out(tmp_path):
    found = read(tmp_path, HEAD + ROW + ROW.replace("quiz_answer", "self_assessment"))
    assert (len(found.answers), found.not_counted) == (1, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "columns person"),
        ("person,skill,item,score\n", "occurred_at, source are missing"),
        (HEAD.replace(",", ";"), "separated by semicolons"),
        (HEAD, "holds no answers"),
        (HEAD + ROW.replace(",1,", ",two,"), "line 2: the score 'two' is not a number"),
        (HEAD + ROW.replace(",1,", ",1.5,"), "line 2: the score 1.5 is not between"),
        (HEAD + ROW.replace(",1,", ",nan,"), "line 2: the score nan is not between"),
        (HEAD + ROW + ROW.replace("2026-03-01", "yesterday"), "line 3: 'yesterday"),
        (HEAD + ROW.replace("quiz_answer", "gossip"), "line 2: there is no source 'gossip'"),
        (HEAD + ROW.replace("p1", ""), "line 2: person, skill or item is empty"),
        (HEAD + "p1,empathy\n", "line 2: person, skill or item is empty"),
        (HEAD + ROW.replace("empathy", "|"), "line 2: person, skill or item is empty"),
        (HEAD + ROW.replace("empathy", "empathy||greeting"), "line 2: person, skill or item is empty"),
    ],
)
def test_a_bad_log_is_told_with_its_line(tmp_path, text, said):
    with pytest.raises(BadLog, match=said.replace("|", r"\|")):
        read(tmp_path, text)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00 not text", b"\x1f\x8b broken zip"])
def test_a_file_that_is_no_text_is_told(tmp_path, content):
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(BadLog):
        read_log(path)


# The model against what is known


def test_the_model_predicts_better_than_every_simple_way(judged):
    assert judged.model.auc > max(one.auc for one in judged.baselines) + 0.02
    assert judged.model.log_loss < min(one.log_loss for one in judged.baselines)
    assert judged.model.rmse < min(one.rmse for one in judged.baselines)
    assert judged.model.calibration_error < 0.05


def test_the_baselines_are_the_four_that_are_promised(judged):
    assert [one.name for one in judged.baselines] == ["global mean", "item mean", "moving average", "Elo"]


def test_evaluating_twice_gives_the_same_figures(path, judged):
    assert evaluate(read_log(path), folds=5) == judged


def test_every_answer_is_predicted_once(path, judged, company):
    assert judged.answers == len(company.rows)
    assert sum(one.n for one in judged.model.table) == judged.answers
    whole = evaluate(read_log(path))
    assert sum(one.n for one in whole.model.table) == whole.answers
    assert whole.folds == 0


def test_an_answer_is_predicted_from_the_past_only(tmp_path, path):
    log = read_log(path)
    half = len(log.answers) // 2
    turned = [answer if place < half else answer._replace(score=1.0 - answer.score) for place, answer in enumerate(log.answers)]
    first = evaluate(type(log)(log.answers[:half]))
    both = [evaluate(type(log)(answers[:half])) for answers in (log.answers, turned)]
    assert first == both[0] == both[1]


def test_a_stranger_is_predicted_as_the_folds_say(tmp_path):
    """With two people and two folds, the one's difficulties are learned from the other alone."""
    rows = [
        f"{person},empathy,q{number},{score},2026-03-0{number + 1}T09:00:00+00:00,quiz_answer\n"
        for person, score in (("a", 1), ("b", 0))
        for number in range(5)
    ]
    log = read(tmp_path, HEAD + "".join(rows))
    assert evaluate(log, folds=2).model.auc < 0.5
    with pytest.raises(BadLog, match="at least 3 persons"):
        evaluate(log, folds=3)


def test_the_estimate_comes_near_the_truth_and_its_band_holds_it(company):
    known = calibrations.learn(company.rows)
    by_person = {}
    for row in company.rows:
        by_person.setdefault(row.person_id, []).append(row)
    day = day_of(company.rows[-1].occurred_at)
    misses = []
    for person_id, rows in by_person.items():
        person = fold(rows, known)
        for skill in known.skills:
            outlook = person.outlook("all", skill, day, known)
            misses.append((outlook.mean - company.true_level(person_id, skill), outlook.var))
    rmse = sqrt(sum(miss**2 for miss, _ in misses) / len(misses))
    held = sum(abs(miss) <= 1.2816 * sqrt(var) for miss, var in misses) / len(misses)
    assert rmse < 0.6 * spread(company)
    assert 0.74 <= held <= 0.95


def test_the_same_seed_draws_the_same_company():
    small = Plan(people=3, days=30)
    assert simulate(1, small).rows == simulate(1, small).rows != simulate(2, small).rows


# Telling


def test_the_text_has_one_figure_a_line(judged):
    lines = as_text(judged).splitlines()
    assert f"AUC {judged.model.auc:.3f}" in lines
    assert f"log-loss {judged.model.log_loss:.3f}" in lines
    assert f"RMSE {judged.model.rmse:.3f}" in lines
    assert f"calibration error {judged.model.calibration_error:.3f}" in lines
    assert f"Elo AUC {judged.baselines[3].auc:.3f}" in lines


def test_the_picture_has_a_dot_for_every_bin(judged):
    picture = ElementTree.fromstring(as_svg(judged))  # noqa: S314 (we wrote it)
    assert len(picture.findall("{http://www.w3.org/2000/svg}circle")) == len(judged.model.table)


def test_the_command_prints_the_figures_and_draws_the_picture(path, tmp_path, judged):
    picture = tmp_path / "picture.svg"
    done = CliRunner().invoke(cli, ["skills", "evaluate", str(path), "--folds", "5", "--picture", str(picture)])
    assert done.exit_code == 0, done.output
    assert f"\nAUC {judged.model.auc:.3f}\n" in done.output
    assert picture.read_text(encoding="utf-8") == as_svg(judged)


@pytest.mark.parametrize("arguments", [["--folds", "1"], ["--folds", "200"], ["--picture", "no/such/folder/picture.svg"]])
def test_the_command_says_in_a_sentence_what_it_cannot_do(path, arguments):
    done = CliRunner().invoke(cli, ["skills", "evaluate", str(path), *arguments])
    assert done.exit_code != 0
    assert "Error: " in done.output
    assert "Traceback" not in done.output


def test_a_log_in_disorder_is_put_in_order(path, tmp_path):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    mixed = lines[1:]
    random.Random(3).shuffle(mixed)
    found = read(tmp_path, lines[0] + "".join(mixed))
    assert [answer.day for answer in found.answers] == sorted(answer.day for answer in read_log(path).answers)
