"""What is kept is used under the stamp it was made under, and nowhere else."""

import contextlib

from flask import Flask

from trainee.kit.kept import Kept


def test_a_value_is_made_once_for_each_stamp(app):
    kept, made = Kept("test", 10), []

    def make(missing):
        made.append(missing)
        return {key: f"{key}{len(made)}" for key in missing}

    assert kept.many({"a": 1, "b": 1}, make) == {"a": "a1", "b": "b1"}
    assert kept.many({"a": 1, "b": 1}, make) == {"a": "a1", "b": "b1"}
    assert kept.many({"b": 2, "c": 1, "a": 1}, make) == {"a": "a1", "b": "b2", "c": "c2"}
    assert made == [["a", "b"], ["b", "c"]]
    # The old stamp is not remembered beside the new one.
    assert kept.many({"b": 1}, make) == {"b": "b3"}


def test_what_was_used_longest_ago_goes_first(app):
    kept = Kept("test", 2)
    for key in "ab":
        kept.one(key, 0, lambda: "first")
    kept.one("a", 0, lambda: "again")
    kept.one("c", 0, lambda: "first")
    assert kept.one("a", 0, lambda: "anew") == "first"
    assert kept.one("b", 0, lambda: "anew") == "anew"


def test_more_than_fit_are_answered_all_the_same(app):
    assert Kept("test", 2).many(dict.fromkeys("abcd", 0), lambda missing: {key: key for key in missing}) == {key: key for key in "abcd"}


def test_a_failure_keeps_nothing(app):
    kept = Kept("test", 2)
    with contextlib.suppress(ZeroDivisionError):
        kept.one("a", 0, lambda: 1 // 0)
    assert kept.one("a", 0, lambda: "made") == "made"


def test_two_applications_know_nothing_of_each_other(app):
    kept, other = Kept("test", 2), Flask("another")
    kept.one("a", 0, lambda: "here")
    with other.app_context():
        assert kept.one("a", 0, lambda: "there") == "there"
    assert kept.one("a", 0, lambda: "anew") == "here"
