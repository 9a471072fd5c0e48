"""What is recommended for which gap, and in which order."""

import pytest

from trainee import plans
from trainee.kit.clock import now
from trainee.kit.i18n import force_locale
from trainee.plans.recommendations import recommendations
from trainee.profile import Gap, levels
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

    def of(diagnosis: str, skill: str = "empathy") -> Gap:
        return Gap(skill, 3, level[skill], diagnosis, None, 1.0, 0.9, "Because.")

    return of


def advised(gap, done=None, ranks=None, roles=("employee",)):
    return plans.advice(gap, plans.training(), done or {}, ranks or {}, roles)


@pytest.mark.parametrize("diagnosis", DIAGNOSES)
def test_every_kind_of_gap_has_a_step_that_says_what_it_is_for(gap, diagnosis):
    found = advised(gap(diagnosis))
    assert found
    assert all(one.title and one.sentence and one.minutes > 0 for one in found)
    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)


def test_every_kind_of_recommendation_is_some_good(gap):
    offered = {one.key for diagnosis in DIAGNOSES for one in advised(gap(diagnosis))}
    assert offered == set(recommendations.keys())


def test_each_gap_gets_what_fits_it(gap):
    first = {diagnosis: advised(gap(diagnosis))[0].key for diagnosis in DIAGNOSES}
    assert first["knowledge"] == "read_lesson"
    assert first["practice"] == "play_roleplay"
    assert first["transfer"] == "coach"
    assert first["impact"] == "look_at_process"


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


def test_when_all_were_read_the_one_read_longest_ago_is_read_again(gap):
    parts = [part for part in plans.training().by_skill["empathy"] if part.kind == "lesson"]
    done = {part.module.key: {} for part in parts}
    for days, part in enumerate(parts):
        moment = now().replace(year=2020 + days % 5, month=1 + days)
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
