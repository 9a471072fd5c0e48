"""Coming in, staying in, being shown out."""

import contextlib
import dataclasses
import sqlite3
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.people import actions as people
from trainee.people import passwords, queries
from trainee.people.models import AccessLink, LinkRequest, Person, SignIn

GOOD = "uzun bir cümle yeter"


@pytest.fixture
def amir(app, cast, person, at):
    found = person(cast.amir)
    people.set_password(found, GOOD, at)
    db.session.commit()
    return found


def sign_in(client, login, password, **more):
    return client.post("/sign-in", data={"login": login, "password": password, **more})


def test_amir_signs_in_with_his_user_name_or_his_address_in_any_case(app, amir):
    for login in ("amir", "AMİR", " Amir ", "AMIR@mavikapi.example"):
        answer = sign_in(app.test_client(), login, GOOD)
        assert answer.status_code == 303, login
        assert answer.location == "/"


def test_a_password_typed_on_a_keyboard_that_composes_letters_otherwise_is_the_same_password(app, amir):
    decomposed = "uzun bir cümle yeter".replace("ü", "u\u0308")
    assert sign_in(app.test_client(), "amir", decomposed).status_code == 303


def test_a_wrong_password_and_a_wrong_name_get_the_same_answer_and_keep_the_name_that_was_typed(app, amir):
    wrong = sign_in(app.test_client(), "amir", "something else here")
    nobody = sign_in(app.test_client(), "nobody", "something else here")
    assert wrong.status_code == nobody.status_code == 422
    assert 'value="amir"' in wrong.text
    assert "do not fit together" in wrong.text
    assert "do not fit together" in nobody.text
    assert "something else here" not in wrong.text


def test_after_too_many_tries_the_account_waits_even_for_the_right_password(app, amir):
    client = app.test_client()
    for _try in range(people.TRIES_PER_ACCOUNT):
        assert sign_in(client, "amir", "wrong wrong wrong").status_code == 422
    refused = sign_in(client, "amir", GOOD)
    assert refused.status_code == 429
    assert "quarter of an hour" in refused.text
    assert 'value="amir"' in refused.text
    assert 'name="password"' in refused.text
    assert GOOD not in refused.text
    assert 1 <= int(refused.headers["Retry-After"]) <= 900


def test_both_names_of_an_account_are_counted_together(app, amir):
    client = app.test_client()
    names = ("amir", "amir@mavikapi.example", "AMIR")
    for number in range(people.TRIES_PER_ACCOUNT):
        assert sign_in(client, names[number % 3], "wrong wrong wrong").status_code == 422
    for name in names:
        assert sign_in(client, name, GOOD).status_code == 429


def test_right_passwords_are_not_held_against_an_address(app, amir):
    for _try in range(people.TRIES_PER_ADDRESS + 1):
        assert sign_in(app.test_client(), "amir", GOOD).status_code == 303
    assert sign_in(app.test_client(), "amir", "wrong wrong wrong").status_code == 422


def test_a_new_password_by_a_link_lets_in_at_once_who_had_tried_too_often(app, amir, cast):
    client = app.test_client()
    for _try in range(people.TRIES_PER_ACCOUNT + 1):
        refused = sign_in(client, "amir", "wrong wrong wrong")
    assert refused.status_code == 429
    token = people.make_link(db.session.get_one(Person, cast.amir), "reset", now(), cast.ela)
    people.use_link(token, passwords.hashed("a sentence that is new"), now())
    db.session.commit()
    assert sign_in(client, "amir", "a sentence that is new").status_code == 303


def test_many_accounts_tried_from_one_address_make_the_address_wait(app, amir):
    client = app.test_client()
    answers = [sign_in(client, f"name{number}", "wrong wrong wrong").status_code for number in range(people.TRIES_PER_ADDRESS + 1)]
    assert answers[-2:] == [422, 429]


def test_the_door_sends_a_stranger_to_sign_in_and_back_to_where_she_wanted(app, amir):
    client = app.test_client()
    sent = client.get("/me?from=mail")
    assert sent.status_code == 302
    assert sent.location == "/sign-in?next=/me?from%3Dmail"
    answer = client.post(sent.location, data={"login": "amir", "password": GOOD})
    assert answer.location == "/me?from=mail"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "/\n/x"])
def test_nobody_is_sent_to_another_site_after_signing_in(app, amir, target):
    assert app.test_client().post("/sign-in", query_string={"next": target}, data={"login": "amir", "password": GOOD}).location == "/"


def test_a_disabled_person_is_out_at_once_on_every_device(app, amir, as_, cast, at):
    client = app.test_client()
    sign_in(client, "amir", GOOD)
    assert client.get("/me").status_code == 200
    people.disable(amir, at, cast.ada)
    db.session.commit()
    assert client.get("/me").status_code == 302
    assert sign_in(app.test_client(), "amir", GOOD).status_code == 422


