"""The kinds of needs that come from expectations, sessions and disputes: each is said when it is so, and no longer when it is not."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from trainee import expectations, plans
from trainee.coaching import Dispute, Line, observe
from trainee.coaching.sessions import CoachingSession, agree, arrange, cancel
from trainee.dashboards.need import Seen
from trainee.dashboards.needs import needs
from trainee.expectations import ExpectationAnswer, Scope, Terms
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import date_words, force_locale
from trainee.people import Stay


@pytest.fixture
def row(as_, cast):
    """What the page says of Amir to his supervisor."""
    browser = as_(cast.chloe)

    def read() -> str:
        html = browser.get("/team").get_data(as_text=True)
        start = html.index(f'href="/people/{cast.amir}"')
        return html[start : html.index("</li>", start)]

    return read


def expect(cast, at, begins=timedelta()):
    asked = {"why": "Customers say they are cut short.", "ways": ("observation",), "rhythm": "fortnightly", "audience": "nobody"}
    terms = Terms(skill="empathy", level=3, starts_on=local_date(at + begins, "Europe/Istanbul"), **asked)
    made = expectations.issue(Scope("person", cast.amir), terms, by_id=cast.chloe, at=at)
    db.session.commit()
    return made


def test_an_expectation_that_was_not_answered_for_a_week_is_named_until_it_is(row, cast):
    made = expect(cast, now() - timedelta(days=8))
    assert "Has not answered for 8 days what is expected in Empathy." in row()
    expectations.acknowledge(made, cast.amir, now())
    db.session.commit()
    assert "Has not answered" not in row()


def test_what_is_expected_of_a_team_is_asked_of_whoever_comes_to_it_from_that_day_on(row, cast, person):
    team, asked = person(cast.amir).team_id, {"why": "Customers say it.", "ways": ("observation",), "rhythm": "fortnightly", "audience": "nobody"}
    then = now() - timedelta(days=30)
    terms = Terms(skill="empathy", level=3, starts_on=local_date(then, "Europe/Istanbul"), **asked)
    expectations.issue(Scope("team", team), terms, by_id=cast.chloe, at=then)
    db.session.commit()
    assert "Has not answered for 30 days" in row()
    db.session.execute(update(Stay).where(Stay.person_id == cast.amir).values(since=now() - timedelta(days=9)))
    person(cast.amir).hired_on = date(2020, 1, 1)
    db.session.commit()
    assert "Has not answered for 9 days" in row()


def test_one_of_yesterday_is_left_in_peace(row, cast):
    expect(cast, now() - timedelta(days=1))
    assert "Has not answered" not in row()


def test_an_objection_waits_for_a_reply(row, cast):
    made = expect(cast, now() - timedelta(days=1))
    assert "Objects to" not in row()
    expectations.object_to(made, cast.amir, "It is too early for me.", "r1", now())
    db.session.commit()
    assert "Objects to what is expected in Empathy." in row()
    [answer] = db.session.query(ExpectationAnswer)
    expectations.reply_to(answer.id, by_id=cast.chloe, words="Let us look at it together.", at=now())
    db.session.commit()
    assert "Objects to" not in row()


def test_one_that_begins_on_a_later_day_is_objected_to_and_waits_likewise(row, cast):
    made = expect(cast, now() - timedelta(days=8), begins=timedelta(days=20))
    assert "Has not answered for 8 days what is expected in Empathy." in row()
    expectations.object_to(made, cast.amir, "It is too early for me.", "r1", now())
    db.session.commit()
    assert "Objects to what is expected in Empathy." in row()


@pytest.fixture
def session(cast, shows):
    """A session promised for two days ago."""
    shows(cast.amir, "empathy", "observation_line", 0.9, 12, ago=20, by=cast.chloe)
    then = now() - timedelta(days=2)
    made = arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=then, receipt="s1", at=then - timedelta(days=5))
    db.session.commit()
    return db.session.get(CoachingSession, made)


def test_a_promised_session_that_was_not_held_is_named_until_it_is(row, cast, session):
    assert "The coaching promised for 2 days ago was not held: Empathy." in row()
    today = local_date(now(), "Europe/Istanbul")
    agree(
        session,
        by_id=cast.chloe,
        seen="He began at once.",
        action="Ask one question first.",
        action_by=today,
        follow_up_on=today + timedelta(days=3),
        at=now(),
    )
    db.session.commit()
    assert "was not held" not in row()


def test_while_something_is_tried_the_row_and_the_page_tell_that_and_nobody_prepares_another_talk(as_, row, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.95, 14, ago=3)
    shows(cast.amir, "empathy", "observation_line", 0.1, 14, ago=1, by=cast.chloe)
    then, page = now() - timedelta(hours=2), f"/people/{cast.amir}"
    made = arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=then, receipt="s1", at=then - timedelta(days=1))
    # Who opens a page about a person is noted, in a transaction of its own.
    db.session.commit()
    session, today = db.session.get(CoachingSession, made), local_date(now(), "Europe/Istanbul")
    prepare = f'href="/people/{cast.amir}/coaching?skill=empathy"'
    assert prepare in as_(cast.chloe).get(page).text
    again = today + timedelta(days=3)
    agree(session, by_id=cast.chloe, seen="He began at once.", action="Ask first.", action_by=today, follow_up_on=again, at=now())
    db.session.commit()
    said = f"“Ask first.” is being tried until {date_words(today, 'd MMM')}; the follow-up observation is on {date_words(again, 'd MMM')}."
    assert f"Empathy: {said}" in row()
    assert f'href="/coaching/{made}"' in row()
    for where in (page, f"/people/{cast.amir}/coaching"):
        assert said in as_(cast.chloe).get(where).text
    assert prepare not in as_(cast.chloe).get(page).text
    # HR sees the gap, and nothing of what the two agreed on.
    assert "Ask first." not in as_(cast.ela).get(page).text
    # On its day the follow-up is what is to be done, and once it was seen the gap stands for itself again.
    agree(session, by_id=cast.chloe, action="Ask first.", action_by=today, follow_up_on=today, at=now(), mend=True)
    db.session.commit()
    assert f'href="/people/{cast.amir}/observations/new?skill=empathy"' in row()
    see = {"observer_id": cast.chloe, "person_id": cast.amir, "channel": "phone", "shared": "", "at": now() + timedelta(minutes=1)}
    observe(**see, seen_at=now(), lines=[Line("empathy", 1, note="He began at once.")], receipt="again")
    db.session.commit()
    assert "Ask first." not in row()


def test_what_has_been_given_is_not_proposed_once_more(row, cast, shows):
    """A gap for which something is being done, and somebody of whom nothing is seen who was given a beginning, need nothing of her today."""
    shows(cast.amir, "greeting", "quiz_answer", 0.0, 14)
    assert "Assign something" in row()
    plans.assign(cast.amir, "greeting", at=now(), given_by_id=cast.chloe, why="Begin.")
    db.session.commit()
    assert "Assign something" not in row()


def test_one_that_was_called_off_is_no_broken_promise(row, cast, session):
    cancel(session, by_id=cast.chloe, reason="On leave.", at=now())
    db.session.commit()
    assert "was not held" not in row()


def test_a_follow_up_is_due_on_its_day_until_something_is_seen(row, cast, session, shows):
    then, today = now() - timedelta(days=2), local_date(now(), "Europe/Istanbul")
    agree(
        session,
        by_id=cast.chloe,
        seen="He began at once.",
        action="Ask one question first.",
        action_by=today,
        follow_up_on=today,
        at=then + timedelta(hours=1),
    )
    db.session.commit()
    assert "Empathy: see whether what was agreed shows at work." in row()
    see = {"observer_id": cast.chloe, "person_id": cast.amir, "channel": "phone", "shared": "", "at": now()}
    # Another skill, or the same not seen, answers nothing.
    observe(**see, seen_at=now() - timedelta(hours=2), lines=[Line("greeting", 3), Line("empathy", None)], receipt="other")
    db.session.commit()
    assert "see whether what was agreed" in row()
    observe(**see, seen_at=now() - timedelta(hours=1), lines=[Line("empathy", 3)], receipt="the follow-up")
    db.session.commit()
    assert "see whether what was agreed" not in row()


def test_a_dispute_waits_until_it_is_decided(row, cast, as_):
    number = observe(
        observer_id=cast.chloe, person_id=cast.amir, seen_at=now() - timedelta(hours=2), channel="phone",
        lines=[Line("empathy", 2)], shared="", receipt="o1", at=now() - timedelta(hours=1),
    )  # fmt: skip
    db.session.commit()
    assert "Disputes an observation" not in row()
    data = {"skill": "empathy", "reason": "The line broke, I did not cut in."}
    assert as_(cast.amir).post(f"/observations/{number}/disputes", data=data).status_code == 303
    [made] = db.session.scalars(select(Dispute.id))
    assert "Disputes an observation in Empathy." in row()
    assert f"/observations/disputes/{made}" in row()
    verdict = {"outcome": "changed", "level": "3", "reply": "The recording bears him out."}
    assert as_(cast.hana).post(f"/observations/disputes/{made}/decision", data=verdict).status_code == 303
    assert "Disputes an observation" not in row()


def test_what_became_of_a_dispute_is_told_to_both_until_they_have_read_it(row, cast, as_):
    number = observe(
        observer_id=cast.chloe, person_id=cast.amir, seen_at=now() - timedelta(hours=2), channel="phone",
        lines=[Line("empathy", 2)], shared="", receipt="o1", at=now() - timedelta(hours=1),
    )  # fmt: skip
    db.session.commit()
    as_(cast.amir).post(f"/observations/{number}/disputes", data={"skill": "empathy", "reason": "The line broke."})
    [made] = db.session.scalars(select(Dispute.id))
    page, told = f"/observations/disputes/{made}", "The dispute is decided: another level fits better."
    assert told not in as_(cast.amir).get("/").text
    verdict = {"outcome": "changed", "level": "3", "reply": "The recording bears him out."}
    as_(cast.hana).post(f"{page}/decision", data=verdict)
    assert told in row()
    assert page in row()
    for who in (cast.amir, cast.chloe):
        assert told in as_(who).get("/").text
        assert as_(who).get(page).status_code == 200
        assert told not in as_(who).get("/").text
    assert told not in row()
    assert told not in as_(cast.hana).get("/").text


def test_every_reason_can_be_read_with_its_action_and_the_one_asked_for_comes_first(as_, cast, row):
    expect(cast, now() - timedelta(days=8))
    made = expectations.issue(
        Scope("person", cast.amir),
        Terms(
            skill="greeting",
            level=3,
            starts_on=local_date(now(), "Europe/Istanbul"),
            why="Why.",
            ways=("observation",),
            rhythm="fortnightly",
            audience="nobody",
        ),
        by_id=cast.chloe,
        at=now() - timedelta(days=2),
    )
    expectations.object_to(made, cast.amir, "It is too early for me.", "r1", now())
    db.session.commit()
    first, others, end = re.split("<details|</details>", row())
    assert "Objects to what is expected in Greeting and first impression." in first
    assert "Read and reply" in end
    assert "And 2 more reasons<" in others
    assert "Has not answered for 8 days what is expected in Empathy." in others
    assert "See what is expected" in others
    html = as_(cast.chloe).get("/team?show=unread").text
    start = html.index(f'href="/people/{cast.amir}"')
    first, others, end = re.split("<details|</details>", html[start : html.index("</li>", start)])
    assert "Has not answered for 8 days" in first
    assert "See what is expected" in end
    assert "Objects to what is expected in Greeting and first impression." in others
    assert "Read and reply" in others


def test_a_follow_up_that_is_due_stands_before_news_of_a_dispute():
    assert needs["follow_up"].order < needs["decided"].order


@pytest.mark.parametrize(("hours", "words"), [(3, "earlier today"), (10, "1 day ago"), (26, "1 day ago"), (34, "2 days ago")])
def test_what_was_promised_for_yesterday_was_promised_for_yesterday(app, cast, shows, hours, words):
    shows(cast.amir, "empathy", "observation_line", 0.9, 12, ago=20, by=cast.chloe)
    # Nine in the morning in Istanbul.
    morning = now().replace(hour=6, minute=0)
    then = morning - timedelta(hours=hours)
    arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=then, receipt="s1", at=then - timedelta(days=5))
    with app.test_request_context("/"), force_locale("en"):
        said = needs["promised"].of(Seen([cast.amir], {}, {}, {}, morning, local_date(morning, "Europe/Istanbul")))
    assert f"promised for {words} was not held" in said[cast.amir].words
