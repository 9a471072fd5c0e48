"""Complaints: which there are, which are like another, and how many for a thousand contacts."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, String, Text, case, cast, func, literal, or_, select

from trainee.kit.audit import AuditEntry
from trainee.kit.clock import months_after
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.people import Person, RoleHeld, holders_of_job, holders_of_jobs, leaders_of, nearest_above
from trainee.service.complaints.models import Complaint, ComplaintRemedy, ContactCount
from trainee.service.handbook.queries import entries

PAGE, ALIKE = 30, 6
SHOWN = ("open", "late", "closed")
# A month with fewer contacts than these has no rate.
LEAST = 100
# So many in the line of who chose a remedy are asked to agree, so that it need not wait for one who is away.
_NEAREST = 2
# The handbook had no line for it: None is kept as such or as JSON's own.
_NO_LINE = or_(Complaint.owner.is_(None), cast(Complaint.owner, Text) == "null")
# Open, and somebody's.
_HELD = (Complaint.closed_at.is_(None), Complaint.held_by_id.is_not(None))
# Open, and somebody has it only because the handbook had no line for it.
UNROUTED = (*_HELD, _NO_LINE)
# What the trail calls it that one comes to somebody in the place of one who left, or that it becomes somebody's at all.
HANDED_ON = "hand on complaint"


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


def _keeper() -> int | None:
    """Somebody of HR, else an administrator, the first by name; None where there is nobody. One statement."""
    return next(iter(keepers()), None)


def keepers() -> list[int]:
    """Everybody of HR by name, else every administrator. One statement."""
    keeps = select(Person.id, RoleHeld.role).join(RoleHeld, RoleHeld.person_id == Person.id)
    keeps = keeps.where(RoleHeld.role.in_(("hr", "admin")), Person.disabled_at.is_(None))
    rows = db.session.execute(keeps.order_by(RoleHeld.role == "admin", Person.name_sort, Person.id)).tuples().all()
    return [number for number, role in rows if role == rows[0][1]]


def holder_for(by_id: int | None) -> int | None:
    """Who has a complaint that no line of the handbook stands for: the nearest supervisor of whoever takes it in.

    Where nobody is above her, or no person takes it in, it is somebody of HR, else an administrator, the first by name; else she herself.
    """
    above = nearest_above([by_id])[by_id] if by_id is not None else None
    return above.id if above is not None else _keeper() or by_id


class Owners:
    """Who has which of the complaints that one deed gives to people: jobs, lines and what each has already are read once for all of them."""

    def __init__(self, by_id: int | None) -> None:
        self._by_id = by_id
        self._able: dict[tuple[str, ...], list[int]] = {}
        self._chosen: dict[tuple[str, ...], int] = {}
        self._open = Counter[int]()

    def of(self, owner: Mapping[str, str]) -> int | None:
        """Which person has a complaint that the handbook's line gives to a job, whatever language calls it so: who holds that job and can come in.

        Of several the nearest in the line of whoever takes it in, she herself first; else who has the fewest open ones, the first by id. None where
        nobody holds the job. At most four statements for each job.
        """
        job = tuple(sorted(owner.values()))
        able = self._able.get(job)
        if able is None:
            able = self._able[job] = holders_of_job(job)
            near = next((one for one in self._line if one in able), None) if len(able) > 1 else next(iter(able), None)
            if near is not None:
                self._chosen[job] = near
            elif able:
                self._open = _open_of(able) | self._open
        if job in self._chosen or not able:
            return self._chosen.get(job)
        least = min(able, key=lambda one: (self._open[one], one))
        self._open[least] += 1
        return least

    @cached_property
    def otherwise(self) -> int | None:
        """Who has one where there is no line, or nobody has its job."""
        return holder_for(self._by_id)

    @cached_property
    def _line(self) -> list[int]:
        return [self._by_id, *(one.id for one in leaders_of([self._by_id])[self._by_id])] if self._by_id is not None else []


def job_of(complaint: Any) -> tuple[str, ...]:
    """What the job that the handbook's line names is called; empty where there is no line."""
    return tuple(sorted((complaint.owner or {}).values()))


def came_by(complaint: Complaint, holder: int | None, able: Sequence[int]) -> str:
    """How an open complaint came to its `holder`: `line` for want of one, `only` as the one who has the job, `one` of several, `nobody` has it.

    `able`: who has the job. Empty where it is closed or nobody's, and where others have the job now and hers is called otherwise.
    """
    if complaint.closed_at is not None or holder is None:
        return ""
    if complaint.owner is None:
        return "line"
    if holder in able:
        return "only" if len(able) == 1 else "one"
    return "" if able else "nobody"


