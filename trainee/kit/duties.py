"""What a role finds to do on Today, told by the packages that know of it; Today itself knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing of somebody's work: what it is, how it stands in words, and where it is done (empty: nowhere). `tone` is that of the badge."""

    icon: str
    title: str
    note: str
    url: str = ""
    badge: str = ""
    tone: str = "accent"


Ask = Callable[[datetime], Duty | None]
AskT = TypeVar("AskT", bound=Ask)
_asks: list[tuple[int, frozenset[str], Ask]] = []


def duty(place: int, *roles: str) -> Callable[[AskT], AskT]:
    """Decorator: shown to whoever holds one of these roles, the lowest place first; None is not shown.

    What is asked takes one statement, or as few as it can.
    """

    def keep(ask: AskT) -> AskT:
        _asks.append((place, frozenset(roles), ask))
        return ask

    return keep


def duties(roles: frozenset[str], at: datetime) -> list[Duty]:
    """What somebody with these roles finds; nothing is asked for roles that have no duty."""
    wanted = [(place, ask) for place, held, ask in _asks if held & roles]
    return [found for _place, ask in sorted(wanted, key=lambda one: one[0]) if (found := ask(at)) is not None]
