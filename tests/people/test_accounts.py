"""Accounts as HR keeps them: everything that is wrong is told at once, and no button leads to a refusal."""

import html

import pytest

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


def test_closing_is_offered_only_where_it_is_possible(as_, cast):
    assert "Close this account" in told(as_(cast.ela).get(f"/people/{cast.amir}/account"))
    # Not one's own account, and for HR not that of an administrator.
    assert "Close this account" not in told(as_(cast.ela).get(f"/people/{cast.ela}/account"))
    assert "Close this account" not in told(as_(cast.ela).get(f"/people/{cast.ada}/account"))
