"""What to do next, by when and why: assignments, recommendations, and the order in which Today shows things."""

from trainee.plans.actions import Task, assign, assign_many, assignment_or_404, excuse, open_early, withdraw
from trainee.plans.advising import advice, lead_step
from trainee.plans.basics import basics, lacking
from trainee.plans.certifying import (
    Standing,
    certificate_or_404,
    certificates_of,
    certification,
    certifications,
    certify,
    issue_certificates,
    make_certification,
    rename_certificates,
    standings,
    state_of,
    withdraw_certificate,
)
from trainee.plans.duties import certificates_running_out
from trainee.plans.effects import effects, effects_in_log, keep_effects, measure_advice
from trainee.plans.lists import SHOWN, Listed, listed
from trainee.plans.models import Assignment, AssignmentRule, Certification, PathOpening
from trainee.plans.paper import certificate_by_code, part_titles, printed, qr_of, told_to_anybody
from trainee.plans.queries import Lock, Open, Step, assignments_of, in_order, lock_on, locks, locks_of, open_assignments, path_of, with_progress
from trainee.plans.recommendation import Advice, Effect
from trainee.plans.ruling import Applied, Terms, apply_rules, begin_rule, end_rule, make_rule, preview, rule, rule_or_404, rules_of, rules_reaching
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
    "basics",
    "begin_rule",
    "certificate_by_code",
    "certificate_or_404",
    "certificates_of",
    "certificates_running_out",
    "certification",
    "certifications",
    "certify",
    "effects",
    "effects_in_log",
    "end_rule",
    "excuse",
    "in_order",
    "issue_certificates",
    "keep_effects",
    "lacking",
    "lead_step",
    "listed",
    "lock_on",
    "locks",
    "locks_of",
    "make_certification",
    "make_rule",
    "measure_advice",
    "open_assignments",
    "open_early",
    "part_titles",
    "path_of",
    "placed",
    "preview",
    "printed",
    "qr_of",
    "rename_certificates",
    "rule",
    "rule_or_404",
    "rules_of",
    "rules_reaching",
    "standings",
    "state_of",
    "told_to_anybody",
    "training",
    "with_progress",
    "withdraw",
    "withdraw_certificate",
]
