"""Made anonymous: nothing tells any more who it was, and no figure moves."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import CheckConstraint, Text, event, select, text
from sqlalchemy.exc import DatabaseError

from tests.house.world import make_world
from trainee.coaching import Line, observe
from trainee.coaching.sessions import CoachingSession
from trainee.kit import audit, trtext
from trainee.kit.db import Base, db, insert_once
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.jobs import run_due
from trainee.people import actions as people
from trainee.people.models import Person
from trainee.people.queries import viewer_named
from trainee.plans import certificates_of
from trainee.plans.certifying import is_sound
from trainee.plans.models import Certificate
from trainee.privacy import anonymising
from trainee.privacy.anonymising import ask, mentions
from trainee.privacy.inventory import FREE_WORDS, HELD
from trainee.privacy.models import Anonymity, Destruction
from trainee.privacy.words import needed
from trainee.reports.actions import Taken, sheet_of
from trainee.reports.figures import measure
from trainee.reports.filters import Asked, Filters
from trainee.reports.formats import formats
from trainee.reports.kinds import kinds
from trainee.service.roster import actions as roster
from trainee.timetable import JOBS
from trainee.voice import Answer, take_ratings

NAME, MAIL, LOGIN, NUMBER, PHONE = "Çiğdem İşıkoğlu", "cigdem.i@mavikapi.example", "cigdem.isikoglu", "S-100417", "0222 417 00 17"
ASKED = {"ground": "asked", "typed": LOGIN}


@pytest.fixture
def leaver(cast, at, person):
    """Amir under a name that stands nowhere else, with all that the world gives him, and his name in what others wrote; his account is closed."""
    who = person(cast.amir)
    who.name, who.name_sort, who.username, who.username_key = NAME, trtext.sort_key(NAME), LOGIN, trtext.fold(LOGIN)
    who.email, who.email_key, who.employee_no = MAIL, MAIL, NUMBER
    make_world(cast, at)
    certificate = db.session.scalars(select(Certificate)).one()
    certificate.name = NAME
    held(cast, at)
    seen = {"observer_id": cast.chloe, "person_id": cast.beth, "channel": "phone", "lines": [Line("empathy", 3, f"As {NAME} does.")], "at": at}
    observe(**seen, seen_at=at, shared="ÇİĞDEM İŞIKOĞLU showed her; CIGDEM ISIKOGLU again.", receipt="beside")
    observe(**seen, seen_at=at - timedelta(days=1), shared=f"Write to {MAIL}, {NUMBER}.", receipt="beside too")
    take_ratings([Answer(cast.beth, at, "listened", 4, "crm", "17", f"Not as kind as {NAME}!")], at)
    take_ratings([Answer(cast.beth, at, "listened", 4, "crm", "18", "Çiğdem Hanım and Bayan İŞIKOĞLU'na selam; bir çiğdem de Beth'e.")], at)
    roster.add_shift(person_id=cast.amir, area="Shops", rank=2, phone=PHONE, starts_at=at, ends_at=at + timedelta(hours=8), at=at, by_id=cast.ada)
    audit.note(cast.chloe, "withdraw licence", f"person/{cast.hana}", at, why=f"Said by {NAME}.")
    people.disable(who, at, cast.ela)
    db.session.commit()
    return cast.amir


def held(cast, at) -> None:
    """A coaching session that took place, with the one action that the database wants then."""
    evidence_id = db.session.scalar(select(CoachingSession.evidence_id).limit(1))
    values = {
        "coach_id": cast.chloe,
        "person_id": cast.amir,
        "skill_key": "empathy",
        "evidence_id": evidence_id,
        "arranged_at": at,
        "promised_at": at,
    }
    agreed = {"held_at": at, "agreed_by_id": cast.chloe, "action": f"{NAME} names the feeling.", "action_by": at.date(), "follow_up_on": at.date()}
    never = dict.fromkeys(("cancelled_at", "cancelled_by_id", "cancel_reason"))
    insert_once(CoachingSession, values | agreed | never | {"receipt": "held once"}, ["receipt"])


def dump() -> str:
    db.session.rollback()
    rows = [f"{table.name}: {tuple(row)}" for table in Base.metadata.sorted_tables for row in db.session.execute(select(table))]
    # What was written for everybody tells of another Çiğdem, in an example.
    return "\n".join(row for row in rows if not row.startswith(("module_version", "search_entry", "policy_card")))


def files(at) -> str:
    """Every report as HR takes it, with closed accounts, as CSV and JSON and as a workbook; the record of persons and the training record as PDF."""
    asked = Asked(viewer_named("ela"), Filters(left=True), at)
    told = []
    for kind in kinds:
        sheet = sheet_of(kind, asked, "M")
        rows, figures_of = list(sheet.rows()), sheet.measured()
        sheet = replace(sheet, rows=partial(iter, rows), batches=partial(iter, [rows]), measured=partial(list, figures_of))
        for key in ("csv", "json", "xlsx", *(("pdf",) if kind.key in ("training_record", "person_record") else ())):
            body = b"".join(Taken(sheet, formats[key]).pieces)
            if key == "xlsx":
                with zipfile.ZipFile(io.BytesIO(body)) as book:
                    told += [book.read(name).decode() for name in book.namelist() if name.endswith(".xml")]
            elif key == "pdf":
                told += [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]
            else:
                told.append(body.decode())
                told += [json.dumps(json.loads(body), ensure_ascii=False)] if key == "json" else []
    return "\n".join(told)


def on_disk(app) -> list[str]:
    """What of her stands in the database's own files, byte by byte, also where it was deleted."""
    files = [one.read_bytes() for one in Path(app.extensions["trainee"].data_dir).glob("trainee.sqlite3*")]
    return [word for word in (NAME, "İşıkoğlu", MAIL, LOGIN, NUMBER, PHONE) if any(word.encode() in one for one in files)]


