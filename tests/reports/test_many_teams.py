"""The team of a report where there are too many to choose from."""

import pytest
from sqlalchemy import select

from tests.reports.test_reports import exports, taken
from trainee.kit.db import db
from trainee.people import Team, Unit
from trainee.people.actions import make_team
from trainee.reports import queries


@pytest.fixture
def many(cast, monkeypatch):
    """Two teams more than a list may hold."""
    monkeypatch.setattr(queries, "MOST_TEAMS", 4)
    unit_id = db.session.scalar(select(Unit.id).limit(1))
    for name in ("Iğdır Çarşı", "Iğdır İstasyon", "Sığınak"):
        make_team(name, unit_id)
    db.session.commit()


def test_a_list_of_few_teams_is_a_list(cast, as_):
    page = as_(cast.ela).get("/reports/skills").text
    assert "<select" in page and "team_name" not in page


def test_of_many_teams_one_is_typed_and_no_list_is_sent(many, cast, as_):
    page = as_(cast.ela).get("/reports/skills").text
    assert 'name="team_name"' in page
    assert "Sığınak" not in page
    # Whoever sees a few of them still chooses.
    assert "team_name" not in as_(cast.chloe).get("/reports/skills").text


@pytest.mark.parametrize("words", ["ours", "  OURS ", "our"])
def test_a_name_or_the_part_of_one_is_understood(many, cast, as_, words):
    page = as_(cast.ela).get("/reports/skills_matrix", query_string={"team_name": words}).text
    assert "in the team Ours" in page
    rows = page[page.index("<tbody>", page.index('id="rows"')) :]
    assert "Amir Kaya" in rows
    assert "Gus Çelik" not in rows


def test_what_is_reached_by_a_link_stands_there_by_name(many, cast, as_):
    ours = db.session.scalar(select(Team.id).where(Team.name == "Ours"))
    page = as_(cast.ela).get(f"/reports/skills_matrix?team={ours}").text
    assert 'name="team_name" type="text" value="Ours"' in page
    assert 'value="Ours"' in as_(cast.ela).get(f"/reports/table?rows=skills_matrix&team={ours}").text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("iğdır", "Team: “iğdır” stands in 2 names, such as Iğdır Çarşı, Iğdır İstasyon. Please write one of them in full."),
        ("IĞDIR", "stands in 2 names"),
        ("nowhere", "Team: “nowhere” is nothing we know."),
    ],
)
def test_words_that_fit_several_or_none_are_told_and_kept(many, cast, as_, words, says):
    page = as_(cast.ela).get("/reports/skills_matrix", query_string={"team_name": words}).text
    assert says in page
    assert f'value="{words}"' in page
    assert taken(as_(cast.ela), "skills_matrix", team_name=words).status_code == 422
    assert exports() == []


def test_a_table_of_ones_own_takes_the_name_too(many, cast, as_):
    page = as_(cast.ela).get("/reports/table", query_string={"rows": "skills_matrix", "team_name": "theirs"}).text
    assert "in the team Theirs" in page


def test_nobody_is_told_the_name_of_a_team_she_may_not_see(many, cast, as_):
    page = as_(cast.chloe).get("/reports/skills_matrix", query_string={"team_name": "iğdır"}).text
    assert "Team: “iğdır” is nothing we know." in page
    assert "Çarşı" not in page
