"""One word changed in a sound role-play: the finding stands where the slip is, and the sound one is left in peace."""

from pathlib import Path

import pytest

from trainee.kit import yamltree
from trainee.kit.findings import Findings
from trainee.modules.roleplays.story import read_story

DATA = Path(__file__).resolve().parents[2] / "data"
WHOLE = (DATA / "good" / "near" / "roleplay-whole.roleplay.yaml").read_text(encoding="utf-8")
LOOKED_FOR = 'look_for: {tr: ["özür diler"], en: ["i am sorry"]}'


def told(text):
    """What is said of a role-play with this text."""
    findings = Findings()
    read_story(yamltree.read(text, "lost-form.roleplay.yaml"), findings)
    return [str(finding) for finding in findings]


def test_the_sound_one_is_left_in_peace():
    assert told(WHOLE) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("flags: [verified]", "flags: [verifyed]", "`verifyed` is set here and nothing looks at it, and `verified` is looked at and nothing sets it"),
        ("flags_all: [verified]", "flags_all: [verifyed]", "A condition looks at the flag `verifyed`, which nothing sets. Did you mean `verified`"),
        ("flags: [verified]", "flags: [verified, tidy]", "warning: The flag `tidy` is set here, and nothing ever looks at it."),
        ("mood: 2, scores: {trust-building: 1}", "mood: 2, flags: [verifyed], scores: {trust-building: 1}", "Did you mean `verified`? Else give it"),
        ("pick: 2", "pick: 3", "3 must be picked and only 2 of the cues can be right"),
        ("pick: 2", "pick: 1", "warning: 2 cues are telling and 1 may be picked"),
        (LOOKED_FOR, 'look_for: {tr: ["özür diler", "i", "a", "n", "d"], en: ["i am sorry"]}', "`sorry` is met (tr) by 3 of 3"),
        (LOOKED_FOR, 'look_for: {tr: ["özür diler"], en: ["i am sorry", "i", "n", "y"]}', "`sorry` is met (en) by 3 of 3"),
        ("minutes: 5", "minutes: 8", "takes about 3 minutes, and 8 are promised."),
    ],
)
def test_a_slip_is_told_at_its_own_line(old, new, says):
    assert WHOLE.count(old) == 1
    line = WHOLE[: WHOLE.index(old)].count("\n") + 1
    here = [one for one in told(WHOLE.replace(old, new)) if one.startswith(f"lost-form.roleplay.yaml:{line}: ")]
    assert any(says in one for one in here), here


def test_a_talk_in_which_hardly_any_best_reply_depends_on_what_came_before_is_told():
    never = (DATA / "broken" / "roleplay-same-best.roleplay.yaml").read_text(encoding="utf-8")
    once = (
        never.replace("{min: 0.6, mood: 1,", "{min: 0.6, mood: 1, flags: [saw_it],")
        .replace("scores: {trust-building: 3}, flags: [verified]", "scores: {trust-building: 2}, flags: [verified]")
        .replace("mood: 2, scores: {trust-building: 1}", "needs: {flags_all: [saw_it]}, mood: 2, scores: {trust-building: 3}, flags: [verified]")
    )
    said = "scenes the best reply is best whatever came before: `hello`"
    assert not any(said in one for one in told(never)), "where it is so in all of them, that is told in other words"
    assert any(f"warning: In 8 of 9 {said}" in one for one in told(once)), told(once)
