"""Every figure can be asked why, and the rows listed add up to it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.profile.test_recording import drawn
from trainee import profile
from trainee.cli import cli
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.people.models import Person
from trainee.profile.commands import told
from trainee.profile.explaining import Moved


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), later=st.integers(0, 200), line=st.sampled_from(["all", "knowledge", "practice", "observed", "customers"]))
def test_the_rows_add_up_to_the_figure_shown(app, cast, showing, at, seed, later, line):
    profile.record(drawn(showing, cast, at, seed), at)
    moment = at + timedelta(days=later)
    for skill in ("empathy", "greeting", "trust"):
        if skill not in profile.levels(cast.amir, moment):
            continue
        why = profile.explain(cast.amir, skill, moment, line)
        shown = profile.levels(cast.amir, moment)[skill]
        figure = shown.figure if line == "all" else shown.lines[line]
        assert why.total == pytest.approx(why.figure.expected, abs=1e-9)
        if figure.n:
            assert why.figure.expected == pytest.approx(figure.expected, abs=1e-12)
            assert why.figure.n == figure.n == sum(step.own for step in why.steps)
    db.session.rollback()


def test_one_answer_explains_itself(app, cast, showing, at):
    (one,) = profile.record([showing(cast.amir, at, 1.0, item="m/quiz/q9")], at)
    why = profile.explain(cast.amir, "empathy", at)
    (step,) = why.steps
    assert (step.evidence_id, step.source, step.item, step.score) == (one.evidence_id, "quiz_answer", "m/quiz/q9", 1.0)
    assert step.expected == one.expected
    assert step.surprise == 1.0 - step.expected
    assert 0 < step.believed < 1
    assert step.general > 0
    assert step.moved == step.after - step.before > 0
    assert why.start == 0.5
    assert why.waiting == 0.0


def test_evidence_on_other_skills_is_one_step_between_ones_own(app, cast, showing, at):
    profile.record([showing(cast.amir, at)], at)
    profile.record([showing(cast.amir, at + timedelta(minutes=number), skill="greeting") for number in range(1, 4)], at)
    profile.record([showing(cast.amir, at + timedelta(minutes=9))], at)
    why = profile.explain(cast.amir, "empathy", at + timedelta(days=1))
    assert [step.own for step in why.steps] == [True, False, True]
    other = why.steps[1]
    assert other.others == 3
    assert other.general > 0
    assert other.moved > 0
    assert other.surprise == 0


def test_sentences_are_in_the_readers_language(app, cast, showing, at):
    profile.record([showing(cast.amir, at), showing(cast.amir, at + timedelta(minutes=1), skill="greeting")], at)
    own, other = profile.explain(cast.amir, "empathy", at).steps
    with force_locale("en"):
        assert own.happened == "Answered a quiz question: 100% of the points."
        assert own.sentence.startswith("Expected 50% of the points, got 100%. This skill moved from 50% to ")
        assert other.happened == "1 piece of evidence on other skills."
        assert "general level" in other.sentence


def test_the_command_lines_words_are_turkish_where_turkish_is_asked_for(app, cast, showing, at):
    profile.record([showing(cast.amir, at - timedelta(days=40)), showing(cast.amir, at)], at)
    with force_locale("tr"):
        words = " ".join(told(profile.explain(cast.amir, "empathy", at + timedelta(days=30))))
    assert [english for english in ("evidence", "passed", "before any", "enough", "sure") if english in words] == []


def test_waiting_is_a_row_of_its_own(app, cast, showing, at):
    profile.record([showing(cast.amir, at, 1.0, source="observation_line") for _ in range(5)], at)
    why = profile.explain(cast.amir, "empathy", at + timedelta(days=200))
    assert why.waiting < 0
    profile.record([showing(cast.amir, at + timedelta(days=200), 1.0, source="observation_line")], at)
    assert profile.explain(cast.amir, "empathy", at + timedelta(days=200)).steps[-1].waited == pytest.approx(why.waiting, abs=1e-12)


def test_what_was_taken_back_is_told_with_its_reason(app, cast, showing, at):
    wrong, _ = profile.record([showing(cast.amir, at), showing(cast.amir, at)], at)
    assert wrong.evidence_id is not None
    profile.retract(wrong.evidence_id, "the question was broken", at + timedelta(days=1), cast.chloe)
    why = profile.explain(cast.amir, "empathy", at)
    assert len(why.steps) == 1
    (gone,) = why.withdrawn
    assert (gone.evidence_id, gone.reason, gone.withdrawn_at) == (wrong.evidence_id, "the question was broken", at + timedelta(days=1))


def test_what_is_never_counted_is_listed_apart(app, cast, showing, at):
    profile.record([showing(cast.amir, at, source="self_assessment"), showing(cast.amir, at)], at)
    why = profile.explain(cast.amir, "empathy", at)
    assert len(why.steps) == 1
    assert [row.source for row in why.not_counted] == ["self_assessment"]


def test_a_skill_without_evidence_has_nothing_to_list(app, cast, at):
    why = profile.explain(cast.amir, "empathy", at)
    assert (why.steps, why.total, why.figure.n) == ((), 0.5, 0)


def test_asking_why_costs_few_statements(app, cast, showing, at, counting):
    profile.record([showing(cast.amir, at + timedelta(minutes=number)) for number in range(80)], at)
    counting.clear()
    profile.explain(cast.amir, "empathy", at)
    assert len(counting) <= 4


def test_the_command_line_lists_the_same_rows(app, cast, showing, at):
    wrong, *_ = profile.record([showing(cast.amir, at, score) for score in (0.0, 1.0, 0.5)], at)
    assert wrong.evidence_id is not None
    profile.retract(wrong.evidence_id, "typo", at)
    profile.record([showing(cast.amir, at + timedelta(days=40))], at)
    with force_locale("en"):
        lines = list(told(profile.explain(cast.amir, "empathy", at + timedelta(days=60))))
    *amounts, total = [Decimal(line[12:20]) for line in lines if line[12:20].strip()]
    assert sum(amounts) == total
    assert "withdrawn on" in lines[-1]
    assert "typo" in lines[-1]


def test_a_row_that_moves_less_than_a_point_says_so_instead_of_naming_one_figure_twice(app, at):
    still = Moved(1, "quiz_answer", "m/quiz/q9", None, at, 1.0, 0.9, believed=0.0, general=0.0, waited=0.0, moved=0.002, before=0.781, after=0.783)
    with force_locale("en"):
        assert still.sentence == "Expected 90% of the points, got 100%. This skill hardly moved: it stays at 78%."
        assert replace(still, after=0.786).sentence.endswith("This skill moved from 78% to 79%.")
        assert replace(still, evidence_id=None).sentence == "The general level moved, and this skill hardly with it: it stays at 78%."


def test_the_command_line_tells_what_was_known_on_a_day(app, cast, showing, at):
    """What happened in February and was written down in March is not in what was known when February ended."""
    profile.record([showing(cast.amir, at - timedelta(days=20), 1.0, source="observation_line") for _ in range(4)], at - timedelta(days=20))
    profile.record([showing(cast.amir, at - timedelta(days=18), 0.0, source="observation_line") for _ in range(3)], at)
    name = db.session.get_one(Person, cast.amir).username
    db.session.commit()

    def run(*more: str):
        return CliRunner().invoke(cli, ["profile", "explain", name, "empathy", *more], obj=lambda: app)

    then = run("--on", "2026-02-28")
    assert then.exit_code == 0
    assert "4 pieces of evidence" in then.output
    assert "7 pieces of evidence" in run().output
    assert "has not come yet" in run("--on", "2999-01-01").output
    assert run("--on", "the first").exit_code == 2


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), back=st.integers(0, 60), line=st.sampled_from(["all", "knowledge", "practice", "observed", "customers"]))
def test_what_was_known_then_adds_up_to_what_was_believed_then(app, cast, showing, at, seed, back, line):
    """Each piece is recorded ten days after it happened, so that at any moment some had happened and were not known."""
    for piece in drawn(showing, cast, at, seed):
        profile.record([piece], piece.occurred_at + timedelta(days=10))
    then = at - timedelta(days=back)
    believed = profile.believed_on(cast.amir, then)
    for skill in ("empathy", "greeting"):
        why = profile.explain(cast.amir, skill, then, line, known_by=then)
        figure = believed[skill].figure if line == "all" else believed[skill].lines[line]
        assert why.total == pytest.approx(why.figure.expected, abs=1e-9)
        assert why.figure.n == figure.n
        if figure.n:
            assert why.figure.expected == pytest.approx(figure.expected, abs=1e-12)
    db.session.rollback()


@pytest.mark.parametrize("line", ["all", "knowledge"])
def test_a_step_begins_where_the_one_before_and_the_waiting_end(app, cast, showing, at, line):
    pieces = [
        showing(cast.amir, at - timedelta(days=300 - 7 * number), float(number % 3 > 0), skill="empathy" if number % 4 == 0 else "greeting")
        for number in range(40)
    ]
    profile.record(pieces, at)
    why = profile.explain(cast.amir, "empathy", at, line)
    place = why.start
    for step in why.steps:
        assert step.before == pytest.approx(place + step.waited, abs=1e-12)
        assert step.after == pytest.approx(step.before + step.moved, abs=1e-12)
        place = step.after
    assert why.figure.expected == pytest.approx(place + why.waiting, abs=1e-12)
    assert any(not step.own and step.others > 1 and abs(step.waited) > 0 for step in why.steps)
