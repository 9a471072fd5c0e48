"""What is assigned, what completes it, and how it ends."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from trainee import plans
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import force_locale
from trainee.modules import library
from trainee.modules.library.content import TryIt
from trainee.modules.progress.queries import parts_of
from trainee.modules.roleplays.models import RUN
from trainee.people import actions as people
from trainee.plans import Assignment, PathOpening, Task
from trainee.plans.models import ASSIGNMENT


@pytest.fixture(autouse=True)
def _in_english(app):
    with force_locale("en"):
        yield


@pytest.fixture
def give(cast, at):
    """Chloe asks Amir to do something, at noon."""
    return lambda what, **more: plans.assign(cast.amir, what, at=at, given_by_id=cast.chloe, why="Because.", **more)


@pytest.fixture
def story() -> str:
    """A role-play of the module on complaints or whichever has one."""
    return next(story.id for module in library.catalogue_modules() for story in module.stories)


def test_a_module_is_completed_only_by_work_done_after_it_was_given(cast, at, give, does, stands):
    does(cast.amir, "greeting", at - timedelta(days=1))
    give("greeting")
    [one] = stands(cast.amir)
    assert (one.progress.done, one.progress.completed_at) == (0, None)
    does(cast.amir, "greeting", at + timedelta(days=1))
    assert stands(cast.amir)[0].progress.completed_at == at + timedelta(days=1)


def test_earlier_work_counts_where_that_was_chosen(cast, at, give, does, stands):
    does(cast.amir, "greeting", at - timedelta(days=1))
    give("greeting", accepts_earlier=True)
    assert stands(cast.amir)[0].progress.completed_at == at - timedelta(days=1)


def test_a_role_play_asks_for_a_whole_talk_that_ended_well_enough(cast, at, give, plays, stands, story):
    later = at + timedelta(hours=1)
    give(story, kind="roleplay", number=2)
    plays(cast.amir, story, at - timedelta(days=1), rank=3)
    plays(cast.amir, story, later, rank=1)
    plays(cast.amir, story, later, rank=3, criticals=1)
    first = db.session.scalar(select(func.min(RUN.c.id)))
    plays(cast.amir, story, later, rank=2, replay_of=first)
    plays(cast.beth, story, later, rank=3)
    [one] = stands(cast.amir)
    assert (one.name.split(":")[0], one.progress.completed_at, one.progress.next_part) == ("Role-play", None, f"roleplay/{story}")
    plays(cast.amir, story, later + timedelta(hours=1), rank=2)
    assert stands(cast.amir)[0].progress.completed_at == later + timedelta(hours=1)


def test_of_a_role_play_any_ending_will_do_when_none_was_asked_and_earlier_ones_by_choice(cast, at, give, plays, stands, story):
    plays(cast.amir, story, at - timedelta(days=3), rank=1)
    give(story, kind="roleplay", accepts_earlier=True)
    assert stands(cast.amir)[0].progress.completed_at == at - timedelta(days=3)


def test_review_sets_are_counted_from_when_it_was_given(cast, at, give, reviews, stands):
    reviews(cast.amir, at - timedelta(days=1))
    give("", kind="reviews", number=3)
    for days in (1, 2):
        reviews(cast.amir, at + timedelta(days=days))
    [one] = stands(cast.amir)
    assert (one.progress.done, one.progress.total, one.progress.completed_at, one.name) == (2, 3, None, "3 review sets")
    for days in (5, 6):
        reviews(cast.amir, at + timedelta(days=days))
    assert stands(cast.amir)[0].progress.completed_at == at + timedelta(days=5)


def test_a_path_opens_one_module_after_the_other(cast, at, give, does, stands):
    give("back-office", kind="path")
    keys = plans.path_of("back-office").modules
    [one] = stands(cast.amir)
    # Our service needs nothing; greeting, the first impression and listening need it, and the three others need greeting.
    assert [step.state for step in one.steps] == ["open", "locked", "locked", "locked", "locked", "locked", "locked"]
    assert (one.module.key, one.progress.total, one.progress.next_part.split("/")[0]) == (keys[0], len(keys), "lesson")
    does(cast.amir, keys[0], at + timedelta(hours=1))
    does(cast.amir, "discovering-needs", at + timedelta(hours=2))
    [one] = stands(cast.amir)
    assert [step.state for step in one.steps] == ["done", "open", "later", "done", "locked", "locked", "later"]
    assert (one.module.key, one.progress.done) == (keys[1], 2)
    for hours, key in enumerate(keys, 3):
        does(cast.amir, key, at + timedelta(hours=hours))
    assert stands(cast.amir)[0].progress.completed_at is not None


def test_what_a_step_needs_is_named_and_comes_first(cast, at, give, does, stands):
    """In the path of the complaint desk empathy comes first, and complaint handling needs it and meeting needs."""
    give("complaint-desk", kind="path")
    [one] = stands(cast.amir)
    later = next(step for step in one.steps if step.module.key == "complaint-handling")
    assert {module.key for module in later.before} == {"empathy", "meeting-needs"}


def test_what_is_locked_opens_with_its_prerequisite_or_early_with_a_reason(cast, at, give, does, stands):
    path = give("back-office", kind="path")

    def locked() -> set[str]:
        found = stands(cast.amir)
        return set(plans.locks(found, parts_of(cast.amir)))

    assert locked() == {"greeting", "first-impressions", "discovering-needs", "empathy", "channels", "listening"}
    assert "opens after “" in plans.lock_on(cast.amir, "empathy").words
    does(cast.amir, "our-service", at + timedelta(hours=1))
    assert plans.lock_on(cast.amir, "listening") is plans.lock_on(cast.amir, "greeting") is None
    with pytest.raises(Refusal):
        plans.open_early(path, "channels", "  ", at, cast.chloe)
    assert plans.open_early(path, "channels", "She writes to customers from Monday on.", at, cast.chloe)
    assert not plans.open_early(path, "channels", "Once more.", at, cast.hana)
    assert locked() == {"discovering-needs", "empathy"}
    assert db.session.scalar(select(PathOpening.why)) == "She writes to customers from Monday on."
    # What she has begun, and what is asked of her by itself, stays open.
    does(cast.amir, "empathy", at, "quiz")
    give("discovering-needs")
    assert locked() == set()
    assert plans.lock_on(cast.beth, "empathy") is None


def test_a_role_play_is_locked_with_its_module_and_no_more_when_the_path_is_taken_back(cast, at, give, story):
    path = give("complaint-desk", kind="path")
    module = next(one for one in library.catalogue_modules() if one.key == "complaint-handling")
    assert plans.lock_on(cast.amir, story=module.stories[0].id).module.key == "complaint-handling"
    plans.withdraw(path, "A slip.", at, cast.chloe)
    assert plans.lock_on(cast.amir, story=module.stories[0].id) is None


def test_of_a_path_earlier_modules_count_by_the_same_choice(cast, at, give, does, stands):
    first = plans.path_of("back-office").modules[0]
    does(cast.amir, first, at - timedelta(days=9))
    give("back-office", kind="path")
    assert stands(cast.amir)[0].progress.done == 0
    plans.assign(cast.beth, "back-office", kind="path", at=at, given_by_id=cast.chloe, why="Because.", accepts_earlier=True)
    does(cast.beth, first, at - timedelta(days=9))
    assert stands(cast.beth)[0].progress.done == 1


@pytest.mark.parametrize(
    "task", [Task("module", "juggling"), Task("path", "nowhere"), Task("roleplay", "nobody"), Task("dance", "greeting"), Task("", "greeting")]
)
def test_what_does_not_exist_cannot_be_assigned(cast, at, task):
    with pytest.raises(NotFound):
        plans.assign(cast.amir, task.what, kind=task.kind, at=at, given_by_id=cast.chloe, why="Because.")


@pytest.mark.parametrize(("kind", "number"), [("reviews", None), ("reviews", 0), ("reviews", 61), ("roleplay", 4), ("roleplay", 0)])
def test_a_number_that_makes_no_sense_is_refused(cast, at, story, kind, number):
    with pytest.raises(Refusal):
        plans.assign(cast.amir, story if kind == "roleplay" else "", kind=kind, number=number, at=at, given_by_id=cast.chloe, why="Because.")


def test_what_ended_is_asked_no_more_and_keeps_its_first_reason(cast, at, give, does, stands):
    made = give("greeting")
    does(cast.amir, "greeting", at + timedelta(hours=1), "quiz")
    plans.withdraw(made, "It was meant for Beth.", at, cast.chloe)
    plans.excuse(made, "On leave.", at, cast.hana)
    one = db.session.get_one(Assignment, made)
    assert (one.ended_how, one.ended_why, one.ended_by_id) == ("withdrawn", "It was meant for Beth.", cast.chloe)
    assert stands(cast.amir) == []
    give("greeting", accepts_earlier=True)
    plans.assign(cast.amir, "greeting", at=at + timedelta(days=1), given_by_id=cast.chloe, why="Again.", accepts_earlier=True)
    assert stands(cast.amir)[0].progress.done == 1


def many(cast, number, at) -> list[int]:
    return [people.add_person(username=f"new{n}", name=f"New {n}", job="adviser", at=at, roles=("employee",)).id for n in range(number)]


def test_three_hundred_are_asked_with_as_many_statements_as_two(cast, at, counting):
    few, crowd = [cast.amir, cast.beth], many(cast, 300, at)
    db.session.commit()
    counting.clear()
    assert plans.assign_many(few, Task("module", "greeting"), at=at, given_by_id=cast.chloe, why="All of us.") == (2, 0)
    db.session.flush()
    two = len(counting)
    counting.clear()
    assert plans.assign_many(crowd, Task("module", "greeting"), at=at, given_by_id=cast.chloe, why="All of us.") == (300, 0)
    db.session.flush()
    assert len(counting) == two <= 5


def test_pressed_twice_it_asks_once_and_who_has_it_keeps_what_she_has(cast, at, give, does):
    give("greeting")
    everybody = [cast.amir, cast.beth, cast.gus]
    later = at + timedelta(hours=1)
    task = Task("module", "greeting")
    assert plans.assign_many(everybody, task, at=later, given_by_id=cast.hana, why="All of us.") == (2, 1)
    assert plans.assign_many(everybody, task, at=later, given_by_id=cast.hana, why="All of us.") == (0, 1)
    assert db.session.scalar(select(func.count()).select_from(ASSIGNMENT)) == 3
    does(cast.amir, "greeting", later)
    again = later + timedelta(hours=1)
    assert plans.assign_many(everybody, task, at=again, given_by_id=cast.hana, why="Once more.")[0] == 1


def test_lists_say_how_each_stands(cast, at, give, does):
    day = at.date()
    for key, due in (("greeting", day - timedelta(days=1)), ("empathy", day + timedelta(days=3)), ("trust", None), ("loyalty", day)):
        give(key, due_on=due)
    plans.excuse(give("channels"), "On leave.", at, cast.chloe)
    does(cast.amir, "loyalty", at)
    found = {show: [one.open.what for one in plans.listed(ASSIGNMENT.c.person_id == cast.amir, day, show)] for show in plans.SHOWN}
    assert found["open"] == ["greeting", "empathy", "trust"]
    assert (found["overdue"], found["week"], found["done"], found["ended"]) == (["greeting"], ["empathy"], ["loyalty"], ["channels"])
    assert len(found["all"]) == 5


def test_the_gap_it_answers_is_kept(cast, at, give):
    made = give("greeting", gap=("empathy", "practice"), due_on=date(2026, 4, 1))
    one = db.session.get_one(Assignment, made)
    assert (one.skill_key, one.gap) == ("empathy", "practice")


def test_what_one_has_to_do_is_read_in_one_statement_whatever_it_is(cast, at, give, story, counting):
    give("greeting")
    give(story, kind="roleplay")
    give("", kind="reviews", number=3)
    give("back-office", kind="path")
    db.session.commit()
    plans.training()
    counting.clear()
    rows = plans.assignments_of([cast.amir])
    assert (len(counting), len(rows)) == (1, 4)


def test_the_supervisors_path_begins_with_what_her_team_does_and_each_lesson_gives_something_to_try(app):
    """Who leads people knows the work first: all twelve basics come before the four modules on leading."""
    modules = {module.key: module for module in library.catalogue_modules()}
    basics = {key for key, module in modules.items() if module.code <= "M12"}
    keys = list(plans.path_of("team-leader").modules)
    leading = [key for key in keys if "supervisor" in modules[key].audience and "employee" not in modules[key].audience]
    assert len(basics) == 12 and basics <= set(keys)
    assert leading and max(map(keys.index, basics)) < min(map(keys.index, leading))
    assert all(any(isinstance(block, TryIt) for block in lesson.blocks_en) for key in keys for lesson in modules[key].lessons)
