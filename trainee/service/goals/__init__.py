"""Goals that a team, or several together, want to reach: a figure, where it stood when the goal was set, and by when it is to be where."""

from trainee.service.goals.actions import close, open_goal
from trainee.service.goals.models import Goal, GoalTeam
from trainee.service.goals.queries import Listed, goal_or_404, goals_of, stamp

__all__ = ["Goal", "GoalTeam", "Listed", "close", "goal_or_404", "goals_of", "open_goal", "stamp"]
