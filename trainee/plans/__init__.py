"""What to do next, by when and why: assignments, recommendations, and the order in which Today shows things."""

from trainee.plans.actions import Task, assign, assign_many, assignment_or_404, excuse, withdraw
from trainee.plans.advising import advice
from trainee.plans.lists import SHOWN, Listed, listed
from trainee.plans.models import Assignment
from trainee.plans.queries import Open, Step, assignments_of, in_order, open_assignments, path_of, with_progress
from trainee.plans.recommendation import Advice
from trainee.plans.training import Part, Training, placed, training

__all__ = [
    "SHOWN",
    "Advice",
    "Assignment",
    "Listed",
    "Open",
    "Part",
    "Step",
    "Task",
    "Training",
    "advice",
    "assign",
    "assign_many",
    "assignment_or_404",
    "assignments_of",
    "excuse",
    "in_order",
    "listed",
    "open_assignments",
    "path_of",
    "placed",
    "training",
    "with_progress",
    "withdraw",
]
