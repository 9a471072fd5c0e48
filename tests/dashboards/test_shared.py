"""What many came down in at once is said before anybody is named, and of a person as what it is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from trainee import expectations, profile
from trainee.dashboards.shared import fall_words
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.profile import Fall, calibrations, store
from trainee.profile.models import CALIBRATION

AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
SAID = "9 of 12 people have come down"


@pytest.fixture
def fallen(app):
    """Let the calibration in use say that many came down in empathy in their role-plays."""

    def say(teams=None):
        calibrations.begin(now())
        fall = [teams, "empathy", "practice", (now() - timedelta(days=20)).isoformat(), 12, 9, 0.18]
        db.session.execute(update(CALIBRATION).where(CALIBRATION.c.state == "current").values(falls=[fall]))
        db.session.commit()
        app.extensions.get(store._CACHE, {}).clear()

    return say


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_team_says_it_before_it_names_anybody_and_to_who_leads_such_a_team(as_, cast, fallen):
    fallen()
    team = page(as_(cast.chloe), "/team")
    assert SAID in team
    assert "not of the people" in team
    assert team.index(SAID) < team.index("Amir Kaya")


def test_what_is_said_of_other_teams_is_not_told_here(as_, cast, fallen):
    fallen([987654])
    assert "have come down" not in page(as_(cast.chloe), "/team")


def test_the_page_of_a_person_and_her_own_say_it_and_lead_to_the_process(as_, cast, shows, fallen):
    shows(cast.amir, "empathy", "quiz_answer", 0.95, 14, ago=30)
    shows(cast.amir, "empathy", "roleplay_choice", 0.1, 14)
    fallen()
    for html in (page(as_(cast.amir), "/skills"), page(as_(cast.chloe), f"/people/{cast.amir}")):
        gap = html[html.index('id="gaps"') :]
        assert gap.index("To look at together") < gap.index(SAID) < gap.index("Talk about what gets in the way")
        assert "Ask what has changed before you ask anybody to learn more." in gap
    assert SAID in page(as_(cast.amir), "/skills/empathy")
    # A past day, the map, the report and Today tell of the same gap.
    today = f"?on={local_date(now(), 'Europe/Istanbul')}"
    for url in ("/skills", "/skills/empathy"):
        assert SAID in page(as_(cast.amir), url + today)
    assert "Amir Kaya" in page(as_(cast.chloe), "/team/skills?gap=impact")
    assert "Amir Kaya" not in page(as_(cast.chloe), "/team/skills?gap=practice")
    levels, targets = profile.levels_of([cast.amir], now()), expectations.targets_of([cast.amir], now())
    assert profile.gaps_in_company(levels, targets, {cast.amir: None}, now())[cast.amir]["empathy"].shared is not None
    assert SAID in page(as_(cast.chloe), f"/people/{cast.amir}/coaching")
    row = page(as_(cast.chloe), "/team").partition("Amir Kaya")[2].partition("</li>")[0]
    assert "Many others came down in it at once." in row
    assert "See why" in row
    fallen([987654])
    assert SAID not in page(as_(cast.amir), "/skills")


def test_both_sentences_of_a_fall_are_turkish_to_who_reads_turkish(app):
    with force_locale("tr"):
        words = fall_words(Fall(None, "empathy", "customers", AT, 12, 9, 0.18))
    assert "kişileri değil işin gidişini gösterir" in words
    assert "people" not in words


def test_it_is_said_of_whom_it_is_true(app):
    fall = Fall((3,), "empathy", "observed", AT, 12, 9, 0.184)
    with force_locale("en"):
        assert fall_words(fall, "Phone 2").startswith("Phone 2: 9 of 12 people have come down")
        assert "in how strictly one marks" in fall_words(fall)
        assert fall_words(fall).startswith("In this team 9 of 12")
        assert fall_words(fall._replace(teams=(3, 4))).startswith("In several teams")
        assert fall_words(fall._replace(teams=None)).startswith("In the whole company")
        assert "by 18 points of a hundred" in fall_words(fall)
