"""Complaints: which there are, which are like another, and how many for a thousand contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from trainee.kit.clock import months_after
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.service.complaints.models import Complaint, ComplaintRemedy, ContactCount

PAGE, ALIKE = 30, 6
SHOWN = ("open", "late", "closed")
# A month with fewer contacts than these has no rate.
LEAST = 100


def _wanted(shown: str, at: datetime, cause: str) -> Select[Any]:
    statement = select(Complaint)
    if shown == "closed":
        statement = statement.where(Complaint.closed_at.is_not(None))
    else:
        statement = statement.where(Complaint.closed_at.is_(None))
        if shown == "late":
            statement = statement.where(Complaint.due_at < at)
    return statement.where(Complaint.cause == cause) if cause else statement


def complaints(shown: str, at: datetime, cause: str, page: int) -> tuple[list[Complaint], int]:
    """One page of complaints and how many there are: the most urgent first, of those that are closed the newest."""
    wanted = _wanted(shown, at, cause)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    order = (Complaint.closed_at.desc(),) if shown == "closed" else (Complaint.due_at.is_(None), Complaint.due_at)
    rows = db.session.execute(wanted.order_by(*order, Complaint.id).limit(PAGE).offset((page - 1) * PAGE)).scalars()
    return list(rows), total


def late(at: datetime) -> int:
    """How many complaints are open past their date."""
    return db.session.scalar(select(func.count()).where(Complaint.closed_at.is_(None), Complaint.due_at < at)) or 0


def complaint_or_404(complaint_id: int) -> Complaint:
    """One complaint."""
    found = db.session.get(Complaint, complaint_id)
    if found is None:
        raise NotFound
    return found


def remedy_of(complaint_id: int) -> ComplaintRemedy | None:
    """What was chosen to put it right."""
    return db.session.get(ComplaintRemedy, complaint_id)


def alike(complaint: Complaint) -> list[Any]:
    """The last complaints with the same cause, those as serious first, and what their customers were given: to treat like cases alike."""
    columns = (Complaint.id, Complaint.received_at, Complaint.severity, Complaint.words, Complaint.product)
    given = (ComplaintRemedy.title, ComplaintRemedy.amount, ComplaintRemedy.reason)
    statement = (
        select(*columns, *given)
        .join(ComplaintRemedy, ComplaintRemedy.complaint_id == Complaint.id)
        .where(Complaint.cause == complaint.cause, Complaint.id != complaint.id)
        .order_by((Complaint.severity == complaint.severity).desc(), Complaint.received_at.desc(), Complaint.id.desc())
    )
    return list(db.session.execute(statement.limit(ALIKE)))


@dataclass(frozen=True, slots=True)
class Month:
    """How many complaints and contacts one month had; `first` is its first day."""

    first: date
    complaints: int
    contacts: int

    @property
    def rate(self) -> float | None:
        """Complaints for a thousand contacts; None below the fewest contacts from which on it is told."""
        return 1000 * self.complaints / self.contacts if self.contacts >= LEAST else None


def months(at: datetime, time_zone: str, many: int = 6) -> list[Month]:
    """The last months, the present one included, the oldest first. Two statements."""
    zone = ZoneInfo(time_zone)
    this = at.astimezone(zone).date().replace(day=1)
    firsts = [months_after(this, -back) for back in range(many - 1, -1, -1)]
    since = datetime.combine(firsts[0], datetime.min.time(), zone)
    heard: dict[date, int] = dict.fromkeys(firsts, 0)
    for moment in db.session.execute(select(Complaint.received_at).where(Complaint.received_at >= since)).scalars():
        heard[moment.astimezone(zone).date().replace(day=1)] = heard.get(moment.astimezone(zone).date().replace(day=1), 0) + 1
    counted: dict[date, int] = dict.fromkeys(firsts, 0)
    statement = select(ContactCount.day, func.sum(ContactCount.contacts)).where(ContactCount.day >= firsts[0]).group_by(ContactCount.day)
    for day, contacts in db.session.execute(statement):
        counted[day.replace(day=1)] = counted.get(day.replace(day=1), 0) + contacts
    return [Month(first, heard[first], counted[first]) for first in firsts]


def by_cause(since: datetime) -> Sequence[Any]:
    """How many complaints each cause had since then, the most frequent first."""
    many = func.count().label("many")
    wanted = select(Complaint.cause, many).where(Complaint.received_at >= since).group_by(Complaint.cause)
    return list(db.session.execute(wanted.order_by(many.desc(), Complaint.cause)))


RECENT = timedelta(days=90)
