"""The person record: what is on it, of whom, and that a guessed name tells nothing."""

import pytest

from tests.house.world import make_world
from trainee.kit.db import db
from trainee.people.queries import viewer_named
from trainee.reports.filters import Asked, Filters
from trainee.reports.kinds import kinds


def record(who: str, at, **filters):
    kind, asked = kinds["person_record"], Asked(viewer_named(who), Filters(**filters), at)
    keys = [column.key for column in kind.columns(asked)]
    return [dict(zip(keys, row, strict=True)) for row in kind.rows(asked)]


def test_everything_of_amir_is_on_it_part_by_part(cast, at):
    make_world(cast, at)
    db.session.commit()
    rows = record("ela", at, person="AMIR")
    assert {row["full_name"] for row in rows} == {"Amir Kaya"}
    told = {(row["section"], row["what"], row["result"]) for row in rows}
    assert told >= {
        ("account", "amir", "open"),
        ("role", "Employee", None),
        ("place", "Ours", None),
        ("line", "Kai Demir", "direct"),
        ("line", "Chloe Irmak", "direct"),
        ("line", "Iris Ünal", "dotted"),
        ("certificate", "2026-000001 Greeting", "valid"),
    }
    sections = {row["section"] for row in rows}
    assert sections >= {"assignment", "roleplay", "expectation", "observation", "coaching", "skill"}
    assert not {row["what"] for row in rows} & {"phone", "employee", "greeting"}, "words, and no keys"
    ended = [row["until"] for row in rows if row["what"] == "Kai Demir"]
    assert ended == [at.date()]


@pytest.mark.parametrize(("who", "seen"), [("chloe", {"Amir Kaya"}), ("dev", set()), ("ada", {"Amir Kaya"})])
def test_whom_one_may_not_see_is_not_on_it_whatever_is_typed(app, cast, at, who, seen):
    for typed in ("amir", "amir@mavikapi.example"):
        assert {row["full_name"] for row in record(who, at, person=typed)} == seen
    assert record(who, at, person="nobody") == []


def test_its_page_says_of_whom_and_costs_the_same_for_more_on_it(app, as_, cast, at, counting):
    client, page = as_(cast.ela), "/reports/person_record?person=amir"
    assert "of “amir”" in client.get(page).text
    counting.clear()
    client.get(page)
    few = len(counting)
    make_world(cast, at)
    db.session.commit()
    counting.clear()
    client.get(page)
    assert len(counting) <= few + 6
    assert as_(cast.amir).get(page).status_code == 403
