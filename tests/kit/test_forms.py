"""Whole numbers as they are sent, however they are written."""

import pytest

from trainee.kit.forms import whole
from trainee.kit.listing import Wrong


@pytest.mark.parametrize(("sent", "read"), [("0", 0), (" 7 ", 7), ("007", 7), ("600", 600), ("0" * 5000 + "9", 9)])
def test_what_is_a_whole_number_in_range_is_read(sent, read):
    assert whole(sent, 600, None) == read


@pytest.mark.parametrize("sent", [None, "", "  ", "601", "-1", "1.5", "1e3", "٣", "²", "9" * 5000, "seven", "1 2"])
def test_everything_else_is_the_other_thing(sent):
    assert whole(sent, 600, None) is None
    assert whole(sent, 600, -1) == -1


def test_the_list_of_what_is_wrong_names_each_field_once_in_the_order_of_the_page():
    wrong = Wrong()
    wrong.labels = {"name": "Name", "agreed": "I agree.", "day": "First day"}
    wrong.said = [("day", "Please write a day."), ("", "Nothing was saved."), ("agreed", "Please tick it."), ("day", "Please write a day.")]
    wrong.said.append(("name", "“Name” has 90 characters, and 80 are the most."))
    assert wrong.lines() == [
        ("", "Nothing was saved."),
        ("name", "“Name” has 90 characters, and 80 are the most."),
        ("agreed", "I agree. Please tick it."),
        ("day", "First day: Please write a day."),
    ]
    wrong.labels, wrong.said = {"name": "Name"}, [("name", "Please write one.")]
    assert wrong.lines() == [("name", "Name: Please write one.")], "a form of one field, too: it may stand far below"
    wrong.labels, wrong.said = {"typed": "Your words"}, [("typed", "Please write something.")]
    assert wrong.lines() == [], "a role-play says it beside what it asks"
    wrong.asked = True
    assert wrong.lines()[-1][0] == "typed"
