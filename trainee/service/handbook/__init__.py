"""The service handbook: channels, touchpoints, who handles which complaint, remedies, what happens after the sale, and every job's part."""

from trainee.service.handbook.actions import add, change, retire
from trainee.service.handbook.kinds import Kind, kinds
from trainee.service.handbook.models import ServiceEntry
from trainee.service.handbook.queries import Entry, counts, entries, standing

__all__ = ["Entry", "Kind", "ServiceEntry", "add", "change", "counts", "entries", "kinds", "retire", "standing"]
