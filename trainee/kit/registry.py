"""Kinds live in folders: every file of a folder registers one class under its `key`."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """The kinds found in one package, by key. Two kinds with one key stop start-up.

    The package's `__init__` makes the registry first and calls `discover()` last, so that its files can import it.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self._kinds: dict[str, T] = {}

    def register(self, kind: type[T]) -> type[T]:
        """Class decorator: keep one instance of `kind` under its `key`; ValueError when the key is taken."""
        key: str = kind.key  # type: ignore[attr-defined]
        if key in self._kinds:
            raise ValueError(f"two kinds in {self.package} are called {key!r}")
        self._kinds[key] = kind()
        return kind

    def discover(self) -> None:
        """Import every module and sub-package of the package once; not its pages, which the application imports with the web's library."""
        package = importlib.import_module(self.package)
        for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
            if found.name == "views":
                continue
            importlib.import_module(f"{self.package}.{found.name}")

    def __getitem__(self, key: str) -> T:
        return self._kinds[key]

    def get(self, key: str) -> T | None:
        """The kind of that key, or None."""
        return self._kinds.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self._kinds

    def __iter__(self) -> Iterator[T]:
        return (self._kinds[key] for key in sorted(self._kinds))

    def __len__(self) -> int:
        return len(self._kinds)

    def keys(self) -> list[str]:
        """All keys, sorted."""
        return sorted(self._kinds)
