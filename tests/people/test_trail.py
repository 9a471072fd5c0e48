"""Who changed or saw what: noted once a day, only added to, searched, and each reads who looked at her."""

import ast
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DatabaseError

import trainee
from tests.house.world import make_world
from trainee.api.resources import RESOURCES
from trainee.kit import audit
from trainee.kit.db import db
from trainee.kit.deeds import DEEDS, DETAILS, SUBJECTS, detail_html, detail_words
from trainee.kit.guards import open_door
from trainee.kit.i18n import force_locale
from trainee.people import looks, trail
from trainee.people.models import RecordLook
from trainee.people.queries import viewer_named
from trainee.plans.models import Certificate
from trainee.plans.noted import Noted
from trainee.reports.kinds import kinds

SOURCE = Path(trainee.__file__).parent


def noted() -> list[tuple[int, str, str]]:
    db.session.rollback()
    rows = db.session.execute(select(RecordLook.by_id, RecordLook.page, RecordLook.capacity).order_by(RecordLook.id))
    return [tuple(row) for row in rows]


def test_whoever_opens_amirs_page_is_noted_once_a_day_and_he_reads_it(as_, cast):
    for who in (cast.chloe, cast.iris, cast.ela, cast.ada):
        for _look in range(2):
            assert as_(who).get(f"/people/{cast.amir}").status_code == 200
    page = "dashboards.person"
    assert noted() == [(cast.chloe, page, "line"), (cast.iris, page, "line"), (cast.ela, page, "hr"), (cast.ada, page, "admin")]
    mine = as_(cast.amir).get("/me/looks").text
    assert all(name in mine for name in ("Chloe Irmak", "Iris Ünal", "Ela Dağlı", "Ada Er"))
    assert "Chloe Irmak" not in as_(cast.beth).get("/me/looks").text


def test_one_who_may_not_look_and_a_person_herself_are_not_noted(as_, cast):
    assert as_(cast.dev).get(f"/people/{cast.amir}").status_code == 404
    as_(cast.amir).get(f"/people/{cast.amir}/timeline")
    as_(cast.amir).get("/me/looks")
    assert noted() == []


def test_whoever_has_a_table_of_many_before_her_is_told_to_those_who_may_stand_in_it(as_, cast):
    """One row a day, however many people stand in it: of HR to everybody, of who leads people to her line, narrowed to a team to its people."""
    for _look in range(2):
        assert as_(cast.ela).get("/reports/training_matrix").status_code == 200
        assert as_(cast.ela).post("/reports/training_matrix/file", data={"format": "csv"}).status_code == 200
    as_(cast.chloe).get("/reports/skills")
    as_(cast.ela).get("/reports/certification?team=1")
    as_(cast.ela).get("/reports/progress")
    rows = db.session.execute(select(RecordLook.page, RecordLook.capacity).order_by(RecordLook.id))
    assert [tuple(row) for row in rows] == [("report/training_matrix", "hr"), ("report/skills", "line"), ("report/certification?team=1", "hr")]

    def told(who):
        page = as_(who).get("/me/looks").text
        return [title for title in ("Training matrix", "Skills and gaps", "Certification") if f">{title}</td>" in page]

    assert told(cast.amir) == ["Training matrix", "Skills and gaps", "Certification"]
    assert told(cast.gus) == ["Training matrix"] == told(cast.kai)
    assert told(cast.ela) == []
    assert "many people" in as_(cast.ada).get("/audit/looks").text


