"""What somebody may have meant who wrote a name that does not exist."""

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 30
_NEAR = 0.7


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that is spelled most nearly so, or None when none is near."""
    return next(iter(get_close_matches(name, sorted(set(names)), n=1, cutoff=_NEAR)), None)


def meant(name: str, names: Iterable[str], what: str = "") -> str:
    """The mend for an unknown name: what is spelled nearly so, or else everything there is. `what` is put after "There is no", as in "skill"."""
    there = sorted(set(names))
    near = get_close_matches(name, there, n=2, cutoff=_NEAR)
    if near:
        return f"Did you mean {' or '.join(f'`{one}`' for one in near)}?"
    if not there:
        return f"There is no {what} yet." if what else "There is none yet."
    more = f" and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
    return f"Use one of {', '.join(there[:_SHOWN])}{more}."