def figures(at) -> dict[str, object]:
    """Every figure of every report, of all and of her team, and every number and mark in the rows."""
    found: dict[str, object] = {}
    for kind in kinds:
        if kind.key in ("deeds", "looks"):
            continue
        for team in (None, 1) if "team" in kind.takes else (None,):
            asked = Asked(viewer_named("ela"), Filters(left=True, team=team), at)
            facts = list(kind.facts(asked))
            told = [place for place, column in enumerate(kind.columns(asked)) if column.kind != "text" and column.key != "hire_date"]
            rows = [kind.row(fact, asked) for fact in facts]
            counted = [(one.figure.key, one.n, one.value, one.low, one.high) for one in measure(kind.figures, facts)]
            found[f"{kind.key} {team}"] = counted, sorted(str([row[place] for place in told]) for row in rows)
    return found


def found_in(told: str) -> list[str]:
    folded = trtext.fold(told)
    return [word for word in (NAME, MAIL, LOGIN, NUMBER, PHONE) if trtext.fold(word) in folded] + [
        part for part in ("Çiğdem", "İşıkoğlu", "İŞIKOĞLU") if part in told
    ]


def test_a_full_search_finds_nothing_and_every_figure_is_as_it_was(app, cast, at, leaver):
    assert len(found_in(dump())) == 8
    on_sqlite = db.engine.dialect.name == "sqlite"
    assert not on_sqlite or len(on_disk(app)) == 6
    before = figures(at)
    ask(leaver, **ASKED, by_id=cast.ela, at=at)
    db.session.commit()
    run_due([job for job in JOBS if job.key == "anonymise"], at, lambda: at)
    assert db.session.get_one(Anonymity, leaver).done_at == at
    assert found_in(dump()) == [] == found_in(files(at))
    assert not on_sqlite or on_disk(app) == []
    assert figures(at) == before
    beside = db.session.scalars(text("SELECT shared FROM observation WHERE receipt = 'beside'")).one()
    assert beside == "[…] showed her; […] again."
    alone = db.session.scalars(text("SELECT comment FROM rating WHERE comment LIKE '%selam%'")).one()
    assert alone == "[…] Hanım and Bayan […]'na selam; bir çiğdem de Beth'e."
    [certificate] = db.session.scalars(select(Certificate)).all()
    assert (certificate.name, is_sound(certificate)) == (f"#{leaver}", True)
    assert certificates_of(leaver)


def test_a_dash_stands_wherever_the_database_wants_a_word():
    """In every column of words that is blanked, whatever rule is added to its table."""
    wanted = [
        (table.name, column)
        for table in Base.metadata.tables.values()
        for held in HELD
        for column in held.columns.get(table.name, "").split()
        if isinstance(table.c[column].type, Text) or (table.name, column) in FREE_WORDS
        for rule in table.constraints
        if isinstance(rule, CheckConstraint) and column in re.findall(r"\w+", str(rule.sqltext)) and re.search("''|length", str(rule.sqltext), re.I)
    ]
    assert ("coaching_session", "action") in wanted
    assert [one for one in wanted if not needed(Base.metadata.tables[one[0]], one[1])] == []


