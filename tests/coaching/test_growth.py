"""Opportunities to grow: offered at a level, taken up or not without shame, and followed up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from trainee.coaching import Line, growth, observe
from trainee.coaching.growth import GrowthOffer, queries
from trainee.coaching.growth.forms import KIND_NAMES
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.skills import framework

TAKE = {"skill": "empathy", "kind": "stretch_task", "answer": "accepted"}


@pytest.fixture
def good(cast):
    """Amir has reached level 3 in empathy."""
    for number in range(8):
        day = now() - timedelta(days=20 - number)
        lines = [Line("empathy", 4, "Summed up her day in one sentence.")]
        observe(observer_id=cast.chloe, person_id=cast.amir, seen_at=day, channel="phone", lines=lines, shared="", receipt=f"o{number}", at=day)
    db.session.commit()


@pytest.fixture
def offered(cast):
    """Chloe offers Amir a shadowing."""
    made = growth.offer(by_id=cast.chloe, person_id=cast.amir, skill="empathy", kind="shadowing", words="A day at chat.", receipt="o", at=now())
    db.session.commit()
    return made


def stored():
    return db.session.execute(select(GrowthOffer)).scalar_one()


def test_reaching_level_three_offers_something_and_below_it_nothing(cast, as_, good):
    (chance,) = growth.chances(cast.amir, now())
    assert (chance.skill, chance.kinds) == ("empathy", growth.KINDS)
    assert growth.chances(cast.beth, now()) == []
    assert "Open to you by your level" in as_(cast.amir).get("/growth").text
    assert "Nothing is offered just now" in as_(cast.beth).get("/growth").text


@pytest.mark.parametrize(("many", "says"), [(3, None), (4, "1 more skill"), (6, "3 more skills")])
def test_of_many_skills_three_stand_first_and_the_page_says_how_many_more_there_are(cast, as_, monkeypatch, many, says):
    keys = [one.key for one in framework().skills][:many]
    monkeypatch.setattr(queries, "chances", lambda *_asked: [queries.Chance(key, 3, ("shadowing",)) for key in keys])
    page = as_(cast.amir).get("/growth").text
    assert page.count('name="skill" value="') == 2 * many
    first, _fold, folded = page.partition('id="more"')
    assert first.count('name="skill" value="') == 6
    assert (f"<span>{says}</span>" in folded) if says else not folded


def test_what_each_way_to_grow_asks_for_is_told_once_and_not_under_every_skill(cast, as_, monkeypatch):
    keys = [one.key for one in framework().skills][:5]
    monkeypatch.setattr(queries, "chances", lambda *_asked: [queries.Chance(key, 3, ("stretch_task", "peer_coach")) for key in keys])
    page = as_(cast.amir).get("/growth").text
    for kind, told in (("stretch_task", 1), ("peer_coach", 1), ("shadowing", 0)):
        assert page.count(str(KIND_NAMES[kind][1])) == told, kind


def test_amir_takes_it_up_once_and_both_see_it_and_say_what_came_of_it(cast, as_, good):
    for _press in range(2):
        assert as_(cast.amir).post("/growth", data=TAKE).status_code == 303
    kept = stored()
    assert (kept.answer, kept.follow_up_on) == ("accepted", local_date(kept.answered_at + timedelta(days=30), "Europe/Istanbul"))
    assert "Stretch task" in as_(cast.chloe).get(f"/people/{cast.amir}/growth").text
    assert as_(cast.chloe).post(f"/growth/{kept.id}/outcome", data={"outcome": " "}).status_code == 422
    assert as_(cast.chloe).post(f"/growth/{kept.id}/outcome", data={"outcome": "Took the hardest call of the week."}).status_code == 303
    assert "Took the hardest call" in as_(cast.amir).get("/growth").text


def test_the_follow_up_is_thirty_days_on_by_his_own_calendar(offered):
    # Half past one in the night of the eleventh in Istanbul.
    assert growth.answer(stored(), "accepted", datetime(2026, 3, 10, 22, 30, tzinfo=UTC))
    db.session.refresh(kept := stored())
    assert kept.follow_up_on == date(2026, 4, 10)


def test_what_was_answered_does_not_come_back_behind_many_other_offers(cast, as_, good):
    assert as_(cast.amir).post("/growth", data=TAKE).status_code == 303
    words = {"by_id": cast.chloe, "person_id": cast.amir, "skill": "greeting", "kind": "shadowing", "words": ""}
    for number in range(queries.MOST):
        growth.offer(**words, receipt=f"offer {number}", at=now() + timedelta(minutes=number))
    db.session.commit()
    (chance,) = growth.chances(cast.amir, now())
    assert chance.kinds == tuple(kind for kind in growth.KINDS if kind != "stretch_task")
    assert "stretch_task" not in as_(cast.amir).get("/growth").text


def test_what_he_leaves_is_seen_by_nobody_else(cast, as_, good, offered):
    assert as_(cast.amir).post("/growth", data=TAKE | {"answer": "declined"}).status_code == 303
    assert as_(cast.amir).post(f"/growth/{offered}/answer", data={"answer": "declined"}).status_code == 303
    assert "only you see this" in as_(cast.amir).get("/growth").text
    for who in (cast.chloe, cast.hana, cast.iris):
        text = as_(who).get(f"/people/{cast.amir}/growth").text
        assert "A day at chat." not in text
        assert "Taken up" not in text
        assert as_(who).post(f"/growth/{offered}/outcome", data={"outcome": "x"}).status_code == 404


def test_what_no_level_offers_cannot_be_taken(cast, as_):
    assert as_(cast.amir).post("/growth", data=TAKE).status_code == 422
    for bad in ({"answer": "perhaps"}, {"kind": "holiday"}, {"skill": "juggling"}):
        assert as_(cast.amir).post("/growth", data=TAKE | bad).status_code == 422
    assert db.session.execute(select(GrowthOffer)).first() is None


def test_an_offer_stands_on_today_and_is_answered_once(cast, as_, offered):
    assert "Something more in Empathy" in as_(cast.amir).get("/").text
    assert as_(cast.amir).post(f"/growth/{offered}/answer", data={"answer": "accepted"}).status_code == 303
    assert as_(cast.amir).post(f"/growth/{offered}/answer", data={"answer": "declined"}).status_code == 303
    assert stored().answer == "accepted"
    assert "Something more in Empathy" not in as_(cast.amir).get("/").text
    for who in (cast.chloe, cast.beth, cast.ela):
        assert as_(who).post(f"/growth/{offered}/answer", data={"answer": "declined"}).status_code == 404


def test_chloe_offers_once_and_a_bad_form_says_what_is_missing(cast, as_):
    page = f"/people/{cast.amir}/growth"
    data = {"skill": "greeting", "kind": "peer_coach", "words": "Beth starts on Monday.", "receipt": "r"}
    assert as_(cast.chloe).post(page, data=data | {"kind": "holiday"}).status_code == 422
    for _press in range(2):
        assert as_(cast.chloe).post(page, data=data).status_code == 303
    assert stored().words == "Beth starts on Monday."


def test_the_database_holds_what_an_offer_is(cast, offered):
    for broken in ({"offered_by_id": cast.amir}, {"answer": "accepted"}, {"outcome": "x"}):
        with pytest.raises(IntegrityError):
            db.session.execute(update(GrowthOffer).values(**broken))
        db.session.rollback()
    with pytest.raises(Refusal, match="lead somebody"):
        growth.offer(by_id=cast.amir, person_id=cast.amir, skill="empathy", kind="shadowing", words="", receipt="x", at=now())
    with pytest.raises(Refusal, match="taken up"):
        growth.note_outcome(stored(), "Well.", now())


@pytest.mark.parametrize(("page", "who", "most"), [("/growth", "amir", 4), ("/people/{}/growth", "chloe", 4)])
def test_the_pages_cost_the_same_however_much_was_offered(cast, as_, good, offered, counting, page, who, most):
    client, address = as_(getattr(cast, who)), page.format(cast.amir)
    client.get(address)
    counting.clear()
    client.get(address)
    few = len(counting)
    for number in range(20):
        growth.offer(by_id=cast.chloe, person_id=cast.amir, skill="greeting", kind="shadowing", words="", receipt=f"n{number}", at=now())
    db.session.commit()
    counting.clear()
    client.get(address)
    assert len(counting) == few <= most
