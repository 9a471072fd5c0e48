"""Reports that come by themselves: set up once, made for each reader in her own scope and language, stopped with one tap."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import current_app
from sqlalchemy import or_, select, update

from trainee import people
from trainee.kit import audit, trtext
from trainee.kit.clock import local_date, months_after
from trainee.kit.db import db, insert_once
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once
from trainee.people import Person, RoleHeld, Viewer
from trainee.people.queries import viewer_named
from trainee.reports.background import put_down
from trainee.reports.filters import Asked, read_filters
from trainee.reports.formats import formats
from trainee.reports.formats.format import Format
from trainee.reports.models import READER, SCHEDULE, SENDING, ReportFile, ReportReader, ReportSchedule, ReportSending
from trainee.reports.report import Report
from trainee.reports.table import listed, report_of, single

EACH: Final = 20
"""So many schedules of one person go on at once."""
READERS: Final = 50
OFFERED: Final = 40
"""More names than these nobody looks through; of more, one searches."""


# Setting up -----------------------------------------------------------------------------------------------------------------


def allowed_readers(report: Report, who: Viewer) -> list[tuple[int, str]]:
    """To whom somebody may have a report sent: herself, and whoever she may see and may have it; (id, name). One statement."""
    holds = select(RoleHeld.person_id).where(RoleHeld.role.in_((*report.roles, *report.whole)))
    seen = or_(Person.id.in_(people.visible_to(who)), Person.id == who.id)
    statement = select(Person.id, Person.name).where(Person.id.in_(holds), seen, Person.disabled_at.is_(None)).order_by(Person.name_sort, Person.id)
    return [(row.id, row.name) for row in db.session.execute(statement)]


def offered_readers(report: Report, who: Viewer, chosen: Collection[int], words: str) -> tuple[list[tuple[int, str]], int]:
    """Of those allowed the ones to choose from, whoever is chosen first, then whoever's name holds these words; and how many more there are."""
    allowed, key = allowed_readers(report, who), trtext.fold(words)
    picked = [one for one in allowed if one[0] in chosen]
    found = [one for one in allowed if one[0] not in chosen and key in trtext.fold(one[1])]
    return picked + found[:OFFERED], max(len(found) - OFFERED, 0)


def first_day(weekday: int | None, today: date) -> date:
    """The next day after `today` on which it comes."""
    if weekday is None:
        return months_after(today.replace(day=1), 1)
    return today + timedelta(days=(weekday - 1 - today.weekday()) % 7 or 7)


def set_up(
    report: Report,
    form: Format,
    asked: Asked,
    *,
    readers: Sequence[int],
    weekday: int | None,
    last_period: bool,
    receipt: str,
) -> int:
    """Have a report sent to these people from the next such day on; the schedule's number. The same form twice is one schedule."""
    who, at = asked.who, asked.at
    report.require(who)
    if not readers:
        raise Refusal(_("Please choose to whom it goes."), 422, "readers")
    if len(readers) > READERS or not set(readers) <= {number for number, _name in allowed_readers(report, who)}:
        raise Refusal(_("Somebody you chose may not have this report, or you may not see her. Please choose from the list."), 422, "readers")
    if weekday is not None and not 1 <= weekday <= 5:
        raise Refusal(_("Please choose when it comes."), 422, "when")
    mine = select(SCHEDULE.c.id).where(SCHEDULE.c.made_by_id == who.id, SCHEDULE.c.ended_at.is_(None), SCHEDULE.c.receipt != receipt)
    if len(db.session.execute(mine).all()) >= EACH:
        raise Refusal(_("Twenty reports that you set up come by themselves already. Please end one first."), 422)
    values = {
        "report": report.key,
        "format": form.key,
        "filters": report.address(asked),
        "weekday": weekday,
        "last_period": last_period and {"since", "until"} <= set(report.takes),
        "made_by_id": who.id,
        "made_at": at,
        "receipt": receipt,
        "next_on": first_day(weekday, _today(at)),
        "ended_at": None,
    }
    made, new = keep_once(ReportSchedule, values, "made_by_id")
    if new:
        for person_id in sorted(set(readers)):
            insert_once(ReportReader, {"schedule_id": made, "person_id": person_id, "stopped_at": None}, ["schedule_id", "person_id"])
        audit.note(who.id, "set_up_schedule", f"report_schedule/{made}", at, people=sorted(set(readers)))
    return made


def _today(at: datetime) -> date:
    return local_date(at, current_app.extensions["trainee"].default_time_zone)


def schedules_of(who: Viewer) -> list[ReportSchedule]:
    """What goes on of what somebody set up or gets; of HR everything. The newest first."""
    statement = select(ReportSchedule).where(SCHEDULE.c.ended_at.is_(None)).order_by(SCHEDULE.c.id.desc())
    if not who.holds("hr", "admin"):
        gets = select(READER.c.schedule_id).where(READER.c.person_id == who.id, READER.c.stopped_at.is_(None))
        statement = statement.where(or_(SCHEDULE.c.made_by_id == who.id, SCHEDULE.c.id.in_(gets)))
    return list(db.session.scalars(statement))


