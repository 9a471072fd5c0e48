"""Tables of one's own: what can be picked, whom they tell of, and who finds a shared one."""

import html
import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from tests.reports.test_reports import csv_of, exports
from trainee import plans
from trainee.cli import cli
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.people import Person
from trainee.people.actions import add_person
from trainee.people.queries import viewer_named
from trainee.reports import background, scheduling
from trainee.reports.filters import Asked, Filters
from trainee.reports.kinds import kinds
from trainee.reports.models import SCHEDULE, ReportFile, ReportTable
from trainee.reports.notices import ReportSent
from trainee.reports.shown import Shown
from trainee.reports.table import Condition, Table, comparisons_for, fits_of, listed, read_picked


@pytest.fixture
def given(cast, at):
    """Assignments: Amir's done a day late, Beth's open, Gus's overdue."""
    day = at.date()
    for place, (who, due) in enumerate(((cast.amir, day - timedelta(days=1)), (cast.beth, None), (cast.gus, day - timedelta(days=1)))):
        plans.assign(who, "greeting", at=at - timedelta(days=9, seconds=place), given_by_id=cast.ela, why="Begin.", due_on=due)
    db.session.commit()


def rows(at, username="ela", **picked) -> list[tuple]:
    asked = Asked(viewer_named(username), Filters(), at)
    return list(Table(read_picked(listed(picked))).rows(asked))


def test_columns_conditions_and_groups_are_those_that_were_picked(given, cast, at):
    everybody = rows(at, rows="assignments", columns=["full_name", "state"])
    assert everybody == [("Amir Kaya", "overdue"), ("Beth Öğüt", "open"), ("Gus Çelik", "overdue")]
    assert rows(at, rows="assignments", columns="full_name", c1="state", o1="is", v1="overdue") == [("Amir Kaya",), ("Gus Çelik",)]
    assert rows(at, rows="assignments", columns="full_name", c1="full_name", o1="contains", v1="ÖĞÜT") == [("Beth Öğüt",)]
    assert rows(at, rows="assignments", columns="full_name", c1="due_at", o1="empty") == [("Beth Öğüt",)]
    day = str(at.date() - timedelta(days=1))
    both = {"c1": "due_at", "o1": "at_most", "v1": day, "c2": "team", "o2": "is_not", "v2": "theirs"}
    assert rows(at, rows="assignments", columns="full_name", **both) == [("Amir Kaya",)]
    assert set(rows(at, rows="assignments", group="state")) == {("overdue", 2), ("open", 1)}
    by_team = rows(at, rows="skills_matrix", group=["team", "unit"], columns="empathy")
    assert by_team == [("Office", "Mavikapı", 8, None), ("Ours", "Mavikapı", 3, None), ("Theirs", "Mavikapı", 2, None)]


def test_sums_and_means_are_those_of_the_rows(given, cast, at):
    asked = Asked(viewer_named("ela"), Filters(), at)
    table = Table(read_picked(listed({"rows": "training_matrix", "columns": ["completed"], "group": "team"})))
    counted = {row[0]: row[1:] for row in table.rows(asked)}
    people = list(kinds["training_matrix"].rows(asked))
    assert sum(one[0] for one in counted.values()) == len(people)
    assert counted["Ours"] == (3, 0, 0)
    assert [column.key for column in table.columns(asked)] == ["team", "rows", "completed_sum", "completed_mean"]


def figures_of(at, **picked) -> dict:
    asked = Asked(viewer_named("ela"), Filters(), at)
    return {one.figure.key: one for one in Shown(Table(read_picked(listed(picked))), asked, 1, counted=True).figures}


def test_figures_of_a_table_are_counted_of_its_rows(given, cast, at):
    told = figures_of(at, rows="assignments", c1="due_at", o1="filled")
    assert (told["overdue"].value, told["completion"].value) == (2, 0)


def test_a_condition_on_what_a_figure_is_judged_by_is_told_as_no_figure(given, cast, as_, at):
    picked = {"rows": "assignments", "c1": "state", "o1": "is", "v1": "overdue"}
    assert [one.left_out for one in figures_of(at, **picked).values()] == [True, True, True]
    page = as_(cast.ela).get("/reports/table", query_string=picked).text
    assert page.count("not counted here") == 3
    assert "100%" not in page
    assert not any(one.left_out for one in figures_of(at, rows="skills", c1="evidence_count", o1="at_least", v1="1").values())
    assert all(one.left_out for one in figures_of(at, rows="certification", c1="state", o1="is", v1="valid").values())


