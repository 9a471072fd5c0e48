"""The kinds of evidence there are; to add one, add a file."""

from trainee.evidence.source import Source
from trainee.kit.registry import Registry

sources: Registry[Source] = Registry(__name__)
sources.discover()
