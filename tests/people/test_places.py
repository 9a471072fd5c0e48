"""Units that nest and teams, made and changed in the browser."""

import pytest
from sqlalchemy import select

from trainee.dashboards.placing_views import fit, part_of
from trainee.kit.db import db
from trainee.people import Person, Team, queries
from trainee.people import actions as people
from trainee.people.models import Unit
from trainee.people.queries import Place, TeamOf


def unit(name):
    return db.session.scalars(select(Unit).where(Unit.name == name)).one()


def test_the_first_units_and_teams_are_made_by_hand_and_a_person_is_put_there(as_, cast):
    client = as_(cast.ada)
    assert client.post("/people/units/new", data={"name": " Ege  bölgesi ", "parent_id": unit("Mavikapı").id}).status_code == 303
    region = unit("Ege bölgesi")
    assert client.post("/people/teams/new", data={"name": "Bornova", "unit_id": region.id, "supervisor_id": cast.dev}).status_code == 303
    team = db.session.scalars(select(Team).where(Team.name == "Bornova")).one()
    assert (team.unit_id, team.supervisor_id) == (region.id, cast.dev)
    page = client.get("/people/units").text
    assert page.index("Mavikapı</h2>") < page.index("Ege bölgesi</h2>") < page.index("Bornova")
    assert "led by Dev Şahin" in page
    assert '<p class="eyebrow">Mavikapı</p>' in page
    assert f'<option value="{team.id}"' in client.get(f"/people/{cast.gus}/edit").text


def test_names_places_and_leaders_are_changed(as_, cast):
    inner = people.make_unit("Inner", unit("Mavikapı").id)
    team = db.session.scalars(select(Team).where(Team.name == "Ours")).one()
    db.session.commit()
    client, address = as_(cast.ela), f"/people/teams/{team.id}/edit"
    assert f'<option value="{cast.chloe}" selected' in client.get(address).text
    assert client.post(address, data={"name": "Ours, renamed", "unit_id": inner.id, "supervisor_id": 0}).status_code == 303
    db.session.refresh(team)
    assert (team.name, team.unit_id, team.supervisor_id) == ("Ours, renamed", inner.id, None)
    assert client.post(f"/people/units/{inner.id}/edit", data={"name": "At the top", "parent_id": 0}).status_code == 303
    assert {(one.name, one.depth) for one in queries.places()} == {("Mavikapı", 0), ("At the top", 0)}


def test_saving_a_team_untouched_keeps_a_leader_who_is_no_supervisor_any_more(as_, cast):
    team = db.session.scalars(select(Team).where(Team.name == "Theirs")).one()
    people.lead(team, db.session.get_one(Person, cast.zoe))
    db.session.commit()
    data = {"name": "Theirs", "unit_id": team.unit_id, "supervisor_id": cast.zoe}
    assert as_(cast.ela).post(f"/people/teams/{team.id}/edit", data=data).status_code == 303
    db.session.refresh(team)
    assert team.supervisor_id == cast.zoe


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "", "parent_id": 0}, "Please write a name."),
        ({"name": "mavİkapI", "parent_id": 0}, "There is one with that name already."),
        ({"name": "x" * 121, "parent_id": 0}, "120"),
        ({"name": "New", "parent_id": 999}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_with_a_unit_stands_beside_its_field(as_, cast, sent, said):
    answer = as_(cast.ela).post("/people/units/new", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{sent["name"]}"' in answer.text


def test_a_unit_never_lies_inside_itself(as_, cast):
    top = unit("Mavikapı")
    below = people.make_unit("Below", people.make_unit("Between", top.id).id)
    db.session.commit()
    answer = as_(cast.ela).post(f"/people/units/{top.id}/edit", data={"name": "Mavikapı", "parent_id": below.id})
    assert answer.status_code == 422
    assert "Mavikapı → Below → Between → Mavikapı" in answer.text


def test_who_shall_lead_a_team_is_a_supervisor(as_, cast):
    data = {"name": "New", "unit_id": unit("Mavikapı").id, "supervisor_id": cast.amir}
    assert as_(cast.ela).post("/people/teams/new", data=data).status_code == 422
    assert db.session.scalars(select(Team).where(Team.name == "New")).first() is None


def test_a_team_waits_for_the_first_unit(as_, cast, monkeypatch):
    monkeypatch.setattr(queries, "places", list)
    answer = as_(cast.ela).get("/people/teams/new")
    assert answer.status_code == 409
    assert "Please add a unit first" in answer.text


def test_the_tree_takes_the_same_statements_however_large(as_, cast, counting):
    client = as_(cast.ela)
    client.get("/people/units")
    counting.clear()
    client.get("/people/units")
    before = len(counting)
    for number in range(20):
        people.make_team(f"Team {number}", people.make_unit(f"Unit {number}", 1).id)
    db.session.commit()
    counting.clear()
    client.get("/people/units")
    assert len(counting) == before


def test_hr_finds_somebody_by_the_employee_number(cast, as_, person):
    person(cast.amir).employee_no = "MK1110"
    db.session.commit()
    page = as_(cast.ela).get("/people", query_string={"q": "mk1110"}).text
    assert "Amir Kaya" in page and "Beth" not in page


def test_of_thousands_of_teams_a_page_shows_some_and_the_search_finds_the_rest():
    leaders = {7: "Çiğdem İşıkoğlu"}
    places = [
        Place(unit, f"Bölüm {unit}", (), [TeamOf(100 * unit + team, f"Ekip {unit}-{team}", leaders.get(team), 3) for team in range(70)])
        for unit in range(40)
    ]
    pages = [part_of(places, page) for page in range(1, 29)]
    assert [sum(len(place.teams) for place in page) for page in pages] == [100] * 28
    assert [place.name for place in pages[0]] == ["Bölüm 0", "Bölüm 1"] and part_of(places, 29) == []
    told = [team.id for page in pages for place in page for team in place.teams]
    assert told == [team.id for place in places for team in place.teams]
    assert [place.name for place in fit(places, "BOLUM 39")] == ["Bölüm 39"] and len(fit(places, "bölüm 39")[0].teams) == 70
    assert {team.name for place in fit(places, "cigdem") for team in place.teams} == {f"Ekip {unit}-7" for unit in range(40)}
    assert fit(places, "") == places and fit(places, "yok") == []
    assert part_of([Place(1, "Empty", (), [])], 1) == [Place(1, "Empty", (), [])]


def test_teams_stand_in_the_order_of_the_turkish_alphabet(app):
    unit = people.make_unit("Mağazalar")
    for name in ("Telefon 3", "İzmir", "Çankaya", "Bursa", "Izgara", "Üsküdar"):
        people.make_team(name, unit.id)
    db.session.flush()
    named = [row.name for row in queries.teams() if row.unit == "Mağazalar"]
    assert named == ["Bursa", "Çankaya", "Izgara", "İzmir", "Telefon 3", "Üsküdar"]
