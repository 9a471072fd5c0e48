"""What docs/authoring.md promises to authors holds."""

import re
from pathlib import Path

import pytest

from trainee.kit import yamltree
from trainee.modules.questions import kinds
from trainee.modules.roleplays.plot import CHANNELS, STEPS

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", kinds.keys())
def test_the_guide_prints_the_example_of_every_type_of_question(key):
    assert f"### `{key}`\n\n```yaml\n{kinds[key].example().rstrip()}\n```" in GUIDE
    assert f"| `{key}` |" in GUIDE


def test_every_piece_of_yaml_in_the_guide_can_be_read():
    pieces = [piece for piece in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL) if "    ...  " not in piece]
    assert len(pieces) >= 12
    for piece in pieces:
        lines = piece.split("\n")
        # A piece that shows the inside of something is indented as it stands there.
        indent = len(lines[0]) - len(lines[0].lstrip())
        assert yamltree.read("\n".join(line[indent:] for line in lines), "docs/authoring.md").value


def test_the_guide_names_every_channel_and_step():
    for word in (*CHANNELS, *STEPS):
        assert word in GUIDE