def test_a_report_on_one_person_and_her_certificate_are_looks_at_her_alone(as_, cast, at):
    make_world(cast, at)
    db.session.commit()
    number = db.session.scalar(select(Certificate.number).where(Certificate.person_id == cast.amir))
    before = noted()
    ela = as_(cast.ela)
    assert ela.get("/reports/person_record?person=amir").status_code == 200
    assert as_(cast.ada).post("/reports/person_record/file", data={"format": "csv", "person": "amir"}).status_code == 200
    assert ela.get(f"/certificates/{number}").status_code == 200
    assert ela.get(f"/people/{cast.amir}/data").status_code == 200
    assert as_(cast.amir).get(f"/certificates/{number}").status_code == 200
    rows = db.session.execute(select(RecordLook.person_id, RecordLook.by_id, RecordLook.page).order_by(RecordLook.id)).all()
    mine = [(row.by_id, row.page) for row in rows if row.person_id == cast.amir and row.page in {"report/person_record", "plans.certificate"}]
    assert mine == [(cast.ela, "report/person_record"), (cast.ada, "report/person_record"), (cast.ela, "plans.certificate")]
    assert len(rows) == len(before) + 3
    page = as_(cast.amir).get("/me/looks").text
    assert "Person record" in page and "a certificate" in page
    # Who may not see him is told of nobody, and nothing is noted.
    assert as_(cast.dev).get("/reports/assignments?person=amir").status_code == 200
    assert not [row for row in db.session.execute(select(RecordLook.by_id).where(RecordLook.person_id == cast.amir)) if row.by_id == cast.dev]


