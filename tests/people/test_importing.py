"""People from a file: what is read, what is told of it, what it does, and that it can be taken back."""

import html
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel import Locale
from click.testing import CliRunner
from openpyxl import load_workbook
from sqlalchemy import event, func, select, text

from tests.people.field import ENCODED, LIST, NAME, workbook
from trainee.cli import cli
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.kit.jobs import run_due
from trainee.kit.tables import UnreadableError, candidates, decoded, sure
from trainee.people import actions as people
from trainee.people import importing
from trainee.people.forms import ROLE_NAMES
from trainee.people.importing import actions, queries, values, wording
from trainee.people.importing.background import apply, check, silent, take_back
from trainee.people.importing.fields import guesses
from trainee.people.importing.models import ImportHeading, PeopleImport, PeopleImportRow
from trainee.people.importing.planning import asks_to_type, plan
from trainee.people.importing.present import Present, Somebody
from trainee.people.importing.rows import Plan, Rules
from trainee.people.importing.source import look, rows_below
from trainee.people.models import Person, ReportingLine, RoleHeld, SignIn, Stay, Team
from trainee.people.queries import by_login
from trainee.timetable import JOBS

DATA = Path(__file__).parents[1] / "data" / "people"
TODAY = date(2026, 3, 11)


# Reading ------------------------------------------------------------------------------------------------------------------


def test_thirty_encodings_of_one_name_are_found_out_or_asked_with_the_name_as_it_would_read():
    assert len(ENCODED) == 30
    asked = []
    for name, make in ENCODED.items():
        body = make()
        found = candidates(body)
        assert any(decoded(body, one.encoding) == LIST and NAME in one.preview for one in found), name
        if sure(found):
            assert decoded(body, found[0].encoding) == LIST, f"{name} was taken for {found[0].encoding}"
        else:
            asked.append(name)
    # Letters written as \u011f may be meant as they stand.
    assert asked == ["raw_unicode_escape"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found_out_and_so_is_excels_own_line_that_names_it(separator):
    body = LIST.replace(";", separator)
    for words in (body, f"sep={separator}\n{body}", body.replace("\n", "\r\n")):
        source = look(words.encode("cp1254"))
        assert source.reading["separator"] == separator
        assert source.headings == ["Sicil No", "Ad Soyad", "E-posta", "Ekip"]
        assert [row.cells[1] for row in rows_below(words.encode("cp1254"), source.reading)] == [NAME, "Ayşe Yılmaz"]


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (
            "Sicil No|Adı Soyadı|E-Posta Adresi|Görevi|Bölüm|Ekibi|Bağlı Olduğu Yönetici|İşe Giriş Tarihi",
            "employee_no|name|email|job|unit|team|supervisor|hired_on",
        ),
        (
            "Employee ID|First Name|Last Name|Work Email|Job Title|Department|Line Manager|Start Date",
            "employee_no|first_name|last_name|email|job|team|supervisor|hired_on",
        ),
        ("T.C. Kimlik No|PERSONEL NO|İSİM SOYİSİM|KULLANICI ADI|DURUM|ÇIKIŞ TARİHİ|Ayakkabı No", "|employee_no|name|username|status|left_on|"),
        ("no|AD|SOYAD|mail|Takım|Dil", "employee_no|first_name|last_name|email|team|language"),
    ],
)
def test_headings_in_both_languages_are_guessed(headings, fields):
    assert guesses(headings.split("|"), {}, []) == fields.split("|")


@pytest.mark.parametrize(
    ("heading", "cells", "told"),
    [
        ("Kimlik", ["94001", "94002"], False),
        ("Kimlik", ["10000000146", ""], True),
        ("T.C. Kimlik No", [], True),
        ("Pasaport", ["U1234567"], True),
        ("Sicil No", ["10000000146", "38417865420"], False),
        ("Sicil No", ["10000000146", "10000000146"], True),
        ("Telefon", ["05321234567"], False),
    ],
)
def test_national_numbers_are_told_where_they_can_be_such_and_not_shown(cast, as_, heading, cells, told):
    body = "\n".join([f"{heading};E-posta;Ad Soyad", *(f"{cell};a{place}@mavikapi.example;Ad Soyad" for place, cell in enumerate(cells))]) + "\n"
    source = look(body.encode())
    assert [one["column"] for one in source.findings if one["code"] == "national"] == [0] * told
    page = words(as_(cast.ela).get(upload(as_(cast.ela), body.encode()).location))
    assert all((cell in page) is not told for cell in cells if cell)


def test_what_was_settled_once_goes_before_any_guess():
    known = {"ekip": "unit", "grup kodu": "team", "e posta": ""}
    assert guesses(["Ekip", "GRUP KODU", "E-posta", "Sicil"], known, []) == ["unit", "team", "", "employee_no"]


@pytest.mark.parametrize(
    "written",
    [
        *("1.3.2026", "2026-03-01", "1 Mart 2026", "1. mart 2026", "01 MART 2026 Pazar", "Pazar, 1 Mart 2026", "1 Mar 2026", "01-Mar-2026"),
        *("1 March 2026", "1st March, 2026", "March 1, 2026", "Sunday, March 1st, 2026", "46082", "46082.0"),
    ],
)
def test_days_are_read_with_names_of_months_and_as_the_numbers_spreadsheets_keep(written):
    assert values.day(written) == date(2026, 3, 1)


