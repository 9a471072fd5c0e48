"""Mails, handed to a real SMTP server: what they say, when they are tried again, and when they are given up."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from html import escape
from urllib.parse import urlsplit

import pytest
from PIL import Image
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError

from tests.notices.conftest import ledger, tell
from tests.pages import Page
from tests.pages.test_one_language import left
from trainee import notices, timetable
from trainee.kit.db import db
from trainee.kit.i18n import _n, force_locale
from trainee.kit.jobs import JobRun
from trainee.notices import digests, posting
from trainee.notices.mailing import FOLDING, absolute
from trainee.notices.models import DELIVERY, STEP, Delivery, NoticeHabit, NoticeWish
from trainee.people import Person, organisation
from trainee.people import actions as people

DUE = date(2026, 3, 31)
MORNING = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAME = "Muhammed Çağrı İbrahimoğulları Küçükosmanoğlu Şahinkayasıoğlu"


@pytest.fixture
def waiting(since, mailbox, cast, at, gives):
    """A digest of two things for Amir, in the outbox since the morning."""
    gives(cast.amir, "greeting", due_on=DUE)
    gives(cast.amir, "empathy", due_on=DUE)
    tell(at)
    tell(MORNING)
    return mailbox


def outbox():
    db.session.rollback()
    return db.session.execute(select(DELIVERY).order_by(DELIVERY.c.id)).all()


def posts(at):
    """The timetable's job, at that moment."""
    found = timetable.post_mails(at)
    db.session.commit()
    return found


def read(envelope):
    return message_from_bytes(envelope.content, policy=policy.default)


def test_the_digest_says_both_things_in_words_and_as_a_page(waiting, cast):
    assert posts(MORNING).done == 1
    [envelope] = waiting.taken
    mail = read(envelope)
    assert envelope.rcpt_tos == ["amir@mavikapi.example"]
    assert mail["Subject"] == "Something new to do, and 1 more thing"
    assert str(mail["From"]) == "Mavikapı <training@mavikapi.example>"
    assert mail["To"] == "Amir Kaya <amir@mavikapi.example>"
    plain, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for words in (plain, page):
        assert "Hello Amir Kaya," in words
        assert "Chloe Irmak gave you “Greeting” to do, by Tuesday, 31 March." in words
        assert "“Empathy" in words
        assert "https://training.mavikapi.example/" in words
    assert "<" not in plain
    assert {row.state for row in outbox()} == {"sent"}


def picture(wide: int, high: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (wide, high), (160, 30, 40, 255)).save(out, "PNG")
    return out.getvalue()