def readers_of(schedule_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Who gets each of these schedules, by name."""
    found: dict[int, list[Any]] = {}
    statement = (
        select(READER.c.schedule_id, READER.c.person_id, Person.name)
        .join(Person, Person.id == READER.c.person_id)
        .where(READER.c.schedule_id.in_(schedule_ids), READER.c.stopped_at.is_(None), Person.disabled_at.is_(None))
        .order_by(Person.name_sort)
    )
    for row in db.session.execute(statement):
        found.setdefault(row.schedule_id, []).append(row)
    return found


def schedule_of_file(file: ReportFile) -> ReportSchedule | None:
    """The schedule that made a file, while it goes on and its reader has not stopped it; None for a file that was asked for."""
    going = (SCHEDULE.c.ended_at.is_(None), READER.c.stopped_at.is_(None), READER.c.person_id == file.person_id)
    statement = (
        select(ReportSchedule)
        .join(ReportSending, SENDING.c.schedule_id == SCHEDULE.c.id)
        .join(ReportReader, READER.c.schedule_id == SCHEDULE.c.id)
        .where(SENDING.c.file_id == file.id, *going)
    )
    return db.session.scalar(statement)


def stop_for(schedule_id: int, who: Viewer, at: datetime) -> None:
    """Send it to her no more; NotFound where it never went to her. Doing it again changes nothing."""
    mine = (READER.c.schedule_id == schedule_id, READER.c.person_id == who.id)
    if db.session.scalar(select(READER.c.person_id).where(*mine)) is None:
        raise NotFound
    done = db.session.execute(update(READER).where(*mine, READER.c.stopped_at.is_(None)).values(stopped_at=at).returning(READER.c.person_id))
    if done.scalar() is not None:
        audit.note(who.id, "stop_schedule", f"report_schedule/{schedule_id}", at)


def end(schedule_id: int, who: Viewer, at: datetime) -> None:
    """Send it to nobody any more: for whoever set it up, and for HR. NotFound for everybody else."""
    whose = db.session.scalar(select(SCHEDULE.c.made_by_id).where(SCHEDULE.c.id == schedule_id))
    if whose is None or not (whose == who.id or who.holds("hr", "admin")):
        raise NotFound
    going = (SCHEDULE.c.id == schedule_id, SCHEDULE.c.ended_at.is_(None))
    if db.session.execute(update(SCHEDULE).where(*going).values(ended_at=at).returning(SCHEDULE.c.id)).scalar() is not None:
        audit.note(who.id, "end_schedule", f"report_schedule/{schedule_id}", at)


# Making ---------------------------------------------------------------------------------------------------------------------


def period_before(weekday: int | None, day: date) -> tuple[date, date]:
    """The first and the last day of the whole week, Monday to Sunday, or the whole month, that was over on `day`."""
    if weekday is None:
        last = day.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    monday = day - timedelta(days=day.weekday())
    return monday - timedelta(days=7), monday - timedelta(days=1)


def send_due(at: datetime) -> Iterator[int]:
    """Order the files of every schedule whose day has come, one schedule after the other; yields how many, and whoever asks keeps that.

    The next day is written in the same step, and only over the day that was read: of two who do it at once, one does. Of several days that were
    missed only the last is made up for.
    """
    today = _today(at)
    due = select(SCHEDULE).where(SCHEDULE.c.next_on <= today, SCHEDULE.c.ended_at.is_(None)).order_by(SCHEDULE.c.id)
    for row in db.session.execute(due).all():
        day = row.next_on
        while (later := first_day(row.weekday, day)) <= today:
            day = later
        mine = (SCHEDULE.c.id == row.id, SCHEDULE.c.next_on == row.next_on, SCHEDULE.c.ended_at.is_(None))
        claimed = db.session.execute(update(SCHEDULE).where(*mine).values(next_on=first_day(row.weekday, day)).returning(SCHEDULE.c.id))
        if claimed.scalar() is not None:
            yield sum(_send(row, person, day, at) for person in _still_reading(row.id))


def _still_reading(schedule_id: int) -> list[Any]:
    here = (READER.c.schedule_id == schedule_id, READER.c.stopped_at.is_(None), Person.disabled_at.is_(None))
    return list(db.session.execute(select(Person.id, Person.username).join(ReportReader, READER.c.person_id == Person.id).where(*here)))


def _send(row: Any, person: Any, day: date, at: datetime) -> bool:
    """Order one reader's file, unless it was ordered before or she may not have it any more."""
    who, report, form = viewer_named(person.username), report_of(row.report, row.filters), formats.get(row.format)
    if who is None or report is None or form is None or not report.open_to(who):
        return False
    values = {"schedule_id": row.id, "person_id": person.id, "day": day, "file_id": None}
    made = insert_once(ReportSending, values, ["schedule_id", "person_id", "day"])
    if made is None:
        return False
    filters, _wrong = read_filters(days_filled(single(listed(row.filters)), row.weekday, day if row.last_period else None), report.takes)
    file = put_down(report, form, Asked(who, filters, at))
    db.session.execute(update(SENDING).where(SENDING.c.id == made).values(file_id=file.id))
    return True


def days_filled(filters: Mapping[str, str], weekday: int | None, day: date | None) -> dict[str, str]:
    """The filters with the days of the week or month before `day`; as they are where there is none."""
    if day is None:
        return dict(filters)
    since, until = period_before(weekday, day)
    return {**filters, "since": str(since), "until": str(until)}
