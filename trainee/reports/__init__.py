"""Tables for people who answer for others: every figure once, on a page and in files that agree."""

from trainee.reports.kinds import kinds
from trainee.reports.report import Report

__all__ = ["Report", "kinds"]
