"""Calibration: whether observers mean the same by the same level, and who has shown it."""

from trainee.coaching.calibration.queries import counts_in_full

__all__ = ["counts_in_full"]
