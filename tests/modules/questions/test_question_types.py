"""What every type of question must do, looped over the registry; and what each type does of its own."""

import json
from random import Random

import pytest
from flask import render_template_string
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from trainee.kit import yamltree
from trainee.kit.errors import Refusal
from trainee.kit.findings import Findings
from trainee.modules.questions import as_multi, kind_of, kinds, read_question
from trainee.modules.questions.numeric import parse

KINDS = kinds.keys()
SEEDS = ["one", "two", "three", "four"]


def read(text):
    findings = Findings()
    question = read_question(yamltree.read(text, "example.yaml"), (), findings)
    assert [str(finding) for finding in findings] == []
    return question


def example(key):
    return read(kinds[key].example())


def multi(fields):
    return MultiDict(as_multi(fields))


def shown(context, name):
    return render_template_string("{% with ask = it, review = it %}{% include it.template %}{% endwith %}", it=context)


def test_there_are_eight_types():
    assert KINDS == ["better-reply", "gap", "matching", "multiple", "numeric", "ordering", "single", "true-false"]


@pytest.mark.parametrize("key", KINDS)
def test_the_example_is_a_sound_question_of_its_type(key):
    question = example(key)
    assert kind_of(question) is kinds[key]
    assert question.why is not None


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_right_answer_survives_the_form_and_gets_all_points(key, seed):
    question, kind = example(key), kinds[key]
    right = kind.right(question)
    answer = kind.read(question, multi(kind.form(question, right, seed)), seed, "tr")
    assert json.loads(json.dumps(answer)) == right
    assert kind.mark(question, answer).score == pytest.approx(1)
    assert kind.mark(question, answer).right


@pytest.mark.parametrize("key", KINDS)
def test_any_answer_survives_the_form_and_gets_a_share_of_the_points(key):
    question, kind, rng = example(key), kinds[key], Random(7)
    scores = set()
    for number in range(60):
        guess = kind.guess(question, rng)
        answer = kind.read(question, multi(kind.form(question, guess, str(number))), str(number), "tr")
        assert answer == guess
        scores.add(kind.mark(question, answer).score)
    assert all(0 <= score <= 1 for score in scores)
    assert min(scores) < 1


@pytest.mark.parametrize("key", KINDS)
def test_an_empty_form_is_refused_with_a_sentence(app, key):
    with pytest.raises(Refusal) as caught:
        kinds[key].read(example(key), multi({}), "one", "tr")
    assert caught.value.status == 422
    assert caught.value.message.endswith((".", "!"))


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("nonsense", ["99", "-1", "x", "a", "²", "1e3", " ", "\0", "0" * 5000])
def test_a_crafted_form_is_refused_and_never_breaks(app, key, nonsense):
    question, kind = example(key), kinds[key]
    good = kind.form(question, kind.right(question), "one")
    for name in good:
        bad = {**good, name: [nonsense]}
        status, score = outcome(kind, question, multi(bad))
        # A gap takes any words and a number any number; what is taken must be markable.
        assert status == 422 or 0 <= score <= 1


def outcome(kind, question, form):
    """The status of a refusal, or the score of what was taken."""
    try:
        return None, kind.mark(question, kind.read(question, form, "one", "tr")).score
    except Refusal as refusal:
        return refusal.status, None


@pytest.mark.parametrize("key", KINDS)
def test_the_order_is_the_same_for_one_seed_and_differs_between_seeds(app, key):
    question, kind = example(key), kinds[key]
    assert kind.ask(question, "one", "tr") == kind.ask(question, "one", "tr")
    if key not in ("gap", "numeric"):
        assert len({json.dumps(kind.ask(question, str(seed), "tr")) for seed in range(30)}) > 1


@pytest.mark.parametrize("key", KINDS)
def test_asking_says_nothing_about_feedback(app, key):
    question, kind = example(key), kinds[key]
    whys = [why for why in walk(question.model_dump()) if why["why"]]
    assert whys
    for lang in ("tr", "en"):
        with app.test_request_context("/"):
            html = shown(kind.ask(question, "one", lang), "ask")
        for why in whys:
            assert why["why"][lang] not in html


