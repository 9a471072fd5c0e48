"""The four gaps of the chain from knowing to the customer, told as what they are."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from trainee import profile
from trainee.dashboards.standing import level_name
from trainee.kit.i18n import force_locale
from trainee.profile import policy
from trainee.profile.figures import NOTHING, Figure, Level, month_figure
from trainee.profile.filter import logit


@dataclass(frozen=True)
class Wanted:
    level: int
    since: datetime | None = None


def line(at, expected: float, n: int = 12, var: float = 0.2, days_ago: int = 3) -> Figure:
    return Figure(n, logit(expected), var, at - timedelta(days=days_ago))


def level(at, overall: float | None, **lines: Figure) -> Level:
    every = dict.fromkeys(("knowledge", "practice", "observed", "customers"), NOTHING) | lines
    return Level("empathy", NOTHING if overall is None else line(at, overall, n=20), every, at)


@pytest.mark.parametrize(
    ("diagnosis", "shares"),
    [
        ("knowledge", {"knowledge": 0.3, "practice": 0.3, "observed": 0.3}),
        ("practice", {"knowledge": 0.9, "practice": 0.4}),
        ("practice", {"practice": 0.4}),
        ("transfer", {"knowledge": 0.92, "practice": 0.84, "observed": 0.37}),
        ("transfer", {"observed": 0.37}),
        ("impact", {"knowledge": 0.9, "practice": 0.85, "observed": 0.8, "customers": 0.4}),
        ("impact", {"customers": 0.4}),
    ],
)
def test_a_gap_is_where_the_chain_breaks_first(app, at, diagnosis, shares):
    found = profile.find(level(at, 0.5, **{name: line(at, share) for name, share in shares.items()}), 3)
    assert found is not None
    assert found.diagnosis == diagnosis
    assert found.size > 0
    assert found.certainty > 0.75
    with force_locale("en"):
        told = profile.find(level(at, 0.5, **{name: line(at, share) for name, share in shares.items()}), 3)
    assert told is not None
    assert f"“{level_name(told.level.lines[told.line or ''].level)}”" in told.sentence


def test_what_is_reached_is_no_gap(app, at):
    assert profile.find(level(at, 0.8, knowledge=line(at, 0.8), observed=line(at, 0.75)), 3) is None


def test_nothing_is_expected_below_the_second_level(app, at):
    assert profile.find(level(at, 0.1, knowledge=line(at, 0.1)), 1) is None


def test_a_line_that_is_surely_low_is_a_gap_though_the_whole_is_well(app, at):
    found = profile.find(level(at, 0.75, knowledge=line(at, 0.95), practice=line(at, 0.9), observed=line(at, 0.35)), 3)
    assert found is not None
    assert found.diagnosis == "transfer"


def test_without_enough_evidence_nobody_guesses(app, at):
    found = profile.find(level(at, None, knowledge=line(at, 0.4, n=2)), 3)
    assert found is not None
    assert (found.diagnosis, found.line, found.certainty) == ("unknown", None, 0.0)
    assert found.sentence


def test_two_pieces_or_old_ones_make_no_line(app, at):
    few = profile.find(level(at, 0.8, observed=line(at, 0.2, n=2)), 3)
    old = profile.find(level(at, 0.8, observed=line(at, 0.2, days_ago=500)), 3)
    assert few is None
    assert old is None


def test_when_no_line_is_surely_low_the_weakest_is_named(app, at):
    found = profile.find(level(at, 0.6, knowledge=line(at, 0.68, var=0.5), practice=line(at, 0.6, var=0.5)), 3)
    assert found is not None
    assert (found.diagnosis, found.line) == ("practice", "practice")


def test_a_gap_says_how_long_it_is_open_and_when_it_closes(app, at):
    months = [month_figure(2025 * 12 + 6 + number, logit(share), 0.2, 9 + number) for number, share in enumerate((0.7, 0.4, 0.45, 0.5, 0.55))]
    found = profile.find(level(at, 0.55, knowledge=line(at, 0.4)), 3, {"knowledge": months})
    assert found is not None
    assert found.open_months == 3
    assert (found.open_since.year * 12 + found.open_since.month, found.open_since.day) == (at.year * 12 + at.month - 3, 1)
    assert (found.pace, found.closes_in) == ("closing", 2)
    falling = [month_figure(2025 * 12 + 6 + number, logit(share), 0.2, 9 + number) for number, share in enumerate((0.55, 0.5, 0.45, 0.4))]
    worse = profile.find(level(at, 0.4, knowledge=line(at, 0.4)), 3, {"knowledge": falling})
    assert worse is not None
    assert (worse.pace, worse.closes_in) == ("standing", None)
    # So little in two months is no movement.
    crawling = [month_figure(2025 * 12 + 6 + number, logit(0.4 + number / 200), 0.2, 9 + number) for number in range(5)]
    as_ever = profile.find(level(at, 0.4, knowledge=line(at, 0.4)), 3, {"knowledge": crawling})
    assert as_ever is not None
    assert (as_ever.pace, as_ever.closes_in) == ("standing", None)
    # Time alone is no pace, and two months say nothing yet.
    still = [replace(month, n=9) for month in months]
    paces = [profile.find(level(at, 0.55, knowledge=line(at, 0.4)), 3, {"knowledge": some}) for some in (still, months[-2:], ())]
    assert [one and one.pace for one in paces] == ["quiet", "early", "early"]


def test_a_gap_that_no_line_explains_has_the_age_and_the_pace_of_the_whole(app, at):
    months = [month_figure(2025 * 12 + 6 + number, logit(0.3 + number / 60), 0.2, 9 + number) for number in range(5)]
    found = profile.find(level(at, 0.4, practice=line(at, 0.7), observed=line(at, 0.3, n=2)), 3, {"all": months})
    assert found is not None
    assert (found.line, found.open_months, found.pace) == (None, 4, "closing")
    far = profile.find(level(at, 0.4), 4, {"all": months})
    assert far is not None
    assert (far.line, far.open_months, far.pace) == (None, 4, "slow")


def test_where_the_highest_level_is_expected_practice_is_asked_only_for_what_it_can_show(app, at):
    """No role-play can show a role model: it is no gap of practice when one is expected and role-plays stand as high as they can."""
    with force_locale("en"):
        assert profile.find(level(at, None, practice=line(at, 0.7)), 4).diagnosis == "unknown"
        broken = profile.find(level(at, 0.8, practice=line(at, 0.93), observed=line(at, 0.75)), 4)
        assert broken is not None
        assert broken.sentence == (
            "Role-plays stand at “Proficient”, which is the most they can show, and observations at “Proficient”: "
            "the last step has to be seen at work."
        )
        low = profile.find(level(at, 0.8, practice=line(at, 0.4)), 4)
        assert low is not None
        assert (low.diagnosis, low.size) == ("practice", pytest.approx(policy.threshold(3) - logit(0.4)))


def test_what_time_alone_has_moved_is_told_as_it_was_last_seen(app, at):
    seen = replace(line(at, 0.7, var=0.3), seen=(logit(0.5), 0.25, 0.0))
    with force_locale("en"):
        found = profile.find(level(at, 0.8, observed=seen), 3)
    assert found is not None
    assert found.sentence.startswith("Without the time that has passed since it was last seen: Observations stand at “Developing”")
    assert found.certainty <= 1.0 - seen.settled.reaches(3)


def test_age_and_pace_are_those_of_the_line_where_it_breaks(app, at):
    def course(*shares):
        return [month_figure(2025 * 12 + 6 + number, logit(share), 0.2, 9 + number) for number, share in enumerate(shares)]

    well, low = course(0.7, 0.75, 0.8, 0.8, 0.85), course(0.6, 0.5, 0.5, 0.45, 0.4)
    broken = level(at, 0.85, knowledge=line(at, 0.9), practice=line(at, 0.4))
    found = profile.find(broken, 3, {"all": well, "knowledge": well, "practice": low})
    assert found is not None
    assert (found.line, found.open_months, found.closes_in) == ("practice", 4, None)
    rising = profile.find(broken, 3, {"all": low, "knowledge": low, "practice": course(0.1, 0.2, 0.3, 0.4, 0.5)})
    assert rising is not None
    assert rising.closes_in == 2


def test_a_month_in_which_the_line_rested_on_too_little_does_not_count(app, at):
    few = [month_figure(2025 * 12 + 6 + number, logit(0.4), 0.2, n) for number, n in enumerate((1, 2, 3, 4, 9))]
    found = profile.find(level(at, 0.5, practice=line(at, 0.4)), 3, {"practice": few})
    assert found is not None
    assert found.open_months == 2


def test_the_lines_months_of_two_people_are_their_own_in_two_statements(app, cast, showing, at, counting):
    """Each line's months are the months its evidence alone would have; a team of two takes as many statements as one."""
    for person, back in ((cast.amir, 130), (cast.beth, 70)):
        profile.record([showing(person, at - timedelta(days=back - 9 * number), float(number % 2)) for number in range(6)], at)
        profile.record([showing(person, at - timedelta(days=20 - number), 0.0, source="roleplay_choice") for number in range(4)], at)
    counting.clear()
    found = profile.courses([cast.amir, cast.beth], at)
    assert len(counting) == 2
    for line_name in ("all", "knowledge", "practice"):
        alone = profile.histories([cast.amir, cast.beth], at, line_name)
        for person in (cast.amir, cast.beth):
            assert found[person]["empathy"][line_name] == alone[person]["empathy"]
    months = {name: len(course) for name, course in found[cast.amir]["empathy"].items()}
    assert months["knowledge"] > months["practice"] >= 1
    assert set(months) == {"all", "knowledge", "practice"}


