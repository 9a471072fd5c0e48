"""What somebody has been told, how many she has not read, and what could not be delivered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Table, bindparam, func, literal_column, or_, select

from trainee.kit import trtext
from trainee.kit.db import UtcDateTime, db
from trainee.kit.errors import NotFound
from trainee.notices.kind import Kind, Reader, kinds
from trainee.notices.models import DELIVERY, NOTICE, STATES, STEP, Delivery, Notice, NoticeHabit, NoticeWish
from trainee.people import Person, names
from trainee.people.queries import NEWS, counted_with_viewer

PAGE = 25
# More people than these are not meant by a word that is searched for.
_FITTING = 1000


@dataclass(frozen=True, slots=True)
class Told:
    """One message as a page shows it."""

    row: Any
    kind: Kind
    sentence: str
    # Not read, and still of use.
    new: bool = False

    @property
    def place(self) -> tuple[str, dict[str, Any]]:
        """Where it leads."""
        return self.kind.place(self.row.reason)


def _told(state: ColumnElement[str]) -> ColumnElement[bool]:
    # What no mail could be brought of is in the site all the same.
    return state.in_(("sent", "failed"))


@counted_with_viewer
def unread(person: Table) -> Any:
    """How many messages of the last month she has not read and that are still of use; counted by the statement that lets her in."""
    at, since = (bindparam(name, type_=UtcDateTime()) for name in ("at", "since"))
    news = (NOTICE.c.read_at.is_(None), NOTICE.c.settled_at >= since, or_(NOTICE.c.until.is_(None), NOTICE.c.until >= at))
    # The states are written into it, since such a statement goes straight to the driver.
    told = or_(NOTICE.c.state == literal_column("'sent'", String), NOTICE.c.state == literal_column("'failed'", String))
    return select(func.count()).where(NOTICE.c.person_id == person.c.id, told, *news).correlate(person).scalar_subquery()


def notices_of(person_id: int, show: str, page: int, zone: str, at: datetime) -> tuple[list[Told], int]:
    """One page of what somebody was told, newest first, and how many there are; `show` is all, or unread: what the bell counts. Three statements."""
    mine = [NOTICE.c.person_id == person_id, _told(NOTICE.c.state)]
    if show == "unread":
        mine += [NOTICE.c.read_at.is_(None), NOTICE.c.settled_at >= at - NEWS, or_(NOTICE.c.until.is_(None), NOTICE.c.until >= at)]
    total = db.session.scalar(select(func.count()).select_from(NOTICE).where(*mine)) or 0
    rows = db.session.execute(
        select(NOTICE).where(*mine).order_by(NOTICE.c.settled_at.desc(), NOTICE.c.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    ).all()
    return [replace(one, new=_is_news(one.row, at)) for one in said(rows, zone)], total


def _is_news(row: Any, at: datetime) -> bool:
    return row.read_at is None and row.settled_at >= at - NEWS and (row.until is None or row.until >= at)


def said(rows: Sequence[Any], zone: str) -> list[Told]:
    """These messages with what they say, in the reader's language; those of a kind that is no longer there are left out. One statement."""
    reader = Reader(zone, names_in(rows))
    return [Told(row, kind, kind.sentence(row.reason, reader)) for row in rows if (kind := kinds.get(row.rule)) is not None]


def names_in(rows: Sequence[Any]) -> dict[int, str]:
    """What the people are called of whom these messages speak, and those they go to. One statement."""
    ids = {row.person_id for row in rows}
    for row in rows:
        ids |= {number for name, number in row.reason.items() if name in {"who", "by"} and number is not None}
    return names(ids)


def notice_or_404(notice_id: int, person_id: int) -> Notice:
    """A message of one's own that was told; NotFound for all others."""
    mine = (Notice.id == notice_id, Notice.person_id == person_id, Notice.state.in_(("sent", "failed")))
    found = db.session.execute(select(Notice).where(*mine)).scalars().first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the ledger: to whom, what it says, and what became of it, step by step."""

    told: Told
    name: str
    steps: list[Any]


def called(search: str) -> list[int]:
    """Whoever has that in her name or user name; the first thousand, as more are not meant by a word."""
    wanted = trtext.fold(search.strip())
    people = db.session.execute(select(Person.id, Person.name, Person.username))
    return [row.id for row in people if wanted in trtext.fold(f"{row.name} {row.username}")][:_FITTING]


def ledger(search: str, state: str, page: int, zone: str) -> tuple[list[Entry], int]:
    """One page of the messages to everybody, newest first, and how many there are; `search` by name or user name, `state` "" for all.

    Five statements at most.
    """
    mine: list[ColumnElement[bool]] = []
    if search.strip():
        mine.append(NOTICE.c.person_id.in_(called(search)))
    if state in STATES:
        mine.append(NOTICE.c.state == state)
    total = db.session.scalar(select(func.count()).select_from(NOTICE).where(*mine)) or 0
    rows = db.session.execute(select(NOTICE).where(*mine).order_by(NOTICE.c.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    steps: dict[int, list[Any]] = {row.id: [] for row in rows}
    for step in db.session.execute(select(STEP).where(STEP.c.notice_id.in_(list(steps))).order_by(STEP.c.id)):
        steps[step.notice_id].append(step)
    names = names_in(rows)
    reader = Reader(zone, names)
    told = [Told(row, kind, kind.sentence(row.reason, reader)) for row in rows if (kind := kinds.get(row.rule)) is not None]
    return [Entry(one, names[one.row.person_id], steps[one.row.id]) for one in told], total


def habit_of(person_id: int) -> NoticeHabit | None:
    """What somebody wishes about her hours; None for the usual ones."""
    return db.session.get(NoticeHabit, person_id)


def wishes_of(person_id: int) -> dict[str, str]:
    """How somebody wishes each kind she has chosen for."""
    rows = db.session.execute(select(NoticeWish.rule, NoticeWish.frequency).where(NoticeWish.person_id == person_id))
    return {row.rule: row.frequency for row in rows}


def failures(most: int = 100) -> list[Any]:
    """The mails that were given up, the newest first, with whom they were for."""
    statement = (
        select(DELIVERY.c.id, DELIVERY.c.person_id, DELIVERY.c.made_at, DELIVERY.c.ended_at, DELIVERY.c.attempts, DELIVERY.c.problem, Person.name)
        .join(Person, Person.id == DELIVERY.c.person_id)
        .where(DELIVERY.c.state == "failed")
    )
    return list(db.session.execute(statement.order_by(DELIVERY.c.ended_at.desc(), DELIVERY.c.id.desc()).limit(most)))


def waiting_mails(at: datetime) -> tuple[int, datetime | None]:
    """How many mails wait in the outbox whose day has come, and since when the oldest does."""
    row = db.session.execute(select(func.count(), func.min(Delivery.made_at)).where(Delivery.state == "waiting", Delivery.made_at <= at)).one()
    return row[0], row[1]
