"""The kinds of needs that come from expectations, sessions and disputes: each is said when it is so, and no longer when it is not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from trainee import expectations
from trainee.coaching import Dispute, Line, observe
from trainee.coaching.sessions import CoachingSession, agree, arrange, cancel
from trainee.dashboards.need import Seen
from trainee.dashboards.needs import needs
from trainee.expectations import ExpectationAnswer, Scope, Terms
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import force_locale


@pytest.fixture
def row(as_, cast):
    """What the page says of Amir to his supervisor."""
    browser = as_(cast.chloe)

    def read() -> str:
        html = browser.get("/team").get_data(as_text=True)
        start = html.index(f'href="/people/{cast.amir}"')
        return html[start : html.index("</li>", start)]

    return read


def expect(cast, at):
    asked = {"why": "Customers say they are cut short.", "ways": ("observation",), "rhythm": "fortnightly", "audience": "nobody"}
    terms = Terms(skill="empathy", level=3, starts_on=local_date(at, "Europe/Istanbul"), **asked)
    made = expectations.issue(Scope("person", cast.amir), terms, by_id=cast.chloe, at=at)
    db.session.commit()
    return made


def test_an_expectation_that_was_not_answered_for_a_week_is_named_until_it_is(row, cast):
    made = expect(cast, now() - timedelta(days=8))
    assert "Has not answered for 8 days what is expected in Empathy." in row()
    expectations.acknowledge(made, cast.amir, now())
    db.session.commit()
    assert "Has not answered" not in row()


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
    agree(session, by_id=cast.chloe, action="Ask one question first.", action_by=today, follow_up_on=today + timedelta(days=3), at=now())
    db.session.commit()
    assert "was not held" not in row()


def test_one_that_was_called_off_is_no_broken_promise(row, cast, session):
    cancel(session, by_id=cast.chloe, reason="On leave.", at=now())
    db.session.commit()
    assert "was not held" not in row()


def test_a_follow_up_is_due_on_its_day_until_something_is_seen(row, cast, session, shows):
    then, today = now() - timedelta(days=2), local_date(now(), "Europe/Istanbul")
    agree(session, by_id=cast.chloe, action="Ask one question first.", action_by=today, follow_up_on=today, at=then + timedelta(hours=1))
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
