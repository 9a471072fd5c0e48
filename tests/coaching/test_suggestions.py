"""Ideas, and the answers they are promised."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from trainee.coaching import Suggestion, answer, note_effect, suggest
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.people import actions as people

IDEA = {"title": "A call-back slot", "problem": "Wrong invoices make people call twice.", "idea": "Offer a time to call back.", "receipt": "s-1"}
REPLY = {"decision": "adopted", "reply": "From Monday on in the script."}


@pytest.fixture
def idea(cast, at):
    """Amir's idea, for Chloe to answer."""
    made = suggest(author_id=cast.amir, at=at, **IDEA)
    db.session.commit()
    return made


def stored():
    return db.session.execute(select(Suggestion)).scalar_one()


def test_an_idea_goes_to_the_direct_supervisor_who_answers_within_a_week(cast, as_):
    sent = as_(cast.amir).post("/suggestions/new", data=IDEA)
    assert sent.status_code == 303
    assert stored().responder_id == cast.chloe
    assert stored().answer_by - stored().asked_at.date() >= timedelta(days=7)
    assert "A call-back slot" in as_(cast.chloe).get("/suggestions").text
    assert "A call-back slot" in as_(cast.amir).get("/suggestions").text


def test_sending_it_twice_makes_one(cast, as_):
    for _press in range(2):
        assert as_(cast.amir).post("/suggestions/new", data=IDEA).status_code == 303
    assert db.session.execute(select(func.count()).select_from(Suggestion)).scalar() == 1


def test_the_promised_day_is_a_week_ahead_where_the_responder_lives(idea):
    assert stored().answer_by == date(2026, 3, 18)


@pytest.mark.parametrize("wanting", ["title", "problem", "idea"])
def test_an_idea_without_its_words_is_told_what_is_missing(cast, as_, wanting):
    answered = as_(cast.amir).post("/suggestions/new", data=IDEA | {wanting: ""})
    assert answered.status_code == 422
    assert "Please" in answered.text
    assert db.session.execute(select(Suggestion)).first() is None


def test_who_has_no_supervisor_is_told_whom_to_ask(cast, as_):
    answered = as_(cast.zoe).post("/suggestions/new", data=IDEA)
    assert answered.status_code == 409
    assert "tell HR" in answered.text


def test_a_stranger_is_sent_to_sign_in(as_, idea):
    for page in ("/suggestions", "/suggestions/new", f"/suggestions/{idea}"):
        assert as_(None).get(page).status_code == 302
    assert as_(None).post(f"/suggestions/{idea}/reply", data=REPLY).status_code == 401


@pytest.mark.parametrize("who", ["beth", "dev", "gus", "max", "ferit"])
def test_who_may_not_know_of_amir_may_not_know_of_his_idea(cast, as_, idea, who):
    client = as_(getattr(cast, who))
    assert client.get(f"/suggestions/{idea}").status_code == 404
    assert client.post(f"/suggestions/{idea}/reply", data=REPLY).status_code == 404
    assert client.post(f"/suggestions/{idea}/effect", data={"effect": "x"}).status_code == 404


@pytest.mark.parametrize("who", ["amir", "ela"])
def test_who_may_read_and_not_answer_is_told_so(cast, as_, idea, who):
    client = as_(getattr(cast, who))
    assert client.get(f"/suggestions/{idea}").status_code == 200
    for deed, data in (("reply", REPLY), ("effect", {"effect": "Fewer calls."})):
        refused = client.post(f"/suggestions/{idea}/{deed}", data=data)
        assert refused.status_code == 403
        assert "somebody else to answer" in refused.text
    assert stored().decision is None


@pytest.mark.parametrize("who", ["chloe", "hana", "iris"])
def test_the_responder_or_somebody_above_amir_answers_once(cast, as_, idea, who):
    me = getattr(cast, who)
    for _press in range(2):
        assert as_(me).post(f"/suggestions/{idea}/reply", data=REPLY).status_code == 303
    assert (stored().decision, stored().answered_by_id) == ("adopted", me)
    assert "From Monday on" in as_(cast.amir).get(f"/suggestions/{idea}").text