def test_every_column_a_figure_is_judged_by_is_one_of_its_reports(cast, at):
    asked = Asked(viewer_named("ada"), Filters(), at)
    columns = {figure: set() for report in kinds for figure in report.figures}
    for report in kinds:
        for figure in report.figures:
            columns[figure] |= {one.key for one in report.columns(asked)}
    assert all(set(figure.by) <= found for figure, found in columns.items())
    assert {figure.key for figure in columns if figure.unit == "share" and not figure.by} == {
        "agreement",
        "runs_left",
        "good_endings",
        "critical_runs",
    }


def test_every_column_of_every_report_can_be_compared_and_put_together(cast, given, at):
    asked = Asked(viewer_named("ada"), Filters(), at)
    values = {"text": "x", "date": "2026-01-01", "month": "1.1.2026", "moment": "2026-01-01"}
    for report in kinds:
        columns, plain = list(report.columns(asked)), list(report.rows(asked))
        for place, column in enumerate(columns):
            value = next(iter(column.words or {}), "") if column.kind == "choice" else values.get(column.kind, "1")
            for how in comparisons_for(column):
                fits = fits_of(column, Condition(column.key, how, value), asked)
                assert fits is not None, (report.key, column.key, how)
                assert {fits(row[place]) for row in plain} <= {True, False}
        together = Table(read_picked(listed({"rows": report.key, "group": columns[0].key})))
        assert sum(row[1] for row in together.rows(asked)) == len(plain), report.key


@pytest.mark.parametrize(
    ("picked", "says"),
    [
        ({"columns": "password_hash"}, "no column “password_hash”"),
        ({"group": "person.id; DROP TABLE person"}, "no column “person.id; DROP TABLE person”"),
        ({"c1": "state", "o1": "is", "v1": "soon"}, "How it stands: “soon” is nothing"),
        ({"c1": "state", "o1": "at_least", "v1": "done"}, "“How it stands” cannot be compared in that way"),
        ({"c1": "state", "o1": "like", "v1": "done"}, "“How it stands” cannot be compared in that way"),
        ({"c1": "due_at", "o1": "is", "v1": "<b>"}, "Due on: “&lt;b&gt;” is nothing"),
        ({"team": "4711"}, "Team: “4711” is nothing we know."),
    ],
)
def test_what_cannot_be_understood_is_told_and_nothing_is_made_of_it(given, cast, as_, picked, says):
    client = as_(cast.ela)
    page = client.get("/reports/table", query_string={"rows": "assignments", **picked})
    assert page.status_code == 200
    assert says in page.text
    assert "Gus" not in page.text
    refused = client.post("/reports/table/file", data={"rows": "assignments", "format": "csv", **picked})
    assert refused.status_code == 422
    assert exports() == []
    assert client.post("/reports/tables", data={"rows": "assignments", "name": "x", "receipt": "r", **picked}).status_code == 422


def test_a_file_of_a_table_says_what_its_page_says_and_is_written_down(given, cast, as_):
    client = as_(cast.chloe)
    picked = {"rows": "assignments", "columns": ["full_name", "state"], "c1": "state", "o1": "is", "v1": "overdue"}
    page = client.get("/reports/table", query_string=picked).text
    assert "Shown: How it stands is overdue." in page
    answer = client.post("/reports/table/file", data={"format": "csv", **picked})
    assert csv_of(answer) == [{"Name": "Amir Kaya", "How it stands": "overdue"}]
    entry = exports()[0]
    assert (entry.report, entry.rows, entry.filters["columns"]) == ("table", 1, ["full_name", "state"])
    assert "Your table: Assignments" in as_(cast.ela).get("/reports/exports").text


def _kept(client, name="Late", **picked) -> str:
    answer = client.post("/reports/tables", data={"name": name, "receipt": name, "rows": "assignments", "columns": ["full_name"], **picked})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_who_opens_a_shared_table_sees_her_own_people(given, cast, as_):
    address = _kept(as_(cast.hana))
    assert as_(cast.chloe).get(address).status_code == 404
    assert as_(cast.hana).post(f"{address}/sharing", data={"shared": "1"}).status_code == 303
    # Hana leads Chloe, who leads Amir and Beth; Dev and Gus are of another line.
    hers, other = as_(cast.hana).get(address).text, as_(cast.chloe).get(address)
    assert "Amir Kaya" in hers
    assert other.status_code == 200
    assert "Shared by Hana İpek" in other.text
    assert "Amir Kaya" in other.text
    assert "Gus Çelik" not in other.text
    assert as_(cast.dev).get(address).status_code == 404
    assert as_(cast.amir).get(address).status_code == 404
    for deed in ("sharing", "end"):
        assert as_(cast.chloe).post(f"{address}/{deed}").status_code == 404
    assert "from Hana İpek" in as_(cast.chloe).get("/reports/table").text
    as_(cast.hana).post(f"{address}/sharing")
    assert as_(cast.chloe).get(address).status_code == 404
    as_(cast.hana).post(f"{address}/end")
    assert as_(cast.hana).get(address).status_code == 404


