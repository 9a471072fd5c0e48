"""Playing: kept move by move, refused when it is not open, shown in the log once."""

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests.modules.roleplays.conftest import PARCEL
from trainee import evidence, profile
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import force_locale
from trainee.modules import library
from trainee.modules.library.bundle import Bundle, unpacked
from trainee.modules.progress.models import PartDone
from trainee.modules.roleplays import actions, present, queries
from trainee.modules.roleplays.models import MOVE, RUN

FORMS = [
    {"choice": ["a"]},
    {"cues": ["a", "b"]},
    {"choice": ["a"]},
    {"text": ["Geciktik, özür dilerim."]},
    {"criteria": ["sorry", "honest"]},
]


@pytest.fixture
def published(app, at):
    """The small story, published as part of a module that is shipped."""
    version = library.current_version("greeting")
    row = db.session.execute(select(library.ModuleVersion.files).where(library.ModuleVersion.id == version)).scalar_one()
    files = dict(unpacked("greeting", row).files)
    files = {name: data for name, data in files.items() if not name.endswith(".roleplay.yaml")} | {PARCEL.name: PARCEL.read_bytes()}
    library.publish(Bundle("greeting", files, "greeting"), at, origin="archive")
    db.session.commit()


def play(run_id: int, who: int, at, forms: Sequence[dict] = FORMS):
    """Answer those forms one after the other, a minute apart."""
    for number, given in enumerate(forms):
        now = queries.run_or_404(run_id, who).state
        actions.move(run_id, who, now.seq, now.scene.id, given, f"key-{now.seq}-{number}", "tr", at + timedelta(minutes=number + 1))
    return queries.run_or_404(run_id, who)


def log(who: int) -> list:
    return list(evidence.in_order([who]))


