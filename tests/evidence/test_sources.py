"""Every kind of evidence says what it is worth, in both languages."""

import pytest

from trainee.evidence import LINES, Miller, Source, sources
from trainee.kit.i18n import force_locale

ALL = list(sources)


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.key)
def test_each_source_has_words_for_itself(app, source: Source):
    with force_locale("en"):
        assert str(source.title)
        assert "80%" in source.sentence(0.8)


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.key)
def test_each_source_counts_on_one_line_or_not_at_all(source: Source):
    assert source.counts == (source.line in LINES)
    if source.counts:
        assert source.loading > 0
        assert source.weight > 0
        assert source.miller != Miller.TELLS


def test_what_a_person_says_of_herself_is_never_counted():
    assert not sources["self_assessment"].counts


def test_real_work_shows_on_the_lines_of_real_work_only():
    assert {source.line for source in sources if source.miller == Miller.DOES} == {"observed", "customers"}
    assert {source.line for source in sources if source.counts and source.miller != Miller.DOES} == {"knowledge", "practice"}


def test_guessing_gets_harder_with_more_choices():
    quiz = sources["quiz_answer"]
    assert quiz.chance(0) == 0
    assert quiz.chance(4) == pytest.approx(0.1)
    assert quiz.chance(2) > quiz.chance(4)


def test_an_observed_line_is_as_hard_as_its_observer():
    watched = sources["observation_line"]
    assert watched.difficulty_key("card/l1", 7) != watched.difficulty_key("card/l1", 8)
    assert watched.memory_key("card/l1", 7) == watched.memory_key("card/l2", 7)
    assert watched.memory_key("card/l1", None) is None


def test_a_review_meets_the_memory_of_the_quiz_question():
    assert sources["spaced_review"].memory_key("m/quiz/q1", None) == sources["quiz_answer"].memory_key("m/quiz/q1", None)
