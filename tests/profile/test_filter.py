"""The filter is the skill model's equations, pinned by a plain second writing of them, by golden numbers and by properties."""

from dataclasses import replace
from math import exp, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainee.profile.filter import PRODUCT, Ability, Facet, Memory, Normal, Outlook, Task, logit, look, moved_by, sigmoid, step, step_one

QUIZ = Task(a=1.0, w=1.0, c=0.1, teaches=True)
WATCHED = Task(a=1.0, w=2.0, c=0.0, teaches=False, recalls=False)
RATED = Task(a=0.4, w=1.0, c=0.0, teaches=False, recalls=False)

scores = st.floats(0.0, 1.0)
days = st.floats(0.0, 400.0)
tasks = st.sampled_from([QUIZ, WATCHED, RATED, Task()])
histories = st.lists(st.tuples(scores, days, tasks, st.integers(0, 2), st.integers(0, 3)), max_size=40)


GOLDEN_EXPECTED = [0.55, 0.7112941136256775, 0.561782899492962]
GOLDEN_STATE = (
    0.005877763525053148,
    0.9719022723903487,
    0.19206526679131153,
    -0.11105098026924329,
    0.5643137912760468,
    0.4754360257242814,
    0.47557488752611987,
)


class Plain:
    """The equations of the skill model, one after another as they are printed, with dictionaries and no haste."""

    def __init__(self, skills):
        self.g = {"m": 0.0, "v": PRODUCT.vg}
        self.u = {k: {"al": 0.0, "be": 0.0, "C": PRODUCT.vu, "n": 0, "t": None} for k in skills}
        self.r = {}

    def step(self, skills, b, item, d, y, t, a, w, c, teaches, recalls):
        k = PRODUCT
        h = 1 / len(skills)
        m, v = self.g["m"], min(self.g["v"] + k.qg, k.vg)
        for s in skills:
            u = self.u[s]
            phi = 1.0 if u["t"] is None else (1 + max(t - u["t"], 0) / k.tau) ** -k.beta
            u["al"] *= phi
            u["be"] *= phi
            u["C"] = min(k.vu + (u["C"] - k.vu) * phi**2 + k.qu, k.vu)
        r = self.r.setdefault(item, {"m": 0.0, "v": k.vr, "n": 0, "t": None})
        r["m"] *= 1.0 if r["t"] is None else (1 + max(t - r["t"], 0) / k.tau_item) ** -k.beta_item
        r["v"] = min(r["v"] + k.qr, k.vr)
        big_a = a * (1 + sum(h * self.u[s]["be"] for s in skills))
        eta = big_a * m + a * (sum(h * self.u[s]["al"] for s in skills) + r["m"]) - sum(h * b[s][0] for s in skills) - d[0]
        big_s = big_a**2 * v + sum(h**2 * (a**2 * self.u[s]["C"] + b[s][1]) for s in skills) + a**2 * r["v"] + d[1]
        kap = 1 / sqrt(1 + pi * big_s / 8)
        z = 1 / (1 + exp(-kap * eta))
        q = c + (1 - c) * z
        dq = (1 - c) * kap * z * (1 - z)
        info = w * dq**2 / (q * (1 - q))
        force = w * (y - q) * dq / (q * (1 - q)) / (1 + big_s * info)
        grip = info / (1 + big_s * info)
        v1, m1 = v - (big_a * v) ** 2 * grip, m + big_a * v * force
        for s in skills:
            u = self.u[s]
            x = -big_a * v * h * a * u["C"] * grip
            mu = u["al"] + u["be"] * m1 + h * a * u["C"] * force + (h * k.gain / (1 + u["n"]) if teaches else 0)
            u["be"] += x / v1
            u["al"] = mu - u["be"] * m1
            u["C"] = u["C"] - (h * a * u["C"]) ** 2 * grip + x**2 / v1
            u["n"] += 1
            u["t"] = t
        r["m"] += a * r["v"] * force + (k.gain_item / (1 + r["n"]) if teaches and recalls else 0)
        r["v"] -= (a * r["v"]) ** 2 * grip
        r["n"] += 1
        r["t"] = t
        self.g = {"m": m1, "v": v1}
        return q