def test_the_account_of_nobody_offers_nothing_more_and_her_certificate_says_what_was_done(app, as_, cast, at, leaver):
    number = db.session.scalar(select(Certificate.number).where(Certificate.person_id == leaver))
    page = as_(cast.ela).get(f"/people/{leaver}/account").text
    assert "Open this account again" in page and "Make anonymous" in page
    ask(leaver, **ASKED, by_id=cast.ela, at=at)
    db.session.commit()
    anonymising.work(at)
    page = as_(cast.ela).get(f"/people/{leaver}/account").text
    assert "The account stays closed." in page
    assert "Open this account again" not in page and "Make anonymous" not in page and ">Change<" not in page
    with pytest.raises(Refusal, match="stays closed"):
        people.enable(db.session.get_one(Person, leaver), at, cast.ela)
    told = as_(cast.ela).get(f"/certificates/{number}").text
    assert "made anonymous" in told and "nothing on it was changed" not in told


def test_what_was_destroyed_is_written_down_and_cannot_be_changed(app, as_, cast, at, leaver):
    ask(leaver, **ASKED, by_id=cast.ela, at=at)
    db.session.commit()
    anonymising.work(at)
    [row] = db.session.scalars(select(Destruction)).all()
    assert (row.kind, row.subject, row.ground, row.by_id) == ("anonymised", f"person/{leaver}", "asked", cast.ela)
    assert row.keep_until == at.date().replace(year=at.year + 3)
    assert row.counts["observation"] >= 1 and row.counts["mentions"] >= 3
    assert found_in(json.dumps(row.counts)) == []
    page = as_(cast.ela).get("/destructions").text
    assert f"Person no. {leaver} was made anonymous" in page
    assert anonymising.work(at).done == 0
    for statement in ("UPDATE destruction SET kind = 'x'", "DELETE FROM destruction"):
        with pytest.raises(DatabaseError, match="is only added to"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done(app, cast, at, leaver):
    ask(leaver, **ASKED, by_id=cast.ela, at=at)
    db.session.commit()
    before = dump()
    event.listen(db.engine, "before_cursor_execute", _dies)
    try:
        with pytest.raises(SystemExit):
            anonymising.anonymise(leaver, at)
    finally:
        event.remove(db.engine, "before_cursor_execute", _dies)
    assert dump() == before


def _dies(_connection, _cursor, statement: str, *_rest) -> None:
    """When she has no name any more and what others wrote of her still stands."""
    if statement.startswith("UPDATE rating"):
        raise SystemExit


def test_it_needs_a_closed_account_a_ground_the_user_name_and_somebody_else(app, as_, cast, at, leaver, person):
    with pytest.raises(Refusal, match="account is open"):
        ask(cast.beth, ground="asked", typed="beth", by_id=cast.ela, at=at)
    with pytest.raises(Forbidden):
        ask(leaver, **ASKED, by_id=leaver, at=at)
    page = f"/people/{leaver}/anonymity"
    ela = as_(cast.ela)
    assert "It cannot be taken back." in ela.get(page).text
    assert ela.post(page, data={"ground": "asked", "typed": "amir"}).status_code == 422
    assert ela.post(page, data={"ground": "whim", "typed": LOGIN}).status_code == 422
    assert db.session.get(Anonymity, leaver) is None
    for _press in range(2):
        assert ela.post(page, data=ASKED).status_code in (303, 200)
    assert "within a few minutes" in ela.get(page).text
    assert db.session.get_one(Person, leaver).name == NAME


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("çiğdem işıkoğlu'na sor", "[…]'na sor"),
        ("Cigdem Isikoglu.", "[…]."),
        ("Çiğdem İşıkoğlugil", "Çiğdem İşıkoğlugil"),
        ("İ ß ŞŞ Çiğdem İşıkoğlu İ", "İ ß ŞŞ […] İ"),
        ("Çiğdem", "Çiğdem"),
    ],
)
def test_a_name_is_found_in_any_case_with_and_without_accents_and_as_a_whole(app, cast, at, written, left):
    take_ratings([Answer(cast.beth, at, "listened", 4, "crm", "1", written)], at)
    found = [after["comment"] for _table, _key, after in mentions([NAME])]
    assert (found or [written]) == [left]
