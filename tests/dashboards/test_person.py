"""The page of one person, assigning and excusing: for those who look after her and nobody else."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from trainee import plans
from trainee.coaching.observations.planned import ASKED
from trainee.coaching.sessions import CoachingSession, agree, arrange
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.i18n import date_words, force_locale
from trainee.people import actions as people
from trainee.plans import Assignment, prepared


def page(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def assignments() -> list[Assignment]:
    return list(db.session.execute(db.select(Assignment).order_by(Assignment.id)).scalars())


@pytest.fixture
def filled():
    """A well-filled form: the greeting module, in a week, for a reason."""
    due = local_date(now(), "Europe/Istanbul") + timedelta(days=7)
    return {"what": "module/greeting", "due_on": due.isoformat(), "why": "For the festival weeks.", "asked_at": now().isoformat()}


def urls(person_id: int) -> list[str]:
    return [f"/people/{person_id}", f"/people/{person_id}/skills/empathy", f"/people/{person_id}/assignments/new"]


def test_a_stranger_is_sent_to_sign_in(as_, cast):
    for url in urls(cast.amir):
        response = as_(None).get(url)
        assert response.status_code == 302
        assert "/sign-in" in response.location


def test_her_supervisors_hr_and_the_administrator_may_look(as_, cast):
    for who in (cast.chloe, cast.hana, cast.iris, cast.ela, cast.ada):
        for url in urls(cast.amir):
            page(as_(who), url)


def test_for_everybody_else_there_is_no_such_person(as_, cast):
    for who in (cast.dev, cast.beth, cast.zoe, cast.max, cast.ferit):
        for url in urls(cast.amir):
            assert as_(who).get(url).status_code == 404
    assert as_(cast.chloe).get("/people/99999").status_code == 404


def test_ones_own_page_is_my_skills(as_, cast):
    assert as_(cast.chloe).get(f"/people/{cast.chloe}").location == "/skills"
    assert as_(cast.chloe).get(f"/people/{cast.chloe}/skills/empathy").location == "/skills/empathy"


def test_nobody_assigns_to_herself_and_is_told_so_in_a_sentence(as_, cast, filled):
    for who in (cast.amir, cast.chloe, cast.ela):
        response = as_(who).post(f"/people/{who}/assignments/new", data=filled)
        assert response.status_code == 403
        assert "not to oneself" in response.get_data(as_text=True)
    assert assignments() == []


def test_the_page_shows_lines_gaps_assignments_and_what_was_seen_lately(as_, cast, shows):
    shows(cast.amir, "empathy", "roleplay_choice", 0.95, 14, ago=20)
    shows(cast.amir, "empathy", "observation_line", 0.0, 8, by=cast.chloe)
    plans.assign(cast.amir, "greeting", at=now(), given_by_id=cast.chloe, why="For the festival weeks.")
    db.session.commit()
    html = page(as_(cast.chloe), f"/people/{cast.amir}")
    assert "To bring to work" in html
    assert "it works in practice and not yet at work" in html
    assert "Seen at work" in html and "Practice" in html
    assert "For the festival weeks." in html
    assert html.count("Was observed at work: 0% of the points.") == 8


def test_of_somebody_new_it_says_where_to_begin(as_, cast):
    html = page(as_(cast.chloe), f"/people/{cast.beth}")
    assert "Nothing is assigned just now." in html
    assert "No evidence yet" in html


def test_assigning_takes_two_taps_with_the_reason_written_from_the_gap(as_, cast, shows):
    shows(cast.amir, "empathy", "quiz_answer", 0.95, 14, ago=30)
    shows(cast.amir, "empathy", "roleplay_choice", 0.1, 14)
    browser = as_(cast.chloe)
    address = f"/people/{cast.amir}/assignments/new?skill=empathy"
    assert address.replace("&", "&amp;") in page(browser, f"/people/{cast.amir}")
    form = page(browser, address)
    chosen = re.findall(r'<option value="([^"]+)" selected>', form)
    assert chosen
    # The step that is worth most is a role-play, and it is asked for by itself.
    assert chosen[0] in {f"roleplay/{part.values['story']}" for part in plans.training().by_skill["empathy"] if part.kind == "roleplay"}
    assert "Empathy: Quizzes stand at" in form
    assert (local_date(now(), "Europe/Istanbul") + timedelta(days=14)).isoformat() in form


def test_a_prepared_reason_is_read_in_the_readers_language_and_a_typed_one_as_typed(as_, cast, shows, filled):
    shows(cast.amir, "empathy", "quiz_answer", 0.95, 14, ago=30)
    shows(cast.amir, "empathy", "roleplay_choice", 0.1, 14)
    browser, address = as_(cast.chloe), f"/people/{cast.amir}/assignments/new?skill=empathy"
    form = page(browser, address)
    why = unescape(re.search(r'<textarea[^>]*name="why"[^>]*>([^<]*)', form)[1]).strip()
    carried = {"skill": "empathy", "why": why, "prepared": unescape(re.search(r'name="prepared" value="([^"]*)"', form)[1])}
    assert browser.post(address, data=filled | carried).status_code == 303
    [one] = assignments()
    assert (one.why, one.prepared["skill"], one.prepared["line"]) == (why, "empathy", "practice")
    assert why in unescape(page(browser, f"/people/{cast.amir}"))
    amir = as_(cast.amir)
    amir.post("/language", data={"language": "tr"})
    told = unescape(page(amir, "/assignments"))
    assert why not in told
    with force_locale("tr"):
        anew = prepared.reason(one.prepared, {})
    assert anew.startswith("Empati: ")
    assert anew in told
    assert browser.post(address, data=filled | carried | {"what": "module/empathy", "why": why + " Try it."}).status_code == 303
    assert assignments()[1].prepared is None
    assert why + " Try it." in unescape(page(amir, "/assignments"))
    # What a form carries is looked at before it is kept.
    for sent in ("[]", "{", '{"of": "gap", "skill": []}', '{"of": "lesson", "module": {}}', ""):
        assert prepared.taken_over(sent, why, {}) is None
        assert prepared.taken_over(sent, "", {}) is None


def test_an_assignment_is_found_on_today_with_its_reason(as_, cast, filled):
    response = as_(cast.chloe).post(f"/people/{cast.amir}/assignments/new", data=filled)
    assert response.status_code == 303
    [one] = assignments()
    assert (one.person_id, one.what, one.given_by_id, one.why) == (cast.amir, "greeting", cast.chloe, "For the festival weeks.")
    assert "For the festival weeks." in page(as_(cast.amir), "/")


def test_pressing_twice_asks_once(as_, cast, filled):
    browser = as_(cast.chloe)
    first, second = (browser.post(f"/people/{cast.amir}/assignments/new", data=filled) for _press in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(assignments()) == 1


def test_what_is_to_be_done_already_is_not_asked_again(as_, cast, filled):
    plans.assign(cast.amir, "greeting", at=now() - timedelta(days=3), given_by_id=cast.ela, why="HR asks everybody.")
    db.session.commit()
    response = as_(cast.chloe).post(f"/people/{cast.amir}/assignments/new", data=filled)
    assert response.status_code == 422
    assert "already has" in response.get_data(as_text=True)
    assert len(assignments()) == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("what", "", "Please choose what is to be done."),
        ("what", "module/juggling", "Not a valid choice"),
        ("what", "greeting", "Not a valid choice"),
        ("ending", "4", "Not a valid choice"),
        ("ending", "²", "Not a valid choice"),
        ("due_on", "2020-01-01", "That day has passed."),
        ("due_on", "tomorrow", "Not a valid date"),
        ("why", "   ", "Please say in a sentence why"),
        ("why", "x" * 501, "500 characters"),
    ],
)
def test_a_bad_form_says_what_is_missing_and_keeps_what_was_typed(as_, cast, filled, field, value, sentence):
    response = as_(cast.chloe).post(f"/people/{cast.amir}/assignments/new", data=filled | {field: value})
    html = response.get_data(as_text=True)
    assert response.status_code == 422
    assert sentence in html
    assert "For the festival weeks." in html or field == "why"
    assert assignments() == []


def test_a_date_may_be_left_open(as_, cast, filled):
    as_(cast.chloe).post(f"/people/{cast.amir}/assignments/new", data=filled | {"due_on": ""})
    assert assignments()[0].due_on is None


def test_a_moment_that_makes_no_sense_is_now(as_, cast, filled):
    as_(cast.chloe).post(f"/people/{cast.amir}/assignments/new", data=filled | {"asked_at": "2999-01-01T00:00:00+00:00"})
    assert assignments()[0].given_at <= now()


@pytest.fixture
def given(app, cast) -> int:
    """An assignment that Amir has."""
    made = plans.assign(cast.amir, "greeting", at=now() - timedelta(days=2), given_by_id=cast.chloe, why="Please.", due_on=date(2020, 1, 1))
    db.session.commit()
    assert made is not None
    return made


def test_excusing_takes_a_reason_and_the_first_one_stays(as_, cast, given):
    browser, url = as_(cast.chloe), f"/people/{cast.amir}/assignments/{given}/excuse"
    assert "Please." in page(browser, url)
    refused = browser.post(url, data={"reason": "  "})
    assert refused.status_code == 422
    assert "Please write the reason." in refused.get_data(as_text=True)
    for reason in ("On parental leave.", "Another reason."):
        assert browser.post(url, data={"reason": reason}).status_code == 303
    [one] = assignments()
    assert one.ended_why == "On parental leave."
    assert browser.get(url).status_code == 409
    assert "late" not in page(as_(cast.amir), "/")


def test_only_her_own_assignments_are_there_to_be_excused(as_, cast, given):
    assert as_(cast.chloe).get(f"/people/{cast.beth}/assignments/{given}/excuse").status_code == 404
    assert as_(cast.dev).post(f"/people/{cast.amir}/assignments/{given}/excuse", data={"reason": "No."}).status_code == 404
    assert as_(cast.amir).post(f"/people/{cast.amir}/assignments/{given}/excuse", data={"reason": "No."}).status_code == 403
    assert assignments()[0].ended_at is None


def test_what_was_excused_stays_on_the_page_with_its_reason(as_, cast):
    given = plans.assign(cast.amir, "greeting", at=now(), given_by_id=cast.chloe, why="Again.")
    db.session.commit()
    browser, url = as_(cast.chloe), f"/people/{cast.amir}"
    assert "1 excused or taken back" not in page(browser, url)
    browser.post(f"{url}/assignments/{given}/excuse", data={"reason": "He is ill until May."})
    assert "He is ill until May." in (shown := page(browser, url))
    assert "1 excused or taken back" in shown


def test_hr_finds_the_account_behind_the_person_and_a_supervisor_does_not(as_, cast):
    assert f"/people/{cast.amir}/account" in page(as_(cast.ela), f"/people/{cast.amir}")
    assert f"/people/{cast.amir}/account" not in page(as_(cast.chloe), f"/people/{cast.amir}")


def test_it_takes_the_same_statements_however_long_the_history(as_, cast, shows, counting):
    browser = as_(cast.chloe)
    shows(cast.amir, "empathy", "observation_line", 0.4, 6, by=cast.chloe)
    url = f"/people/{cast.amir}"
    page(browser, url)
    shows(cast.amir, "empathy", "observation_line", 0.4, 1, ago=0.5, by=cast.chloe)
    counting.clear()
    page(browser, url)
    few = len(counting)
    for ago in (20, 60, 100):
        shows(cast.amir, "greeting", "roleplay_choice", 0.6, 30, ago=ago)
        plans.assign(cast.amir, "greeting", at=now() - timedelta(days=ago), given_by_id=cast.chloe, why="Again.")
    db.session.commit()
    counting.clear()
    drawn = page(browser, url)
    assert len(counting) == few <= 26
    counting.clear()
    assert page(browser, url) == drawn
    # Who asks, the person, whether the asker leads her, which marks she could still give blind, and what tells that nothing has changed of her and
    # of her team.
    assert len(counting) == 6


def test_it_says_that_she_asks_to_be_seen_in_the_place_of_the_advice_to_ask(as_, cast, shows, counting):
    browser, url = as_(cast.chloe), f"/people/{cast.amir}"
    shows(cast.amir, "empathy", "quiz_answer", 1.0, many=14)
    shows(cast.amir, "empathy", "roleplay_choice", 1.0, many=14)
    shows(cast.amir, "empathy", "customer_rating", 0.2, many=30)
    page(browser, url)
    shows(cast.amir, "empathy", "customer_rating", 0.2, many=1, ago=0.5)
    counting.clear()
    plain = page(browser, url)
    few = len(counting)
    assert "Ask for an observation at work" in plain and "Asks to be seen" not in plain
    # One in which that is advised, and one of which no step is shown.
    for one in ("empathy", "greeting"):
        as_(cast.amir).post(f"/skills/{one}/observations")
    counting.clear()
    asked = page(browser, url)
    assert len(counting) == few
    assert "Ask for an observation at work" not in asked
    with force_locale("en"):
        day = date_words(local_date(now(), "Europe/Istanbul") + ASKED)
    for key, name in (("empathy", "Empathy"), ("greeting", "Greeting and first impression")):
        assert asked.count(f"{name}: to be seen at work by {day}.") == 1
        assert f'href="{url}/observations/new?skill={key}"' in asked
    # HR observes nobody, and reads the advice as before.
    assert "Ask for an observation at work" in page(as_(cast.ela), url) and "Asks to be seen" not in page(as_(cast.ela), url)


def test_what_changes_beside_evidence_is_seen_at_once(as_, cast, person, shows):
    browser, url = as_(cast.chloe), f"/people/{cast.amir}"
    then = now() - timedelta(days=2)
    shows(cast.amir, "empathy", "observation_line", 0.4, 6, ago=5, by=cast.chloe)
    assert "Nothing is agreed just now." in page(browser, url)
    made = arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=then, receipt="s1", at=then - timedelta(days=1))
    db.session.commit()
    assert "Promised and not held" in page(browser, url)
    today = local_date(now(), "Europe/Istanbul")
    agree(
        db.session.get(CoachingSession, made),
        by_id=cast.chloe,
        action="Ask first.",
        seen="He began before she had ended.",
        action_by=today,
        follow_up_on=today + timedelta(days=3),
        at=now(),
    )
    db.session.commit()
    assert "Ask first." in page(browser, url)
    people.supervise(person(cast.amir), person(cast.hana), now())
    db.session.commit()
    assert "Supervised by Hana" in page(as_(cast.hana), url)
    person(cast.hana).name = "Hana Yeni"
    db.session.commit()
    assert "Supervised by Hana Yeni" in page(as_(cast.hana), url)
    person(cast.amir).job = "complaints adviser"
    db.session.commit()
    assert "complaints adviser" in page(as_(cast.hana), url)


def test_what_is_said_in_sessions_is_not_for_hr(as_, cast, shows):
    then = now() - timedelta(days=2)
    shows(cast.amir, "empathy", "observation_line", 0.4, 6, ago=5, by=cast.chloe)
    arrange(coach_id=cast.chloe, person_id=cast.amir, skill="empathy", promised_at=then, receipt="s1", at=then - timedelta(days=1))
    db.session.commit()
    assert "Promised and not held" in page(as_(cast.chloe), f"/people/{cast.amir}")
    assert "Promised and not held" not in page(as_(cast.ela), f"/people/{cast.amir}")


@pytest.fixture
def team(app, cast, person, shows) -> list[int]:
    """Beth and three more in Amir's team, all well ahead of him in empathy."""
    others = [cast.beth, cast.gus, cast.zoe, cast.max]
    for one in others:
        person(one).team_id = person(cast.amir).team_id
        shows(one, "empathy", "quiz_answer", 1.0, 16)
    shows(cast.amir, "empathy", "quiz_answer", 0.0, 16)
    db.session.commit()
    return others


