"""The bell, the list, how one wishes it, and what comes tomorrow."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text, update

from tests.notices.conftest import ledger, tell
from trainee import notices
from trainee.cli import cli
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.notices.decency import Hours
from trainee.notices.models import DELIVERY, NOTICE, NoticeHabit, NoticeWish

DAY = timedelta(days=1)


@pytest.fixture
def given(since, cast, gives):
    """Something Amir was given some days ago and told of since, as the clock of this machine goes."""
    at = now()
    made = gives(cast.amir, at=at - 8 * DAY, due_on=(at + 20 * DAY).date())
    for hours in range(24 * 7, 0, -6):
        tell(at - timedelta(hours=hours))
    return made


def test_the_bell_counts_what_was_not_read(as_, cast, given):
    page = as_(cast.amir).get("/").text
    assert "Messages: 1 not read" in page
    assert "Messages: 1 not read" not in as_(cast.beth).get("/").text


def test_opening_one_reads_it_and_leads_there(as_, cast, given):
    [told] = ledger("assignment_given")
    answer = as_(cast.amir).post(f"/notices/{told.id}/open")
    assert (answer.status_code, answer.location) == (303, "/assignments")
    assert ledger("assignment_given")[0].read_at is not None
    assert "not read" not in as_(cast.amir).get("/").text


def test_nobody_opens_anothers(as_, cast, given):
    [told] = ledger("assignment_given")
    assert as_(cast.beth).post(f"/notices/{told.id}/open").status_code == 404
    assert as_(cast.ela).post(f"/notices/{told.id}/open").status_code == 404


def test_the_list_tells_what_and_when_and_can_be_marked_as_read(as_, cast, given):
    assert "gave you “Greeting” to do" in as_(cast.amir).get("/notices").text
    assert "gave you" in as_(cast.amir).get("/notices?show=unread").text
    assert as_(cast.amir).post("/notices/read").status_code == 303
    assert "You have read everything." in as_(cast.amir).get("/notices?show=unread").text
    assert "No message yet." in as_(cast.beth).get("/notices").text


def test_what_is_of_no_use_any_more_is_no_news_to_the_bell_nor_to_the_list(as_, cast, given):
    db.session.execute(update(NOTICE).where(NOTICE.c.rule == "assignment_given").values(until=now() - DAY))
    db.session.commit()
    assert "not read" not in as_(cast.amir).get("/").text
    page = as_(cast.amir).get("/notices").text
    assert "gave you" in page
    assert "badge-accent" not in page
    assert "gave you" not in as_(cast.amir).get("/notices?show=unread").text


def test_a_page_of_many_takes_as_many_statements_as_a_page_of_one(as_, cast, given, gives, counting):
    def statements() -> int:
        counting.clear()
        assert as_(cast.amir).get("/notices").status_code == 200
        return len(counting)

    few = statements()
    at = now()
    for what in ("empathy", "listening", "trust", "loyalty"):
        gives(cast.amir, what, at=at - 5 * DAY, due_on=(at + 20 * DAY).date())
    for hours in range(24 * 5, 0, -6):
        tell(at - timedelta(hours=hours))
    assert len(ledger("assignment_given")) == 5
    assert statements() == few == 4


WISHES = {"mails": "y", "opens": "10", "closes": "16", "days": ["1", "2", "6"], "kind-due_soon": "weekly", "kind-assignment_given": "daily"}


def test_wishes_are_kept_and_shown(as_, cast):
    assert as_(cast.amir).post("/notices/settings", data=WISHES).status_code == 303
    habit = db.session.get_one(NoticeHabit, cast.amir)
    assert (habit.mails, habit.opens, habit.closes, habit.days) == (True, 10, 16, "126")
    wishes = db.session.execute(select(NoticeWish.rule, NoticeWish.frequency)).all()
    assert [tuple(row) for row in wishes] == [("due_soon", "weekly")]
    page = as_(cast.amir).get("/notices/settings").text
    assert '<option value="weekly" selected>' in page
    assert "Mails that could not be delivered" not in page
    assert "No mail server is set up here" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"opens": "22", "closes": "22"}, "Please choose another time than the first one."),
        ({"days": []}, "one day at least"),
        ({"opens": "noon"}, "Not a valid choice"),
    ],
)
def test_wishes_that_leave_no_hour_are_told_so(as_, cast, change, words):
    answer = as_(cast.amir).post("/notices/settings", data=WISHES | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.get(NoticeHabit, cast.amir) is None


def test_hours_over_midnight_are_kept_and_told_in_the_preview(since, app, as_, cast, at, gives):
    """From ten in the evening until six: what is new comes when they begin, and what comes up in the night still in that night."""
    assert (
        as_(cast.amir).post("/notices/settings", data=WISHES | {"opens": "22", "closes": "6", "days": ["1", "2", "3", "4", "5"]}).status_code == 303
    )
    habit = db.session.get_one(NoticeHabit, cast.amir)
    assert (habit.opens, habit.closes) == (22, 6)
    page = as_(cast.amir).get("/notices/settings").text
    assert '<option value="22" selected>' in page and '<option value="6" selected>' in page
    gives(cast.amir, due_on=date(2026, 3, 31))
    [one] = notices.preview(date(2026, 3, 11), at, [cast.amir]).coming
    assert one.at == datetime(2026, 3, 11, 19, tzinfo=UTC)
    # Urgent, and given at one o'clock in the night to Thursday: told there and then, and not to who works in the day.
    night = datetime(2026, 3, 11, 22, tzinfo=UTC)
    for who in (cast.amir, cast.beth):
        gives(who, "empathy", due_on=date(2026, 3, 12), at=night)
    tell(night)
    assert [(row.person_id, row.state) for row in ledger("assignment_given") if row.reason["what"]["en"] == "Empathy"] == [
        (cast.amir, "sent"),
        (cast.beth, "planned"),
    ]


def test_tomorrow_tells_who_gets_what_and_why_and_changes_nothing(since, app, cast, at, gives):
    gives(cast.amir, due_on=date(2026, 3, 31))
    gives(cast.beth, due_on=date(2026, 3, 12), at=at - 5 * DAY)
    day, both, before = date(2026, 3, 12), [cast.amir, cast.beth], ledger()
    expected = [("Amir Kaya", "assignment_given", "site", 6), ("Beth Öğüt", "due_today", "site", 6)]
    for _planned in (False, True):
        found = notices.preview(day, at, both)
        assert [(one.who.name, one.kind.key, one.way, one.at.hour) for one in found.coming] == expected
        if not _planned:
            assert ledger() == before
            tell(at)
    mine = notices.preview(date(2026, 3, 12), at, [cast.amir])
    assert [one.kind.key for one in mine.coming] == ["assignment_given"]


def test_the_preview_goes_by_the_hours_of_today_and_not_by_those_of_the_planning(since, app, as_, cast, at, gives):
    gives(cast.amir, due_on=date(2026, 3, 31))
    tell(at)
    [one] = notices.preview(date(2026, 3, 12), at, [cast.amir]).coming
    assert one.at == datetime(2026, 3, 12, 6, tzinfo=UTC)
    as_(cast.amir).post("/notices/settings", data=WISHES | {"opens": "22", "closes": "6", "days": ["1", "2", "3", "4", "5"]})
    [one] = notices.preview(date(2026, 3, 12), at, [cast.amir]).coming
    assert one.at == datetime(2026, 3, 12, 19, tzinfo=UTC)
    tell(datetime(2026, 3, 12, 6, tzinfo=UTC))
    assert [(row.state, row.send_at) for row in ledger("assignment_given")] == [("planned", one.at)]


@pytest.mark.postgresql
def test_a_full_disk_of_postgresql_is_told_and_pages_are_read(app, as_, cast):
    """The answer that PostgreSQL itself gives where a file cannot grow (53100); SQLite's disk is filled in tests/server."""
    full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$"
    client = as_(cast.amir)
    db.session.execute(text(full))
    db.session.execute(text("CREATE TRIGGER full_disk BEFORE INSERT ON notice_habit FOR EACH ROW EXECUTE FUNCTION full_disk()"))
    db.session.commit()
    try:
        answer = client.post("/notices/settings", data=WISHES)
        assert answer.status_code == 503
        assert "because the disk is full" in answer.text
        assert client.get("/notices").status_code == 200
    finally:
        db.session.execute(text("DROP TRIGGER full_disk ON notice_habit"))
        db.session.execute(text("DROP FUNCTION full_disk()"))
        db.session.commit()
    assert client.post("/notices/settings", data=WISHES).status_code == 303


