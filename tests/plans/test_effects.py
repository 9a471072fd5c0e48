"""What recommendations are measured to do: beside what happens without them, and drawn to our judgement while that is surer."""

import random
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import func, select

from trainee import plans, profile
from trainee.coaching import growth
from trainee.coaching.growth.models import GrowthOffer
from trainee.dashboards import person
from trainee.evidence import Row
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.plans.effects import COMPARED, FEWEST, measured
from trainee.plans.models import EFFECT
from trainee.plans.recommendation import Effect
from trainee.plans.recommendations import recommendations

BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)
CUT = 0.65


def log(people, effect, read, seed=1, noise=0.1, start=0.35):
    """Quiz answers every third day, at 35 % and for everybody 5 % better from the middle on; for who reads the lesson then `effect` more."""
    draw, numbers, rows = random.Random(seed), count(1), []
    for who in range(1, people + 1):
        own = start + draw.gauss(0, 0.05)
        for day in range(0, 100, 3):
            score = own + (0.05 + effect * (who <= read) if day > 50 else 0.0) + draw.gauss(0, noise)
            at = BEGIN + timedelta(days=day)
            rows.append(Row(next(numbers), who, "empathy", "quiz_answer", min(max(score, 0.0), 1.0), f"m/quiz/{day}", at, None, 0))
        if who <= read:
            at = BEGIN + timedelta(days=50, hours=3)
            rows.append(Row(next(numbers), who, "empathy", "embedded_check", 1.0, "m/l/c", at, None, 0))
    return sorted(rows, key=lambda row: (row.occurred_at, row.id))


def cuts(people):
    return {(who, "empathy"): CUT for who in range(1, people + 1)}


def effect_of(rows, people):
    return measured(rows, {}, cuts(people)).get(("read_lesson", "knowledge"))


def test_a_lesson_that_closes_half_the_gap_is_found_to_and_one_that_does_nothing_is_not():
    helps = effect_of(log(80, 0.15, 40), 80)
    assert (helps.cases, helps.compared >= COMPARED) == (40, True)
    assert helps.share == pytest.approx(0.5, abs=3 * helps.error)
    assert helps.error < 0.15
    idle = effect_of(log(80, 0.0, 40), 80)
    # By itself everybody came nearer: that is not the lesson's.
    assert idle.share == pytest.approx(0.0, abs=3 * idle.error)


def test_who_was_low_by_chance_and_comes_back_by_herself_was_not_helped():
    """Scores that are nothing but chance: whoever reads because she was low is better afterwards, and so is everybody who was low."""
    found = effect_of(log(120, 0.0, 60, noise=0.3, start=0.6), 120)
    assert abs(found.share) < 3 * found.error


def test_too_few_cases_and_too_few_to_compare_with_say_nothing():
    assert effect_of(log(60, 0.15, FEWEST - 1), 60) is None
    assert effect_of(log(30, 0.15, 30), 30) is None


@pytest.mark.parametrize(
    ("effect", "judged", "told"),
    [
        (Effect(0.6, 0.15, 30, 30), 0.2, 0.4),
        (Effect(0.6, 1e-9, 900, 900), 0.2, 0.6),
        (Effect(0.6, 15.0, 5, 30), 0.2, 0.2),
        (Effect(-3.0, 0.1, 90, 90), 0.3, 0.0),
        (Effect(9.0, 0.1, 90, 90), 0.3, 1.0),
    ],
)
def test_what_is_expected_lies_between_the_cases_and_our_judgement_by_which_is_surer(effect, judged, told):
    assert effect.drawn_to(judged) == pytest.approx(told, abs=0.001)


def test_every_kind_that_says_what_shows_it_names_a_source_there_is():
    sources = [kind.shown_by for kind in recommendations if kind.shown_by]
    assert len(sources) == len(set(sources)) >= 4
    for source in sources:
        assert profile.policy.rule(source, 0) is not None


