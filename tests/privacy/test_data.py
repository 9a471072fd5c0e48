"""Everything that is held about somebody: hers to read and to take, HR's with a reason, and nobody else's."""

import json
import re
from datetime import timedelta

from sqlalchemy import func, select

from tests.house.world import make_world
from trainee.coaching import Line, observe
from trainee.kit.db import Base, db
from trainee.kit.i18n import force_locale
from trainee.people.models import RecordLook
from trainee.privacy import subject
from trainee.privacy.belonging import ABOUT, NOBODYS, VIA, about
from trainee.privacy.inventory import HELD
from trainee.privacy.labels import COLUMNS, FOR_PROGRAMS, TABLES
from trainee.privacy.telling import told_parts

TABLES_HELD = {name for held in HELD for name in held.columns} - NOBODYS


def test_of_every_table_it_is_known_whose_its_rows_are():
    for name in TABLES_HELD:
        assert name in ABOUT or name in VIA or "person_id" in Base.metadata.tables[name].c, f"Say in privacy/belonging.py whose rows {name} holds."
        str(about(Base.metadata.tables[name], 1))


def test_every_table_and_column_has_its_words_or_is_for_programs_alone():
    assert set(TABLES) == TABLES_HELD
    columns = {column for held in HELD for name, some in held.columns.items() if name in TABLES_HELD for column in some.split()}
    assert {column for column in columns if column not in COLUMNS and not FOR_PROGRAMS.fullmatch(column)} == set()
    assert set(COLUMNS) <= columns


def test_amir_reads_all_of_it_and_takes_it_as_a_file(as_, cast, at):
    make_world(cast, at)
    page = as_(cast.amir).get("/me/data").text
    for words in ("Calm and clear.", "A bench by the door.", "My start date", "amir@mavikapi.example", "Chloe Irmak", "legitimate interest"):
        assert words in page
    answer = as_(cast.amir).get("/me/data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    told = {one["key"]: one for one in json.loads(answer.data)["held"]}
    assert told["account"]["tables"]["person"][0]["name"] == "Amir Kaya"
    assert told["talks"]["tables"]["role_play_move"]
    assert all(one["purpose"] and one["legal_ground"] and one["kept"] for one in told.values())
    text = answer.text
    assert "password_hash" not in text and '"digest"' not in json.dumps(told["signing_in"])
    # A colleague's private words beside his session are hers.
    assert "Ask about the new shift." not in text + page


def test_nothing_is_left_out_of_the_file_that_a_table_holds_of_him(app, cast, at):
    make_world(cast, at)
    db.session.commit()
    found = {part.table: part.many for _held, parts in subject.everything(cast.amir, by_hr=False) for part in parts}
    for name in TABLES_HELD - {"observation", "observation_line", "self_review", "self_review_line", "dispute", "contact_pick"}:
        table = Base.metadata.tables[name]
        many = db.session.scalar(select(func.count()).select_from(table).where(about(table, cast.amir)))
        assert found.get(name, 0) == many, name


def test_marks_that_wait_for_his_own_view_are_not_told_beforehand(app, as_, cast, at):
    seen = {"observer_id": cast.chloe, "person_id": cast.amir, "seen_at": at, "channel": "phone"}
    observe(**seen, lines=[Line("empathy", 1, "Cut her short.")], shared="", receipt="waits", at=at, self_review=True)
    db.session.commit()
    assert "Cut her short." not in as_(cast.amir).get("/me/data.json").text
    observe(**seen | {"seen_at": at - timedelta(hours=1)}, lines=[Line("empathy", 2, "Let her finish.")], shared="", receipt="shown", at=at)
    db.session.commit()
    assert "Let her finish." in as_(cast.amir).get("/me/data.json").text


def test_hr_says_why_and_reads_neither_answers_nor_what_was_said_in_coaching(as_, cast, at):
    make_world(cast, at)
    ela, page = as_(cast.ela), f"/people/{cast.amir}/data"
    assert ela.post(page, data={"reason": " ", "receipt": "r"}).status_code == 422
    assert "Calm and clear." not in ela.get(page).text
    opened = ela.post(page, data={"reason": "He asked HR for it.", "receipt": "r"})
    # The file is taken from there without saying why a second time, and that is one look.
    assert '<input type="hidden" name="reason" value="He asked HR for it.">' in opened.text
    assert "“you” is Amir" in opened.text
    assert "Calm and clear." in opened.text
    assert "do not read it" in opened.text
    assert "To hear people out." not in opened.text
    taken = ela.post(page, data={"reason": "He asked HR for it.", "receipt": "r", "as": "json"})
    assert taken.mimetype == "application/json"
    assert re.fullmatch(rf'attachment; filename="data-{cast.amir}-[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}.json"', taken.headers["Content-Disposition"])
    told = {name: rows for one in json.loads(taken.data)["held"] for name, rows in one["tables"].items()}
    assert told["session_part"] == {"entries": 1, "for_the_person_alone": True}
    assert told["quiz_attempt"][0]["person_id"] == cast.amir
    reasons = db.session.scalars(select(RecordLook.reason).where(RecordLook.page == "privacy.data_of", RecordLook.reason != "")).all()
    assert reasons == ["He asked HR for it."]
    mine = as_(cast.amir).get("/me/looks").text
    assert "He asked HR for it." in mine and "Ela Dağlı" in mine


def test_hr_finds_her_own_on_her_own_page_and_nobody_else_gets_in(as_, cast):
    assert as_(cast.ela).get(f"/people/{cast.ela}/data").location.endswith("/me/data")
    for who in (cast.beth, cast.chloe, cast.ada, cast.max):
        assert as_(who).get(f"/people/{cast.amir}/data").status_code == 403
    assert as_(cast.ela).get("/people/999999/data").status_code == 404


def test_it_is_all_words_in_turkish_too(app, cast, at):
    make_world(cast, at)
    with force_locale("tr"):
        titles = [one.title for _held, parts in told_parts(cast.amir, by_hr=False, most=3) for one in parts]
    assert "Gözlemler" in titles and not any(re.fullmatch(r"[a-z_]+", title) for title in titles)


def test_the_page_costs_the_same_for_one_row_as_for_many(as_, cast, at, counting):
    make_world(cast, at)
    client = as_(cast.amir)
    client.get("/me/data")
    counting.clear()
    client.get("/me/data")
    few = len(counting)
    for number in range(12):
        observe(
            observer_id=cast.chloe,
            person_id=cast.amir,
            seen_at=at - timedelta(days=number),
            channel="phone",
            lines=[Line("empathy", 2, "")],
            shared="",
            receipt=f"n{number}",
            at=at,
        )
    db.session.commit()
    counting.clear()
    client.get("/me/data")
    # A table that held nothing of his before is asked for its rows now.
    assert len(counting) <= few + 2