def ordered(history):
    return sorted(history, key=lambda event: event[1])


def replay(history, skills=("s0", "s1", "s2")):
    who = Ability(0.0, PRODUCT.vg)
    facets = {}
    memories = {}
    expected = []
    for score, day, task, skill, item in ordered(history):
        facet = facets.setdefault(skills[skill], Facet(0.0, 0.0, PRODUCT.vu, 0, day))
        memory = memories.setdefault(item, Memory(0.0, PRODUCT.vr, 0, day))
        expected.append(step(who, (facet,), (Normal(0.2, 0.3),), memory, Normal(-0.4, 0.5), score, day, task))
    return who, facets, memories, expected


@given(histories)
def test_the_quick_writing_says_what_the_plain_one_says(history):
    who, facets, memories, expected = replay(history)
    plain = Plain(["s0", "s1", "s2"])
    b = {f"s{number}": (0.2, 0.3) for number in range(3)}
    for q, (score, day, task, skill, item) in zip(expected, ordered(history), strict=True):
        assert q == pytest.approx(plain.step([f"s{skill}"], b, item, (-0.4, 0.5), score, day, *task), abs=1e-9)
    assert (who.m, who.v) == pytest.approx((plain.g["m"], plain.g["v"]), abs=1e-9)
    for key, facet in facets.items():
        u = plain.u[key]
        assert (facet.al, facet.be, facet.c, facet.n) == pytest.approx((u["al"], u["be"], u["C"], u["n"]), abs=1e-9)
    for key, memory in memories.items():
        assert (memory.m, memory.v, memory.n) == pytest.approx((plain.r[key]["m"], plain.r[key]["v"], plain.r[key]["n"]), abs=1e-9)


@given(histories)
def test_the_step_of_one_skill_does_the_same_to_the_last_bit(history):
    who, facets, memories, expected = replay(history)
    one, mine, kept = Ability(0.0, PRODUCT.vg), {}, {}
    for number, (score, day, task, skill, item) in enumerate(ordered(history)):
        facet = mine.setdefault(f"s{skill}", Facet(0.0, 0.0, PRODUCT.vu, 0, day))
        memory = kept.setdefault(item, Memory(0.0, PRODUCT.vr, 0, day))
        assert step_one(one, facet, Normal(0.2, 0.3), memory, Normal(-0.4, 0.5), score, day, task) == expected[number]
    assert (one.m, one.v) == (who.m, who.v)
    for key, facet in facets.items():
        assert [getattr(mine[key], name) for name in Facet.__slots__] == [getattr(facet, name) for name in Facet.__slots__]
    for key, memory in memories.items():
        assert [getattr(kept[key], name) for name in Memory.__slots__] == [getattr(memory, name) for name in Memory.__slots__]


@given(st.lists(st.tuples(scores, days), min_size=1, max_size=15))
def test_several_skills_share_one_event_as_the_equations_say(history):
    who = Ability(0.0, PRODUCT.vg)
    facets = [Facet(0.0, 0.0, PRODUCT.vu, 0, 0.0) for _ in range(3)]
    hard = [Normal(0.1, 0.2), Normal(-0.3, 0.4), Normal(0.0, 1.0)]
    memory = Memory(0.0, PRODUCT.vr, 0, 0.0)
    plain = Plain(["a", "b", "c"])
    b = {"a": (0.1, 0.2), "b": (-0.3, 0.4), "c": (0.0, 1.0)}
    for score, day in sorted(history, key=lambda event: event[1]):
        q = step(who, facets, hard, memory, Normal(0.5, 0.6), score, day, QUIZ)
        assert q == pytest.approx(plain.step(["a", "b", "c"], b, "i", (0.5, 0.6), score, day, *QUIZ), abs=1e-9)
    assert [facet.c for facet in facets] == pytest.approx([plain.u[key]["C"] for key in "abc"], abs=1e-9)