def test_every_month_has_its_name_in_both_languages_and_what_is_no_day_is_told():
    for month in range(1, 13):
        then = date(2026, month, 9)
        for language, form in (("tr", "{} {} {}"), ("en", "{} {} {}")):
            for width in ("wide", "abbreviated"):
                name = Locale(language).months["format"][width][month]
                assert values.day(form.format(9, name, 2026)) == then, name
    assert [_refused(one) for one in ("1 Marz 2026", "Salgı, 1 Mart 2026", "31 Şubat 2026", "9999", "99999", "１.３.2026")] == [
        *("date", "date", "no_such_day", "date", "date", "date")
    ]
    assert values.day_since_1904("44620") == date(2026, 3, 1) and _refused("79000") == "no_such_day"


def _refused(written: str) -> str:
    with pytest.raises(values.WrongError) as wrong:
        values.day(written)
    return wrong.value.code


def test_a_day_without_the_format_of_one_is_read_in_workbooks_of_both_calendars():
    rows = [["Sicil No", "Ad Soyad", "İşe Giriş Tarihi"], ["1", "Bir", 46082], ["2", "İki", 460]]
    made = planned(workbook(rows))
    assert told(made) == {2: ("created", []), 3: ("refused", ["date"])} and made.rows[0].given["hired_on"] == date(2026, 3, 1)
    rows[1][2] = 44620
    body = workbook(rows, since_1904=True)
    assert look(body).reading["since_1904"] is True
    assert planned(body, since_1904=True).rows[0].given["hired_on"] == date(2026, 3, 1)


@pytest.mark.parametrize("language", ["tr", "en"])
def test_roles_are_read_in_the_sites_own_words(language):
    with force_locale(language):
        names = {role: str(words) for role, words in ROLE_NAMES.items()}
    for role, words_ in names.items():
        if role != "admin":
            assert values.roles(words_) == (role,), words_
    for between in (";", ",", "/", "; ", " / "):
        assert values.roles(between.join((names["supervisor"], names["employee"]))) == ("employee", "supervisor")
    assert values.roles("Ekip yöneticisi; çalışan") == values.roles("Team supervisor, Employee") == ("employee", "supervisor")


# A plan -------------------------------------------------------------------------------------------------------------------


def planned(body: bytes, present: Present | None = None, fields: list[str] | None = None, **rules) -> Plan:
    source = look(body)
    fields = fields or guesses(source.headings, {}, source.samples)
    ragged = source.reading["kind"] == "csv"
    return plan(rows_below(body, source.reading), Rules(fields, unit="Mavikapı", ragged=ragged, **rules), present or here(), TODAY)


def here() -> Present:
    """Amir and Beth in Ours under Chloe, Dev in Theirs, Ada the administrator."""
    found = Present()
    for number, name, number_ in ((1, "amir", "A1"), (2, "beth", "B2"), (3, "chloe", "C3"), (4, "dev", None), (5, "ada", "X5")):
        found.people[number] = Somebody(
            number, name, f"{name.capitalize()} Kaya", f"{name}@mavikapi.example", number_, "adviser", "en", 2 if number == 4 else 1, None, False
        )
    for number, roles in {3: {"employee", "supervisor"}, 4: {"employee", "supervisor"}, 5: {"employee", "admin"}}.items():
        found.people[number].roles = frozenset(roles)
    for number in (1, 2):
        found.people[number].roles, found.people[number].supervisor_id = frozenset({"employee"}), 3
    found.teams = {"ours": (1, "Ours", 1), "theirs": (2, "Theirs", 1)}
    found.team_names = {1: "Ours", 2: "Theirs"}
    found.units = {"mavikapi": (1, "Mavikapı")}
    return found


def told(made: Plan) -> dict[int | None, tuple[str, list[str]]]:
    return {row.number: (row.outcome, [one["code"] for one in row.told]) for row in made.all}


def sentences(made: Plan, number: int | None, headings: list[str]) -> str:
    with force_locale("en"):
        return " ".join(wording.row_sentence(one, headings) for row in made.all if row.number == number for one in row.told)


FIELD = {
    "merged-headings.csv": {3: ("created", []), 4: ("created", [])},
    "stray-quotes.csv": {
        2: ("created", []),
        3: ("refused", ["stray_quote"]),
        4: ("refused", ["open_quote"]),
        5: ("created", []),
        6: ("created", []),
    },
    "half-a-row.csv": {2: ("created", []), 3: ("refused", ["half_row"]), 4: ("refused", ["too_many_cells"]), 5: ("created", [])},
    "empty-and-doubled.csv": {
        3: ("created", []),
        5: ("passed", ["same_again"]),
        6: ("refused", ["doubled"]),
        7: ("refused", ["doubled"]),
        9: ("created", []),
    },
}


@pytest.mark.parametrize("name", FIELD)
def test_files_from_the_field_are_read_row_by_row_and_each_trouble_is_told_where_it_is(name):
    made = planned((DATA / name).read_bytes())
    assert told(made) == FIELD[name]


