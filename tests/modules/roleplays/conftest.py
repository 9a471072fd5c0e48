"""One small story with every kind of scene, read once."""

from pathlib import Path

import pytest

from trainee.kit import yamltree
from trainee.kit.findings import Findings
from trainee.modules.roleplays.plot import Story
from trainee.modules.roleplays.story import read_story

PARCEL = Path(__file__).parent / "parcel.roleplay.yaml"


def read(text: str) -> tuple[Story | None, list[str]]:
    """A story from words, and what there is to say about it."""
    findings = Findings()
    story = read_story(yamltree.read(text, "parcel.roleplay.yaml"), findings)
    return story, [str(finding) for finding in findings]


@pytest.fixture(scope="session")
def words() -> str:
    """The text of the small story, to be broken by tests."""
    return PARCEL.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def parcel(words: str) -> Story:
    """The small story."""
    story, said = read(words)
    assert story is not None, said
    return story
