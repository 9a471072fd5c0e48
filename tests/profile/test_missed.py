"""One missed question is said as what it is, and of a team only what chance alone does not explain."""

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from trainee import profile
from trainee.evidence.models import EVIDENCE
from trainee.kit.db import db
from trainee.profile import Showing, Try
from trainee.profile.missed import CHANCE, PERIOD, Count, _tail, judged

QUIZ = "quiz_answer"


@pytest.fixture
def answers(app, at):
    """Let somebody have answered a question of a quiz so many days ago."""

    def answer(person: int, item: str, score: float, ago: float, source: str = QUIZ) -> None:
        when = at - timedelta(days=ago)
        profile.record([Showing(person, "empathy", source, score, item, when, f"{source}/{person}/{item}/{ago}")], when)
        db.session.flush()

    return answer


def items(missed: list[Try]) -> list[str]:
    return [one.item for one in missed]


def test_what_was_wrong_at_the_last_try_is_missed_newest_first(cast, at, answers):
    answers(cast.amir, "m/quiz/a", 0.0, 9)
    answers(cast.amir, "m/quiz/b", 0.5, 3)
    answers(cast.amir, "m/quiz/c", 0.7, 3)
    answers(cast.beth, "m/quiz/d", 0.0, 3)
    assert items(profile.missed_lately(cast.amir, at)) == ["m/quiz/b", "m/quiz/a"]


@pytest.mark.parametrize("source", ["quiz_answer", "embedded_check", "spaced_review"])
def test_a_right_answer_mends_it_wherever_it_is_given_and_another_wrong_one_brings_it_back(cast, at, answers, source):
    answers(cast.amir, "m/quiz/a", 0.0, 9)
    answers(cast.amir, "m/quiz/a", 1.0, 5, source)
    assert profile.missed_lately(cast.amir, at) == []
    answers(cast.amir, "m/quiz/a", 0.0, 2, source)
    assert items(profile.missed_lately(cast.amir, at)) == ["m/quiz/a"]


def test_after_ninety_days_it_is_left_to_the_reviews(cast, at, answers):
    answers(cast.amir, "m/quiz/old", 0.0, 91)
    answers(cast.amir, "m/quiz/new", 0.0, 89)
    assert items(profile.missed_lately(cast.amir, at)) == ["m/quiz/new"]


def test_what_was_practised_or_taken_back_is_not_missed(cast, at, answers):
    answers(cast.amir, "story/scene", 0.0, 3, "roleplay_choice")
    answers(cast.amir, "m/quiz/a", 0.0, 3)
    row = db.session.execute(select(EVIDENCE.c.id).where(EVIDENCE.c.item == "m/quiz/a")).scalar_one()
    profile.retract(row, "The key was wrong.", at)
    assert profile.missed_lately(cast.amir, at) == []


def test_the_tail_is_that_of_drawing_without_putting_back():
    # Fisher's lady and her cups of tea.
    assert _tail(Count(3, 4), Count(1, 4)) == pytest.approx(17 / 70)
    assert _tail(Count(0, 9), Count(4, 40)) == 1.0
    assert _tail(Count(5, 5), Count(0, 5)) == pytest.approx(1 / 252)


# A company with known truth ------------------------------------------------------------------------------------------------

TEAMS, MEMBERS, ITEMS, MODULES, DAYS = 8, 12, 12, 5, 240


def history(rng: Random, at: datetime, *, hard: float = 0.0, able: float = 0.06) -> list[Try]:
    """Everybody takes each module's quiz at some time, and whoever got less than 80 % again; misses come by ability, question and chance."""
    share = {(module, item): max(0.02, rng.gauss(0.2, hard)) for module in range(MODULES) for item in range(ITEMS)}
    found = []
    for person in range(TEAMS * MEMBERS):
        own = rng.gauss(0.0, able) + 0.5 * rng.gauss(0.0, able)
        for module in range(MODULES):
            day, tries = rng.uniform(4.0, DAYS), 0
            while day > 3.0 and tries < 3:
                got = [rng.random() >= min(max(share[module, item] + own - 0.05 * tries, 0.01), 0.95) for item in range(ITEMS)]
                when = at - timedelta(days=day)
                found += [Try(person, f"m{module}/quiz/{item}", "empathy", QUIZ, float(right), when) for item, right in enumerate(got)]
                day, tries = (day - rng.uniform(1, 4), tries + 1) if sum(got) < 0.8 * ITEMS else (0.0, 3)
    return sorted(found, key=lambda one: one.at)


