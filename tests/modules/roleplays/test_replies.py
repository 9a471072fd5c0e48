"""A typed reply is shown to who leads its author, looked at once, and counts from then on by what was seen in it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.modules.roleplays.test_roleplay_runs import FORMS, log, play, published
from trainee import evidence, profile
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.modules.roleplays import actions, queries
from trainee.modules.roleplays.replies import OFFERED, confirm, offer
from trainee.modules.roleplays.replies.queries import typed

__all__ = ["published"]
SEQ = 4
DAY = timedelta(days=1)


@pytest.fixture
def run_id(published, cast, at):
    """A finished talk of Amir's in which he apologised, and ticked only that he did."""
    number = actions.begin(cast.amir, "parcel", "k", at - DAY)
    play(number, cast.amir, at - DAY, [*FORMS[:4], {"criteria": ["sorry"]}])
    db.session.commit()
    return number


@pytest.fixture
def reply_id(run_id, cast, at):
    """The same, shown."""
    made = offer(run_id, cast.amir, SEQ, at)
    db.session.commit()
    return made


def shown(who, skill):
    """What the reply counts as, by source."""
    return [(row.source, row.score) for row in log(who) if row.item == "parcel/sorry" and row.skill == skill]


def offers():
    found = db.session.scalar(select(func.count()).select_from(OFFERED))
    db.session.rollback()
    return found


def test_until_somebody_looks_her_own_ticks_count(reply_id, cast):
    assert shown(cast.amir, "empathy") == [("typed_reply_self", 1.0)]
    assert shown(cast.amir, "reliability") == [("typed_reply_self", 0.0)]


def test_what_the_supervisor_saw_counts_in_the_place_of_her_own_ticks(reply_id, cast, at):
    confirm(reply_id, by_id=cast.chloe, met=["honest"], words="An apology needs its reason named.", at=at + DAY)
    assert shown(cast.amir, "empathy") == [("typed_reply_confirmed", 0.0)]
    assert shown(cast.amir, "reliability") == [("typed_reply_confirmed", 1.0)]
    [row] = [row for row in log(cast.amir) if row.item == "parcel/sorry" and row.skill == "empathy"]
    assert row.actor_id == cast.chloe
    taken = [one["detail"]["reason"] for one in evidence.take_backs(cast.amir, "empathy")]
    assert taken == ["looked at by a supervisor"]


def test_it_counts_from_when_it_was_written_and_the_past_is_told_as_it_was_believed(reply_id, cast, at):
    written = next(row.occurred_at for row in log(cast.amir) if row.item == "parcel/sorry")
    before = profile.believed_on(cast.amir, at)["empathy"].figure.mean
    confirm(reply_id, by_id=cast.chloe, met=[], words="It excuses more than it apologises.", at=at + DAY)
    assert {row.occurred_at for row in log(cast.amir) if row.item == "parcel/sorry"} == {written}
    assert profile.believed_on(cast.amir, at)["empathy"].figure.mean == before
    assert profile.believed_on(cast.amir, at + DAY)["empathy"].figure.mean < before


def test_what_is_confirmed_belongs_to_the_same_sitting(reply_id, cast, at):
    confirm(reply_id, by_id=cast.chloe, met=["sorry"], words="", at=at + DAY)
    sittings = {evidence.sources[row.source].sitting(row.receipt) for row in log(cast.amir)}
    assert len(sittings) == 1


def test_the_figures_are_those_of_a_replay_of_the_log(reply_id, cast, at):
    confirm(reply_id, by_id=cast.chloe, met=["honest"], words="Not an apology yet.", at=at + DAY)
    db.session.commit()
    kept = {skill: level.figure for skill, level in profile.levels(cast.amir, at + DAY).items()}
    for _step in profile.rebuild(at + DAY):
        db.session.commit()
    assert {skill: level.figure for skill, level in profile.levels(cast.amir, at + DAY).items()} == kept


def test_the_same_twice_looks_once_and_another_look_is_refused(reply_id, cast, at):
    confirm(reply_id, by_id=cast.chloe, met=["sorry"], words="", at=at + DAY)
    rows = db.session.scalar(select(func.count()).select_from(evidence.Evidence))
    confirm(reply_id, by_id=cast.chloe, met=["sorry"], words="", at=at + 2 * DAY)
    assert db.session.scalar(select(func.count()).select_from(evidence.Evidence)) == rows
    with pytest.raises(Refusal, match="already"):
        confirm(reply_id, by_id=cast.hana, met=["sorry"], words="", at=at + 2 * DAY)
    assert shown(cast.amir, "empathy") == [("typed_reply_confirmed", 1.0)]


def test_seeing_it_otherwise_needs_a_sentence_and_seeing_it_so_needs_none(reply_id, cast, at):
    with pytest.raises(Refusal) as refused:
        confirm(reply_id, by_id=cast.chloe, met=["sorry", "honest"], words=" ", at=at + DAY)
    assert (refused.value.status, refused.value.code) == (422, "words")
    with pytest.raises(Refusal):
        confirm(reply_id, by_id=cast.chloe, met=["sorry"], words="x" * 601, at=at + DAY)
    assert shown(cast.amir, "empathy") == [("typed_reply_self", 1.0)]


def test_nobody_confirms_her_own(reply_id, cast, at):
    with pytest.raises(Forbidden):
        confirm(reply_id, by_id=cast.amir, met=["sorry"], words="", at=at + DAY)


