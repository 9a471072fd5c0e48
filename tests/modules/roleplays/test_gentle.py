"""After two hard talks in a row something easier is offered, and nobody is shamed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.modules import library
from trainee.modules.roleplays import actions, queries
from trainee.modules.roleplays.gentle import LATELY, End, gentler, was_hard, weary
from trainee.modules.roleplays.models import RUN
from trainee.modules.roleplays.search import explore

HOUR = timedelta(hours=1)


def ends(at, *hard):
    return [End(f"story-{number}", at - number * HOUR, one) for number, one in enumerate(hard)]


def test_two_hard_talks_in_a_row_are_enough_and_one_is_not(at):
    assert weary(ends(at, True, True), at)
    assert weary(ends(at, True, True, False), at)
    assert not weary(ends(at, True), at)
    assert not weary(ends(at, False, True, True), at)
    assert not weary(ends(at, True, False, True), at)
    assert not weary([], at)


def test_what_was_hard_last_week_is_over(at):
    assert not weary(ends(at, True, True), at + LATELY)


def test_hard_is_the_lowest_ending_or_a_mood_at_its_bottom(parcel):
    worst, best = (pick(parcel.endings.values(), key=lambda end: end.rank) for pick in (min, max))
    assert was_hard(parcel, worst, parcel.mood_max)
    assert was_hard(parcel, best, parcel.mood_min)
    assert not was_hard(parcel, best, parcel.mood_min + 1)


def test_the_easier_one_is_easier_and_was_not_just_played(parcel):
    stories = [replace(parcel, id=f"level-{level}", difficulty=level) for level in (1, 2, 3)]
    assert gentler(stories, {}, ["level-3"]).id == "level-1"
    assert gentler(stories, {}, ["level-1", "level-2"]) is None
    assert gentler(stories[1:], {}, ["level-3"]).id == "level-2"
    assert gentler([*stories, replace(stories[0], id="known")], {"known": 3}, ["level-3"]).id == "known"


@pytest.fixture
def finished(app, cast):
    """Finished runs of Amir's of a hard story, the last one an hour ago; whether each was hard."""
    story = next(story for module in library.catalogue_modules() for story in module.stories if story.difficulty == 2)
    version_id, _story = library.roleplay(story.id)
    base = {"person_id": cast.amir, "version_id": version_id, "story": story.id, "seed": 1, "rank": 1, "criticals": 0, "ending": "x"}

    def finish(*hard):
        for number, one in enumerate(hard):
            at = now() - (len(hard) - number) * HOUR
            db.session.execute(insert(RUN), {**base, "key": f"k{number}", "started_at": at - HOUR, "finished_at": at, "hard": one})
        db.session.commit()
        return story

    return finish


@pytest.mark.parametrize(("hard", "offered"), [((True, True), True), ((False, True), False), ((True, True, False), False)])
def test_today_offers_something_easier_as_long_as_the_last_two_were_hard(as_, cast, finished, hard, offered):
    story = finished(*hard)
    html = as_(cast.amir).get("/").text
    assert ("something easier does good now" in html) == offered
    if offered:
        assert f"/roleplays/{story.id}/" not in html
        assert html.count("button-primary") == 1


def played_badly(person_id, key):
    """A shipped story played the shortest way to its lowest ending."""
    _version, story = library.roleplay("first-message")
    lowest = next(end for end in story.endings.values() if end.rank == 1)
    answers = next(answers for (ending, _told), answers in explore(story).items() if ending == lowest.id)
    run_id = actions.begin(person_id, story.id, key, now(), seed=1)
    for answer in answers:
        here = queries.run_or_404(run_id, person_id).state
        given = {name: value if isinstance(value, list | tuple) else [value] for name, value in answer.items()}
        actions.move(run_id, person_id, here.seq, here.scene.id, given, f"{key}-{here.seq}", "en", now())
    db.session.commit()
    return queries.run_or_404(run_id, person_id)


def test_the_look_back_offers_it_after_the_second_hard_talk_and_not_before(as_, cast):
    browser = as_(cast.amir)
    first = played_badly(cast.amir, "one")
    assert db.session.scalar(select(RUN.c.hard).where(RUN.c.id == first.id))
    assert "Two hard talks in a row" not in browser.get(f"/roleplay-runs/{first.id}/debrief").text
    second = played_badly(cast.amir, "two")
    html = browser.get(f"/roleplay-runs/{second.id}/debrief").text
    assert "Two hard talks in a row" in html
    assert "Everybody who serves people has such days" in html