def test_what_is_told_names_row_and_column_and_what_is_wrong():
    body = (DATA / "stray-quotes.csv").read_bytes()
    headings = look(body).headings
    made = planned(body)
    assert sentences(made, 3, headings).startswith("Column B (Ad Soyad): There is a quotation mark inside the cell")
    assert [row.name for row in made.rows if row.outcome == "created"] == ['Ali "Koca" Kaya', 'Naz "Nazlı" Su', "Ece Dal"]
    doubled = planned((DATA / "empty-and-doubled.csv").read_bytes())
    with force_locale("en"):
        assert [wording.file_sentence(one) for one in doubled.findings] == ["3 rows are empty and passed over: 2, 4, 8."]
    assert doubled.rows[-1].given["name"] == "=cmd|calc"


def test_a_workbook_keeps_its_days_its_numbers_with_noughts_and_what_is_merged():
    rows = [
        ["Personel", "", "", "Başlangıç"],
        ["Sicil No", "Adı", "Soyadı", "İşe Giriş Tarihi"],
        [7, "Çiğdem", "İşıkoğlu", date(2025, 12, 31)],
        [8, "=1+1", "Ak", "31.12.2025"],
        [],
        [9, "Can", "Er", "2025-02-30"],
    ]
    body = workbook(rows, merged=["A1:C1"], number="00000", cover=True)
    source = look(body)
    assert (source.reading["sheet"], source.reading["head"], source.headings) == ("Personel", 2, rows[1])
    made = planned(body)
    assert told(made) == {3: ("created", []), 4: ("created", []), 6: ("refused", ["no_such_day"])}
    assert [(row.given["employee_no"], row.given["name"], row.given["hired_on"]) for row in made.rows[:2]] == [
        ("00007", "Çiğdem İşıkoğlu", date(2025, 12, 31)),
        ("00008", "=1+1 Ak", date(2025, 12, 31)),
    ]


def test_one_merged_heading_over_two_columns_is_told_and_both_can_be_chosen():
    body = workbook([["Sicil No", "Adı Soyadı", "", "Ekip"], [1, "Ece", "Dal", "Ours"], [2, "Su", "Er", "Ours"]], merged=["B1:C1"])
    source = look(body)
    assert source.headings == ["Sicil No", "Adı Soyadı", "Adı Soyadı (2)", "Ekip"]
    with force_locale("en"):
        assert "Row 1: columns B to C share one merged heading, “Adı Soyadı”." in [wording.file_sentence(one) for one in source.findings]
    made = planned(body, fields=["employee_no", "first_name", "last_name", "team"])
    assert [row.name for row in made.rows] == ["Ece Dal", "Su Er"]


def test_headings_in_two_rows_joined_downwards_and_sideways_are_read_as_they_look():
    rows = [["Sicil No", "Ad Soyad", "İletişim", ""], ["", "", "E-posta", "Telefon"], [1, "Ece Dal", "ece@mavikapi.example", "0222"]]
    source = look(workbook(rows, merged=["A1:A2", "B1:B2", "C1:D1"]))
    assert (source.reading["head"], source.headings) == (2, ["Sicil No", "Ad Soyad", "E-posta", "Telefon"])
    assert source.findings == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xd0\xcf\x11\xe0 old", "old_excel"),
        (b"PK\x03\x04 broken", "broken"),
        (b"%PDF-1.4\n1 0 obj;2;3\n", "broken"),
        (b"\n\n  \n", "no_rows"),
        (workbook([["a", "b"]])[:-30], "broken"),
    ],
)
def test_what_is_no_table_is_told_as_what_it_is(body, code):
    with pytest.raises(UnreadableError) as wrong:
        look(body)
    assert wrong.value.code == code
    with force_locale("tr"):
        assert wording.why_unreadable(code)


