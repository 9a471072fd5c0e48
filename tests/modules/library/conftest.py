"""The good sample module, and a way to change a line of it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from trainee.modules import library
from trainee.modules.library.bundle import Bundle, from_folder

GOOD = Path(__file__).resolve().parents[2] / "data" / "good" / "tidy-desk"


@pytest.fixture
def sample():
    """The good sample module; `sample.but("quiz.yaml", old, new)` is the same with other words in one file."""
    bundle = from_folder(GOOD, "tidy-desk")

    def but(name, old, new):
        text = bundle.files[name].decode()
        assert old in text
        return Bundle("tidy-desk", {**bundle.files, name: text.replace(old, new, 1).encode()}, "tidy-desk")

    return SimpleNamespace(bundle=bundle, but=but, folder=GOOD)


@pytest.fixture
def fresh(app):
    """An application that has read no module yet: version numbers mean other modules in the next test."""
    library.forget()
    yield app
    library.forget()
