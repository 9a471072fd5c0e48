"""What is expected of whom: the level a skill should reach, for a kind of work, a job, a team or one person, and what they answer."""

from trainee.expectations.actions import Terms, acknowledge, end, issue, object_to, reply_to
from trainee.expectations.models import Expectation, ExpectationAnswer, ExpectationDraft, Scope
from trainee.expectations.targets import Expected, Target, expected_of, targets_of

__all__ = [
    "Expectation",
    "ExpectationAnswer",
    "ExpectationDraft",
    "Expected",
    "Scope",
    "Target",
    "Terms",
    "acknowledge",
    "end",
    "expected_of",
    "issue",
    "object_to",
    "reply_to",
    "targets_of",
]