def test_an_offer_to_grow_counts_from_when_it_was_accepted_and_as_nothing_when_it_was_not(app, cast, at):
    for skill in ("empathy", "reliability"):
        growth.offer(by_id=cast.chloe, person_id=cast.amir, skill=skill, kind="stretch_task", words="The hard ones.", receipt=skill, at=at)
    for answer, row in zip(("accepted", "declined"), db.session.scalars(select(GrowthOffer).order_by(GrowthOffer.id)).all(), strict=True):
        growth.answer(row, answer, at + timedelta(days=1))
    assert list(recommendations["stretch_task"].deeds()) == [(cast.amir, "empathy", at + timedelta(days=1))]


def test_what_cannot_be_measured_is_said_to_be_our_judgement_in_both_languages(app, cast, at):
    kinds = {one.key for one in recommendations if not one.shown_by and not list(one.deeds())}
    assert {"ask_observation", "look_at_process", "stretch_task"} <= kinds
    for lang, said in (("en", "That is our judgement so far."), ("tr", "Bu şimdilik bizim öngörümüz.")):
        with force_locale(lang):
            assert said in person.expected(plans.Advice("stretch_task", "empathy", "", "", 15, 0.3, False))


def test_a_night_keeps_what_it_measured_and_pages_order_and_say_by_the_newest(app, cast, at):
    def shows(who, day, score, source="quiz_answer"):
        moment = at - timedelta(days=100 - day)
        rows.append(profile.Showing(who, "empathy", source, score, f"empathy/quiz/{source}-{day}", moment, f"{source}/{who}/{day}"))

    people = [cast.amir, cast.beth, cast.chloe, cast.dev, cast.gus, cast.zoe, cast.ela, cast.ferit, cast.hana, cast.iris, cast.kai]
    rows: list[profile.Showing] = []
    for number, who in enumerate(people):
        for day in range(0, 100, 3):
            shows(who, day, 0.3 + (0.25 if day > 50 and number < FEWEST + 1 else 0.0) + 0.02 * (day % 2))
        if number < FEWEST + 1:
            shows(who, 50, 1.0, "embedded_check")
    profile.record(sorted(rows, key=lambda row: row.occurred_at), at)
    before = plans.effects(0)
    assert before == {}
    told = plans.measure_advice(at)
    if not told:
        # Eleven people are too few to compare with.
        assert db.session.scalar(select(func.count()).select_from(EFFECT)) == 0
    db.session.execute(
        EFFECT.insert(),
        {"measured_at": at, "kind": "read_lesson", "diagnosis": "knowledge", "share": 0.9, "error": 0.01, "cases": 41, "compared": 60},
    )
    newest = db.session.scalar(select(func.max(EFFECT.c.id)))
    effects = plans.effects(newest)
    gap = next(one for one in profile.gaps(cast.kai, {"empathy": Wanted()}, at) if one.diagnosis == "knowledge")
    judged = {one.key: one for one in plans.advice(gap, plans.training(), {}, {}, {"employee"})}
    known = {one.key: one for one in plans.advice(gap, plans.training(), {}, {}, {"employee"}, measured=effects)}
    assert known["read_lesson"].share == pytest.approx(0.9, abs=0.01)
    assert judged["read_lesson"].share == 0.3
    assert known["take_quiz"].share == judged["take_quiz"].share
    nothing = {("read_lesson", "knowledge"): Effect(-0.4, 0.01, 41, 60)}
    assert "read_lesson" not in [one.key for one in plans.advice(gap, plans.training(), {}, {}, {"employee"}, measured=nothing)]
    with force_locale("en"):
        assert "Measured on 41 cases." in person.expected(known["read_lesson"])
        assert "That is our judgement so far." in person.expected(known["take_quiz"])
        few = known["read_lesson"].__class__("read_lesson", "empathy", "", "", 5, 0.3, False, effect=Effect(0.1, 0.4, 7, 30))
        assert "That is our judgement, moved by 7 cases so far." in person.expected(few)


class Wanted:
    level = 3
    since = None
