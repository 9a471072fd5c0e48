"""The kinds of reasons for which a person needs her supervisor, and in which order they speak."""

from trainee.dashboards.need import Need
from trainee.kit.registry import Registry

needs: Registry[Need] = Registry(__name__)
needs.discover()
