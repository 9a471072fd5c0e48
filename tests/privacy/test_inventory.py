"""Everything held about people is listed, with its purpose; and old words are counted, wherever they were written."""

import importlib
import pkgutil
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Text

import trainee
from tests.house.world import make_world
from trainee import profile
from trainee.coaching.sessions import CoachingSession, agree, arrange
from trainee.coaching.sessions.actions import move, write
from trainee.coaching.sessions.models import PARTS
from trainee.kit.db import Base, db
from trainee.kit.i18n import force_locale
from trainee.privacy import due_for_deletion
from trainee.privacy.inventory import FREE_WORDS, HELD, NOT_PERSONAL, STAYS
from trainee.privacy.queries import counted_words

# Every model, also of a package that no page uses yet.
for _found in pkgutil.walk_packages(trainee.__path__, "trainee."):
    if not _found.name.startswith(("trainee.migrations", "trainee.__main__")):
        importlib.import_module(_found.name)

SOURCE = Path(trainee.__file__).parent
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


def test_every_free_text_that_is_kept_for_a_time_is_counted_when_that_is_over():
    words = {
        (table, column)
        for one in HELD
        if one.months is not None
        for table, column in one.pairs()
        if isinstance(Base.metadata.tables[table].c[column].type, Text) or (table, column) in FREE_WORDS
    } - {("session_part", "part")}
    counted = {(column.table.name, column.name) for texts in counted_words().values() for _moment, column in texts}
    assert words - counted == set(STAYS), "Count it in privacy/queries.py, or say in privacy/inventory.py that it stays."
    assert counted <= words


def test_a_part_of_a_session_without_words_is_not_counted_and_what_was_agreed_is(cast, at):
    values = {"coach_id": cast.chloe, "person_id": cast.amir, "skill": "empathy"}
    profile.record([profile.Showing(cast.amir, "empathy", "observation_line", 0.4, "call", at, "r", actor_id=cast.chloe)], at)
    made = db.session.get(CoachingSession, arrange(promised_at=at + timedelta(hours=1), receipt="s1", at=at, **values))

    def counted() -> int:
        (found,) = [one.due for one in due_for_deletion(at + timedelta(days=900)) if one.kind == "coaching"]
        return found

    def write_down(words: str, version: int) -> None:
        names = PARTS["coach"]
        write(made, "coach", words=dict.fromkeys(names, words), version=version, by_id=cast.chloe, at=at)

    write_down("Look at the call of Tuesday.", 0)
    assert counted() == 1
    write_down("", 1)
    assert counted() == 0
    move(made, by_id=cast.chloe, to=at + timedelta(hours=3), reason="A queue.", at=at)
    assert counted() == 1
    days = {"action_by": at.date(), "follow_up_on": at.date(), "at": at + timedelta(hours=4)}
    agree(made, by_id=cast.chloe, seen="He began at once.", action="Ask one question first.", **days)
    assert counted() == 3


def test_what_a_lesson_gave_to_try_is_asked_for_by_the_lessons_alone():
    naming = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"TaskReport|task_report", path.read_text(encoding="utf-8")) and "migrations" not in path.parts
    }
    assert {name for name in naming if not name.startswith(("modules/lessons/", "privacy/"))} == set()


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