def test_that_somebody_is_behind_her_team_is_told_kindly_to_those_who_lead_it_and_to_nobody_else(as_, cast, team):
    said = "Empathy: colleagues in the team are further on just now. Ask what would help."
    for who in (cast.chloe, cast.hana):
        html = page(as_(who), f"/people/{cast.amir}")
        assert said in html
        assert "Only those who lead the team read this." in html
    assert "further on" not in page(as_(cast.ela), f"/people/{cast.amir}")
    for url in ("/", "/skills", "/skills/empathy"):
        assert "further on" not in page(as_(cast.amir), url)
    assert as_(cast.beth).get(f"/people/{cast.amir}").status_code == 404
    assert "further on" not in page(as_(cast.chloe), f"/people/{cast.beth}")


def test_with_too_few_colleagues_or_too_little_evidence_nobody_is_compared(as_, cast, team, person):
    for one in team[:2]:
        person(one).team_id = None
    db.session.commit()
    assert "further on" not in page(as_(cast.chloe), f"/people/{cast.amir}")


def test_the_next_deed_is_one_tap_away_for_who_may_do_it(as_, cast):
    """Watching, preparing and praising stand at the head of the page of whoever leads; HR, who observes nobody, is not offered it."""
    url = f"/people/{cast.amir}"
    for who in (cast.chloe, cast.hana, cast.iris):
        html = as_(who).get(url).text
        assert f'href="{url}/observations/new"' in html and f'href="{url}/observations"' in html
    html = as_(cast.ela).get(url).text
    assert f'href="{url}/observations/new"' not in html and f'href="{url}/observations"' in html


