"""Watching somebody work, and telling her what one saw."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from trainee import evidence, profile
from trainee.coaching import Around, Line, Observation, ObservationLine, acknowledge, observe
from trainee.coaching.observations import ObservationDraft, decide, dispute, disputes, release, review_self
from trainee.evidence import Evidence
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.words import Text
from trainee.skills.scorecards import Scorecard, ScoreLine, current_card, current_cards, publish
from trainee.timetable import release_observations

PAGE = "/people/{}/observations/new"


@pytest.fixture
def seen(at):
    """What Chloe fills in about Amir."""
    return {
        "card_id": str(current_card("phone").id),
        "rest": "y",
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
    made = db.session.execute(select(Observation.id)).scalar_one()
    assert (answer.status_code, answer.location) == (303, f"/observations/{made}")
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


def test_the_form_says_beforehand_what_a_line_lacks(cast, as_, seen):
    html = as_(cast.chloe).get(PAGE.format(cast.amir)).text
    lines = re.split(r'<section class="card card-line"', html)[1:]
    for line in lines:
        asked = re.findall(r'data-words-missing="([^"]+)"', line)
        assert "level" in asked[0] or ("Every contact begins somehow" in asked[0] and 'id="line-greeting"' in line)
        assert asked[1].startswith("Please write what you saw or heard: a low mark, a top mark")
    assert "Except the greeting" in html
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=seen | {"level_empathy": "1", "note_empathy": ""})
    label = answer.text.split('<label class="label" for="note_empathy">')[1].split("</label>")[0]
    assert "optional" not in label


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"level_empathy": "", "rest": ""}, "choose a level"),
        ({"level_greeting": ""}, "Every contact begins somehow"),
        ({"opening": "7"}, "Not a valid choice"),
        ({"first_seconds": "12,5"}, "whole seconds, from 0 to 3,600"),
        ({"first_seconds": "3601"}, "whole seconds, from 0 to 3,600"),
        ({"respectful": "no"}, "not respectful or not professional"),
        ({"contact": "x" * 121}, "has 121 characters"),
        ({"level_empathy": "1", "note_empathy": " "}, "what you saw or heard"),
        ({"level_greeting": "4"}, "what you saw or heard"),
        ({"critical_greeting": "disrespect"}, "what you saw or heard"),
        ({"level_empathy": "0", "level_greeting": "0"}, "None of these skills was seen"),
        ({"seen_at": ""}, "date and the time"),
        ({"seen_at": "2999-01-01T10:00"}, "has not come yet"),
        ({"level_empathy": "7"}, "Not a valid choice"),
        ({"channel": "pigeon"}, "Not a valid choice"),
    ],
)
def test_a_form_that_wants_something_says_so_and_keeps_nothing(cast, as_, seen, change, says):
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=seen | change)
    assert answer.status_code == 422
    assert says in answer.text
    assert the_log() == []
    assert "A warm greeting." in answer.text


@pytest.mark.parametrize("card_id", ["", "0", "999999", "nonsense", "9" * 30])
def test_a_form_of_no_card_is_told_in_a_sentence(cast, as_, seen, card_id):
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=seen | {"card_id": card_id})
    assert answer.status_code == 409
    assert "cannot be read any more" in answer.text
    assert the_log() == []


def test_the_form_shows_the_anchors_in_the_readers_language(cast, as_):
    client = as_(cast.chloe)
    assert "Interrupts and becomes defensive" in client.get(PAGE.format(cast.amir), query_string={"card": "phone"}).text
    client.post("/language", data={"language": "tr"})
    assert "Söz keser, savunmaya geçer" in client.get(PAGE.format(cast.amir), query_string={"skill": "empathy"}).text


def test_the_form_opens_on_the_card_used_last_and_on_one_that_has_the_skill(cast, as_, seen):
    client = as_(cast.chloe)
    client.post(PAGE.format(cast.amir), data=seen)
    again = client.get(PAGE.format(cast.amir)).text
    assert f'name="card_id" value="{current_card("phone").id}"' in again
    assert 'id="line-service-environment"' in client.get(PAGE.format(cast.amir), query_string={"skill": "service-environment"}).text


def test_lines_come_in_the_order_of_the_card_with_the_first_step_first_and_required(cast, as_):
    text = as_(cast.chloe).get(PAGE.format(cast.amir), query_string={"card": "phone"}).text
    places = [text.index(f'id="line-{skill}"') for skill in current_card("phone").skills]
    assert places == sorted(places)
    assert 'name="level_greeting" value="1" required' in text
    assert 'name="level_empathy" value="1">' in text


def test_the_seconds_until_the_first_word_are_counted_where_somebody_waits_for_it(cast, as_, seen):
    chloe, where = as_(cast.chloe), PAGE.format(cast.amir)
    for key, asked in {"shop": True, "phone": True, "chat": True, "email": False, "meeting": False}.items():
        assert ('name="first_seconds"' in chloe.get(where, query_string={"card": key}).text) is asked, key
    wrong = chloe.post(where, data=seen | {"first_seconds": "soon"})
    assert wrong.status_code == 422 and 'value="soon"' in wrong.text and 'id="first_seconds-errors"' in wrong.text
    page = chloe.get(chloe.post(where, data=seen | {"first_seconds": " 0 "}).location).text
    assert "Until the first word" in page and "0 seconds" in page
    assert db.session.execute(select(Observation.first_seconds)).scalar_one() == 0
    with pytest.raises(Refusal, match="whole seconds"):
        observe(
            observer_id=cast.chloe,
            person_id=cast.amir,
            seen_at=db.session.execute(select(Observation.seen_at)).scalar_one(),
            channel="phone",
            lines=[Line("empathy", 2)],
            shared="",
            receipt="early",
            at=db.session.execute(select(Observation.recorded_at)).scalar_one(),
            around=Around(first_seconds=-1),
        )


def test_what_stands_around_the_lines_is_kept_and_a_contact_without_respect_is_at_one_as_a_whole(cast, as_, seen):
    around = {"contact": " CALL-17 ", "opening": "4", "respectful": "no", "professional": "yes", "conduct": "Called her a liar."}
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=seen | around)
    kept = db.session.execute(select(Observation)).scalar_one()
    assert (kept.contact, kept.opening, kept.respectful, kept.professional) == ("CALL-17", 4, False, True)
    assert (kept.card_id, kept.first_seconds) == (current_card("phone").id, None)
    page = as_(cast.amir).get(answer.location).text
    assert "1.0 of 4" in page
    assert "Called her a liar." in page
    assert "It was marked 3. A critical error stands above the mark" in page
    # The marks stay what they were, and what counts of each is level 1.
    assert {row.skill_key: row.level for row in db.session.scalars(select(ObservationLine)) if row.level} == {"empathy": 2, "greeting": 3}
    assert [(row.score, row.item) for row in the_log()] == [(0, f"contempt/{cast.chloe}/{skill}") for skill in ("empathy", "greeting")]


def mocked(cast, receipt, level=4, respectful=False, at=None, **more):
    lines = [Line(skill, level, "Word by word.") for skill in ("empathy", "trust-building")] + [Line("greeting", None)]
    around = Around(respectful=respectful, conduct="" if respectful else "Mocked the customer.")
    at = at or now()
    made = observe(
        observer_id=cast.chloe,
        person_id=cast.amir,
        seen_at=at,
        channel="phone",
        lines=lines,
        shared="",
        receipt=receipt,
        at=at,
        around=around,
        **more,
    )
    db.session.commit()
    return made


def expected_of(cast, skill="trust-building", at=None):
    return profile.levels(cast.amir, at or now())[skill].figure.expected


def test_a_contact_without_respect_raises_no_skill_and_the_reason_stands_beside_the_evidence(cast, as_):
    mocked(cast, "fine", respectful=True, at=now() - timedelta(days=2))
    before = expected_of(cast)
    mocked(cast, "mocked")
    assert expected_of(cast) < before - 0.05
    at = now()
    kept = expected_of(cast, at=at)
    profile.rebuild(at)
    assert expected_of(cast, at=at) == pytest.approx(kept, abs=1e-12)
    why = as_(cast.amir).get("/skills/trust-building").text
    assert why.count("a contact without respect: every line counts as level 1") == 1


def test_a_contact_without_respect_that_waits_for_a_self_review_counts_as_level_1_once_it_is_shown(cast, as_):
    made = mocked(cast, "waits", self_review=True)
    assert the_log() == []
    release(db.session.get_one(Observation, made), now())
    assert [row.score for row in the_log()] == [0, 0]


def test_each_line_of_a_contact_without_respect_can_be_disputed_and_with_the_last_the_whole(cast, as_):
    made = mocked(cast, "mocked")
    found = db.session.get_one(Observation, made)
    page = as_(cast.amir).get(f"/observations/{made}").text
    assert "every line that was marked moves its skill as level 1" in page
    assert page.count('name="skill"') == 2
    for place, skill in enumerate(("empathy", "trust-building")):
        number = dispute(found, skill, "It was a joke of hers.", now())
        decide(disputes.opened(number), by_id=cast.hana, outcome="changed", level=4, reply="The recording says so.", at=now())
        db.session.commit()
        page = as_(cast.amir).get(f"/observations/{made}").text
        assert page.count("A critical error stands above the mark") == 1 - place
    standing = {row.receipt for row in the_log() if row.retracts_id is None}
    scores = {row.skill: row.score for row in evidence.standing(sorted(standing)).values()}
    assert scores == {"empathy": 1, "trust-building": 1}


def test_lines_from_before_the_rule_count_as_they_were_marked_and_say_so(cast, as_):
    made = mocked(cast, "old")
    db.session.execute(update(ObservationLine).values(critical=None))
    db.session.commit()
    page = as_(cast.amir).get(f"/observations/{made}").text
    assert "written down before a contact without respect counted in every line" in page
    assert "A critical error stands above" not in page


def test_what_goes_beyond_the_product_is_marked_by_itself_from_nought_to_three(cast, as_, seen):
    chloe, where = as_(cast.chloe), PAGE.format(cast.amir)
    for card in current_cards():
        form = chloe.get(where, query_string={"card": card.key}).text
        assert ('name="beyond" value="3"' in form) is (card.channel != "meeting"), card.key
        assert ("Offered care that is not the product" in chloe.get(f"/scorecards/{card.key}").text) is (card.channel != "meeting"), card.key
    for typed, kept, told in (("0", 0, "0 of 3 · The matter alone"), ("3", 3, "3 of 3 · Offered care"), ("", None, ""), (None, None, "")):
        answer = chloe.post(where, data=seen | {"receipt": f"beyond-{typed}"} | ({} if typed is None else {"beyond": typed}))
        page = chloe.get(answer.location).text
        assert db.session.scalar(select(Observation.beyond).order_by(Observation.id.desc()).limit(1)) == kept
        assert (told in page) and ("of 3 ·" in page) is (kept is not None)
    # It stands apart: of each of the four contacts the two lines are evidence, and nothing else.
    assert len(the_log()) == 8


@pytest.mark.parametrize("typed", ["4", "-1", "1.5", "many"])
def test_more_than_three_beyond_the_product_is_refused_and_nothing_is_kept(cast, as_, seen, typed):
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=seen | {"beyond": typed})
    assert answer.status_code == 422
    assert "Not a valid choice" in answer.text
    assert the_log() == []


def test_the_action_takes_no_mark_beyond_three_either(cast, at):
    with pytest.raises(Refusal, match="0 to 3"):
        observe(
            observer_id=cast.chloe,
            person_id=cast.amir,
            seen_at=at,
            channel="phone",
            lines=[Line("empathy", 2)],
            shared="",
            receipt="beyond",
            at=at,
            around=Around(beyond=4),
        )


def test_the_whole_is_weighted_by_the_card_over_what_was_seen(cast, as_, seen):
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=seen)
    # Greeting at 3 weighs 10, empathy at 2 weighs 15.
    assert "2.4 of 4" in as_(cast.amir).get(answer.location).text


def test_an_observation_stays_on_the_version_it_was_made_on(cast, as_, seen, at):
    old = current_card("phone")
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=seen)
    lines = [ScoreLine(skill=one, weight=50 if place else 25, shows=Text("Bak", "Look")) for place, one in enumerate(("greeting", "empathy"))]
    newer = Scorecard(key="phone", title=Text("Yeni", "Anew"), lines=(*lines, ScoreLine(skill="flexibility", weight=25, shows=Text("Bak", "Look"))))
    publish(newer, at)
    db.session.commit()
    assert current_card("phone").number == old.number + 1
    assert "Phone, version 1" in as_(cast.amir).get(answer.location).text
    assert as_(cast.chloe).post(PAGE.format(cast.amir), data=seen | {"receipt": "begun before"}).status_code == 303


# Drafts --------------------------------------------------------------------------------------------------------------


DRAFTS = "/people/{}/observations/drafts"


def test_what_is_typed_is_kept_as_one_goes_and_gone_on_with_on_another_device(cast, as_, seen):
    first = {name: value for name, value in seen.items() if not name.startswith("level_greeting")}
    assert as_(cast.chloe).post(DRAFTS.format(cast.amir), data=first, headers={"X-Fragment": "1"}).status_code == 204
    assert as_(cast.chloe).post(DRAFTS.format(cast.amir), data=first | {"note_empathy": "Interrupted three times."}).status_code == 303
    listed = as_(cast.chloe).get("/observations?show=by-me").text
    assert "Begun: Amir Kaya" in listed
    page = as_(cast.chloe).get(PAGE.format(cast.amir), query_string={"draft": "form-1"}).text
    assert "Interrupted three times." in page
    assert 'name="level_empathy" value="2" checked' in page
    assert "You have begun one" not in page
    assert "You have begun one" in as_(cast.chloe).get(PAGE.format(cast.amir)).text


def test_sending_ends_the_draft_and_a_draft_that_comes_late_brings_nothing_back(cast, as_, seen):
    client = as_(cast.chloe)
    client.post(DRAFTS.format(cast.amir), data=seen)
    client.post(PAGE.format(cast.amir), data=seen)
    assert db.session.execute(select(func.count()).select_from(ObservationDraft)).scalar() == 0
    assert client.post(DRAFTS.format(cast.amir), data=seen, headers={"X-Fragment": "1"}).status_code == 204
    assert db.session.execute(select(func.count()).select_from(ObservationDraft)).scalar() == 0


def test_a_draft_is_its_writers_alone(cast, as_, seen):
    as_(cast.chloe).post(DRAFTS.format(cast.amir), data=seen)
    draft = db.session.execute(select(ObservationDraft)).scalar_one()
    assert "Interrupted twice." not in as_(cast.hana).get(PAGE.format(cast.amir), query_string={"draft": "form-1"}).text
    as_(cast.hana).post(DRAFTS.format(cast.amir), data=seen | {"note_empathy": "Taken over."})
    as_(cast.hana).post(f"/observations/drafts/{draft.id}/removal")
    db.session.expire_all()
    assert db.session.execute(select(ObservationDraft.fields)).scalar_one()["note_empathy"] == ["Interrupted twice."]
    assert as_(cast.beth).post(DRAFTS.format(cast.amir), data=seen).status_code == 404
    as_(cast.chloe).post(f"/observations/drafts/{draft.id}/removal")
    assert db.session.execute(select(func.count()).select_from(ObservationDraft)).scalar() == 0


def test_a_form_that_is_refused_comes_back_as_a_part_for_the_pages_script(cast, as_, seen):
    answer = as_(cast.chloe).post(PAGE.format(cast.amir), data=seen | {"level_empathy": "1", "note_empathy": ""}, headers={"X-Fragment": "1"})
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert "data-swap" in answer.text


# Two who see the same contact ----------------------------------------------------------------------------------------


def see(who, cast, at, level, receipt, contact="CALL-1", **more):
    return observe(
        observer_id=who,
        person_id=cast.amir,
        seen_at=at,
        channel="phone",
        lines=[Line("empathy", level, "What was said."), Line("greeting", 3)],
        shared="",
        receipt=receipt,
        at=at,
        around=Around(contact=contact),
        **more,
    )


def standing():
    """What counts of everything in the log: source, skill and score."""
    gone = {row.retracts_id for row in the_log() if row.retracts_id}
    return sorted((row.source, row.skill_key, round(row.score, 3)) for row in the_log() if row.id not in gone and row.retracts_id is None)


def test_two_who_see_the_same_contact_make_one_row_of_each_line_that_says_more(cast, at):
    see(cast.chloe, cast, at, 2, "one")
    see(cast.ferit, cast, at, 4, "two")
    assert standing() == [("double_observation", "empathy", 0.667), ("double_observation", "greeting", 0.667)]


def test_nobody_scores_the_same_contact_twice(cast, at):
    see(cast.chloe, cast, at, 2, "one")
    with pytest.raises(Refusal, match="scored this contact already"):
        see(cast.chloe, cast, at, 3, "two")


def test_another_contact_and_contacts_without_a_number_are_no_double_observation(cast, at):
    see(cast.chloe, cast, at, 2, "one")
    see(cast.ferit, cast, at, 4, "two", contact="CALL-2")
    see(cast.hana, cast, at, 3, "four", contact="")
    see(cast.iris, cast, at, 3, "five", contact="")
    assert {source for source, *_rest in standing()} == {"observation_line"}


# Self-review first ---------------------------------------------------------------------------------------------------


def test_who_is_asked_first_reads_nothing_and_nothing_counts_until_she_has_said_how_she_saw_it(cast, as_, at):
    made = see(cast.chloe, cast, now(), 1, "one", self_review=True)
    db.session.commit()
    amir = as_(cast.amir)
    assert the_log() == []
    assert amir.get(f"/observations/{made}").location == f"/observations/{made}/self-review"
    assert amir.post(f"/observations/{made}/acknowledgement").location == f"/observations/{made}/self-review"
    listed = amir.get("/observations").text
    assert "first your own view" in listed
    assert "Empathy 1" not in listed
    page = amir.get(f"/observations/{made}/self-review").text
    assert "What was said." not in page
    assert "It does not count" not in page
    assert amir.post(f"/observations/{made}/self-review", data={"note": "x"}).status_code == 422
    given = {"level_empathy": "3", "level_greeting": "0", "note": "I would let her finish."}
    assert amir.post(f"/observations/{made}/self-review", data=given).status_code == 303
    both = amir.get(f"/observations/{made}").text
    assert "What was said." in both
    assert "You: 3" in both
    assert "Own view: 3" in as_(cast.chloe).get(f"/observations/{made}").text
    assert standing() == [("observation_line", "empathy", 0.0), ("observation_line", "greeting", 0.667), ("self_assessment", "empathy", 0.667)]


def test_her_own_view_moves_no_figure(cast, at):
    made = see(cast.chloe, cast, at, 3, "one", self_review=True)
    review_self(db.session.get_one(Observation, made), {"empathy": 1}, "", at)
    lines = [Line("empathy", 3, "What was said."), Line("greeting", 3)]
    observe(observer_id=cast.chloe, person_id=cast.beth, seen_at=at, channel="phone", lines=lines, shared="", receipt="two", at=at)
    his, hers = (profile.levels(one, at)["empathy"] for one in (cast.amir, cast.beth))
    assert his == hers


def test_who_would_rather_not_say_reads_at_once_and_saying_it_twice_changes_nothing(cast, as_, at):
    made = see(cast.chloe, cast, now(), 2, "one", self_review=True)
    db.session.commit()
    assert as_(cast.amir).post(f"/observations/{made}/self-review", data={"decline": "1"}).status_code == 303
    assert "would rather not say" in as_(cast.amir).get(f"/observations/{made}").text
    found = db.session.get_one(Observation, made)
    assert review_self(found, {"empathy": 4}, "", at) is False
    assert len(the_log()) == 2


def test_after_its_date_it_may_be_read_and_the_timetable_makes_it_count(cast, as_, at):
    made = see(cast.chloe, cast, at, 2, "one", self_review=True)
    db.session.commit()
    # Two working days after a Wednesday are long over by now; figures that others read wait for the timetable.
    assert "What was said." in as_(cast.chloe).get(f"/observations/{made}").text
    assert the_log() == []
    release_observations(at + timedelta(days=1))
    assert the_log() == []
    release_observations(at + timedelta(days=5))
    assert len(the_log()) == 2
    release_observations(at + timedelta(days=6))
    assert len(the_log()) == 2


def test_who_reads_it_after_its_date_reads_what_counts_and_may_disagree_whatever_the_timetable_does(cast, as_, at):
    read, unread = (see(cast.chloe, cast, at, 2, name, contact=name, self_review=True) for name in ("one", "two"))
    db.session.commit()
    for _time in range(2):
        page = as_(cast.amir).get(f"/observations/{read}").text
        assert "What was said." in page
        assert f'action="/observations/{read}/disputes"' in page
        assert len(the_log()) == 2
    assert as_(cast.amir).post(f"/observations/{unread}/disputes", data={"skill": "empathy", "reason": "No."}).status_code == 303
    assert len(the_log()) == 4


def test_nobody_else_says_it_for_her(cast, as_):
    made = see(cast.chloe, cast, now(), 2, "one", self_review=True)
    db.session.commit()
    assert as_(cast.chloe).post(f"/observations/{made}/self-review", data={"level_empathy": "4"}).status_code == 403
    assert as_(cast.beth).get(f"/observations/{made}/self-review").status_code == 404


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
    assert "it was read" in answer.text


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
    # What he has not opened tells its marks inside: he may say first how he saw it.
    assert "Empathy 1" not in mine
    assert "to read" in mine
    as_(cast.amir).get(f"/observations/{watched}")
    assert "Empathy 1" in as_(cast.amir).get("/observations").text
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
    assert len(counting) == few <= 7
