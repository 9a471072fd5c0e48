"""What is expected of whom: the level a skill should reach, for a kind of job, a team or one person."""

from trainee.expectations.actions import expect
from trainee.expectations.models import Expectation
from trainee.expectations.queries import Target, targets_of

__all__ = ["Expectation", "Target", "expect", "targets_of"]