def test_evidence_that_was_taken_back_meanwhile_stays_taken_back(reply_id, cast, at):
    [row] = [row for row in log(cast.amir) if row.item == "parcel/sorry" and row.skill == "empathy"]
    profile.retract(row.id, "a correction", at, cast.ela)
    confirm(reply_id, by_id=cast.chloe, met=["sorry"], words="", at=at + DAY)
    assert shown(cast.amir, "empathy") == []
    assert shown(cast.amir, "reliability") == [("typed_reply_confirmed", 0.0)]


def test_only_a_typed_reply_of_her_own_finished_run_is_shown(run_id, cast, at):
    for seq in (0, 3, 99):
        with pytest.raises(Refusal):
            offer(run_id, cast.amir, seq, at)
    with pytest.raises(NotFound):
        offer(run_id, cast.beth, SEQ, at)
    unfinished = actions.begin(cast.amir, "parcel", "another", at)
    with pytest.raises(Refusal, match="Finish"):
        offer(unfinished, cast.amir, SEQ, at)


def test_a_reply_that_a_replay_copied_is_shown_from_the_run_in_which_it_was_written(run_id, cast, at):
    again = actions.replay_from(run_id, cast.amir, 3, "again", at)
    play(again, cast.amir, at, FORMS[3:])
    assert list(typed(queries.run_or_404(again, cast.amir))) == [SEQ]
    assert list(typed(queries.run_or_404(run_id, cast.amir))) == [SEQ]


# Pages -------------------------------------------------------------------------------------------------------------------


def test_she_shows_it_from_the_look_back_once_and_reads_that_it_waits(as_, cast, run_id):
    client = as_(cast.amir)
    page = f"/roleplay-runs/{run_id}/debrief"
    assert "Show this reply to my supervisor" in client.get(page).text
    for _press in range(2):
        answer = client.post(f"/roleplay-runs/{run_id}/replies", data={"seq": SEQ})
        assert (answer.status_code, answer.location) == (303, f"{page}#reply-{SEQ}")
    assert offers() == 1
    html = client.get(page).text
    assert "Until they have looked, your own ticks count." in html
    assert "Show this reply to my supervisor" not in html


@pytest.mark.parametrize("seq", ["", "x", "0", "99999"])
def test_a_place_without_a_reply_is_refused(as_, cast, run_id, seq):
    assert as_(cast.amir).post(f"/roleplay-runs/{run_id}/replies", data={"seq": seq}).status_code == 422
    assert offers() == 0


def test_her_supervisor_finds_it_on_team_and_in_the_list_and_ticks_what_she_sees(as_, cast, reply_id):
    chloe = as_(cast.chloe)
    assert f"/replies/{reply_id}" in chloe.get("/team").text
    assert "Amir Kaya" in chloe.get("/replies").text
    html = chloe.get(f"/replies/{reply_id}").text
    assert "Geciktik, özür dilerim." in html
    assert re.findall(r'name="met" value="(\w+)" checked', html) == ["sorry"]
    refused = chloe.post(f"/replies/{reply_id}", data={"met": ["honest"], "words": ""})
    assert refused.status_code == 422
    assert "say in a sentence" in refused.text
    assert re.findall(r'name="met" value="(\w+)" checked', refused.text) == ["honest"]
    answer = chloe.post(f"/replies/{reply_id}", data={"met": ["honest"], "words": "The reason comes first."})
    assert (answer.status_code, answer.location) == (303, "/replies")
    assert "No reply waits for you." in chloe.get("/replies").text
    assert "The reason comes first." in chloe.get(f"/replies/{reply_id}").text


def test_both_are_told(as_, cast, reply_id, run_id):
    confirm(reply_id, by_id=cast.chloe, met=["honest"], words="The reason comes first.", at=now())
    db.session.commit()
    amir = as_(cast.amir)
    html = amir.get(f"/roleplay-runs/{run_id}/debrief").text
    assert "looked at this reply" in html
    assert "The reason comes first." in html
    assert html.count("You had ticked it.") == html.count("You had not ticked it.") == 1
    assert "Wrote a reply that a supervisor confirmed" in amir.get("/skills/empathy").text
    assert "a supervisor looked at the reply, and what they saw counts instead" in amir.get("/skills/empathy").text
    assert "Wrote a reply that a supervisor confirmed" in as_(cast.chloe).get(f"/people/{cast.amir}/skills/empathy").text


@pytest.mark.parametrize(("who", "status"), [("amir", 403), ("ela", 403), ("beth", 404), ("dev", 404), ("kai", 404), ("hana", 200), ("iris", 200)])
def test_only_those_who_lead_her_read_it(as_, cast, reply_id, who, status):
    client = as_(getattr(cast, who))
    assert client.get(f"/replies/{reply_id}").status_code == status
    posted = client.post(f"/replies/{reply_id}", data={"met": ["sorry"]})
    assert posted.status_code == (303 if status == 200 else status)


def test_the_list_is_for_those_who_lead(as_, cast):
    assert as_(cast.amir).get("/replies").status_code == 403


def test_the_pages_ask_little_of_the_database(as_, cast, reply_id, counting):
    chloe = as_(cast.chloe)
    chloe.get("/replies")
    for page, most in (("/replies", 3), (f"/replies/{reply_id}", 4)):
        counting.clear()
        chloe.get(page)
        assert len(counting) <= most, counting
