"""Adding and removing shifts."""

import re
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.people import Person
from trainee.service.roster.models import BACKUP, CALL, GREET, PRIMARY, DutyShift

LONGEST = timedelta(days=14)
_PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{5,24}")


def add_shift(
    *,
    person_id: int,
    area: str,
    rank: int,
    phone: str,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime,
    by_id: int | None,
    duty: str = CALL,
) -> int:
    """Put somebody on the roster; the shift's id. The very same shift again changes nothing.

    Refusal (422; its code names the field) when the times, the phone or the person will not do, or another shift of that area and rank is on then.
    """
    area = " ".join(area.split())
    _check_shift(person_id, area, rank, phone, starts_at, ends_at, duty)
    mine = (DutyShift.area == area) & (DutyShift.duty == duty) & (DutyShift.rank == rank)
    overlapping = mine & (DutyShift.starts_at < ends_at) & (DutyShift.ends_at > starts_at)
    standing = db.session.execute(select(DutyShift).where(overlapping)).scalars().first()
    if standing is not None:
        if (standing.person_id, standing.starts_at, standing.ends_at) == (person_id, starts_at, ends_at):
            return standing.id
        raise Refusal(_("Somebody is on the roster for that area and time already. Remove that shift first, or change the times."), 422, "starts")
    values = {"person_id": person_id, "area": area, "duty": duty, "rank": rank, "phone": phone.strip(), "starts_at": starts_at, "ends_at": ends_at}
    made = insert_once(DutyShift, values, ["area", "duty", "rank", "starts_at"])
    if made is None:
        raise Refusal(_("Somebody is on the roster for that area and time already. Remove that shift first, or change the times."), 422, "starts")
    audit.note(by_id, "add shift", f"duty_shift/{made}", at, person=person_id)
    return made


def _check_shift(person_id: int, area: str, rank: int, phone: str, starts_at: datetime, ends_at: datetime, duty: str) -> None:
    if not area:
        raise Refusal(_("Please say for which area: the contact centre, a region, a shop."), 422, "area")
    if rank not in (PRIMARY, BACKUP):
        raise Refusal(_("Choose who is called first and who is the backup."), 422, "rank")
    if duty not in (CALL, GREET):
        raise Refusal(_("Choose whether it is to be called or to greet."), 422, "duty")
    if not _PHONE.fullmatch(phone.strip()) and not (duty == GREET and not phone.strip()):
        raise Refusal(_("That phone number does not look right: digits and blanks, perhaps a + in front."), 422, "phone")
    if not starts_at < ends_at:
        raise Refusal(_("The shift ends before it begins."), 422, "ends")
    if ends_at - starts_at > LONGEST:
        raise Refusal(_("A shift lasts two weeks at most."), 422, "ends")
    if db.session.execute(select(Person.id).where(Person.id == person_id, Person.disabled_at.is_(None))).first() is None:
        raise Refusal(_("Please choose somebody who works here."), 422, "person_id")


def remove_shift(shift_id: int, *, at: datetime, by_id: int | None) -> None:
    """Take a shift off the roster; NotFound when there is none."""
    row = db.session.execute(
        delete(DutyShift).where(DutyShift.id == shift_id).returning(DutyShift.person_id, DutyShift.area, DutyShift.starts_at)
    ).first()
    if row is None:
        raise NotFound
    audit.note(by_id, "remove shift", f"duty_shift/{shift_id}", at, person=row.person_id, area=row.area, starts_at=row.starts_at.isoformat())