def test_remember_me_lasts_and_a_sign_in_without_it_ends(app, amir, at):
    token = people.open_sign_in(amir.id, "amir", "a phone", False, at)
    kept = people.open_sign_in(amir.id, "amir", "a phone", True, at)
    db.session.commit()
    day, long = timedelta(days=1), timedelta(days=60)
    later = at + timedelta(days=2)
    assert queries.viewer_by_token(token, later, day, long) is None
    assert queries.viewer_by_token(kept, later, day, long).id == amir.id
    assert queries.viewer_by_token(kept, at + timedelta(days=61), day, long) is None


def test_signing_out_everywhere_ends_every_sign_in_and_the_remember_cookie(app, amir):
    phone, desk = app.test_client(), app.test_client()
    for client in (phone, desk):
        sign_in(client, "amir", GOOD, remember="y")
    assert desk.post("/me/sign-ins/end").status_code == 303
    assert phone.get("/me").status_code == 302
    assert desk.get("/me").status_code == 302


def test_one_device_can_be_shown_out_but_not_somebody_elses(app, amir, as_, cast):
    phone = app.test_client()
    sign_in(phone, "amir", GOOD)
    newest = db.session.execute(select(SignIn.id).where(SignIn.person_id == amir.id).order_by(SignIn.id.desc())).scalars().first()
    assert as_(cast.beth).post(f"/me/sign-ins/{newest}/end").status_code == 404
    assert phone.get("/me").status_code == 200
    desk = app.test_client()
    sign_in(desk, "amir", GOOD)
    assert desk.post(f"/me/sign-ins/{newest}/end").status_code == 303
    assert phone.get("/me").status_code == 302


def test_a_new_password_signs_other_devices_out_and_keeps_this_one(app, amir):
    phone, desk = app.test_client(), app.test_client()
    for client in (phone, desk):
        sign_in(client, "amir", GOOD)
    new = {"old": GOOD, "password": "yepyeni bir cümle", "again": "yepyeni bir cümle"}
    assert desk.post("/me/password", data=new).status_code == 303
    assert desk.get("/me").status_code == 200
    assert phone.get("/me").status_code == 302
    assert sign_in(app.test_client(), "amir", "yepyeni bir cümle").status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", "yepyeni bir cümle", "yepyeni bir cümle", "not right"),
        (GOOD, "kısa", "kısa", "at least 10"),
        (GOOD, "aaaaaaaaaaaa", "aaaaaaaaaaaa", "easy to guess"),
        (GOOD, "yepyeni bir cümle", "yepyeni başka", "not the same"),
    ],
)
def test_a_password_that_will_not_do_is_told_beside_its_field(app, amir, old, new, again, says):
    client = app.test_client()
    sign_in(client, "amir", GOOD)
    answer = client.post("/me/password", data={"old": old, "password": new, "again": again})
    assert answer.status_code == 422
    assert says in answer.text


def test_an_invitation_works_once_and_then_never_again(app, cast, person, at):
    beth = person(cast.beth)
    token = people.make_link(beth, "invitation", at, cast.ela)
    db.session.commit()
    people.use_link(token, passwords.hashed(GOOD), at + timedelta(days=1))
    db.session.commit()
    assert sign_in(app.test_client(), "beth", GOOD).status_code == 303
    with pytest.raises(NotFound):
        people.use_link(token, passwords.hashed("ikinci bir cümle"), at + timedelta(days=1))


def test_who_chooses_a_password_by_a_link_is_in_and_the_link_is_used(app, cast, person):
    token = people.make_link(person(cast.beth), "invitation", now(), cast.ela)
    db.session.commit()
    client = app.test_client()
    answer = client.post(f"/welcome/{token}", data={"password": GOOD, "again": GOOD})
    assert (answer.status_code, answer.location) == (303, "/")
    page = client.get("/")
    assert (page.status_code, "Beth" in page.text, "you are signed in" in page.text) == (200, True, True)
    assert db.session.execute(select(SignIn.remembered).where(SignIn.person_id == cast.beth, SignIn.device != "test")).scalars().all() == [False]
    assert app.test_client().get(f"/welcome/{token}").status_code == 404


def test_where_only_the_provider_lets_in_a_link_does_not(app, cast, person, monkeypatch):
    token = people.make_link(person(cast.beth), "invitation", now(), cast.ela)
    db.session.commit()
    monkeypatch.setitem(app.extensions, "trainee", dataclasses.replace(app.extensions["trainee"], passwords=False))
    client = app.test_client()
    assert client.post(f"/welcome/{token}", data={"password": GOOD, "again": GOOD}).location == "/sign-in"
    assert "/sign-in" in client.get("/").location