def changed(rng: Random, tries: list[Try], at: datetime, day: float, share: float) -> list[Try]:
    """The same after everybody was asked one question in the week from that day on, and so many missed it."""
    asked = []
    for person in range(TEAMS * MEMBERS):
        when = at - timedelta(days=day - rng.uniform(0, 6))
        asked += [
            Try(person, f"policy/quiz/{item}", "empathy", QUIZ, float(rng.random() >= (share if item == 0 else 0.2)), when) for item in range(6)
        ]
    return sorted([*tries, *asked], key=lambda one: one.at)


def teams() -> list[range]:
    return [range(team * MEMBERS, (team + 1) * MEMBERS) for team in range(TEAMS)]


def alarms(tries: list[Try], at: datetime) -> int:
    """On how many teams' pages anything is said."""
    return sum(bool(judged(tries, team, at)) for team in teams())


@pytest.mark.parametrize("hard", [0.0, 0.08])
def test_chance_alone_seldom_speaks(at, hard):
    pages = found = 0
    for seed in range(6):
        tries = history(Random(seed), at, hard=hard)
        for back in (0, 30, 60):
            moment = at - timedelta(days=back)
            found += alarms([one for one in tries if one.at <= moment], moment)
            pages += TEAMS
    # Whoever leads a line of teams reads the same test on more people.
    assert found / pages <= CHANCE


def test_a_question_that_a_new_policy_changed_is_found_in_most_teams_and_in_no_other_question(at):
    teams_found = 0
    for seed in range(4):
        rng = Random(seed)
        tries = changed(rng, history(rng, at), at, day=20, share=0.45)
        said = [one for team in teams() for one in judged(tries, team, at)]
        assert {one.item for one in said} == {"policy/quiz/0"}
        assert all(len(one.missed) >= 3 and len(one.missed) >= one.asked / 4 for one in said)
        teams_found += len(said)
    assert teams_found >= 0.7 * 4 * TEAMS


def test_who_puts_it_right_is_counted_and_the_card_stays_three_months(at):
    rng = Random(3)
    tries = changed(rng, history(rng, at), at, day=60, share=0.5)
    [one] = judged(tries, range(MEMBERS * TEAMS), at)
    assert one.mended == frozenset()
    assert at - timedelta(days=60) <= one.since < at - timedelta(days=53)
    who = one.missed[: len(one.missed) // 2]
    tries += [Try(person, one.item, "empathy", "spaced_review", 1.0, at - timedelta(days=2)) for person in who]
    [after] = judged(tries, range(MEMBERS * TEAMS), at)
    assert (after.missed, after.mended, set(after.open)) == (one.missed, frozenset(who), set(one.missed) - set(who))
    assert judged([one for one in tries if one.item.startswith("policy")], range(MEMBERS * TEAMS), at + timedelta(days=90) + PERIOD) == []


def test_a_question_that_was_always_as_hard_is_no_news(at):
    def asked(day: float, people: range, item: str, missed: int) -> list[Try]:
        return [Try(person, item, "empathy", QUIZ, float(number >= missed), at - timedelta(days=day)) for number, person in enumerate(people)]

    others = [one for item in range(8) for one in asked(20, range(20), f"m/quiz/{item}", 2)]
    now_asked = asked(20, range(20), "m/quiz/hard", 12)
    assert [one.item for one in judged([*others, *now_asked], range(20), at)] == ["m/quiz/hard"]
    before = asked(150, range(20, 60), "m/quiz/hard", 22)
    assert judged([*before, *others, *now_asked], range(20), at) == []
    known = asked(150, range(20, 60), "m/quiz/hard", 4)
    [one] = judged([*known, *others, *now_asked], range(20), at)
    assert one.before == Count(4, 40)


def test_what_the_reviews_ask_is_no_sample(at):
    tries = [Try(person, f"m/quiz/{item}", "empathy", QUIZ, 1.0, at - timedelta(days=20)) for item in range(8) for person in range(20)]
    tries += [Try(person, "m/quiz/7", "empathy", "spaced_review", 0.0, at - timedelta(days=5)) for person in range(20)]
    assert judged(tries, range(20), at) == []


def test_two_people_are_no_team_and_the_log_is_read_once(cast, at, answers, counting):
    assert profile.missed_by_many([cast.amir, cast.beth], at) == []
    for person in (cast.amir, cast.beth, cast.gus):
        answers(person, "m/quiz/a", 0.0, 9)
        for number in range(9):
            answers(person, f"m/quiz/right{number}", 1.0, 9)
    counting.clear()
    [one] = profile.missed_by_many([cast.amir, cast.beth, cast.gus], at)
    assert len(counting) == 1
    assert (one.item, len(one.missed), one.asked, one.others) == ("m/quiz/a", 3, 3, Count(0, 27))
    assert profile.missed_by_many([cast.amir, cast.beth, cast.gus], at - timedelta(days=10)) == []
