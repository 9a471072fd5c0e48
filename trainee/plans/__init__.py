"""What to do next, by when and why: assignments, recommendations, and the order in which Today shows things."""

from trainee.plans.actions import assign, excuse
from trainee.plans.advising import advice
from trainee.plans.models import Assignment
from trainee.plans.queries import Open, assignments_of, in_order, open_assignments, with_progress
from trainee.plans.recommendation import Advice
from trainee.plans.training import Part, Training, placed, training

__all__ = [
    "Advice",
    "Assignment",
    "Open",
    "Part",
    "Training",
    "advice",
    "assign",
    "assignments_of",
    "excuse",
    "in_order",
    "open_assignments",
    "placed",
    "training",
    "with_progress",
]