def test_another_process_that_notes_the_same_look_adds_nothing(app, cast):
    who = viewer_named("chloe")
    for _process in range(2):
        looks.note_look(who, cast.amir, "dashboards.person", datetime.fromisoformat("2026-03-11T09:00+00:00"))
    db.session.commit()
    assert len(noted()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET deed = 'x'",
        "UPDATE audit_entry SET detail = '{}'",
        "DELETE FROM audit_entry",
        "UPDATE record_look SET by_id = person_id",
        "DELETE FROM record_look",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_only_added_to(app, cast, at, statement):
    audit.note(cast.ela, "disable", f"person/{cast.amir}", at, why="x")
    looks.note_look(viewer_named("ela"), cast.amir, "people.manage", at)
    db.session.commit()
    with pytest.raises(DatabaseError, match="is only added to"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_behind_the_door_words_are_blanked_and_looks_go_and_facts_never(app, cast, at):
    audit.note(cast.ela, "disable", f"person/{cast.amir}", at, why="x")
    looks.note_look(viewer_named("ela"), cast.amir, "people.manage", at)
    db.session.commit()
    with open_door():
        db.session.execute(text("UPDATE audit_entry SET detail = '{}'"))
        db.session.execute(delete(RecordLook))
    db.session.commit()
    assert noted() == []
    for statement in ("UPDATE audit_entry SET deed = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DatabaseError, match="is only added to"), open_door():
            db.session.execute(text(statement))
        db.session.rollback()
    with pytest.raises(DatabaseError, match="is only added to"):
        db.session.execute(text("DELETE FROM audit_entry"))
    db.session.rollback()


def test_every_deed_and_every_page_about_a_person_has_its_words(app):
    written, subjects = set(), set()
    noting = [words for path in SOURCE.rglob("*.py") if "audit.note(" in (words := path.read_text(encoding="utf-8"))]
    for words in noting:
        for node in ast.walk(ast.parse(words)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.note" and len(node.args) > 2:
                # A deed may be one of two words.
                written |= {one.value for one in ast.walk(node.args[1]) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
                first = node.args[2].values[0] if isinstance(node.args[2], ast.JoinedStr) else node.args[2]
                subjects |= {first.value.partition("/")[0]} if isinstance(first, ast.Constant) else set()
    noted_beside = {
        word.arg
        for words in noting
        for node in ast.walk(ast.parse(words))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if ast.unparse(node.func) == "audit.note" and word.arg
    }
    assert noted_beside | {"import", "fields"} == set(DETAILS)
    assert written - set(DEEDS) - {"excused", "withdrawn"} == set()
    assert subjects - set(SUBJECTS) - {"demo"} == set()
    named = (
        {f"report/{one.key}" for one in kinds if not one.whole}
        | {"report/table", "dashboards.team", "dashboards.skills_map"}
        | {f"api/{key}" for key in RESOURCES}
    )
    assert named == set(looks.LISTS)
    about = {rule.endpoint for rule in app.url_map.iter_rules() if "person_id" in rule.arguments and "GET" in rule.methods}
    about |= {"plans.certificate", "plans.paper", "plans.withdraw_certificate"}
    assert about - set(looks.PAGES) == {"people.photo"}
    assert set(looks.PAGES) - about == set()


def test_the_log_is_searched_by_who_whom_what_and_day(as_, cast, at):
    audit.note(cast.ela, "disable", f"person/{cast.amir}", at, why="left")
    audit.note(cast.ada, "enable", f"person/{cast.beth}", at)
    audit.note(None, "renew", "certificate", datetime.fromisoformat("2025-01-02T09:00+00:00"))
    db.session.commit()

    def found(**search):
        query = {"about": "", "deed": "", "who": ""} | search
        text = as_(cast.ada).get("/audit", query_string=query).text
        return [deed for deed in ("closed an account", "opened an account again", "certifications came up for renewal") if f">{deed}</td>" in text]

    assert found() == ["closed an account", "opened an account again", "certifications came up for renewal"]
    assert found(who="ela") == found(about="Amir Kaya") == found(deed="disable") == ["closed an account"]
    assert found(about=f"person/{cast.beth}") == ["opened an account again"]
    assert found(until="2025-01-02") == ["certifications came up for renewal"]
    assert found(who="Nobody") == []
    assert as_(cast.ada).get("/audit?since=soon").status_code == 422


def test_the_teams_page_the_skills_map_and_tables_of_ones_own_are_noted_as_looks_at_many(cast, as_):
    chloe = as_(cast.chloe)
    for address in ("/team", "/team?q=a", "/team/skills", "/reports/table", "/reports/table?rows=skills", "/reports/table?rows=progress"):
        assert chloe.get(address).status_code == 200
    assert as_(cast.ela).get("/reports/table?rows=skills&team=1").status_code == 200
    db.session.rollback()
    rows = db.session.execute(select(RecordLook.page, RecordLook.capacity).where(RecordLook.person_id.is_(None)).order_by(RecordLook.id))
    own = [("dashboards.team", "line"), ("dashboards.skills_map", "line"), ("report/table", "line")]
    assert [tuple(row) for row in rows] == [*own, ("report/table?team=1", "hr")]
    theirs = as_(cast.amir).get("/me/looks").text
    assert theirs.count("the skills map") == 1 and "a table of one’s own" in theirs
    # Gus is led by somebody else.
    assert "the skills map" not in as_(cast.gus).get("/me/looks").text


def test_the_log_as_a_file_says_what_its_page_says(cast, as_, at):
    audit.note(cast.ela, "disable", f"person/{cast.amir}", at, until="2026-03-31", supervisor=cast.chloe)
    audit.note(None, "disable", f"person/{cast.beth}", at)
    db.session.commit()
    rows = as_(cast.ela).post("/reports/deeds/file", data={"format": "csv"}).data.decode("utf-8-sig")
    page = as_(cast.ela).get("/audit").text
    said = detail_words({"until": "2026-03-31", "supervisor": cast.chloe}, {cast.chloe: "Chloe Irmak"})
    assert said in rows and "until: <code>2026-03-31</code> · supervisor: 3" in page
    assert "by itself" in rows and "by itself" in page


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({"supervisor_id": 3, "kind": "direct"}, "supervisor: Chloe Irmak · kind: direct"),
        ({"people": [1, 3]}, "people: 1, Chloe Irmak"),
        ({"people": [1, 2, 3, 4]}, "people: 4"),
        ({"active": True, "months": 24, "why": ""}, "by night: yes · months: 24 · why: —"),
        ({"roles": ["hr", "admin"], "of another version": 1}, "roles: hr, admin · of another version: 1"),
        ({}, "—"),
        (None, "—"),
    ],
)
def test_what_is_noted_beside_a_deed_is_told_in_words(app, detail, words):
    with force_locale("en"):
        assert detail_words(detail, {3: "Chloe Irmak"}) == words


@pytest.mark.parametrize(
    ("deed", "detail", "words"),
    [
        ("begin_rule", {"existing": "today"}, "şimdi burada olanlar için: bugün alsın, süreleri bugün başlasın"),
        ("make links", {"way": "qr", "count": 1200}, "kanal: basılı karekod · kaç tane: 1.200"),
        ("issue expectation", {"skill": "empathy", "level": 3, "version": 1}, "beceri: Empati · düzey: Yetkin · sürüm: 1"),
        ("set_roles", {"roles": ["employee", "hr"]}, "roller: Çalışan, İnsan kaynakları"),
        ("walk", {"score": 0.9}, "puan: %90"),
        ("count public voices", {"month": "2026-07-01", "source": "complaints"}, "ay: Temmuz 2026 · geldiği yer: Şikâyet siteleri"),
        ("begin interview", {"guide": "customer"}, "kılavuz: Müşteri görüşmesi"),
        ("do step", {"step": "hear"}, "adım: Sonuna kadar dinleyin"),
        ("withdraw licence", {"why": "two <weeks> away"}, "neden: two &lt;weeks&gt; away"),
        ("open improvement", {"source": "walk/22"}, "geldiği yer: ortam turu 22"),
        ("set target", {"team": None, "value": 80.0}, "ekip: — · değer: 80"),
    ],
)
def test_values_beside_a_deed_are_called_what_pages_call_them(cast, deed, detail, words):
    with force_locale("tr"):
        assert detail_html(detail, {}, Noted().say(deed, detail)) == words


def test_a_value_without_a_word_stands_as_it_is_marked_as_code(cast, as_, at):
    odd = {"make links": {"way": "<pigeon>"}, "count public voices": {"month": "soon"}, "choose remedy": {"remedy": "moon", "above_limit": False}}
    for deed, detail in odd.items():
        audit.note(cast.ela, deed, "survey/1", at, **detail)
    db.session.commit()
    page = as_(cast.ela).get("/audit").text
    for written in ("way: <code>&lt;pigeon&gt;</code>", "month: <code>soon</code>", "remedy: <code>moon</code> · above her limit: no"):
        assert written in page
    rows = as_(cast.ela).post("/reports/deeds/file", data={"format": "csv"}).data.decode("utf-8-sig")
    assert "way: <pigeon>" in rows and "<code>" not in rows


def test_pages_of_the_log_cost_the_same_for_one_row_as_for_many(as_, cast, at, counting):
    def cost(path):
        as_(cast.ela).get(path)
        counting.clear()
        as_(cast.ela).get(path)
        return len(counting)

    paths = ("/audit", "/audit/looks", "/me/looks")
    few = [cost(path) for path in paths]
    for number in range(60):
        audit.note(cast.ela, "disable", f"person/{cast.amir}", at, n=number)
        looks.note_look(viewer_named("ada"), cast.ela, "people.manage", at, receipt=f"r{number}")
    db.session.commit()
    assert [cost(path) for path in paths] <= [one + 1 for one in few]
    first = as_(cast.ela).get("/audit").text
    assert "before=" in first
    assert db.session.scalar(select(func.count()).select_from(RecordLook)) == 60


def test_each_goes_through_all_of_them_in_order(app, cast, at, monkeypatch):
    monkeypatch.setattr(trail, "_AT_ONCE", 2)
    for number in range(5):
        audit.note(cast.ela, "disable", f"person/{cast.amir}", at, n=number)
    db.session.commit()
    found = list(trail.each(trail.deeds, trail.Search(deed="disable"), "Europe/Istanbul"))
    assert [row.detail["n"] for row, _names in found] == [4, 3, 2, 1, 0]
    assert found[0][1][cast.amir] == "Amir Kaya"
