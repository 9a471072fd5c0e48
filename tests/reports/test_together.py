"""Rows put together: a value that is repeated counts once, a ratio is divided anew, and what is no amount is not summed."""

from dataclasses import replace

import pytest

from trainee import plans
from trainee.kit.db import db
from trainee.modules.progress import part_done
from trainee.modules.progress.queries import required_parts
from trainee.people.queries import viewer_named
from trainee.reports.figures import AGREEMENT, COST, CSAT, FACILITY, HOURS, HOURS_EACH, LINES_AT_LEVEL, NPS, QUIZ_BEST, Figure
from trainee.reports.filters import Asked, Filters
from trainee.reports.kinds import kinds
from trainee.reports.table import Condition, Picked, Table

# Columns that say the same as a figure: by what they are put together, the column, the figure, and so many times as much.
SAME = [
    ("training_record", "team", "minutes_sum", HOURS, 60),
    ("training_record", "team", "quiz_best_pct_mean", QUIZ_BEST, 1),
    ("training_record", "skill", "minutes_sum", HOURS, 60),
    ("training_record", "skill", "quiz_best_pct_mean", QUIZ_BEST, 1),
    ("hours", "team", "hours_sum", HOURS, 1),
    ("hours", "team", "hours_mean", HOURS_EACH, 1),
    ("hours", "role", "hours_mean", HOURS_EACH, 1),
    ("hours", "team", "cost_sum", COST, 1),
    ("progress", "month", "hours_sum", HOURS, 1),
    ("progress", "month", "good_mean", LINES_AT_LEVEL, 1),
    ("questions", "module_code", "facility_mean", FACILITY, 1),
    ("questions", "kind", "facility_mean", FACILITY, 1),
    ("customers", "team", "nps_mean", NPS, 1),
    ("customers", "question", "nps_mean", NPS, 1),
    ("customers", "question", "good_mean", CSAT, 1),
]


def asked_for(at, key: str, **filters) -> Asked:
    return Asked(viewer_named("ela"), Filters(rate=600 if "rate" in kinds[key].takes else None, **filters), at)


def grouped(asked: Asked, key: str, group: str, conditions=()) -> list[dict]:
    table = Table(Picked(key, tuple(one.key for one in kinds[key].columns(asked)), (group,), conditions))
    columns = [one.key for one in table.columns(asked)]
    return [dict(zip(columns, row, strict=True)) for row in table.rows(asked)]


@pytest.mark.parametrize(("key", "group", "column", "figure", "times"), SAME, ids=lambda one: one.key if isinstance(one, Figure) else str(one))
def test_a_group_says_what_the_figure_of_its_rows_says(busy, at, key, group, column, figure, times):
    asked, looked = asked_for(at, key), 0
    for row in grouped(asked, key, group):
        value = row[group]
        if value is None or (figure is CSAT and value != "satisfied"):
            continue
        words = value.isoformat() if hasattr(value, "isoformat") else str(value)
        alone = Table(Picked(key, conditions=(Condition(group, "is", words),)))
        (one,) = (one for one in alone.measured(asked) if one.figure.key == figure.key)
        if one.value is None:
            assert not row[column]
            continue
        assert row[column] == pytest.approx(one.value * times, abs=1e-3), (value, row)
        for end, wanted in (("_low", one.low), ("_high", one.high)):
            told = column.replace("_mean", end)
            if told in row and column.endswith("_mean"):
                assert row[told] == pytest.approx(wanted)
        looked += 1
    assert looked > 0


def test_what_stands_on_several_rows_counts_once_in_all(busy, at):
    asked = asked_for(at, "training_record")
    rows = grouped(asked, "training_record", "team")
    facts = list(kinds["training_record"].facts(asked))
    sessions = {(one.member.id, one.skill): one.sessions for one in facts}
    evidence = {(one.member.id, one.skill): one.level.figure.n if one.level else 0 for one in facts}
    assert sum(row["coaching_count_sum"] for row in rows) == sum(sessions.values()) > 0
    assert sum(row["evidence_count_sum"] for row in rows) == sum(evidence.values())
    assert sum(row["rows"] for row in rows) == len(facts) > len({(one.member.id, one.module.key) for one in facts})


def test_lines_and_their_mean_are_those_of_all_lines(busy, at):
    asked = asked_for(at, "observations")
    report, rows = kinds["observations"], grouped(asked, "observations", "channel")
    told = {one.figure.key: one for one in report.measured(asked)}
    assert sum(row["lines_sum"] for row in rows) == told["lines_at_level"].n
    assert sum(row["good_lines_sum"] for row in rows) / told["lines_at_level"].n == pytest.approx(told["lines_at_level"].value)
    facts = list(report.facts(asked))
    levels = sum(round(one.mean * one.lines) for one in facts if one.lines)
    (row,) = rows
    assert row["mean_level_mean"] == pytest.approx(levels / sum(one.lines for one in facts))
    assert AGREEMENT in report.figures


def test_a_version_a_try_and_the_end_of_an_interval_are_never_added_up(cast, at):
    wanted = {
        "training_record": {"module_version"},
        "attempts": {"module_version", "attempt"},
        "customers": {"low", "high", "nps_low", "nps_high"},
        "questions": {"facility_low", "facility_high", "discrimination"},
        "programme": {"effect", "low", "high", "people"},
        "roleplays": {"module_version", "scene_no"},
    }
    for key, columns in wanted.items():
        keys = {one.key for one in Table(Picked(key, tuple(columns), ("module_code" if key != "customers" else "team",))).columns(asked_for(at, key))}
        assert keys == {"module_code" if key != "customers" else "team", "rows"}, key


def test_a_level_has_a_mean_and_no_sum(busy, at):
    for key, column in (("training_record", "skill_level"), ("skills", "expected_level"), ("skills_matrix", "empathy")):
        (row, *_more) = grouped(asked_for(at, key), key, "team")
        assert f"{column}_mean" in row
        assert f"{column}_sum" not in row


def test_what_is_not_put_together_is_named_on_the_page(busy, cast, as_):
    page = as_(cast.ela).get("/reports/table?rows=training_record&group=team&columns=module_version&columns=minutes").text
    assert "Not put together, because neither a sum nor a mean of it says anything: Version." in page
    assert "Minutes done, in all" in page
    assert "Not put together" not in as_(cast.ela).get("/reports/table?rows=training_record&group=team").text


def test_conditions_that_leave_out_the_first_row_of_a_module_leave_it_in_the_figures(busy, cast, at):
    several = next(one for one in plans.training().modules.values() if len(one.skills) > 1)
    for part in required_parts(several):
        part_done(cast.hana, several.key, part, at)
    db.session.commit()
    asked, later = asked_for(at, "training_record"), several.skills[1]
    facts = list(kinds["training_record"].facts(asked))
    hers = {(one.member.id, one.module.key): one.minutes for one in facts if one.skill == later}
    table = Table(Picked("training_record", conditions=(Condition("skill_code", "is", later),)))
    (hours,) = (one for one in table.measured(asked) if one.figure is HOURS)
    by_filter = replace(asked, filters=Filters(skill=later))
    (filtered,) = (one for one in kinds["training_record"].measured(by_filter) if one.figure is HOURS)
    assert hours.value == pytest.approx(sum(hers.values()) / 60)
    assert hours.value == pytest.approx(filtered.value)
    assert hours.value > 0
