"""Who supervises whom, and who may see whom."""

import pytest

from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.people import actions as people
from trainee.people import queries
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
