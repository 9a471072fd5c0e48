"""Each message once, for a reason, and only while it is so."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from tests.notices.conftest import ledger, tell
from trainee import expectations, notices, plans
from trainee.kit.db import db
from trainee.notices.actions import wish
from trainee.notices.models import NOTICE, STEP, Delivery
from trainee.people import Person
from trainee.people import actions as people
from trainee.people.importing import actions as files
from trainee.people.importing.background import apply, check, silent
from trainee.people.importing.queries import import_or_404
from trainee.people.queries import by_login

# The Wednesday of the tests, in Istanbul (three hours ahead of UTC).
WEDNESDAY = date(2026, 3, 11)
DAY = timedelta(days=1)
MORNING = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)


def states(*rules, person=None):
    return [(row.rule, row.state, row.why) for row in ledger(*rules, person=person)]


def test_what_is_given_is_told_the_next_morning_with_who_gave_it(since, cast, at, gives):
    gives(cast.amir, due_on=WEDNESDAY + 20 * DAY)
    tell(at)
    assert states() == [("assignment_given", "planned", None)]
    assert ledger()[0].send_at == MORNING
    tell(MORNING)
    [told] = ledger()
    assert (told.state, told.settled_at) == ("sent", MORNING)
    said = notices.kinds["assignment_given"].sentence(told.reason, notices.Reader("Europe/Istanbul", {cast.chloe: "Chloe Irmak"}))
    assert said == "Chloe Irmak gave you “Greeting” to do, by Tuesday, 31 March."


def test_what_is_due_tomorrow_is_told_at_once(since, cast, at, gives):
    gives(cast.amir, due_on=WEDNESDAY + DAY)
    tell(at)
    assert states() == [("assignment_given", "sent", None)]


def test_however_often_it_is_planned_it_is_there_once(since, cast, at, gives):
    gives(cast.amir, due_on=WEDNESDAY + 3 * DAY)
    for minutes in range(0, 3000, 300):
        tell(at + timedelta(minutes=minutes))
    keys = [row.key for row in ledger()]
    assert len(keys) == len(set(keys)) == 2
    assert states() == [("assignment_given", "sent", None), ("due_today", "sent", None)]


def test_a_date_is_told_three_days_before_on_the_day_and_after_it(since, cast, at, gives):
    gives(cast.amir, due_on=date(2026, 4, 7), at=at - DAY)
    for days in range(56):
        tell(MORNING + days * DAY)
    mine = [(row.rule, row.settled_at.date().isoformat()) for row in ledger("due_soon", "due_today", "overdue")]
    # 23 April is a holiday too; the last reminder of four weeks falls on Tuesday 5 May.
    assert mine == [
        ("due_soon", "2026-04-03"),
        ("due_today", "2026-04-07"),
        ("overdue", "2026-04-08"),
        ("overdue", "2026-04-14"),
        ("overdue", "2026-04-21"),
        ("overdue", "2026-05-05"),
    ]
    above = [(row.person_id, row.settled_at.date().isoformat()) for row in ledger("overdue_above")]
    assert above == [(cast.chloe, "2026-04-10"), (cast.chloe, "2026-04-21")]


def test_before_days_off_one_thing_is_said_once(since, cast, gives):
    """Due on a Sunday after a holiday: both the days before it and its day itself are told on the last working day."""
    gives(cast.amir, due_on=date(2027, 1, 3), at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    for day in (29, 30, 31):
        tell(datetime(2026, 12, day, 6, tzinfo=UTC))
    assert [(row.rule, row.state) for row in ledger("due_soon", "due_today")] == [("due_today", "sent")]
    assert str(notices.kinds["due_today"].title) == "The day for something you have to do"


def test_what_nobody_looked_for_in_time_is_said_once_too(since, cast, gives):
    gives(cast.amir, due_on=date(2026, 3, 15), at=datetime(2026, 3, 1, 9, tzinfo=UTC))
    tell(datetime(2026, 3, 11, 6, tzinfo=UTC))
    tell(datetime(2026, 3, 13, 6, tzinfo=UTC))
    assert {(row.rule, row.state, row.why) for row in ledger("due_soon", "due_today")} == {
        ("due_soon", "cancelled", "told_together"),
        ("due_today", "sent", None),
    }


def test_who_has_finished_is_told_nothing_though_it_was_planned(since, cast, at, gives, finishes):
    gives(cast.amir, due_on=WEDNESDAY + 20 * DAY)
    tell(at)
    finishes(cast.amir, "greeting", at + timedelta(hours=2))
    tell(MORNING)
    assert states() == [("assignment_given", "cancelled", "stopped")]


@pytest.mark.parametrize("ends", [plans.excuse, plans.withdraw])
def test_what_is_taken_back_is_not_told(since, cast, at, gives, ends):
    made = gives(cast.amir, due_on=WEDNESDAY + 20 * DAY)
    tell(at)
    ends(made, "No longer needed.", at, cast.chloe)
    tell(MORNING)
    assert states() == [("assignment_given", "cancelled", "stopped")]


def test_who_has_left_is_told_nothing(since, cast, at, gives, person):
    gives(cast.amir, due_on=WEDNESDAY + 20 * DAY)
    tell(at)
    people.disable(person(cast.amir), at, cast.ela)
    db.session.commit()
    tell(MORNING)
    assert states() == [("assignment_given", "cancelled", "left")]


def test_the_first_run_is_silent_about_what_was_so_before(cast, at, gives):
    gives(cast.amir, at=at - 20 * DAY, due_on=WEDNESDAY - 8 * DAY)
    tell(at)
    assert set(states()) == {("overdue", "held_back", "silent_first_run"), ("overdue_above", "held_back", "silent_first_run")}
    for days in range(9):
        tell(MORNING + days * DAY)
    assert ("overdue", "sent", None) in states()
    assert [row.occasion for row in ledger("overdue") if row.state == "sent"] == ["2026-03-03+14"]


def test_what_comes_with_an_import_and_is_old_at_first_sight_is_held_back(since, cast, at, gives):
    gives(cast.amir, due_on=WEDNESDAY - 8 * DAY)
    tell(at)
    assert ("overdue", "held_back", "silent_first_run") in states()
    assert ("assignment_given", "sent", None) in states()


def by_file(body: str, at: datetime) -> None:
    one = files.take("people.csv", body.encode(), None, at)
    files.settle(one, one.reading, one.reading["fields"], one.options)
    db.session.commit()
    check(one.id, at, silent)
    files.ask_to_apply(import_or_404(one.id), "", 13)
    db.session.commit()
    apply(one.id, at, silent)
    db.session.commit()
    assert import_or_404(one.id).state == "applied"


def test_after_a_file_of_people_all_that_stood_before_is_held_back_and_what_is_new_is_told(since, cast, at, gives):
    """Whoever comes by it, moves by it, or leads others since then finds it on the pages; nobody's bell counts up because a file was applied."""
    db.session.execute(update(Person).values(created_at=at - 365 * DAY))
    before = at - 10 * DAY
    terms = expectations.Terms("empathy", 3, before.date(), why="Customers ask.", ways=("observation",), rhythm="monthly", audience="nobody")
    ours = db.session.get_one(Person, cast.amir).team_id
    expectations.issue(expectations.Scope("team", ours), terms, by_id=cast.chloe, at=before)
    gives(cast.gus, at=at - 20 * DAY, due_on=WEDNESDAY - 4 * DAY)
    tell(at)
    by_file("Kullanıcı Adı;Ad Soyad;Ekip;Yönetici\nnur;Nur Ak;Ours;chloe\nzoe;;Ours;chloe\ngus;;;chloe\n", at + DAY / 2)
    nur = by_login("nur")
    for days in range(1, 14):
        tell(at + days * DAY)
    assert {(row.person_id, row.state, row.why) for row in ledger("expectation_to_acknowledge") if row.person_id in {nur.id, cast.zoe}} == {
        (nur.id, "held_back", "silent_first_run"),
        (cast.zoe, "held_back", "silent_first_run"),
    }
    # Dev led Gus when it was three days late; Chloe is told of what comes after the file alone.
    assert [(row.person_id, row.occasion[-3:], row.state) for row in ledger("overdue_above")] == [
        (cast.dev, "7+3", "sent"),
        (cast.chloe, "7+3", "held_back"),
        (cast.chloe, "+14", "sent"),
    ]


