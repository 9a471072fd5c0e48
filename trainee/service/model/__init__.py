"""The service model: what service means in this company, published in versions that everybody reads."""

from trainee.service.model.actions import acknowledge, publish, write
from trainee.service.model.models import ServiceDraft, ServiceReading, ServiceVersion
from trainee.service.model.queries import Version, current, good_from, readers_among

__all__ = ["ServiceDraft", "ServiceReading", "ServiceVersion", "Version", "acknowledge", "current", "good_from", "publish", "readers_among", "write"]
