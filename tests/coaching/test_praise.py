"""Praise: short, tied to what was seen, and the receiver's to hide."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from trainee.coaching import Line, observe, praise
from trainee.coaching.praise import Praise, queries
from trainee.coaching.suggestions import answer, suggest
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.people import Person

WORDS = "You told her the time before she had to ask."


@pytest.fixture
def reason(cast):
    """Something Amir did well yesterday."""
    day = now() - timedelta(days=1)
    lines = [Line("empathy", 3), Line("greeting", 2)]
    observe(observer_id=cast.chloe, person_id=cast.amir, seen_at=day, channel="phone", lines=lines, shared="", receipt="o", at=day)
    db.session.commit()
    (one,) = queries.reasons(cast.amir, now())
    assert one.skill == "empathy"
    return one.key


@pytest.fixture
def given(cast, reason):
    """Chloe's praise, for the team to read."""
    made = praise.praise(from_id=cast.chloe, person_id=cast.amir, words=WORDS, reason=reason, to_team=True, receipt="p", at=now())
    db.session.commit()
    return made


def test_chloe_praises_amir_once_however_often_she_presses(cast, as_, reason):
    page = f"/people/{cast.amir}/praise/new"
    assert "Empathy" in as_(cast.chloe).get(page).text
    for _press in range(2):
        assert as_(cast.chloe).post(page, data={"reason": reason, "words": WORDS, "receipt": "r"}).status_code == 303
    kept = db.session.execute(select(Praise)).scalar_one()
    assert (kept.person_id, kept.from_id, kept.to_team) == (cast.amir, cast.chloe, False)
    assert WORDS in as_(cast.amir).get("/").text
    assert WORDS in as_(cast.amir).get("/praise").text
    assert WORDS in as_(cast.chloe).get("/praise").text
    assert WORDS not in as_(cast.beth).get("/praise").text


def test_what_is_for_the_team_is_read_there_until_amir_hides_it(cast, as_, given):
    for who, reads in ((cast.beth, True), (cast.chloe, True), (cast.hana, True), (cast.dev, False), (cast.gus, False), (cast.zoe, False)):
        assert (WORDS in as_(who).get("/praise").text) == reads
    assert as_(cast.amir).post(f"/praise/{given}/hiding").status_code == 303
    assert WORDS not in as_(cast.beth).get("/praise").text
    assert WORDS not in as_(cast.amir).get("/").text
    assert WORDS in as_(cast.amir).get("/praise").text
    assert as_(cast.amir).post(f"/praise/{given}/hiding", data={"again": "1"}).status_code == 303
    assert WORDS in as_(cast.beth).get("/praise").text


def test_an_idea_that_was_adopted_is_a_reason_too(cast, at):
    made = suggest(author_id=cast.amir, title="A seat", problem="People stand.", idea="A bench.", receipt="s", at=at)
    assert queries.reasons(cast.amir, at) == []
    answer(made, by_id=cast.chloe, decision="adopted", reply="Yes.", at=at)
    (one,) = queries.reasons(cast.amir, at + timedelta(days=1))
    assert (one.key, one.title) == (f"suggestion/{made}", "A seat")
    later = at + timedelta(days=1)
    assert praise.praise(from_id=cast.chloe, person_id=cast.amir, words="Well seen.", reason=one.key, to_team=False, receipt="p", at=later)


@pytest.mark.parametrize("bad", [{"words": " "}, {"words": "x" * 281}, {"reason": "evidence/999999"}, {"reason": ""}])
def test_praise_that_lacks_something_is_told_so(cast, as_, reason, bad):
    answer_ = as_(cast.chloe).post(f"/people/{cast.amir}/praise/new", data={"reason": reason, "words": WORDS, "receipt": "r"} | bad)
    assert answer_.status_code == 422
    assert db.session.execute(select(Praise)).first() is None


def test_nobody_praises_herself_and_nothing_stands_alone(cast, given, reason):
    with pytest.raises(Refusal):
        praise.praise(from_id=cast.amir, person_id=cast.amir, words=WORDS, reason=reason, to_team=False, receipt="x", at=now())
    for broken in ({"from_id": cast.amir}, {"evidence_id": None}):
        with pytest.raises(IntegrityError):
            db.session.execute(update(Praise).values(**broken))
        db.session.rollback()


def test_only_the_receiver_hides_it(cast, as_, given):
    for who in (cast.chloe, cast.beth, cast.ela):
        assert as_(who).post(f"/praise/{given}/hiding").status_code == 404


def test_who_moved_yesterday_reads_her_new_teams(cast, as_, given, person):
    db.session.execute(update(Person).where(Person.id == cast.gus).values(team_id=person(cast.amir).team_id))
    db.session.execute(update(Person).where(Person.id == cast.beth).values(team_id=person(cast.dev).team_id))
    db.session.commit()
    assert WORDS in as_(cast.gus).get("/praise").text
    assert WORDS not in as_(cast.beth).get("/praise").text


def test_the_page_costs_the_same_however_much_was_said(cast, as_, reason, given, counting):
    client = as_(cast.chloe)
    client.get("/praise")
    counting.clear()
    client.get("/praise")
    few = len(counting)
    for number in range(20):
        praise.praise(from_id=cast.chloe, person_id=cast.amir, words=WORDS, reason=reason, to_team=True, receipt=f"n{number}", at=now())
    db.session.commit()
    counting.clear()
    client.get("/praise")
    assert len(counting) == few <= 4


def test_what_went_well_twice_on_one_day_of_hers_is_offered_once(cast):
    # Half past one in the night in Istanbul, and noon of the same day there.
    for number, day in enumerate((datetime(2026, 3, 10, 22, 30, tzinfo=UTC), datetime(2026, 3, 11, 9, tzinfo=UTC))):
        lines = [Line("empathy", 3)]
        observe(observer_id=cast.chloe, person_id=cast.amir, seen_at=day, channel="phone", lines=lines, shared="", receipt=f"o{number}", at=day)
    assert [one.skill for one in queries.reasons(cast.amir, datetime(2026, 3, 12, tzinfo=UTC))] == ["empathy"]
