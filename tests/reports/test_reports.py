"""Reports: of whom they tell, how their figures are counted, and what becomes of a file."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from tests.house.world import make_world
from trainee import people, plans
from trainee.cli import cli
from trainee.coaching import Around, Line, observe
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.modules.progress import part_done
from trainee.modules.progress.queries import required_parts
from trainee.people import Person, Team
from trainee.people.actions import add_person, disable, move
from trainee.people.queries import viewer_named
from trainee.reports import population
from trainee.reports.figures import COMPLETION, ON_TIME, OVERDUE, measure
from trainee.reports.filters import Asked, Filters
from trainee.reports.formats import formats
from trainee.reports.kinds import kinds
from trainee.reports.models import ReportExport
from trainee.reports.report import GROUPS

NAMES = {"amir": "Amir Kaya", "beth": "Beth Öğüt", "gus": "Gus Çelik", "dev": "Dev Şahin", "chloe": "Chloe Irmak"}


def csv_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def taken(client, key: str, form: str = "csv", **filters):
    return client.post(f"/reports/{key}/file", data={"format": form, **filters})


def told(form: str, data: bytes) -> str:
    """The words of a file."""
    if form == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if form == "xlsx":
        return "\n".join(str(cell) for page in load_workbook(io.BytesIO(data)) for row in page.iter_rows(values_only=True) for cell in row)
    return data.decode("utf-8-sig")


def exports() -> list[ReportExport]:
    db.session.rollback()
    return list(db.session.scalars(select(ReportExport).order_by(ReportExport.id)))


def done(person_id: int, module: str, at: datetime) -> None:
    for part in required_parts(plans.training().modules[module]):
        part_done(person_id, module, part, at)


@pytest.fixture
def asked(cast, at):
    """What somebody asks for."""
    return lambda username="ela", **filters: Asked(viewer_named(username), Filters(**filters), at)


def test_no_report_tells_of_anybody_the_viewer_may_not_see(cast, as_, at):
    make_world(cast, at)
    everybody = set(db.session.scalars(select(Person.name)))
    for who in vars(cast):
        viewer = viewer_named(who)
        seen = set(db.session.scalars(select(Person.name).where(Person.id.in_(people.visible_to(viewer)))))
        asked, client = Asked(viewer, Filters(left=True), now()), as_(getattr(cast, who))
        for report in kinds:
            if report.open_to(viewer):
                columns = [column.key for column in report.columns(asked)]
                if "full_name" in columns:
                    place = columns.index("full_name")
                    assert {row[place] for row in report.rows(asked)} <= seen, (who, report.key)
                else:
                    hidden = everybody if viewer.holds(*report.whole) else everybody - seen
                    assert not any(name in str(row) for row in report.rows(asked) for name in hidden), (who, report.key)
            else:
                assert client.get(f"/reports/{report.key}").status_code == 403


@pytest.mark.parametrize("form", formats.keys())
def test_no_kind_of_file_and_no_page_says_more_than_the_rows(cast, as_, form):
    everybody = set(db.session.scalars(select(Person.name)))
    for who in ("ela", "chloe", "dev"):
        seen = set(db.session.scalars(select(Person.name).where(Person.id.in_(people.visible_to(viewer_named(who))))))
        words = told(form, taken(as_(getattr(cast, who)), "skills_matrix", form=form).data)
        page = as_(getattr(cast, who)).get("/reports/skills_matrix").text
        for text in (words, page[page.index("<tbody>") :]):
            assert {name for name in everybody if name in text} == seen, who


def test_a_report_is_shut_for_who_answers_for_nobody(cast, as_):
    for who, role in ((cast.amir, "employee"), (cast.ferit, "trainer"), (cast.max, "executive")):
        for report in kinds:
            if role not in report.whole:
                assert taken(as_(who), report.key).status_code == 403
    assert exports() == []


def test_the_shares_are_those_one_counts_by_hand(cast, asked, at):
    day = at.date()
    for number, (who, due, finished) in enumerate(
        [
            (cast.amir, day - timedelta(days=1), at - timedelta(days=2)),
            (cast.beth, day - timedelta(days=3), at - timedelta(days=1)),
            (cast.gus, day - timedelta(days=1), None),
            (cast.zoe, day + timedelta(days=5), None),
            (cast.dev, None, at),
        ]
    ):
        plans.assign(who, "greeting", at=at - timedelta(days=10, seconds=number), given_by_id=cast.ela, why="Begin.", due_on=due)
        if finished is not None:
            done(who, "greeting", finished)
    excused = plans.assign(cast.kai, "greeting", at=at, given_by_id=cast.ela, why="Begin.", due_on=day)
    plans.excuse(excused, "Away.", at, cast.ela)
    db.session.commit()
    told = {one.figure.key: one for one in measure((COMPLETION, ON_TIME, OVERDUE), kinds["assignments"].facts(asked()))}
    # Of six one is excused; three of five are done; one is overdue.
    assert (told["completion"].value, told["completion"].n) == (0.6, 5)
    assert told["overdue"].value == 1
    # With a last day and done or overdue: Amir in time, Beth late, Gus not at all.
    assert (told["on_time"].value, told["on_time"].n) == (pytest.approx(1 / 3), 3)


def test_what_the_days_leave_out_is_not_told_as_none(cast, as_, asked, at):
    plans.assign(cast.amir, "greeting", at=at - timedelta(days=10), given_by_id=cast.ela, why="Begin.", due_on=at.date() - timedelta(days=1))
    db.session.commit()
    days = {"since": "2020-01-01", "until": "2020-12-31"}
    told_ = {one.figure.key: one for one in kinds["assignments"].measured(asked(since=at.date()))}
    assert [told_[key].left_out for key in ("completion", "on_time", "overdue")] == [True, False, True]
    page = as_(cast.ela).get("/reports/assignments", query_string=days).text
    assert page.count("not counted here") == page.count("the filters leave out what it counts") == 2
    assert taken(as_(cast.ela), "assignments", form="json", **days).json["figures"][2]["value"] is None
    assert "not counted here" in told("xlsx", taken(as_(cast.ela), "assignments", form="xlsx", **days).data)
    assert "not counted here" not in as_(cast.ela).get("/reports/assignments").text


def test_days_select_completions_and_the_team_is_the_one_of_then(cast, as_, asked, at):
    theirs, ours = (db.session.scalar(select(Team.id).where(Team.name == name)) for name in ("Theirs", "Ours"))
    plans.assign(cast.amir, "greeting", at=at, given_by_id=cast.ela, why="Begin.")
    done(cast.amir, "greeting", at + timedelta(days=3))
    move(db.session.get_one(Person, cast.amir), theirs, at + timedelta(days=2))
    db.session.commit()
    assert [fact.place[0] for fact in kinds["assignments"].facts(asked())] == ["Ours"]
    assert len(list(kinds["assignments"].facts(asked(team=ours)))) == 1
    assert list(kinds["assignments"].facts(asked(team=theirs))) == []
    third = (at + timedelta(days=3)).date()
    assert len(list(kinds["assignments"].facts(asked(since=third, until=third)))) == 1
    assert list(kinds["assignments"].facts(asked(since=third + timedelta(days=1)))) == []
    assert list(kinds["assignments"].facts(asked(until=third - timedelta(days=1)))) == []
    page = as_(cast.ela).get(f"/reports/assignments?since={third}&until={third}").text
    assert "completed from 14 Mar 2026 to 14 Mar 2026" in page


def test_a_module_in_the_training_record_is_of_the_team_in_which_it_was_completed(cast, asked, at):
    theirs, ours = (db.session.scalar(select(Team.id).where(Team.name == name)) for name in ("Theirs", "Ours"))
    done(cast.amir, "greeting", at)
    move(db.session.get_one(Person, cast.amir), theirs, at + timedelta(days=2))
    done(cast.amir, "empathy", at + timedelta(days=3))
    db.session.commit()
    record, later = kinds["training_record"], at + timedelta(days=4)
    teams = {fact.module.key: fact.member.team for fact in record.facts(replace(asked(), at=later)) if fact.member.id == cast.amir}
    assert teams == {"greeting": "Ours", "empathy": "Theirs"}
    for team, key in ((ours, "greeting"), (theirs, "empathy")):
        narrow = replace(asked(team=team), at=later)
        assert {fact.module.key for fact in record.facts(narrow) if fact.member.id == cast.amir} == {key}
        told = [{one.figure.key: one for one in kinds[report].measured(narrow)}["hours"] for report in ("training_record", "hours")]
        assert told[0].value == told[1].value > 0


def test_two_observers_of_one_contact_are_compared(cast, asked, at):
    seen = {"person_id": cast.amir, "seen_at": at, "channel": "phone", "shared": ""}
    observe(
        **seen,
        observer_id=cast.chloe,
        lines=[Line("empathy", 3, "Heard."), Line("greeting", 2, "Late.")],
        receipt="a",
        at=at,
        around=Around(contact="C-1"),
    )
    observe(
        **seen,
        observer_id=cast.hana,
        lines=[Line("empathy", 3, "Heard."), Line("greeting", 4, "Warm.")],
        receipt="b",
        at=at,
        around=Around(contact="C-1"),
    )
    db.session.commit()
    facts = list(kinds["observations"].facts(asked()))
    assert [(fact.twice, fact.same, fact.lines, fact.good) for fact in facts] == [(0, 0, 2, 1), (2, 1, 2, 2)]


def test_a_name_that_looks_like_a_formula_is_no_formula(cast, as_, at):
    add_person(username="sly", name="=HYPERLINK(1)", job="@sum", at=at)
    db.session.commit()
    rows = csv_of(taken(as_(cast.ela), "training_matrix"))
    assert [row["Job"] for row in rows if row["Name"] == "'=HYPERLINK(1)"] == ["'@sum"]
    assert all(not row["Name"].startswith(("=", "+", "-", "@")) for row in rows)


def test_letters_and_separators_are_those_of_turkish_excel(cast, as_):
    answer = taken(as_(cast.ela), "skills_matrix")
    assert answer.data.startswith("\ufeff".encode())
    assert b";" in answer.data.splitlines()[0]
    assert "Zoe Yıldız" in answer.text
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="skills-matrix-')


def test_who_takes_what_is_written_down(cast, as_):
    client = as_(cast.chloe)
    rows = csv_of(taken(client, "skills", skill="empathy"))
    entry = exports()[0]
    assert (entry.person_id, entry.report, entry.format, entry.filters, entry.rows) == (cast.chloe, "skills", "csv", {"skill": "empathy"}, len(rows))
    assert entry.ended_at is not None
    page = as_(cast.ela).get("/reports/exports").text
    assert "Chloe Irmak" in page
    assert "of the skill “Empathy”" in page
    assert as_(cast.chloe).get("/reports/exports").status_code == 403


def test_a_file_that_was_broken_off_has_no_end(cast, as_):
    answer = as_(cast.ela).post("/reports/skills/file", data={"format": "csv"}, buffered=False)
    next(iter(answer.response))
    answer.close()
    entry = exports()[0]
    assert (entry.ended_at, entry.rows) == (None, None)
    assert "not taken to its end" in as_(cast.ela).get("/reports/exports").text


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ({"since": "soon"}, "First day: “soon” is nothing we know."),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "lies before the first day"),
        ({"team": "4711"}, "Team: “4711” is nothing we know."),
        ({"module": "<b>"}, "Module: “&lt;b&gt;” is nothing we know."),
    ],
)
def test_a_filter_that_cannot_be_read_is_told_and_no_file_is_made_without_it(cast, as_, filters, says):
    client = as_(cast.ela)
    page = client.get("/reports/assignments", query_string=filters)
    assert page.status_code == 200
    assert says in page.text
    refused = taken(client, "assignments", **filters)
    assert refused.status_code == 422
    assert says in refused.text
    assert exports() == []


def test_a_kind_of_file_that_there_is_not_is_told(cast, as_):
    assert taken(as_(cast.ela), "skills", form="doc").status_code == 422
    assert as_(cast.ela).get("/reports/nothing").status_code == 404


def test_more_people_take_no_more_statements(cast, as_, at, counting):
    make_world(cast, at)
    client = as_(cast.ela)

    def counted() -> dict[str, int]:
        found = {}
        for report in kinds:
            client.get(f"/reports/{report.key}")
            counting.clear()
            client.get(f"/reports/{report.key}")
            found[report.key] = len(counting)
        return found

    few = counted()
    for number in range(20):
        add_person(username=f"new{number}", name=f"New {number}", job="adviser", at=at)
    db.session.commit()
    assert counted() == few


def test_people_come_in_chunks_and_nobody_twice_or_never(cast, asked, at, monkeypatch):
    monkeypatch.setattr(population, "CHUNK", 10)
    for number in range(20):
        add_person(username=f"new{number}", name="Ayşe Can", job="adviser", at=at)
    db.session.commit()
    ids = [fact.member.id for fact in kinds["skills_matrix"].facts(asked())]
    assert len(ids) == len(set(ids)) == 20 + len(vars(cast))


def test_closed_accounts_are_told_of_when_asked(cast, asked, person):
    disable(person(cast.gus), now(), cast.ela)
    plans.assign(cast.gus, "greeting", at=now(), given_by_id=cast.ela, why="Begin.")
    db.session.commit()
    assert list(kinds["assignments"].facts(asked())) == []
    assert len(list(kinds["assignments"].facts(asked(left=True)))) == 1


def test_the_command_line_takes_the_same_file_as_the_site(app, cast, as_, tmp_path):
    out = tmp_path / "skills.json"
    ran = CliRunner().invoke(cli, ["reports", "export", "skills", "--format", "json", "--as", "chloe", "--out", str(out)], obj=lambda: app)
    assert ran.exit_code == 0, ran.output
    mine, site = json.loads(out.read_text()), json.loads(taken(as_(cast.chloe), "skills", form="json").data)
    assert mine["rows"] == site["rows"]
    assert [entry.door for entry in exports()] == ["command line", "site"]
    listed = CliRunner().invoke(cli, ["reports", "list"]).output.split()
    assert sorted(listed) == kinds.keys()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nothing", "--as", "ela"], "There is no report nothing"),
        (["skills", "--as", "nobody"], "nobody called nobody"),
        (["skills", "--as", "amir"], "other roles"),
        (["skills", "--as", "ela", "--format", "doc"], f"There is no format doc; there are: {', '.join(formats.keys())}"),
        (["skills", "--as", "ela", "--filter", "x=1"], "The report skills has no filter x; it has: unit, team, skill."),
        (["skills", "--as", "ela", "--filter", "x"], "--filter x: write name=value."),
        (["skills", "--as", "ela", "--filter", "since=2026-01-01"], "has no filter since"),
        (["assignments", "--as", "ela", "--filter", "since=soon"], "is nothing we know"),
    ],
)
def test_the_command_line_says_what_is_wrong(app, cast, tmp_path, words, says):
    ran = CliRunner().invoke(cli, ["reports", "export", *words, "--out", str(tmp_path / "x")], obj=lambda: app)
    assert says in str(ran.exception)
    assert not (tmp_path / "x").exists()


def test_every_format_names_the_kind_of_its_file(app):
    assert {one.key: one.extension for one in formats} == {"csv": "csv", "csv_plain": "csv", "json": "json", "pdf": "pdf", "xlsx": "xlsx"}


def test_a_document_that_holds_too_few_rows_is_refused_before_anything_is_noted(cast, as_, monkeypatch):
    monkeypatch.setattr(type(formats["pdf"]), "cells", 8)
    refused = taken(as_(cast.ela), "skills_matrix", form="pdf")
    assert refused.status_code == 422
    assert "take Excel or CSV" in refused.text
    assert exports() == []


def test_reports_stand_in_groups_with_a_jump_to_each_and_one_statement(as_, cast):
    page = as_(cast.ela).get("/reports").text
    places = [begins for begins, _title in GROUPS]
    assert places == sorted(places) and all(one.place >= places[0] for one in kinds)
    for begins in places:
        assert f'href="#group-{begins}"' in page and page.count(f'id="group-{begins}"') == 1
    assert {f'href="/reports/{one.key}"' in page for one in kinds if "hr" in one.roles} == {True}
    assert "One row for each question of a quiz, by everybody&#39;s first try.<" in page and "correlation" not in page
    # Who has few groups jumps to those alone.
    assert 'href="#group-110"' not in as_(cast.chloe).get("/reports").text


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_the_statement_of_a_list_is_whole_in_either_language(app, lang):
    with app.test_request_context(), force_locale(lang):
        for one in kinds:
            assert 20 < len(one.brief) < 200 and one.brief.count("(") == one.brief.count(")") and str(one.says).startswith(one.brief[:-1]), one.key


def test_a_column_of_whole_sentences_has_room_for_some_words_a_line(cast, as_, at, monkeypatch):
    make_world(cast, at)
    assert 'class="long"' not in as_(cast.ela).get("/reports/attempts").text
    monkeypatch.setattr("trainee.reports.views._SENTENCE", len("Amir Kaya"))
    page = as_(cast.ela).get("/reports/attempts").text
    assert '<th scope="col" class="long">Begun on</th>' in page and '<th scope="col">Name</th>' in page
