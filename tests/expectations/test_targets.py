"""Which expectation applies to whom, on which day, and what it overrides."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from trainee import expectations
from trainee.expectations import Scope, targets_of
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, Refusal
from trainee.people import actions as people
from trainee.people.models import Person, Team


@pytest.fixture
def ours(app):
    return db.session.scalar(select(Team.id).where(Team.name == "Ours"))


@pytest.fixture
def theirs(app):
    return db.session.scalar(select(Team.id).where(Team.name == "Theirs"))


def target(person_id, at, skill="empathy"):
    return targets_of([person_id], at)[person_id].get(skill)


def test_without_anything_issued_the_frameworks_applies(cast, at):
    found = target(cast.amir, at)
    assert (found.level, found.origin, found.id, found.asks) == (3, "experienced", None, False)
    assert target(cast.chloe, at).origin == "team_leader"


def test_ones_own_overrides_the_teams_overrides_the_jobs(cast, at, expect, ours):
    job = expect("job", "adviser", level=2, by=cast.ela)
    team = expect("team", ours, level=3)
    own = expect("person", cast.amir, level=4)
    layers = expectations.expected_of([cast.amir], at)[cast.amir].layers["empathy"]
    assert [(one.origin, one.id, one.level) for one in layers] == [
        ("person", own, 4),
        ("team", team, 3),
        ("job", job, 2),
        ("experienced", None, 3),
    ]
    assert target(cast.beth, at).origin == "team"
    assert (target(cast.gus, at).origin, target(cast.gus, at).level) == ("job", 2)


def test_a_teams_is_for_those_who_work_in_it_and_not_for_who_leads_it(cast, at, expect, ours):
    expect("team", ours, level=4)
    assert target(cast.amir, at).origin == "team"
    assert target(cast.chloe, at).origin == "team_leader"


def test_many_people_take_as_many_statements_as_one(cast, at, expect, ours, counting):
    expect("team", ours)
    everybody = list(vars(cast).values())
    counting.clear()
    targets_of([cast.amir], at)
    assert len(counting) == 1
    counting.clear()
    found = targets_of(everybody, at)
    assert len(counting) == 1
    assert found[cast.amir] == targets_of([cast.amir], at)[cast.amir]


def test_it_holds_from_the_first_day_through_the_last_where_the_person_lives(cast, at, expect, person):
    person(cast.amir).time_zone = "Pacific/Auckland"
    expect("person", cast.amir, level=4, starts_on=date(2026, 3, 20), ends_on=date(2026, 3, 31))
    # In Auckland it is thirteen hours later than in Greenwich.
    assert target(cast.amir, datetime(2026, 3, 19, 10, 59, tzinfo=UTC)).origin == "experienced"
    assert target(cast.amir, datetime(2026, 3, 19, 11, 0, tzinfo=UTC)).origin == "person"
    assert target(cast.amir, datetime(2026, 3, 31, 10, 59, tzinfo=UTC)).origin == "person"
    assert target(cast.amir, datetime(2026, 3, 31, 11, 0, tzinfo=UTC)).origin == "experienced"
    assert target(cast.amir, datetime(2026, 3, 25, tzinfo=UTC)).since == datetime(2026, 3, 19, 11, tzinfo=UTC)


def test_what_is_to_come_is_told_apart_and_asks_already(cast, at, expect):
    made = expect("person", cast.amir, level=4, starts_on=date(2026, 3, 20))
    found = expectations.expected_of([cast.amir], at)[cast.amir]
    assert found.targets["empathy"].origin == "experienced"
    assert [one.id for one in found.coming["empathy"]] == [made]
    assert [one.id for _skill, one in found.asking] == [made]


def test_a_change_closes_the_version_before_and_edits_nothing(cast, at, expect):
    first = expect("person", cast.amir, level=3)
    before = dict(vars(db.session.get_one(expectations.Expectation, first)))
    second = expect("person", cast.amir, level=4, starts_on=date(2026, 3, 20))
    db.session.expire_all()
    row = db.session.get_one(expectations.Expectation, first)
    changed = {name for name, value in before.items() if not name.startswith("_") and getattr(row, name) != value}
    assert changed == {"closed_on", "closed_at", "closed_by_id"}
    assert (row.closed_on, row.version) == (date(2026, 3, 20), 1)
    assert db.session.get_one(expectations.Expectation, second).version == 2
    assert target(cast.amir, at).id == first
    assert target(cast.amir, datetime(2026, 3, 20, 9, tzinfo=UTC)).id == second


def test_a_change_that_begins_sooner_than_one_to_come_takes_its_place(cast, at, expect):
    expect("person", cast.amir, level=3)
    later = expect("person", cast.amir, level=4, starts_on=date(2026, 4, 1))
    sooner = expect("person", cast.amir, level=2, starts_on=date(2026, 3, 20))
    assert target(cast.amir, datetime(2026, 4, 10, tzinfo=UTC)).id == sooner
    found = expectations.expected_of([cast.amir], at)[cast.amir]
    assert [one.id for one in found.coming["empathy"]] == [sooner]
    assert later not in [one.id for one in found.layers["empathy"]]


def test_what_is_ended_early_gives_way_to_the_teams_at_once(cast, at, expect, ours):
    team = expect("team", ours)
    own = expect("person", cast.amir, level=4)
    later = at + timedelta(days=5)
    with pytest.raises(Refusal, match="why it ends"):
        expectations.end(own, reason=" ", by_id=cast.chloe, at=later)
    assert expectations.end(own, reason="He works at the desk now.", by_id=cast.chloe, at=later)
    assert not expectations.end(own, reason="Once more.", by_id=cast.chloe, at=later)
    assert target(cast.amir, later).id == team
    assert db.session.get_one(expectations.Expectation, own).end_reason == "He works at the desk now."


def test_who_moves_has_the_expectations_of_her_new_team_from_then_on(cast, at, expect, ours, theirs, person):
    mine = expect("team", ours, level=3)
    other = expect("team", theirs, level=4, by=cast.dev)
    expectations.acknowledge(mine, cast.amir, at)
    yesterday = at + timedelta(days=9)
    people.move(person(cast.amir), theirs, yesterday)
    found = expectations.expected_of([cast.amir], yesterday + timedelta(days=1))[cast.amir]
    assert (found.targets["empathy"].id, found.targets["empathy"].level) == (other, 4)
    assert [one.id for _skill, one in found.asking] == [other]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"why": " "}, "why"),
        ({"ways": (), "monitored": " "}, "ways"),
        ({"rhythm": "now and then"}, "rhythm"),
        ({"audience": ""}, "audience"),
        ({"words_en": "Be friendlier."}, "words_en"),
        ({"words_tr": "Daha güler yüzlü olun."}, "words_tr"),
        ({"starts_on": date(2026, 3, 10)}, "starts_on"),
        ({"ends_on": date(2026, 3, 11)}, "ends_on"),
        ({"skill": "juggling"}, "skill"),
        ({"level": 5}, "skill"),
    ],
)
def test_what_lacks_something_is_refused_with_its_field(cast, at, terms, wrong, field):
    with pytest.raises(Refusal) as refused:
        expectations.issue(Scope("person", cast.amir), terms(**wrong), by_id=cast.chloe, at=at)
    assert (refused.value.status, refused.value.code) == (422, field)


def test_own_words_do_where_no_choice_fits(cast, at, expect):
    made = expect(
        "person", cast.amir, ways=(), monitored="I sit beside you.", rhythm="", how_often="Every other Friday", audience="", seen_by="We two"
    )
    assert target(cast.amir, at).id == made


def test_nobody_sets_for_herself(cast, at, terms):
    with pytest.raises(Forbidden, match="herself"):
        expectations.issue(Scope("person", cast.chloe), terms(), by_id=cast.chloe, at=at)


def test_the_anchors_are_kept_as_they_were_when_it_was_issued(cast, at, expect):
    row = db.session.get_one(expectations.Expectation, expect("person", cast.amir))
    book = db.session.get_one(Person, cast.amir)
    assert book is not None
    assert row.anchors
    assert all(len(pair) == 2 and all(pair) for pair in row.anchors)


# Answers


def test_an_acknowledgement_is_kept_once_and_a_change_asks_again(cast, at, expect):
    first = expect("person", cast.amir)
    assert target(cast.amir, at).asks
    assert expectations.acknowledge(first, cast.amir, at)
    assert not expectations.acknowledge(first, cast.amir, at)
    assert (target(cast.amir, at).answer, target(cast.amir, at).asks) == ("acknowledged", False)
    expect("person", cast.amir, level=4)
    assert (target(cast.amir, at).answer, target(cast.amir, at).asks) == ("", True)


def test_an_objection_waits_for_its_answer_and_then_she_is_asked_again(cast, at, expect):
    made = expect("person", cast.amir)
    with pytest.raises(Refusal, match="what you object to"):
        expectations.object_to(made, cast.amir, "  ", "r1", at)
    assert expectations.object_to(made, cast.amir, "Two weeks are too few.", "r1", at)
    assert not expectations.object_to(made, cast.amir, "Two weeks are too few.", "r1", at)
    with pytest.raises(Refusal, match="waiting for an answer"):
        expectations.object_to(made, cast.amir, "And another thing.", "r2", at)
    assert (target(cast.amir, at).answer, target(cast.amir, at).asks) == ("objected", False)
    answer_id = db.session.scalar(select(expectations.ExpectationAnswer.id))
    with pytest.raises(Forbidden):
        expectations.reply_to(answer_id, words="I agree with myself.", by_id=cast.amir, at=at)
    assert expectations.reply_to(answer_id, words="Then four.", by_id=cast.chloe, at=at)
    assert not expectations.reply_to(answer_id, words="Then five.", by_id=cast.hana, at=at)
    assert target(cast.amir, at).asks
    assert expectations.acknowledge(made, cast.amir, at)
    assert not target(cast.amir, at).asks


def test_what_is_overridden_asks_nobody(cast, at, expect, ours):
    expect("team", ours)
    own = expect("person", cast.amir)
    assert [one.id for _skill, one in expectations.expected_of([cast.amir], at)[cast.amir].asking] == [own]
