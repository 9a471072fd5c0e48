"""How one is after a talk: asked gently, kept for oneself alone, forgotten after two weeks."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tests.house.world import make_world
from tests.modules.roleplays.test_gentle import played_badly
from trainee import timetable
from trainee.evidence import Evidence
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.modules.library import catalogue_modules
from trainee.modules.reviews import actions as review_actions
from trainee.modules.roleplays import actions, queries
from trainee.modules.roleplays.gentle import KEPT, LATELY, PULSES, Pulse, low
from trainee.modules.roleplays.models import PULSE, RUN

GOOD, SO_SO, HEAVY = PULSES
OFFER = "Something easier now?"
MOMENT = timedelta(seconds=1)


@pytest.fixture
def talk(app, cast):
    """A finished talk of Amir's, the only one."""
    return played_badly(cast.amir, "one").id


def said():
    found = [tuple(row) for row in db.session.execute(select(PULSE.c.person_id, PULSE.c.run_id, PULSE.c.value))]
    db.session.rollback()
    return found


def say(client, run_id, value):
    return client.post(f"/roleplay-runs/{run_id}/pulse", data={"value": value})


def look_back(client, run_id):
    return client.get(f"/roleplay-runs/{run_id}/debrief").text


def pressed(html):
    return re.findall(r'value="([\w-]+)" aria-pressed="true"', html)


def test_low_is_the_heaviest_answer_and_only_for_three_days(at):
    assert low(Pulse(1, HEAVY, at), at + LATELY)
    assert not low(Pulse(1, HEAVY, at), at + LATELY + MOMENT)
    assert not low(Pulse(1, SO_SO, at), at)
    assert not low(Pulse(1, GOOD, at), at)
    assert not low(None, at)


def test_the_look_back_asks_once_and_remembers_what_was_said(as_, cast, talk):
    client = as_(cast.amir)
    html = look_back(client, talk)
    assert "How are you after this talk?" in html
    assert pressed(html) == []
    answer = say(client, talk, SO_SO)
    assert (answer.status_code, answer.location) == (303, f"/roleplay-runs/{talk}/debrief#pulse")
    html = look_back(client, talk)
    assert pressed(html) == [SO_SO]
    assert OFFER not in html


def test_it_is_asked_in_turkish_too(as_, cast, talk, person):
    person(cast.amir).language = "tr"
    db.session.commit()
    html = look_back(as_(cast.amir), talk)
    for words in ("Bu görüşmeden sonra nasılsınız?", "İyiyim", "Şöyle böyle", "Bana ağır geldi"):
        assert words in html


def test_what_was_said_may_be_changed_and_there_is_one_a_talk(as_, cast, talk):
    client = as_(cast.amir)
    for value in (HEAVY, HEAVY, GOOD):
        say(client, talk, value)
    assert said() == [(cast.amir, talk, GOOD)]
    assert OFFER not in look_back(client, talk)


def test_a_talk_that_goes_on_and_an_answer_that_is_none_are_refused(as_, cast, talk):
    client = as_(cast.amir)
    begun = actions.begin(cast.amir, "first-message", "two", now())
    db.session.commit()
    assert say(client, begun, GOOD).status_code == 409
    for wrong in ("", "bad", "x" * 500):
        answer = say(client, talk, wrong)
        assert answer.status_code == 422
        assert "Please choose one of the three answers." in answer.text
    assert said() == []


def test_nothing_is_kept_without_the_forms_token(app, as_, cast, talk, monkeypatch):
    client = as_(cast.amir)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert say(client, talk, HEAVY).status_code == 400
    assert said() == []


def test_a_talk_that_weighs_brings_something_easier_to_the_look_back_and_to_today(as_, cast, talk):
    client = as_(cast.amir)
    assert "Something easier does good now." not in client.get("/").text
    say(client, talk, HEAVY)
    html = look_back(client, talk)
    assert OFFER in html
    assert "Some talks stay with one for a while" in html
    today = client.get("/").text
    assert "Some talks stay with one for a while" in today
    assert "weighs" not in today
    assert today.count("button-primary") == 1


def test_after_the_second_hard_talk_it_says_so_once_whatever_the_pulse(as_, cast, talk):
    client = as_(cast.amir)
    second = played_badly(cast.amir, "two").id
    assert "Two hard talks in a row" in look_back(client, second)
    say(client, second, HEAVY)
    html = look_back(client, second)
    assert OFFER in html
    assert "Two hard talks in a row" not in html


def test_after_two_hard_talks_the_primary_button_leads_to_no_talk_left_open_and_my_skills_says_it_can_wait(as_, cast, talk):
    client = as_(cast.amir)
    played_badly(cast.amir, "two")
    left = actions.begin(cast.amir, "two-at-once", "left", now())
    db.session.commit()
    today = client.get("/").text
    (leads,) = re.findall(r'class="button button-primary[^"]*" href="([^"]+)"', today)
    assert leads != f"/roleplay-runs/{left}#now"
    assert f"/roleplay-runs/{left}#now" in today
    assert "The last two talks were hard ones." in client.get("/skills").text