def test_the_planted_stories_are_told_as_what_they_are(app, cast, showing, at):
    """Kerem knows and practises well and does not do it at work; at the shop the work is well and the customers are not."""

    def shows(person, source, scores):
        profile.record([showing(person, at - timedelta(days=len(scores) - place), score, source=source) for place, score in enumerate(scores)], at)

    kerem, shop, starter, unread = cast.amir, cast.beth, cast.gus, cast.zoe
    shows(kerem, "quiz_answer", [1.0] * 23 + [0.0, 0.0])
    shows(kerem, "roleplay_choice", [1.0, 0.67, 1.0, 0.67, 1.0, 0.84, 0.84, 0.84, 1.0, 0.67])
    shows(kerem, "observation_line", [0.33, 0.33, 0.33, 0.67, 0.33, 0.33, 0.33, 0.33])
    shows(shop, "quiz_answer", [1.0] * 18 + [0.0, 0.0])
    shows(shop, "roleplay_choice", [1.0, 0.67, 1.0, 1.0] * 3)
    shows(shop, "observation_line", [0.67, 1.0, 0.67, 0.67, 0.67, 1.0] * 2)
    shows(shop, "customer_rating", [0.25, 0.0, 0.5, 0.25, 0.0] * 12)
    shows(starter, "quiz_answer", [1.0] * 14 + [0.0])
    shows(starter, "roleplay_choice", [0.33, 0.0, 0.33, 0.33, 0.33, 0.0] * 2)
    shows(unread, "quiz_answer", [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0] * 2)
    targets = {person: {"empathy": Wanted(3), "greeting": Wanted(3)} for person in (kerem, shop, starter, unread)}
    gaps = profile.gaps_of(targets, at)
    told = {person: (gaps[person][0].skill, gaps[person][0].diagnosis) for person in targets}
    assert told == {
        kerem: ("empathy", "transfer"),
        shop: ("empathy", "impact"),
        starter: ("empathy", "practice"),
        unread: ("empathy", "knowledge"),
    }
    # Greeting has no evidence at all and comes last.
    assert all((mine[-1].skill, mine[-1].diagnosis) == ("greeting", "unknown") for mine in gaps.values())


