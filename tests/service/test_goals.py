"""What teams want to reach together: set with the figure of the day, seen by whom it concerns, and closed with what came of it."""

from datetime import date

import pytest

from trainee.dashboards import goals as figures
from trainee.dashboards.chain import Figure
from trainee.dashboards.goals import MEASURES
from trainee.kit.db import db
from trainee.people import Person, RoleHeld
from trainee.service import goals

FORM = {
    "title_tr": "Dokuzu memnun",
    "title_en": "Nine of ten satisfied",
    "why_tr": "Geri gelirler.",
    "why_en": "They come back.",
    "measure": "seen",
    "target": "90",
    "due_on": "2999-01-31",
    "receipt": "once",
}


def team_of(person_id):
    return db.session.get_one(Person, person_id).team_id


@pytest.mark.parametrize(
    ("target", "begin", "now", "state", "way"),
    [
        (0.9, Figure("share", 0.7, 50, 0.6, 0.8), Figure("share", 0.91, 60, 0.85, 0.96), "reached", 100),
        (0.9, Figure("share", 0.7, 50, 0.6, 0.8), Figure("share", 0.8, 60, 0.72, 0.87), "on", 50),
        (0.9, Figure("share", 0.7, 50, 0.6, 0.8), Figure("share", 0.75, 60, 0.65, 0.83), "chance", 25),
        (0.9, Figure("share", 0.7, 50, 0.6, 0.8), Figure("share", 0.65, 60, 0.55, 0.75), "off", 0),
        (0.9, Figure("share", 0.7, 50, 0.6, 0.8), Figure("share", None, 4), "few", None),
        (0.9, Figure("share", None, 4), Figure("share", 0.8, 60, 0.72, 0.87), "off", None),
        # A share of people who are all counted has no interval: nearer is nearer.
        (0.9, Figure("share", 0.5, 12), Figure("share", 0.75, 12), "on", 62),
    ],
)
def test_how_a_goal_stands_takes_chance_into_account(target, begin, now, state, way):
    assert figures.state(target, begin, now) == state
    assert figures.way_done(target, begin, now) == way


def test_the_figure_of_a_goal_is_that_of_its_teams_and_of_everybody_without_any():
    sums = {1: (20, 10, 2), 2: (20, 18, 0), None: (10, 0, 10)}
    assert figures.figure_of(MEASURES["satisfied"], sums, [2]).value == 0.9
    assert figures.figure_of(MEASURES["satisfied"], sums, []).value == 28 / 50
    assert figures.figure_of(MEASURES["recommend"], sums, [1, 2]).value == 26 / 40
    assert figures.figure_of(MEASURES["level"], sums, [2]).value == pytest.approx(1 + 3 * 0.9)
    assert figures.figure_of(MEASURES["satisfied"], {1: (11, 11, 0)}, [1]).value is None
    assert figures.figure_of(MEASURES["seen"], {1: (5, 4, 5)}, [1]).low is None


def test_hr_sets_a_goal_for_all_and_everybody_sees_it(as_, cast):
    ela = as_(cast.ela)
    for _twice in range(2):
        assert ela.post("/goals/new", data=FORM).location.endswith("/goals/1")
    for who in (cast.amir, cast.dev, cast.max):
        assert "Nine of ten satisfied" in as_(who).get("/goals").text
    assert "What we want to reach together" in as_(cast.chloe).get("/team").text
    assert "All teams" in as_(cast.amir).get("/goals/1").text


def test_a_goal_of_one_team_is_read_by_that_team_and_by_who_leads_it(as_, cast):
    chloe, own = as_(cast.chloe), {**FORM, "teams": str(team_of(cast.amir))}
    assert "choose at least one team" in chloe.post("/goals/new", data=FORM).text
    assert "choose at least one team" in chloe.post("/goals/new", data={**FORM, "teams": str(team_of(cast.gus))}).text
    # Who may read every team's goals as well still sets them for her own, and for no other.
    for role in ("trainer", "executive"):
        db.session.add(RoleHeld(person_id=cast.chloe, role=role))
        db.session.commit()
        assert f'value="{team_of(cast.amir)}"' in chloe.get("/goals/new").text
        assert f'value="{team_of(cast.gus)}"' not in chloe.get("/goals/new").text
    assert chloe.post("/goals/new", data=own).status_code == 303
    assert as_(cast.amir).get("/goals/1").status_code == as_(cast.ela).get("/goals/1").status_code == 200
    assert as_(cast.dev).get("/goals/1").status_code == as_(cast.zoe).get("/goals/1").status_code == 404
    assert "Nine of ten" not in as_(cast.dev).get("/goals").text
    assert as_(cast.amir).post("/goals/1/closure", data={"outcome": "x"}).status_code == 403
    assert "in a sentence what came of it" in chloe.post("/goals/1/closure", data={"outcome": " "}).text
    for words in ("We looked on Fridays.", "Something else."):
        chloe.post("/goals/1/closure", data={"outcome": words})
    shown = as_(cast.amir).get("/goals").text
    assert "We looked on Fridays." in shown and "Something else." not in shown


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"target": "101"}, "a number between 1 and 100"),
        ({"target": "viel"}, "a number between 1 and 100"),
        ({"target": "nan"}, "a number between 1 and 100"),
        ({"measure": "level", "target": "4,5"}, "a number between 1.1 and 4"),
        ({"due_on": "2020-01-01"}, "choose a day ahead"),
        ({"measure": "money"}, "choose one of these"),
        ({"title_en": ""}, "fill this in"),
    ],
)
def test_what_is_wrong_with_a_goal_is_told(as_, cast, change, says):
    answer = as_(cast.ela).post("/goals/new", data={**FORM, **change})
    assert answer.status_code == 422 and says in answer.text


def test_every_figure_is_worked_out_of_an_empty_company_too(app, cast, at):
    for measure in MEASURES.values():
        figure = figures.figure_of(measure, measure.sums(at), [])
        assert figure.value is None or measure.key in ("seen", "learnt")
    made = goals.open_goal(
        {"title": {"tr": "a", "en": "a"}, "why": {"tr": "a", "en": "a"}},
        measure="gone",
        target=1,
        due_on=date(2999, 1, 1),
        teams=[],
        begin=figures.plain(Figure("share", None, 0)),
        today=at.date(),
        receipt="g",
        at=at,
        by_id=cast.ela,
    )
    # A figure that another version of the program no longer has stops no page.
    assert figures.figures_now(goals.goals_of(None), at) == {} and made == 1
