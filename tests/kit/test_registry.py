"""Kinds live in folders and are found there."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trainee.kit.registry import Registry

FACE = "from trainee.kit.registry import Registry\nshapes = Registry('{name}')\nshapes.discover()\n"
KIND = "from {name} import shapes\n\n@shapes.register\nclass Kind:\n    key = '{key}'\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Writes a package with these files; its name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def write(name: str, **files: str) -> str:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(FACE.format(name=name))
        for file, key in files.items():
            place = tmp_path / name / file
            if file.startswith("folder"):
                place.mkdir()
                place = place / "__init__"
            place.with_suffix(".py").write_text(KIND.format(name=name, key=key))
        return name

    yield write
    for module in set(sys.modules) - before:
        del sys.modules[module]


def test_files_and_folders_of_the_package_are_found(package):
    shapes = __import__(package("shapes_found", b_file="round", folder_a="square")).shapes
    assert shapes.keys() == ["round", "square"]
    assert len(shapes) == 2
    assert "round" in shapes
    assert "oval" not in shapes
    assert shapes["square"].key == "square"
    assert shapes.get("oval") is None
    with pytest.raises(KeyError):
        shapes["oval"]


def test_kinds_are_gone_through_in_the_order_of_their_keys_and_not_of_their_files(package):
    shapes = __import__(package("shapes_ordered", a="z", b="m", c="a")).shapes
    assert [shape.key for shape in shapes] == ["a", "m", "z"]


def test_two_kinds_with_one_key_stop_the_start_up(package):
    name = package("shapes_clash", one="round", two="round")
    with pytest.raises(ValueError, match="two kinds in shapes_clash are called 'round'"):
        __import__(name)


def test_a_file_that_cannot_be_imported_stops_the_start_up(package, tmp_path):
    name = package("shapes_broken", one="round")
    (tmp_path / name / "two.py").write_text("import no_such_thing\n")
    with pytest.raises(ModuleNotFoundError, match="no_such_thing"):
        __import__(name)


def test_discovering_twice_finds_everything_once(package):
    shapes = __import__(package("shapes_twice", one="round")).shapes
    shapes.discover()
    assert shapes.keys() == ["round"]


def test_a_kind_is_kept_as_one_instance_and_the_class_is_given_back():
    kinds: Registry[object] = Registry("somewhere")

    class Kind:
        key = "kind"

    assert kinds.register(Kind) is Kind
    assert kinds["kind"] is kinds["kind"]
    assert isinstance(kinds["kind"], Kind)
