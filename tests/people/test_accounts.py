"""Accounts as HR keeps them: everything that is wrong is told at once, and no button leads to a refusal."""

import html

import pytest

from trainee.kit.db import db
from trainee.people import actions as people
from trainee.people.queries import by_login

NEW = {
    "username": "nur.ak",
    "name": "Nur Ak",
    "job": "adviser",
    "language": "en",
    "team_id": 0,
    "supervisor_id": 0,
    "dotted_id": 0,
    "roles": ["employee"],
}


def told(response) -> str:
    return html.unescape(response.get_data(as_text=True))


@pytest.mark.parametrize("username", ["a b", "a<ç>", "nur@ak", "a/b", "a;b"])
def test_a_user_name_nobody_could_type_is_refused_beside_its_field(as_, cast, username):
    answer = as_(cast.ela).post("/people/new", data=NEW | {"username": username})
    assert answer.status_code == 422
    assert "A user name has letters, digits, dots, hyphens and underscores, and no spaces." in told(answer)
    assert by_login(username) is None


@pytest.mark.parametrize("username", ["nur.ak", "çağrı-2", "NUR_AK"])
def test_a_user_name_of_letters_digits_and_dots_is_taken(as_, cast, username):
    assert as_(cast.ela).post("/people/new", data=NEW | {"username": username}).status_code == 303
    assert by_login(username) is not None


def test_all_that_is_wrong_with_a_new_person_is_told_at_once(as_, cast):
    wrong = {"username": "Amir", "email": "no address", "hired_on": "2026-02-31", "name": "N" * 121}
    page = told(as_(cast.ela).post("/people/new", data=NEW | wrong))
    assert "There is already an account with that user name or e-mail address." in page
    assert "That e-mail address does not look right: no address" in page
    assert "“Name” has 121 characters, and 120 are the most. Please shorten it." in page
    assert page.count('class="errors"') == 4


def test_a_persons_own_user_name_and_address_may_stay(as_, cast, person):
    amir = person(cast.amir)
    form = NEW | {
        "username": amir.username,
        "name": "Amir Anew",
        "email": amir.email or "",
        "team_id": amir.team_id or 0,
        "supervisor_id": cast.chloe,
    }
    assert as_(cast.ela).post(f"/people/{cast.amir}/edit", data=form).status_code == 303
    assert as_(cast.ela).post(f"/people/{cast.amir}/edit", data=form | {"username": "beth"}).status_code == 422


def test_who_comes_to_another_team_and_keeps_her_supervisor_is_told_of_its_leader(as_, cast, person):
    amir, theirs = person(cast.amir), person(cast.dev).team_id
    form = NEW | {"username": amir.username, "name": amir.name, "email": amir.email or "", "team_id": theirs, "supervisor_id": cast.chloe}
    client, url = as_(cast.ela), f"/people/{cast.amir}/edit"
    assert "led by Dev Şahin, and the supervisor is still Chloe Irmak" in told(client.post(url, data=form, follow_redirects=True))
    assert "led by" not in told(client.post(url, data=form | {"team_id": person(cast.chloe).team_id}, follow_redirects=True)), "she leads that one"
    assert "led by" not in told(client.post(url, data=form | {"supervisor_id": cast.dev}, follow_redirects=True))


def test_closing_is_offered_only_where_it_is_possible(as_, cast):
    assert "Close this account" in told(as_(cast.ela).get(f"/people/{cast.amir}/account"))
    # Not one's own account, and for HR not that of an administrator.
    assert as_(cast.ela).get(f"/people/{cast.amir}/account").text.count("button-primary") == 1
    assert "Close this account" not in told(as_(cast.ela).get(f"/people/{cast.ela}/account"))
    assert "Close this account" not in told(as_(cast.ela).get(f"/people/{cast.ada}/account"))


def test_a_page_of_the_directory_costs_the_same_with_112_people_as_with_13_and_finds_by_any_letters(as_, cast, at, counting):
    def opened(query=""):
        client = as_(cast.ela)
        client.get(f"/people{query}")
        counting.clear()
        return client.get(f"/people{query}").text, len(counting)

    _text, few = opened()
    for number in range(99):
        people.add_person(username=f"new.{number}", name=f"Işıl {number:02d}", job="adviser", at=at, language="en")
    db.session.commit()
    text, many = opened("?page=2")
    assert many == few
    assert "112 people" in text and "Page 2 of 5" in text and "Işıl 30" in text
    text, _many = opened("?q=ISIL 42")
    assert "Işıl 42" in text and "1 person" in text and "Işıl 43" not in text
    assert "Nobody fits." in opened("?q=nobody at all")[0]
