"""What is recommended for which gap, and in which order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from trainee import plans
from trainee.kit.clock import now
from trainee.kit.i18n import force_locale
from trainee.plans.recommendations import recommendations
from trainee.profile import Fall, Figure, Gap, Lacking, Level, Try, levels, with_falls
from trainee.profile.gaps import GAP_OF_LINE

DIAGNOSES = [*GAP_OF_LINE.values(), "unknown"]


@pytest.fixture(autouse=True)
def _in_english(app):
    with force_locale("en"):
        yield


@pytest.fixture
def gap(app, cast):
    """A gap of one kind in one skill."""
    level = levels(cast.amir, now())

    def of(diagnosis: str, skill: str = "empathy", target: int = 3, stands: Level | None = None) -> Gap:
        return Gap(skill, target, stands or level[skill], diagnosis, None, 1.0, 0.9, Lacking("few"))

    return of


@pytest.fixture
def good(gap, at):
    """A gap of somebody who is good already and is to be a role model."""
    figure = Figure(20, 1.2, 0.2, at)
    return lambda diagnosis: gap(diagnosis, target=4, stands=Level("empathy", figure, {}, at))


def advised(gap, done=None, ranks=None, roles=("employee",), due=0, missed=(), locked=()):
    return plans.advice(gap, plans.training(), done or {}, ranks or {}, roles, {gap.skill: due}, missed, locked=locked)


def test_nothing_is_advised_of_a_locked_module_while_there_is_anything_else(gap):
    offered = plans.training()
    everywhere = {part.module.key for part in offered.by_skill["empathy"]}
    assert len(everywhere) > 1
    for diagnosis in DIAGNOSES:
        first = {one.part.module.key for one in advised(gap(diagnosis)) if one.part is not None}
        others = {one.part.module.key for one in advised(gap(diagnosis), locked=first) if one.part is not None}
        assert not first & others
        # Where everything is locked it is advised all the same; the page says how it opens.
        assert {one.part.module.key for one in advised(gap(diagnosis), locked=everywhere) if one.part is not None} == first


@pytest.mark.parametrize(
    ("well", "said"), [(True, "The work is done well"), (None, "Nobody has watched the work"), (False, "Some of it may be the work")]
)
def test_talking_about_the_process_says_the_work_is_done_well_only_where_it_was_seen_to_be(gap, well, said):
    found = {one.key: one for one in advised(replace(gap("impact"), well_before=well))}
    assert said in found["look_at_process"].sentence
    assert ("ask_observation" in found) == (well is None)


@pytest.mark.parametrize("diagnosis", DIAGNOSES)
def test_every_kind_of_gap_has_a_step_that_says_what_it_is_for(gap, diagnosis):
    found = advised(gap(diagnosis))
    assert found
    assert all(one.title and one.sentence and one.minutes > 0 for one in found)
    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)


def test_every_kind_of_recommendation_is_some_good(gap, good):
    offered = {one.key for diagnosis in DIAGNOSES for who in (gap, good) for one in advised(who(diagnosis), due=5)}
    assert offered == set(recommendations.keys())


def test_where_many_came_down_at_once_the_process_is_talked_about_and_nobody_is_sent_to_learn(gap, at):
    fall = Fall(None, "empathy", "observed", at, 12, 9, 0.2)
    own = replace(gap("transfer"), line="observed", level=replace(gap("transfer").level, at=at))
    told = advised(with_falls(own, [fall]))
    assert told[0].key == "look_at_process"
    assert "Many came down" in told[0].sentence
    assert "Many came down" not in advised(gap("impact"))[0].sentence
    assert "look_at_process" not in [one.key for one in advised(own)]


def test_each_step_says_what_share_of_the_gap_it_is_expected_to_close(gap):
    for diagnosis in DIAGNOSES:
        for one in advised(gap(diagnosis), due=3):
            assert 0 < one.share < 1
            assert one.worth == one.share / one.minutes
            assert one.tells == (diagnosis == "unknown" or one.key == "ask_observation")


def test_questions_that_are_due_are_offered_while_there_are_any(gap):
    assert "review_items" not in [one.key for one in advised(gap("knowledge"))]
    one = next(one for one in advised(gap("knowledge"), due=40) if one.key == "review_items")
    assert (one.endpoint, one.title, one.minutes) == ("reviews.reviews", "Repeat 5 questions that are due", 3)


def test_a_stretch_task_is_for_who_is_good_already_and_for_nobody_else(gap, good):
    assert "stretch_task" in [one.key for one in advised(good("practice"))]
    assert "stretch_task" not in [one.key for one in advised(gap("practice"))]
    assert "stretch_task" not in [one.key for one in advised(gap("practice", target=4))]


def test_each_gap_gets_what_fits_it(gap):
    first = {diagnosis: advised(gap(diagnosis))[0].key for diagnosis in DIAGNOSES}
    assert first["knowledge"] == "read_lesson"
    assert first["practice"] == "play_roleplay"
    assert first["transfer"] == "coach"
    # Where nobody watched the work, that is what is missing first, and it is told as what it brings.
    watch, talk = advised(gap("impact"))[:2]
    assert (watch.key, watch.tells, talk.key, talk.tells) == ("ask_observation", True, "look_at_process", False)
    assert watch.share == next(one for one in advised(gap("unknown")) if one.key == "ask_observation").share
    assert advised(replace(gap("impact"), well_before=True))[0].key == "look_at_process"


def test_who_leads_talks_about_what_was_seen_lately_and_looks_first_where_nothing_was(gap, at):
    def lead(ago):
        seen = Figure(6, -0.5, 0.3, at - timedelta(days=ago))
        found = gap("transfer", stands=Level("empathy", seen, {"observed": seen}, at))
        [coach] = [one for one in advised(found) if one.key == "coach"]
        assert plans.lead_step(found) == (coach.lead_deed, coach.lead_endpoint)
        return plans.lead_step(found)

    assert [lead(ago) for ago in (0, 14)] == [("Prepare a coaching session", "preparing.prepare")] * 2
    assert lead(15) == ("Observe", "observing.observe")


def test_where_nothing_on_the_site_trains_a_skill_somebody_can_still_watch(gap):
    keys = [
        one.key for one in advised(gap("unknown", "service-environment") if "service-environment" in plans.training().by_skill else gap("unknown"))
    ]
    assert "ask_observation" in keys


def test_a_lesson_that_was_read_gives_way_to_one_that_was_not(gap):
    first = next(one for one in advised(gap("knowledge")) if one.key == "read_lesson")
    assert first.part is not None
    done = {first.part.module.key: {first.part.part: (now(), now())}}
    second = next(one for one in advised(gap("knowledge"), done) if one.key == "read_lesson")
    assert second.part is not None and second.part.part != first.part.part


def missed_of(part, at):
    """A question of this lesson's that was missed."""
    [question, *_more] = [one for one in part.module.quiz.questions if one.lesson == part.values["lesson_key"]]
    return Try(1, f"{part.module.key}/quiz/{question.id}", "empathy", "quiz_answer", 0.0, at)


