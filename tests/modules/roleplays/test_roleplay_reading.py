"""What an author is told: everything, at once, with the line and the mend."""

import pytest

from tests.modules.roleplays.conftest import read
from trainee.modules.roleplays import search
from trainee.modules.roleplays.play import begin

# (what is written, what it becomes, a piece of what is said about it)
SLIPS = [
    ("next: angry}", "next: angri}", "There is no scene, ending or route `angri`"),
    ("start: hello", "start: helo", "There is no scene `helo`"),
    ("next: lost}", "next: [{mood_lte: -3, to: lost}]}", "The last condition of a list may not fit"),
    ("next: lost}", "next: [{to: look}, {mood_lte: -3, to: lost}]}", "This condition always fits"),
    ('{tr: "Soğuk.", en: "Cold."}', '{tr: "Soğuk."}', "The English (`en`) of `feedback` is missing"),
    ("scores: {greeting: 1}", "scores: {greeting: 5}", "`greeting` must be a whole number from 0 to 3"),
    ("scores: {greeting: 1}", "scores: {patience: 1}", "`patience` is scored here and is not among the `skills`"),
    ("mood: {start: -1,", "mood: {start: -7,", "`start` must be a whole number from -3 to 3"),
    ("  - id: angry\n", "  - id: hello\n", "The id `hello` is used twice in `scenes`"),
    ("    kind: observe\n", "    kind: watch\n", "Write one of choice, observe, typed."),
    ("    pick: 2\n", "    pick: 2\n    picks: 3\n", "`picks` is not known here"),
    ("critical: data-breach,", "critical: rudeness,", "`critical` must be one of disrespect"),
    ("mood_gte: 2, flags_all: [verified]", "mood_gte: 2, flags_all: [verifyed]", "looks at the flag `verifyed`, which nothing sets"),
    ("mood_gte: 2, flags_all", "mood_gte: 9, flags_all", "looks at the mood 9, and the mood goes from -3 to 3"),
    ("any_critical: true, to: lost", "critical: disrespect, to: lost", "waits for `disrespect`, which no choice is"),
    ("next: angry}", "next: look}", "Nobody comes to the scene `angry`"),
    ("{mood_gte: 2, flags_all: [verified], to: kept}", "{mood_gte: 2, mood_lte: 1, to: kept}", "Nobody comes to the ending `kept`"),
    ("next: finish}\n      - {min: 0,", "next: finish}\n      - {min: 1,", "The last band must have `min: 0`"),
    ("- {min: 3, mood: 2", "- {min: 4, mood: 2", "A band asks for 4 and at most 3 can be reached"),
    ("Geciktik, özür dilerim.", "Geciktik, bağışlayın.", "the model answer (tr) does not meet the criterion 'sorry'"),
    ('en: ["i am sorry"]', "en: []", "`look_for` has words in one language only"),
    ("needs: {flags_all: [saw_it]}", "needs: {mood_gte: 3}", "In the scene `check` the choice `c` is never offered"),
    ("variants: {data-breach:", "variants: {false-promise:", "Nobody comes to `lost` after `false-promise`"),
    ('next_step: {tr: "Dersi', 'next_step_for: {rudeness: {tr: "A.", en: "A."}}\n    next_step: {tr: "Dersi', "`rudeness` is not known here"),
    ('next_step: {tr: "Dersi', 'next_step_for: {disrespect: {tr: "A.", en: "B."}}\n    next_step: {tr: "Dersi', "has no variant"),
    (
        '        spoils: {tr: ["garanti"]',
        '        unless: {tr: ["=mi"], en: ["=not"]}\n        look_for: {tr: ["garanti"]',
        "`unless` takes back what spoils",
    ),
    ("clock", "clock", None),
]


@pytest.mark.parametrize(("before", "after", "told"), SLIPS)
def test_a_slip_is_told_with_its_line(words, before, after, told):
    story, said = read(words.replace(before, after, 1))
    if told is None:
        assert story is not None
        assert said == []
        return
    assert before in words
    hits = [line for line in said if told.lower() in line.lower()]
    assert hits, said
    assert story is None
    assert hits[0].startswith("parcel.roleplay.yaml:")


def test_the_line_is_the_one_where_the_slip_is(words):
    broken = words.replace("scores: {greeting: 1}", "scores: {greeting: 5}")
    line = next(number for number, text in enumerate(broken.splitlines(), 1) if "greeting: 5" in text)
    _story, said = read(broken)
    assert said[0].startswith(f"parcel.roleplay.yaml:{line}: ")


def test_everything_is_told_at_once(words):
    broken = words.replace("next: angry}", "next: angri}").replace("greeting: 1}", "greeting: 5}").replace('en: "Cold."', 'xx: "Cold."')
    _story, said = read(broken)
    assert len(said) >= 4


def test_a_circle_without_a_way_out_is_told(words):
    broken = words.replace("next: lost}", "next: [{mood_lte: 3, to: angry}, {to: look}]}").replace(
        'feedback: {tr: "Evet.", en: "Yes."}, next: look}', 'feedback: {tr: "Evet.", en: "Yes."}, next: angry}'
    )
    _story, said = read(broken)
    assert any("From the scene `angry` there may be no way to an ending" in line for line in said), said


def test_unknown_skills_are_told_when_the_skills_are_known(words):
    from_elsewhere = words.replace("empathy", "telepathy")
    story, _said = read(from_elsewhere)
    assert story is not None, "without a list of skills nobody can know"


JUNK = ["id: a", "[]", "id: [1]\nscenes: 3", "scenes:\n  - 4\n  - {}\nendings: [[]]\nmood: 1\nroutes: [1]", "routes: {a: 1, b: [{}]}"]


@pytest.mark.parametrize("junk", JUNK)
def test_junk_is_told_and_never_breaks_the_reader(junk):
    story, said = read(junk)
    assert story is None
    assert said


def test_best_answers_that_are_always_the_longest_are_doubted(words):
    scene = words[words.index("  - id: angry") : words.index("  - id: look")]
    chain = ""
    for number in range(4):
        after = f"more-{number + 1}" if number < 3 else "look"
        chain += scene.replace("id: angry", f"id: more-{number}").replace("next: look", f"next: {after}").replace("to: look", f"to: {after}")
    chain = chain.replace('tr: "Haklısınız."', 'tr: "Haklısınız, geç kaldık."').replace('en: "You are right."', 'en: "You are right, we are late."')
    longer = words.replace("next: look}", "next: more-0}", 1).replace("  - id: look\n", chain + "  - id: look\n")
    _story, said = read(longer)
    assert any("warning: In 6 of 7 scenes the best choice is the longest one (tr)" in line for line in said), said


def test_a_story_too_large_to_look_through_is_drawn_from_and_says_so(words, monkeypatch):
    monkeypatch.setattr(search, "MOST", 4)
    story, said = read(words)
    assert story is not None, "what was not met is a doubt and no error"
    assert any(f"{search.PLAYS} plays of it were drawn" in line for line in said)
    assert {ending for ending, _variant in search.graph(story).ends} == set(story.endings)
    assert search.graph(story).best_line_from("hello", begin(story).situation).ending.id == "kept"


def test_what_no_drawn_play_met_is_a_doubt(words, monkeypatch):
    monkeypatch.setattr(search, "MOST", 4)
    story, said = read(words.replace("next: angry}", "next: look}", 1))
    assert story is not None
    assert any("warning: None of" in line and "came to the scene `angry`" in line for line in said), said