def test_the_next_look_back_offers_it_too_and_that_of_an_older_talk_does_not(as_, cast, talk):
    client = as_(cast.amir)
    second = played_badly(cast.amir, "two").id
    say(client, second, HEAVY)
    third = played_badly(cast.amir, "three").id
    assert OFFER in look_back(client, third)
    assert OFFER not in look_back(client, talk)


def test_who_is_well_after_the_next_talk_is_left_in_peace(as_, cast, talk):
    client = as_(cast.amir)
    say(client, talk, HEAVY)
    db.session.execute(update(RUN).values(hard=False))
    second = played_badly(cast.amir, "two").id
    say(client, second, GOOD)
    assert "Some talks stay with one" not in client.get("/").text
    assert OFFER not in look_back(client, talk)


def earlier(time):
    db.session.execute(update(PULSE).values(given_at=now() - time))
    db.session.commit()


def test_after_three_days_the_guard_is_silent_again(as_, cast, talk):
    client = as_(cast.amir)
    say(client, talk, HEAVY)
    earlier(LATELY + MOMENT)
    assert "Some talks stay with one" not in client.get("/").text
    html = look_back(client, talk)
    assert OFFER not in html
    assert pressed(html) == [HEAVY]


def test_after_two_weeks_it_is_not_shown_even_where_no_job_runs(as_, cast, talk):
    client = as_(cast.amir)
    say(client, talk, HEAVY)
    earlier(KEPT)
    assert pressed(look_back(client, talk)) == []
    assert queries.pulses_of(cast.amir, now()) == []


def test_of_a_talk_of_long_ago_nobody_asks(as_, cast, talk):
    db.session.execute(update(RUN).where(RUN.c.id == talk).values(finished_at=now() - KEPT - MOMENT))
    db.session.commit()
    assert "How are you after this talk?" not in look_back(as_(cast.amir), talk)


def test_the_job_forgets_what_is_two_weeks_old_and_nothing_younger(as_, cast, talk):
    say(as_(cast.amir), talk, HEAVY)
    given = db.session.scalar(select(PULSE.c.given_at))
    timetable.sweep(given + KEPT - MOMENT)
    db.session.commit()
    assert len(said()) == 1
    timetable.sweep(given + KEPT)
    db.session.commit()
    assert said() == []


def test_it_changes_nothing_else(as_, cast, talk):
    def log():
        return db.session.scalar(select(func.count()).select_from(Evidence)), db.session.execute(select(RUN)).all()

    before = log()
    say(as_(cast.amir), talk, HEAVY)
    assert log() == before


@pytest.mark.parametrize("who", ["beth", "chloe", "hana", "ela", "ada", "ferit", "max"])
def test_nobody_says_it_for_another(as_, cast, talk, who):
    assert say(as_(getattr(cast, who)), talk, GOOD).status_code == 404
    assert said() == []


@pytest.mark.pages
@pytest.mark.parametrize("who", ["chloe", "ela", "ada", "max"])
def test_no_page_reads_it_for_anybody_but_herself(app, as_, cast, at, counting, who):
    """Every address that can be opened: only Today asks for it, and there everybody's own."""
    world = make_world(cast, at)
    db.session.execute(update(PULSE).values(given_at=now()))
    db.session.commit()
    client, readers = as_(getattr(cast, who)), set()
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods:
            continue
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, {name: world[name] for name in rule.arguments}, method="GET")
        counting.clear()
        page = client.get(address)
        if any("role_play_pulse" in statement for statement in counting):
            readers.add(rule.endpoint)
        if page.mimetype == "text/html":
            assert "Some talks stay with one" not in page.text, address
    # Who asks for everything that is held about her is shown her own.
    assert readers <= {"dashboards.today", "privacy.my_data", "privacy.my_data_file"}
    assert "Some talks stay with one" in as_(cast.amir).get("/").text


def test_the_code_names_the_table_in_these_files_only():
    """Whoever wants to read it somewhere else has to come by here."""
    package = Path(timetable.__file__).parent
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if "migrations" not in path.parts and re.search(r"\bPULSE\b|RolePlayPulse|role_play_pulse|\bpulses_of\b", path.read_text("utf-8"))
    }
    roleplays = {f"modules/roleplays/{name}.py" for name in ("models", "queries", "actions", "views")}
    # The inventory, its labels and the words of its values say that it is held and read nothing of it; who asks for all that is held about her
    # reads her own.
    privacy = {f"privacy/{name}.py" for name in ("inventory", "labels", "values", "subject", "anonymising")}
    assert found == {*roleplays, *privacy, "dashboards/queries.py", "modules/reviews/actions.py"}


def test_a_low_pulse_makes_the_turn_of_the_daily_set_an_easy_one(app, cast, as_, talk):
    say(as_(cast.amir), talk, HEAVY)
    hardest = max((story for module in catalogue_modules() for story in module.stories), key=lambda story: story.difficulty)
    easy = review_actions._turn(cast.amir, [hardest], {}, now())
    assert easy is None
    say(as_(cast.amir), talk, GOOD)
    assert review_actions._turn(cast.amir, [hardest], {}, now()) == hardest.id
