"""Who is told of a customer nobody cared for, and of a measure that moved further than chance goes."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from tests.notices.conftest import ledger, tell
from trainee import notices
from trainee.kit.db import db, insert_many_once
from trainee.kit.i18n import force_locale
from trainee.notices.models import NoticeRule
from trainee.notices.queries import said
from trainee.people import Person
from trainee.voice import actions
from trainee.voice.actions import Answer
from trainee.voice.models import Concern, Rating


def at_work(since):
    """Every rule has been at work since then."""
    db.session.add_all(NoticeRule(rule=kind.key, began_at=since) for kind in notices.kinds)
    db.session.commit()


def told(rule):
    return [(row.person_id, row.occasion) for row in ledger(rule) if row.state != "cancelled"]


def words(rule):
    with force_locale("en"):
        return [one.sentence for one in said([row for row in ledger(rule) if row.state != "cancelled"], "Europe/Istanbul")]


def test_a_worried_customer_is_told_to_who_must_see_to_her_and_climbs_when_the_day_is_past(app, cast, at):
    at_work(at - timedelta(days=60))
    actions.take_ratings([Answer(cast.amir, at, "concern", 1, "survey", "one")], at)
    actions.take_ratings([Answer(None, at, "concern", 1, "survey", "two")], at)
    db.session.commit()
    tell(at + timedelta(hours=1))
    assert sorted(told("concern_to_see_to")) == sorted([(cast.chloe, "opened"), (cast.ela, "opened")])
    tell(at + timedelta(days=5))
    new = [one for one in told("concern_to_see_to") if one[1] != "opened"]
    assert (cast.chloe, "late") in new and (cast.ela, "late") in new
    climbed = [person for person, occasion in new if occasion == "climbed"]
    assert climbed and cast.chloe not in climbed and cast.amir not in climbed
    concern = db.session.execute(select(Concern).where(Concern.person_id == cast.amir)).scalar_one()
    actions.close_concern(concern, "Called her.", cast.chloe, at + timedelta(days=6))
    db.session.commit()
    before = len(ledger("concern_to_see_to"))
    tell(at + timedelta(days=7))
    assert len(ledger("concern_to_see_to")) == before
    assert any(one.startswith("A customer whom Amir") for one in words("concern_to_see_to"))


def test_a_shop_that_slips_is_told_to_its_leader_once_in_the_week_after_the_month(app, cast):
    first = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)
    at_work(first - timedelta(days=400))
    team = db.session.get_one(Person, cast.amir).team_id
    known = {"person_id": None, "team_id": team, "response_id": None, "instrument": "ces", "question": "easy", "comment": "", "system": "t"}
    rows = [
        {
            **known,
            "given_at": (moment := first - timedelta(days=day, hours=number)),
            "taken_at": moment,
            "value": value,
            "external_id": f"{day}/{number}",
        }
        for day in range(2, 300, 3)
        for number, value in enumerate((3, 4, 2, 5) if day < 24 else (6, 7, 6, 5))
    ]
    insert_many_once(Rating, rows, ["system", "external_id"])
    db.session.commit()
    for day in (1, 2, 6, 9, 40):
        tell(first + timedelta(days=day - 1, hours=12))
    assert told("measure_moved").count((cast.chloe, "2026-04")) == 1
    assert all(person in (cast.chloe, cast.ela) for person, _occasion in told("measure_moved"))
    assert any(("Ease (CES)" in one and "Lower than the year before" in one) or "Three falls" in one for one in words("measure_moved"))
