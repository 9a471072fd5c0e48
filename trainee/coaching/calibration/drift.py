"""Who has drifted: whose marks lie surely more than half a level above or below what they are held against."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from trainee import profile
from trainee.coaching.calibration import queries
from trainee.coaching.calibration.agreement import leans
from trainee.coaching.calibration.models import CalibrationSheet, ObserverLicence
from trainee.kit.db import db

# From here on an observer is asked to calibrate again, in levels.
TOO_FAR: Final = 0.5
# At work two months running say so before a licence lapses: one month may be the people she happened to see.
MONTHS: Final = 2
# An estimate is sure when it lies so many standard deviations from nothing.
_SURE: Final = 2.0


def drifted(at: datetime) -> list[int]:
    """The licensed observers who have drifted since they earned their licence, on the cases or at work."""
    licensed = select(ObserverLicence.person_id, ObserverLicence.granted_at).where(ObserverLicence.ended_at.is_(None))
    held = {row.person_id: row.granted_at for row in db.session.execute(licensed.order_by(ObserverLicence.person_id))}
    if not held:
        return []
    on_cases, at_work = _on_cases(held), profile.leniencies(at)
    return [who for who, since in held.items() if _far_on_cases(on_cases.get(who, ())) or _far_at_work(who, since, at_work)]


def _on_cases(held: Mapping[int, datetime]) -> dict[int, list[float]]:
    """By how many levels the lines of each licensed observer lay above their measure, of cases she scored with her licence. Three statements."""
    sheet = CalibrationSheet
    sheets = select(sheet.case_id, sheet.observer_id, sheet.given_at).where(sheet.observer_id.in_(list(held)))
    every, given = queries.every_case(), queries.marks_of()
    found: dict[int, list[float]] = {}
    for row in db.session.execute(sheets.order_by(sheet.given_at, sheet.case_id)):
        if row.given_at > held[row.observer_id]:
            marks = given[row.case_id]
            measure = queries.measure_for(every[row.case_id], marks, row.observer_id)
            if measure is not None:
                found.setdefault(row.observer_id, []).extend(queries.differences(marks[row.observer_id], measure))
    return found


def _far_on_cases(differences: Sequence[float]) -> bool:
    told = leans(differences)
    if told is None or told.low is None or told.high is None:
        return False
    return abs(told.value) > TOO_FAR and (told.low > 0 or told.high < 0)


def _far_at_work(who: int, since: datetime, months: Sequence[tuple[datetime, Mapping[int, Any]]]) -> bool:
    lately = [of_all.get(who) for when, of_all in months if when > since][-MONTHS:]
    far = [one.levels for one in lately if one is not None and abs(one.levels) > TOO_FAR and abs(one.levels) > _SURE * one.sd]
    return len(far) == MONTHS and (min(far) > 0 or max(far) < 0)