def test_the_gaps_of_a_team_cost_three_statements(app, cast, shows, at, counting):
    shows(cast.amir, "quiz_answer", 0.0, 12)
    profile.gaps(cast.amir, {"empathy": Wanted(3)}, at)
    counting.clear()
    profile.gaps_of({cast.amir: {"empathy": Wanted(3)}, cast.beth: {"greeting": Wanted(2)}}, at)
    assert len(counting) == 3


def test_a_gap_is_never_older_than_its_line_nor_than_what_is_expected(app, cast, showing, at):
    """Low for half a year in quizzes; watched for the first time two weeks ago."""
    quizzes = [showing(cast.amir, at - timedelta(days=180 - 6 * number), float(number % 4 == 0)) for number in range(30)]
    profile.record(quizzes, at)

    def told(**target):
        (found,) = profile.gaps(cast.amir, {"empathy": Wanted(3, **target)}, at)
        return found

    quiz_gap = told()
    assert (quiz_gap.line, quiz_gap.open_months) == ("knowledge", 6)
    assert told(since=at - timedelta(days=65)).open_months == 2
    profile.record([showing(cast.amir, at - timedelta(hours=number), 1.0) for number in range(40, 0, -1)], at)
    watched = [showing(cast.amir, at - timedelta(days=20 - number), 0.0, source="observation_line", actor_id=cast.chloe) for number in range(8)]
    profile.record(watched, at)
    work_gap = told()
    assert work_gap.line == "observed"
    assert work_gap.open_months <= 1