def test_hr_shares_with_whoever_may_open_the_report(given, cast, as_):
    address = _kept(as_(cast.ela))
    as_(cast.ela).post(f"{address}/sharing", data={"shared": "1"})
    page = as_(cast.dev).get(address).text
    assert "Gus Çelik" in page
    assert "Amir Kaya" not in page
    # A trainer has reports, and this is none of hers.
    assert as_(cast.ferit).get(address).status_code == 404


def test_pressing_twice_keeps_one_and_a_name_is_needed(given, cast, as_):
    assert _kept(as_(cast.ela)) == _kept(as_(cast.ela))
    assert len(list(db.session.scalars(select(ReportTable)))) == 1
    assert as_(cast.chloe).post("/reports/tables", data={"rows": "skills", "name": " ", "receipt": "x"}).status_code == 422


def test_more_people_take_no_more_statements(given, cast, as_, at, counting):
    address = _kept(as_(cast.ela), group="team")

    def counted() -> int:
        as_(cast.ela).get(address)
        counting.clear()
        as_(cast.ela).get(address)
        return len(counting)

    few = counted()
    team_id = db.session.get_one(Person, cast.amir).team_id
    for number in range(20):
        add_person(username=f"new{number}", name=f"New {number}", job="adviser", at=at, team_id=team_id)
    db.session.commit()
    assert counted() == few


def test_a_kept_table_leaves_the_house_under_its_name_by_every_door(given, app, cast, as_, tmp_path):
    chloe = as_(cast.chloe)
    address = _kept(chloe, "Who is late", c1="state", o1="is", v1="overdue")
    key, out = f"table/{address.rpartition('/')[2]}", tmp_path / "late.json"

    def run(*words: str):
        return CliRunner().invoke(cli, ["reports", *words], obj=lambda: app)

    assert run("tables", "--as", "chloe").output == f"{key}\tWho is late\n"
    assert run("tables", "--as", "dev").output == ""
    assert run("export", key, "--as", "chloe", "--format", "json", "--out", str(out)).exit_code == 0
    told = json.loads(out.read_text())
    assert (told["title"], told["rows"]) == ("Who is late", [{"full_name": "Amir Kaya"}])
    page = chloe.get(address).text
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page[page.index('id="file"') :]))
    answer = chloe.post("/reports/table/file", data=sent | {"format": "json", "columns": ["full_name"]})
    assert (answer.json["title"], answer.json["rows"]) == ("Who is late", told["rows"])
    for who, what in (("dev", key), ("chloe", "table/4711")):
        refused = run("export", what, "--as", who, "--out", str(tmp_path / "none"))
        assert f"{who} has no {what}" in str(refused.exception)
    assert [entry.door for entry in exports()] == ["command line", "site"]


def test_a_kept_table_comes_by_itself(given, cast, as_):
    hana = as_(cast.hana)
    page = hana.get(_kept(hana, "Who is late", c1="state", o1="is", v1="overdue")).text
    link = re.search(r'href="(/reports/table/schedule[^"]*)"', page)
    assert link is not None
    address = html.unescape(link.group(1))
    assert "How it stands is overdue" in hana.get(address).text
    made = hana.post(address, data={"when": "1", "format": "csv", "readers": [cast.hana, cast.chloe], "receipt": "once"})
    assert made.status_code == 303
    assert "Who is late" in hana.get("/reports/schedules").text
    assert hana.get(address.replace("overdue", "nonsense")).status_code == 422
    db.session.execute(update(SCHEDULE).values(next_on=local_date(now(), "Europe/Istanbul") - timedelta(days=1)))
    db.session.commit()
    for _sent in scheduling.send_due(now()):
        db.session.commit()
    list(background.make_files(now(), now))
    db.session.rollback()
    file = db.session.scalars(select(ReportFile).where(ReportFile.person_id == cast.chloe)).one()
    (told,) = (one for one in ReportSent().occasions(now()) if one.person_id == cast.chloe)
    assert "“Who is late” of this week is ready: 1 row." in ReportSent().sentence(told.reason, None)
    taken = as_(cast.chloe).post(f"/reports/files/{file.key}/file")
    assert taken.headers["Content-Disposition"].startswith('attachment; filename="who-is-late-')
    assert csv_of(taken) == [{"Name": "Amir Kaya"}]
