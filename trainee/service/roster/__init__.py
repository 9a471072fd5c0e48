"""Who is to be called when: shifts with a primary and a backup, and the times when nobody stands by."""

from trainee.service.roster.actions import add_shift, remove_shift
from trainee.service.roster.models import DutyShift
from trainee.service.roster.queries import Gap, gaps, shifts, who_now

__all__ = ["DutyShift", "Gap", "add_shift", "gaps", "remove_shift", "shifts", "who_now"]