def test_what_is_not_enough_for_a_level_is_never_said_to_be_known(app, at):
    with force_locale("en"):
        found = profile.find(level(at, 0.5, knowledge=line(at, 0.7, n=21, var=1.0), practice=line(at, 0.4)), 3)
        assert found is not None
        assert found.sentence == "Role-plays stand at “Novice”: to be practised."
        clear = profile.find(level(at, 0.5, knowledge=line(at, 0.9, n=21, var=1.0), practice=line(at, 0.4)), 3)
        assert clear is not None
        assert clear.sentence.endswith("known, and to be practised.")


def test_a_gap_of_a_skill_whose_level_can_be_told_comes_before_a_larger_one_of_one_that_cannot(app, at):
    customers = line(at, 0.3, n=12)
    told = profile.find(level(at, 0.55, practice=line(at, 0.5)), 3)
    untold = profile.find(Level("greeting", line(at, 0.5, n=12, var=1.2), {**level(at, 0.5).lines, "customers": customers}, at), 3)
    assert told is not None
    assert untold is not None
    assert untold.size * untold.certainty > told.size * told.certainty
    assert [one.skill for one in sorted((untold, told), key=profile.clearness)] == [told.skill, untold.skill]


def test_when_the_whole_is_low_and_no_line_says_why_that_is_said(app, at):
    found = profile.find(level(at, 0.4, practice=line(at, 0.7), observed=line(at, 0.3, n=2)), 3)
    assert found is not None
    assert (found.diagnosis, found.line) == ("unknown", None)
    with force_locale("en"):
        said = profile.find(level(at, 0.4, practice=line(at, 0.7), observed=line(at, 0.3, n=2)), 3)
    assert said is not None
    assert "All together it stands at “Novice”" in said.sentence


WELL = ("known, and to be practised", "works in practice and not yet at work", "the process before the person")