def walk(value):
    """Every mapping inside that has a `why` in both languages."""
    if isinstance(value, dict):
        if isinstance(value.get("why"), dict):
            yield value
        for part in value.values():
            yield from walk(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from walk(part)


# The same question with another right answer: (what stands in the example, what takes its place).
OTHERWISE = {
    "single": [("    correct: true\n", ""), ("id: c\n    text", "id: c\n    correct: true\n    text")],
    "multiple": [("    correct: true\n", "", 1), ("id: b\n    text", "id: b\n    correct: true\n    text")],
    "true-false": [("answer: false", "answer: true"), ("    correct: true\n", ""), ("id: a\n    text", "id: a\n    correct: true\n    text")],
    "matching": [("match: r1", "match: r4")],
    "numeric": [("value: 45", "value: 46")],
    "gap": [("[etki, etkisi]", "[sonuç]"), ("[effect, impact]", "[result]")],
    "better-reply": [("better: b", "better: a")],
}


@pytest.mark.parametrize("key", sorted(OTHERWISE))
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_asked_is_the_same_whichever_answer_is_right(app, key, seed):
    text = kinds[key].example()
    for old, new, *count in OTHERWISE[key]:
        assert old in text
        text = text.replace(old, new, *count)
    question, other, kind = example(key), read(text), kinds[key]
    assert kind.right(question) != kind.right(other)
    assert kind.ask(question, seed, "en") == kind.ask(other, seed, "en")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_in_which_steps_are_shown_does_not_depend_on_their_right_order(app, seed):
    question, kind = example("ordering"), kinds["ordering"]
    other = question.model_copy(update={"items": tuple(reversed(question.items))})
    assert kind.ask(question, seed, "en") == kind.ask(other, seed, "en")


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("lang", ["tr", "en"])
def test_it_can_be_asked_and_reviewed_in_both_languages(app, key, lang):
    question, kind, rng = example(key), kinds[key], Random(3)
    with app.test_request_context("/"):
        for answer in (None, kind.right(question), kind.guess(question, rng)):
            asked = shown(kind.ask(question, "one", lang, answer), "ask")
            reviewed = shown(kind.review(question, answer, "one", lang), "review")
            assert question.stem.of(lang) in html_text(asked)
            assert question.stem.of(lang) in html_text(reviewed)
            assert "<input" in asked or "<select" in asked
            assert "style=" not in asked + reviewed
            assert 'name="csrf_token"' not in asked


def html_text(html):
    return html.replace("&#34;", '"').replace("&#39;", "'")


@pytest.mark.parametrize("key", KINDS)
def test_an_answer_saved_earlier_is_shown_again(app, key):
    question, kind = example(key), kinds[key]
    fresh, again = kind.ask(question, "one", "tr"), kind.ask(question, "one", "tr", kind.right(question))
    assert fresh != again
    with app.test_request_context("/"):
        assert shown(fresh, "ask") != shown(again, "ask")


@pytest.mark.parametrize("key", KINDS)
def test_a_review_tells_whether_it_was_right_and_why(app, key):
    question, kind = example(key), kinds[key]
    with app.test_request_context("/"):
        review = kind.review(question, kind.right(question), "one", "en")
    assert review["right"] is True
    assert review["why"] == question.why.en
    with app.test_request_context("/"):
        assert kind.review(question, None, "one", "en")["answered"] is False


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("field", ["id", "level", "skill", "stem"])
def test_a_question_without_a_field_is_told_its_line(key, field):
    lines = kinds[key].example().split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{field}:"))
    end = start + 1
    while lines[end].startswith(" "):
        end += 1
    findings = Findings()
    assert read_question(yamltree.read("\n".join(lines[:start] + lines[end:]), "a.yaml"), (), findings) is None
    assert [finding.message for finding in findings] == [f"`{field}` is missing."]


def test_a_type_nobody_knows_is_told_with_those_there_are():
    findings = Findings()
    words = "id: q1\ntype: essay\nlevel: apply\nskill: empathy\nstem: {tr: Ne?, en: What?}\n"
    assert read_question(yamltree.read(words, "a.yaml"), (), findings) is None
    assert [str(finding) for finding in findings] == [
        "a.yaml:2: `type: essay` is no type of question. Use one of better-reply, gap, matching, multiple, numeric, ordering, single, true-false."
    ]


def test_wrong_ticks_cost_what_right_ones_earn():
    question, kind = example("multiple"), kinds["multiple"]

    def score(*chosen):
        return kind.mark(question, {"chosen": list(chosen)}).score

    assert score("a", "c", "d") == pytest.approx(1)
    assert score("a", "c") == pytest.approx(2 / 3)
    assert score("a", "c", "d", "b") == 0
    assert score("b") == 0


def test_verdict_and_reason_are_half_the_points_each():
    question, kind = example("true-false"), kinds["true-false"]
    assert kind.mark(question, {"verdict": False, "reason": "b"}).score == 1
    assert kind.mark(question, {"verdict": False, "reason": "a"}).score == 0.5
    assert kind.mark(question, {"verdict": True, "reason": "b"}).score == 0.5
    assert kind.mark(question, {"verdict": True, "reason": "c"}).score == 0


def test_an_order_with_two_neighbours_swapped_earns_most_and_a_reversed_one_nothing():
    question, kind = example("ordering"), kinds["ordering"]
    assert kind.mark(question, {"order": ["b", "a", "c", "d"]}).score == pytest.approx(4 / 6)
    assert kind.mark(question, {"order": ["d", "c", "b", "a"]}).score == 0


def test_two_steps_in_one_place_are_refused(app):
    question, kind = example("ordering"), kinds["ordering"]
    with pytest.raises(Refusal, match="same place"):
        kind.read(question, multi({f"place-{number}": ["1"] for number in range(4)}), "one", "tr")


def test_each_pair_earns_its_share():
    question, kind = example("matching"), kinds["matching"]
    assert kind.mark(question, {"pairs": {"l1": "r1", "l2": "r1", "l3": "r3"}}).score == pytest.approx(2 / 3)


@pytest.mark.parametrize("written", ["etki", "ETKİ", "Etkı", " etki. ", "ETKISI", "“etki”", "effect"])
def test_a_gap_forgives_case_dots_accents_and_blanks(written):
    question, kind = example("gap"), kinds["gap"]
    assert kind.mark(question, {"gaps": {"1": written, "2": "ben"}}).score == 1


def test_a_gap_does_not_forgive_another_word():
    question, kind = example("gap"), kinds["gap"]
    assert kind.mark(question, {"gaps": {"1": "tepki", "2": "ben"}}).score == 0.5


@pytest.mark.parametrize(
    ("written", "lang", "value"),
    [
        ("45", "tr", "45"),
        ("45 puan", "tr", "45"),
        ("45 Points", "en", "45"),
        ("%45", "tr", "45"),
        ("-45", "tr", "-45"),
        ("12,5", "tr", "12.5"),
        ("12.5", "tr", "12.5"),
        ("12,5", "en", "12.5"),
        ("1.500", "tr", "1500"),
        ("1.500", "en", "1.500"),
        ("1,500", "en", "1500"),
        ("1.234,5", "tr", "1234.5"),
        ("1,234.5", "en", "1234.5"),
        ("1 000 000", "tr", "1000000"),
        ("0,75", "tr", "0.75"),
        ("kırk beş", "tr", None),
        ("1,2,3", "tr", None),
        ("1e9", "en", None),
        ("1\u202f500", "tr", "1500"),
        ("1\u00a0500 ", "en", "1500"),
        ("nan", "en", None),
        ("٤٥", "tr", None),
    ],
)
def test_a_number_is_read_as_its_writer_means_it(written, lang, value):
    question = example("numeric")
    found = parse(written, question.unit, lang)
    assert (None if found is None else str(found)) == value


@given(st.text(max_size=40), st.sampled_from(["tr", "en"]))
def test_no_text_breaks_the_reading_of_numbers(written, lang):
    value = parse(written, None, lang)
    assert value is None or value.is_finite()


def test_a_usual_slip_gets_its_own_explanation(app):
    question, kind = example("numeric"), kinds["numeric"]
    answer = {"value": "60", "written": "60"}
    assert kind.mark(question, answer).chosen == ("mistake-1",)
    with app.test_request_context("/"):
        assert "detractors" in kind.review(question, answer, "one", "en")["slip"]


def test_the_number_of_choices_is_what_a_guess_chooses_from():
    found = {kind.key: kind.choices(example(kind.key)) for kind in kinds}
    assert found == {
        "better-reply": 2,
        "gap": 0,
        "matching": 0,
        "multiple": 0,
        "numeric": 0,
        "ordering": 0,
        "single": 3,
        "true-false": 2,
    }


def test_templates_exist_beside_every_type(app):
    with app.test_request_context("/"):
        for kind in kinds:
            for name in ("ask", "review"):
                assert app.jinja_env.get_template(kind.template(name))
