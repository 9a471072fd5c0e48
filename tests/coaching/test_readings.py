"""Marks of one contact are given blind, one's own view comes before the other's, and what is planned is met by what answers it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from trainee.coaching import Around, Line, Observation, dispute, observe
from trainee.coaching.draws import draw, picks_of
from trainee.coaching.observations import (
    ObservationReading,
    PlannedObservation,
    decide,
    disputes,
    keep_draft,
    plan,
    planned_for,
    review_self,
    wish_first,
)
from trainee.coaching.observations.queries import badly_conducted
from trainee.evidence import Evidence
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.skills import framework
from trainee.skills.scorecards import current_card

SECRET = "Interrupted three times."


def see(who, cast, moment, receipt, contact="CALL-17", skill="empathy", level=1, **more):
    made = observe(
        observer_id=who,
        person_id=cast.amir,
        seen_at=moment,
        channel="phone",
        lines=[Line(skill, level, SECRET)],
        shared="",
        receipt=receipt,
        at=now(),
        around=Around(contact=contact),
        **more,
    )
    db.session.commit()
    return made


@pytest.fixture
def watched(cast):
    """Chloe has scored CALL-17 of Amir just now."""
    return see(cast.chloe, cast, now() - timedelta(minutes=9), "first")


def form(**change):
    return {
        "card_id": str(current_card("phone").id), "rest": "y", "seen_at": "2026-03-11T11:30", "channel": "phone", "level_greeting": "3",
        "contact": "CALL-17", "receipt": "second",
    } | change  # fmt: skip


# Two who score one contact -------------------------------------------------------------------------------------------


def begin(cast, who, how):
    """Somebody begins to score CALL-17: she types into the form, or chance draws it for her."""
    if how == "types":
        fields = {"contact": ["CALL-17"], "level_greeting": ["3"]}
        keep_draft(observer_id=who, person_id=cast.amir, card_id=current_card("phone").id, receipt="second", fields=fields, at=now())
    else:
        words = {"person_id": cast.amir, "drawn_by_id": who, "kind": "references", "pool": ["CALL-17"], "seed": "s", "wanted": 1}
        assert picks_of(draw(**words, receipt="drawn", at=now()))[0].reference == "CALL-17"
    db.session.commit()


@pytest.mark.parametrize("how", ["types", "draws"])
def test_who_is_about_to_score_the_same_contact_sees_no_mark_of_it_anywhere_until_she_has(cast, as_, watched, how):
    begin(cast, cast.hana, how)
    said = disputes.disputes_of([watched])
    assert said == {watched: {}}
    number = dispute(db.session.get_one(Observation, watched), "empathy", "The line broke.", now())
    db.session.commit()
    hana = as_(cast.hana)
    for page in (f"/observations/{watched}", f"/observations/disputes/{number}"):
        answer = hana.get(page)
        assert answer.status_code == 409
        assert "about to score this contact yourself" in answer.text
        assert SECRET not in answer.text
    assert "Empathy 1" not in hana.get(f"/people/{cast.amir}/observations").text
    assert SECRET not in hana.get(f"/people/{cast.amir}/coaching").text
    # Iris, who is not about to, reads it.
    assert SECRET in as_(cast.iris).get(f"/observations/{watched}").text
    assert hana.post(f"/people/{cast.amir}/observations/new", data=form()).status_code == 303
    assert SECRET in hana.get(f"/observations/{watched}").text


def test_the_page_one_prepares_a_talk_on_tells_the_marks_of_a_contact_when_they_were_read(cast, as_, watched):
    see(cast.chloe, cast, now() - timedelta(minutes=5), "unnumbered", contact="", skill="greeting", level=4)
    hana, page = as_(cast.hana), f"/people/{cast.amir}/coaching"
    level_name, greeting = framework().levels[1].name.of("en"), framework().skill("greeting").name.of("en")
    told = hana.get(page).text
    assert f'href="/observations/{watched}"' in told
    assert f"Empathy: {level_name}" not in told
    # What has no number cannot be scored a second time, and so it is told.
    assert f"{greeting}: {framework().levels[4].name.of('en')}" in told
    assert told.count(SECRET) == 1
    assert hana.post(f"/people/{cast.amir}/observations/new", data=form()).status_code == 303
    hana.get(f"/observations/{watched}")
    assert f"Empathy: {level_name}" in hana.get(page).text
    # Who wrote it has no need to read it.
    assert f"Empathy: {level_name}" in as_(cast.chloe).get(page).text


def test_a_contact_without_respect_comes_first_where_a_talk_is_prepared_and_says_what_was_done(cast, as_):
    bad = observe(
        observer_id=cast.chloe, person_id=cast.amir, seen_at=now() - timedelta(days=3), channel="phone", lines=[Line("empathy", 4, "She listened.")],
        shared="", receipt="bad", at=now(), around=Around(contact="CALL-3", respectful=False, professional=True, conduct="Mocked the customer."),
    )  # fmt: skip
    rude = observe(
        observer_id=cast.chloe, person_id=cast.amir, seen_at=now() - timedelta(days=2), channel="phone", lines=[Line("empathy", 3)],
        shared="", receipt="rude", at=now(), around=Around(professional=False, conduct="Ate at the till."),
    )  # fmt: skip
    for number in range(7):
        see(cast.chloe, cast, now() - timedelta(hours=number + 1), f"later-{number}", contact="", skill="greeting", level=4)
    page = f"/people/{cast.amir}/coaching"
    told = as_(cast.chloe).get(page).text.split('id="seen"')[1]
    first = told.split("</li>")
    assert f"/observations/{rude}" in first[0] and "Ate at the till." in first[0] and "not professional" in first[0] and "level 1" not in first[0]
    assert f"/observations/{bad}" in first[1] and "Mocked the customer." in first[1] and "not respectful" in first[1]
    assert "The whole contact counts as level 1" in first[1]
    assert "Greeting and first impression" in first[2]
    # Whoever could still score the contact blind reads nothing of it, and half a year later it is no news.
    assert "Mocked the customer." not in as_(cast.hana).get(page).text
    assert badly_conducted(cast.amir, [], now() - timedelta(days=1), 3) == []
    number = dispute(db.session.get_one(Observation, bad), "empathy", "It was a joke between us.", now())
    decide(disputes.opened(number), by_id=cast.iris, outcome="struck", level=None, reply="It was.", at=now())
    db.session.commit()
    assert "Mocked the customer." not in as_(cast.chloe).get(page).text


def test_no_page_tells_a_mark_beside_its_hour_to_who_could_still_score_the_contact_blind(cast, as_, watched):
    """Of whom else the mark is not told: nobody. He himself, whoever wrote it and HR read it at once."""
    hana, pages = as_(cast.hana), (f"/people/{cast.amir}", f"/people/{cast.amir}/skills/empathy")
    for page in pages:
        text = hana.get(page).text.split("<main")[1]
        assert "Seen at work by somebody else." in text
        assert f"/observations/{watched}" in text
        assert "Chloe" not in text.split("Seen at work by somebody else.")[1].split("</li>")[0]
        for words in ("an observation at 0%", "got 0%"):
            assert words not in text.casefold()
    for who in (cast.chloe, cast.ela):
        assert all("Seen at work by somebody else." not in as_(who).get(page).text for page in pages)
    assert "got 0%" in as_(cast.amir).get("/skills/empathy").text
    hana.get(f"/observations/{watched}")
    for page in pages:
        assert "Seen at work by somebody else." not in hana.get(page).text
    assert "got 0%" in hana.get(pages[1]).text


def test_whoever_has_scored_it_as_well_reads_what_counts(cast, as_, watched):
    see(cast.hana, cast, now() - timedelta(minutes=3), "mine")
    assert "Seen at work by somebody else." not in as_(cast.hana).get(f"/people/{cast.amir}/skills/empathy").text
    # Iris has a dotted line to him, and has scored nothing: of the row of two she reads nothing either.
    assert "Seen at work by somebody else." in as_(cast.iris).get(f"/people/{cast.amir}/skills/empathy").text


def test_an_hour_that_was_drawn_is_no_contact_and_closes_nobodys_observation(cast, as_):
    made = see(cast.chloe, cast, now() - timedelta(minutes=9), "first", contact="2026-03-11 09:00")
    words = {"person_id": cast.amir, "drawn_by_id": cast.hana, "kind": "hours", "pool": ["2026-03-11 09:00"], "seed": "s", "wanted": 1}
    draw(**words, receipt="drawn", at=now())
    db.session.commit()
    assert as_(cast.hana).get(f"/observations/{made}").status_code == 200


def test_who_has_read_the_marks_of_a_contact_does_not_score_it_any_more(cast, as_, watched):
    hana = as_(cast.hana)
    listed = hana.get(f"/people/{cast.amir}/observations").text
    assert "Empathy 1" not in listed
    assert SECRET in hana.get(f"/observations/{watched}").text
    assert "Empathy 1" in hana.get(f"/people/{cast.amir}/observations").text
    answer = hana.post(f"/people/{cast.amir}/observations/new", data=form())
    assert answer.status_code == 422
    assert "You have read what Chloe Irmak marked of this contact" in answer.text
    assert "level_greeting" in answer.text
    assert db.session.execute(select(Observation.id)).scalars().all() == [watched]
    assert hana.post(f"/people/{cast.amir}/observations/new", data=form(contact="CALL-18")).status_code == 303


def test_two_who_score_it_blind_make_one_row_and_sending_mine_again_changes_nothing(cast, as_, watched):
    hana, page = as_(cast.hana), f"/people/{cast.amir}/observations/new"
    blind = form(level_empathy="2", note_empathy="Twice.")
    made = hana.post(page, data=blind)
    assert made.status_code == 303
    assert "double_observation" in db.session.execute(select(Evidence.source)).scalars().all()
    # Now she reads hers and the other's; the form that is sent once more by a line that had dropped is still the same one.
    hana.get(made.location)
    hana.get(f"/observations/{watched}")
    assert hana.post(page, data=blind).location == made.location


def test_a_reading_is_kept_once_and_the_page_only_reads_afterwards(cast, as_, watched, counting):
    hana = as_(cast.hana)
    for _time in range(2):
        counting.clear()
        assert hana.get(f"/observations/{watched}").status_code == 200
    assert not any(statement.lstrip().startswith(("INSERT", "UPDATE")) for statement in counting)
    assert db.session.execute(select(ObservationReading.person_id)).scalars().all() == [cast.hana]


# One's own view first ------------------------------------------------------------------------------------------------


def test_amir_says_of_his_own_accord_how_he_saw_it_as_long_as_he_has_not_read_it(cast, as_, watched):
    amir, page = as_(cast.amir), f"/observations/{watched}/self-review"
    listed = amir.get("/observations").text
    assert "Empathy 1" not in listed
    assert page in listed
    assert SECRET not in amir.get(page).text
    assert amir.post(page, data={"level_empathy": "3"}).status_code == 303
    both = amir.get(f"/observations/{watched}").text
    assert "You: 3" in both
    assert SECRET in both
    assert amir.get(page).status_code == 303
    # What counts is what was seen: his own view moves nothing.
    assert db.session.execute(select(Evidence.source).order_by(Evidence.id)).scalars().all() == ["observation_line", "self_assessment"]


def test_who_has_read_it_cannot_pretend(cast, as_, watched):
    amir, page = as_(cast.amir), f"/observations/{watched}/self-review"
    assert SECRET in amir.get(f"/observations/{watched}").text
    assert page not in amir.get("/observations").text
    assert amir.post(page, data={"level_empathy": "3"}).location == f"/observations/{watched}"
    with pytest.raises(Refusal, match="read this observation already"):
        review_self(db.session.get_one(Observation, watched), {"empathy": 3}, "", now())


def test_amir_wishes_to_be_asked_first_whatever_is_seen_of_him_and_no_longer(cast, as_):
    amir, chloe = as_(cast.amir), as_(cast.chloe)
    for _press in range(2):
        assert amir.post("/observations/self-review-wish", data={"wished": "yes"}).status_code == 303
    assert "wishes to say first how they saw it" in chloe.get(f"/people/{cast.amir}/observations/new").text
    made = chloe.post(f"/people/{cast.amir}/observations/new", data=form(level_empathy="1", note_empathy=SECRET)).location
    assert amir.get(made).location == f"{made}/self-review"
    assert db.session.execute(select(Evidence.id)).first() is None
    assert amir.post(f"{made}/self-review", data={"level_empathy": "2"}).status_code == 303
    assert SECRET in amir.get(made).text
    amir.post("/observations/self-review-wish", data={"wished": "no"})
    other = chloe.post(f"/people/{cast.amir}/observations/new", data=form(contact="", receipt="third")).location
    assert amir.get(other).status_code == 200


# What is planned -----------------------------------------------------------------------------------------------------


@pytest.fixture
def planned(cast):
    """Empathy of Amir is to be seen again by yesterday."""
    due = (now() - timedelta(days=1)).date()
    return plan(person_id=cast.amir, skill="empathy", due_on=due, planned_by_id=cast.chloe, receipt="talk/1", at=now() - timedelta(days=3))


def met():
    db.session.expire_all()
    return db.session.execute(select(PlannedObservation.observation_id)).scalar_one()


def test_a_planned_observation_is_met_by_the_first_that_sees_the_skill_since(cast, planned):
    see(cast.chloe, cast, now() - timedelta(days=4), "before it was planned")
    see(cast.chloe, cast, now() - timedelta(days=2), "another skill", contact="CALL-18", skill="greeting")
    assert met() is None
    late = see(cast.hana, cast, now() - timedelta(hours=1), "by somebody else", contact="")
    assert met() == late
    # One of an earlier day that is written down later comes before it.
    earlier = see(cast.chloe, cast, now() - timedelta(days=1), "written down late", contact="")
    assert met() == earlier
    assert planned_for("talk/1").observation_id == earlier


def test_a_line_that_was_struck_answers_nothing(cast, planned):
    made = see(cast.chloe, cast, now() - timedelta(hours=1), "one")
    assert met() == made
    number = dispute(db.session.get_one(Observation, made), "empathy", "It was not me.", now())
    decide(disputes.opened(number), by_id=cast.hana, outcome="struck", level=None, reply="So it is.", at=now())
    assert met() is None


def test_what_is_planned_stands_where_one_observes_until_it_is_seen(cast, as_, planned):
    db.session.commit()
    chloe = as_(cast.chloe)
    assert "Empathy · Amir Kaya" in chloe.get("/observations?show=by-me").text
    assert "to see Empathy again" in chloe.get(f"/people/{cast.amir}/observations/new").text
    assert "Amir Kaya" not in as_(cast.dev).get("/observations?show=by-me").text
    see(cast.chloe, cast, now() - timedelta(hours=1), "one")
    assert "Empathy · Amir Kaya" not in chloe.get("/observations?show=by-me").text


def test_planning_twice_plans_once(cast, planned):
    again = {"person_id": cast.amir, "skill": "empathy", "due_on": date(2026, 5, 1), "planned_by_id": cast.chloe, "receipt": "talk/1", "at": now()}
    assert plan(**again) == planned
    assert db.session.execute(select(PlannedObservation.id)).scalars().all() == [planned]


def test_wishing_costs_nothing_twice(cast, at):
    wish_first(cast.amir, True, at)
    wish_first(cast.amir, True, at)
    wish_first(cast.amir, False, at)
    wish_first(cast.amir, False, at)
