"""What to do next, by when and why: assignments, and the order in which Today shows things."""

from trainee.plans.actions import assign, excuse
from trainee.plans.models import Assignment
from trainee.plans.queries import Open, open_assignments

__all__ = ["Assignment", "Open", "assign", "excuse", "open_assignments"]
