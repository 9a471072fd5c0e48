"""Whole numbers as they are sent, however they are written."""

import pytest

from trainee.kit.forms import whole


@pytest.mark.parametrize(("sent", "read"), [("0", 0), (" 7 ", 7), ("007", 7), ("600", 600), ("0" * 5000 + "9", 9)])
def test_what_is_a_whole_number_in_range_is_read(sent, read):
    assert whole(sent, 600, None) == read


@pytest.mark.parametrize("sent", [None, "", "  ", "601", "-1", "1.5", "1e3", "٣", "²", "9" * 5000, "seven", "1 2"])
def test_everything_else_is_the_other_thing(sent):
    assert whole(sent, 600, None) is None
    assert whole(sent, 600, -1) == -1
