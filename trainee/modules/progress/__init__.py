"""Which parts of which module a person has done, first and last: what catalogues, plans and Today need in one statement."""

from trainee.modules.progress.actions import part_done
from trainee.modules.progress.models import PartDone
from trainee.modules.progress.queries import Progress, parts_of, progress, required_parts

__all__ = ["PartDone", "Progress", "part_done", "parts_of", "progress", "required_parts"]
