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
    # What its button says where it stands first; empty: "Have a look".
    verb: str = ""


Ask = Callable[[datetime], Duty | None]
AskT = TypeVar("AskT", bound=Ask)
# Whose work comes first for who holds several roles: who runs the house, then who looks at all of it, then who leads a team.
_RANKS = ("admin", "hr", "executive", "supervisor", "trainer")
_PRESSING = {"bad": 0, "warn": 1}


@dataclass(frozen=True, slots=True)
class _Asked:
    place: int
    roles: frozenset[str]
    leads: frozenset[str]
    always: bool
    waits: bool
    ask: Ask


_asks: list[_Asked] = []


def duty(place: int, *roles: str, leads: str = "", always: bool = False, waits: bool = False) -> Callable[[AskT], AskT]:
    """Decorator: shown to whoever holds one of these roles, the lowest place first; None is not shown.

    For the role in `leads` it is where her work begins when nothing presses, or, with `always`, whatever else there is.
    With `waits` it comes before even that where it has a badge: something of that role waits for her, whatever other roles she holds.
    What is asked takes one statement, or as few as it can.
    """

    def keep(ask: AskT) -> AskT:
        _asks.append(_Asked(place, frozenset(roles), frozenset({leads} - {""}), always, waits, ask))
        return ask

    return keep


def duties(roles: frozenset[str], at: datetime) -> tuple[Duty | None, list[Duty]]:
    """Where the work of somebody with these roles begins (None where it does nowhere), and all the rest; nothing is asked for roles without duties.

    It begins with what always comes first for her, else with what presses most, else where her role begins.
    """
    mine = next((role for role in _RANKS if role in roles), None)
    wanted = sorted((one for one in _asks if one.roles & roles), key=lambda one: one.place)
    found = [(one, told) for one in wanted if (told := one.ask(at)) is not None]

    def rank(pair: tuple[_Asked, Duty]) -> tuple[int, int, int]:
        one, told = pair
        if one.waits and one.leads & roles and told.badge and told.url:
            return 0, 0, one.place
        if mine in one.leads and one.always:
            return 0, 1, one.place
        if mine in one.roles and told.badge and told.url:
            return 1, _PRESSING.get(told.tone, 2), one.place
        return (2 if mine in one.leads else 3), 0, one.place

    best = min(found, key=rank, default=None)
    first = best[1] if best is not None and rank(best)[0] < 3 else None
    return first, [told for _one, told in found if told is not first]
