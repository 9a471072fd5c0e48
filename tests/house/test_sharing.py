"""The order in which the suite is dealt out to its workers."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import spread


def of_file(name: str, seconds: float | None, number: int) -> list[SimpleNamespace]:
    mark = None if seconds is None else SimpleNamespace(args=(seconds,))
    return [SimpleNamespace(path=Path(name), name=f"{name}{i}", get_closest_marker=lambda _name: mark) for i in range(number)]


SUITE = [*of_file("short", None, 61), *of_file("a", 200, 3), *of_file("b", 100, 4), *of_file("c", 90, 5), *of_file("d", 20, 2)]


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_every_test_is_dealt_once(workers):
    dealt = spread(list(SUITE), workers)
    assert sorted(item.name for item in dealt) == sorted(item.name for item in SUITE)
    assert len(dealt) == len(SUITE)


def test_each_worker_begins_with_its_part_of_what_takes_long():
    dealt = spread(list(SUITE), 3)
    third = len(SUITE) // 3
    assert [item.path.name for item in dealt[:4]] == ["a", "a", "a", "short"]
    assert [item.path.name for item in dealt[third : third + 5]] == ["b", "b", "b", "b", "short"]
    # The shortest goes to the worker that has least, whole.
    assert [item.path.name for item in dealt[2 * third : 2 * third + 8]] == ["c", "c", "c", "c", "c", "d", "d", "short"]


def test_a_few_tests_are_dealt_too():
    assert [item.name for item in spread(of_file("a", 5, 2), 8)] == ["a0", "a1"]
    assert spread([], 3) == []
