"""Which cases there are, what was scored, and whose observations count in full."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from trainee.coaching.calibration.models import CalibrationCase, CalibrationMark, CalibrationSheet, ObserverLicence
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.people import Person, RoleHeld

# So many cases scored within one level earn a licence; for whom there are fewer to score, she cannot have one and needs none.
CASES_FOR_A_LICENCE = 3
# A consensus is the middle of so many others at least.
OTHERS_FOR_A_CONSENSUS = 2
# The level of each line, None for "not seen".
Marks = Mapping[str, int | None]


def _in_full(observer: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Of an observer's id: her licence stands, or there are too few cases that she has scored or still may.

    Nobody scores a case whose reference she gave, nor one that was closed before she came; such cases ask no licence of her.
    """
    licence, case, sheet = ObserverLicence, CalibrationCase, CalibrationSheet
    held = select(licence.id).where(licence.person_id == observer, licence.ended_at.is_(None)).exists()
    scored = select(sheet.case_id).where(sheet.case_id == case.id, sheet.observer_id == observer).exists()
    gave_it = (cast(case.reference, Text) != "{}") & (case.made_by_id == observer)
    hers = select(func.count(case.id)).where(scored | (case.closed_at.is_(None) & ~gave_it)).scalar_subquery()
    return held | (hers < CASES_FOR_A_LICENCE)


def counts_in_full(observer_id: int) -> bool:
    """Whether what this observer sees counts in full: she holds a licence, or there are too few cases for her to earn one. One statement."""
    return bool(db.session.execute(select(_in_full(literal(observer_id)))).scalar_one())


def who_counts_in_full(role: str) -> set[int]:
    """Everybody of a role who can come in and whose observations count in full. One statement."""
    wanted = select(Person.id).join(RoleHeld, RoleHeld.person_id == Person.id)
    return set(db.session.scalars(wanted.where(RoleHeld.role == role, Person.disabled_at.is_(None), _in_full(Person.id))))


def licence_of(person_id: int) -> ObserverLicence | None:
    """Somebody's newest licence; one that stands before any that ended."""
    order = (ObserverLicence.ended_at.is_not(None), ObserverLicence.ended_at.desc(), ObserverLicence.id.desc())
    return db.session.execute(select(ObserverLicence).where(ObserverLicence.person_id == person_id).order_by(*order).limit(1)).scalars().first()


def holds_licence(person_id: int) -> bool:
    """Whether somebody's licence stands."""
    found = licence_of(person_id)
    return found is not None and found.ended_at is None


def ever_licensed() -> list[Any]:
    """Everybody who holds or held a licence, as (id, name). One statement."""
    held = select(ObserverLicence.id).where(ObserverLicence.person_id == Person.id).exists()
    return list(db.session.execute(select(Person.id, Person.name).where(held).order_by(Person.name_sort)))


def ended_licences() -> list[Any]:
    """The licences that were withdrawn or lapsed, the newest first, with whose it was and who withdrew it. One statement."""
    holder, ender = aliased(Person), aliased(Person)
    columns = (ObserverLicence.ended_at, ObserverLicence.why, holder.name.label("name"), ender.name.label("by"))
    wanted = select(*columns).join(holder, holder.id == ObserverLicence.person_id).outerjoin(ender, ender.id == ObserverLicence.ended_by_id)
    return list(db.session.execute(wanted.where(ObserverLicence.ended_at.is_not(None)).order_by(ObserverLicence.ended_at.desc()).limit(50)))


def cases(observer_id: int) -> list[Any]:
    """Every case, the newest first, with how many scored it and whether this observer did. One statement."""
    sheet = CalibrationSheet
    many = select(func.count()).where(sheet.case_id == CalibrationCase.id).scalar_subquery()
    mine = select(sheet.case_id).where(sheet.case_id == CalibrationCase.id, sheet.observer_id == observer_id).exists()
    case = CalibrationCase
    columns = (case.id, case.title, case.channel, case.made_at, case.closed_at, case.made_by_id, many.label("many"), mine.label("mine"))
    return list(db.session.execute(select(*columns).order_by(case.made_at.desc(), case.id.desc())))


def case_or_404(case_id: int) -> CalibrationCase:
    """One case."""
    found = db.session.get(CalibrationCase, case_id)
    if found is None:
        raise NotFound
    return found


def every_case() -> dict[int, CalibrationCase]:
    """All of them, by their number. One statement."""
    return {case.id: case for case in db.session.execute(select(CalibrationCase).order_by(CalibrationCase.id)).scalars()}


def has_scored(case_id: int, observer_id: int) -> bool:
    """Whether this observer has given her marks."""
    return db.session.get(CalibrationSheet, (case_id, observer_id)) is not None


