"""The kinds of entry in the service handbook: a file each."""

from trainee.kit.registry import Registry
from trainee.service.handbook.kind import Kind

kinds: Registry[Kind] = Registry(__name__)
kinds.discover()

__all__ = ["Kind", "kinds"]