@given(histories)
def test_every_belief_stays_within_its_prior_and_every_expectation_within_the_scale(history):
    who, facets, memories, expected = replay(history)
    assert 0 < who.v <= PRODUCT.vg
    assert all(0 < facet.c <= PRODUCT.vu + 1e-12 for facet in facets.values())
    assert all(0 < memory.v <= PRODUCT.vr for memory in memories.values())
    assert all(0 <= q <= 1 for q in expected)
    for facet in facets.values():
        outlook = look(who, facet, Normal(0.0, 0.0), 500.0)
        assert 0 < outlook.expected < 1
        low, high = outlook.band()
        assert low <= outlook.expected <= high


@given(histories, days, days)
def test_certainty_never_rises_by_waiting(history, first, second):
    who, facets, _, _ = replay(history)
    sooner, later = sorted((first, second))
    for facet in facets.values():
        before = look(who, facet, Normal(0.0, 0.0), facet.at + sooner)
        after = look(who, facet, Normal(0.0, 0.0), facet.at + later)
        assert after.var >= before.var - 1e-12


@given(histories)
def test_what_is_forgotten_falls_back_to_the_general_level(history):
    who, facets, _, _ = replay(history)
    for facet in facets.values():
        far = look(who, facet, Normal(0.0, 0.0), facet.at + 1e12)
        assert far.mean == pytest.approx(who.m, abs=0.02 * (1 + abs(facet.al) + abs(facet.be * who.m)))


@given(histories, scores, scores)
def test_a_better_score_never_lowers_the_level(history, one, other):
    levels = []
    for score in sorted((one, other)):
        who, facets, _, _ = replay(history)
        facet = facets.setdefault("s0", Facet(0.0, 0.0, PRODUCT.vu, 0, 400.0))
        step(who, (facet,), (Normal(0.0, 0.0),), None, Normal(0.0, 0.0), score, 400.0, QUIZ)
        levels.append(look(who, facet, Normal(0.0, 0.0), 400.0).mean)
    assert levels[0] <= levels[1] + 1e-12


@given(histories, scores)
def test_explaining_a_step_takes_the_same_step(history, score):
    who, facets, _, _ = replay(history)
    other, others, _, _ = replay(history)
    mine, yours = (found.setdefault("s1", Facet(0.0, 0.0, PRODUCT.vu, 0, 400.0)) for found in (facets, others))
    expected = step(who, (mine,), (Normal(0.1, 0.2),), None, Normal(0.0, 1.0), score, 401.0, QUIZ)
    told = moved_by(other, (yours,), (Normal(0.1, 0.2),), None, Normal(0.0, 1.0), score, 401.0, QUIZ)
    assert (told.expected, other.m, yours.al, yours.c) == (expected, who.m, mine.al, mine.c)
    assert told.surprise == score - expected
    assert told.after[0] == look(who, mine, Normal(0.1, 0.2), 401.0)


def test_three_events_give_these_numbers():
    """The golden run: any change of the algorithm or of the product's constants shows here."""
    who, facet = Ability(0.0, PRODUCT.vg), Facet(0.0, 0.0, PRODUCT.vu, 0, 0.0)
    memory, b, d = Memory(0.0, PRODUCT.vr, 0, 0.0), Normal(0.0, PRODUCT.vb), Normal(0.0, PRODUCT.vd)
    run = [(1.0, 0.0, QUIZ), (0.0, 1.0, QUIZ), (0.75, 40.0, WATCHED)]
    expected = [step(who, (facet,), (b,), memory, d, score, day, task) for score, day, task in run]
    assert expected == pytest.approx(GOLDEN_EXPECTED, abs=1e-12)
    assert (who.m, who.v, facet.al, facet.be, facet.c, memory.m, memory.v) == pytest.approx(GOLDEN_STATE, abs=1e-12)