def who_scored(case_id: int) -> list[int]:
    """Who has given her marks of a case."""
    sheet = CalibrationSheet
    return list(db.session.scalars(select(sheet.observer_id).where(sheet.case_id == case_id).order_by(sheet.observer_id)))


def marks_of(case_ids: Sequence[int] | None = None) -> dict[int, dict[int, dict[str, int | None]]]:
    """What was given to these cases, or to all: {case: {observer: {skill: level}}}. One statement."""
    columns = (CalibrationMark.case_id, CalibrationMark.observer_id, CalibrationMark.skill_key, CalibrationMark.level)
    wanted = select(*columns).order_by(CalibrationMark.case_id, CalibrationMark.observer_id)
    if case_ids is not None:
        wanted = wanted.where(CalibrationMark.case_id.in_(case_ids))
    found: dict[int, dict[int, dict[str, int | None]]] = {}
    for case_id, observer_id, skill, level in db.session.execute(wanted):
        found.setdefault(case_id, {}).setdefault(observer_id, {})[skill] = level
    return found


def notes_of(case_id: int) -> dict[int, dict[str, str]]:
    """What the observers wrote beside their marks. One statement."""
    columns = (CalibrationMark.observer_id, CalibrationMark.skill_key, CalibrationMark.note)
    found: dict[int, dict[str, str]] = {}
    for observer_id, skill, note in db.session.execute(select(*columns).where(CalibrationMark.case_id == case_id, CalibrationMark.note != "")):
        found.setdefault(observer_id, {})[skill] = note
    return found


def measure_for(case: CalibrationCase, given: Mapping[int, Marks], observer_id: int) -> dict[str, float | None] | None:
    """What an observer's marks of a case are held against: its reference, else, once it is closed, the middle of what the others gave.

    A line that more than half of the others did not see counts as not seen. None when there is no such measure (yet).
    """
    if case.reference:
        return {skill: None if level is None else float(level) for skill, level in case.reference.items()}
    others = [marks for who, marks in given.items() if who != observer_id]
    if case.closed_at is None or len(others) < OTHERS_FOR_A_CONSENSUS:
        return None
    found: dict[str, float | None] = {}
    for skill in sorted({skill for marks in others for skill in marks}):
        levels = [level for marks in others if (level := marks.get(skill)) is not None]
        found[skill] = float(median(levels)) if 2 * len(levels) > len(others) else None
    return found


def within_one(marks: Marks, measure: Mapping[str, float | None]) -> bool:
    """Whether every line lies within one level of the measure; to see a line that was not there, or not to see one that was, does not."""
    return all(_near(marks.get(skill), wanted) for skill, wanted in measure.items())


def _near(level: int | None, wanted: float | None) -> bool:
    if level is None or wanted is None:
        return level is None and wanted is None
    return abs(level - wanted) <= 1


def differences(marks: Marks, measure: Mapping[str, float | None]) -> list[float]:
    """By how many levels each line that both saw lies above the measure."""
    return [level - wanted for skill, wanted in measure.items() if wanted is not None and (level := marks.get(skill)) is not None]


def passed(observer_id: int) -> list[int]:
    """The cases an observer scored within one level since she last lost a licence, in the order she gave them. Two statements."""
    lost = select(func.max(ObserverLicence.ended_at)).where(ObserverLicence.person_id == observer_id).scalar_subquery()
    sheets = (
        select(CalibrationCase)
        .join(CalibrationSheet, CalibrationSheet.case_id == CalibrationCase.id)
        .where(CalibrationSheet.observer_id == observer_id, lost.is_(None) | (CalibrationSheet.given_at > lost))
        .order_by(CalibrationSheet.given_at, CalibrationCase.id)
    )
    mine = list(db.session.execute(sheets).scalars())
    given = marks_of([case.id for case in mine])
    found = []
    for case in mine:
        measure = measure_for(case, given.get(case.id, {}), observer_id)
        if measure is not None and within_one(given[case.id][observer_id], measure):
            found.append(case.id)
    return found


def observers() -> list[Any]:
    """Everybody who may observe, with when she got her licence. One statement."""
    holder = aliased(RoleHeld)
    observes = select(holder.person_id).where(holder.person_id == Person.id, holder.role.in_(("supervisor", "trainer"))).exists()
    wanted = (
        select(Person.id, Person.name, ObserverLicence.granted_at)
        .outerjoin(ObserverLicence, (ObserverLicence.person_id == Person.id) & ObserverLicence.ended_at.is_(None))
        .where(observes, Person.disabled_at.is_(None))
    )
    return list(db.session.execute(wanted.order_by(Person.name_sort)))
