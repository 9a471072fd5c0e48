"""Over the catalogue about as many statements are true as false, or nobody need read them."""

import pytest

from tests.modules.library.test_broken_corpus import GOOD
from trainee.kit.findings import Findings
from trainee.kit.words import Text
from trainee.modules.library.reading import read_whole
from trainee.modules.library.wording import MANY, Placed, look_at_lengths_everywhere, look_at_verdicts


def told(true, false):
    """What is said of a catalogue with so many statements of each sort, each on a line of its own."""
    statement = next(one.question for one in read_whole(GOOD).placed if one.question.type == "true-false")
    others = [one for one in read_whole(GOOD).placed if one.question.type != "true-false"]
    answers = [True] * true + [False] * false
    made = [Placed(statement.model_copy(update={"answer": answer}), "desk/quiz.yaml", line) for line, answer in enumerate(answers, 1)]
    findings = Findings()
    look_at_verdicts([*others, *made], findings)
    return [str(finding) for finding in findings]


def test_statements_that_are_nearly_all_false_are_told_with_numbers():
    (line,) = told(1, 20)
    assert line.startswith("desk/quiz.yaml:2: warning: 20 of 21 statements in the catalogue are false; chance alone gives about 10: ")
    assert "in desk:2, " in line
    assert "and 17 more. Turn some of them round, so that about as many are true." in line


def test_statements_that_are_nearly_all_true_are_told_too():
    assert "15 of 21 statements in the catalogue are true" in told(15, 6)[0]


@pytest.mark.parametrize(("true", "false"), [(10, 11), (14, 7), (7, 14), (4, 0), (0, 0)])
def test_what_chance_brings_is_left_in_peace(true, false):
    assert told(true, false) == []


def lengths(longest, others):
    """What is said of a catalogue in which so many right answers are the longest and so many are not."""
    question = next(one.question for one in read_whole(GOOD).placed if one.question.type == "single")
    made = []
    for line in range(longest + others):
        words = "a long answer" if line < longest else "an"
        options = tuple(
            option.model_copy(update={"text": Text(words, words) if option.correct else Text("answer", "answer")}) for option in question.options
        )
        made.append(Placed(question.model_copy(update={"options": options}), "desk/quiz.yaml", line + 1))
    findings = Findings()
    look_at_lengths_everywhere(made, findings)
    return [str(finding) for finding in findings]


def test_right_answers_that_are_the_longest_all_over_the_catalogue_are_told():
    told = lengths(MANY, 10)
    assert len(told) == 2, "once for each language"
    assert f"In {MANY} of {MANY + 10} questions of the catalogue the right answer is the longest one (en); chance alone gives about" in told[0]
    assert lengths(MANY - 11, 10) == [], "so few are no catalogue"