HEAD = "Sicil No;Ad Soyad;Kullanıcı Adı;E-posta;Ekip;Yönetici;İşe Giriş;Durum"
ROWS = {
    # What stands in the row: what becomes of it, and what is told.
    "A1;Amir Kaya;amir;amir@mavikapi.example;Ours;chloe;;Aktif": ("same", []),
    "A1;Amir Kaya;amir;amir@mavikapi.example;Theirs;dev;;Aktif": ("moved", []),
    "A1;;amir;amir@mavikapi.example;;Chloe Kaya;31.12.2025;": ("changed", []),
    "A1;;;;;C3 - Chloe;;": ("same", []),
    "A1;;;;;;;Ayrıldı": ("closed", []),
    "X5;;;;;;;Ayrıldı": ("refused", ["an_administrator"]),
    "C3;;;;;;;Pasif": ("closed", ["leaves_people"]),
    ";Dev Kaya;dev;;Theirs;;;": ("same", []),
    "Z9;;dev;;Theirs;;;": ("changed", []),
    "Z9;;amir;;;;;": ("refused", ["other_number"]),
    "A1;;beth;;;;;": ("refused", ["taken"]),
    ";;amir;beth@mavikapi.example;;;;": ("refused", ["taken"]),
    "N1;Nur Ak;;;Ours;chloe;2025-12-31;": ("created", []),
    "N1;Nur Ak;;;New;amir;;": ("created", []),
    "N1;Nur Ak;;;;nobody;;": ("refused", ["no_supervisor"]),
    "N1;Nur Ak;;;;N1;;": ("refused", ["own_supervisor"]),
    "N1;Nur Ak;a b;;;;;": ("refused", ["username"]),
    "N1;Nur Ak;;no address;;;;": ("refused", ["email"]),
    "N1;Nur Ak;;;;;31.13.2025;": ("refused", ["no_such_day"]),
    "N1;Nur Ak;;;;;12/31/25;": ("refused", ["date"]),
    "N1;Nur Ak;;;;;;belki": ("refused", ["status"]),
    "N1;Nur Ak;;;;;;Ayrıldı": ("passed", ["left_already"]),
    "N1;;;;;;;": ("refused", ["no_name"]),
    ";Nur Ak;;;;;;": ("refused", ["no_key"]),
    # Everything that is wrong with a row is told at once, and nothing that only follows from it.
    "N1;Nur Ak;a b;no address;;nobody;31.13.2025;belki": ("refused", ["username", "email", "no_such_day", "status", "no_supervisor"]),
    "N1;Nur Ak;;;;N1;31.13.2025;": ("refused", ["no_such_day", "own_supervisor"]),
    "N1;;;;;;31.13.2025;": ("refused", ["no_such_day", "no_name"]),
    "A1;;;beth@mavikapi.example;;;31.13.2025;": ("refused", ["no_such_day", "taken"]),
    "A1;;beth;;;nobody;;": ("refused", ["no_supervisor", "taken"]),
    ";Nur Ak;a b;;;;;": ("refused", ["username"]),
    ";;;no address;;;;": ("refused", ["email"]),
    "X5;;;;;;31.13.2025;Ayrıldı": ("refused", ["no_such_day", "an_administrator"]),
    "N1;Nur Ak;;;;nobody;31.13.2025;Ayrıldı": ("refused", ["no_such_day"]),
    # The last cell of half a row may be half a cell.
    "N1;Nur Ak;;no address": ("refused", ["half_row"]),
    "N1;Nur Ak;a b;no address": ("refused", ["half_row", "username"]),
}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_created_changed_moved_closed_or_refused_with_its_reason(row):
    made = planned(f"{HEAD}\n{row}\n".encode())
    assert told(made)[2] == ROWS[row]
    for one in made.all:
        for problem in one.told:
            with force_locale("tr"):
                assert wording.row_sentence(problem, HEAD.split(";"))


def test_a_refused_row_is_told_too_that_its_team_is_not_there_and_that_its_supervisor_has_left():
    body = (
        "Sicil No;Ad Soyad;Ekip;Yönetici;İşe Giriş;Durum\nN1;Nur Ak;Nowhere;C3;31.13.2025;\nC3;;;;;Ayrıldı\nN2;Ece Dal;Nowhere;;;\nN3;Ali Can;;N2;;\n"
    )
    made = told(planned(body.encode(), make_places=False))
    assert made[2] == ("refused", ["no_such_day", "no_team", "supervisor_closed"])
    # Whoever would stand under somebody who does not come for want of a team does not come either.
    assert (made[4], made[5]) == (("refused", ["no_team"]), ("refused", ["supervisor_refused"]))


def test_loops_are_named_and_whoever_would_stand_under_a_refused_row_is_refused_too():
    rows = ["1;Bir;2", "2;İki;3", "3;Üç;1", "4;Dört;3", "5;Beş;4", "6;Altı;chloe", "C3;Chloe;A1", "A1;Amir;"]
    made = planned("\n".join(["Sicil No;Ad Soyad;Yönetici", *rows]).encode())
    assert [row.outcome for row in made.rows] == ["refused"] * 5 + ["created", "refused", "changed"]
    assert "Bir → İki → Üç → Bir" in sentences(made, 2, [])
    assert "stands in row 4, which is refused" in sentences(made, 5, [])
    # Amir stands under Chloe already.
    assert "Chloe → Amir Kaya → Chloe" in sentences(made, 8, [])


def test_a_loop_is_told_also_where_a_row_of_it_has_another_mistake():
    new = ["1;Bir;2;", "2;İki;3;", "3;Üç;1;31.02.2026", "4;Dört;1;"]
    made = planned("\n".join(["Sicil No;Ad Soyad;Yönetici;İşe Giriş", *new]).encode())
    assert [told(made)[row] for row in (2, 3, 4, 5)] == [
        ("refused", ["loop"]),
        ("refused", ["loop"]),
        ("refused", ["no_such_day", "loop"]),
        ("refused", ["supervisor_refused"]),
    ]
    assert "Bir → İki → Üç → Bir" in sentences(made, 2, []) and "Üç → Bir → İki → Üç" in sentences(made, 4, [])
    # Of people who are here already: Amir stands under Chloe, and the row that says so the other way round has a wrong day.
    here = planned("Sicil No;Yönetici;İşe Giriş\nC3;B2;31.02.2026\nB2;C3;\n".encode())
    assert told(here)[2] == ("refused", ["no_such_day", "loop"]) and told(here)[3] == ("refused", ["loop"])
    # Two rows of one person, each of which would close one.
    twice = planned("Sicil No;Yönetici;İşe Giriş\nC3;B2;01.02.2026\nC3;B2;02.02.2026\nB2;C3;\n".encode())
    assert told(twice)[2] == told(twice)[3] == ("refused", ["doubled", "same_person", "loop"]) and told(twice)[4] == ("refused", ["loop"])


def test_two_people_may_exchange_what_is_theirs_and_nobody_gets_what_another_keeps():
    swapped = planned(b"Sicil No;E-posta\nA1;beth@mavikapi.example\nB2;amir@mavikapi.example\n")
    assert [row.outcome for row in swapped.rows] == ["changed", "changed"]
    kept = planned(b"Sicil No;E-posta\nA1;beth@mavikapi.example\n")
    assert told(kept)[2] == ("refused", ["taken"])