def test_history_is_kept_step_by_step(since, cast, at, gives):
    gives(cast.amir, due_on=WEDNESDAY + 20 * DAY)
    tell(at)
    tell(MORNING)
    steps = db.session.execute(select(STEP.c.state, STEP.c.at).order_by(STEP.c.id)).all()
    assert [tuple(step) for step in steps] == [("planned", at), ("sent", MORNING)]


def test_nobody_is_told_anything_outside_her_hours_wherever_she_lives(since, cast, at, gives):
    db.session.execute(update(Person).where(Person.id == cast.beth).values(time_zone="America/Toronto"))
    wish(cast.gus, mails=True, opens=14, closes=20, days="67", frequencies={}, at=at)
    for who in (cast.amir, cast.beth, cast.gus):
        gives(who, due_on=WEDNESDAY + DAY)
    for hours in (*range(5), *range(20, 24 * 5, 3)):
        tell(at + timedelta(hours=hours))
    told = {row.person_id: row.settled_at for row in ledger("assignment_given") if row.state == "sent"}
    # Amir at once; Beth when it is eight in Toronto; for Gus Saturday would be after its date, so he is not told at all.
    assert told == {cast.amir: at, cast.beth: datetime(2026, 3, 11, 12, 0, tzinfo=UTC), cast.gus: datetime(2026, 3, 14, 11, 0, tzinfo=UTC)}


