"""The kinds of scene a role-play is made of; each file here registers one."""

from trainee.kit.registry import Registry
from trainee.modules.roleplays.scene import Kind

kinds: Registry[Kind] = Registry("trainee.modules.roleplays.scenes")
kinds.discover()
