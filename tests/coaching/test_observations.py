"""Watching somebody work, and telling her what one saw."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from trainee import evidence
from trainee.coaching import Line, Observation, ObservationLine, acknowledge, observe
from trainee.evidence import Evidence
from trainee.kit.db import db
from trainee.kit.errors import Refusal

PAGE = "/people/{}/observations/new"


@pytest.fixture
def seen(at):
    """What Chloe fills in about Amir."""
    return {
        "skill": ["empathy", "greeting"],
        "seen_at": "2026-03-11T11:30",
        "channel": "phone",
        "level_empathy": "2",
        "level_greeting": "3",
        "note_empathy": "Interrupted twice.",
        "shared": "A warm greeting. Let her finish next time.",
        "receipt": "form-1",
    }


@pytest.fixture
def watched(cast, at):
    """An observation of Amir by Chloe."""
    lines = [Line("empathy", 1, "Interrupted twice."), Line("greeting", 3), Line("flexibility", None)]
    made = observe(
        observer_id=cast.chloe, person_id=cast.amir, seen_at=at, channel="phone", lines=lines, shared="Well greeted.", receipt="r-1", at=at
    )
    db.session.commit()
    return made


def the_log():
    return list(db.session.execute(select(Evidence).order_by(Evidence.skill_key)).scalars())


def test_a_supervisor_watches_and_each_line_that_was_seen_becomes_evidence(cast, as_, seen):
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=seen)
    assert (answer.status_code, answer.location) == (303, f"/people/{cast.amir}/observations")
    empathy, greeting = the_log()
    assert empathy.score == pytest.approx(1 / 3)
    assert greeting.score == pytest.approx(2 / 3)
    kept = db.session.execute(select(Observation)).scalar_one()
    assert (empathy.item, empathy.receipt) == (f"observer/{cast.chloe}/empathy", f"observation_line/{kept.id}/empathy")
    assert (empathy.source, empathy.actor_id, empathy.person_id) == ("observation_line", cast.chloe, cast.amir)
    # Noon in Istanbul is nine in UTC: what was typed was meant in the observer's own zone.
    assert (kept.seen_at.hour, kept.seen_at.minute) == (8, 30)


def test_pressing_save_twice_records_it_once(cast, as_, seen):
    for _press in range(2):
        assert as_(cast.chloe).post(PAGE.format(cast.amir), data=seen).status_code == 303
    assert len(the_log()) == 2
    assert db.session.execute(select(func.count()).select_from(Observation)).scalar() == 1


def test_a_strangers_form_is_sent_to_sign_in(as_, cast, seen):
    assert as_(None).get(PAGE.format(cast.amir)).status_code == 302
    assert as_(None).post(PAGE.format(cast.amir), data=seen).status_code == 401
    assert the_log() == []


@pytest.mark.parametrize("who", ["dev", "beth", "max", "zoe", "gus"])
def test_who_may_not_know_of_amir_is_told_there_is_no_such_person(cast, as_, seen, who):
    assert as_(getattr(cast, who)).post(PAGE.format(cast.amir), data=seen).status_code == 404
    assert the_log() == []


@pytest.mark.parametrize("who", ["chloe", "hana", "iris", "ferit"])
def test_those_above_him_the_dotted_line_and_a_trainer_may_observe(cast, as_, seen, who):
    assert as_(getattr(cast, who)).post(PAGE.format(cast.amir), data=seen).status_code == 303


@pytest.mark.parametrize("who", ["ela", "ada"])
def test_hr_and_the_administrator_may_know_of_him_and_not_observe(cast, as_, seen, who):
    answer = as_(getattr(cast, who)).post(PAGE.format(cast.amir), data=seen)
    assert answer.status_code == 403
    assert "supervisors and trainers" in answer.text
    assert the_log() == []


@pytest.mark.parametrize("who", ["amir", "chloe", "ferit"])
def test_nobody_observes_herself(cast, as_, seen, who):
    me = getattr(cast, who)
    answer = as_(me).post(PAGE.format(me), data=seen)
    assert answer.status_code == 403
    assert "Nobody observes herself" in answer.text


def test_the_action_and_the_database_refuse_oneself_too(cast, at):
    with pytest.raises(Refusal, match="herself"):
        observe(observer_id=cast.amir, person_id=cast.amir, seen_at=at, channel="phone", lines=[Line("empathy", 3)], shared="", receipt="r", at=at)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"level_empathy": ""}, "choose a level"),
        ({"level_empathy": "1", "note_empathy": " "}, "what you saw or heard"),
        ({"level_greeting": "4"}, "what you saw or heard"),
        ({"critical_greeting": "disrespect"}, "what you saw or heard"),
        ({"level_empathy": "0", "level_greeting": "0"}, "None of these skills was seen"),
        ({"seen_at": ""}, "date and the time"),
        ({"seen_at": "2999-01-01T10:00"}, "has not come yet"),
        ({"level_empathy": "7"}, "Not a valid choice"),
        ({"channel": "pigeon"}, "Not a valid choice"),
        ({"skill": []}, "at least one skill"),
        ({"skill": ["nonsense"]}, "at least one skill"),
    ],
)
def test_a_form_that_wants_something_says_so_and_keeps_nothing(cast, as_, seen, change, says):
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=seen | change)
    assert answer.status_code == 422
    assert says in answer.text
    assert the_log() == []
    if "skill" not in change:
        assert "A warm greeting." in answer.text


def test_more_than_six_skills_are_refused(cast, as_):
    many = ["greeting", "empathy", "needs-discovery", "reliability", "trust-building", "flexibility", "complaint-handling"]
    answer = as_(cast.chloe).get(PAGE.format(cast.amir), query_string={"skill": many})
    assert answer.status_code == 422
    assert "Six skills at most" in answer.text


def test_the_form_shows_the_anchors_in_the_readers_language(cast, as_):
    client = as_(cast.chloe)
    assert "Interrupts and becomes defensive" in client.get(PAGE.format(cast.amir), query_string={"skill": "empathy"}).text
    client.post("/language", data={"language": "tr"})
    assert "Söz keser, savunmaya geçer" in client.get(PAGE.format(cast.amir), query_string={"skill": "empathy"}).text


def test_a_critical_error_counts_as_level_one_whatever_was_chosen(cast, at):
    lines = [Line("trust-building", 4, "Read the card number aloud.", "data-breach")]
    observe(observer_id=cast.chloe, person_id=cast.amir, seen_at=at, channel="shop", lines=lines, shared="", receipt="r", at=at)
    (row,) = the_log()
    assert row.score == 0
    assert row.detail["critical"] == "data-breach"
    assert db.session.execute(select(ObservationLine.level)).scalar_one() == 4


def test_what_was_not_seen_is_kept_and_makes_no_evidence(watched):
    assert {row.skill_key for row in the_log()} == {"empathy", "greeting"}
    assert db.session.execute(select(func.count()).select_from(ObservationLine)).scalar() == 3


def test_observing_moves_the_observed_line_of_the_profile(watched, cast):
    assert evidence.sources["observation_line"].line == "observed"
    assert {row.skill for row in evidence.in_order([cast.amir])} == {"empathy", "greeting"}


@pytest.mark.parametrize("who", ["amir", "chloe", "hana", "iris", "ela"])
def test_the_observed_her_line_and_hr_may_read_it(cast, as_, watched, who):
    text = as_(getattr(cast, who)).get(f"/observations/{watched}").text
    assert "Interrupted twice." in text
    assert "Well greeted." in text
    assert "Interrupts and becomes defensive" in text


@pytest.mark.parametrize("who", ["beth", "dev", "gus", "ferit", "max", "zoe"])
def test_nobody_else_is_told_that_there_is_one(cast, as_, watched, who):
    client = as_(getattr(cast, who))
    assert client.get(f"/observations/{watched}").status_code == 404
    assert client.post(f"/observations/{watched}/acknowledgement").status_code == 404
    listing = client.get(f"/people/{cast.amir}/observations")
    assert "Empathy 1" not in listing.text


def test_amir_says_that_he_has_read_it_and_only_the_first_time_counts(cast, as_, watched, at):
    for _press in range(2):
        assert as_(cast.amir).post(f"/observations/{watched}/acknowledgement").status_code == 303
    found = db.session.get_one(Observation, watched)
    first = found.acknowledged_at
    assert first is not None
    assert acknowledge(found, at + timedelta(days=900)) is False
    assert found.acknowledged_at == first
    assert "not yet" not in as_(cast.chloe).get(f"/observations/{watched}").text


def test_his_supervisor_cannot_say_so_for_him(cast, as_, watched):
    answer = as_(cast.chloe).post(f"/observations/{watched}/acknowledgement")
    assert answer.status_code == 403
    assert "has read it" in answer.text


def test_a_former_supervisor_reads_what_she_wrote_and_nothing_since(cast, as_, watched, at, person):
    observe(
        observer_id=cast.hana, person_id=cast.amir, seen_at=at, channel="chat", lines=[Line("greeting", 2)], shared="Later.", receipt="r-2", at=at
    )
    from_hana = db.session.execute(select(Observation.id).where(Observation.receipt == "r-2")).scalar_one()
    db.session.execute(Observation.__table__.metadata.tables["reporting_line"].update().values(until=at))
    db.session.commit()
    assert as_(cast.chloe).get(f"/observations/{watched}").status_code == 200
    assert as_(cast.chloe).get(f"/observations/{from_hana}").status_code == 404
    assert as_(cast.chloe).get(f"/people/{cast.amir}/observations").status_code == 404


def test_the_lists_show_ones_own_and_what_one_wrote(cast, as_, watched):
    mine = as_(cast.amir).get("/observations").text
    assert "Empathy 1" in mine
    assert "to read" in mine
    assert as_(cast.amir).get(f"/people/{cast.amir}/observations").location == "/observations"
    assert "Amir Kaya" in as_(cast.chloe).get("/observations?show=by-me").text
    assert "Empathy 1" in as_(cast.chloe).get(f"/people/{cast.amir}/observations").text
    assert "Nobody has observed you yet" in as_(cast.beth).get("/observations").text
    assert as_(None).get("/observations").status_code == 302


def test_a_trainer_finds_whom_to_observe_by_any_spelling_and_an_employee_is_told_it_is_not_for_her(cast, as_):
    assert "Beth Öğüt" in as_(cast.ferit).get("/observations/people?q=OGUT").text
    chloes = as_(cast.chloe).get("/observations/people").text
    assert "Amir Kaya" in chloes
    assert "Gus Çelik" not in chloes
    assert as_(cast.beth).get("/observations/people").status_code == 403
    assert as_(None).get("/observations/people").status_code == 302


def test_the_list_costs_the_same_for_one_observation_as_for_thirty(cast, as_, at, watched, counting):
    client = as_(cast.amir)
    client.get("/observations")
    counting.clear()
    client.get("/observations")
    few = len(counting)
    for number in range(29):
        lines = [Line("empathy", 2), Line("greeting", 3)]
        observe(observer_id=cast.chloe, person_id=cast.amir, seen_at=at, channel="chat", lines=lines, shared="", receipt=f"n{number}", at=at)
    db.session.commit()
    counting.clear()
    client.get("/observations")
    assert len(counting) == few <= 5
