"""Conditions in words: when a way is taken, when a reply is open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from trainee.kit.i18n import _
from trainee.modules.roleplays.scene import Condition, Route, Situation

_NOTHING_SURE: Final = Situation(0)

Setters = Mapping[str, Sequence[tuple[str, str]]]
"""By flag what sets it: the scene, and the answer there as the picture calls it. An author's word for a flag says nothing to another reader."""

_UNKNOWN: Final[Setters] = {}


def decided_by(
    route: Route,
    place: int,
    names: Mapping[str, str],
    sure: Situation = _NOTHING_SURE,
    lacking: frozenset[str] = frozenset(),
    setters: Setters = _UNKNOWN,
) -> str:
    """When the branch at this place of a route is taken; "" where there is no other. The first that holds decides, so several are numbered.

    What whoever comes to it is `sure` to have, or to be without, is not told: a reply that sets a flag does not wait for it.
    """
    if len(route) < 2:
        return ""
    when = _unsure(route[place].when, sure, lacking)
    if when.always and not route[place].when.always:
        return ""
    words = str(_("otherwise")) if when.always else str(_("if %(what)s", what=told(when, names, setters)))
    return f"{place + 1}. {words}" if len(route) > 2 else words


def _unsure(when: Condition, sure: Situation, lacking: frozenset[str]) -> Condition:
    """What is left of a condition to be looked at."""
    return replace(
        when,
        flags_all=when.flags_all - sure.flags,
        flags_any=frozenset() if when.flags_any & sure.flags else when.flags_any,
        flags_none=when.flags_none - lacking,
        any_critical=when.any_critical and not sure.criticals,
        critical=None if when.critical in sure.criticals else when.critical,
    )


def opened_by(needs: Condition, names: Mapping[str, str], setters: Setters = _UNKNOWN) -> str:
    """When a reply is open; "" when it always is."""
    return "" if needs.always else str(_("open if %(what)s", what=told(needs, names, setters)))


def told(when: Condition, names: Mapping[str, str], setters: Setters = _UNKNOWN) -> str:
    """What a condition asks for. `names`: critical errors as the reader calls them, by key."""
    return str(_(" and ")).join(_parts(when, names, setters))


def _parts(when: Condition, names: Mapping[str, str], setters: Setters) -> Iterator[str]:
    if when.mood_gte is not None and when.mood_lte is not None:
        yield str(_("mood %(least)s to %(most)s", least=when.mood_gte, most=when.mood_lte))
    elif when.mood_gte is not None:
        yield str(_("mood ≥ %(least)s", least=when.mood_gte))
    elif when.mood_lte is not None:
        yield str(_("mood ≤ %(most)s", most=when.mood_lte))
    yield from (_happened([flag], setters) for flag in sorted(when.flags_all))
    if when.flags_any:
        yield _happened(sorted(when.flags_any), setters)
    yield from (_did_not_happen(flag, setters) for flag in sorted(when.flags_none))
    if when.any_critical:
        yield str(_("a critical error was made"))
    if when.critical is not None:
        yield str(_("the critical error “%(name)s” was made", name=names.get(when.critical, when.critical)))


def _happened(flags: Sequence[str], setters: Setters) -> str:
    """That one of these flags is set, by what sets it; by its id where nothing that sets it is known."""
    if not all(flag in setters for flag in flags):
        return str(_("%(flag)s is set", flag="/".join(flags)))
    return str(_("%(ways)s came before", ways=_ways(flags, setters)))


def _did_not_happen(flag: str, setters: Setters) -> str:
    if flag not in setters:
        return str(_("%(flag)s is not set", flag=flag))
    return str(_("%(ways)s did not come before", ways=_ways([flag], setters)))


def _ways(flags: Sequence[str], setters: Setters) -> str:
    """The scenes with what is answered in them: `s2 a, c or s4 reply 1/3`."""
    by_scene: dict[str, list[str]] = {}
    for scene, answer in dict.fromkeys(way for flag in flags for way in setters[flag]):
        by_scene.setdefault(scene, []).append(answer)
    return str(_(" or ")).join(f"{scene} {', '.join(answers)}" for scene, answers in by_scene.items())