def test_the_lesson_of_the_question_missed_last_comes_first_until_it_is_read(gap, at):
    parts = [part for part in plans.training().by_skill["empathy"] if part.kind == "lesson" and part.module.key == "empathy"]
    newest, older = parts[-1], parts[1]
    missed = [missed_of(newest, at), missed_of(older, at - timedelta(days=3))]

    def offered(done):
        return next(one for one in advised(gap("knowledge"), done, missed=missed) if one.key == "read_lesson")

    read_before = {"empathy": {newest.part: (at - timedelta(days=9), at - timedelta(days=9))}}
    assert offered(read_before).part is newest
    assert offered(read_before).title.endswith("again")
    assert "missed on 11 Mar 2026" in offered(read_before).sentence
    read_since = {"empathy": {newest.part: (at, at + timedelta(hours=1))}}
    assert offered(read_since).part is older
    # What was missed of another skill, or is in no module any more, says nothing.
    others = [missed[1]._replace(skill="greeting"), missed[1]._replace(item="gone/quiz/q01")]
    assert advised(gap("knowledge"), missed=others) == advised(gap("knowledge"))


def test_when_all_were_read_the_one_read_longest_ago_is_read_again(gap):
    parts = [part for part in plans.training().by_skill["empathy"] if part.kind == "lesson"]
    done = {part.module.key: {} for part in parts}
    for days, part in enumerate(parts):
        moment = now().replace(year=2020 + days % 5, month=1 + days % 12, day=1 + days % 28)
        done[part.module.key][part.part] = (moment, moment)
    oldest = min(parts, key=lambda part: done[part.module.key][part.part][1])
    step = next(one for one in advised(gap("knowledge"), done) if one.key == "read_lesson")
    assert step.part == oldest
    assert step.title.endswith("again")


def test_a_roleplay_that_ended_well_gives_way_to_one_that_did_not(gap):
    first = next(one for one in advised(gap("practice")) if one.key == "play_roleplay")
    assert first.part is not None
    story = first.part.values["story"]
    again = next(one for one in advised(gap("practice"), ranks={story: 3}) if one.key == "play_roleplay")
    assert again.part is not None and again.part.values["story"] != story


def test_a_module_written_for_others_is_not_offered(gap):
    assert all(one.part is None for one in advised(gap("practice"), roles=("guest",)))