@pytest.mark.parametrize("target", [2, 3, 4])
@pytest.mark.parametrize("before", [0.3, 0.5, 0.6, 0.62, 0.7, 0.9, 0.97])
@pytest.mark.parametrize("var", [0.05, 0.3, 0.9, 1.2])
def test_a_line_is_said_to_be_well_only_where_it_likely_reaches_the_target(app, at, target, before, var):
    told = {
        "practice": level(at, 0.5, knowledge=line(at, before, var=var), practice=line(at, 0.15)),
        "observed": level(at, 0.5, practice=line(at, before, var=var), observed=line(at, 0.15)),
        "customers": level(at, 0.5, observed=line(at, before, var=var), customers=line(at, 0.15)),
    }
    for broken, words in zip(told, WELL, strict=True):
        with force_locale("en"):
            found = profile.find(told[broken], target)
        assert found is not None
        beside = next(figure for name, figure in told[broken].lines.items() if figure.n and name != broken)
        if found.line == broken:
            # No more is asked of a line than its kind of evidence can show.
            asked = min(target, policy.highest(next(name for name, figure in told[broken].lines.items() if figure is beside)))
            told_low = beside.enough and beside.level < asked
            most = "the most they can show" in found.sentence
            assert (words in found.sentence or most) == (beside.enough and beside.level >= asked)
            assert most == (broken == "observed" and target == 4 and beside.enough and beside.level >= asked)
            assert ("not quite there either" in found.sentence) == (told_low and not beside.at_least)


def test_a_gap_of_customers_whom_nobody_watched_puts_no_blame_anywhere(app, at):
    with force_locale("en"):
        found = profile.find(level(at, 0.5, customers=line(at, 0.4)), 3)
    assert found is not None
    assert "an observation would tell" in found.sentence


@pytest.mark.parametrize(("share", "words"), [(0.1, "nearly certain"), (0.52, "fairly sure"), (0.62, "likely, and not sure")])
def test_how_sure_a_gap_is_is_told_in_words(app, at, share, words):
    with force_locale("en"):
        found = profile.find(level(at, 0.6, practice=line(at, share, var=0.3)), 3)
        assert found is not None
        assert words in profile.how_sure(found)
        unknown = profile.find(level(at, None), 3)
        assert unknown is not None
        assert profile.how_sure(unknown) == ""


def test_what_surely_is_a_gap_stands_before_what_only_may_be_one_and_then_the_larger(app, at):
    found = profile.find(level(at, 0.2, knowledge=line(at, 0.2)), 3)
    told = [("may", 0.5, 0.6), ("small", 0.1, 0.8), ("large", 0.4, 0.76), ("unknown", 0.9, 0.99)]
    gaps = [replace(found, skill=name, size=size, certainty=sure) for name, size, sure in told]
    gaps[3] = replace(gaps[3], diagnosis="unknown")
    assert [gap.skill for gap in sorted(gaps, key=profile.clearness)] == ["large", "small", "may", "unknown"]


def test_what_more_likely_is_there_than_not_is_never_said_to_be_below(app, at):
    """The likeliest level lies below and the likelier half of the doubt does not."""
    close = line(at, 0.66, n=4, var=0.85)
    assert close.level < 3 and close.reaches(3) > 0.5
    with force_locale("en"):
        found = profile.find(Level("empathy", close, {**level(at, 0.5).lines, "observed": close}, at), 3)
    assert found is not None
    assert (found.below, found.diagnosis) == (False, "unknown")
    assert found.sentence == "It may well be there already. An observation would tell."


def test_a_skill_moves_only_where_one_of_its_lines_does(at):
    """Everything shown of it was right; what fell is the general level, by what was shown of other skills."""
    fell = replace(line(at, 0.6, n=9), earlier=(logit(0.9), 0.2, 6))
    steady = replace(line(at, 0.9, n=9), earlier=(logit(0.9), 0.2, 6))
    assert (fell.trend, steady.trend) == ("falling", "steady")
    lines = level(at, 0.5).lines
    assert Level("empathy", fell, {**lines, "practice": steady}, at).trend is None
    assert Level("empathy", fell, {**lines, "practice": fell}, at).trend == "falling"
    assert Level("empathy", steady, {**lines, "practice": fell}, at).trend == "steady"
