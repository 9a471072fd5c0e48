"""A level is a band, and is shown only when the evidence is enough for it."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest

from trainee import profile, skills
from trainee.evidence import Miller, Row, sources
from trainee.kit.db import db
from trainee.profile import policy
from trainee.profile.figures import NOTHING, Figure, Level, month_figure
from trainee.profile.filter import Normal
from trainee.profile.fold import Difficulties, day_of, end_of_month, fold, month_of
from trainee.profile.queries import _levels as _levels_of


def level_with(at, expected_mean: float, var: float = 0.3, n: int = 9, lines: dict[str, Figure] | None = None, days_ago: int = 1) -> Level:
    figure = Figure(n, expected_mean, var, at - timedelta(days=days_ago))
    every = dict.fromkeys(("knowledge", "practice", "observed", "customers"), NOTHING) | (lines or {})
    return Level("empathy", figure, every, at)


AT_WORK = {"observed": Figure(3, 2.5, 0.5, None)}


def test_somebody_without_evidence_has_every_skill_and_no_level(app, cast, at):
    levels = profile.levels(cast.amir, at)
    assert list(levels) == [skill.key for skill in skills.framework().skills]
    for level in levels.values():
        assert (level.level, level.certainty, level.trend, level.stale) == (None, "unknown", None, False)
        assert level.figure.reliability == 0


def test_much_evidence_on_other_skills_is_not_enough_for_this_one(app, cast, shows, showing, at):
    for skill in skills.framework().skills:
        if skill.key != "empathy":
            shows(cast.amir, "observation_line", 0.5, 20, skill=skill.key)
    shows(cast.amir, "observation_line", 0.5, 2)
    level = profile.levels(cast.amir, at)["empathy"]
    assert level.figure.reliability > policy.ENOUGH_RELIABILITY
    assert level.figure.n == 2
    assert level.level is None
    profile.record([showing(cast.amir, at, source="observation_line")], at)
    assert profile.levels(cast.amir, at)["empathy"].level is not None


def test_more_evidence_makes_a_first_impression_and_then_a_plain_figure(app, cast, shows, at):
    seen = []
    for _ in range(30):
        shows(cast.amir, "observation_line", 0.75, 1)
        seen.append(profile.levels(cast.amir, at)["empathy"].certainty)
    assert seen == sorted(seen, key=["unknown", "first", "sure"].index)
    assert set(seen) == {"unknown", "first", "sure"}


@pytest.mark.parametrize(("score", "levels"), [(0.0, {1}), (0.5, {2, 3}), (1.0, {4})])
def test_the_level_follows_what_is_seen_at_work(app, cast, shows, at, score, levels):
    shows(cast.amir, "observation_line", score, 40)
    assert profile.levels(cast.amir, at)["empathy"].level in levels


def test_the_highest_level_needs_to_be_seen_at_work(app, cast, shows, at):
    shows(cast.amir, "quiz_answer", 1.0, 60)
    level = profile.levels(cast.amir, at)["empathy"]
    assert level.figure.expected > policy.CUTS[-1]
    assert (level.level, level.highest, level.held_back) == (3, 3, True)
    shows(cast.amir, "observation_line", 1.0, 6)
    level = profile.levels(cast.amir, at)["empathy"]
    assert (level.level, level.held_back) == (4, False)


def test_whatever_comes_from_elsewhere_no_level_is_4_before_something_was_seen_at_work(app, cast, shows, at):
    practised = [kind.key for kind in sources if kind.counts and kind.miller < Miller.DOES]
    at_work = [kind.key for kind in sources if kind.counts and kind.miller == Miller.DOES]
    assert practised
    assert at_work
    for source in practised:
        shows(cast.amir, source, 1.0, 40)
    level = profile.levels(cast.amir, at)["empathy"]
    assert policy.level_of(level.figure.low) == 4
    assert (level.lowest, level.level, level.highest, level.held_back) == (3, 3, 3, True)
    for person, source in zip((cast.amir, cast.beth, cast.gus, cast.zoe), at_work, strict=False):
        shows(person, source, 1.0, 60)
        assert profile.levels(person, at)["empathy"].level == 4, source


def test_what_is_said_of_oneself_is_no_evidence_at_all(app, cast, shows, at):
    said = [kind.key for kind in sources if not kind.counts]
    assert said
    for source in said:
        shows(cast.amir, source, 1.0, 60)
    level = profile.levels(cast.amir, at)["empathy"]
    assert (level.level, level.certainty, level.figure.n) == (None, "unknown", 0)


@pytest.mark.parametrize("score", [0.0, 0.3, 0.5, 0.7, 0.9, 1.0])
def test_every_level_shown_is_one_of_four_inside_its_band(app, cast, shows, at, score):
    for _ in range(12):
        shows(cast.amir, "observation_line", score, 1)
        level = profile.levels(cast.amir, at)["empathy"]
        if level.level is None:
            assert level.certainty == "unknown"
        else:
            assert 1 <= level.lowest <= level.level <= level.highest <= 4


def test_the_four_lines_are_kept_apart(app, cast, shows, at):
    shows(cast.amir, "quiz_answer", 1.0, 20)
    shows(cast.amir, "roleplay_choice", 0.5, 10)
    shows(cast.amir, "observation_line", 0.0, 10)
    shows(cast.amir, "customer_rating", 0.25, 12)
    level = profile.levels(cast.amir, at)["empathy"]
    assert [level.lines[line].n for line in ("knowledge", "practice", "observed", "customers")] == [20, 10, 10, 12]
    assert level.figure.n == 52
    assert level.lines["knowledge"].expected > level.lines["practice"].expected > level.lines["observed"].expected
    assert level.lines["customers"].reliability < level.lines["observed"].reliability


def test_a_line_moves_only_with_its_own_evidence(app, cast, shows, at):
    shows(cast.amir, "quiz_answer", 1.0, 10)
    before = profile.levels(cast.amir, at)["empathy"].lines["knowledge"]
    shows(cast.amir, "observation_line", 0.0, 10)
    assert profile.levels(cast.amir, at)["empathy"].lines["knowledge"] == before


def test_a_figure_grows_stale_and_less_certain_and_stays_in_place(app, cast, shows, at):
    shows(cast.amir, "observation_line", 1.0, 20)
    now = profile.levels(cast.amir, at)["empathy"]
    later = profile.levels(cast.amir, at + timedelta(days=120))["empathy"]
    assert not now.stale
    assert later.stale
    assert later.figure.reliability < now.figure.reliability
    assert later.figure.expected < now.figure.expected


@pytest.mark.parametrize(("expected", "level"), [(0.44, 1), (0.45, 2), (0.64, 2), (0.65, 3), (0.84, 3), (0.85, 4), (1.0, 4), (0.0, 1)])
def test_levels_begin_where_the_policy_says(expected, level):
    assert policy.level_of(expected) == level


def test_the_band_says_its_own_levels(at):
    level = level_with(at, 0.7, lines=AT_WORK)
    assert level.lowest <= (level.level or 0) <= level.highest
    assert level.figure.low < level.figure.expected < level.figure.high


@pytest.mark.parametrize(
    ("earlier", "trend"),
    [
        (None, None),
        ((0.7, 0.3, 2), None),
        ((0.7, 0.3, 9), None),
        ((0.6, 0.4, 5), "steady"),
        ((-1.2, 0.4, 5), "rising"),
        ((2.6, 0.4, 5), "falling"),
    ],
)
def test_only_what_goes_beyond_the_ordinary_is_called_a_movement(at, earlier, trend):
    assert Figure(9, 0.7, 0.3, at, earlier).trend == trend


def test_a_skill_moves_with_a_line_that_moves_or_has_begun_on_that_side_and_not_with_the_general_level_alone(at):
    fallen = Figure(9, -0.5, 0.3, at, (1.5, 0.4, 4))
    assert fallen.trend == "falling"
    still, new_low, new_high = Figure(6, 1.4, 0.3, at, (1.5, 0.4, 4)), Figure(5, -1.0, 0.5, at), Figure(5, 2.5, 0.5, at)
    told = [
        Level("empathy", fallen, lines, at).trend for lines in ({"practice": still}, {"practice": still, "observed": new_low}, {"observed": new_high})
    ]
    assert told == [None, "falling", None]


def test_somebody_who_gets_better_at_work_is_rising(app, cast, showing, at):
    for back, score in ((140, 0.25), (130, 0.25), (120, 0.0), (115, 0.25), (110, 0.25), (100, 0.25)):
        profile.record([showing(cast.amir, at - timedelta(days=back), score, source="observation_line")], at)
    for back in range(28, 0, -2):
        profile.record([showing(cast.amir, at - timedelta(days=back), 0.75, source="observation_line")], at)
    assert profile.levels(cast.amir, at)["empathy"].trend == "rising"


def test_the_figures_of_one_person_or_of_a_team_cost_one_statement(app, cast, shows, at, counting):
    shows(cast.amir, "quiz_answer", 1.0, 5)
    shows(cast.beth, "quiz_answer", 1.0, 5)
    profile.levels(cast.amir, at)
    counting.clear()
    profile.levels(cast.amir, at)
    assert len(counting) == 1
    counting.clear()
    team = profile.levels_of([cast.amir, cast.beth, cast.dev], at)
    assert len(counting) == 1
    assert team[cast.beth]["empathy"].figure.n == 5
    assert team[cast.dev]["empathy"].figure.n == 0


def test_a_team_reads_as_its_members_read(app, cast, shows, at):
    shows(cast.amir, "quiz_answer", 1.0, 5)
    shows(cast.beth, "roleplay_choice", 0.5, 5)
    team = profile.levels_of([cast.amir, cast.beth], at)
    assert team == {cast.amir: profile.levels(cast.amir, at), cast.beth: profile.levels(cast.beth, at)}


def test_months_are_kept_as_they_ended(app, cast, showing, at):
    january, march = at.replace(month=1, day=20), at.replace(day=2)
    profile.record([showing(cast.amir, january, 1.0, source="observation_line") for _ in range(4)], at)
    as_of_january = profile.levels(cast.amir, end_of_month(month_of(january)))["empathy"].figure
    profile.record([showing(cast.amir, march, 0.0, source="observation_line")], at)
    months = profile.histories([cast.amir], at)[cast.amir]["empathy"]
    assert [(month.year, month.month, month.n) for month in months] == [(2026, 1, 4), (2026, 2, 4), (2026, 3, 5)]
    assert months[0].expected == as_of_january.expected
    assert months[2].expected == profile.levels(cast.amir, at)["empathy"].figure.expected
    assert months[0].expected > months[1].expected > months[2].expected


def test_months_that_wait_for_the_next_evidence_are_told_too(app, cast, showing, at):
    profile.record([showing(cast.amir, at - timedelta(days=100), source="observation_line") for _ in range(3)], at)
    months = profile.histories([cast.amir], at)[cast.amir]["empathy"]
    assert [(month.year, month.month) for month in months] == [(2025, 12), (2026, 1), (2026, 2), (2026, 3)]
    assert all(month.high - month.low <= later.high - later.low for month, later in pairwise(months))


def test_a_month_belongs_to_its_year():
    december = month_of(end_of_month(2025 * 12 + 10))
    assert end_of_month(december).isoformat() == "2026-01-01T00:00:00+00:00"
    assert end_of_month(2026 * 12 + 1).isoformat() == "2026-03-01T00:00:00+00:00"


def test_what_was_believed_then_did_not_know_what_was_recorded_later(app, cast, showing, at):
    profile.record([showing(cast.amir, at - timedelta(days=60), 1.0, source="observation_line") for _ in range(4)], at - timedelta(days=60))
    then = at - timedelta(days=30)
    believed = profile.levels(cast.amir, then)
    # It happened before that day and was learned of after it.
    (late,) = profile.record([showing(cast.amir, at - timedelta(days=50), 0.0, source="observation_line")], at)
    assert profile.believed_on(cast.amir, then) == believed
    assert profile.believed_on(cast.amir, at) == profile.levels(cast.amir, at)
    assert late.evidence_id is not None
    profile.retract(late.evidence_id, "wrong", at + timedelta(days=5))
    assert profile.believed_on(cast.amir, at)["empathy"].figure.n == 5
    assert profile.believed_on(cast.amir, at + timedelta(days=6))["empathy"].figure.n == 4


def test_near_the_top_a_level_is_told_by_its_band_though_doubt_on_the_logit_scale_stays(at):
    """What was found: 21 right answers, a band from 82 to 98 %, and "not enough for a level yet"."""
    figure = Figure(21, 2.7, 0.93, at)
    assert figure.reliability < policy.ENOUGH_RELIABILITY
    assert figure.low > policy.CUTS[1]
    assert (figure.enough, figure.at_least, figure.level, figure.certainty) == (True, True, 3, "first")
    level = Level("empathy", figure, dict.fromkeys(("knowledge", "practice", "observed", "customers"), NOTHING), at)
    assert level.level == 3
    assert month_figure(24_000, 2.7, 0.93, 21).enough
    assert month_figure(24_000, 2.7, 0.93, 21).level == 3


@pytest.mark.parametrize(("mean", "var", "n"), [(2.7, 0.93, 2), (1.6, 0.93, 21), (0.0, 0.93, 21), (2.0, 1.7, 30)])
def test_where_the_band_holds_several_levels_none_is_told_without_reliability(mean, var, n, at):
    assert not Figure(n, mean, var, at).enough


def test_a_band_within_one_level_tells_it(at):
    low = Figure(12, -3.0, 0.95, at)
    assert low.reliability < policy.ENOUGH_RELIABILITY
    assert (low.enough, low.at_least, low.level) == (True, False, 1)


def test_what_is_reliable_is_told_as_before(at):
    figure = Figure(9, 2.0, 0.5, at)
    assert figure.reliable
    assert (figure.level, figure.at_least) == (policy.level_of(figure.expected), False)


@pytest.mark.parametrize("share", [0.6, 0.8, 1.0])
@pytest.mark.parametrize("n", [3, 5, 8, 12, 16, 20, 40])
def test_one_wrong_answer_moves_a_level_that_is_told_no_further_than_its_band_says(at, n, share):
    """By five points only where nothing is told yet, or a first impression with a band of thirty points and more; and never out of the band."""

    def figure(scores):
        rows = [
            Row(number, 1, "empathy", "quiz_answer", score, f"m/quiz/{number}", at + timedelta(days=2 * number), None, 4)
            for number, score in enumerate(scores)
        ]
        newest = rows[-1].occurred_at
        mean, var = fold(rows, Difficulties()).outlook("all", "empathy", day_of(newest), Difficulties())
        return Figure(len(rows), mean, var, newest)

    right = round(n * share)
    scores = [1.0] * right + [0.0] * (n - right)
    random.Random(3).shuffle(scores)
    before, after = figure(scores), figure([*scores, 0.0])
    assert before.low <= after.expected <= before.high
    if before.expected - after.expected >= 0.05:
        assert not before.enough or (before.certainty == "first" and before.high - before.low >= 0.3)


@pytest.mark.parametrize(("mark", "level"), [(0.0, 1), (1 / 3, 2), (2 / 3, 3)])
def test_marks_are_told_as_the_level_whose_anchor_they_were_given_by(app, cast, showing, at, mark, level):
    """Four marks, nothing else: first under no calibration, then under one of a company that is marked alike."""

    def told():
        return policy.level_of(profile.levels(cast.amir, at)["empathy"].lines["observed"].expected)

    def marked(person, mark, back, who):
        return showing(person, at - timedelta(days=back), mark, source="observation_line", actor_id=who, item=f"observer/{who}/empathy")

    observers = (cast.chloe, cast.hana, cast.iris, cast.dev)
    profile.record([marked(cast.amir, mark, 25 - 7 * place, who) for place, who in enumerate(observers)], at)
    assert told() == level
    # Everybody else does better, or worse, by the same observer: a mark means what it meant.
    for others in (2 / 3, 1 / 3):
        profile.record([marked(person, others, 10, who) for person in (cast.beth, cast.gus, cast.zoe) for who in observers], at)
        for _step in profile.learn_calibration(at):
            db.session.commit()
    level_told = profile.levels(cast.amir, at)["empathy"].lines["observed"]
    assert (level_told.enough, level_told.level) == (True, level)


_SOURCES = ("quiz_answer", "roleplay_choice", "observation_line", "customer_rating")


def _history(draw, at, most=14):
    """A random life of one person, mostly on one skill."""
    rows = []
    for number in range(draw.randint(1, most)):
        source = draw.choice(_SOURCES)
        skill = draw.choice(("empathy", "empathy", "empathy", "greeting"))
        when = at + timedelta(days=7 * number + draw.random())
        rows.append(Row(number + 1, 1, skill, source, draw.choice((0.0, 1 / 3, 2 / 3, 1.0)), f"i{draw.randint(0, 3)}", when, 5, 0))
    return rows


def _levels(rows, known, at):
    return _levels_of(fold(rows, known), known, at, {})


def _drawn_known(draw):
    skills = {skill: Normal(draw.gauss(-0.5, 1.0), 0.02) for skill in ("empathy", "greeting")}
    return Difficulties({}, skills)


def test_waiting_alone_brings_no_gap_takes_none_away_makes_none_surer_and_no_level_told(app, at):
    draw = random.Random(7)
    told = gaps = faded = 0
    for _ in range(150):
        rows, known = _history(draw, at), _drawn_known(draw)
        person = fold(rows, known)
        last = rows[-1].occurred_at
        seen = []
        for wait in (0, 20, 70, 150, 250):
            level = _levels_of(person, known, last + timedelta(days=wait), {})["empathy"]
            for target in (2, 3, 4):
                gap = profile.find(level, target)
                seen.append((wait, target, level, gap))
        for target in (2, 3, 4):
            mine = [(level, gap) for _wait, of, level, gap in seen if of == target]
            enough = [level.figure.enough for level, _gap in mine]
            assert enough == sorted(enough, reverse=True)
            # It is the same gap on the same line, however little could be told by now.
            same = [(gap.diagnosis, gap.line, gap.below) if gap and gap.below else None for _level, gap in mine]
            assert len(set(same)) == 1
            sure = [gap.certainty if gap else 0.0 for _level, gap in mine]
            reached = [profile.surely_reached(level, target) for level, _gap in mine]
            assert sure == sorted(sure, reverse=True)
            assert reached == sorted(reached, reverse=True)
            told += enough[0]
            gaps += same[0] is not None
            faded += sum(gap.lacking.faded for _level, gap in mine if gap)
            for level, gap in mine:
                if gap and gap.line and not gap.lacking.faded:
                    shown = level.lines[gap.line]
                    # What the sentence says of the line is what stands beside it on the page.
                    assert gap.lacking.level == (min(shown.level, policy.highest(gap.line)) if shown.enough else -(shown.below or 2))
    assert told > 100
    assert gaps > 60
    assert faded > 20


def test_a_told_level_below_what_is_expected_always_has_a_gap_and_its_sentence(app, at):
    draw = random.Random(8)
    below = 0
    for _ in range(200):
        rows, known = _history(draw, at), _drawn_known(draw)
        level = _levels(rows, known, rows[-1].occurred_at + timedelta(days=draw.choice((0, 5, 60))))["empathy"]
        for target in (2, 3, 4):
            gap = profile.find(level, target)
            if level.level is not None and level.level < target:
                below += 1
                assert gap is not None
                assert gap.sentence
            if gap is not None and gap.line is not None:
                line = level.lines[gap.line].settled
                assert line.enough or (line.below or 5) <= target
    assert below > 60


def test_a_mark_below_what_is_expected_never_lifts_a_level(app, at):
    """However well somebody stands in what was practised, and whatever is usual for the skill: worse is never told as more."""
    draw = random.Random(9)
    held = 0
    for _ in range(120):
        known, practised = _drawn_known(draw), draw.randint(8, 30)
        rows = [Row(n + 1, 1, "empathy", "quiz_answer", 1.0, f"q{n}", at + timedelta(days=n), None, 0) for n in range(practised)]
        for number in range(draw.randint(0, 5)):
            skill, source = draw.choice(("empathy", "greeting")), draw.choice(_SOURCES[2:])
            rows.append(Row(100 + number, 1, skill, source, draw.choice((2 / 3, 1.0)), "w", at + timedelta(days=40 + number), 5, 0))
        when = at + timedelta(days=60)
        before = _levels(rows, known, when)["empathy"]
        held += before.held_back
        for source, score in (("observation_line", 0.0), ("observation_line", 1 / 3), ("customer_rating", 0.0), ("customer_rating", 0.25)):
            after = _levels([*rows, Row(200, 1, "empathy", source, score, "w2", when, 6, 0)], known, when)["empathy"]
            if before.level is not None and after.level is not None and not before.figure.at_least:
                assert after.level <= before.level
    assert held > 40
