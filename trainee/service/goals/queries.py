"""Which goals there are, and whose."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import func, or_, select

from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.people import Team
from trainee.people.queries import watched_with_viewer
from trainee.service.goals.models import Goal, GoalTeam

# More closed ones nobody reads.
_CLOSED = 20


_SEEN = "goals_seen"
_STAMP: Any = select(func.count() + func.count(Goal.closed_at)).select_from(Goal).scalar_subquery()


def _look(found: int | None) -> None:
    setattr(g, _SEEN, found)


watched_with_viewer(_STAMP, _look)


@dataclass(frozen=True, slots=True)
class Listed:
    """A goal with its teams, by id and name; none where it is everybody's."""

    goal: Goal
    teams: dict[int, str]

    @property
    def shared(self) -> bool:
        """Whether more than one team has it."""
        return self.goal.for_all or len(self.teams) > 1


def goals_of(teams: Collection[int] | None, *, closed: bool = False) -> list[Listed]:
    """The open goals that these teams may read, or the closed ones: every shared one, and those of one team that is among them (None: of any).

    By the day on which they are due. Two statements.
    """
    wanted = Goal.closed_at.is_not(None) if closed else Goal.closed_at.is_(None)
    order = (Goal.closed_at.desc(),) if closed else (Goal.due_on, Goal.id)
    statement = select(Goal).where(wanted).order_by(*order)
    if teams is not None:
        many = select(GoalTeam.goal_id).group_by(GoalTeam.goal_id).having(func.count() > 1)
        own = select(GoalTeam.goal_id).where(GoalTeam.team_id.in_(teams))
        statement = statement.where(or_(Goal.for_all, Goal.id.in_(many), Goal.id.in_(own)))
    found = list(db.session.scalars(statement.limit(_CLOSED) if closed else statement))
    named = _teams([one.id for one in found]) if found else {}
    return [Listed(one, named.get(one.id, {})) for one in found]


def _teams(ids: Collection[int]) -> dict[int, dict[int, str]]:
    statement = select(GoalTeam.goal_id, Team.id, Team.name).join(Team, Team.id == GoalTeam.team_id).where(GoalTeam.goal_id.in_(ids))
    found: dict[int, dict[int, str]] = {}
    for goal_id, team_id, name in db.session.execute(statement.order_by(Team.name)):
        found.setdefault(goal_id, {})[team_id] = name
    return found


def goal_or_404(goal_id: int, teams: Collection[int] | None) -> Listed:
    """A goal that these teams may read. Two statements."""
    found = db.session.get(Goal, goal_id)
    if found is None:
        raise NotFound
    listed = Listed(found, _teams([goal_id]).get(goal_id, {}))
    if teams is not None and not listed.shared and not set(listed.teams) & set(teams):
        raise NotFound
    return listed


def stamp() -> int:
    """Grows when a goal is set or closed. It comes with the statement that lets the viewer in."""
    if _SEEN not in g:
        _look(db.session.scalar(select(_STAMP)))
    found: int = g.get(_SEEN) or 0
    return found