def test_whoever_is_missing_is_closed_only_when_that_was_asked_for():
    body = b"Sicil No;Ad Soyad\nA1;Amir Kaya\n"
    assert told(planned(body)) == {2: ("same", [])}
    made = planned(body, close_missing=True)
    # Dev has no number and was made by hand; Ada is an administrator.
    assert sorted(row.name for row in made.missing if row.outcome == "closed") == ["Beth Kaya", "Chloe Kaya"]
    assert "Is not in the file." in sentences(made, None, [])


@pytest.mark.parametrize(("closed", "accounts", "typed"), [(0, 100, 0), (5, 20, 0), (6, 100, 6), (6, 1000, 0), (51, 1000, 51)])
def test_many_accounts_closed_at_once_ask_for_the_number(closed, accounts, typed):
    assert asks_to_type({"closed": closed}, accounts) == typed


# With a site --------------------------------------------------------------------------------------------------------------

FULL = (
    "Sicil No;Ad Soyad;Kullanıcı Adı;E-posta;Unvan;Ekip;Birim;Yönetici;Durum\n"
    "1;Amir Kaya;amir;;Kıdemli;Theirs;;dev;Aktif\n"
    "2;Beth Öğüt;beth;gus@mavikapi.example;;;;;\n"
    "3;;gus;beth@mavikapi.example;;;;;\n"
    "4;Çiğdem İşıkoğlu;;cigdem.isikoglu@mavikapi.example;Temsilci;Yeni Ekip;Yeni Birim;zoe;\n"
    "5;Nur Ak;;;Temsilci;Yeni Ekip;Yeni Birim;4;\n"
    "6;Ece Dal;;;;;;kimse;\n"
    "7;;kai;;;;;;Ayrıldı\n"
)


def taken(body: str, at, by: int | None = None, **options) -> PeopleImport:
    one = actions.take("people.csv", body.encode(), by, at)
    actions.settle(one, one.reading, one.reading["fields"], one.options | options)
    db.session.commit()
    check(one.id, at, silent)
    db.session.commit()
    return queries.import_or_404(one.id)


def applied(one: PeopleImport, at) -> PeopleImport:
    actions.ask_to_apply(one, "", 13)
    db.session.commit()
    apply(one.id, at, silent)
    db.session.commit()
    return queries.import_or_404(one.id)


def everything() -> dict[str, list[tuple]]:
    """All that is known of people, teams and lines, without the log of deeds."""
    db.session.expire_all()
    tables = [model.__table__ for model in (Person, Stay, ReportingLine, RoleHeld, Team)]
    return {table.name: sorted(map(str, db.session.execute(select(table)).all())) for table in tables}


def test_a_file_does_what_was_shown_keeps_the_history_and_is_taken_back_without_a_trace(cast, at):
    before, later = everything(), at + timedelta(days=1)
    one = taken(FULL, later)
    assert everything() == before
    assert one.counts == {"moved": 1, "changed": 3, "closed": 1, "created": 2, "refused": 1}
    one = applied(one, later)
    assert one.state == "applied"
    new, nur = by_login("cigdem.isikoglu"), by_login("nur.ak")
    assert new is not None and nur is not None
    assert (new.name, new.employee_no, new.job, new.password_hash) == ("Çiğdem İşıkoğlu", "4", "Temsilci", None)
    team = db.session.get_one(Team, new.team_id)
    assert (team.name, team.supervisor_id, nur.team_id) == ("Yeni Ekip", new.id, team.id)
    stays = db.session.execute(select(Stay.team_id, Stay.since, Stay.until).where(Stay.person_id == cast.amir).order_by(Stay.id)).all()
    assert [(stay.since, stay.until) for stay in stays] == [(at, later), (later, None)]
    lines = select(ReportingLine.supervisor_id).where(ReportingLine.until.is_(None), ReportingLine.kind == "direct")
    assert db.session.scalars(lines.where(ReportingLine.person_id == cast.amir)).all() == [cast.dev]
    assert db.session.scalars(lines.where(ReportingLine.person_id == nur.id)).all() == [new.id]
    assert people.roles_of(cast.zoe) == people.roles_of(new.id) == {"employee", "supervisor"}
    beth = db.session.get_one(Person, cast.beth)
    assert (beth.email, beth.email_key) == ("gus@mavikapi.example", "gus@mavikapi.example")
    assert by_login("beth@mavikapi.example") is not None
    assert db.session.get_one(Person, cast.kai).disabled_at == later
    actions.ask_to_undo(one, later + timedelta(hours=23))
    take_back(one.id, later + timedelta(hours=23), silent)
    db.session.commit()
    assert everything() == before
    assert queries.import_or_404(one.id).counts["undo_removed"] == 2


ROLES = (
    "Kullanıcı Adı;Ad Soyad;Roller;İkinci Yönetici\n"
    "amir;;Çalışan, Eğitmen;dev\n"
    "beth;;;zoe\n"
    "ferit;;çalışan;\n"
    "chloe;;Çalışan;\n"
    "ada;;İK;\n"
    "yeni.biri;Yeni Biri;yönetici ve eğitmen;chloe\n"
    "gus;;admin;\n"
    "zoe;;patron;\n"
    "hana;;;hana\n"
)


