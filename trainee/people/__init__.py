"""Who is here, how they sign in, and who may see whom."""

from trainee.people.models import ROLES, Person, ReportingLine, RoleHeld, Stay, Team, Unit
from trainee.people.queries import (
    Viewer,
    below,
    colleagues_of,
    directly_below,
    leads,
    may_see,
    names,
    person_or_404,
    require_role,
    supervisors_of,
    team_of,
    viewer,
    visible_to,
)

__all__ = [
    "ROLES",
    "Person",
    "ReportingLine",
    "RoleHeld",
    "Stay",
    "Team",
    "Unit",
    "Viewer",
    "below",
    "colleagues_of",
    "directly_below",
    "leads",
    "may_see",
    "names",
    "person_or_404",
    "require_role",
    "supervisors_of",
    "team_of",
    "viewer",
    "visible_to",
]
