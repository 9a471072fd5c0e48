"""When a question comes back, and which questions a day's set holds: arithmetic on values."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st

from trainee.modules.reviews.drawing import AHEAD, ITEMS, drawn
from trainee.modules.reviews.fitting import DEFAULTS, weights_of
from trainee.modules.reviews.memory import first_days, rating, recalled, remember

DAY = date(2026, 3, 11)


@dataclass(frozen=True)
class Row:
    score: float
    answered_on: date
    confidence: str | None = None
    slow: bool | None = None
    weights: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Card:
    item: str
    skill_key: str = "empathy"
    stability: float = 2.0
    due_on: date = DAY
    last_on: date = DAY - timedelta(days=2)
    surely_wrong: bool = False


cards = st.lists(
    st.builds(
        Card,
        st.integers(0, 60).map("m/quiz/q{}".format),
        st.sampled_from(["empathy", "greeting", "reliability"]),
        st.floats(0.1, 300),
        st.integers(-60, 60).map(lambda days: DAY + timedelta(days=days)),
        st.integers(0, 60).map(lambda days: DAY - timedelta(days=days)),
        st.booleans(),
    ),
    unique_by=lambda card: card.item,
    max_size=25,
)
logs = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from([None, "sure", "guess"])), min_size=1, max_size=12)


def after(*answers):
    """The card after answers (score, days since the one before)."""
    day, rows = DAY, []
    for score, days in answers:
        day += timedelta(days=days)
        rows.append(Row(score, day))
    return remember(rows)


@pytest.mark.parametrize(
    ("score", "expected"), [(0, Rating.Again), (0.59, Rating.Again), (0.6, Rating.Hard), (0.89, Rating.Hard), (0.9, Rating.Good), (1, Rating.Good)]
)
def test_an_answer_becomes_a_rating(score, expected):
    assert rating(score) is expected


def test_a_right_answer_that_was_slow_is_a_hard_one_and_a_wrong_one_stays_wrong():
    assert [rating(score, True) for score in (0.59, 0.7, 1.0)] == [Rating.Again, Rating.Hard, Rating.Hard]
    assert [rating(1.0, slow) for slow in (None, False)] == [Rating.Good, Rating.Good]
    quick, slow = (remember([Row(1.0, DAY, slow=slow)]) for slow in (False, True))
    assert DAY < slow.due_on < quick.due_on


def test_each_answer_is_scheduled_by_the_weights_that_were_in_use_when_it_was_given():
    """A card keeps the state it had, and only what comes after moves by the new weights."""
    longer = weights_of([0.0, 0.0, 0.7, 0.7, 0.0])
    before = [Row(1.0, DAY), Row(1.0, DAY + timedelta(days=4))]
    later = DAY + timedelta(days=34)
    assert remember([*before, Row(1.0, later, weights=DEFAULTS)]) == remember([*before, Row(1.0, later)])
    assert remember([*before, Row(1.0, later, weights=longer)]).stability > remember([*before, Row(1.0, later)]).stability
    # A first answer that was given before stays what it was under the old weights.
    assert remember([Row(1.0, DAY, weights=longer)]).stability == pytest.approx(2 * remember([Row(1.0, DAY)]).stability, rel=0.01)


def test_what_was_known_stays_away_longer_each_time_and_never_beyond_half_a_year():
    # The intervals measured with these settings; another version of the library that schedules otherwise is told of here.
    known = [(1.0, 0)]
    gaps = []
    for _time in range(5):
        found = after(*known)
        gaps.append((found.due_on - found.last_on).days)
        known.append((1.0, gaps[-1]))
    assert gaps == [4, 31, 173, 180, 180]


def test_what_was_wrong_comes_back_the_next_day():
    assert (after((0.0, 0)).due_on - DAY).days == 1
    assert (after((1.0, 0), (1.0, 4), (0.0, 31)).due_on - after((1.0, 0), (1.0, 4), (0.0, 31)).last_on).days < 10


def test_a_first_answer_is_due_when_its_card_says():
    for score in (0.0, 0.7, 1.0):
        assert first_days(score) == (after((score, 0)).due_on - DAY).days


def test_only_the_last_answer_can_be_surely_wrong():
    sure = Row(0.0, DAY, "sure")
    assert remember([sure]).surely_wrong
    assert not remember([sure, Row(1.0, DAY + timedelta(days=1), "sure")]).surely_wrong
    assert not remember([Row(0.0, DAY, "guess")]).surely_wrong


def test_what_was_surely_wrong_comes_back_the_next_day_however_firm_it_was():
    days = (0, 4, 31, 173)
    rows = [Row(1.0, DAY + timedelta(days=sum(days[: number + 1]))) for number in range(3)]
    last = rows[-1].answered_on + timedelta(days=173)
    assert (remember([*rows, Row(0.0, last, "guess")]).due_on - last).days > 1
    assert (remember([*rows, Row(0.0, last, "sure")]).due_on - last).days == 1


def test_what_is_remembered_fades_by_the_day():
    found = after((1.0, 0))
    told = [found.recalled(DAY + timedelta(days=days)) for days in (0, 4, 40)]
    assert told[0] == pytest.approx(1.0)
    assert told[1] == pytest.approx(0.85, abs=0.01)
    assert told[0] > told[1] > told[2] > 0


@given(logs)
def test_the_same_log_gives_the_same_card_however_often_it_is_folded(answers):
    day, rows = DAY, []
    for score, days, confidence in answers:
        day += timedelta(days=days)
        rows.append(Row(score, day, confidence))
    found = remember(rows)
    assert found == remember(rows)
    assert found.last_on == day
    assert 1 <= (found.due_on - day).days <= 180


@given(cards, st.dictionaries(st.sampled_from(["empathy", "greeting"]), st.floats(0, 3)))
def test_a_set_holds_no_question_twice_none_of_today_and_at_most_four(pile, gains):
    asked = drawn(pile, gains, DAY)
    known = {card.item: card for card in pile}
    assert len(asked) == len(set(asked)) <= ITEMS
    assert all(known[item].last_on < DAY for item in asked)
    assert all(known[item].surely_wrong or known[item].due_on <= DAY + AHEAD for item in asked)
    assert asked == drawn(list(reversed(pile)), gains, DAY)


@given(cards, st.dictionaries(st.sampled_from(["empathy", "greeting"]), st.floats(0, 3)))
def test_what_was_surely_wrong_comes_first_then_what_is_due_and_only_then_what_is_not(pile, gains):
    known = {card.item: card for card in pile}
    order = [0 if known[item].surely_wrong else 1 if known[item].due_on <= DAY else 2 for item in drawn(pile, gains, DAY)]
    assert order == sorted(order)
    waiting = sum(card.surely_wrong and card.last_on < DAY for card in pile)
    assert order.count(0) == min(waiting, ITEMS)


@given(cards)
def test_as_long_as_enough_is_due_a_set_is_full(pile):
    due = sum(card.last_on < DAY and card.due_on <= DAY for card in pile)
    assert len(drawn(pile, {}, DAY)) >= min(due, ITEMS)


def test_a_set_is_mixed_over_skills_and_the_largest_gap_has_the_most():
    pile = [Card(f"m/quiz/{skill}-{number}", skill) for skill in ("empathy", "greeting") for number in range(9)]
    skills = [item.split("/")[2].split("-")[0] for item in drawn(pile, {"empathy": 1.0, "greeting": 0.4}, DAY)]
    assert skills[0] == "empathy"
    assert 2 <= skills.count("empathy") <= 4


def test_of_one_skill_what_is_most_likely_forgotten_comes_first():
    pile = [Card("m/quiz/firm", stability=30.0), Card("m/quiz/faint", stability=0.5)]
    assert recalled(30.0, DAY - timedelta(days=2), DAY) > recalled(0.5, DAY - timedelta(days=2), DAY)
    assert drawn(pile, {}, DAY) == ["m/quiz/faint", "m/quiz/firm"]