def test_people_stand_in_the_order_of_the_turkish_alphabet(since, cast, at, gives, person):
    for who, name in ((cast.amir, "Çiğdem Kılıç"), (cast.beth, "Cem Ak"), (cast.gus, "Zeynep Şahin")):
        person(who).name = name
        gives(who, due_on=date(2026, 3, 31))
    found = notices.preview(date(2026, 3, 12), at)
    assert list(dict.fromkeys(one.who.name for one in found.coming if one.kind.key == "assignment_given")) == [
        "Cem Ak",
        "Çiğdem Kılıç",
        "Zeynep Şahin",
    ]


def test_what_is_held_back_stands_there_with_its_reason(app, cast, at, gives):
    gives(cast.amir, due_on=date(2026, 3, 3), at=at - 20 * DAY)
    tell(at)
    found = notices.preview(date(2026, 3, 12), at)
    assert {(one.who.name, one.kind.key, one.why) for one in found.held} == {
        ("Amir Kaya", "overdue", "silent_first_run"),
        ("Chloe Irmak", "overdue_above", "silent_first_run"),
    }


def test_the_pages_of_tomorrow_open_for_whom_they_are(since, as_, cast, gives):
    at = now()
    gives(cast.amir, at=at, due_on=(at + 20 * DAY).date())
    on = _next_working_day(at)
    everybody = as_(cast.ela).get(f"/notices/preview?on={on}").text
    assert everybody.index("Amir Kaya") < everybody.index("Chloe Irmak gave you “Greeting”")
    assert "“Greeting”" in as_(cast.ela).get(f"/notices/preview?on={on}&q=KAYA").text
    assert "“Greeting”" not in as_(cast.ela).get(f"/notices/preview?on={on}&q=beth").text
    assert "“Greeting”" in as_(cast.ela).get(f"/notices/preview?on={on}&q=").text
    assert "gave you “Greeting”" in as_(cast.amir).get(f"/notices/coming?on={on}").text
    assert "gave you" not in as_(cast.beth).get(f"/notices/coming?on={on}").text
    assert as_(cast.chloe).get("/notices/preview").status_code == 403


