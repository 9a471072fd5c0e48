"""Everybody's Today has something of her role, and asks no more for it however much there is."""

import re
from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import insert, update

from trainee import privacy
from trainee.dashboards import duties
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.duties import duties as found
from trainee.kit.jobs import JobRun
from trainee.modules import library
from trainee.modules.library.models import ModuleUpload
from trainee.modules.quizzes.models import QuizAnswer, QuizAttempt
from trainee.people import actions as people
from trainee.people import organisation
from trainee.people.models import Organisation, Person, RoleHeld
from trainee.people.queries import viewer_by_token
from trainee.service import PolicyCard


def page(client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.text


def work(html: str) -> str:
    """The part of the page that is about one's work."""
    first, rest = html.split('<article class="card card-accent today-first">')[1].split("</article>", 1)
    return first + rest.split('<h2 id="duties">')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("who", "links"),
    [
        ("chloe", ["/team", "/suggestions", "/expectations/people"]),
        ("ferit", ["/observations/people", "/observations/disputes", "/publishing", "/reports/questions"]),
        ("ela", ["/expectations/people", "/observations/disputes", "/corrections", "/certifications", "/people?show=", "/reports"]),
        ("ada", ["/people?show=", "/timetable"]),
        ("max", ["/service/chain", "/learn?show=all", "/cards"]),
    ],
)
def test_a_role_finds_its_own(as_, cast, who, links):
    db.session.execute(update(PolicyCard).values(review_by=now().date() + timedelta(days=(20 if who == "max" else 400))))
    db.session.commit()
    browser = as_(getattr(cast, who))
    part = work(page(browser))
    for link in links:
        assert f'href="{link}' in part, part
    addresses = re.findall(r'<a [^>]*href="([^"]+)"', part)
    assert len(addresses) == len(links)
    assert {browser.get(address).status_code for address in addresses} == {200}


def test_who_is_an_employee_and_no_more_finds_her_learning_alone(as_, cast, counting):
    browser = as_(cast.amir)
    page(browser)
    counting.clear()
    assert 'id="duties"' not in page(browser)
    # Five, and one for what was missed lately, since nothing is asked of him.
    assert len(counting) == 6


def test_hr_sees_what_waits_and_it_is_there_where_the_link_leads(as_, cast):
    db.session.execute(update(Person).values(password_hash="x"))
    nur = people.add_person(username="nur", name="Nur Ak", job="adviser", at=now(), roles=("employee",))
    people.make_link(nur, "invitation", now(), cast.ela)
    people.add_person(username="ece", name="Ece Ak", job="adviser", at=now(), roles=("employee",))
    people.ask_for_link("beth", "127.0.0.1", now())
    privacy.ask_correction(person_id=cast.amir, what="My start date", why="It was the 2nd.", receipt="once", at=now())
    db.session.commit()
    browser = as_(cast.ela)
    part = work(page(browser))
    assert re.search(r"\d matters? below asks? for your attention\.", browser.get("/").text)
    # An invitation that nobody made has not been left unused.
    assert "1 person has no link to sign in yet. 1 person has not taken up the invitation. 1 person asks for a new link." in part
    assert "1 waits for a decision" in part
    waiting = browser.get("/people?show=waiting").text
    assert "Nur Ak" in waiting
    assert "Beth Öğüt" in waiting
    assert "Gus Çelik" not in waiting


def run(job, started, ended=True, error=None):
    values = {"job": job, "slot": started, "started_at": started, "ended_at": started if ended else None, "error": error}
    db.session.execute(insert(JobRun).values(**values))
    db.session.commit()


@pytest.mark.parametrize(
    ("runs", "says", "tone"),
    [
        ([], "Nothing has run yet.", "warn"),
        ([("sweep", 5, True, None)], "All is well", "accent"),
        ([("sweep", 300, True, None)], "It last ran 5 hours ago", "warn"),
        ([("sweep", 1, True, None), ("calibrate", 60, True, "ValueError")], "Did not go well: calibrate.", "bad"),
        ([("sweep", 1, True, None), ("calibrate", 180, False, None)], "Did not go well: calibrate.", "bad"),
        ([("calibrate", 1, True, None), ("calibrate", 60, True, "ValueError")], "All is well", "accent"),
    ],
)
def test_the_admin_sees_whether_what_happens_by_itself_does(app, at, runs, says, tone):
    for job, minutes, ended, error in reversed(runs):
        run(job, at - timedelta(minutes=minutes), ended, error)
    with app.test_request_context():
        told = duties.by_itself(at)
    assert told.note.startswith(says)
    assert (told.tone, bool(told.badge)) == (tone, tone != "accent")


@pytest.mark.parametrize(
    ("who", "where"), [("chloe", "/team"), ("ferit", "/observations/people"), ("ela", "/reports"), ("ada", "/timetable"), ("max", "/service/chain")]
)
def test_the_one_primary_button_of_who_works_for_others_is_her_own_work(as_, cast, who, where):
    # Nobody waits for an invitation, which would press.
    db.session.execute(update(Person).values(password_hash="x"))
    db.session.commit()
    html = page(as_(getattr(cast, who)))
    first = html.split('<article class="card card-accent today-first">')[1].split("</article>")[0]
    assert f'<a class="button button-primary button-big" href="{where}"' in first
    assert html.count("button-primary") == 1
    # What was taken to the top does not stand below once more.
    assert html.split("<main")[1].count(f'href="{where}"') == 1


