"""What somebody may have meant who wrote a name that does not exist."""

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 30


def meant(name: str, names: Iterable[str], what: str = "") -> str:
    """The mend for an unknown name: what is spelled nearly so, or else everything there is. `what` is put after "There is no", as in "skill"."""
    there = sorted(set(names))
    near = get_close_matches(name, there, n=2, cutoff=0.7)
    if near:
        return f"Did you mean {' or '.join(f'`{one}`' for one in near)}?"
    if not there:
        return f"There is no {what} yet." if what else "There is none yet."
    more = f" and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
    return f"Use one of {', '.join(there[:_SHOWN])}{more}."
