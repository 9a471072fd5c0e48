"""Every format a report can be had in: one file each, one class under its key."""

from trainee.kit.registry import Registry
from trainee.reports.formats.format import Format

formats: Registry[Format] = Registry("trainee.reports.formats")
formats.discover()
