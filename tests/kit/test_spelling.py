"""What is said to whoever wrote a name that does not exist."""

from trainee.kit.spelling import meant


def test_a_slip_of_the_pen_is_guessed():
    assert meant("empaty", ["greeting", "empathy"]) == "Did you mean `empathy`?"


def test_without_a_near_name_all_are_told():
    assert meant("xyz", ["greeting", "empathy"]) == "Use one of empathy, greeting."


def test_a_long_list_is_cut_and_says_so():
    assert meant("xyz", [f"n{number:02}" for number in range(40)]).endswith("n29 and 10 more.")


def test_where_there_is_nothing_that_is_said_and_no_empty_list():
    assert meant("xyz", [], "picture") == "There is no picture yet."
    assert meant("xyz", []) == "There is none yet."