def test_the_ledger_tells_hr_what_became_of_each_message_and_why(since, as_, cast, gives):
    at = now()
    gives(cast.amir, at=at - 8 * DAY, due_on=(at - 7 * DAY).date())
    gives(cast.beth, "empathy", at=at - 2 * DAY, due_on=(at + 20 * DAY).date())
    for hours in range(24 * 7, 0, -6):
        tell(at - timedelta(hours=hours))
    client = as_(cast.ela)
    page = client.get("/notices/ledger").text
    for words in ("Amir Kaya", "Beth Öğüt", "A few minutes are a beginning.", "Past its date", " planned · ", " told in the site."):
        assert words in page, words
    assert "Amir Kaya" not in client.get("/notices/ledger?q=ÖĞÜT").text
    assert "No message fits." in client.get("/notices/ledger?state=failed").text
    held = client.get("/notices/ledger?q=kaya&state=held_back").text
    assert ("nobody is told old news" in held) == any(row.state == "held_back" for row in ledger(person=cast.amir))
    assert as_(cast.chloe).get("/notices/ledger").status_code == 403


def _next_working_day(at: datetime) -> date:
    return Hours("Europe/Istanbul", "TR").digest(at).date()


def test_the_command_prints_the_same(since, cast, gives, capsys):
    at = now()
    gives(cast.amir, at=at, due_on=(at + 20 * DAY).date())
    on = datetime.combine(_next_working_day(at), datetime.min.time())
    notices.preview_day(on, "amir", "en")
    said = capsys.readouterr().out
    assert said.startswith(f"{on.date()}: 1 to come, 0 held back\n09:00  Amir Kaya  [assignment_given, in the site only]  Chloe Irmak gave you")
    notices.preview_day(on, "beth", "tr")
    assert capsys.readouterr().out == f"{on.date()}: 0 to come, 0 held back\n"


def test_a_later_day_does_not_repeat_what_is_told_before(since, app, cast, at, gives):
    gives(cast.beth, due_on=date(2026, 3, 12), at=at - 5 * DAY)
    for days, kinds in ((1, ["due_today"]), (2, ["overdue"]), (5, [])):
        assert [one.kind.key for one in notices.preview((at + days * DAY).date(), at, [cast.beth]).coming] == kinds


def test_the_ledger_on_the_command_line_tells_every_step(app, cast, given):
    result = CliRunner().invoke(cli, ["notices", "ledger", "--person", "amir", "--state", "sent"], obj=lambda: app, catch_exceptions=False)
    told = result.output
    assert "[assignment_given]" in told
    assert "gave you “Greeting” to do" in told
    assert re.search(r"\d\d:\d\d planned\n", told)
    refused = CliRunner().invoke(cli, ["notices", "ledger", "--person", "nobody"], obj=lambda: app)
    assert isinstance(refused.exception, Refusal)


def test_a_page_beyond_the_last_is_the_last(as_, cast, given):
    assert as_(cast.amir).get("/notices?page=9999").location.endswith("page=1")


def test_whoever_wishes_the_weeks_digest_finds_it_in_the_site_on_its_day(since, mailbox, cast, at, gives):
    db.session.add(NoticeWish(person_id=cast.amir, rule="due_today", frequency="weekly"))
    db.session.commit()
    due = date(2026, 3, 13)
    gives(cast.amir, due_on=due, at=at - 5 * DAY)
    for hours in range(0, 60, 6):
        tell(at + timedelta(hours=hours))
    [told] = ledger("due_today")
    assert (told.state, told.settled_at.date()) == ("sent", due)
    [mail] = [row for row in db.session.execute(select(DELIVERY)) if row.id == told.delivery_id]
    assert (mail.state, mail.next_try_at.date()) == ("waiting", date(2026, 3, 16))