def test_roles_and_second_supervisors_come_from_a_file_and_are_taken_back_without_a_trace(cast, at):
    before, later = everything(), at + timedelta(days=1)
    one = applied(taken(ROLES, later), later)
    assert one.state == "applied"
    told = {row.name: row.told[0]["code"] for row in db.session.scalars(select(PeopleImportRow).where(PeopleImportRow.outcome == "refused"))}
    assert told == {"Gus Çelik": "role_admin", "Zoe Yıldız": "roles", "Hana İpek": "own_supervisor"}
    new = by_login("yeni.biri")
    assert new is not None
    roles = {who: people.roles_of(number) for who, number in (vars(cast) | {"new": new.id}).items()}
    assert roles["amir"] == {"employee", "trainer"} and roles["ferit"] == {"employee"}
    # Whoever is supervised by her keeps her a supervisor, and nobody is made or unmade an administrator by a file.
    assert roles["chloe"] == {"employee", "supervisor"} and roles["ada"] == {"employee", "hr", "admin"}
    assert roles["new"] == {"employee", "supervisor", "trainer"} and roles["zoe"] == {"employee", "supervisor"}
    beside = select(ReportingLine.supervisor_id).where(ReportingLine.kind == "dotted", ReportingLine.until.is_(None))
    assert db.session.scalars(beside.where(ReportingLine.person_id == cast.amir)).all() == [cast.dev]
    assert db.session.scalars(beside.where(ReportingLine.person_id == new.id)).all() == [cast.chloe]
    direct = select(ReportingLine.supervisor_id).where(ReportingLine.kind == "direct", ReportingLine.until.is_(None))
    assert db.session.scalars(direct.where(ReportingLine.person_id == cast.amir)).all() == [cast.chloe]
    assert taken(ROLES, later).counts == {"refused": 3, "same": 6}
    actions.ask_to_undo(one, later)
    take_back(one.id, later, silent)
    db.session.commit()
    assert everything() == before


def test_a_circle_may_close_over_a_second_line_and_is_told_in_its_column():
    body = "Kullanıcı Adı;Yönetici;İkinci Yönetici\nchloe;dev;\ndev;;amir\nbeth;chloe;chloe\n"
    rows = {row.who.username: [told["code"] for told in row.told] for row in planned(body.encode()).rows if row.who is not None}
    assert rows["chloe"] == rows["dev"] == ["loop"] and rows["beth"] == ["direct_already"]
    [dev] = [row for row in planned(body.encode()).rows if row.who is not None and row.who.username == "dev"]
    assert dev.told[0]["column"] == 2


def test_the_refused_rows_are_mended_in_a_workbook_and_brought_again(cast, as_):
    ela = as_(cast.ela)
    body = FULL.replace("Ece Dal", "=Ece+Dal").encode()
    form = {
        f"field-{place}": field
        for place, field in enumerate(["employee_no", "name", "username", "email", "job", "team", "unit", "supervisor", "status"])
    }
    one = ela.post(upload(ela, body).location, data=form | {"make_places": "1", "missing": "keep"}).location
    assert "refused.xlsx" in ela.get(one).text
    workbook_ = load_workbook(io.BytesIO(ela.get(f"{one}/refused.xlsx").data))
    rows = [[cell.value for cell in row] for row in workbook_.active.iter_rows()]
    assert rows[0][:2] == ["Sicil No", "Ad Soyad"] and rows[0][-1] == "Why it was refused"
    assert rows[1][:2] == ["6", "=Ece+Dal"] and rows[1][-1].startswith("Column H (Yönetici): The supervisor “kimse”")
    assert len(rows) == 2 and workbook_.active["B2"].data_type == "s"
    workbook_.active["H2"] = "zoe"
    workbook_.active["B2"] = "Ece Dal"
    mended = io.BytesIO()
    workbook_.save(mended)
    again = ela.post(upload(ela, mended.getvalue(), "r.xlsx").location, data=form | {"field-9": "", "missing": "keep"}).location
    assert "Ece Dal" in words(ela.get(f"{again}?show=created"))
    assert queries.import_or_404(2).counts == {"created": 1, "changed": 1}


def test_what_somebody_changed_since_stays_hers_and_is_told(cast, at, person):
    one = applied(taken(FULL, at), at)
    new, nur = by_login("cigdem.isikoglu"), by_login("nur.ak")
    assert new is not None and nur is not None
    people.move(person(cast.amir), None, at + timedelta(hours=1))
    person(cast.beth).email_key = person(cast.beth).email = None
    people.make_link(nur, "invitation", at, cast.ela)
    new.job = "Lider"
    db.session.commit()
    actions.ask_to_undo(one, at)
    take_back(one.id, at, silent)
    db.session.commit()
    told_of = {row.name: row.told[0] for row in db.session.scalars(select(PeopleImportRow).where(PeopleImportRow.import_id == one.id)) if row.told}
    assert (told_of["Amir Kaya"]["code"], told_of["Amir Kaya"]["fields"]) == ("undo_stayed", ["team"])
    assert (told_of["Beth Öğüt"]["code"], told_of["Beth Öğüt"]["fields"]) == ("undo_stayed", ["email"])
    assert told_of["Nur Ak"]["code"] == "undo_closed_instead"
    assert (told_of["Çiğdem İşıkoğlu"]["code"], told_of["Çiğdem İşıkoğlu"]["fields"]) == ("undo_stayed", ["job"])
    db.session.expire_all()
    assert person(cast.amir).job == "adviser"
    assert nur.disabled_at == at


