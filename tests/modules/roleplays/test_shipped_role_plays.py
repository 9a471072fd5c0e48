"""Every role-play that is shipped is read from its own file, and played by the engine to every ending it names."""

from pathlib import Path

import pytest

from trainee.config import SHIPPED_CONTENT
from trainee.kit import yamltree
from trainee.kit.findings import Findings
from trainee.modules.roleplays import play
from trainee.modules.roleplays.search import explore
from trainee.modules.roleplays.story import Story, read_story

FILES = sorted(SHIPPED_CONTENT.glob("modules/*/*.roleplay.yaml"))
ASKED_FOR = 24
"""So many role-plays the curriculum has at least."""


def story_in(path: Path, data: bytes) -> Story:
    """The story in a file that is checked here like any other: with an error in it there is none, and that is told."""
    findings = Findings()
    story = read_story(yamltree.read(data, str(path)), findings)
    assert story is not None, "\n".join(str(finding) for finding in findings.errors)
    return story


def play_to_every_ending(story: Story) -> None:
    """Replay by the engine what the search found, one play for each ending and each of its variants."""
    plays = explore(story)
    assert {ending for ending, _variant in plays} == set(story.endings), story.id
    for (ending, variant), answers in plays.items():
        ended = play.state(story, play.moves_of(story, answers))
        assert ended.ending is not None, f"{story.id}: the play to {ending} does not end"
        assert (ended.ending.id, ended.variant) == (ending, variant), story.id


def test_there_are_as_many_role_plays_as_the_curriculum_asks_for():
    assert len(FILES) >= ASKED_FOR
    named = {path.name for path in SHIPPED_CONTENT.rglob("*.yaml") if "roleplay" in path.name}
    assert named == {path.name for path in FILES}, "none lies where nobody looks, and no two have one name"


@pytest.mark.parametrize("path", FILES, ids=[path.name.partition(".")[0] for path in FILES])
def test_every_shipped_role_play_can_be_played_to_every_ending(path):
    story = story_in(path, path.read_bytes())
    assert story.id == path.name.removesuffix(".roleplay.yaml")
    assert len(story.scenes) >= 8
    assert len(story.endings) >= 3
    assert any(scene.criticals() for scene in story.scenes.values())
    play_to_every_ending(story)


def test_a_story_of_which_an_ending_was_cut_off_does_not_pass():
    path = next(path for path in FILES if path.name.startswith("two-at-once."))
    text = path.read_text(encoding="utf-8")
    cut = text.replace("to: welcomed}", "to: served-cold}")
    assert cut != text
    with pytest.raises(AssertionError, match="Nobody comes to the ending `welcomed`"):
        play_to_every_ending(story_in(path, cut.encode()))


def test_a_story_that_cannot_be_read_does_not_drop_out():
    path = FILES[0]
    broken = path.read_text(encoding="utf-8").replace("minutes:", "minuets:", 1)
    with pytest.raises(AssertionError, match="is not known here"):
        story_in(path, broken.encode())
