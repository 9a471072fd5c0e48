"""The pages of certification: for HR, for a supervisor's line and for oneself."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from trainee import plans
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.modules.library import module_or_404
from trainee.modules.progress import part_done, required_parts
from trainee.people import actions as people
from trainee.plans import AssignmentRule
from trainee.plans.models import Certificate
from trainee.timetable import issue_certificates


def page(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


@pytest.fixture
def filled(person, cast):
    """A well-filled form: Amir's team is certified for the greeting module for a year."""
    team = str(person(cast.amir).team_id)
    form = {"title": "Greeting certified", "what": "module/greeting", "team_id": team, "due_days": "30", "why": "Once a year.", "receipt": "once"}
    return form | {"months": "12", "window_days": "60", "short": "1"}


@pytest.fixture
def asked(as_, cast, filled):
    """Amir and Beth are asked since yesterday."""
    hr = as_(cast.ela)
    url = hr.post("/certifications/new", data=filled).location
    assert "2 people would get it now" not in page(hr, url)
    assert hr.post(f"{url}/beginning", data={"existing": "today"}).status_code == 303


def finish(person_id: int) -> None:
    for part in required_parts(module_or_404("greeting")[1]):
        part_done(person_id, "greeting", part, now())
    db.session.commit()


def the_certificate() -> Certificate:
    return db.session.scalars(select(Certificate).execution_options(populate_existing=True)).one()


def ends_in(days: int) -> None:
    db.session.execute(update(Certificate).values(valid_until=local_date(now(), "Europe/Istanbul") + timedelta(days=days)))
    db.session.commit()


def test_who_completes_it_fetches_the_certificate_herself_or_gets_it_from_the_timetable(as_, cast, asked):
    finish(cast.amir)
    browser = as_(cast.amir)
    assert "Get the certificate" in page(browser, "/assignments")
    for _press in range(2):
        assert browser.post("/certificates").status_code == 303
    html = page(browser, "/assignments")
    assert "Get the certificate" not in html and f"/certificates/{the_certificate().number}" in html
    finish(cast.beth)
    assert issue_certificates(now()).done == 1


def test_a_certificate_is_open_to_her_her_line_and_hr(as_, cast, asked):
    finish(cast.amir)
    issue_certificates(now())
    db.session.commit()
    url = f"/certificates/{the_certificate().number}"
    for who in (cast.amir, cast.chloe, cast.hana, cast.iris, cast.ela):
        html = page(as_(who), url)
        assert "Amir Kaya" in html and "agrees with its seal" in html
    for who in (cast.beth, cast.dev, cast.kai, cast.zoe, cast.max):
        assert as_(who).get(url).status_code == 404
    assert as_(cast.ela).get("/certificates/2026-999999").status_code == 404


@pytest.mark.parametrize(("days", "words"), [(100, "valid"), (60, "to be renewed"), (0, "to be renewed"), (-1, "expired")])
def test_its_state_is_shown_to_her_her_supervisor_and_hr(as_, cast, asked, days, words):
    finish(cast.amir)
    issue_certificates(now())
    db.session.commit()
    ends_in(days)
    url = f"/certificates/{the_certificate().number}"
    for who, address in ((cast.amir, url), (cast.amir, "/assignments"), (cast.chloe, url), (cast.ela, url)):
        assert f"{words}</span>" in page(as_(who), address)
    state = {"valid": "valid", "to be renewed": "window", "expired": "expired"}[words]
    for who in (cast.chloe, cast.ela):
        assert "Amir Kaya: Greeting certified" in page(as_(who), f"/certifications?show={state}")
    assert "Amir Kaya" not in page(as_(cast.dev), "/certifications")


@pytest.fixture
def greeting(cast) -> str:
    """What a form calls a certification for which there is no rule."""
    task = plans.Task("module", "greeting")
    made = plans.make_certification("Greeting at fairs", task, months=12, window_days=60, short=True, by_id=cast.ela, receipt="fair", at=now())
    db.session.commit()
    return f"certification/{made.id}"