def test_a_second_answer_changes_nothing(cast, as_, idea, at):
    answer(idea, by_id=cast.chloe, decision="adopted", reply="Yes.", at=at)
    db.session.commit()
    assert as_(cast.hana).post(f"/suggestions/{idea}/reply", data={"decision": "declined", "reply": "No."}).status_code == 409
    assert stored().reply == "Yes."


@pytest.mark.parametrize("change", [{"decision": ""}, {"decision": "maybe"}, {"reply": "  "}])
def test_an_answer_without_a_decision_or_a_reason_is_told_so(cast, as_, idea, change):
    answered = as_(cast.chloe).post(f"/suggestions/{idea}/reply", data=REPLY | change)
    assert answered.status_code == 422
    assert stored().decision is None


def test_what_came_of_an_adopted_idea_is_written_beside_it(cast, as_, idea, at):
    with pytest.raises(Refusal, match="adopted"):
        note_effect(idea, by_id=cast.chloe, effect="Fewer calls.", at=at)
    as_(cast.chloe).post(f"/suggestions/{idea}/reply", data=REPLY)
    assert as_(cast.chloe).post(f"/suggestions/{idea}/effect", data={"effect": " "}).status_code == 422
    assert as_(cast.chloe).post(f"/suggestions/{idea}/effect", data={"effect": "Repeat calls 21 % to 15 %."}).status_code == 303
    assert "Repeat calls 21 % to 15 %." in as_(cast.amir).get(f"/suggestions/{idea}").text


def test_the_page_costs_the_same_for_one_idea_as_for_twenty(cast, as_, at, idea, counting):
    client = as_(cast.amir)
    counting.clear()
    client.get("/suggestions")
    few = len(counting)
    for number in range(19):
        suggest(author_id=cast.amir, at=at, **IDEA | {"receipt": f"n{number}"})
    db.session.commit()
    counting.clear()
    client.get("/suggestions")
    assert len(counting) == few <= 5


def test_unanswered_past_its_date_it_climbs_once_and_all_three_see_it(cast, as_, idea):
    """The clock is months past the promised day."""
    for who in (cast.amir, cast.chloe, cast.hana):
        text = as_(who).get(f"/suggestions/{idea}").text
        assert "has climbed to Hana" in text
    assert "climbed from Chloe" in as_(cast.hana).get("/suggestions").text
    assert "A call-back slot" in as_(cast.chloe).get("/suggestions").text
    assert as_(cast.hana).post(f"/suggestions/{idea}/reply", data=REPLY).status_code == 303
    for who in (cast.amir, cast.chloe):
        assert "has climbed" not in as_(who).get(f"/suggestions/{idea}").text
    assert "climbed from" not in as_(cast.hana).get("/suggestions").text


def test_while_the_date_holds_it_waits_for_its_responder_alone(cast, as_, at):
    made = suggest(author_id=cast.amir, **IDEA, at=now())
    db.session.commit()
    assert "has climbed" not in as_(cast.amir).get(f"/suggestions/{made}").text
    assert "climbed from" not in as_(cast.hana).get("/suggestions").text


def test_when_the_responder_has_left_it_climbs_at_once(cast, as_, person):
    made = suggest(author_id=cast.amir, **IDEA, at=now())
    people.disable(person(cast.chloe), now(), cast.ela)
    db.session.commit()
    assert "has climbed to Hana" in as_(cast.amir).get(f"/suggestions/{made}").text
    assert "climbed from Chloe" in as_(cast.hana).get("/suggestions").text


def test_who_took_part_is_named_and_reads_it_once_it_is_adopted(cast, as_):
    sent = as_(cast.amir).post("/suggestions/new", data=IDEA | {"together": [str(cast.beth)]})
    assert sent.status_code == 303
    assert as_(cast.beth).get(sent.location).status_code == 404
    assert "With Beth" in as_(cast.amir).get(sent.location).text
    assert "With Beth" not in as_(cast.chloe).get(sent.location).text
    as_(cast.chloe).post(f"{sent.location}/reply", data=REPLY)
    for who in (cast.beth, cast.chloe, cast.amir):
        assert "With Beth" in as_(who).get(sent.location).text


def test_nobody_outside_the_team_is_credited(cast, as_):
    assert as_(cast.amir).post("/suggestions/new", data=IDEA | {"together": [str(cast.gus)]}).status_code == 422
    assert db.session.execute(select(Suggestion)).first() is None
