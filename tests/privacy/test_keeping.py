"""How long what is kept, that it goes when HR has switched it on, and the notice that tells of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.house.world import make_world
from trainee.coaching import Line, observe
from trainee.coaching.observations import Observation
from trainee.kit.clock import months_after
from trainee.kit.db import Base, db
from trainee.kit.errors import Refusal
from trainee.modules.library import current_versions
from trainee.modules.library import module as read
from trainee.modules.progress.queries import required_parts
from trainee.notices import kinds
from trainee.people import looks
from trainee.people.models import RecordLook
from trainee.people.queries import viewer_named
from trainee.plans import Assignment, assign, lists, withdraw
from trainee.privacy import destroying, due_for_deletion, publish_notice, read_notice
from trainee.privacy.models import Destruction, PrivacyNotice, RetentionTerm
from trainee.privacy.queries import counted_words
from trainee.voice import Answer, Rating, take_ratings

TEXT = {"words_tr": "## Neyi tutuyoruz\n\nÇok az.", "words_en": "## What we hold\n\nVery little.", "receipt": "n1"}


def late(cast, at):
    old = months_after(at, -25)
    seen = {"observer_id": cast.chloe, "person_id": cast.amir, "channel": "phone", "at": at}
    observe(**seen, seen_at=old, lines=[Line("empathy", 2, "Old note.")], shared="Old words.", receipt="1")
    observe(**seen, seen_at=at, lines=[Line("empathy", 2, "Young note.")], shared="Young words.", receipt="2")
    take_ratings([Answer(cast.amir, months_after(at, -13), "listened", 4, "crm", "1", "Old comment.")], at)
    db.session.commit()


def due(at) -> dict[str, int]:
    return {one.kind: one.due for one in due_for_deletion(at) if one.due}


def test_nothing_goes_before_hr_has_switched_it_on_and_then_what_the_preview_said(app, as_, cast, at):
    late(cast, at)
    assert due(at) == {"observation": 2, "comment": 1}
    destroying.work(at)
    assert due(at) == {"observation": 2, "comment": 1}
    ela = as_(cast.ela)
    assert ela.post("/retention/observation", data={"months": "24", "active": "1"}).status_code == 303
    destroying.work(at)
    assert due(at) == {"comment": 1}
    assert sorted(db.session.scalars(select(Observation.shared))) == ["", "Young words."]
    [row] = db.session.scalars(select(Destruction)).all()
    assert (row.kind, row.subject, row.by_id, row.counts) == ("words", "observation", None, {"observation": 1, "observation_line": 1})
    destroying.work(at + timedelta(days=1))
    assert db.session.scalar(select(func.count()).select_from(Destruction)) == 1
    assert "Words kept long enough (observation)" in ela.get("/destructions").text


def test_the_reason_of_what_is_still_to_be_done_stays_and_is_as_old_as_its_end(cast, at):
    assign(cast.amir, "greeting", at=at, given_by_id=cast.chloe, why="Still to do.")
    taken_back = assign(cast.beth, "greeting", at=at, given_by_id=cast.chloe, why="Taken back.")
    ended = at + timedelta(days=300)
    withdraw(taken_back, "Not needed.", ended, cast.chloe)
    db.session.commit()
    assert "assignments" not in due(months_after(at, 25))
    later = months_after(ended, 25)
    assert due(later)["assignments"] == 2
    assert destroying.destroy("assignments", later) == 2
    db.session.commit()
    assert {row.person_id: row.why for row in db.session.scalars(select(Assignment))} == {cast.amir: "Still to do.", cast.beth: ""}


def test_the_reason_of_what_was_done_goes_two_years_after_that(cast, at, monkeypatch):
    assign(cast.amir, "greeting", at=at, given_by_id=cast.chloe, why="To begin with.")
    db.session.commit()
    done = at + timedelta(days=300)
    parts = dict.fromkeys(required_parts(read(current_versions()["greeting"])), (done, done))
    monkeypatch.setattr(lists, "parts_of_many", lambda ids: {(cast.amir, "greeting"): parts})
    assert "assignments" not in due(months_after(at, 25))
    later = months_after(done, 25)
    assert due(later)["assignments"] == 1
    assert destroying.destroy("assignments", later) == 1
    db.session.commit()
    assert "assignments" not in due(later)


def test_hr_says_for_how_long(app, as_, cast, at):
    late(cast, at)
    assert as_(cast.ela).post("/retention/comment", data={"months": "36"}).status_code == 303
    assert due(at) == {"observation": 2}
    page = as_(cast.ela).get("/retention").text
    assert "36 months" in page
    for months in ("0", "241", "soon"):
        refused = as_(cast.ela).post("/retention/comment", data={"months": months, "active": "1"})
        assert (refused.status_code, refused.text.count("Choose 1 to 240 months.")) == (422, 2)
        # What was written stands in its field, and only there.
        assert refused.text.count(f'value="{months}"') == 1 and 'href="#months-comment"' in refused.text
    assert as_(cast.ela).post("/retention/nothing", data={"months": "3"}).status_code == 404
    assert db.session.scalars(select(RetentionTerm.months)).all() == [36]


def test_every_kind_of_words_goes_whole_and_every_mark_stays(app, cast, at):
    make_world(cast, at)
    db.session.commit()
    later = at + timedelta(days=1500)
    assert due(later)
    before = {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables}
    marks = db.session.execute(select(Rating.value)).all()
    for kind in counted_words():
        destroying.destroy(kind, later)
        db.session.commit()
    assert due(later) == {}
    after = {table.name: db.session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables}
    assert {name for name in before if before[name] != after[name]} == {"destruction"}
    assert db.session.execute(select(Rating.value)).all() == marks


def test_looks_go_after_two_years_and_the_log_of_what_was_destroyed_after_three(app, cast, at):
    looks.note_look(viewer_named("ela"), cast.amir, "people.manage", at)
    destroying.note_destruction("words", "comment", "kept_long_enough", {"rating": 1}, None, at)
    db.session.commit()

    def counts(moment):
        destroying.work(moment)
        db.session.commit()
        return [db.session.scalar(select(func.count()).select_from(model)) for model in (RecordLook, Destruction)]

    assert counts(months_after(at, 23)) == [1, 1]
    assert counts(months_after(at, 25)) == [0, 2]
    assert counts(months_after(at, 36) + timedelta(days=1)) == [0, 1]


def test_a_notice_is_published_read_and_said_so_and_the_next_is_asked_anew(app, as_, cast):
    assert "There is none yet" in as_(cast.amir).get("/privacy/notice").text
    ela = as_(cast.ela)
    assert "Sizinle ilgili" in ela.get("/privacy/notices").text
    for _press in range(2):
        assert ela.post("/privacy/notices", data=TEXT).status_code == 303
    assert ela.post("/privacy/notices", data=TEXT | {"words_en": " "}).status_code == 422
    page = as_(cast.amir).get("/privacy/notice").text
    assert "<h2>What we hold</h2>" in page and "I have read it" in page
    assert as_(cast.amir).post("/privacy/notice/acknowledgement", data={"number": "1"}).status_code == 303
    assert "that you read this version" in as_(cast.amir).get("/privacy/notice").text
    assert "12 people have not read the newest version" in ela.get("/privacy/notices").text
    assert ela.post("/privacy/notices", data=TEXT | {"receipt": "n2", "words_en": "Less still."}).status_code == 303
    assert as_(cast.beth).post("/privacy/notice/acknowledgement", data={"number": "1"}).status_code == 409
    assert "I have read it" in as_(cast.amir).get("/privacy/notice").text
    assert db.session.scalar(select(func.count()).select_from(PrivacyNotice)) == 2


def test_whoever_has_not_read_it_is_told_until_she_has(app, cast, at):
    kind = kinds["privacy_notice"]
    assert kind.occasions(at) == []
    number = publish_notice("a", "b", by_id=cast.ela, receipt="1", at=at)
    assert {one.person_id for one in kind.occasions(at)} == set(vars(cast).values())
    assert read_notice(number, cast.amir, at) and not read_notice(number, cast.amir, at)
    assert cast.amir not in {one.person_id for one in kind.occasions(at)}
    assert [one.person_id for one in kind.occasions(at, [cast.amir, cast.beth])] == [cast.beth]
    with pytest.raises(Refusal):
        publish_notice(" ", "b", by_id=cast.ela, receipt="2", at=at)
