"""Who supervises whom, and who may see whom."""

import html
import re

import pytest
from sqlalchemy import delete

from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.people import actions as people
from trainee.people import queries
from trainee.people.models import RoleHeld
from trainee.people.queries import Viewer


@pytest.fixture
def sees(app, cast, at):
    def of(person_id: int, *roles: str) -> set[int]:
        who = Viewer(person_id, "", "", frozenset(roles), "en", "UTC", None, None, None, 0, "", at)
        return set(db.session.execute(queries.visible_to(who)).scalars())

    return of


def test_an_employee_sees_herself_only(sees, cast):
    assert sees(cast.beth, "employee") == {cast.beth}


def test_a_supervisor_sees_her_team_and_those_above_see_everybody_below(sees, cast):
    assert sees(cast.chloe, "supervisor") == {cast.chloe, cast.amir, cast.beth}
    assert sees(cast.hana, "supervisor") == {cast.hana, cast.chloe, cast.amir, cast.beth}
    assert sees(cast.dev, "supervisor") == {cast.dev, cast.gus}


def test_a_dotted_supervisor_sees_her_one_and_nobody_beside(sees, cast):
    assert sees(cast.iris, "supervisor") == {cast.iris, cast.amir}


def test_hr_sees_everybody_and_an_executive_no_single_person_but_herself(sees, cast):
    assert len(sees(cast.ela, "hr")) == len(vars(cast))
    assert sees(cast.max, "executive") == {cast.max}


def test_a_former_supervisor_sees_no_more(sees, cast, person, at):
    people.supervise(person(cast.beth), person(cast.dev), at)
    assert cast.beth not in sees(cast.chloe, "supervisor")
    assert cast.beth in sees(cast.dev, "supervisor")


def test_a_loop_is_refused_and_named(cast, person, at):
    with pytest.raises(Refusal, match="Hana İpek → Amir Kaya → Chloe Irmak → Hana İpek"):
        people.supervise(person(cast.hana), person(cast.amir), at)
    with pytest.raises(Refusal, match="own supervisor"):
        people.supervise(person(cast.hana), person(cast.hana), at)


def test_a_loop_through_a_dotted_line_is_refused_and_named_too(cast, person, at):
    with pytest.raises(Refusal, match="Hana İpek → Chloe Irmak → Hana İpek"):
        people.supervise(person(cast.hana), person(cast.chloe), at, "dotted")
    # Iris stands above Amir by a dotted line alone.
    people.set_roles(person(cast.amir), ("employee", "supervisor"), at, None)
    with pytest.raises(Refusal, match="Iris Ünal → Amir Kaya → Iris Ünal"):
        people.supervise(person(cast.iris), person(cast.amir), at)


def test_a_line_leads_to_a_supervisor_and_she_stays_one_while_it_does(cast, person, at):
    with pytest.raises(Refusal, match="Beth Öğüt is not a supervisor"):
        people.supervise(person(cast.gus), person(cast.beth), at)
    with pytest.raises(Refusal, match="2 people report to Chloe Irmak"):
        people.set_roles(person(cast.chloe), ("employee",), at, None)
    for one in (cast.amir, cast.beth):
        people.supervise(person(one), person(cast.hana), at)
    people.set_roles(person(cast.chloe), ("employee",), at, None)
    assert queries.roles_of(cast.chloe) == {"employee"}


def test_saving_the_form_untouched_ends_no_line(as_, cast):
    # In data from before, somebody stands above others without being a supervisor.
    db.session.execute(delete(RoleHeld).where(RoleHeld.person_id == cast.hana, RoleHeld.role == "supervisor"))
    db.session.commit()
    client, url = as_(cast.ela), f"/people/{cast.chloe}/edit"
    page = client.get(url).text
    lines = [tuple(row) for row in queries.supervisors_of(cast.chloe)]
    assert lines == [(cast.hana, "Hana İpek", "direct")]
    assert client.post(url, data=as_it_stands(page)).status_code == 303
    assert [tuple(row) for row in queries.supervisors_of(cast.chloe)] == lines
    # Nobody is offered as her own supervisor.
    assert "Chloe Irmak" not in page[page.index('name="supervisor_id"') : page.index('name="hired_on"')]


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(as_, cast):
    client, url = as_(cast.ela), f"/people/{cast.chloe}/edit"
    sent = as_it_stands(client.get(url).text) | {"job": "a new job", "roles": ["employee"]}
    answer = client.post(url, data=sent)
    assert answer.status_code == 422
    assert "2 people report to Chloe Irmak" in answer.text
    assert "a new job" in answer.text


def as_it_stands(page: str) -> dict[str, str | list[str]]:
    """What a browser sends that changes nothing on the form."""
    form = page[page.index('<form method="post"') :]
    fields = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input[^>]*name="(name|username|email|employee_no|job|hired_on)"[^>]*value="([^"]*)"', form)
    }
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        fields[name] = re.findall(r'<option value="([^"]*)" selected', options)[0]
    return fields | {"roles": re.findall(r'value="(\w+)" checked', form)}


def test_even_a_loop_in_old_data_ends(sees, cast, at):
    db.session.add(queries.ReportingLine(person_id=cast.hana, supervisor_id=cast.amir, kind="direct", since=at, until=None))
    db.session.flush()
    assert sees(cast.chloe, "supervisor") == {cast.chloe, cast.amir, cast.beth, cast.hana}
    assert len(queries.chain_above(cast.amir)) == 50


def test_moving_keeps_where_one_was(cast, person, at):
    team = people.make_team("Another", 1)
    people.move(person(cast.beth), team.id, at)
    stays = db.session.execute(
        db.select(people.Stay.team_id, people.Stay.until).where(people.Stay.person_id == cast.beth).order_by(people.Stay.id)
    ).all()
    assert [stay.until is None for stay in stays] == [False, True]
    assert stays[1].team_id == team.id