def test_a_role_play_that_would_help_is_what_is_offered_to_assign(as_, cast, shows):
    shows(cast.amir, "empathy", "quiz_answer", 1.0, many=14)
    shows(cast.amir, "empathy", "roleplay_choice", 0.2, many=14)
    html = as_(cast.chloe).get(f"/people/{cast.amir}").text
    link = re.search(r'href="(/people/\d+/assignments/new[^"]*what=roleplay/[^"]+)"', html)
    assert link is not None
    form = as_(cast.chloe).get(link[1].replace("&amp;", "&")).text
    story = re.search(r"what=(roleplay/[\w-]+)", link[1])[1]
    assert f'<option value="{story}" selected' in form or f'<option selected value="{story}"' in form


def test_what_colleagues_show_and_who_is_one_is_seen_at_once(as_, cast, person, shows):
    browser, url = as_(cast.chloe), f"/people/{cast.amir}"
    shows(cast.amir, "empathy", "quiz_answer", 0.0, 16)
    others = [cast.beth, cast.gus, cast.zoe, cast.max]
    for one in others[1:]:
        person(one).team_id = person(cast.amir).team_id
        shows(one, "empathy", "quiz_answer", 1.0, 16)
    db.session.commit()
    assert "further on" in page(browser, url)
    person(cast.gus).team_id = None
    db.session.commit()
    assert "further on" not in page(browser, url)
    shows(cast.beth, "empathy", "quiz_answer", 1.0, 16)
    assert "further on" in page(browser, url)


def test_who_leads_her_no_longer_reads_at_once_no_more_what_only_those_read(as_, cast, person, team):
    people.set_roles(person(cast.hana), ("employee", "supervisor", "hr"), now(), cast.ada)
    db.session.commit()
    browser, url = as_(cast.hana), f"/people/{cast.amir}"
    html = page(browser, url)
    assert "further on" in html and "Coaching and agreements" in html
    people.end_line(cast.chloe, cast.hana, now(), "direct")
    db.session.commit()
    html = page(browser, url)
    assert "further on" not in html and "Coaching and agreements" not in html
