"""What to do next, by when and why: assignments, recommendations, and the order in which Today shows things."""

from trainee.plans.actions import Task, assign, assign_many, assignment_or_404, excuse, open_early, withdraw
from trainee.plans.advising import advice
from trainee.plans.certifying import (
    Standing,
    certificate_or_404,
    certificates_of,
    certification,
    certifications,
    certify,
    issue_certificates,
    make_certification,
    standings,
    state_of,
    withdraw_certificate,
)
from trainee.plans.duties import certificates_running_out
from trainee.plans.effects import effects, measure_advice
from trainee.plans.lists import SHOWN, Listed, listed
from trainee.plans.models import Assignment, AssignmentRule, Certification, PathOpening
from trainee.plans.queries import Lock, Open, Step, assignments_of, in_order, lock_on, locks, open_assignments, path_of, with_progress
from trainee.plans.recommendation import Advice, Effect
from trainee.plans.ruling import Applied, Terms, apply_rules, begin_rule, end_rule, make_rule, preview, rule, rule_or_404, rules_of
from trainee.plans.training import Part, Training, placed, training

__all__ = [
    "SHOWN",
    "Advice",
    "Applied",
    "Assignment",
    "AssignmentRule",
    "Certification",
    "Effect",
    "Listed",
    "Lock",
    "Open",
    "Part",
    "PathOpening",
    "Standing",
    "Step",
    "Task",
    "Terms",
    "Training",
    "advice",
    "apply_rules",
    "assign",
    "assign_many",
    "assignment_or_404",
    "assignments_of",
    "begin_rule",
    "certificate_or_404",
    "certificates_of",
    "certificates_running_out",
    "certification",
    "certifications",
    "certify",
    "effects",
    "end_rule",
    "excuse",
    "in_order",
    "issue_certificates",
    "listed",
    "lock_on",
    "locks",
    "make_certification",
    "make_rule",
    "measure_advice",
    "open_assignments",
    "open_early",
    "path_of",
    "placed",
    "preview",
    "rule",
    "rule_or_404",
    "rules_of",
    "standings",
    "state_of",
    "training",
    "with_progress",
    "withdraw",
    "withdraw_certificate",
]
