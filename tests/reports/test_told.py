"""How figures are told: with their interval as fine as they are, of how many, and not at all where the filters leave out what they count."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from tests.reports.test_reports import taken, told
from trainee.kit.i18n import force_locale
from trainee.people.queries import viewer_named
from trainee.reports import shown, views
from trainee.reports.figures import CES, MODULES_DONE, measure
from trainee.reports.filters import Asked, Filters
from trainee.reports.kinds import kinds
from trainee.reports.kinds.customers import Said


@pytest.fixture
def asked(at):
    """What HR asks for."""
    return lambda **filters: Asked(viewer_named("ela"), Filters(**filters), at)


def test_the_interval_of_a_mean_is_as_fine_as_the_mean(app, at):
    answers = [5, 6] * 40 + [7, 4] * 8
    said = Said(at.date(), "", "", "easy", len(answers), 0, 0, sum(answers), sum(one * one for one in answers))
    with force_locale("en"):
        (ces,) = measure([CES], [said])
        assert (ces.words, ces.between) == ("5.5", "very likely between 5.3 and 5.7")


def test_recommendations_stand_in_points_and_never_as_a_share(busy, asked):
    report = kinds["customers"]
    keys = [column.key for column in report.columns(asked())]
    rows = [dict(zip(keys, row, strict=True)) for row in report.rows(asked())]
    recommended = [row for row in rows if row["question"] == "recommend"]
    assert {(row["good"], row["low"], row["high"]) for row in recommended} == {(None, None, None)}
    assert any(row["good"] is not None for row in rows)
    assert all(row["nps"] is None for row in rows if row["question"] != "recommend")
    facts = [fact for fact in report.facts(asked()) if fact.question == "recommend" and fact.told]
    assert all(fact.ends[0] <= fact.points <= fact.ends[1] and abs(fact.points) > 1 for fact in facts)


def test_every_file_says_of_how_many_a_figure_is(busy, cast, as_, asked):
    n = next(one.n for one in kinds["customers"].measured(asked()) if one.figure.key == "nps")
    client = as_(cast.ela)
    assert f"Counted here: {n:.0f}." in client.get("/reports/customers").text
    sheet = load_workbook(io.BytesIO(taken(client, "customers", form="xlsx").data))["About this table"]
    sure = {row[0]: row[2] for row in sheet.iter_rows(values_only=True)}
    assert re.fullmatch(rf"very likely between −\d+ and −\d+\. Counted here: {n:.0f}\.", sure["NPS"])
    # Lines are broken where the page ends.
    printed = " ".join(told("pdf", taken(client, "customers", form="pdf").data).split())
    assert printed.count("Counted here") == 3
    assert f"Counted here: {n:.0f}." in printed


def test_hours_have_a_cost_only_where_one_was_given(busy, cast, as_):
    page = as_(cast.ela).get("/reports/hours").text
    assert "the filters give no cost of an hour" in page
    assert "behind=cost" not in page
    assert "Only the rows that count" not in as_(cast.ela).get("/reports/hours?behind=cost").text
    with_cost = as_(cast.ela).get("/reports/hours?rate=600").text
    assert "behind=cost" in with_cost
    assert "the filters give no cost of an hour" not in with_cost


def test_the_days_of_a_training_record_leave_out_what_is_not_completed(busy, cast, as_, asked, at):
    days = asked(since=at.date() - timedelta(days=200))
    by_key = {one.figure: one for one in kinds["training_record"].measured(days)}
    assert by_key[MODULES_DONE].left_out
    assert [one.left_out for figure, one in by_key.items() if figure is not MODULES_DONE] == [False, False]
    assert "not counted here" in as_(cast.ela).get("/reports/training_record", query_string={"until": "2026-03-01"}).text
    plain = {one.figure: one for one in kinds["training_record"].measured(replace(days, filters=Filters()))}
    assert not plain[MODULES_DONE].left_out


def test_a_month_tells_a_share_of_ten_and_not_of_fewer(busy, asked):
    report, few = kinds["progress"], 0
    places = {column.key: place for place, column in enumerate(report.columns(asked()))}
    for fact in report.facts(asked()):
        row = report.row(fact, asked())
        assert (row[places["passed"]] is not None) == (fact.handed_in >= 10)
        assert (row[places["good"]] is not None) == (fact.lines >= 10)
        few += 0 < fact.handed_in < 10
    assert few > 0


@pytest.mark.parametrize("form", ["csv", "csv_plain"])
def test_a_file_names_its_letters_once(cast, as_, form):
    assert taken(as_(cast.ela), "skills", form=form).headers["Content-Type"] == "text/csv; charset=utf-8"


def test_paper_says_which_rows_stand_on_it_when_they_are_not_all(busy, as_, cast, monkeypatch):
    monkeypatch.setattr(shown, "PAGE", 2)
    monkeypatch.setattr(views, "PAGE", 2)
    browser = as_(cast.ela)
    many = int(re.search(r"(\d+) rows", browser.get("/reports/training_record").text)[1])
    assert many > 4
    for page, rows in ((1, "rows 1 to 2"), (2, "rows 3 to 4")):
        html = browser.get(f"/reports/training_record?page={page}").text
        assert f"On this paper stand {rows} of {many}. The PDF and the Excel file have all of them." in html
    monkeypatch.setattr(shown, "PAGE", 1000)
    assert "On this paper" not in browser.get("/reports/training_record").text


def test_a_page_shows_what_is_read_there_and_names_what_only_the_files_hold(busy, as_, cast, asked):
    html = as_(cast.ela).get("/reports/training_record").text
    columns = kinds["training_record"].columns(asked())
    heads = re.search(r"<thead>.*?</thead>", html, re.S)[0]
    assert len(re.findall("<th ", heads)) == sum(one.on_page for one in columns) <= 16
    told_below = html.split("In the files alone: ")[1].split("</p>")[0]
    with force_locale("en"):
        assert [str(one.title) for one in columns if not one.on_page] == told_below.split(", ")
    # The day is enough on a page; the time stays in the files.
    assert not re.search(r"20\d\d \d\d:\d\d</td>", html)
