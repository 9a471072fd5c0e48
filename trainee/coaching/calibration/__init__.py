"""Calibration: whether observers mean the same by the same level, and who has shown it."""

from trainee.coaching.calibration.actions import close, lapse_drifted, license_if_earned, make_case, score, withdraw
from trainee.coaching.calibration.models import CalibrationCase, CalibrationMark, CalibrationSheet, ObserverLicence
from trainee.coaching.calibration.queries import counts_in_full, licence_of, who_counts_in_full

__all__ = [
    "CalibrationCase",
    "CalibrationMark",
    "CalibrationSheet",
    "ObserverLicence",
    "close",
    "counts_in_full",
    "lapse_drifted",
    "licence_of",
    "license_if_earned",
    "make_case",
    "score",
    "who_counts_in_full",
    "withdraw",
]
