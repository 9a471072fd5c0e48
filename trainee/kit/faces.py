"""Faces of packages whose names come from slow files: such a file is imported when the first of its names is asked for."""

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def later(face: str, files: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """The `__getattr__` of the package `face`. `files`: which names come from which of its files.

    Whoever only reads content then does not wait for the database's and the web's libraries. No file may be called like one of the names:
    the package's attribute would be the file.
    """
    origins = {name: f"{face}.{file}" for file, names in files.items() for name in names}

    def asked(name: str) -> Any:
        if name not in origins:
            raise AttributeError(f"module {face!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(origins[name]), name)
        # Found once, it is an ordinary attribute of the package.
        setattr(sys.modules[face], name, value)
        return value

    return asked
