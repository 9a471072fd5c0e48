"""One's dates as a calendar: a link that can be ended, and a file that every calendar program reads."""

import re
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from trainee import plans, profile
from trainee.coaching import sessions
from trainee.dashboards.models import CALENDAR
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.ical import Event, calendar
from trainee.people import actions as people
from trainee.people.models import Person

AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120), max_size=3), st.sampled_from(["tr", "en"]))
def test_another_library_reads_what_was_written_whatever_it_says(words, lang):
    events = [Event(f"one-{place}@host", text, "https://host/x", AT + timedelta(days=place)) for place, text in enumerate(words)]
    text = calendar("Mavikapı; Çığ, ş", lang, events, AT)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    read = icalendar.Calendar.from_ical(text)
    assert [str(one["SUMMARY"]) for one in read.walk("VEVENT")] == words


def test_a_day_is_a_day_and_a_moment_is_in_utc():
    istanbul = datetime.fromisoformat("2026-03-11T12:00:00+03:00")
    text = calendar("x", "en", [Event("a", "Line one\nLine two\\", "https://h/a", date(2026, 12, 31)), Event("b", "b", "https://h/b", istanbul)], AT)
    day, moment = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert (day["DTSTART"].dt, day["DTEND"].dt) == (date(2026, 12, 31), date(2027, 1, 1))
    assert (moment["DTSTART"].dt, moment["DTEND"].dt - moment["DTSTART"].dt) == (istanbul, timedelta(minutes=30))
    assert str(day["SUMMARY"]) == "Line one\nLine two\\"
    assert "DTSTART:20260311T090000Z" in text


@pytest.fixture
def link(as_):
    """Makes a link on the page and says its path."""

    def made(who: int) -> str:
        page = as_(who).post("/calendar")
        assert page.status_code == 200
        return re.search(r"/calendar/[\w-]+\.ics", page.text).group()

    return made


def read(as_, path: str) -> dict[str, object]:
    """What stands in the calendar: by its words, when."""
    answer = as_(None).get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Cache-Control"] == "no-store"
    return {str(one["SUMMARY"]): one["DTSTART"].dt for one in icalendar.Calendar.from_ical(answer.text).walk("VEVENT")}


@pytest.fixture
def dates(cast):
    """Amir has something due, a talk with Chloe tomorrow, and one that was held with a follow-up."""
    at, due = now(), now().date() + timedelta(days=9)
    plans.assign(cast.amir, "greeting", at=at, given_by_id=cast.chloe, why="A reason of hers.", due_on=due)
    plans.assign(cast.amir, "empathy", at=at, given_by_id=cast.chloe, why="When there is time.")
    profile.record([profile.Showing(cast.amir, "empathy", "observation_line", 0.4, "call", at, "r", actor_id=cast.chloe)], at)
    promised = at + timedelta(days=1)
    for place in range(2):
        made = sessions.arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=promised, receipt=f"s{place}", at=at)
        if not place:
            sessions.agree(
                db.session.get(sessions.CoachingSession, made),
                by_id=cast.chloe,
                seen="He began at once.",
                action="Ask one question first.",
                action_by=due,
                follow_up_on=due + timedelta(days=1),
                at=at + timedelta(minutes=1),
            )
    db.session.commit()
    return due, promised.replace(microsecond=0)


def test_her_dates_stand_in_it_and_her_supervisors_in_his(as_, cast, link, dates):
    due, promised = dates
    mine = read(as_, link(cast.amir))
    assert mine == {
        "Due: Greeting": due,
        "Coaching talk with Chloe Irmak": promised,
        "What we agreed on, by today": due,
        "Follow-up observation with Chloe Irmak": due + timedelta(days=1),
    }
    assert read(as_, link(cast.chloe)) == {"Coaching talk with Amir Kaya": promised, "Follow-up observation with Amir Kaya": due + timedelta(days=1)}
    assert read(as_, link(cast.dev)) == {}


def test_it_speaks_her_language_and_tells_nothing_others_wrote(as_, cast, link, dates):
    db.session.execute(update(Person).where(Person.id == cast.amir).values(language="tr"))
    db.session.commit()
    text = as_(None).get(link(cast.amir)).text.replace("\r\n ", "")
    assert "LANGUAGE=tr" in text and "Son gün" in text
    for words in ("A reason of hers", "Ask one question", "He began", "empathy", "Amir"):
        assert words not in text


def test_only_the_newest_link_leads_somewhere_and_it_can_be_ended(as_, cast, link):
    first = link(cast.amir)
    second = link(cast.amir)
    secret = second.removeprefix("/calendar/").removesuffix(".ics")
    assert [as_(None).get(path).status_code for path in (first, second)] == [404, 200]
    assert secret not in str(db.session.execute(select(CALENDAR)).all())
    db.session.rollback()
    page = as_(cast.amir).get("/calendar").text
    assert "There is a link since" in page and secret not in page
    for _press in range(2):
        assert as_(cast.amir).post("/calendar/end").status_code == 303
    assert as_(None).get(second).status_code == 404
    assert as_(None).get("/calendar/guessed.ics").status_code == 404


def test_whose_account_is_closed_has_no_calendar(as_, cast, link, person):
    path = link(cast.amir)
    people.disable(person(cast.amir), now(), cast.ada)
    db.session.commit()
    assert as_(None).get(path).status_code == 404