def test_a_supervisor_asks_one_of_hers_or_a_team_to_be_certified(as_, cast, person, greeting):
    browser = as_(cast.chloe)
    url = f"/people/{cast.amir}/assignments/new"
    assert "Certificate: Greeting at fairs" in page(browser, url)
    form = {"what": greeting, "why": "You are at the fair in June.", "asked_at": now().isoformat()}
    for _press in range(2):
        assert browser.post(url, data=form).status_code == 303
    later = browser.post(url, data=form | {"asked_at": (now() - timedelta(hours=1)).isoformat()})
    assert (later.status_code, "is certified already, or is about to be" in later.text) == (422, True)
    team = browser.post(
        "/assigned/new", data=form | {"whom": f"team/{person(cast.amir).team_id}", "asked_at": now().isoformat()}, follow_redirects=True
    )
    assert "1 person will find it on Today. 1 is certified already, or about to be." in team.text
    assert "You are at the fair in June." in page(as_(cast.beth), "/")
    assert as_(cast.dev).post(url, data=form).status_code == 404
    assert greeting not in page(browser, "/rules/new")


def test_her_certificates_stand_on_the_page_of_a_person_for_those_who_may_see_them(as_, cast, asked):
    url = f"/people/{cast.amir}"
    assert 'id="certificates"' not in page(as_(cast.chloe), url)
    finish(cast.amir)
    issue_certificates(now())
    db.session.commit()
    for who in (cast.chloe, cast.hana, cast.ela):
        html = page(as_(who), url)
        assert f"/certificates/{the_certificate().number}" in html and "valid</span>" in html
    as_(cast.ela).post(f"/certificates/{the_certificate().number}/withdrawal", data={"reason": "Somebody else sat the quiz."})
    assert "withdrawn</span>" in page(as_(cast.chloe), url)
    assert as_(cast.dev).get(url).status_code == 404


def test_a_changed_row_is_told(as_, cast, asked):
    finish(cast.amir)
    issue_certificates(now())
    db.session.commit()
    ends_in(9999)
    assert "does not agree with its seal" in page(as_(cast.amir), f"/certificates/{the_certificate().number}")


def test_hr_withdraws_one_with_a_reason_and_nobody_else_may(as_, cast, asked):
    finish(cast.amir)
    issue_certificates(now())
    db.session.commit()
    url = f"/certificates/{the_certificate().number}/withdrawal"
    assert as_(cast.chloe).post(url, data={"reason": "No."}).status_code == 403
    assert as_(cast.amir).post(url, data={"reason": "No."}).status_code == 403
    assert as_(cast.dev).post(url, data={"reason": "No."}).status_code == 404
    assert as_(cast.ela).post(url, data={"reason": " "}).status_code == 422
    assert as_(cast.ela).post(url, data={"reason": "Somebody else sat the quiz."}).status_code == 303
    assert "Somebody else sat the quiz." in page(as_(cast.amir), f"/certificates/{the_certificate().number}")
    assert "Once a year." in page(as_(cast.amir), "/")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Please give the rule a name."),
        ("months", "0", "1 to 120"),
        ("window_days", "x", "Not a valid"),
        ("what", "reviews/3", "valid choice"),
    ],
)
def test_a_bad_form_says_what_is_missing(as_, cast, filled, field, value, sentence):
    response = as_(cast.ela).post("/certifications/new", data=filled | {field: value})
    assert response.status_code == 422
    assert sentence.casefold() in response.get_data(as_text=True).casefold()
    assert db.session.scalars(select(AssignmentRule)).all() == []


def test_the_overview_takes_the_same_statements_however_many_there_are(as_, cast, asked, person, counting):
    hr = as_(cast.ela)
    finish(cast.amir)
    issue_certificates(now())
    db.session.commit()
    page(hr, "/certifications")
    counting.clear()
    page(hr, "/certifications")
    few = len(counting)
    for number in range(20):
        new = people.add_person(username=f"n{number}", name="New", job="adviser", at=now(), team_id=person(cast.amir).team_id)
        plans.apply_rules(now(), [new.id])
        if number % 2:
            finish(new.id)
    issue_certificates(now())
    db.session.commit()
    db.session.commit()
    counting.clear()
    page(hr, "/certifications")
    assert len(counting) == few <= 6


def test_who_is_certified_twice_is_one_person(as_, cast, asked, greeting):
    form = {"what": greeting, "why": "You are at the fair in June.", "asked_at": now().isoformat()}
    assert as_(cast.chloe).post(f"/people/{cast.amir}/assignments/new", data=form).status_code == 303
    html = page(as_(cast.chloe), "/certifications?q=amir")
    assert html.count("Amir Kaya:") == 2
    assert "1 person" in html and "2 people" not in html