def passed_on() -> dict[int, int]:
    """The open complaints whose holder has left, or that have a line of the handbook and nobody yet, with who has each now.

    It is as for one that comes in: of those who have the job the nearest in the line of whoever took it in, else who has the fewest open ones, the
    first by id. Where nobody has it, or there is no line, it is the nearest who is still here above whoever had it, or took it in; else HR. One
    statement where there is no such complaint, at most eight.
    """
    nobodys = Complaint.held_by_id.is_(None) & ~_NO_LINE
    rows = db.session.execute(
        select(Complaint.id, Complaint.held_by_id, Complaint.owner)
        .outerjoin(Person, Person.id == Complaint.held_by_id)
        .where(Complaint.closed_at.is_(None), Person.disabled_at.is_not(None) | nobodys)
        .order_by(Complaint.id)
    ).all()
    if not rows:
        return {}
    took, able = _taken_by(row.id for row in rows), holders_of_jobs({job_of(row) for row in rows} - {()})
    had = {row.id: row.held_by_id or took.get(row.id) for row in rows}
    lines, above, keeper = leaders_of(set(took.values())), nearest_above(who for who in had.values() if who is not None), _keeper()
    many = _open_of({one for known in able.values() for one in known})
    found = {}
    for row in rows:
        taker, known = took.get(row.id), able.get(job_of(row), [])
        near = next((one for one in (taker, *(one.id for one in lines.get(taker or 0, ()))) if one in known), None)
        heir = near or min(known, key=lambda one: (many[one], one), default=None)
        if heir is not None:
            many[heir] += 1
        last = above[who] if (who := had[row.id]) is not None else None
        after = heir or (last.id if last is not None else keeper)
        if after is not None:
            found[row.id] = after
    return found


def _taken_by(ids: Iterable[int]) -> dict[int, int]:
    """Who took each of these in, as the trail says. One statement."""
    subjects = {f"complaint/{number}": number for number in ids}
    rows = select(AuditEntry.subject, AuditEntry.actor_id).where(AuditEntry.subject.in_(subjects), AuditEntry.deed == "take complaint")
    return {subjects[row.subject]: row.actor_id for row in db.session.execute(rows) if row.actor_id is not None}


def _open_of(people: Collection[int]) -> Counter[int]:
    """How many open complaints each of these has. One statement, none without people."""
    many = select(Complaint.held_by_id, func.count()).where(*_HELD, Complaint.held_by_id.in_(people)).group_by(Complaint.held_by_id)
    return Counter({who: number for who, number in db.session.execute(many) if who is not None} if people else {})


def unrouted() -> int:
    """How many open complaints somebody has only because the handbook has no line for them. One statement."""
    return db.session.scalar(select(func.count()).where(*UNROUTED)) or 0


@dataclass(frozen=True, slots=True)
class Lacking:
    """A cause and severity without a line that open complaints wait for: how many, and when the newest came in."""

    cause: str
    severity: str
    many: int
    newest: datetime