def test_what_presses_comes_before_the_usual_beginning(as_, cast):
    privacy.ask_correction(person_id=cast.amir, what="My start date", why="It was the 2nd.", receipt="once", at=now())
    db.session.commit()
    first = page(as_(cast.ela)).split('<article class="card card-accent today-first">')[1].split("</article>")[0]
    assert 'href="/corrections"' in first


def test_setting_up_comes_first_until_it_is_done(as_, cast):
    organisation.call("Çınar", "en", now(), cast.ada)
    db.session.execute(update(Organisation).values(founded_at=now(), stamp="begun"))
    db.session.commit()
    browser = as_(cast.ada)
    first = page(browser).split('<article class="card card-accent today-first">')[1].split("</article>")[0]
    assert 'href="/setup"' in first
    assert "Setting up: 2 steps left" in first
    browser.post("/setup/end")
    assert 'href="/setup"' not in page(browser)


@pytest.mark.parametrize(("who", "most"), [("ela", 13), ("ada", 8), ("chloe", 13), ("max", 6), ("ferit", 11)])
def test_it_takes_as_many_statements_however_much_waits(as_, cast, counting, who, most):
    browser = as_(getattr(cast, who))
    page(browser)
    counting.clear()
    page(browser)
    few = len(counting)
    for number in range(20):
        people.add_person(username=f"new{number}", name=f"New {number}", job="adviser", at=now(), roles=("employee",))
        privacy.ask_correction(person_id=cast.amir, what="This", why="It is wrong.", receipt=f"{number}", at=now())
        run(f"job{number}", now() - timedelta(hours=number))
    counting.clear()
    page(browser)
    assert len(counting) == few == most


def test_no_role_is_asked_twice(app, at):
    with app.test_request_context():
        g._login_user = viewer_by_token("token-of-chloe", at, timedelta(days=1), timedelta(days=1))
        for role in ("employee", "supervisor", "trainer", "hr", "admin", "executive"):
            begins, others = found(frozenset({role}), at)
            titles = [one.title for one in [begins, *others] if one is not None]
            assert (begins is not None) == (role != "employee")
            assert len(titles) == len(set(titles))
            assert bool(titles) == (role != "employee")


def draft(by_id, file="doors.zip"):
    row = {"by_id": by_id, "key": "doors", "file": file, "digest": "d", "files": b"", "told": [], "uploaded_at": now()}
    db.session.execute(insert(ModuleUpload).values(**row))
    db.session.commit()


def first_of(html: str) -> str:
    return html.split('<article class="card card-accent today-first">')[1].split("</article>")[0]


def test_a_module_that_waits_to_be_published_is_where_a_trainers_work_begins_also_when_she_leads_a_team(as_, cast):
    for who, usual in ((cast.ferit, "/observations/people"), (cast.chloe, "/team")):
        browser = as_(who)
        assert f'href="{usual}"' in first_of(page(browser))
        if who == cast.chloe:
            db.session.add(RoleHeld(person_id=who, role="trainer"))
        draft(who)
        html = page(browser)
        assert 'href="/publishing/draft"' in first_of(html) and "doors.zip waits to be published." in first_of(html)
        assert html.count("button-primary") == 1
    assert "doors.zip" not in page(as_(cast.ada))


def test_a_question_that_most_miss_is_told_to_trainers_from_ten_people_on(as_, cast, at):
    version, module = library.module_or_404("greeting")
    question = module.quiz.questions[0].id
    for number in range(12):
        person = people.add_person(username=f"q{number}", name=f"Q {number}", job="adviser", at=at, roles=("employee",))
        tried = {"person_id": person.id, "version_id": version, "module_key": "greeting", "number": 1, "seed": "s", "drawn": [question]}
        attempt = QuizAttempt(**tried, started_at=at, handed_in_at=at, score=0.0, passed=False)
        db.session.add(attempt)
        db.session.flush()
        score = 1.0 if number < 3 else 0.0
        db.session.add(QuizAnswer(attempt_id=attempt.id, question_id=question, answer=[], score=score, key="k", turn=1, answered_at=at))
        if number == 8:
            db.session.commit()
            # Nine people are too few to say so.
            assert "no question was missed by most" in page(as_(cast.ferit))
    db.session.commit()
    first = first_of(page(as_(cast.ferit)))
    assert 'href="/reports/questions"' in first and f"1 question of “{module.title.en}” was answered right by under 30%" in first
    assert "answered right by under" not in page(as_(cast.chloe))


def test_a_trainer_reads_which_cards_are_to_be_looked_at_soon(as_, cast):
    day = now().date()
    db.session.execute(update(PolicyCard).values(review_by=day + timedelta(days=400)))
    db.session.execute(update(PolicyCard).where(PolicyCard.key == "late-delivery").values(review_by=day + timedelta(days=20)))
    db.session.commit()
    assert "To be looked at again soon" in page(as_(cast.ferit))
    assert "To be looked at again" not in page(as_(cast.chloe))
    db.session.execute(update(PolicyCard).values(review_by=day + timedelta(days=400)))
    db.session.commit()
    assert "To be looked at again" not in page(as_(cast.ferit))
