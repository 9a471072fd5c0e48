"""Which cases there are, who scored them, and whose observations count in full."""

from sqlalchemy import func, select

from trainee.coaching.calibration.models import CalibrationCase, ObserverLicence
from trainee.kit.db import db

# So many cases scored within one level earn a licence; while there are fewer to score, nobody can have one and nobody needs one.
CASES_FOR_A_LICENCE = 3


def counts_in_full(observer_id: int) -> bool:
    """Whether what this observer sees counts in full: she holds a licence, or there are too few cases for anybody to earn one. One statement."""
    held = select(ObserverLicence.person_id).where(ObserverLicence.person_id == observer_id).exists()
    cases = select(func.count()).select_from(CalibrationCase).scalar_subquery()
    licensed, many = db.session.execute(select(held, cases)).one()
    return bool(licensed) or many < CASES_FOR_A_LICENCE