def test_the_product_profile_is_the_one_that_was_measured():
    assert replace(
        PRODUCT,
        vg=1.2, vu=0.6, vr=0.5, vb=1.0, vd=1.5, qg=0.005, qu=0.010, qr=0.05,
        gain=0.15, gain_item=1.0, tau=30.0, beta=0.30, tau_item=0.25, beta_item=0.20,
    ) == PRODUCT  # fmt: skip
    # What is left of a deviation after a month, a quarter and a year.
    left = [(1 + waited / PRODUCT.tau) ** -PRODUCT.beta for waited in (30, 90, 365)]
    assert left == pytest.approx([0.81, 0.66, 0.46], abs=0.005)


def test_reading_frozen_difficulties_changes_none_of_them():
    b, d = Normal(0.3, 0.4), Normal(-0.2, 0.5)
    step(Ability(0.0, 1.2), (Facet(0.0, 0.0, 0.6, 0, 0.0),), (b,), None, d, 1.0, 0.0, QUIZ)
    assert (b.m, b.v, d.m, d.v) == (0.3, 0.4, -0.2, 0.5)


def test_learning_makes_an_item_easier_that_is_answered_better_than_expected():
    b, d = Normal(0.0, 1.0), Normal(0.0, 1.5)
    step(Ability(0.0, 1.2), (Facet(0.0, 0.0, 0.6, 0, 0.0),), (b,), None, d, 1.0, 0.0, QUIZ, learning=True)
    assert d.m < 0
    assert d.v < 1.5
    assert b.m < 0


def test_a_memorised_question_does_not_pass_for_a_skill():
    def learned(fixed_item: bool) -> float:
        who, facet, memory = Ability(0.0, 1.2), Facet(0.0, 0.0, 0.6, 0, 0.0), Memory(0.0, 0.5, 0, 0.0)
        for number in range(8):
            step(who, (facet,), (Normal(0, 0.1),), memory if fixed_item else Memory(0.0, 0.5, 0, 0.0), Normal(0, 0.1), 1.0, number * 0.01, QUIZ)
        return look(who, facet, Normal(0, 0), 1.0).mean

    assert learned(fixed_item=True) < learned(fixed_item=False) - 0.3


def test_a_rating_that_depends_on_much_else_moves_less_than_an_observation():
    def moved(task: Task) -> float:
        who, facet = Ability(0.0, 1.2), Facet(0.0, 0.0, 0.6, 0, 0.0)
        step(who, (facet,), (Normal(0, 0.1),), None, Normal(0, 0.1), 1.0, 0.0, task)
        return look(who, facet, Normal(0, 0), 0.0).mean

    assert 0 < moved(RATED) < 0.5 * moved(WATCHED)


def test_an_absurdly_sure_loss_does_not_overflow():
    who, facet = Ability(5000.0, 1e-9), Facet(0.0, 0.0, 0.6, 0, 0.0)
    assert 0 <= step(who, (facet,), (Normal(0, 0),), None, Normal(0, 0), 0.0, 0.0, Task()) <= 1
    who = Ability(-5000.0, 1e-9)
    assert 0 <= step(who, (facet,), (Normal(0, 0),), None, Normal(0, 0), 1.0, 0.0, Task()) <= 1


@given(st.floats(-15, 15))
def test_logit_undoes_sigmoid(x):
    assert logit(sigmoid(x)) == pytest.approx(x, abs=1e-3)


def test_sigmoid_does_not_overflow():
    assert sigmoid(-5000.0) == 0.0
    assert sigmoid(5000.0) == 1.0


def test_reliability_is_nothing_at_the_prior():
    assert Outlook(0.0, PRODUCT.vg + PRODUCT.vu).reliability() == 0.0
    assert Outlook(0.0, 0.9).reliability() == pytest.approx(0.5)
