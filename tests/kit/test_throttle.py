"""Tries are counted per window, together, and forgotten."""

from datetime import timedelta

from sqlalchemy import select

from trainee.kit import throttle
from trainee.kit.db import db
from trainee.kit.throttle import Throttle

QUARTER = timedelta(minutes=15)


def test_tries_are_counted_within_a_window_and_anew_in_the_next(app, at):
    assert [throttle.count("amir", at + timedelta(minutes=minute), QUARTER) for minute in (0, 7, 14)] == [1, 2, 3]
    assert throttle.count("amir", at + QUARTER, QUARTER) == 1
    assert throttle.count("amir", at + QUARTER, QUARTER) == 2


def test_a_window_begins_with_the_first_try_and_not_at_the_full_quarter_of_an_hour(app, at):
    assert throttle.count("amir", at + timedelta(minutes=14, seconds=59), QUARTER) == 1
    assert throttle.count("amir", at + timedelta(minutes=15, seconds=1), QUARTER) == 2
    assert throttle.count("amir", at + timedelta(minutes=29, seconds=58), QUARTER) == 3
    assert throttle.count("amir", at + timedelta(minutes=29, seconds=59), QUARTER) == 1


def test_clocks_of_nodes_that_differ_a_little_count_together_and_one_put_back_by_hours_begins_anew(app, at):
    assert throttle.count("amir", at, QUARTER) == 1
    assert throttle.count("amir", at - timedelta(seconds=3), QUARTER) == 2
    assert throttle.count("amir", at - timedelta(hours=5), QUARTER) == 1


def test_the_wait_is_that_of_the_key_that_was_tried_too_often(app, at):
    for minute in (0, 1, 2):
        throttle.count("amir", at + timedelta(minutes=minute), QUARTER)
    throttle.count("place", at + timedelta(minutes=2), QUARTER)
    later = at + timedelta(minutes=5)
    assert throttle.rest({"amir": 2, "place": 1}, later, QUARTER) == 10 * 60
    assert throttle.rest({"amir": 2, "place": 0}, later, QUARTER) == 12 * 60
    assert throttle.rest({"amir": 3, "place": 1}, later, QUARTER) == 1


def test_two_keys_are_counted_apart(app, at):
    throttle.count("amir", at, QUARTER)
    assert throttle.count("beth", at, QUARTER) == 1
    assert throttle.count("amir", at, QUARTER) == 2


def test_after_a_success_the_count_begins_again(app, at):
    throttle.count("amir", at, QUARTER)
    throttle.count("amir", at, QUARTER)
    throttle.forget("amir")
    assert throttle.count("amir", at, QUARTER) == 1


def test_tries_at_once_are_each_counted_and_none_twice(app, at, at_once):
    def some() -> list[int]:
        counted = []
        for _try in range(4):
            counted.append(throttle.count("everybody", at, QUARTER))
            db.session.commit()
        return counted

    counted = sorted(number for numbers in at_once(some, 8) for number in numbers)
    assert counted == list(range(1, 33))


def test_sweeping_takes_old_windows_and_leaves_the_present_one(app, at):
    throttle.count("old", at - timedelta(days=2), QUARTER)
    throttle.count("present", at, QUARTER)
    throttle.sweep(at - timedelta(days=1))
    assert db.session.scalars(select(Throttle.key).where(Throttle.key.in_(["old", "present"]))).all() == ["present"]
    assert throttle.count("present", at, QUARTER) == 2


def test_a_count_that_is_not_kept_does_not_count(app, at):
    throttle.count("amir", at, QUARTER)
    db.session.rollback()
    assert throttle.count("amir", at, QUARTER) == 1
