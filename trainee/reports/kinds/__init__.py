"""Every kind of report: one file each, one class under its key."""

from trainee.kit.registry import Registry
from trainee.reports.report import Report

kinds: Registry[Report] = Registry("trainee.reports.kinds")
kinds.discover()
