"""Everything held about people is listed, with its purpose; and old words are counted, wherever they were written."""

import importlib
import pkgutil
from collections import Counter
from datetime import timedelta

import pytest

import trainee
from tests.house.world import make_world
from trainee.kit.db import Base, db
from trainee.kit.i18n import force_locale
from trainee.privacy import due_for_deletion
from trainee.privacy.inventory import HELD, NOT_PERSONAL

# Every model, also of a package that no page uses yet.
for _found in pkgutil.walk_packages(trainee.__path__, "trainee."):
    if not _found.name.startswith(("trainee.migrations", "trainee.__main__")):
        importlib.import_module(_found.name)

LISTED = Counter(pair for one in HELD for pair in one.pairs())
LISTED.update((table, column) for table, columns in NOT_PERSONAL.items() for column in columns.split())


def test_every_column_there_is_stands_in_the_inventory_once_and_no_other():
    there = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}
    assert there - set(LISTED) == set(), "Say in privacy/inventory.py what these are for, who sees them and how long they are kept."
    assert set(LISTED) - there == set()
    assert [pair for pair, many in LISTED.items() if many > 1] == []


def test_whatever_points_at_a_person_is_about_people():
    personal = {pair for one in HELD for pair in one.pairs()}
    pointing = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    }
    assert pointing - personal == set()


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_each_entry_says_for_what_who_sees_it_and_how_long(app, lang):
    with force_locale(lang):
        for one in HELD:
            for sentence in (one.title, one.purpose, one.seen_by, one.kept):
                assert str(sentence).strip(), one.key
        assert len({str(one.title) for one in HELD}) == len(HELD)


def test_everybody_reads_what_is_held(as_, cast):
    for who in (cast.amir, cast.ela, cast.max):
        page = as_(who).get("/privacy")
        assert page.status_code == 200
        assert "Private notes beside a coaching session" in page.text and "Whoever wrote them, and nobody else." in page.text


def test_old_words_of_every_kind_are_counted_and_never_shown(cast, at, as_):
    make_world(cast, at)
    db.session.commit()
    young = {one.kind: one.due for one in due_for_deletion(at + timedelta(days=30))}
    assert set(young.values()) == {0}
    old = {one.kind: one.due for one in due_for_deletion(at + timedelta(days=900))}
    kept_for_a_time = {one.key for one in HELD if one.months is not None} - {"observations", "private_notes", "ratings"}
    assert kept_for_a_time <= set(old), "A kind whose words are kept for a time is counted."
    assert {kind for kind, many in old.items() if many} >= {
        "observation",
        "expectations",
        "assignments",
        "coaching",
        "praise",
        "growth",
        "calibration",
    }
    page = as_(cast.ela).get("/retention").text
    assert "Objections to expectations and the answers" in page
    assert "Two weeks are too few." not in page