def lacking() -> list[Lacking]:
    """Those that open complaints wait for, the newest first. One statement."""
    newest = func.max(Complaint.received_at).label("newest")
    kinds = select(Complaint.cause, Complaint.severity, func.count().label("many"), newest).where(*UNROUTED)
    rows = db.session.execute(kinds.group_by(Complaint.cause, Complaint.severity).order_by(newest.desc(), Complaint.cause, Complaint.severity))
    return [Lacking(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Held:
    """What one person has: how many, how many of them by a line of the handbook, the first, when the newest came, and by when one is due."""

    person_id: int
    many: int
    lined: int
    first: int
    newest: datetime
    due: datetime


def held() -> list[Held]:
    """Who has which open complaints. One statement."""
    # When it was given to her in the place of one who left, or who never was.
    handed = select(func.max(AuditEntry.at)).where(
        AuditEntry.subject == literal("complaint/").concat(cast(Complaint.id, String)), AuditEntry.deed == HANDED_ON
    )
    hers = select(
        Complaint.held_by_id,
        Complaint.id,
        Complaint.received_at,
        Complaint.due_at,
        case((_NO_LINE, 0), else_=1).label("lined"),
        handed.correlate(Complaint).scalar_subquery().label("handed_at"),
    )
    one = hers.where(*_HELD).subquery()
    many = (
        func.count().label("many"),
        func.sum(one.c.lined).label("lined"),
        func.min(one.c.id).label("first"),
        func.max(one.c.received_at).label("newest"),
        func.max(one.c.handed_at).label("handed_at"),
        func.min(one.c.due_at).label("due"),
    )
    rows = db.session.execute(select(one.c.held_by_id, *many).group_by(one.c.held_by_id).order_by(one.c.held_by_id))
    return [Held(row.held_by_id, row.many, row.lined, row.first, max(row.newest, row.handed_at or row.newest), row.due) for row in rows]


def remedy_of(complaint_id: int) -> ComplaintRemedy | None:
    """What was chosen to put it right."""
    return db.session.get(ComplaintRemedy, complaint_id)


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may agree to a remedy, and as what."""

    id: int
    name: str
    role: str


def may_approve(remedy: ComplaintRemedy, leaders_limit: int | None, person_id: int, roles: frozenset[str]) -> bool:
    """Whether somebody may agree: not who chose it; an executive, or a supervisor whose own limit holds it (None: it has none any more)."""
    if person_id == remedy.by_id:
        return False
    return "executive" in roles or ("supervisor" in roles and leaders_limit is not None and remedy.amount <= leaders_limit)


def leaders_limits() -> dict[str, int]:
    """Up to what amount who leads may give each remedy in use. One statement."""
    return {one.key: int(one.values["leader"]) for one in entries("remedy")}


def waiting_remedies() -> list[ComplaintRemedy]:
    """The remedies of open complaints that somebody has to agree to."""
    open_one = select(ComplaintRemedy).join(Complaint, Complaint.id == ComplaintRemedy.complaint_id).where(Complaint.closed_at.is_(None))
    waits = open_one.where(ComplaintRemedy.above_limit, ComplaintRemedy.approved_at.is_(None))
    return list(db.session.execute(waits.order_by(ComplaintRemedy.complaint_id)).scalars())


def approvers(remedies: Sequence[ComplaintRemedy], limits: Mapping[str, int]) -> dict[int, list[Approver]]:
    """Who is asked to agree to each remedy, by complaint: the two nearest in the line of who chose it who may.

    Where nobody there may, the executives; where there are none, every supervisor who may. Two statements, none without a remedy.
    """
    if not remedies:
        return {}
    held: dict[int, tuple[str, set[str]]] = {}
    statement = select(Person.id, Person.name, RoleHeld.role).join(RoleHeld, RoleHeld.person_id == Person.id)
    statement = statement.where(RoleHeld.role.in_(("supervisor", "executive")), Person.disabled_at.is_(None))
    for row in db.session.execute(statement.order_by(Person.name_sort, Person.id)):
        held.setdefault(row.id, (row.name, set()))[1].add(row.role)
    lines = leaders_of(one.by_id for one in remedies)
    return {one.complaint_id: _asked(one, limits.get(one.remedy), held, [leader.id for leader in lines[one.by_id]]) for one in remedies}


def _asked(remedy: ComplaintRemedy, limit: int | None, held: Mapping[int, tuple[str, set[str]]], line: Sequence[int]) -> list[Approver]:
    able = {
        number: Approver(number, name, "executive" if "executive" in roles else "supervisor")
        for number, (name, roles) in held.items()
        if may_approve(remedy, limit, number, frozenset(roles))
    }
    near = [able[number] for number in line if number in able]
    return near[:_NEAREST] or [one for one in able.values() if one.role == "executive"] or list(able.values())


def alike(complaint: Complaint) -> list[Any]:
    """The last complaints with the same cause, those as serious first, and what their customers were given: to treat like cases alike.

    What still waits for somebody's approval has been given to nobody and is no example.
    """
    columns = (Complaint.id, Complaint.received_at, Complaint.severity, Complaint.words, Complaint.product)
    given = (ComplaintRemedy.title, ComplaintRemedy.amount, ComplaintRemedy.reason)
    given_away = or_(ComplaintRemedy.above_limit.is_(False), ComplaintRemedy.approved_at.is_not(None))
    statement = (
        select(*columns, *given)
        .join(ComplaintRemedy, ComplaintRemedy.complaint_id == Complaint.id)
        .where(Complaint.cause == complaint.cause, Complaint.id != complaint.id, given_away)
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


def contacts(since: date, until: date) -> int:
    """How many contacts were counted from one day on until the day before the other. One statement."""
    counts = select(func.sum(ContactCount.contacts)).where(ContactCount.day >= since, ContactCount.day < until)
    return int(db.session.scalar(counts) or 0)


def counted(system: str) -> dict[tuple[date, str], int]:
    """How many contacts a system told, by day and channel. One statement."""
    statement = select(ContactCount.day, ContactCount.channel, ContactCount.contacts).where(ContactCount.system == system)
    return {(row.day, row.channel): row.contacts for row in db.session.execute(statement)}


def by_cause(since: datetime, until: datetime | None = None) -> Sequence[Any]:
    """How many complaints each cause had since then, and before `until` where one is given, the most frequent first."""
    many = func.count().label("many")
    wanted = select(Complaint.cause, many).where(Complaint.received_at >= since).group_by(Complaint.cause)
    if until is not None:
        wanted = wanted.where(Complaint.received_at < until)
    return list(db.session.execute(wanted.order_by(many.desc(), Complaint.cause)))


RECENT = timedelta(days=90)
