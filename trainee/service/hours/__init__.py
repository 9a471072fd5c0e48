"""Hours that whoever leads spends with customers, written down by herself, with the hours the company wishes for each month."""

from trainee.service.hours.actions import remove, set_target, take
from trainee.service.hours.models import CustomerHours, HoursTarget
from trainee.service.hours.queries import Month, latest, months_of, reached, target

__all__ = ["CustomerHours", "HoursTarget", "Month", "latest", "months_of", "reached", "remove", "set_target", "take", "target"]
