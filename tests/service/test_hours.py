"""Hours with customers: written down by whoever leads, read by her alone, with the hours wished for each month."""

from datetime import date, timedelta

import pytest

from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.service import hours

ZONE = "Europe/Istanbul"


@pytest.fixture
def form():
    return {"day": local_date(now(), ZONE).isoformat(), "minutes": "90", "way": "served", "note": "The queue is long at noon.", "receipt": "once"}


def test_what_is_written_down_counts_once_and_she_alone_reads_it(as_, cast, form):
    chloe = as_(cast.chloe)
    for _twice in range(2):
        assert chloe.post("/customer-hours", data=form).status_code == 303
    page = chloe.get("/customer-hours").text
    assert "1.5" in page and page.count("The queue is long at noon.") == 1
    for who in (cast.hana, cast.ela, cast.max):
        assert "The queue is long" not in as_(who).get("/customer-hours").text
    assert as_(cast.amir).get("/customer-hours").status_code == 403
    assert as_(cast.hana).post("/customer-hours/1/removal").status_code == 404
    chloe.post("/customer-hours/1/removal")
    assert "The queue is long" not in chloe.get("/customer-hours").text


def test_a_month_without_any_is_told_on_her_own_today_once_hours_are_wished_for(as_, cast, form):
    chloe = as_(cast.chloe)
    assert "Hours with customers" not in chloe.get("/").text
    assert "whole hours" in as_(cast.ela).post("/customer-hours/target", data={"hours": "lots"}).text
    as_(cast.ela).post("/customer-hours/target", data={"hours": "4"})
    assert as_(cast.chloe).post("/customer-hours/target", data={"hours": "0"}).status_code == 403
    assert "0 of 4 hours this month." in chloe.get("/").text and "none yet" in chloe.get("/").text
    page = chloe.get("/customer-hours").text
    assert page.count(">so far<") == 1 and page.count(">not reached<") == 5
    chloe.post("/customer-hours", data=form)
    assert "1.5 of 4 hours this month." in chloe.get("/").text and "none yet" not in chloe.get("/").text
    assert "hours this month." not in as_(cast.amir).get("/").text


def test_months_are_counted_by_the_calendar_and_others_are_told_no_names(app, cast, at):
    day = date(2026, 3, 11)
    for number, (ago, minutes) in enumerate(((0, 60), (10, 30), (11, 45), (60, 20))):
        values = {"day": (day - timedelta(days=ago)).isoformat(), "minutes": minutes, "way": "read", "note": ""}
        hours.take(cast.chloe, values, today=day, receipt=f"h{number}", at=at)
    db.session.commit()
    assert [(one.first.month, one.minutes) for one in hours.months_of(cast.chloe, day)] == [(10, 0), (11, 0), (12, 0), (1, 20), (2, 45), (3, 90)]
    # Of fewer than five who lead nothing is told.
    assert hours.reached(day, 1) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"day": "2999-01-01"}, "not one to come"),
        ({"day": "2020-01-01"}, "the last two months"),
        ({"minutes": "0"}, "between 1 and 720"),
        ({"way": "x"}, "one of these"),
    ],
)
def test_what_is_wrong_with_it_is_told(as_, cast, form, change, says):
    answer = as_(cast.chloe).post("/customer-hours", data={**form, **change})
    assert answer.status_code == 422 and says in answer.text