def test_a_link_that_expired_or_was_replaced_opens_nothing(app, cast, person, at):
    beth = person(cast.beth)
    first = people.make_link(beth, "reset", at, cast.ela)
    second = people.make_link(beth, "reset", at, cast.ela)
    assert people.link_holder(first, at) is None
    assert people.link_holder(second, at).id == cast.beth
    assert people.link_holder(second, at + timedelta(hours=25)) is None
    assert db.session.execute(select(AccessLink.digest)).scalars().all().count(second) == 0


def test_a_used_link_says_so_in_a_sentence(app):
    answer = app.test_client().get("/welcome/never-was")
    assert answer.status_code == 404
    assert "used or has expired" in answer.text


def test_who_forgot_the_password_is_shown_to_hr_and_a_stranger_learns_nothing(app, amir, as_, cast):
    known = app.test_client().post("/forgot", data={"login": "amir"})
    unknown = app.test_client().post("/forgot", data={"login": "nobody"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location) == (303, "/sign-in")
    assert db.session.execute(select(LinkRequest.person_id)).scalars().all() == [cast.amir]
    assert "asks for a link" in as_(cast.ela).get("/people").text
    page = as_(cast.ela).post(f"/people/{cast.amir}/links").text
    assert "/welcome/" in page
    assert "asks for a link" not in as_(cast.ela).get("/people").text


def test_hr_cannot_make_a_link_for_an_administrator_nor_make_one(app, as_, cast):
    assert as_(cast.ela).post(f"/people/{cast.ada}/links").status_code == 403
    form = {
        "name": "Beth Öğüt",
        "username": "beth",
        "job": "adviser",
        "team_id": 0,
        "supervisor_id": 0,
        "dotted_id": 0,
        "language": "en",
        "roles": ["employee", "admin"],
    }
    assert as_(cast.ela).post(f"/people/{cast.beth}/edit", data=form).status_code == 403
    assert as_(cast.ada).post(f"/people/{cast.beth}/edit", data=form).status_code == 303


def test_the_stored_token_is_not_the_one_in_the_cookie(app, amir, at):
    token = people.open_sign_in(amir.id, "amir", "a phone", False, at)
    assert token not in db.session.execute(select(SignIn.digest)).scalars().all()
    assert passwords.digest(token) in db.session.execute(select(SignIn.digest)).scalars().all()


def test_a_new_person_needs_a_name_nobody_has(app, at):
    with pytest.raises(Refusal, match="already an account"):
        people.add_person(username="AMİR", name="Another", job="adviser", at=at)
    assert db.session.execute(select(Person).where(Person.name == "Another")).first() is None


@pytest.fixture
def others_can_write(app):
    """Passwords are checked and made by a hasher that notes each time whether somebody else could write meanwhile."""
    found = []
    url = db.engine.url.database

    class Watching(PasswordHasher):
        def _look(self):
            with contextlib.closing(sqlite3.connect(url, timeout=0, isolation_level=None)) as line:
                try:
                    line.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    found.append(False)
                else:
                    line.execute("ROLLBACK")
                    found.append(True)

        def hash(self, password, *, salt=None):
            self._look()
            return super().hash(password, salt=salt)

        def verify(self, hash, password):
            self._look()
            return super().verify(hash, password)

    passwords._hasher.use(Watching(time_cost=1, memory_cost=8, parallelism=1))
    yield found
    passwords.use_cheap_profile()


@pytest.mark.sqlite
def test_nobody_who_writes_waits_while_a_password_is_checked_or_made(app, amir, others_can_write):
    browser = app.test_client()
    sign_in(browser, "amir", GOOD)
    others_can_write.clear()
    new = "bambaşka uzun bir cümle"
    for old in ("this one is wrong", GOOD):
        browser.post("/me/password", data={"old": old, "password": new, "again": new})
    assert others_can_write == [True, True, True]
    others_can_write.clear()
    token = people.make_link(amir, "reset", now(), None)
    db.session.commit()
    assert app.test_client().post(f"/welcome/{token}", data={"password": GOOD, "again": GOOD}).status_code == 303
    assert others_can_write == [True]


def test_only_a_demonstration_fills_in_a_name_and_its_printed_password(app, monkeypatch):
    plain = app.test_client().get("/sign-in?try=kerem").text
    assert "kerem" not in plain.partition("<main")[2]
    assert "mavikapi-demo" not in plain
    monkeypatch.setitem(app.extensions, "trainee", dataclasses.replace(app.extensions["trainee"], demo=True))
    shown = app.test_client().get("/sign-in?try=kerem").text
    assert 'value="kerem"' in shown
    assert 'value="mavikapi-demo"' in shown
    assert 'value="mavikapi-demo"' not in app.test_client().get("/sign-in").text
    assert 'value="mavikapi-demo"' not in app.test_client().post("/sign-in?try=kerem", data={"login": "kerem", "password": "wrong wrong"}).text