def test_whoever_changed_people_meanwhile_makes_the_file_be_shown_anew_and_nothing_is_applied(cast, at, person):
    one = taken(FULL, at)
    people.move(person(cast.amir), None, at)
    db.session.commit()
    before = everything()
    one = applied(one, at)
    assert (one.state, one.problem) == ("checking", "changed_since")
    assert everything() == before


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done_and_another_does_it_whole(cast, at):
    one = taken(FULL, at)
    before = everything()
    actions.ask_to_apply(one, "", 13)
    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", _dies)
    try:
        with pytest.raises(SystemExit):
            apply(one.id, at, silent)
    finally:
        event.remove(db.engine, "before_cursor_execute", _dies)
    db.session.rollback()
    assert everything() == before
    job = [job for job in JOBS if job.key == "people_imports"]
    run_due(job, at, lambda: at)
    assert queries.import_or_404(one.id).state == "applied"
    assert by_login("nur.ak") is not None
    run_due(job, at + timedelta(minutes=2), lambda: at)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 15


def _dies(_connection, _cursor, statement: str, *_rest) -> None:
    """When people are written already and their lines are not."""
    if statement.startswith("INSERT INTO reporting_line"):
        raise SystemExit


def test_files_and_rows_are_deleted_after_a_week_and_the_counts_stay(cast, at):
    done, left = applied(taken(FULL, at), at), actions.take("b.csv", LIST.encode(), None, at)
    db.session.commit()
    importing.sweep(at + timedelta(days=6))
    assert queries.has_body(done.id) and queries.has_body(left.id)
    importing.sweep(at + timedelta(days=8))
    db.session.commit()
    assert not queries.has_body(done.id) and not queries.has_body(left.id)
    assert db.session.scalar(select(func.count()).select_from(PeopleImportRow)) == 0
    assert [queries.import_or_404(one.id).state for one in (done, left)] == ["applied", "put_aside"]
    assert queries.import_or_404(done.id).counts["created"] == 2


def words(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def upload(client, body: bytes, name: str = "kisiler.csv"):
    return client.post("/people/imports", data={"file": (io.BytesIO(body), name)}, content_type="multipart/form-data")


def test_its_pages_lie_under_people(cast, as_):
    assert re.search(r'href="/people" aria-current="\w+"', as_(cast.ela).get("/people/imports").text)


def test_from_the_upload_to_taking_it_back_in_pages(cast, as_, at):
    ela = as_(cast.ela)
    answer = upload(ela, FULL.encode("cp1254"))
    assert answer.status_code == 303
    page = ela.get(answer.location)
    assert "CSV in Windows-1254, cells parted by “;”, headings in row 1" in words(page)
    fields = re.findall(r'<select class="input" name="(field-\d+)".*?<option value="(\w+)" selected', page.text, re.S)
    assert [field for _name, field in fields] == ["employee_no", "name", "username", "email", "job", "team", "unit", "supervisor", "status"]
    form = dict(fields) | {"make_places": "1", "missing": "keep"}
    refused = ela.post(answer.location, data=form | {"field-1": "job"})
    assert refused.status_code == 422 and "is chosen for two columns" in words(refused)
    assert not by_login("nur.ak")
    one = ela.post(answer.location, data=form).location
    shown = words(ela.get(one))
    assert "Column H (Yönetici): The supervisor “kimse” is neither in the file nor here." in shown
    assert "Team Ours → Theirs" in words(ela.get(f"{one}?show=moved"))
    assert ela.post(f"{one}/application").status_code == 303
    assert ela.post(f"{one}/application").status_code == 303
    assert "It begins within a minute" in words(ela.get(one))
    run_due([job for job in JOBS if job.key == "people_imports"], at, lambda: at)
    assert "Everything below is done." in words(ela.get(one))
    # The same headings again: nothing is asked.
    again = upload(ela, FULL.replace("Nur Ak", "Nur Aka").encode("utf-16"))
    assert again.location.endswith("/people/imports/2")
    assert "Name Nur Ak → Nur Aka" in words(ela.get(f"{again.location}?show=changed"))
    assert db.session.scalar(select(func.count()).select_from(ImportHeading)) == 9


def test_a_file_that_cannot_be_read_is_told_beside_its_field_and_nothing_is_kept(cast, as_):
    for body, said in ((b"", "This file is empty"), (b"\xd0\xcf\x11\xe0", "an old Excel"), (b"PK\x03\x04", "damaged")):
        answer = upload(as_(cast.ela), body)
        assert answer.status_code == 422 and said in words(answer)
    assert db.session.scalar(select(func.count()).select_from(PeopleImport)) == 0
    assert upload(as_(cast.amir), FULL.encode()).status_code == 403


def test_where_the_encoding_cannot_be_told_the_page_asks_with_the_name_as_it_would_read(cast, as_):
    ela = as_(cast.ela)
    place = upload(ela, ENCODED["raw_unicode_escape"]()).location
    page = ela.get(place)
    assert NAME in words(page) and "Çi\\u011fdem" in words(page)
    fields = {"field-0": "employee_no", "field-1": "name", "field-2": "email", "field-3": "team"}
    unanswered = ela.post(place, data=fields)
    assert unanswered.status_code == 422 and "Please choose how the file is to be read" in words(unanswered)
    shown = ela.post(place, data=fields | {"encoding": "raw_unicode_escape"}).location
    assert NAME in words(ela.get(f"{shown}?show=created"))


def test_a_file_may_be_larger_than_any_other_request_but_only_of_somebody_signed_in(cast, as_, app):
    head = b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a.csv"\r\n\r\n'

    def sent(who: int | None, to: str, name: bytes) -> int:
        body = head % name + LIST.encode() + b"3;" + b"a" * 2_200_000 + b"\r\n--x--\r\n"
        return as_(who).post(to, data=body, content_type="multipart/form-data; boundary=x").status_code

    assert sent(cast.ela, "/people/imports", b"file") == 303
    assert sent(None, "/people/imports", b"file") in (401, 413)
    assert sent(cast.ela, "/me/photo", b"photo") == 413


def test_a_small_file_that_closes_nobody_is_applied_at_once_and_only_once(cast, as_, at):
    one = taken("Kullanıcı Adı;Ad Soyad;Unvan\nnur.ak;Nur Ak;Danışman\n", at, by=cast.ela)
    ela = as_(cast.ela)
    for _press in range(2):
        answer = ela.post(f"/people/imports/{one.id}/application")
        assert answer.status_code == 303
    assert "Everything below is done." in words(ela.get(answer.location))
    assert by_login("nur.ak").name == "Nur Ak"
    assert db.session.scalar(select(func.count()).where(Person.username == "nur.ak")) == 1


def test_a_mass_closing_asks_for_the_number_in_words(cast, as_, at):
    body = "Kullanıcı Adı;Durum\n" + "".join(f"{name};Ayrıldı\n" for name in ("amir", "beth", "gus", "kai", "iris", "zoe", "max"))
    one = taken(body, at, by=cast.ela)
    page = f"/people/imports/{one.id}"
    assert "7 of 13 open accounts would be closed" in words(as_(cast.ela).get(page))
    refused = as_(cast.ela).post(f"{page}/application", data={"typed": "6"})
    assert refused.status_code == 422 and "Please type that number" in words(refused)
    assert as_(cast.ela).post(f"{page}/application", data={"typed": "7"}).status_code == 303
    assert queries.import_or_404(one.id).state == "applying"
    assert db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.ended_at.is_not(None))) == 0
    assert db.session.execute(text("SELECT count(*) FROM person WHERE disabled_at IS NOT NULL")).scalar() == 0


