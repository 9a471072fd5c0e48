"""The rows behind a figure: whatever stands on a page can be looked up, row by row, and adds up to it."""

import random
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from trainee import plans, skills
from trainee.kit.db import db
from trainee.kit.i18n import number
from trainee.people import Team, Unit
from trainee.people.queries import viewer_named
from trainee.reports.column import many_rows
from trainee.reports.figures import FIGURES, measure
from trainee.reports.filters import Asked, Filters
from trainee.reports.kinds import kinds
from trainee.reports.report import Report
from trainee.reports.shown import PAGE, Shown


def narrowed(report: Report, draw: random.Random, at) -> Filters:
    """Any filters that the report takes."""
    choices = {
        "team": list(db.session.scalars(select(Team.id))),
        "unit": list(db.session.scalars(select(Unit.id))),
        "module": list(plans.training().modules),
        "skill": [one.key for one in skills.framework().skills],
        "since": [at.date() - timedelta(days=draw.randrange(400))],
        "until": [at.date() - timedelta(days=draw.randrange(60))],
        "left": [True],
        "rate": [600],
    }
    return Filters(**{name: draw.choice(choices[name]) for name in report.takes if name in choices and draw.random() < 0.3})


def behind(report: Report, asked: Asked) -> dict[str, float]:
    """What stands in each of its figures, after everything behind it was read page by page."""
    told = {}
    for one in measure(report.figures, report.facts(asked), report.left_out(asked)):
        if one.left_out:
            continue
        figure = one.figure
        facts = [fact for fact in report.facts(asked) if figure.counts(fact)]
        first = Shown(report, asked, 1, counted=True, behind=figure)
        rows = [row for page in range(first.many // PAGE + 1) for row in Shown(report, asked, page + 1, counted=True, behind=figure).rows]
        assert rows == [report.row(fact, asked) for fact in facts], (report.key, figure.key)
        again = measure([figure], facts)[0]
        assert (again.value, again.low, again.high) == (one.value, one.low, one.high), (report.key, figure.key)
        weights = [figure.weigh(fact) for fact in facts]
        if figure.unit in ("count", "hours", "money"):
            assert all(weight is not None and weight[0] > 0 for weight in weights), (report.key, figure.key)
            assert sum(weight[0] for weight in weights) == pytest.approx(one.value)
            if all(weight[0] == 1 for weight in weights):
                assert first.many == one.value, (report.key, figure.key)
        else:
            assert sum(weight[1] for weight in weights) == pytest.approx(one.n)
            assert all(weight[0] or weight[1] for weight in weights)
        told[figure.key] = one.value or 0.0
    return told


@pytest.mark.parametrize("report", sorted((one for one in kinds if one.figures), key=lambda one: one.key), ids=lambda one: one.key)
def test_the_rows_behind_every_figure_are_exactly_those_that_count(busy, report, at):
    asked = Asked(viewer_named("ela"), Filters(rate=600 if "rate" in report.takes else None), at)
    plain = behind(report, asked)
    assert set(plain) == {one.key for one in report.figures}
    added = {one.key for one in report.figures if one.unit in ("count", "hours", "money")}
    assert all(plain[key] for key in added), f"the company of the test leaves a number of {report.key} at nought: {plain}"
    for _round in range(6):
        behind(report, replace(asked, filters=narrowed(report, busy, at), who=viewer_named(busy.choice(("ela", "chloe", "dev", "hana")))))


def test_what_a_number_counts_are_fewer_rows_than_all(busy, at):
    """Were all rows behind every number, the test above would say little."""
    asked, seen = Asked(viewer_named("ela"), Filters(), at), set()
    for report in kinds:
        for figure in report.figures:
            if figure.unit == "count" and Shown(report, asked, 1, counted=True, behind=figure).many < len(list(report.facts(asked))):
                seen.add(figure.key)
    conditional = {one.key for one in FIGURES if one.unit == "count"} - {"attempts", "observations"}
    assert seen == conditional


def test_a_page_shows_as_many_rows_behind_a_number_as_the_number_says(busy, cast, as_):
    client, looked = as_(cast.ela), 0
    for key in ("assignments", "certification", "skills", "expectations", "suggestions", "questions"):
        page = client.get(f"/reports/{key}").text
        for value, figure in re.findall(r'stat-value">([\d,]+)</span>(?:(?!stat-value).)*?behind=(\w+)', page, re.DOTALL):
            one = next(one for one in kinds[key].figures if one.key == figure)
            if one.unit == "count":
                rows = client.get(f"/reports/{key}?behind={figure}").text
                assert value == number(float(value.replace(",", "")))
                assert many_rows(int(value.replace(",", ""))) in rows[rows.index('id="rows"') :], (key, figure)
                looked += 1
    assert looked == 8


def test_as_many_questions_do_not_separate_as_are_called_so(busy, cast, as_, at):
    """Two numbers with one name would leave whoever mends the questions wondering which is true."""
    facts = list(kinds["questions"].facts(Asked(viewer_named("ela"), Filters(), at)))
    assert any(one.item.verdict == "easy" and one.discrimination is not None and one.discrimination < 0.2 for one in facts)
    page = as_(cast.ela).get("/reports/questions").text
    tile = re.search(r'stat-value">(\d+)</span>(?:(?!stat-value).)*?behind=unseparating', page, re.DOTALL)
    drawn = re.search(r'<th scope="row">Does not separate</th>\s*<td class="number">(\d+)<', page)
    assert tile and drawn and tile[1] == drawn[1] == str(sum(one.item.verdict == "weak" for one in facts))
    assert page[page.index('class="report-rows"') :].count("Does not separate") == int(tile[1])


def test_nothing_stands_behind_a_figure_that_the_filters_leave_out(busy, cast, as_):
    page = as_(cast.ela).get("/reports/assignments?since=2020-01-01&behind=overdue").text
    assert "Only the rows that count" not in page
