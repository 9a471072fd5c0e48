"""Python's search for what only refers to itself, left out while a great many values are made that are all needed to the end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Inside, nothing is looked for that could be thrown away: with hundreds of thousands of values in hand each look goes through all of them.

    What nobody refers to any more is let go of as always. Several threads may be inside; the first to leave switches it on again.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