def test_the_command_line_looks_first_and_applies_when_asked(app, cast, tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(FULL.encode("cp1254"))

    def run(*options: str):
        return CliRunner().invoke(cli, ["people", "import", str(file), *options], obj=lambda: app)

    looked = run()
    db.session.rollback()
    assert db.session.scalars(select(ImportHeading.heading)).all() == []
    assert "CSV in Windows-1254" in looked.output
    assert f"{file}:7: refused: Ece Dal: Column H (Yönetici): The supervisor “kimse” is neither in the file nor here." in looked.output
    assert "Nothing was changed; --apply does it." in looked.output
    assert (looked.exit_code, by_login("nur.ak")) == (1, None)
    db.session.rollback()
    assert run("--column", "Yönetici=").exit_code == 0
    assert "There is no column Boy." in str(run("--column", "Boy=job").exception)
    done = run("--apply", "--as", "ela")
    assert "Applied." in done.output
    assert by_login("nur.ak") is not None
    assert db.session.scalars(select(PeopleImport.by_id).where(PeopleImport.state == "applied")).all() == [cast.ela]
    assert "sicil no" in db.session.scalars(select(ImportHeading.heading)).all()


def test_columns_that_are_not_used_are_named_and_a_last_name_alone_is_asked_about(cast, as_, at):
    body = "Sicil No;Personelin Adı;Soyad;Ayakkabı;\n90001;Çiğdem;İşıkoğlu;38;x\n"
    ela = as_(cast.ela)
    page = upload(ela, body.encode()).location
    fields = {"field-0": "employee_no", "field-1": "", "field-2": "last_name", "field-3": "", "field-4": ""}
    refused = ela.post(page, data={"make_places": "1", **fields})
    assert refused.status_code == 422 and "none for the first name" in words(refused)
    done = ela.post(page, data={"make_places": "1", **fields, "field-1": "first_name"})
    assert "2 columns are not used: Ayakkabı, column E." in words(ela.get(done.location))
    # What was settled once so that only the last name is left is asked about again, and not taken.
    actions.remember(PeopleImport(reading={"headings": ["Personelin Adı"], "fields": [""]}), at)
    db.session.commit()
    assert upload(ela, body.replace("38", "39").encode()).location.endswith("/columns")


@pytest.mark.parametrize(
    ("names", "told"), [(["Işıl Mobilya A.Ş."], "New units: Işıl Mobilya A.Ş."), (["Ege", "Marmara"], "New units: Ege, Marmara.")]
)
def test_a_unit_that_ends_in_a_full_stop_ends_the_sentence(app, names, told):
    with app.test_request_context(), force_locale("en"):
        assert str(wording.file_sentence({"code": "new_units", "units": names})) == told