def test_a_kind_she_does_not_wish_by_mail_stays_in_the_site(since, mailbox, cast, at, gives):
    wish(cast.amir, mails=True, opens=8, closes=19, days="12345", frequencies={"assignment_given": "site"}, at=at)
    gives(cast.amir, due_on=WEDNESDAY + 20 * DAY)
    gives(cast.beth, due_on=WEDNESDAY + 20 * DAY)
    tell(at)
    tell(MORNING)
    assert [row.state for row in ledger()] == ["sent", "sent"]
    assert list(db.session.scalars(select(Delivery.person_id))) == [cast.beth]


def test_there_is_one_digest_a_day(since, mailbox, cast, at, gives):
    gives(cast.amir, "greeting", due_on=WEDNESDAY + 20 * DAY)
    gives(cast.amir, "empathy", due_on=WEDNESDAY + 20 * DAY)
    tell(at)
    tell(MORNING)
    db.session.execute(update(Delivery).values(state="sent", ended_at=MORNING))
    gives(cast.amir, "listening", due_on=WEDNESDAY + 20 * DAY, at=MORNING)
    tell(MORNING)
    tell(MORNING + timedelta(hours=3))
    # What the digest of that day missed is told in the site all the same; its mail goes with the next.
    assert {row.state for row in ledger()} == {"sent"}
    mails = db.session.execute(select(Delivery.key, Delivery.next_try_at).where(Delivery.state == "waiting")).all()
    assert mails == [(f"digest/{cast.amir}/2026-03-13", MORNING + DAY)]
    tell(MORNING + DAY)
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 2


def test_three_hundred_are_planned_with_as_many_statements_as_three(since, cast, at, gives, counting):
    def statements(many: int, day: int) -> int:
        for number in range(many):
            made = people.add_person(username=f"n{day}-{number}", name="N", job="adviser", at=at - DAY, email=None, language="en", team_id=None)
            gives(made.id, due_on=WEDNESDAY + 20 * DAY, at=at + timedelta(hours=day))
        counting.clear()
        notices.plan(at + timedelta(hours=day))
        found = len(counting)
        db.session.commit()
        return found

    few = statements(3, 1)
    assert statements(300, 2) <= few + 2
    assert db.session.scalar(select(func.count()).select_from(NOTICE)) == 303
