"""What was worked out once and is kept while nothing it rests on has changed: a cache of this process, told by stamps.

A value is used only under the very stamp it was made under, so that nobody has to tell the other processes anything and nothing is true merely
because it is kept.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from threading import Lock
from typing import Generic, TypeVar

from flask import current_app

_PLACE = "trainee.kept."
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by key, each under the stamp it was made under; at most so many of them, those used longest ago go first."""

    def __init__(self, name: str, most: int) -> None:
        self._place = f"{_PLACE}{name}"
        self._most = most

    def many(self, stamps: Mapping[K, Hashable], make: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """The value of every key; `make` is called once, with those that are not kept under their stamp, if there are any."""
        known, lock = self._known()
        with lock:
            found = {key: kept[1] for key, stamp in stamps.items() if (kept := known.get(key)) is not None and kept[0] == stamp}
            for key in found:
                known.move_to_end(key)
        missing = [key for key in stamps if key not in found]
        if missing:
            made = make(missing)
            self._keep(known, lock, ((key, stamps[key], made[key]) for key in missing))
            found.update(made)
        return found

    def one(self, key: K, stamp: Hashable, make: Callable[[], V]) -> V:
        """One value, made when it is not kept under that stamp."""
        return self.many({key: stamp}, lambda _missing: {key: make()})[key]

    def _known(self) -> tuple[OrderedDict[K, tuple[Hashable, V]], Lock]:
        # Belongs to the application, so that two of them in one process (as in tests) know nothing of each other.
        found: tuple[OrderedDict[K, tuple[Hashable, V]], Lock]
        found = current_app.extensions.setdefault(self._place, (OrderedDict(), Lock()))
        return found

    def _keep(self, known: OrderedDict[K, tuple[Hashable, V]], lock: Lock, made: Iterable[tuple[K, Hashable, V]]) -> None:
        with lock:
            for key, stamp, value in made:
                known[key] = stamp, value
                known.move_to_end(key)
            while len(known) > self._most:
                known.popitem(last=False)


def forget_everything() -> None:
    """Let go of all that is kept: where something has changed that stands in no stamp, as what skills are called."""
    for place in [place for place in current_app.extensions if place.startswith(_PLACE)]:
        del current_app.extensions[place]