def test_every_move_is_kept_when_it_is_made(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    run = play(run_id, cast.amir, at, FORMS[:3])
    assert [made.move.scene for made in run.moves] == ["hello", "look", "check"]
    assert [made.seconds for made in run.moves] == [60, 60, 60]
    assert run.state.scene.id == "sorry"
    assert run.finished_at is None


def test_a_run_goes_on_where_it_was_left(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    before = play(run_id, cast.amir, at, FORMS[:4])
    db.session.commit()
    db.session.remove()
    again = queries.run_or_404(run_id, cast.amir)
    assert again.state.draft == before.state.draft
    assert again.state.draft.suggested == ("sorry", "honest")
    end = play(run_id, cast.amir, at, FORMS[4:])
    assert end.state.ending.id == "kept"


def test_the_end_is_written_with_the_last_move(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    run = play(run_id, cast.amir, at)
    assert run.finished_at == at + timedelta(minutes=5)
    past = queries.plays_of(cast.amir, "parcel").finished[0]
    assert (past.ending, past.rank, past.criticals) == ("kept", 3, 0)
    assert queries.plays_of(cast.amir, "parcel").clean


def test_a_run_with_a_critical_error_is_not_clean(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    play(run_id, cast.amir, at, [*FORMS[:2], {"choice": ["b"]}, *FORMS[3:]])
    plays = queries.plays_of(cast.amir, "parcel")
    assert not plays.clean
    assert plays.endings == {"lost"}


def test_a_role_play_is_done_when_it_was_once_played_to_an_end_without_a_critical_error(published, cast, at):
    done = select(PartDone.part).where(PartDone.person_id == cast.amir)
    play(actions.begin(cast.amir, "parcel", "k1", at), cast.amir, at, [*FORMS[:2], {"choice": ["b"]}, *FORMS[3:]])
    play(actions.begin(cast.amir, "parcel", "k2", at), cast.amir, at, FORMS[:4])
    assert db.session.execute(done).scalars().all() == []
    play(actions.begin(cast.amir, "parcel", "k3", at), cast.amir, at)
    assert db.session.execute(done).scalars().all() == ["roleplay/parcel"]


def test_pressing_begin_twice_begins_once(published, cast, at):
    assert actions.begin(cast.amir, "parcel", "k", at) == actions.begin(cast.amir, "parcel", "k", at)
    assert actions.begin(cast.beth, "parcel", "k", at) != actions.begin(cast.amir, "parcel", "k", at)


def test_an_abandoned_run_is_kept_when_another_begins(published, cast, at):
    first = actions.begin(cast.amir, "parcel", "k1", at)
    play(first, cast.amir, at, FORMS[:2])
    second = actions.begin(cast.amir, "parcel", "k2", at)
    plays = queries.plays_of(cast.amir, "parcel")
    assert [run.id for run in plays.runs] == [second, first]
    assert plays.open.id == second
    assert len(queries.run_or_404(first, cast.amir).moves) == 2


def test_the_same_move_sent_twice_counts_once(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    for _time in range(2):
        actions.move(run_id, cast.amir, 0, "hello", FORMS[0], "same", "tr", at)
    assert len(queries.run_or_404(run_id, cast.amir).moves) == 1
    assert len(log(cast.amir)) == 2, "greeting and empathy, once each"


def test_a_move_sent_late_and_twice_changes_nothing_after_the_talk_went_on(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    actions.move(run_id, cast.amir, 0, "hello", FORMS[0], "first", "tr", at)
    actions.move(run_id, cast.amir, 1, "look", FORMS[1], "second", "tr", at)
    now = actions.move(run_id, cast.amir, 0, "hello", FORMS[0], "first", "tr", at)
    assert now.seq == 2


@pytest.mark.parametrize(
    ("played", "seq", "scene", "given", "status"),
    [
        (1, 0, "hello", {"choice": ["a"]}, 409),
        (1, 5, "look", {"cues": ["a", "b"]}, 409),
        (1, 1, "hello", {"choice": ["a"]}, 409),
        (0, 0, "nowhere", {"choice": ["a"]}, 409),
        (0, 0, "hello", {"choice": ["z"]}, 409),
        (0, 0, "hello", {}, 422),
        (0, -1, "hello", {"choice": ["a"]}, 409),
        (3, 3, "sorry", {"text": ["x"]}, 422),
        (3, 3, "sorry", {"criteria": ["sorry"]}, 422),
        (5, 5, "sorry", {"criteria": ["sorry"]}, 409),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(published, cast, at, played, seq, scene, given, status):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    before = play(run_id, cast.amir, at, FORMS[:played])
    rows = log(cast.amir)
    with pytest.raises(Refusal) as refused:
        actions.move(run_id, cast.amir, seq, scene, given, "other", "tr", at)
    assert refused.value.status == status
    assert queries.run_or_404(run_id, cast.amir) == before
    assert log(cast.amir) == rows


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_a_move_without_a_proper_key_is_refused(published, cast, at, key):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    with pytest.raises(Refusal):
        actions.move(run_id, cast.amir, 0, "hello", FORMS[0], key, "tr", at)


def test_somebody_elses_run_is_not_there(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    for who in (cast.beth, cast.chloe, cast.ada):
        with pytest.raises(NotFound):
            actions.move(run_id, who, 0, "hello", FORMS[0], "x", "tr", at)
        with pytest.raises(NotFound):
            actions.replay_from(run_id, who, 0, "x", at)
    with pytest.raises(NotFound):
        queries.run_or_404(10**9, cast.amir)
    with pytest.raises(NotFound):
        actions.begin(cast.amir, "no-such-story", "k", at)


def test_each_move_shows_one_thing_per_skill_under_its_receipt(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    play(run_id, cast.amir, at)
    found = {(row.source, row.item, row.skill): row.score for row in log(cast.amir)}
    assert found == {
        ("roleplay_choice", "parcel/hello", "greeting"): 1.0,
        ("roleplay_choice", "parcel/hello", "empathy"): 1.0,
        ("roleplay_choice", "parcel/look", "needs-discovery"): 1.0,
        ("roleplay_choice", "parcel/check", "trust-building"): 1.0,
        ("typed_reply_self", "parcel/sorry", "empathy"): 1.0,
        ("typed_reply_self", "parcel/sorry", "reliability"): 1.0,
    }
    receipts = set(db.session.execute(select(evidence.Evidence.receipt)).scalars())
    assert f"roleplay_choice/{run_id}/0/greeting" in receipts
    assert f"roleplay_choice/{run_id}/4/empathy" in receipts


def test_writing_shows_nothing_until_it_is_confirmed(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    play(run_id, cast.amir, at, FORMS[:3])
    before = len(log(cast.amir))
    play(run_id, cast.amir, at, FORMS[3:4])
    assert len(log(cast.amir)) == before


def test_the_suggestion_and_the_confirmation_are_both_kept_and_the_words_apart(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    play(run_id, cast.amir, at, [*FORMS[:4], {"criteria": ["honest", "invented"]}])
    written, confirmed = db.session.execute(select(MOVE.c.answer, MOVE.c.text).where(MOVE.c.seq >= 3).order_by(MOVE.c.seq)).all()
    assert written.answer == {"language": "tr", "suggested": ["sorry", "honest"]}
    assert written.text == "Geciktik, özür dilerim."
    assert confirmed.answer == {"confirmed": ["honest"]}
    assert {row.skill: row.score for row in log(cast.amir) if row.source == "typed_reply_self"} == {"empathy": 0.0, "reliability": 1.0}


def test_a_run_can_still_be_read_when_its_words_were_blanked(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    play(run_id, cast.amir, at)
    db.session.execute(MOVE.update().values(text=""))
    assert queries.run_or_404(run_id, cast.amir).state.ending.id == "kept"


def test_a_replay_shows_only_what_is_newly_done(published, cast, at):
    first = actions.begin(cast.amir, "parcel", "k", at)
    play(first, cast.amir, at)
    before = len(log(cast.amir))
    again = actions.replay_from(first, cast.amir, 2, "r", at)
    assert len(log(cast.amir)) == before
    run = queries.run_or_404(again, cast.amir)
    assert (run.replay_of, run.replay_from, run.state.seq, run.state.scene.id) == (first, 2, 2, "check")
    end = play(again, cast.amir, at + timedelta(days=1), [{"choice": ["b"]}, *FORMS[3:]])
    assert end.state.ending.id == "lost"
    new = log(cast.amir)[before:]
    assert {row.item for row in new} == {"parcel/check", "parcel/sorry"}
    assert [step.scene.id for step in end.new_steps] == ["check", "sorry"]
    assert queries.plays_of(cast.amir, "parcel").endings == {"kept", "lost"}


def test_a_replay_begins_once_and_only_where_a_scene_begins(published, cast, at):
    first = actions.begin(cast.amir, "parcel", "k", at)
    with pytest.raises(Refusal):
        actions.replay_from(first, cast.amir, 0, "r", at)
    play(first, cast.amir, at)
    for kept in (-1, 4, 5, 99):
        with pytest.raises(Refusal):
            actions.replay_from(first, cast.amir, kept, "r", at)
    assert actions.replay_from(first, cast.amir, 0, "r", at) == actions.replay_from(first, cast.amir, 0, "r", at)
    assert db.session.execute(select(RUN.c.id)).all().__len__() == 2


def test_a_run_stays_with_the_version_it_was_begun_on(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    before = queries.run_or_404(run_id, cast.amir)
    row = db.session.execute(select(library.ModuleVersion.files).where(library.ModuleVersion.id == before.version_id)).scalar_one()
    files = dict(unpacked("greeting", row).files)
    files[PARCEL.name] = files[PARCEL.name].replace(b"Kolim nerede?", b"Paketim nerede?")
    newer = library.publish(Bundle("greeting", files, "greeting"), at, origin="archive")
    assert newer != before.version_id
    assert queries.run_or_404(run_id, cast.amir).state.words.tr == "Kolim nerede?"
    assert queries.current("parcel")[1].scenes["hello"].customer.tr == "Paketim nerede?"


def test_what_a_run_moved_is_told_per_skill(published, cast, at):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    run = play(run_id, cast.amir, at)
    moved = {after.skill: (before.figure, after.figure) for before, after in queries.moved(run)}
    assert set(moved) == {"greeting", "empathy", "needs-discovery", "trust-building", "reliability"}
    assert all(after.expected > before.expected for before, after in moved.values())
    assert (moved["empathy"][0].n, moved["empathy"][1].n) == (0, 2)


def fallen(skill: str) -> tuple[SimpleNamespace, SimpleNamespace]:
    """A level that is a little lower than before."""
    before, after = (SimpleNamespace(skill=skill, level=3, figure=SimpleNamespace(expected=expected, n=n)) for expected, n in ((0.80, 5), (0.78, 6)))
    return before, after


def test_who_earned_every_point_of_a_skill_reads_what_drew_it_down_all_the_same(app, published, cast, at):
    run = play(actions.begin(cast.amir, "parcel", "k", at), cast.amir, at, [{"choice": ["a"]}, {"cues": ["a", "c"]}, *FORMS[2:]])
    with app.test_request_context(), force_locale("en"):
        told = present.debrief(run, queries.plays_of(cast.amir, "parcel"), [fallen(skill) for skill in sorted({row.skill for row in log(cast.amir)})])
    full = {name: earned == best for name, earned, best, *_words in told["skill_points"]}
    assert set(full.values()) == {True, False}
    for name, icon, words in told["moved"]:
        assert words.startswith("All points here; weaker moments" if full[name] else "A little lower than before"), name
        assert (icon == "minus") is full[name]


@pytest.mark.parametrize(
    ("earlier", "why"),
    [
        (0.2, "You earned 2 of 4 points; that is more than your evidence so far let expect in these scenes."),
        (1.0, "You earned 2 of 4 points; what raised it were stronger moments in other skills."),
    ],
)
def test_a_skill_that_rose_though_few_points_were_earned_says_why(app, published, cast, at, earlier, why):
    first = at - timedelta(days=3)
    before = [("empathy", earlier), ("needs-discovery", 0.4)] * 8
    record = [profile.Showing(cast.amir, skill, "roleplay_choice", score, f"x/{n}", first, f"x{n}") for n, (skill, score) in enumerate(before)]
    profile.record(record, first)
    run = play(actions.begin(cast.amir, "parcel", "k", at), cast.amir, at, [FORMS[0], {"cues": ["a", "c"]}, *FORMS[2:4], {"criteria": ["honest"]}])
    moved = queries.moved(run)
    with app.test_request_context(), force_locale("en"):
        told = present.debrief(run, queries.plays_of(cast.amir, "parcel"), moved, queries.raised_by(run, moved))
    empathy = next(words for name, _icon, words in told["moved"] if name == "Empathy")
    assert empathy.endswith(why)


@pytest.mark.parametrize(
    ("number", "other"),
    [(0, {"choice": ["b"]}), (1, {"cues": ["a", "c"]}), (3, {"text": ["Bugün getiriyoruz, söz veriyorum."]}), (4, {"criteria": ["sorry"]})],
)
def test_the_same_press_with_another_answer_is_refused_and_changes_nothing(published, cast, at, number, other):
    run_id = actions.begin(cast.amir, "parcel", "k", at)
    before = play(run_id, cast.amir, at, FORMS[: number + 1])
    made, rows = before.moves[number], len(log(cast.amir))
    again = (run_id, cast.amir, made.seq, made.move.scene, FORMS[number], made.key)
    assert actions.move(*again, "tr", at).seq == number + 1
    assert actions.move(*again, "en", at).seq == number + 1
    with pytest.raises(Refusal, match="first one counts"):
        actions.move(run_id, cast.amir, made.seq, made.move.scene, other, made.key, "tr", at)
    with pytest.raises(Refusal, match="first one counts"):
        actions.move(run_id, cast.amir, made.seq + 1, made.move.scene, FORMS[number], made.key, "tr", at)
    assert queries.run_or_404(run_id, cast.amir).moves == before.moves
    assert len(log(cast.amir)) == rows
