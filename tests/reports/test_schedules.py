"""Reports that come by themselves: set up, made once for each reader in her own scope, stopped with one tap."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from trainee import notices
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.notices import Notice, planning
from trainee.people import Person
from trainee.people import actions as people
from trainee.reports import background, scheduling
from trainee.reports.kinds import kinds
from trainee.reports.models import FILE, READER, SCHEDULE, SENDING, ReportFile, ReportSchedule
from trainee.reports.notices import ReportSent

MONDAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("weekday", "today", "first"),
    [
        (1, MONDAY, MONDAY + timedelta(days=7)),
        (2, MONDAY, MONDAY + timedelta(days=1)),
        (5, MONDAY - timedelta(days=1), MONDAY + timedelta(days=4)),
        (None, MONDAY, date(2026, 4, 1)),
        (None, date(2026, 12, 31), date(2027, 1, 1)),
        (None, date(2026, 4, 1), date(2026, 5, 1)),
    ],
)
def test_it_comes_on_the_next_such_day(weekday, today, first):
    assert scheduling.first_day(weekday, today) == first


@pytest.mark.parametrize(
    ("weekday", "day", "period"),
    [
        (1, MONDAY, ("2026-03-09", "2026-03-15")),
        (5, MONDAY + timedelta(days=4), ("2026-03-09", "2026-03-15")),
        (None, date(2026, 3, 1), ("2026-02-01", "2026-02-28")),
        (None, date(2027, 1, 1), ("2026-12-01", "2026-12-31")),
    ],
)
def test_its_days_are_the_whole_week_or_month_before(weekday, day, period):
    filled = scheduling.days_filled({"team": "1"}, weekday, day)
    assert (filled["since"], filled["until"], filled["team"]) == (*period, "1")
    assert scheduling.days_filled({"team": "1"}, weekday, None) == {"team": "1"}


def form(*readers: int, **more: str) -> dict[str, object]:
    return {"when": "1", "format": "xlsx", "readers": [str(one) for one in readers], "receipt": "set up once", **more}


@pytest.fixture
def set_up(as_, cast):
    """Ela has the skills matrix sent to herself, to Chloe and to Dev every Monday."""
    answer = as_(cast.ela).post("/reports/skills_matrix/schedule", data=form(cast.ela, cast.chloe, cast.dev))
    assert answer.status_code == 303, answer.text
    return the_schedule().id


def the_schedule() -> ReportSchedule:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(ReportSchedule)).one()


def send(at=None) -> int:
    db.session.rollback()
    many = 0
    for one in scheduling.send_due(at or now()):
        db.session.commit()
        many += one
    return many


def due_now() -> None:
    db.session.execute(update(SCHEDULE).values(next_on=now().date() - timedelta(days=1)))
    db.session.commit()


def make() -> dict[int, ReportFile]:
    list(background.make_files(now(), now))
    db.session.rollback()
    db.session.expire_all()
    return {one.person_id: one for one in db.session.scalars(select(ReportFile))}


def text(as_, file: ReportFile) -> str:
    book = load_workbook(io.BytesIO(as_(file.person_id).post(f"/reports/files/{file.key}/file").data), read_only=True)
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def test_each_gets_it_once_in_her_own_scope_and_language(as_, cast, set_up, monkeypatch):
    # Also on a Friday evening and before holidays a message is written down at once.
    monkeypatch.setattr(planning, "LOOK_AHEAD", timedelta(days=30))
    notices.plan(now())
    db.session.execute(update(Person).where(Person.id == cast.dev).values(language="tr"))
    db.session.commit()
    assert send() == 0, "its day has not come"
    due_now()
    assert [send(), send()] == [3, 0]
    assert the_schedule().next_on > now().date()
    files = make()
    assert {number: file.state for number, file in files.items()} == dict.fromkeys((cast.ela, cast.chloe, cast.dev), "ready")
    assert {file.expires_at - file.ended_at for file in files.values()} == {background.KEPT_SENT}
    hr, chloe, dev = (text(as_, files[one]) for one in (cast.ela, cast.chloe, cast.dev))
    assert "Zoe" in hr and "Amir" in chloe and "Gus" not in chloe and "Gus" in dev and "Amir" not in dev
    assert "Skills matrix" in chloe and "Beceri" in dev and "Skills matrix" not in dev, "in the reader's language"
    told = select(Notice.person_id, Notice.rule).where(Notice.rule == "report_sent").order_by(Notice.person_id)
    assert [tuple(row) for row in db.session.execute(told)] == [(one, "report_sent") for one in sorted((cast.ela, cast.chloe, cast.dev))]


def test_days_that_were_missed_bring_one_file_and_not_one_each(set_up):
    db.session.execute(update(SCHEDULE).values(next_on=now().date() - timedelta(days=30)))
    db.session.commit()
    assert send() == 3
    assert db.session.scalar(select(func.count()).select_from(SENDING)) == 3
    # Somebody turned the day back; the same day is not sent twice.
    days = set(db.session.scalars(select(SENDING.c.day)))
    db.session.execute(update(SCHEDULE).values(next_on=min(days)))
    db.session.commit()
    assert send() == 0


def test_who_left_or_lost_the_role_gets_nothing(as_, cast, set_up, person):
    people.disable(person(cast.chloe), now(), cast.ada)
    people.set_roles(person(cast.ela), ["employee"], now(), cast.ada)
    db.session.commit()
    due_now()
    assert send() == 1
    assert set(make()) == {cast.dev}


def test_rights_that_go_between_making_telling_and_opening_are_asked_again(as_, cast, set_up, person):
    due_now()
    send()
    files = make()
    assert {one.person_id for one in ReportSent().occasions(now())} == {cast.ela, cast.chloe, cast.dev}
    people.set_roles(person(cast.ela), ["employee"], now(), cast.ada)
    db.session.commit()
    assert {one.person_id for one in ReportSent().occasions(now())} == {cast.dev, cast.chloe}
    assert as_(cast.ela).post(f"/reports/files/{files[cast.ela].key}/file").status_code == 403
    assert as_(cast.chloe).get(f"/reports/files/{files[cast.dev].key}").status_code == 404
    db.session.execute(update(FILE).values(expires_at=now()))
    db.session.commit()
    assert as_(cast.chloe).post(f"/reports/files/{files[cast.chloe].key}/file").status_code == 410
    assert ReportSent().occasions(now()) == []
    assert background.forget_files(now()) == 3
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(SENDING)) == 3, "that it was sent stays"


def test_one_tap_stops_it_for_her_and_another_for_everybody(as_, cast, set_up):
    due_now()
    send()
    file = make()[cast.chloe]
    chloe = as_(cast.chloe)
    page = chloe.get(f"/reports/files/{file.key}").text
    assert f'action="/reports/schedules/{set_up}/stop"' in page
    for _press in range(2):
        assert chloe.post(f"/reports/schedules/{set_up}/stop").status_code == 303
    assert "/stop" not in chloe.get(f"/reports/files/{file.key}").text
    assert "Nothing comes by itself" in chloe.get("/reports/schedules").text
    assert as_(cast.hana).post(f"/reports/schedules/{set_up}/stop").status_code == 404
    assert [as_(who).post(f"/reports/schedules/{set_up}/end").status_code for who in (cast.chloe, cast.dev)] == [404, 404]
    due_now()
    db.session.execute(SENDING.delete())
    db.session.commit()
    assert send() == 2
    assert "Dev" in as_(cast.ada).get("/reports/schedules").text
    assert as_(cast.ada).post(f"/reports/schedules/{set_up}/end").status_code == 303
    due_now()
    assert send() == 0


@pytest.mark.parametrize(
    ("more", "words"), [({"when": "6"}, "field-wrong"), ({"format": "exe"}, "field-wrong"), ({"readers": []}, "to whom it goes")]
)
def test_a_form_that_is_not_whole_is_refused_beside_the_field(as_, cast, more, words):
    answer = as_(cast.ela).post("/reports/skills_matrix/schedule", data={**form(cast.ela), **more})
    assert answer.status_code == 422 and words in answer.text
    assert db.session.scalar(select(func.count()).select_from(SCHEDULE)) == 0


def test_a_supervisor_sends_to_those_of_hers_who_may_have_it_and_nobody_else(as_, cast):
    hana = as_(cast.hana)
    page = hana.get("/reports/skills_matrix/schedule").text
    assert "Chloe" in page and "Dev" not in page and "Amir" not in page
    assert hana.post("/reports/skills_matrix/schedule", data=form(cast.hana, cast.dev)).status_code == 422
    for _press in range(2):
        assert hana.post("/reports/skills_matrix/schedule", data=form(cast.hana, cast.chloe)).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(READER)) == 2
    assert [as_(who).get("/reports/schedules").text.count("/end") for who in (cast.hana, cast.chloe, cast.dev)] == [1, 0, 0]


def test_its_filters_come_from_the_address_and_its_days_are_filled_in(as_, cast, person):
    team = person(cast.amir).team_id
    ela = as_(cast.ela)
    assert "Ours" in ela.get(f"/reports/training_record/schedule?team={team}").text
    assert ela.get("/reports/training_record/schedule?team=zzz").status_code == 422
    ela.post(f"/reports/training_record/schedule?team={team}", data=form(cast.ela, when="month", last_period="1"))
    one = the_schedule()
    assert (one.filters, one.weekday, one.last_period) == ({"team": str(team)}, None, True)
    due_now()
    send()
    assert set(db.session.scalars(select(FILE.c.filters)).one()) == {"team", "since", "until"}
    assert {"since", "until"} <= set(kinds["training_record"].takes)


def test_whoever_is_not_among_the_first_names_is_searched_for(as_, cast, person, monkeypatch):
    monkeypatch.setattr(scheduling, "OFFERED", 1)
    ela, address = as_(cast.ela), "/reports/skills_matrix/schedule"

    def offered(answer) -> set[str]:
        return {name for name in ("Ela", "Chloe", "Dev", "Hana", "Kai") if f"<span>{name} " in answer.text}

    first = ela.get(address)
    assert "Dev" not in first.text and "more may have it" in first.text
    found = ela.post(address, data=form(cast.ela, find="şahin", look="1"))
    assert (found.status_code, offered(found)) == (200, {"Ela", "Dev"})
    assert f'value="{cast.ela}" checked' in found.text and f'value="{cast.dev}" checked' not in found.text
    assert db.session.scalar(select(func.count()).select_from(SCHEDULE)) == 0
    assert ela.post(address, data=form(cast.ela, cast.dev)).status_code == 303
    assert [name for name in ("Ela", "Dev", "Hana") if name in ela.get("/reports/schedules").text.partition("<main")[2]] == ["Ela", "Dev"]
