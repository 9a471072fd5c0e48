"""Bands mean what they say: of a person's next answers as many lie inside as promised, where the truth is known."""

import re
from collections.abc import Sequence
from datetime import timedelta
from math import pi, sqrt
from statistics import NormalDist, fmean, pvariance

import pytest
from click.testing import CliRunner

from trainee.cli import cli
from trainee.evidence import Row
from trainee.profile import calibrations
from trainee.profile.filter import PRODUCT, Normal, Outlook, sigmoid
from trainee.profile.fold import day_of, fold
from trainee.profile.policy import ALL
from trainee.profile.simulation import BEGIN, Plan, as_csv, simulate
from trainee.profile.widths import ENOUGH

CUT = 60
# The same bands, judged in whole answers with both ends in, and with the ends' probability shared out.
WAYS = ("the same in whole answers", "the same with its ends shared out")
NEXT = 20
# The middles of forty-one slices of a Gaussian, each as likely as the others.
SLICES = [NormalDist().inv_cdf((number + 0.5) / 41) for number in range(41)]
# How the simulation lets four-choice questions be guessed, and the filter believes it.
GUESS = 0.1


def band(outlook: Outlook, items: Sequence[Normal]) -> tuple[float, float]:
    """Where the mean score of the next answers to these items lies, four times in five: doubt about the person, then chance."""
    means, chances = [], []
    for z in SLICES:
        theta = outlook.mean + z * sqrt(outlook.var)
        right = [GUESS + (1 - GUESS) * sigmoid((theta - item.m) / sqrt(1 + pi / 8 * item.v)) for item in items]
        means.append(fmean(right))
        chances.append(sum(p * (1 - p) for p in right) / len(right) ** 2)
    reach = NormalDist().inv_cdf(0.9) * sqrt(pvariance(means) + fmean(chances))
    return fmean(means) - reach, fmean(means) + reach


def held(rows: Sequence[Row], people: int, days: int = CUT) -> list[bool]:
    """For every person and skill with enough answers to come: whether their mean lies in the band told from the past only."""
    cut = BEGIN + timedelta(days=days)
    past = [row for row in rows if row.occurred_at < cut]
    coming: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        if row.occurred_at >= cut and row.source == "quiz_answer":
            coming.setdefault((row.person_id, row.skill), []).append(row)
    known = calibrations.learn(past)
    found = []
    by_person: dict[int, list[Row]] = {}
    for row in past:
        by_person.setdefault(row.person_id, []).append(row)
    for person_id in range(1, people + 1):
        person = fold(by_person.get(person_id, []), known)
        for (who, skill), answers in coming.items():
            if who == person_id and len(answers) >= NEXT:
                items = [known.items.get(f"{row.item}|{skill}", Normal(0.0, PRODUCT.vd)) for row in answers[:NEXT]]
                mean, var = person.outlook(ALL, skill, day_of(cut), known)
                low, high = band(Outlook(mean, var * known.width(ALL) ** 2), items)
                found.append(low <= fmean(row.score for row in answers[:NEXT]) <= high)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_band_for_the_next_twenty_answers_holds_about_four_in_five(seed):
    plan = Plan(skills=4)
    told = held(simulate(seed, plan).rows, plan.people)
    assert len(told) > 150
    assert 0.74 <= fmean(told) <= 0.88


def test_in_a_company_that_goes_on_bands_as_wide_as_their_misses_taught_hold_as_many():
    """A year is past; how wide bands are is learned from it, and judged by the half year that follows."""
    told = []
    for seed in (1, 2):
        plan = Plan(people=40, skills=3, days=540)
        rows = simulate(seed, plan).rows
        told += held(rows, plan.people, 360)
        known = calibrations.learn(row for row in rows if row.occurred_at < BEGIN + timedelta(days=360))
        assert known.widths[ALL][1] > ENOUGH
        assert 0.75 < known.width(ALL) < 1.15
    assert len(told) > 200
    assert 0.74 <= fmean(told) <= 0.88


def test_the_command_counts_the_bands_that_held(tmp_path):
    """As many hold as should where the log comes from a company with known truth; bands half as wide would hold far fewer."""
    file = tmp_path / "log.csv"
    file.write_text(as_csv(row for row in simulate(4, Plan(people=30, skills=3, days=120)).rows if row.source == "quiz_answer"), encoding="utf-8")
    run = CliRunner().invoke(cli, ["skills", "evaluate", str(file), "--folds", "3", "--bands"])
    assert run.exit_code == 0, run.output
    told = re.findall(r"inside the 80 % band, (any|one) skill (0\.\d+) of (\d+)", run.output)
    assert [kind for kind, _share, _many in told] == ["any", "one"]
    for _kind, share, many in told:
        assert int(many) > 60
        assert 0.72 <= float(share) <= 0.93
    whole, fair = (re.findall(rf"inside the 80 % band, \w+ skill, {words} (0\.\d+)", run.output) for words in WAYS)
    # What lies on an end of a band counts whole in the one and in part in the other.
    assert [one > other for one, other in zip(whole, fair, strict=True)] == [True, True]
    head, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text(head + "".join(rows[:60]), encoding="utf-8")
    few = CliRunner().invoke(cli, ["skills", "evaluate", str(file), "--folds", "2", "--bands"])
    assert "one skill: not enough answers; of some person there must be 23 or more" in few.output
    assert "nan of 0" not in few.output
    without = CliRunner().invoke(cli, ["skills", "evaluate", str(file), "--bands"])
    assert without.exit_code == 2
    assert "--folds" in without.output