def test_the_logo_comes_with_the_mail_and_nothing_is_fetched_to_show_it(waiting, cast, at):
    organisation.set_logo(picture(300, 60), at, cast.ada)
    db.session.commit()
    assert posts(MORNING).done == 1
    mail = read(waiting.taken[0])
    page = mail.get_body(("html",)).get_content()
    (cid,) = re.findall(r'<img src="cid:([^"]+)" alt="" width="140" height="28"', page)
    (logo,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert logo["Content-ID"] == f"<{cid}>"
    assert logo.get_content_disposition() == "inline"
    assert logo.get_content() == organisation.own_logo()[1]
    # Who shows no pictures still reads whose mail it is, and no picture tells anybody that she read it.
    assert "Mavikapı</td>" in page
    assert not re.search(r'src="http', page)
    assert "Mavikapı" in mail.get_body(("plain",)).get_content()
    assert mail["Content-Language"] == "en"


def test_a_mail_without_a_logo_holds_no_picture_and_after_it_is_taken_away_neither(waiting, cast, at):
    organisation.set_logo(picture(300, 60), at, cast.ada)
    assert organisation.own_logo() is not None
    organisation.remove_logo(at, cast.ada)
    db.session.commit()
    assert posts(MORNING).done == 1
    mail = read(waiting.taken[0])
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert "<img" not in mail.get_body(("html",)).get_content()


def test_in_turkish_it_is_turkish(waiting, cast):
    db.session.execute(update(Person).where(Person.id == cast.amir).values(language="tr"))
    db.session.commit()
    posts(MORNING)
    mail = read(waiting.taken[0])
    assert mail["Content-Language"] == "tr"
    plain = mail.get_body(("plain",)).get_content()
    assert "31 Mart Salı" in plain
    assert not any(words in plain for words in ("Hello", "messages", "mails", "Send"))
    page = mail.get_body(("html",)).get_content()
    assert 'lang="tr"' in page
    assert [left(Page("tr", "employee", "mail", "", f'<p lang="tr">{words}</p>')) for words in (escape(plain), page)] == [[], []]


def test_the_message_id_comes_of_the_key_and_stays_the_same(waiting, app):
    waiting.answers = ["451 later"]
    posts(MORNING)
    posts(MORNING + MINUTE)
    [envelope] = waiting.taken
    assert read(envelope)["Message-ID"] == notices.message_id(outbox()[0].key)


def test_one_press_in_the_mail_program_ends_them(waiting, app, cast):
    posts(MORNING)
    mail = read(waiting.taken[0])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urlsplit(mail["List-Unsubscribe"].strip("<>")).path
    assert "Shall we stop" in app.test_client().get(path).text
    assert db.session.get(NoticeHabit, cast.amir) is None
    db.session.rollback()
    assert app.test_client().post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert db.session.get_one(NoticeHabit, cast.amir).mails is False
    assert "From now on we send you none" in app.test_client().get(path).text


def test_the_link_of_one_press_stands_in_one_piece_however_long_the_address_is():
    """Mail programs read no link in encoded words, and a link has no place to be broken at."""
    mail = EmailMessage(FOLDING)
    link = f"<https://training.mavikapi-perakende-magazacilik.com.tr/learning/unsubscribe/{'MTIzNA.' * 9}>"
    mail["List-Unsubscribe"] = link
    mail["To"] = "somebody@example.com"
    assert f"List-Unsubscribe: {link}\n".encode() in bytes(mail)


def test_a_link_that_somebody_made_up_ends_nobodys_mails(app, cast):
    assert app.test_client().post("/unsubscribe/MQ.made-up").status_code == 404


def test_what_is_put_off_is_tried_again_with_growing_pauses(waiting):
    waiting.answers = ["451 busy"] * 3
    tries = []
    moment = MORNING
    while outbox()[0].state == "waiting":
        before = outbox()[0].attempts
        posts(moment)
        if outbox()[0].attempts > before:
            tries.append(moment - MORNING)
        moment += MINUTE
    assert [int(one / MINUTE) for one in tries] == [0, 1, 6, 21]
    assert outbox()[0].state == "sent"


def test_what_is_refused_for_good_is_failed_and_hr_is_told(waiting, cast):
    waiting.answers = ["550 no such person"]
    assert posts(MORNING).failed == 1
    [row] = outbox()
    assert (row.state, row.problem, row.attempts) == ("failed", "refused (550)", 1)
    assert {(one.state, one.why) for one in ledger("assignment_given")} == {("failed", "refused")}
    tell(MORNING + MINUTE)
    [told] = ledger("undelivered")
    assert (told.person_id, told.state, told.reason) == (cast.ela, "sent", {"day": "2026-03-12"})


def test_hr_reads_whose_mail_and_why(waiting, as_, cast):
    waiting.answers = ["550 no such person"]
    posts(MORNING)
    text = as_(cast.ela).get("/notices/undelivered").text
    assert "Amir Kaya" in text
    assert "their mail server refused it for good (550)" in text
    assert as_(cast.chloe).get("/notices/undelivered").status_code == 403


def test_it_stays_in_the_site_whatever_became_of_the_mail(waiting, as_, cast):
    waiting.answers = ["550 no such person"]
    posts(MORNING)
    assert "“Greeting”" in as_(cast.amir).get("/notices").text


def test_a_server_that_is_away_keeps_everything_waiting(waiting, app):
    app.extensions["trainee"] = settings = app.extensions["trainee"]
    object.__setattr__(settings, "smtp_port", 9)
    assert posts(MORNING).done == 0
    assert (outbox()[0].state, outbox()[0].problem) == ("waiting", "no_connection (ConnectionRefusedError)")
    object.__setattr__(settings, "smtp_port", waiting.port)
    posts(MORNING + MINUTE)
    assert len(waiting.taken) == 1


def test_after_three_working_days_it_is_given_up(waiting, app):
    """Her weekend is no time at which it could be tried."""
    object.__setattr__(app.extensions["trainee"], "smtp_port", 9)
    tries = []
    while mails := [row for row in outbox() if row.state == "waiting"]:
        [row] = mails
        posts(row.next_try_at)
        tries.append(row.next_try_at.date().isoformat())
    assert [(row.state, row.problem) for row in outbox()] == [("cancelled", "passed_on")] * 3 + [("failed", "gave_up (no_connection)")]
    assert sorted(set(tries)) == ["2026-03-12", "2026-03-13", "2026-03-16", "2026-03-17"]
    assert {(one.state, one.why) for one in ledger("assignment_given")} == {("failed", "gave_up")}


def test_a_digest_that_could_not_go_on_its_day_goes_with_that_of_the_next(waiting, cast, gives):
    """There is one a day, by the day on which it is taken as well."""
    waiting.answers = ["451 busy"]
    posts(MORNING)
    gives(cast.amir, "listening", due_on=DUE, at=MORNING + timedelta(hours=5))
    tell(MORNING + timedelta(hours=6))
    friday = MORNING + timedelta(days=1)
    tell(friday - timedelta(hours=1))
    # Whichever of the two looks first at the hour of the digest: what is due then goes with it.
    for moment in (friday - timedelta(hours=1), friday):
        posts(moment)
        assert waiting.taken == []
    tell(friday)
    assert {one.state for one in ledger("assignment_given")} == {"sent"}
    posts(friday)
    [envelope] = waiting.taken
    assert read(envelope)["Subject"] == "Something new to do, and 2 more things"
    assert [(row.key[-10:], row.state, row.ended_at) for row in outbox()] == [
        ("2026-03-12", "cancelled", friday - timedelta(hours=1)),
        ("2026-03-13", "sent", friday),
    ]


def test_where_nothing_is_new_it_goes_alone_at_the_hour_of_the_digest(waiting, cast):
    waiting.answers = ["451 busy"]
    posts(MORNING)
    friday = MORNING + timedelta(days=1)
    posts(friday - timedelta(hours=1))
    posts(friday - MINUTE)
    assert waiting.taken == []
    posts(friday)
    [envelope] = waiting.taken
    assert read(envelope)["Subject"] == "Something new to do, and 1 more thing"


def test_a_digest_waits_for_that_of_an_earlier_day_which_somebody_has_in_hand(waiting, cast, gives):
    """Its worker died with it in its hand, and the lease ran out on the day after: both go as one."""
    friday = MORNING + timedelta(days=1)
    db.session.execute(update(DELIVERY).values(owner="gone", in_hand_at=MORNING, leased_until=friday + MINUTE, attempts=1))
    db.session.commit()
    gives(cast.amir, "listening", due_on=DUE, at=MORNING + timedelta(hours=5))
    for moment in (MORNING + timedelta(hours=6), friday):
        tell(moment)
        posts(moment)
        assert waiting.taken == []
    gone = friday + timedelta(hours=2)
    posts(gone)
    assert [read(one)["Subject"] for one in waiting.taken] == ["Something new to do, and 2 more things"]
    assert [(row.key[-10:], row.ended_at) for row in outbox() if row.state == "sent"] == [("2026-03-13", gone)]


def test_of_a_digest_that_fails_for_days_only_what_waited_for_three_is_given_up(waiting, app, cast, gives):
    """On Wednesday, with what Amir was told on Thursday and on Monday."""
    object.__setattr__(app.extensions["trainee"], "smtp_port", 9)
    gives(cast.amir, "listening", due_on=DUE, at=MORNING + timedelta(days=1, hours=5))
    monday, wednesday = MORNING + timedelta(days=4), MORNING + timedelta(days=6)
    for step in range(6 * 24 * 3):
        moment = MORNING + timedelta(minutes=20 * step)
        if moment == monday:
            tell(monday)
        posts(moment)
    old, other, late = ledger("assignment_given")
    assert [(one.state, one.why) for one in (old, other, late)] == [("failed", "gave_up")] * 2 + [("sent", None)]
    object.__setattr__(app.extensions["trainee"], "smtp_port", waiting.port)
    posts(wednesday)
    [envelope] = [one for one in waiting.taken if one.rcpt_tos == ["amir@mavikapi.example"]]
    assert read(envelope)["Subject"] == "Something new to do"
    assert [row.key[-10:] for row in outbox() if row.state == "failed"] == ["2026-03-17"]


def test_a_mail_that_nobody_could_try_for_days_is_not_given_up_by_the_first_answer(waiting):
    waiting.answers = ["451 later"]
    week = MORNING + timedelta(days=7)
    for moment in (week, week + MINUTE):
        posts(moment)
    assert len(waiting.taken) == 1


def test_who_has_finished_before_the_mail_goes_gets_what_is_left(waiting, cast, finishes):
    waiting.answers = ["451 busy"]
    posts(MORNING)
    finishes(cast.amir, "greeting", MORNING)
    posts(MORNING + MINUTE)
    text = read(waiting.taken[0]).get_body(("plain",)).get_content()
    assert "Greeting" not in text
    assert "Empathy" in text


def test_nothing_left_to_say_or_nobody_to_say_it_to_sends_nothing(waiting, cast, finishes, person):
    finishes(cast.amir, "greeting", MORNING)
    finishes(cast.amir, "empathy", MORNING)
    posts(MORNING)
    assert (outbox()[0].state, outbox()[0].problem) == ("cancelled", "stopped")
    assert waiting.taken == []


def test_who_left_meanwhile_gets_no_mail(waiting, cast, person):
    people.disable(person(cast.amir), MORNING, cast.ela)
    db.session.commit()
    posts(MORNING)
    assert (outbox()[0].state, outbox()[0].problem) == ("cancelled", "left")


def test_a_mail_that_waited_into_the_night_waits_for_the_morning(waiting):
    night = datetime(2026, 3, 12, 19, 0, tzinfo=UTC)
    posts(night)
    assert waiting.taken == []
    assert outbox()[0].next_try_at == datetime(2026, 3, 13, 5, 0, tzinfo=UTC)


def test_of_two_workers_one_sends_and_who_dies_is_followed_when_its_lease_is_over(waiting):
    mine = posting.lease(MORNING, "one")
    db.session.commit()
    assert len(mine) == 1
    assert posting.lease(MORNING + MINUTE, "two") == []
    db.session.rollback()
    posts(MORNING + posting.LEASE)
    assert len(waiting.taken) == 1
    assert outbox()[0].owner != "one"


def test_without_a_server_nothing_is_put_into_the_outbox(since, cast, at, gives):
    gives(cast.amir, due_on=DUE)
    tell(at)
    tell(MORNING)
    assert db.session.scalars(select(Delivery.id)).all() == []
    assert [row.state for row in ledger()] == ["sent"]


@pytest.mark.parametrize(
    ("answer", "ours"),
    [
        ("554 5.7.1 <x>: Relay access denied", True),
        ("530 5.7.0 Authentication required", True),
        ("550 relay not permitted", True),
        ("535 no", True),
        ("550 5.1.0 <us@x>: Sender address rejected: User unknown", True),
        ("550 5.1.8 Domain of our address not found", True),
        ("550 Sender verify failed", True),
        ("554 5.2.252 SendAsDenied", True),
        ("550 5.4.5 Daily sending limit exceeded", True),
        ("550 5.4.4 no route to that host", False),
        ("550 5.1.1 no such user", False),
        ("552 5.2.2 over quota", False),
        ("550 no such person", False),
    ],
)
def test_what_a_server_says_of_us_is_told_from_what_it_says_of_an_address(answer, ours):
    code, _space, said = answer.partition(" ")
    assert posting.is_ours(int(code), said.encode()) is ours


def test_a_server_that_knows_us_no_longer_keeps_everything_waiting(waiting):
    waiting.answers = ["554 5.7.1 Relay access denied"]
    assert posts(MORNING).failed == 1
    assert [(row.state, row.problem) for row in outbox()] == [("waiting", "sender_refused (554)")]


@contextmanager
def full(*beginnings):
    """The disk has no room for statements that begin so."""

    def refuse(_connection, _cursor, statement, *_more):
        if statement.startswith(beginnings):
            raise OperationalError(statement, None, Exception("database or disk is full"))

    event.listen(db.engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", refuse)
        db.session.rollback()


class Worker:
    """A worker of that name with what it alone knows of; nobody else is at work, or it just came to be."""

    def __init__(self, name, carrier):
        self.name, self.carrier, self.had = name, carrier, posting.Taken()

    def look(self, at, settled=True):
        """What it does at that moment; the disk may be full."""
        steps = []
        with suppress(OperationalError):
            for step in posting.post(lambda: at, self.name, self.carrier, alone=True, settled=settled, taken=self.had):
                db.session.commit()
                steps.append(step)
            return steps
        db.session.rollback()
        return [*steps, "full"]

    def remember(self):
        """What its pulse does, at work or not."""
        for _step in self.had.write_down():
            db.session.commit()


@pytest.fixture
def two_wait(since, mailbox, cast, at, gives):
    """The mails of Amir and of Beth are in the outbox; the moment since when."""
    gives(cast.amir, "greeting", due_on=DUE)
    gives(cast.beth, "greeting", due_on=DUE)
    tell(at)
    tell(MORNING)
    return MORNING


def test_what_the_server_took_and_could_not_be_written_down_goes_once(two_wait):
    """As where the disk is full and has room for a lease, but not for what came of it."""
    one = Worker("one", Counted())
    with full("INSERT INTO notice_step"):
        assert [one.look(two_wait + minutes * MINUTE)[-1] for minutes in range(4)] == ["full"] * 4
    assert one.carrier.asked == 1
    one.look(two_wait + 5 * MINUTE)
    assert one.carrier.asked == 2
    assert one.had == {}
    assert {row.state for row in outbox()} == {"sent"}
    assert db.session.scalars(select(STEP.c.at).where(STEP.c.state == "mailed").order_by(STEP.c.id)).all()[0] == two_wait


def test_what_cannot_be_written_down_is_not_begun(two_wait):
    one = Worker("one", Counted())
    with full("UPDATE delivery SET in_hand_at"):
        assert [one.look(two_wait + minutes * MINUTE) for minutes in range(2)] == [["leased", "full"]] * 2
    assert one.carrier.asked == 0
    assert {(row.state, row.in_hand_at) for row in outbox()} == {("waiting", None)}
    one.look(two_wait + 15 * MINUTE)
    assert one.carrier.asked == 2


def test_whoever_takes_over_leaves_the_mail_alone_that_may_have_gone_and_who_sent_it_writes_it_down(two_wait):
    """The disk is full when the server has taken a mail, and there is room again when another is at work."""
    one, two = Worker("one", server := Counted()), Worker("two", server)
    with full("INSERT INTO notice_step"):
        assert one.look(two_wait) == ["leased", "in_hand", "full"]
    assert [step for step in two.look(two_wait + MINUTE, settled=False) if step == "sent"] == ["sent"]
    assert server.asked == 2
    # Long after, as where the disk was full for hours, and at work for a moment only; and at work for long, but soon after.
    two.look(two_wait + timedelta(hours=3), settled=False)
    two.look(two_wait + posting.LEASE - MINUTE, settled=True)
    assert server.asked == 2
    assert sorted(row.state for row in outbox()) == ["sent", "waiting"]
    one.remember()
    assert one.had == {}
    two.look(two_wait + timedelta(hours=3), settled=True)
    assert server.asked == 2
    assert {(row.state, row.in_hand_at) for row in outbox()} == {("sent", None)}
    assert len(db.session.scalars(select(STEP.c.id).where(STEP.c.state == "mailed")).all()) == len(ledger("assignment_given"))


def test_the_mail_in_the_hand_of_one_that_died_goes_when_its_lease_has_run_out(two_wait):
    one, two = Worker("one", server := Counted()), Worker("two", server)
    sending = posting.post(lambda: two_wait, "one", server, alone=True, taken=one.had)
    for step in sending:
        db.session.commit()
        if step == "in_hand":
            break
    sending.close()
    assert server.asked == 0, "it died before it asked the server"
    two.look(two_wait + MINUTE)
    assert server.asked == 1
    two.look(two_wait + posting.LEASE + MINUTE)
    assert server.asked == 2
    assert {row.state for row in outbox()} == {"sent"}


def test_who_finishes_while_a_slow_server_takes_another_s_mail_gets_none(two_wait, cast, finishes):
    day = two_wait

    class Slow(Counted):
        def send(self, message):
            super().send(message)
            finishes(cast.beth, "greeting", day)

    carrier, clock = Slow(), iter(day + minutes * 10 * MINUTE for minutes in range(1, 9))
    moment = [day]

    def now():
        moment[0] = next(clock) if carrier.asked else moment[0]
        return moment[0]

    for _step in posting.post(now, "one", carrier):
        db.session.commit()
    assert carrier.asked == 1
    assert [(row.state, row.problem) for row in outbox()] == [("sent", None), ("cancelled", "stopped")]


def test_what_she_wishes_by_mail_no_longer_goes_by_none(waiting, cast):
    db.session.add(NoticeWish(person_id=cast.amir, rule="assignment_given", frequency="site"))
    db.session.commit()
    posts(MORNING)
    assert waiting.taken == []
    assert [(row.state, row.problem) for row in outbox()] == [("cancelled", "not_wished")]


def test_the_week_s_mail_takes_that_day_s_digest_with_it(since, mailbox, cast, at, gives):
    db.session.add(NoticeWish(person_id=cast.amir, rule="assignment_given", frequency="weekly"))
    gives(cast.amir, "greeting", due_on=date(2026, 4, 20))
    gives(cast.amir, "empathy", due_on=date(2026, 3, 15), at=at - timedelta(days=20))
    for moment in (at, MORNING, MORNING + timedelta(days=1), monday := datetime(2026, 3, 16, 6, 0, tzinfo=UTC)):
        tell(moment)
        posts(moment)
    mine = [read(one)["Subject"] for one in mailbox.taken if one.rcpt_tos == ["amir@mavikapi.example"]]
    assert mine[-1] == "Something new to do, and 1 more thing"
    assert [row.ended_at for row in outbox() if row.person_id == cast.amir].count(monday) == 1


def test_a_digest_that_was_opened_days_before_waits_until_what_is_due_at_its_hour_is_told(since, mailbox, cast, at, gives):
    """Whichever job looks first: nothing comes a day late, and what holds for one day only is not left out."""
    db.session.add(NoticeWish(person_id=cast.amir, rule="assignment_given", frequency="weekly"))
    gives(cast.amir, "greeting", due_on=date(2026, 3, 16))
    gives(cast.amir, "empathy", due_on=date(2026, 3, 17))
    gives(cast.amir, "listening", due_on=date(2026, 3, 18))
    tell(at)
    for day in range(16, 19):
        hour = datetime(2026, 3, day, 6, 0, tzinfo=UTC)
        notices.plan(hour - timedelta(hours=1))
        db.session.commit()
        posts(hour)
        assert [row for row in outbox() if row.ended_at == hour] == []
        tell(hour)
        posts(hour + MINUTE)
    today = {one.id: one.settled_at for one in ledger("due_today", person=cast.amir)}
    assert len(today) == 3
    steps = db.session.execute(select(STEP).where(STEP.c.notice_id.in_(today), STEP.c.state.in_(["mailed", "left_out"]))).all()
    assert {(one.notice_id, one.state, one.at) for one in steps} == {(number, "mailed", told + MINUTE) for number, told in today.items()}
    assert len([one for one in mailbox.taken if one.rcpt_tos == ["amir@mavikapi.example"]]) == 3


@pytest.mark.parametrize("how", ["well", "failing"])
def test_after_a_weekend_without_a_worker_a_digest_waits_for_the_planner(waiting, cast, how):
    """What it finds for today goes with today's digest; who wishes a message at once does not wait."""
    last = {"job": "plan_notices", "slot": MORNING, "attempt": 1, "turn": None, "error": None, "done": 0, "failed": None}
    db.session.add(JobRun(**last | {"slot": MORNING - timedelta(days=3), "started_at": MORNING, "ended_at": MORNING - timedelta(days=3)}))
    db.session.add(JobRun(**last, started_at=MORNING, ended_at=None))
    db.session.commit()
    assert posts(MORNING).done == 0
    assert [row.attempts for row in outbox()] == [0]
    # One that lost its power in the middle is ended by whoever comes next, and has found nothing.
    db.session.add(JobRun(**last | {"attempt": 2, "error": "Interrupted"}, started_at=MORNING - timedelta(days=3), ended_at=MORNING))
    db.session.commit()
    assert posts(MORNING).done == 0
    if how == "well":
        db.session.execute(update(JobRun).where(JobRun.ended_at.is_(None)).values(ended_at=MORNING))
        db.session.commit()
        assert posts(MORNING + MINUTE).done == 1
        return
    # Nor has one that failed; after two that did nobody waits any more.
    for number, sent in ((3, 0), (4, 1)):
        then = MORNING + number * MINUTE
        db.session.add(JobRun(**last | {"attempt": number, "error": "KeyError"}, started_at=then, ended_at=then))
        db.session.commit()
        assert posts(then).done == sent


@pytest.mark.postgresql
def test_nobody_begins_a_digest_while_another_transaction_puts_something_into_it(app, waiting):
    [mail] = outbox()
    db.session.rollback()
    assert digests.gone({mail.key}) == set()

    def meanwhile():
        with app.app_context():
            return posting.lease(MORNING, "other")

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(meanwhile).result() == []
    db.session.commit()
    assert posting.lease(MORNING, "other") == [mail.id]


class Counted:
    """Whoever takes mails and says how often it was asked; `away`: nobody is there."""

    def __init__(self, away: bool = False) -> None:
        self.away, self.asked = away, 0

    def send(self, message):
        self.asked += 1
        if self.away:
            raise posting.Unreachable("no_connection (TimeoutError)")


def test_a_slow_server_gets_nothing_after_her_hours(waiting):
    """The clock is looked at when a mail goes, and not when the looking began."""
    evening = MORNING.replace(hour=15, minute=59)
    moments = iter([evening, evening, evening + timedelta(minutes=20), evening + timedelta(minutes=21)])
    carrier = Counted()
    assert list(posting.post(lambda: next(moments), "one", carrier)) == ["leased", "leased", "waiting"]
    db.session.commit()
    assert carrier.asked == 0
    assert outbox()[0].next_try_at > evening + timedelta(hours=10)


def test_where_nobody_is_there_one_mail_tries_and_all_wait(two_wait):
    carrier = Counted(away=True)
    assert list(posting.post(lambda: two_wait, "one", carrier)) == ["leased", "in_hand", "put_off", "put_off"]
    db.session.commit()
    assert carrier.asked == 1
    assert {(row.state, row.problem, row.attempts) for row in outbox()} == {("waiting", "no_connection (TimeoutError)", 1)}


def test_every_subject_can_be_read_from_what_goes_over_the_line(app):
    """No space is lost between two words that are encoded, in either language and whatever comes after."""
    for lang in ("tr", "en"):
        with force_locale(lang):
            subjects = [str(kind.title) for kind in notices.kinds]
            subjects += [str(_n("%(first)s, and %(num)d more thing", "%(first)s, and %(num)d more things", 12, first=one)) for one in subjects]
        for subject in subjects:
            mail = EmailMessage(FOLDING)
            mail["Subject"] = subject
            mail["To"] = Address(NAME, addr_spec="cagri@mavikapi.example")
            found = message_from_bytes(bytes(mail))
            read_back = [str(make_header(decode_header(found[name]))) for name in ("Subject", "To")]
            assert read_back == [subject, f"{NAME} <cagri@mavikapi.example>"]
            assert all(len(line) <= 78 for line in bytes(mail).splitlines())


def test_an_address_in_a_mail_leads_to_the_place_on_its_page(app):
    with app.app_context():
        assert absolute("roster.roster", _anchor="gaps").endswith("/roster#gaps")
        assert absolute("roster.roster").endswith("/roster")
