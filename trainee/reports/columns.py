"""Columns that several reports have in common, and the cells that belong to them."""

from collections.abc import Mapping
from typing import Any

from trainee.kit.i18n import _l
from trainee.kit.intervals import wilson
from trainee.reports.column import Cell, Column
from trainee.reports.population import Member

WHO = (
    Column("employee_no", _l("Employee number"), on_page=False),
    Column("full_name", _l("Name")),
    Column("unit", _l("Unit")),
    Column("team", _l("Team")),
    Column("role", _l("Job")),
)
CERTAINTY = {"unknown": _l("Not enough evidence yet"), "first": _l("First guess"), "sure": _l("Sure")}


def first_of(states: Mapping[str, tuple[Any, str]]) -> dict[str, Any]:
    """The words alone of states that have words and the tone of a badge."""
    return {key: words for key, (words, _tone) in states.items()}


def who(member: Member, place: tuple[str, str] | None = None) -> tuple[Cell, ...]:
    """The cells of `WHO`: with the team and unit of `place`, or those she is in now."""
    team, unit = place or (member.team, member.unit)
    return member.employee_no or None, member.name, unit or None, team or None, member.job


def share_ends(above: float, below: float, _sides: float) -> tuple[float, float]:
    """Between what and what a share lies with 95 % confidence."""
    return wilson(above / below, round(below))
