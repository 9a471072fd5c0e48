"""Where we are now: figures frozen on a day, what was made of them, and what was decided."""

from trainee.service.baseline.actions import FIELDS, baseline_or_404, baselines, take, write
from trainee.service.baseline.models import Baseline

__all__ = ["FIELDS", "Baseline", "baseline_or_404", "baselines", "take", "write"]
